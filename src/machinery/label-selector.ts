/**
 * Label selectors: the text form of requests (`a=b,c in (x,y),!d`), metav1.LabelSelector, and matching (upstream:
 * apimachinery/pkg/labels/selector.go, apis/meta/v1/helpers.go).
 */
import { type FieldError, invalidValue, notSupported } from '../schema/field-error.ts';
import { isLabelValue, isQualifiedName } from './names.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

export interface LabelSelector {
  /** Sorted by key; all must hold. */
  readonly requirements: readonly LabelRequirement[];
  /** It selects no object whatever its labels (a null metav1.LabelSelector). */
  readonly nothing: boolean;
  matches(labels: Labels | undefined): boolean;
}

/** metav1.LabelSelector, or any type of its shape. */
export interface LabelSelectorSpec {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?:
    | readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[]
    | undefined;
}

/** The selector cannot be parsed or built; `message` is what upstream answers. */
export class SelectorError extends Error {}

const noLabels: Labels = Object.freeze({});
const lookup = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

const maxInt64 = 2n ** 63n - 1n;
/** Go's ParseInt, base 10, 64 bits. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const n = BigInt(text.replace(/^\+/, ''));
  return n <= maxInt64 && n >= -maxInt64 - 1n ? n : undefined;
}

export function requirementMatches(r: LabelRequirement, labels: Labels): boolean {
  const value = lookup(labels, r.key);
  switch (r.operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && r.values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !r.values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      if (value === undefined || r.values.length !== 1) return false;
      const a = parseInt64(value);
      const b = parseInt64(r.values[0]!);
      if (a === undefined || b === undefined) return false;
      return r.operator === 'gt' ? a > b : a < b;
    }
    default: {
      const never: never = r.operator;
      return never;
    }
  }
}

const byKey = (a: LabelRequirement, b: LabelRequirement): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

function selectorOf(requirements: readonly LabelRequirement[], nothing = false): LabelSelector {
  const sorted = [...requirements].sort(byKey);
  return {
    requirements: sorted,
    nothing,
    matches(labels) {
      if (nothing) return false;
      const ls = labels ?? noLabels;
      for (const r of sorted) if (!requirementMatches(r, ls)) return false;
      return true;
    },
  };
}

export const everyLabel: LabelSelector = selectorOf([]);
export const noLabel: LabelSelector = selectorOf([], true);

const operators: readonly string[] = ['in', 'notin', '=', '==', 'exists', '!', 'gt', 'lt', '!='];

/** What is wrong with a requirement, with upstream's paths (relative to the requirement). */
function requirementErrors(key: string, op: string, values: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  const keyErrors = isQualifiedName(key);
  if (keyErrors.length) errors.push(invalidValue('key', key, keyErrors.join('; ')));
  const badValues = (detail: string) => errors.push(invalidValue('values', values, detail));
  if (op === 'in' || op === 'notin') {
    if (values.length === 0) badValues("for 'in', 'notin' operators, values set can't be empty");
  } else if (op === '=' || op === '==' || op === '!=') {
    if (values.length !== 1) badValues('exact-match compatibility requires one single value');
  } else if (op === 'exists' || op === '!') {
    if (values.length !== 0) badValues('values set must be empty for exists and does not exist');
  } else if (op === 'gt' || op === 'lt') {
    if (values.length !== 1) badValues("for 'Gt', 'Lt' operators, exactly one value is required");
    values.forEach((v, i) => {
      if (parseInt64(v) === undefined)
        errors.push(invalidValue(`values[${i}]`, v, "for 'Gt', 'Lt' operators, the value must be an integer"));
    });
  } else errors.push(notSupported('operator', op, operators));
  values.forEach((v, i) => {
    const m = isLabelValue(v);
    if (m.length) errors.push(invalidValue(`values[${i}][${key}]`, v, m.join('; ')));
  });
  return errors;
}

/** @throws SelectorError with upstream's aggregate message */
export function newRequirement(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement {
  const errors = requirementErrors(key, operator, values);
  if (errors.length === 0) return { key, operator, values };
  const texts = [...new Set(errors.map((e) => `${e.field}: ${e.message}`))];
  throw new SelectorError(texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);
}

// ---- text ----

type TokenKind = 'end' | 'id' | 'error' | ')' | ',' | '!' | '==' | '=' | '>' | 'in' | '<' | '!=' | 'notin' | '(';
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}
const symbols = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const special = /[=!(),<>]/;

function tokens(text: string): Token[] {
  const out: Token[] = [];
  let i = 0;
  for (;;) {
    while (/[ \t\r\n]/.test(text[i] ?? '')) i++;
    if (i >= text.length) break;
    if (!special.test(text[i]!)) {
      const id = /^[^=!(),<> \t\r\n]+/.exec(text.slice(i))![0];
      out.push({ kind: id === 'in' || id === 'notin' ? id : 'id', text: id });
      i += id.length;
      continue;
    }
    const two = text.slice(i, i + 2);
    const symbol = symbols.has(two) ? two : text[i]!;
    out.push({ kind: symbol as TokenKind, text: symbol });
    i += symbol.length;
  }
  out.push({ kind: 'end', text: '' });
  return out;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(text: string) {
    this.#tokens = tokens(text);
  }
  /** The next token; `in` and `notin` are words where a value is expected. */
  peek(): Token {
    const t = this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!;
    return t.kind === 'in' || t.kind === 'notin' ? { kind: 'id', text: t.text } : t;
  }
  take(): Token {
    const t = this.peek();
    this.#at++;
    return t;
  }
  takeOperator(): Token {
    return this.#tokens[Math.min(this.#at++, this.#tokens.length - 1)]!;
  }
}

const fail = (message: string): never => {
  throw new SelectorError(message);
};

function parseList(p: Parser): readonly string[] {
  const open = p.take();
  if (open.kind !== '(') fail(`found '${open.text}' expected: '('`);
  const first = p.peek();
  if (first.kind === ')') {
    p.take();
    return [''];
  }
  if (first.kind !== 'id' && first.kind !== ',') fail(`found '${first.text}', expected: ',', ')' or identifier`);
  const values = new Set<string>();
  for (;;) {
    const t = p.take();
    if (t.kind === 'id') {
      values.add(t.text);
      const next = p.peek();
      if (next.kind === ',') continue;
      if (next.kind === ')') break;
      fail(`found '${next.text}', expected: ',' or ')'`);
    } else if (t.kind === ',') {
      if (values.size === 0) values.add('');
      const next = p.peek();
      if (next.kind === ')') {
        values.add('');
        break;
      }
      if (next.kind === ',') values.add('');
    } else fail(`found '${t.text}', expected: ',', or identifier`);
  }
  p.take();
  return [...values].sort();
}

function parseExactValue(p: Parser): readonly string[] {
  const next = p.peek();
  if (next.kind === 'end' || next.kind === ',') return [''];
  const t = p.take();
  if (t.kind !== 'id') fail(`found '${t.text}', expected: identifier`);
  return [t.text];
}

const binaryOperators = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];
const operatorOf: Readonly<Partial<Record<TokenKind, LabelOperator>>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

function parseRequirement(p: Parser): LabelRequirement {
  let t = p.take();
  const absent = t.kind === '!';
  if (absent) t = p.take();
  if (t.kind !== 'id') fail(`found '${t.text}', expected: identifier`);
  const key = t.text;
  const keyErrors = isQualifiedName(key);
  if (keyErrors.length) fail(`<nil>: Invalid value: ${JSON.stringify(key)}: ${keyErrors.join('; ')}`);
  if (absent) return newRequirement(key, '!', []);
  const next = p.peek();
  if (next.kind === 'end' || next.kind === ',') return newRequirement(key, 'exists', []);
  const op = p.takeOperator();
  const operator = operatorOf[op.kind] ?? fail(`found '${op.text}', expected: ${binaryOperators.join(', ')}`);
  const values = operator === 'in' || operator === 'notin' ? parseList(p) : parseExactValue(p);
  return newRequirement(key, operator, values);
}

/** The text form, as in `?labelSelector=`; '' selects everything. @throws SelectorError */
export function parseLabelSelector(text: string): LabelSelector {
  const p = new Parser(text);
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const t = p.peek();
    if (t.kind === 'end') return selectorOf(requirements);
    if (t.kind !== 'id' && t.kind !== '!') fail(`found '${t.text}', expected: !, identifier, or 'end of string'`);
    try {
      requirements.push(parseRequirement(p));
    } catch (e) {
      throw e instanceof SelectorError ? new SelectorError(`unable to parse requirement: ${e.message}`) : e;
    }
    const after = p.take();
    if (after.kind === 'end') return selectorOf(requirements);
    if (after.kind !== ',') fail(`found '${after.text}', expected: ',' or 'end of string'`);
    const next = p.peek();
    if (next.kind !== 'id' && next.kind !== '!') fail(`found '${next.text}', expected: identifier after ','`);
  }
}

function requirementText(r: LabelRequirement): string {
  const values = [...r.values].sort().join(',');
  switch (r.operator) {
    case 'exists':
      return r.key;
    case '!':
      return `!${r.key}`;
    case 'in':
    case 'notin':
      return `${r.key} ${r.operator} (${values})`;
    case 'gt':
      return `${r.key}>${values}`;
    case 'lt':
      return `${r.key}<${values}`;
    default:
      return `${r.key}${r.operator}${values}`;
  }
}

/** The text form that parses back to the same selector. */
export const labelSelectorText = (s: LabelSelector): string => s.requirements.map(requirementText).join(',');

// ---- metav1.LabelSelector ----

const specOperators: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
};

/** Unset selects nothing, empty everything. @throws SelectorError */
export function labelSelectorAsSelector(spec: LabelSelectorSpec | null | undefined): LabelSelector {
  if (!spec) return noLabel;
  const requirements = Object.entries(spec.matchLabels ?? {}).map(([k, v]) => newRequirement(k, '=', [v]));
  for (const e of spec.matchExpressions ?? []) {
    const op = Object.hasOwn(specOperators, e.operator) ? specOperators[e.operator]! : undefined;
    if (!op) throw new SelectorError(`${JSON.stringify(e.operator)} is not a valid label selector operator`);
    requirements.push(newRequirement(e.key, op, e.values ?? []));
  }
  return selectorOf(requirements);
}

/** All labels of the set must be there (Service.spec.selector); an empty set selects everything. */
export const selectorFromSet = (labels: Labels | undefined): LabelSelector =>
  selectorOf(Object.entries(labels ?? {}).map(([key, v]) => ({ key, operator: '=', values: [v] })));

/** As `kubectl` prints a selector: `<none>` when empty. */
export function formatLabelSelector(spec: LabelSelectorSpec | null | undefined): string {
  try {
    return labelSelectorText(labelSelectorAsSelector(spec)) || '<none>';
  } catch {
    return '<error>';
  }
}
