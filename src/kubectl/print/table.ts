/** A server's table as `kubectl get` prints it. */
import type { Thing } from '../thing.ts';

export interface Table {
  readonly kind: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?: readonly { readonly name: string; readonly type: string; readonly priority?: number }[];
  readonly rows?: readonly { readonly cells: readonly unknown[]; readonly object?: Partial<Thing> }[];
}

export interface TableLook {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  /** Put before names: `deployment.apps/`. */
  readonly kind?: string | undefined;
  readonly showLabels: boolean;
  /** Keys of `-L`. */
  readonly labelColumns: readonly string[];
}

export type Columns = NonNullable<Table['columnDefinitions']>;

function cell(v: unknown): string {
  if (v === null || v === undefined) return '';
  const s = String(v);
  const end = s.search(/[\f\n\r]/);
  return end < 0 ? s : `${s.slice(0, end)}...`;
}

const labelHeader = (key: string): string => key.slice(key.lastIndexOf('/') + 1).toUpperCase();

/** Rows of text, the header first unless it is left out. */
export function tableRows(
  columns: Columns,
  rows: NonNullable<Table['rows']>,
  look: TableLook,
  header: boolean,
): string[][] {
  const shown = columns.map((c, i) => ({ c, i })).filter(({ c }) => look.wide || !c.priority);
  const out: string[][] = [];
  if (header && !look.noHeaders)
    out.push([
      ...(look.withNamespace ? ['NAMESPACE'] : []),
      ...shown.map(({ c }) => c.name.toUpperCase()),
      ...look.labelColumns.map(labelHeader),
      ...(look.showLabels ? ['LABELS'] : []),
    ]);
  for (const r of rows) {
    const meta = r.object?.metadata;
    const labels = meta?.labels ?? {};
    out.push([
      ...(look.withNamespace ? [meta?.namespace ?? ''] : []),
      ...shown.map(({ i }, n) => (n === 0 && look.kind ? `${look.kind}/` : '') + cell(r.cells[i])),
      ...look.labelColumns.map((k) => labels[k] ?? ''),
      ...(look.showLabels ? [labelsText(labels)] : []),
    ]);
  }
  return out;
}

/** `a=b,c=d`, or `<none>`. */
export function labelsText(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length ? keys.map((k) => `${k}=${labels![k]}`).join(',') : '<none>';
}
