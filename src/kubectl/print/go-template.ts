/**
 * Go templates as `-o go-template` fills them: text/template over JSON values, with kubectl's `exists` and `base64decode`
 * (upstream: Go's text/template, cli-runtime printers/template.go). One language, parser beside interpreter: over 500 lines otherwise.
 */
import { goPrint, isMap } from '../thing.ts';

export class TemplateError extends Error {
  /** What was filled before it went wrong. */
  partial = '';
}

type Expr =
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'dot' }
  | { readonly is: 'nil' }
  | {
      readonly is: 'field';
      readonly of: Expr;
      readonly names: readonly string[];
      readonly text: string;
      readonly at: number;
    }
  | { readonly is: 'variable'; readonly name: string }
  | {
      readonly is: 'call';
      readonly name: string;
      readonly args: readonly Expr[];
      readonly text: string;
      readonly at: number;
    }
  | { readonly is: 'pipe'; readonly stages: readonly Expr[] };
interface Pipeline {
  readonly declare: readonly string[];
  readonly assign: boolean;
  readonly value: Expr;
}
type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'action'; readonly pipe: Pipeline }
  | {
      readonly is: 'if' | 'with' | 'range';
      readonly pipe: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | { readonly is: 'template'; readonly name: string; readonly arg?: Expr }
  | { readonly is: 'break' | 'continue' };

interface Token {
  readonly kind: 'text' | 'field' | 'variable' | 'word' | 'literal' | 'punct';
  readonly text: string;
  readonly value?: unknown;
  readonly spaced: boolean;
  readonly at: number;
}

const functionNames = new Set(
  'and or not len index slice print printf println html js urlquery call eq ne lt le gt ge exists base64decode'.split(
    ' ',
  ),
);

function unquoteGo(s: string): string {
  if (s.startsWith('`')) return s.slice(1, -1);
  return s.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[0-7]{3}|.)/g, (_, c: string) => {
    if (c[0] === 'x' || c[0] === 'u') return String.fromCodePoint(Number.parseInt(c.slice(1), 16));
    if (/^[0-7]{3}$/.test(c)) return String.fromCodePoint(Number.parseInt(c, 8));
    return ({ n: '\n', t: '\t', r: '\r', a: '\u0007', b: '\b', f: '\f', v: '\v' } as Record<string, string>)[c] ?? c;
  });
}

/** Pieces of text and actions; the trim marks have done their work. */
function split(
  source: string,
): readonly { readonly text?: string; readonly action?: string; readonly at: number; readonly line: number }[] {
  const out: { text?: string; action?: string; at: number; line: number }[] = [];
  let i = 0;
  let trimNext = false;
  const line = (k: number) => source.slice(0, k).split('\n').length;
  while (i < source.length) {
    const open = source.indexOf('{{', i);
    let text = source.slice(i, open < 0 ? source.length : open);
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '');
    if (open < 0) {
      if (text) out.push({ text, at: i, line: line(i) });
      break;
    }
    let start = open + 2;
    const trimBefore = /^-[ \t\r\n]/.test(source.slice(start, start + 2));
    if (trimBefore) {
      text = text.replace(/[ \t\r\n]+$/, '');
      start += 2;
    }
    if (text) out.push({ text, at: i, line: line(i) });
    const comment = /^\s*\/\*/.test(source.slice(start));
    let end: number;
    if (comment) {
      end = source.indexOf('*/', start);
      if (end < 0) throw new TemplateError(`template: output:${line(open)}: unclosed comment`);
      end = source.indexOf('}}', end);
      if (end < 0) throw new TemplateError(`template: output:${line(open)}: comment ends before closing delimiter`);
    } else {
      end = start;
      let quote = '';
      for (; end < source.length; end++) {
        const c = source[end]!;
        if (quote) {
          if (c === '\\' && quote !== '`') end++;
          else if (c === quote) quote = '';
        } else if (c === '"' || c === '`' || c === "'") quote = c;
        else if (source.startsWith('}}', end)) break;
      }
      if (end >= source.length)
        throw new TemplateError(
          `template: output:${line(open)}: ${quote ? 'unterminated quoted string' : 'unclosed action'}`,
        );
    }
    let body = source.slice(start, end);
    trimNext = /[ \t\r\n]-$/.test(body);
    if (trimNext) body = body.slice(0, -1);
    if (!comment) out.push({ action: body, at: start, line: line(open) });
    i = end + 2;
  }
  return out;
}

function tokens(body: string, base: number, where: string): readonly Token[] {
  const out: Token[] = [];
  const pattern =
    /\s+|("(?:[^"\\]|\\.)*"|`[^`]*`)|('(?:[^'\\]|\\.)')|([+-]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))|(\$[\w]*)|(\.[A-Za-z_]\w*)|(\.)|([A-Za-z_]\w*)|(:=|[=|(),])|(.)/gsy;
  let spaced = true;
  for (const m of body.matchAll(pattern)) {
    const at = base + m.index;
    const push = (kind: Token['kind'], value?: unknown) =>
      out.push({ kind, text: m[0], spaced, at, ...(value !== undefined && { value }) });
    if (m[1] !== undefined) push('literal', unquoteGo(m[1]));
    else if (m[2] !== undefined) push('literal', unquoteGo(m[2]).codePointAt(0));
    else if (m[3] !== undefined) push('literal', Number(m[3]));
    else if (m[4] !== undefined) push('variable');
    else if (m[5] !== undefined) push('field');
    else if (m[6] !== undefined) push('punct');
    else if (m[7] !== undefined) push('word');
    else if (m[8] !== undefined) push('punct');
    else if (m[9] !== undefined) throw new TemplateError(`${where}: unexpected ${JSON.stringify(m[9])} in operand`);
    spaced = /^\s/.test(m[0]);
  }
  return out;
}

interface Program {
  readonly main: readonly Node[];
  readonly named: ReadonlyMap<string, readonly Node[]>;
}

function parse(source: string): Program {
  const pieces = split(source);
  const named = new Map<string, readonly Node[]>();
  let k = 0;
  const scope: string[] = ['$'];

  const parsePipeline = (ts: readonly Token[], where: string, context: string): Pipeline => {
    let i = 0;
    const declare: string[] = [];
    let assign = false;
    const m = ts.findIndex((t) => t.text === ':=' || t.text === '=');
    if (ts[0]?.kind === 'variable' && m > 0 && m <= 3) {
      for (const t of ts.slice(0, m)) if (t.kind === 'variable') declare.push(t.text);
      assign = ts[m]!.text === '=';
      i = m + 1;
    }
    const expr = (close: boolean): Expr => {
      const stages: Expr[] = [];
      for (;;) {
        stages.push(command());
        if (ts[i]?.text === '|') {
          i++;
          continue;
        }
        break;
      }
      if (close) {
        if (ts[i]?.text !== ')') throw new TemplateError(`${where}: unclosed left paren`);
        i++;
      } else if (i < ts.length)
        throw new TemplateError(`${where}: unexpected ${JSON.stringify(ts[i]!.text)} in ${context}`);
      return stages.length === 1 ? stages[0]! : { is: 'pipe', stages };
    };
    const command = (): Expr => {
      const first = ts[i];
      if (!first || first.text === '|' || first.text === ')')
        throw new TemplateError(`${where}: missing value for ${context}`);
      const begin = i;
      const operands: Expr[] = [];
      let name: string | undefined;
      if (first.kind === 'word' && !['true', 'false', 'nil'].includes(first.text)) {
        if (!functionNames.has(first.text))
          throw new TemplateError(`${where}: function ${JSON.stringify(first.text)} not defined`);
        name = first.text;
        i++;
      }
      while (i < ts.length && ts[i]!.text !== '|' && ts[i]!.text !== ')') operands.push(operand());
      const text = ts
        .slice(begin, i)
        .map((t, n) => (n && t.spaced ? ' ' : '') + t.text)
        .join('');
      if (name !== undefined) return { is: 'call', name, args: operands, text, at: first.at };
      if (operands.length > 1)
        throw new TemplateError(`template: output: can't give argument to non-function ${text.split(' ')[0]}`);
      return operands[0]!;
    };
    const operand = (): Expr => {
      const t = ts[i++]!;
      let e: Expr;
      if (t.text === '(' && t.kind === 'punct') e = expr(true);
      else if (t.kind === 'literal') e = { is: 'value', value: t.value };
      else if (t.kind === 'variable') {
        if (!scope.includes(t.text)) throw new TemplateError(`${where}: undefined variable ${JSON.stringify(t.text)}`);
        e = { is: 'variable', name: t.text };
      } else if (t.text === '.') e = { is: 'dot' };
      else if (t.kind === 'field') {
        i--;
        e = { is: 'dot' };
      } else if (t.text === 'true' || t.text === 'false') e = { is: 'value', value: t.text === 'true' };
      else if (t.text === 'nil') e = { is: 'nil' };
      else if (t.kind === 'word') {
        if (!functionNames.has(t.text))
          throw new TemplateError(`${where}: function ${JSON.stringify(t.text)} not defined`);
        e = { is: 'call', name: t.text, args: [], text: t.text, at: t.at };
      } else throw new TemplateError(`${where}: unexpected ${JSON.stringify(t.text)} in operand`);
      const names: string[] = [];
      const at = ts[i]?.at ?? t.at;
      while (
        ts[i]?.kind === 'field' &&
        (names.length === 0 && e.is === 'dot' && t.kind === 'field' ? true : !ts[i]!.spaced)
      )
        names.push(ts[i++]!.text.slice(1));
      return names.length
        ? { is: 'field', of: e, names, text: `${t.kind === 'field' ? '' : t.text}.${names.join('.')}`, at }
        : e;
    };
    const value = expr(false);
    for (const d of declare) if (!assign) scope.push(d);
    return { declare, assign, value };
  };

  const block = (
    ends: readonly string[],
  ): { readonly nodes: readonly Node[]; readonly by: string; readonly rest: string } => {
    const nodes: Node[] = [];
    while (k < pieces.length) {
      const p = pieces[k++]!;
      if (p.text !== undefined) {
        nodes.push({ is: 'text', text: p.text });
        continue;
      }
      const where = `template: output:${p.line}`;
      const action = p.action!.trim();
      const lead = p.action!.length - p.action!.trimStart().length;
      const [, word = ''] = /^(\w+)/.exec(action) ?? [];
      const rest = action.slice(word.length);
      const ts = () => tokens(rest, p.at + lead + word.length, where);
      switch (word) {
        case 'end':
        case 'else':
          if (!ends.includes(word)) throw new TemplateError(`${where}: unexpected {{${word}}}`);
          return { nodes, by: word, rest: rest.trim() };
        case 'if':
        case 'with':
        case 'range': {
          const depth = scope.length;
          const control = (kind: 'if' | 'with' | 'range', pipe: Pipeline): Node => {
            const body = block(['else', 'end']);
            let otherwise: readonly Node[] = [];
            if (body.by === 'else') {
              const again = /^(if|with)\b(.*)$/s.exec(body.rest);
              if (again)
                otherwise = [
                  control(again[1] as 'if' | 'with', parsePipeline(tokens(again[2]!, p.at, where), where, again[1]!)),
                ];
              else otherwise = block(['end']).nodes;
            } else if (body.by === '')
              throw new TemplateError(`template: output:${source.split('\n').length}: unexpected EOF`);
            return { is: kind, pipe, body: body.nodes, otherwise };
          };
          nodes.push(control(word, parsePipeline(ts(), where, word)));
          scope.length = depth;
          break;
        }
        case 'define':
        case 'block':
        case 'template': {
          const all = ts();
          const name = String(all[0]?.value ?? '');
          const arg = all.length > 1 ? parsePipeline(all.slice(1), where, word).value : undefined;
          if (word !== 'template') named.set(name, block(['end']).nodes);
          if (word !== 'define') nodes.push({ is: 'template', name, ...(arg && { arg }) });
          break;
        }
        case 'break':
        case 'continue':
          nodes.push({ is: word });
          break;
        default: {
          if (action === '') throw new TemplateError(`${where}: missing value for command`);
          nodes.push({ is: 'action', pipe: parsePipeline(tokens(p.action!, p.at, where), where, 'command') });
        }
      }
    }
    if (ends.length) throw new TemplateError(`template: output:${source.split('\n').length}: unexpected EOF`);
    return { nodes, by: '', rest: '' };
  };
  return { main: block([]).nodes, named };
}

const missing = Symbol('no value');
const truth = (v: unknown): boolean =>
  !(v === missing || v === null || v === undefined || v === false || v === 0 || v === '') &&
  !(Array.isArray(v) && v.length === 0) &&
  !(isMap(v) && Object.keys(v).length === 0);
const show = (v: unknown): string => (v === missing || v === null || v === undefined ? '<no value>' : goPrint(v));
const typeName = (v: unknown): string =>
  v === null || v === undefined || v === missing
    ? 'nil'
    : Array.isArray(v)
      ? '[]interface {}'
      : isMap(v)
        ? 'map[string]interface {}'
        : typeof v === 'string'
          ? 'string'
          : typeof v === 'boolean'
            ? 'bool'
            : Number.isInteger(v)
              ? 'int64'
              : 'float64';

/** Go's Printf for the verbs that templates use. */
function printf(format: string, args: readonly unknown[]): string {
  let n = 0;
  const out = format.replace(
    /%([-+# 0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (whole, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      if (n >= args.length) return `%!${verb}(MISSING)`;
      const v = args[n++];
      let text: string;
      switch (verb) {
        case 'd':
          text = typeof v === 'number' ? String(Math.trunc(v)) : `%!d(${typeName(v)}=${show(v)})`;
          break;
        case 's':
          text = typeof v === 'number' || typeof v === 'boolean' ? `%!s(${typeName(v)}=${show(v)})` : show(v);
          if (precision !== undefined) text = text.slice(0, Number(precision));
          break;
        case 'v':
          text = v === missing || v === null ? '<nil>' : goPrint(v);
          break;
        case 'q':
          text = typeof v === 'string' ? JSON.stringify(v) : `%!q(${typeName(v)}=${show(v)})`;
          break;
        case 'f':
          text = Number(v).toFixed(precision === undefined ? 6 : Number(precision));
          break;
        case 'x':
          text = typeof v === 'number' ? v.toString(16) : Buffer.from(String(v)).toString('hex');
          break;
        case 't':
          text = String(v);
          break;
        case 'T':
          text = typeName(v);
          break;
        default:
          return whole;
      }
      const w = Number(width ?? 0);
      return flags.includes('-') ? text.padEnd(w) : text.padStart(w, flags.includes('0') ? '0' : ' ');
    },
  );
  const extra = args.slice(n).map((v) => `${typeName(v)}=${show(v)}`);
  return extra.length ? `${out}%!(EXTRA ${extra.join(', ')})` : out;
}

class Loop extends Error {
  readonly kind: 'break' | 'continue';
  constructor(kind: 'break' | 'continue') {
    super(kind);
    this.kind = kind;
  }
}

/** A template ready to be filled. `allowMissing`: a key that is not there is `<no value>`. @throws TemplateError */
export function compileGoTemplate(source: string, allowMissing: boolean): (data: unknown) => string {
  const program = parse(source);
  const column = (at: number) => at - (source.lastIndexOf('\n', at - 1) + 1);
  const line = (at: number) => source.slice(0, at).split('\n').length;
  const fail = (e: { readonly at: number; readonly text: string }, message: string): never => {
    throw new TemplateError(
      `template: output:${line(e.at)}:${column(e.at)}: executing "output" at <${e.text}>: ${message}`,
    );
  };
  return (data) => {
    const out: string[] = [];
    const compare = (e: Expr & { is: 'call' }, a: unknown, b: unknown): number => {
      if (typeof a !== typeof b || (typeof a !== 'number' && typeof a !== 'string'))
        return fail(e, `error calling ${e.name}: incompatible types for comparison`);
      return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
    };
    const call = (e: Expr & { is: 'call' }, args: readonly unknown[]): unknown => {
      const [a, b] = args;
      const need = (n: number) => {
        if (args.length < n) fail(e, `wrong number of args for ${e.name}: want ${n} got ${args.length}`);
      };
      switch (e.name) {
        case 'not':
          need(1);
          return !truth(a);
        case 'len':
          need(1);
          if (typeof a === 'string') return Buffer.byteLength(a);
          if (Array.isArray(a)) return a.length;
          if (isMap(a)) return Object.keys(a).length;
          return fail(
            e,
            a === missing || a === null
              ? 'error calling len: len of nil pointer'
              : `error calling len: len of type ${typeName(a)}`,
          );
        case 'index':
          need(1);
          return args.slice(1).reduce((v: unknown, key) => {
            if (Array.isArray(v)) {
              if (typeof key !== 'number')
                return fail(e, `error calling index: cannot index slice/array with type ${typeName(key)}`);
              if (key < 0 || key >= v.length) return fail(e, `error calling index: reflect: slice index out of range`);
              return v[key] as unknown;
            }
            if (isMap(v)) return String(key) in v ? v[String(key)] : missing;
            if (v === missing || v === null || v === undefined)
              return fail(e, 'error calling index: index of untyped nil');
            return fail(e, `error calling index: can't index item of type ${typeName(v)}`);
          }, a);
        case 'slice':
          need(1);
          if (typeof a === 'string' || Array.isArray(a))
            return a.slice(Number(b ?? 0), args[2] === undefined ? undefined : Number(args[2]));
          return fail(e, `error calling slice: can't slice item of type ${typeName(a)}`);
        case 'print':
          return args
            .map(
              (v, i) =>
                (i && typeof v !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') +
                goPrint(v === missing ? null : v),
            )
            .join('');
        case 'println':
          return `${args.map((v) => goPrint(v === missing ? null : v)).join(' ')}\n`;
        case 'printf':
          need(1);
          return printf(String(a), args.slice(1));
        case 'html':
          return args
            .map(show)
            .join('')
            .replace(/["'&<>]/g, (c) => ({ '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
        case 'js':
          return args
            .map(show)
            .join('')
            .replace(/[\\'"<>&=\n]/g, (c) =>
              c === '\\' || c === "'" || c === '"'
                ? `\\${c}`
                : `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
            );
        case 'urlquery':
          return encodeURIComponent(args.map(show).join('')).replace(/%20/g, '+');
        case 'eq':
          need(2);
          if (isMap(a) || Array.isArray(a)) return fail(e, 'error calling eq: incomparable type ' + typeName(a));
          return args.slice(1).some((x) => (a === missing ? null : a) === (x === missing ? null : x));
        case 'ne':
          need(2);
          return (a === missing ? null : a) !== (b === missing ? null : b);
        case 'lt':
          need(2);
          return compare(e, a, b) < 0;
        case 'le':
          need(2);
          return compare(e, a, b) <= 0;
        case 'gt':
          need(2);
          return compare(e, a, b) > 0;
        case 'ge':
          need(2);
          return compare(e, a, b) >= 0;
        case 'exists': {
          let v: unknown = a;
          for (const key of args.slice(1)) {
            if (Array.isArray(v)) v = v[Number(key)];
            else if (isMap(v)) v = v[String(key)];
            else return false;
            if (v === undefined) return false;
          }
          return v !== missing && v !== null && v !== undefined;
        }
        case 'base64decode': {
          const bytes = Buffer.from(String(a), 'base64');
          if (a === missing || !/^[A-Za-z0-9+/]*={0,2}$/.test(String(a)))
            return fail(e, 'error calling base64decode: base64 decode failed: illegal base64 data at input byte 0');
          return bytes.toString();
        }
        default:
          return fail(e, `function "${e.name}" cannot be called here`);
      }
    };
    const evaluate = (
      e: Expr,
      dot: unknown,
      vars: Map<string, unknown>[],
      last?: { readonly value: unknown },
    ): unknown => {
      switch (e.is) {
        case 'value':
          return e.value;
        case 'nil':
          return null;
        case 'dot':
          return dot;
        case 'variable':
          for (let i = vars.length - 1; i >= 0; i--) if (vars[i]!.has(e.name)) return vars[i]!.get(e.name);
          return missing;
        case 'field': {
          let v = evaluate(e.of, dot, vars);
          for (const name of e.names) {
            if (v === missing || v === null || v === undefined) {
              if (!allowMissing) fail(e, `nil data; no entry for key ${JSON.stringify(name)}`);
              v = missing;
              continue;
            }
            if (!isMap(v))
              return fail(
                e,
                `can't evaluate field ${name} in type ${typeName(v) === 'int64' ? 'int64' : 'interface {}'}`,
              );
            if (name in v) v = v[name];
            else if (allowMissing) v = missing;
            else fail(e, `map has no entry for key ${JSON.stringify(name)}`);
          }
          return v;
        }
        case 'call': {
          if (e.name === 'and' || e.name === 'or') {
            let v: unknown = missing;
            const lazy = [...e.args.map((a) => () => evaluate(a, dot, vars)), ...(last ? [() => last.value] : [])];
            for (const get of lazy) {
              v = get();
              if (truth(v) === (e.name === 'or')) return v;
            }
            return v;
          }
          return call(e, [...e.args.map((a) => evaluate(a, dot, vars)), ...(last ? [last.value] : [])]);
        }
        case 'pipe': {
          let v: { readonly value: unknown } | undefined;
          for (const stage of e.stages) v = { value: evaluate(stage, dot, vars, v) };
          return v!.value;
        }
        default: {
          const never: never = e;
          return never;
        }
      }
    };
    const bind = (p: Pipeline, value: unknown, vars: Map<string, unknown>[]) => {
      for (const d of p.declare) {
        const known = p.assign ? vars.findLast((m) => m.has(d)) : vars.at(-1);
        known?.set(d, value);
      }
    };
    const run = (nodes: readonly Node[], dot: unknown, vars: Map<string, unknown>[]): void => {
      for (const n of nodes)
        switch (n.is) {
          case 'text':
            out.push(n.text);
            break;
          case 'action': {
            const v = evaluate(n.pipe.value, dot, vars);
            if (n.pipe.declare.length) bind(n.pipe, v, vars);
            else out.push(show(v));
            break;
          }
          case 'if':
          case 'with': {
            const inner = [...vars, new Map<string, unknown>()];
            const v = evaluate(n.pipe.value, dot, inner);
            bind(n.pipe, v, inner);
            if (truth(v)) run(n.body, n.is === 'with' ? v : dot, inner);
            else run(n.otherwise, dot, inner);
            break;
          }
          case 'range': {
            const inner = [...vars, new Map<string, unknown>()];
            const v = evaluate(n.pipe.value, dot, inner);
            const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(v)
              ? v.map((x, i) => [i, x] as const)
              : isMap(v)
                ? Object.keys(v)
                    .sort()
                    .map((key) => [key, v[key]] as const)
                : typeof v === 'number'
                  ? Array.from({ length: v }, (_, i) => [i, i] as const)
                  : [];
            if (entries.length === 0) run(n.otherwise, dot, inner);
            for (const [key, item] of entries) {
              const [first, second] = n.pipe.declare;
              const each = new Map<string, unknown>();
              if (second !== undefined) each.set(first!, key).set(second, item);
              else if (first !== undefined) each.set(first, item);
              try {
                run(n.body, item, [...inner, each]);
              } catch (e) {
                if (!(e instanceof Loop)) throw e;
                if (e.kind === 'break') break;
              }
            }
            break;
          }
          case 'template': {
            const body = program.named.get(n.name);
            if (!body) throw new TemplateError(`template: output:1: template ${JSON.stringify(n.name)} not defined`);
            const arg = n.arg ? evaluate(n.arg, dot, vars) : missing;
            run(body, arg, [new Map([['$', arg]])]);
            break;
          }
          case 'break':
          case 'continue':
            throw new Loop(n.is);
          default: {
            n satisfies never;
          }
        }
    };
    try {
      run(program.main, data, [new Map([['$', data]])]);
    } catch (e) {
      if (e instanceof TemplateError) e.partial = out.join('');
      throw e;
    }
    return out.join('');
  };
}
