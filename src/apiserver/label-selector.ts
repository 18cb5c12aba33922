/** Label selectors in query text: `a=b,c!=d,e in (f,g),h,!i,j>1` (upstream: apimachinery/pkg/labels/selector.go). */
import { badRequest } from '../machinery/status-error.ts';
import { isLabelValue, isQualifiedName } from './label-names.ts';

export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const special = new Set(['(', ')', ',', '!', '=', '<', '>']);

/** Words and operators of a selector text. */
function tokens(text: string): string[] {
  const out: string[] = [];
  for (let i = 0; i < text.length; ) {
    const c = text[i]!;
    if (c === ' ' || c === '\t' || c === '\r' || c === '\n') i++;
    else if (special.has(c)) {
      const two = text.slice(i, i + 2);
      const op = two === '!=' || two === '==' ? two : c;
      out.push(op);
      i += op.length;
    } else {
      let j = i;
      while (j < text.length && !special.has(text[j]!) && !/\s/.test(text[j]!)) j++;
      out.push(text.slice(i, j));
      i = j;
    }
  }
  return out;
}

const isWord = (t: string | undefined): t is string => t !== undefined && !special.has(t) && t !== '!=' && t !== '==';

const cache = new Map<string, LabelTest>();

/** @throws 400 with upstream's text */
export function parseLabelSelector(text: string): LabelTest {
  const known = cache.get(text);
  if (known) return known;
  const parsed = parse(text);
  if (cache.size > 500) cache.clear();
  cache.set(text, parsed);
  return parsed;
}

function parse(text: string): LabelTest {
  const fail = (why: string): never => {
    throw badRequest(`unable to parse requirement: ${why}`);
  };
  const ts = tokens(text);
  let at = 0;
  const tests: LabelTest[] = [];
  const checkKey = (key: string): string => {
    const errors = isQualifiedName(key);
    if (errors.length) fail(`key: Invalid value: ${JSON.stringify(key)}: ${errors.join('; ')}`);
    return key;
  };
  const checkValues = (key: string, values: readonly string[]): readonly string[] => {
    values.forEach((v, i) => {
      const errors = isLabelValue(v);
      if (errors.length) fail(`values[${i}][${key}]: Invalid value: ${JSON.stringify(v)}: ${errors.join('; ')}`);
    });
    return values;
  };
  const valueList = (): string[] => {
    if (ts[at] !== '(') fail(`found '${ts[at] ?? ''}' expected: '('`);
    at++;
    const values: string[] = [];
    let expectValue = true;
    for (; ; at++) {
      const t = ts[at];
      if (t === ')') {
        if (expectValue) values.push('');
        at++;
        return values;
      }
      if (t === ',') {
        if (expectValue) values.push('');
        expectValue = true;
      } else if (isWord(t)) {
        values.push(t);
        expectValue = false;
      } else fail(`found '${t ?? ''}', expected: ',', ')' or identifier`);
    }
  };
  while (at < ts.length) {
    if (ts[at] === '!') {
      const key = ts[at + 1];
      if (!isWord(key)) fail(`found '${key ?? ''}', expected: identifier`);
      checkKey(key!);
      tests.push((l) => !(key! in l));
      at += 2;
    } else if (isWord(ts[at])) {
      const key = checkKey(ts[at++]!);
      const op = ts[at];
      if (op === undefined || op === ',') tests.push((l) => key in l);
      else if (op === 'in' || op === 'notin') {
        at++;
        const values = new Set(checkValues(key, valueList()));
        tests.push(op === 'in' ? (l) => key in l && values.has(l[key]!) : (l) => !(key in l && values.has(l[key]!)));
      } else if (op === '=' || op === '==' || op === '!=') {
        at++;
        const value = isWord(ts[at]) ? ts[at++]! : '';
        checkValues(key, [value]);
        tests.push(op === '!=' ? (l) => l[key] !== value : (l) => l[key] === value);
      } else if (op === '>' || op === '<') {
        at++;
        const value = isWord(ts[at]) ? ts[at++]! : '';
        if (!/^[+-]?\d+$/.test(value))
          fail(
            `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
          );
        const n = BigInt(value);
        tests.push((l) => {
          const v = l[key];
          if (v === undefined || !/^[+-]?\d+$/.test(v)) return false;
          return op === '>' ? BigInt(v) > n : BigInt(v) < n;
        });
      } else fail(`found '${op}', expected: in, notin, =, ==, !=, gt, lt`);
    } else throw badRequest(`found '${ts[at]}', expected: !, identifier, or 'end of string'`);
    if (at >= ts.length) break;
    if (ts[at] !== ',') throw badRequest(`found '${ts[at]}', expected: ',' or 'end of string'`);
    at++;
    if (at >= ts.length || !(isWord(ts[at]) || ts[at] === '!'))
      throw badRequest(`found '${ts[at] ?? ''}', expected: identifier after ','`);
  }
  if (tests.length === 1) return tests[0]!;
  return (l) => tests.every((t) => t(l));
}
