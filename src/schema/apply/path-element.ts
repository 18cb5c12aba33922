/**
 * One step of a managed field's path in its serialised form, which is also the key in fieldsV1: `f:name` a member, `k:{"name":"x"}` an
 * element by its keys, `v:"x"` an element of a set, `i:0` an index (upstream: structured-merge-diff fieldpath/element.go).
 */

const escaped = /[<>&\u2028\u2029]/;
const escapeAll = /[<>&\u2028\u2029]/g;

/** JSON as Go's encoder writes it: with `<`, `>`, `&` and the two line separators escaped. */
export function goJson(v: unknown): string {
  const text = JSON.stringify(v) ?? 'null';
  return escaped.test(text)
    ? text.replace(escapeAll, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : text;
}

const rank = (pe: string): number => {
  switch (pe.charCodeAt(0)) {
    case 102: // f
      return 0;
    case 107: // k
      return 1;
    case 118: // v
      return 2;
    default:
      return 3;
  }
};

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const valueRank = (v: unknown): number =>
  typeof v === 'number' ? 0 : typeof v === 'string' ? 1 : typeof v === 'boolean' ? 2 : 3;

function compareValues(a: unknown, b: unknown): number {
  const r = valueRank(a) - valueRank(b);
  if (r !== 0) return r;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return text(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  return text(goJson(a), goJson(b));
}

function parse(pe: string): unknown {
  try {
    return JSON.parse(pe.slice(2));
  } catch {
    return pe.slice(2);
  }
}

type KeyFields = readonly (readonly [string, unknown])[];

/** Lists are sorted by their keys on every write, and the same names come again and again. */
const knownKeyFields = new Map<string, KeyFields>();
const keyFieldsKept = 4096;

function keyFields(pe: string): KeyFields {
  const known = knownKeyFields.get(pe);
  if (known) return known;
  const v = parse(pe);
  const fields = typeof v === 'object' && v !== null ? Object.entries(v).sort(([a], [b]) => text(a, b)) : [];
  if (knownKeyFields.size >= keyFieldsKept) knownKeyFields.clear();
  knownKeyFields.set(pe, fields);
  return fields;
}

/** The order of path elements in a set: members by name, then keyed elements by their key values, then set values, then indexes. */
export function comparePathElements(a: string, b: string): number {
  const r = rank(a) - rank(b);
  if (r !== 0) return r;
  switch (rank(a)) {
    case 0:
      return text(a, b);
    case 1: {
      const x = keyFields(a);
      const y = keyFields(b);
      for (let i = 0; i < x.length && i < y.length; i++) {
        const [xn, xv] = x[i] ?? ['', null];
        const [yn, yv] = y[i] ?? ['', null];
        const c = text(xn, yn) || compareValues(xv, yv);
        if (c !== 0) return c;
      }
      return x.length - y.length;
    }
    case 2:
      return compareValues(parse(a), parse(b));
    default:
      return Number(a.slice(2)) - Number(b.slice(2));
  }
}

const print = (v: unknown): string => (typeof v === 'string' ? JSON.stringify(v) : v === null ? 'null' : String(v));

/** The element as conflict messages print it: `.spec`, `[name="nginx"]`, `[="x"]`, `[0]`. */
export function printPathElement(pe: string): string {
  switch (rank(pe)) {
    case 0:
      return `.${pe.slice(2)}`;
    case 1:
      return `[${keyFields(pe)
        .map(([k, v]) => `${k}=${print(v)}`)
        .join(',')}]`;
    case 2:
      return `[=${print(parse(pe))}]`;
    default:
      return `[${pe.slice(2)}]`;
  }
}

/** The element in canonical form, or undefined when its type is unknown; throws on what is no path element. */
export function canonicalPathElement(pe: string): string | undefined {
  if (pe.length < 2) throw new Error('key must be 2 characters long:');
  if (pe[1] !== ':') throw new Error(`missing colon: ${pe}`);
  switch (pe[0]) {
    case 'f':
      return pe;
    case 'k':
      JSON.parse(pe.slice(2));
      return `k:{${keyFields(pe)
        .map(([k, v]) => `${goJson(k)}:${goJson(v)}`)
        .join(',')}}`;
    case 'v':
      return `v:${goJson(JSON.parse(pe.slice(2)))}`;
    case 'i':
      if (!/^-?\d+$/.test(pe.slice(2))) throw new Error(`invalid index: ${pe}`);
      return pe;
    default:
      return undefined;
  }
}
