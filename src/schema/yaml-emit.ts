/**
 * Writes YAML as sigs.k8s.io/yaml does, which is what `kubectl -o yaml` prints: keys sorted, lists at the column of their key, scalars
 * quoted by go-yaml v2's rules, long lines folded at 80 columns (upstream: goyaml.v2 emitterc.go, sorter.go, encode.go).
 */
import { floatText, isBase60Float, resolvePlain } from './yaml-scalar.ts';

const bestWidth = 80;
const maxSimpleKey = 128;

// ---- the order of keys: letters by code, runs of digits by value ----

const letter = /\p{L}/u;
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

/** go-yaml's order of map keys. */
export function compareKeys(a: string, b: string): number {
  const ar = [...a];
  const br = [...b];
  for (let i = 0; i < ar.length && i < br.length; i++) {
    const x = ar[i]!;
    const y = br[i]!;
    if (x === y) continue;
    const xl = letter.test(x);
    const yl = letter.test(y);
    if (xl && yl) return x.codePointAt(0)! - y.codePointAt(0)!;
    if (xl || yl) return yl ? -1 : 1;
    let an = 0n;
    let bn = 0n;
    if (x === '0' || y === '0') {
      for (let j = i - 1; j >= 0 && isDigit(ar[j]); j--)
        if (ar[j] !== '0') {
          an = 1n;
          bn = 1n;
          break;
        }
    }
    let ai = i;
    let bi = i;
    for (; isDigit(ar[ai]); ai++) an = an * 10n + BigInt(ar[ai]!);
    for (; isDigit(br[bi]); bi++) bn = bn * 10n + BigInt(br[bi]!);
    if (an !== bn) return an < bn ? -1 : 1;
    if (ai !== bi) return ai - bi;
    return x.codePointAt(0)! - y.codePointAt(0)!;
  }
  return ar.length - br.length;
}

// ---- which style a text may be written in ----

interface Analysis {
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
  readonly multiline: boolean;
}

// What YAML calls a line break, and what go-yaml calls printable: nothing outside the
// basic plane, no tab. (go-yaml also writes U+2028 and U+2029 as they are and cannot read them back; here they are escaped.)
const breaks = /[\r\n\x85\u2028\u2029]/;
const unprintable = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const simple = /^[A-Za-z0-9_/$(.\\=+;<^~-][A-Za-z0-9_./=+$()\\;<>^~&*!|%@'"`-]*$/;

function analyse(s: string): Analysis {
  if (s === '') return { plain: true, single: true, block: false, multiline: false };
  if (simple.test(s) && !/^(---|\.\.\.)/.test(s) && s !== '-')
    return { plain: true, single: true, block: true, multiline: false };
  const special = unprintable.test(s);
  const multiline = breaks.test(s);
  const indicators =
    /^(?:---|\.\.\.)/.test(s) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(s) ||
    /^[?:-](?:[ \t\r\n\x85\u2028\u2029]|$)/.test(s) ||
    /.:(?:[ \t\r\n\x85\u2028\u2029]|$)/s.test(s) ||
    /[ \t\r\n\x85\u2028\u2029]#/.test(s);
  const leading = /^[ \r\n\x85\u2028\u2029]/.test(s);
  const trailingSpace = s.endsWith(' ');
  const trailing = /[ \r\n\x85\u2028\u2029]$/.test(s);
  const breakSpace = /[\r\n\x85\u2028\u2029] /.test(s);
  const spaceBreak = / [\r\n\x85\u2028\u2029]/.test(s);
  const broken = spaceBreak || special;
  return {
    plain: !(leading || trailing || breakSpace || broken || multiline || indicators),
    single: !(breakSpace || broken),
    block: !(trailingSpace || broken),
    multiline,
  };
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\xa0': '_',
  '\u2028': 'L',
  '\u2029': 'P',
};
const mustEscape = /["\\]/;

function escaped(c: string): string {
  const short = escapes[c];
  if (short) return `\\${short}`;
  const code = c.codePointAt(0)!;
  const hex = code.toString(16).toUpperCase();
  return code <= 0xff
    ? `\\x${hex.padStart(2, '0')}`
    : code <= 0xffff
      ? `\\u${hex.padStart(4, '0')}`
      : `\\U${hex.padStart(8, '0')}`;
}

type Style = 'plain' | 'single' | 'double' | 'literal';

function styleOf(s: string, key: boolean): Style {
  const a = analyse(s);
  let style: Style;
  if (s.includes('\n')) style = 'literal';
  else style = resolvesToString(s) ? 'plain' : 'double';
  if (key && a.multiline) style = 'double';
  if (style === 'plain' && (!a.plain || (s === '' && key))) style = 'single';
  if (style === 'single' && !a.single) style = 'double';
  if (style === 'literal' && (!a.block || key)) style = 'double';
  return style;
}

const resolvesToString = (s: string): boolean => resolvePlain(s).kind === 'string' && !isBase60Float(s);

// ---- writing ----

class Emitter {
  out = '';
  #lineStart = 0;

  #newline(indent: number): void {
    this.out += `\n${' '.repeat(indent)}`;
    this.#lineStart = this.out.length - indent;
  }
  /** Columns so far in this line; a character outside the basic plane is one column. */
  #column(): number {
    return this.out.length - this.#lineStart;
  }
  /** Starts a line at `indent`, unless only the marks of enclosing list items stand in this one. */
  #startLine(indent: number, afterMark: boolean): void {
    if (!afterMark) this.#newline(indent);
    else this.out += ' '.repeat(Math.max(0, indent - this.#column()));
  }

  #folded(s: string, indent: number, write: (c: string) => string, ends: boolean, backslash: boolean): void {
    const chars = [...s];
    let spaces = false;
    for (let i = 0; i < chars.length; i++) {
      const c = chars[i]!;
      if (c !== ' ') {
        this.out += write(c);
        spaces = false;
        continue;
      }
      const inside = ends || (i > 0 && i < chars.length - 1);
      const doubled = chars[i + 1] === ' ';
      if (!spaces && inside && this.#column() > bestWidth && (backslash || !doubled)) {
        this.#newline(indent);
        if (backslash && doubled) this.out += '\\';
      } else this.out += c;
      spaces = true;
    }
  }

  #literal(s: string, indent: number): void {
    this.out += '|';
    if (/^[ \n\r\x85\u2028\u2029]/.test(s)) this.out += '2';
    if (!s.endsWith('\n')) this.out += '-';
    else if (s === '\n' || s.endsWith('\n\n')) this.out += '+';
    const lines = s.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const line of lines) {
      this.#newline(line === '' ? 0 : indent);
      this.out += line;
    }
  }

  #text(s: string, indent: number, key: boolean): void {
    const style = styleOf(s, key);
    const fold = !key && s.includes(' ');
    switch (style) {
      case 'plain':
        if (fold) this.#folded(s, indent, (c) => c, true, false);
        else this.out += s;
        return;
      case 'single':
        this.out += "'";
        if (fold) this.#folded(s, indent, (c) => (c === "'" ? "''" : c), false, false);
        else this.out += s.replaceAll("'", "''");
        this.out += "'";
        return;
      case 'double': {
        const write = (c: string): string =>
          mustEscape.test(c) || unprintable.test(c) || breaks.test(c) ? escaped(c) : c;
        this.out += '"';
        if (fold) this.#folded(s, indent, write, false, true);
        else for (const c of s) this.out += write(c);
        this.out += '"';
        return;
      }
      case 'literal':
        this.#literal(s, indent);
        return;
      default:
        style satisfies never;
    }
  }

  scalar(v: unknown, indent: number): void {
    if (typeof v === 'string') this.#text(v, indent, false);
    else if (typeof v === 'number') this.out += floatText(v);
    else this.out += v === null || v === undefined ? 'null' : String(v);
  }

  /** `indent` is the enclosing block's; `mark` says that only list marks stand in this line so far. */
  node(v: unknown, indent: number, inMap: boolean, mark: boolean): void {
    if (typeof v !== 'object' || v === null) {
      if (this.out !== '') this.out += ' ';
      this.scalar(v, Math.max(indent, 0) + 2);
      return;
    }
    if (Array.isArray(v)) {
      if (v.length === 0) this.out += this.out === '' ? '[]' : ' []';
      else this.#list(v, indent < 0 ? 0 : inMap && !mark ? indent : indent + 2, mark);
      return;
    }
    const keys = Object.keys(v).filter((k) => (v as Record<string, unknown>)[k] !== undefined);
    if (keys.length === 0) this.out += this.out === '' ? '{}' : ' {}';
    else this.#map(v as Record<string, unknown>, keys.sort(compareKeys), indent < 0 ? 0 : indent + 2, mark);
  }

  #list(items: readonly unknown[], indent: number, mark: boolean): void {
    items.forEach((item, i) => {
      if (this.out !== '') this.#startLine(indent, mark && i === 0);
      this.out += '-';
      this.node(item, indent, false, true);
    });
  }

  #map(v: Record<string, unknown>, keys: readonly string[], indent: number, mark: boolean): void {
    keys.forEach((k, i) => {
      if (this.out !== '') this.#startLine(indent, mark && i === 0);
      const isSimple = !analyse(k).multiline && Buffer.byteLength(k) <= maxSimpleKey;
      if (isSimple) {
        this.#text(k, indent, true);
        this.out += ':';
        this.node(v[k], indent, true, false);
      } else {
        this.out += '? ';
        this.#text(k, indent + 2, false);
        this.#newline(indent);
        this.out += ':';
        this.node(v[k], indent, true, true);
      }
    });
  }
}

/** YAML text of a JSON value, ending in a newline; undefined members are left out. */
export function toYaml(value: unknown): string {
  const e = new Emitter();
  e.node(value, -1, false, false);
  return `${e.out}\n`;
}
