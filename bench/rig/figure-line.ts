/** The one line in which a figure is printed and read back, and the baseline it is held against. */
import { readFileSync, writeFileSync } from 'node:fs';

export interface FigureRow {
  /** Without blanks: `/s`, `ms`, `MiB`, `×bare`. */
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** A value that holds on every machine (a ratio within one sitting, a promise of DESIGN.md): worse than this is `slower`. */
  readonly bar?: number;
}

export interface Baseline {
  readonly machine: string;
  readonly date: string;
  readonly figures: Readonly<Record<string, { readonly value: number; readonly unit: string }>>;
}

const file = new URL('../baseline.json', import.meta.url);
/** The machine is shared: the same run can take twice as long a minute later. Worse than this part of the baseline is called slower. */
const tolerance = 0.5;

export const readBaseline = (): Baseline => JSON.parse(readFileSync(file, 'utf8')) as Baseline;

export function writeBaseline(b: Baseline): void {
  const figures = Object.fromEntries(Object.entries(b.figures).sort(([x], [y]) => (x < y ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...b, figures }, null, 2)}\n`);
}

/** Three digits that matter; whole numbers stay whole. */
export const rounded = (v: number): number => (Math.abs(v) >= 100 ? Math.round(v) : Number(v.toPrecision(3)));

/** How many times as good as `than`. */
export const goodness = (value: number, than: number, better: FigureRow['better']): number =>
  better === 'more' ? value / than : than / value;

/**
 * `figure NAME VALUE UNIT baseline B ratio R ok|slower|new [bar N]`. The ratio says how many times as good as the baseline, so more is
 * better for every figure; `new` is not in the baseline yet.
 */
export function figureLine(name: string, value: number, row: FigureRow, baseline: number | undefined): string {
  const shown = rounded(value);
  const ratio = baseline === undefined ? undefined : goodness(shown, baseline, row.better);
  const underBar = row.bar !== undefined && goodness(shown, row.bar, row.better) < 1;
  const slow = underBar || (ratio !== undefined && ratio < tolerance);
  const judged = slow ? 'slower' : ratio === undefined ? 'new' : 'ok';
  return [
    'figure',
    name.padEnd(34),
    String(shown).padStart(9),
    row.unit.padEnd(11),
    'baseline',
    String(baseline ?? '-').padStart(9),
    'ratio',
    (ratio === undefined ? '-' : ratio.toFixed(2)).padStart(5),
    judged.padEnd(6),
    ...(row.bar === undefined ? [] : ['bar', String(row.bar)]),
  ]
    .join(' ')
    .trimEnd();
}

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly judged: string;
}

/** The figures among the lines of an output. */
export const figuresIn = (text: string): readonly Figure[] =>
  [...text.matchAll(/^figure (\S+) +(\S+) (\S+) +baseline +\S+ ratio +\S+ (\w+)/gm)].map((m) => ({
    name: m[1]!,
    value: Number(m[2]),
    unit: m[3]!,
    judged: m[4]!,
  }));
