/** JSONPath templates as `-o jsonpath` and custom columns read them (upstream: client-go/util/jsonpath). */
import { isMap, sortedJson } from '../thing.ts';

type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'path'; readonly steps: readonly Step[] }
  | { readonly is: 'range'; readonly steps: readonly Step[]; readonly body: readonly Node[] };
type Step =
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'every' }
  | { readonly is: 'deep' }
  | {
      readonly is: 'slice';
      readonly from?: number;
      readonly to?: number;
      readonly by?: number;
      readonly single: boolean;
    }
  | { readonly is: 'union'; readonly of: readonly (readonly Step[])[] }
  | { readonly is: 'filter'; readonly left: Operand; readonly op: string; readonly right?: Operand }
  | { readonly is: 'root' };
type Operand = { readonly literal: unknown } | { readonly steps: readonly Step[] };

export class JsonPathError extends Error {}
const fail = (m: string): never => {
  throw new JsonPathError(m);
};

/** The position after the `}` or `]` that closes what opens at `i`. */
function closing(s: string, i: number, open: string, close: string): number {
  let depth = 0;
  let quote = '';
  for (let k = i; k < s.length; k++) {
    const c = s[k]!;
    if (quote) {
      if (c === '\\') k++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === open) depth++;
    else if (c === close && --depth === 0) return k + 1;
  }
  return fail(open === '{' ? 'unclosed action' : open === '[' ? 'unterminated array' : 'unterminated filter');
}

const unquote = (s: string): string =>
  s.startsWith("'")
    ? s.slice(1, -1).replace(/\\(.)/g, '$1')
    : s
        .slice(1, -1)
        .replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, c: string) =>
          c === 'n'
            ? '\n'
            : c === 't'
              ? '\t'
              : c === 'r'
                ? '\r'
                : c[0] === 'u' && c.length === 5
                  ? String.fromCharCode(Number.parseInt(c.slice(1), 16))
                  : c,
        );

function bracket(inner: string): Step {
  const s = inner.trim();
  if (s === '*') return { is: 'every' };
  if (s.startsWith('?(') && s.endsWith(')')) return filter(s.slice(2, -1));
  const parts: string[] = [];
  for (const m of s.matchAll(/\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,]+)\s*(?:,|$)/g)) parts.push(m[1]!.trim());
  const one = (p: string): Step => {
    if (/^["']/.test(p)) return { is: 'field', name: unquote(p) };
    const m = /^(-?\d+)?(?:(:)(-?\d+)?(?::(-?\d+)?)?)?$/.exec(p);
    if (!m || p === '') return fail(`invalid array index ${p}`);
    const n = (x: string | undefined) => (x === undefined ? undefined : Number(x));
    const [from, to, by] = [n(m[1]), n(m[3]), n(m[4])];
    return {
      is: 'slice',
      single: m[2] === undefined,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(by !== undefined && { by }),
    };
  };
  return parts.length === 1
    ? one(parts[0]!)
    : { is: 'union', of: parts.map((p) => (/^[@$.]/.test(p) ? path(p) : [one(p)])) };
}

function operand(s: string): Operand {
  const t = s.trim();
  if (/^["']/.test(t)) return { literal: unquote(t) };
  if (t === 'true' || t === 'false') return { literal: t === 'true' };
  if (/^[+-]?\d+(\.\d+)?$/.test(t)) return { literal: Number(t) };
  return { steps: path(t) };
}

function filter(s: string): Step {
  let quote = '';
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    if (quote) {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else {
      const op = /^(==|!=|<=|>=|<|>)/.exec(s.slice(i))?.[1];
      if (op) return { is: 'filter', left: operand(s.slice(0, i)), op, right: operand(s.slice(i + op.length)) };
    }
  }
  return { is: 'filter', left: operand(s), op: 'exists' };
}

function path(s: string): readonly Step[] {
  const steps: Step[] = [];
  let i = 0;
  while (i < s.length) {
    const c = s[i]!;
    if (c === '$') {
      steps.push({ is: 'root' });
      i++;
    } else if (c === '@' || c === ' ') i++;
    else if (c === '[') {
      const end = closing(s, i, '[', ']');
      steps.push(bracket(s.slice(i + 1, end - 1)));
      i = end;
    } else {
      if (s.startsWith('..', i)) {
        steps.push({ is: 'deep' });
        i += 1;
      }
      if (c === '.') i++;
      if (s[i] === '*') {
        steps.push({ is: 'every' });
        i++;
        continue;
      }
      const m = /^(?:\\.|[^.[\]\s@$'"(){},|])+/.exec(s.slice(i));
      if (m) {
        steps.push({ is: 'field', name: m[0].replace(/\\(.)/g, '$1') });
        i += m[0].length;
      } else if (i < s.length && s[i] !== '[' && s[i] !== '.')
        fail(
          `unrecognized character in action: U+${s.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0')} '${s[i]}'`,
        );
      else if (i < s.length && s[i] === '.' && c !== '.') i++;
    }
  }
  return steps;
}

function nodes(template: string): readonly Node[] {
  const root: Node[] = [];
  const open: { readonly steps: readonly Step[]; readonly body: Node[] }[] = [];
  const add = (n: Node) => (open.at(-1)?.body ?? root).push(n);
  let i = 0;
  while (i < template.length) {
    const at = template.indexOf('{', i);
    if (at < 0) {
      add({ is: 'text', text: template.slice(i) });
      break;
    }
    if (at > i) add({ is: 'text', text: template.slice(i, at) });
    const end = closing(template, at, '{', '}');
    const action = template.slice(at + 1, end - 1).trim();
    i = end;
    if (/^["']/.test(action)) add({ is: 'text', text: unquote(action) });
    else if (action === 'end') {
      const done = open.pop() ?? fail('not in range, nothing to end');
      add({ is: 'range', ...done });
    } else if (action.startsWith('range')) open.push({ steps: path(action.slice(5).trim()), body: [] });
    else add({ is: 'path', steps: path(action) });
  }
  // A range that nothing ends goes to the end of the template.
  while (open.length) {
    const done = open.pop()!;
    add({ is: 'range', ...done });
  }
  return root;
}

const children = (v: unknown): readonly unknown[] =>
  Array.isArray(v)
    ? v
    : isMap(v)
      ? Object.keys(v)
          .sort()
          .map((k) => v[k])
      : [];
const descend = (v: unknown): readonly unknown[] => [v, ...children(v).flatMap(descend)];

function compare(a: unknown, op: string, b: unknown): boolean {
  if (op === '==') return a === b || (typeof a !== typeof b && String(a) === String(b));
  if (op === '!=') return !compare(a, '==', b);
  if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string')) return false;
  const [x, y] = [a as number, b as number];
  return op === '<' ? x < y : op === '<=' ? x <= y : op === '>' ? x > y : x >= y;
}

/** @param strict a field that no value has is an error */
function walk(start: readonly unknown[], steps: readonly Step[], root: unknown, strict = false): readonly unknown[] {
  let now = start;
  for (const step of steps) {
    switch (step.is) {
      case 'root':
        now = [root];
        break;
      case 'every':
        now = now.flatMap(children);
        break;
      case 'deep':
        now = now.flatMap(descend);
        break;
      case 'field': {
        const values = now.flatMap((v) =>
          isMap(v) && v[step.name] !== undefined && v[step.name] !== null ? [v[step.name]] : [],
        );
        if (strict && values.length === 0) fail(`${step.name} is not found`);
        now = values;
        break;
      }
      case 'slice':
        now = now.flatMap((v) => {
          if (!Array.isArray(v)) return [];
          const fix = (n: number) => (n < 0 ? n + v.length : n);
          const from = fix(step.from ?? 0);
          if (step.single && (from >= v.length || from < 0))
            return fail(`array index out of bounds: index ${from}, length ${v.length}`);
          if (step.single) return [v[from]];
          const picked = v.slice(fix(step.from ?? 0), step.to === undefined ? v.length : fix(step.to));
          return picked.filter((_, k) => k % (step.by ?? 1) === 0);
        });
        break;
      case 'union':
        now = now.flatMap((v) => step.of.flatMap((s) => walk([v], s, root, strict)));
        break;
      case 'filter':
        now = now.flatMap((v) =>
          children(v).filter((e) => {
            const value = (o: Operand) => ('literal' in o ? [o.literal] : walk([e], o.steps, root));
            const left = value(step.left);
            if (step.op === 'exists') return left.length > 0;
            const right = step.right ? value(step.right) : [];
            return left.length > 0 && right.length > 0 && compare(left[0], step.op, right[0]);
          }),
        );
        break;
      default: {
        const never: never = step;
        return never;
      }
    }
  }
  return now;
}

const show = (v: unknown): string =>
  typeof v === 'object' && v !== null ? sortedJson(v) : v === null ? 'null' : String(v);

/**
 * Fills a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`. `strict`: a field that is not there is an error.
 * @throws JsonPathError
 */
export function compileJsonPath(template: string, strict = false): (data: unknown) => string {
  const parsed = nodes(template);
  const run = (ns: readonly Node[], data: unknown, root: unknown): string =>
    ns
      .map((n) =>
        n.is === 'text'
          ? n.text
          : n.is === 'path'
            ? walk([data], n.steps, root, strict).map(show).join(' ')
            : walk([data], n.steps, root, strict)
                .map((v) => run(n.body, v, root))
                .join(''),
      )
      .join('');
  return (data) => run(parsed, data, data);
}

/** All values a template finds, as `-o jsonpath-as-json` shows them. @throws JsonPathError */
export function compileJsonPathValues(template: string, strict = false): (data: unknown) => readonly unknown[] {
  const parsed = nodes(template);
  return (data) => parsed.flatMap((n) => (n.is === 'text' ? [n.text] : walk([data], n.steps, data, strict)));
}

/** Values of one expression; `metadata.name`, `.metadata.name` and `{.metadata.name}` are the same. @throws JsonPathError */
export function compileExpression(expression: string): (data: unknown) => readonly unknown[] {
  const m = /^\s*\{?\s*\.?(.*?)\}?\s*$/s.exec(expression)!;
  const steps = path(m[1]!.startsWith('[') || m[1]!.startsWith('.') || m[1] === '' ? m[1]! : `.${m[1]}`);
  return (data) => walk([data], steps, data);
}
