/** Whether an applied configuration fits the schema, with upstream's wording (structured-merge-diff typed/validate.go). */
import { isObject } from '../merge/patch-error.ts';
import { pathElementOf } from './list-element.ts';
import { deducedType, type MergeType } from './merge-type.ts';
import { printPathElement } from './path-element.ts';

interface Problem {
  readonly path: string;
  readonly message: string;
}

/** The problems as one text (`.spec.foo: field not declared in schema`), or undefined when there are none. */
export function checkConfig(t: MergeType, config: unknown): string | undefined {
  const problems: Problem[] = [];
  check(t, config, '', problems);
  const lines = problems.map((p) => (p.path === '' ? p.message : `${p.path}: ${p.message}`));
  if (lines.length === 0) return undefined;
  return lines.length === 1 ? lines[0] : ['errors:', ...lines.map((l) => `  ${l}`)].join('\n');
}

const goValue = (v: unknown): string => (typeof v === 'string' ? JSON.stringify(v) : String(v));
const goKind = (v: unknown): string =>
  Array.isArray(v)
    ? '[]interface {}'
    : typeof v === 'object'
      ? 'map[string]interface {}'
      : typeof v === 'boolean'
        ? 'bool'
        : typeof v === 'number'
          ? Number.isInteger(v)
            ? 'int64'
            : 'float64'
          : 'string';

function check(t: MergeType, v: unknown, path: string, out: Problem[]): void {
  if (v === null || v === undefined) return;
  switch (t.kind) {
    case 'scalar': {
      const message = checkScalar(t, v);
      if (message) out.push({ path, message });
      return;
    }
    case 'list':
      if (Array.isArray(v)) checkElements(t, v, path, out);
      else out.push({ path, message: `expected list, got &{${goText(v)}}` });
      return;
    case 'map':
      if (!isObject(v)) out.push({ path, message: `expected map, got &{${goText(v)}}` });
      else checkMembers(t, v, path, out);
      return;
    case 'deduced':
      if (isObject(v) && !t.atomic) checkMembers(t, v, path, out);
      return;
    default:
      t.kind satisfies never;
  }
}

const goText = (v: unknown): string =>
  Array.isArray(v)
    ? `[${v.map(goText).join(' ')}]`
    : isObject(v)
      ? `map[${Object.keys(v)
          .sort()
          .map((k) => `${k}:${goText(v[k])}`)
          .join(' ')}]`
      : v === null
        ? '<nil>'
        : String(v);

function checkScalar(t: MergeType, v: unknown): string | undefined {
  switch (t.scalar) {
    case 'string':
      return typeof v === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goValue(v)}}`;
    case 'numeric':
      return typeof v === 'number' ? undefined : `expected numeric (int or float), got ${goKind(v)}`;
    case 'boolean':
      return typeof v === 'boolean' ? undefined : `expected boolean, got &{${goText(v)}}`;
    case 'untyped':
      return typeof v === 'object' ? `expected any scalar, got &{${goText(v)}}` : undefined;
    default:
      return t.scalar satisfies never;
  }
}

function checkMembers(t: MergeType, v: Readonly<Record<string, unknown>>, path: string, out: Problem[]): void {
  for (const [k, x] of Object.entries(v)) {
    const type = t.byName.get(k)?.type ?? t.element ?? (t.kind === 'deduced' ? deducedType : undefined);
    if (!type) {
      out.push({ path: `${path}.${k}`, message: 'field not declared in schema' });
      return;
    }
    check(type, x, `${path}.${k}`, out);
  }
}

function checkElements(t: MergeType, v: readonly unknown[], path: string, out: Problem[]): void {
  const seen = new Set<string>();
  for (const [i, item] of v.entries()) {
    let step = `[${i}]`;
    if (!t.atomic) {
      let pe: string;
      try {
        pe = pathElementOf(t, item);
      } catch (e) {
        out.push({ path, message: `element ${i}: ${e instanceof Error ? e.message : String(e)}` });
        return;
      }
      step = printPathElement(pe);
      if (seen.has(pe)) out.push({ path, message: `duplicate entries for key ${step}` });
      seen.add(pe);
    }
    check(t.element ?? deducedType, item, path + step, out);
  }
}
