/** `kubectl get`: tables from the server, or objects in a format; lists, names, files, watches (upstream: kubectl/pkg/cmd/get). */
import { humanDuration } from '../../api/human-duration.ts';
import { cmpQuantity, parseQuantity } from '../../machinery/quantity.ts';
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, Failures, throwAll, UsageError } from '../failure.ts';
import { bool, int, list, text } from '../flags.ts';
import { kindText, type Mapping, pathOf } from '../mapper.ts';
import { compileExpression, JsonPathError } from '../print/jsonpath.ts';
import { formatOf, listOf, type Printer, printerOf } from '../print/output.ts';
import { type Columns, type Table, type TableLook, tableRows } from '../print/table.ts';
import { alignTabs, createRowWriter, tableTabs } from '../print/tab-writer.ts';
import { fileFlags, outputFlags, selectorFlags, type Session } from '../session.ts';
import { foundIn, pages, type Plan, planOf, type Step } from '../targets.ts';
import { isMap, type Thing, type ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';

const asTable =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export const get: Verb = {
  usage:
    'get [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  summary: 'Display one or many resources',
  flags: {
    ...fileFlags,
    ...outputFlags,
    selector: selectorFlags['selector']!,
    'field-selector': selectorFlags['field-selector']!,
    'all-namespaces': selectorFlags['all-namespaces']!,
    watch: bool('After listing/getting the requested object, watch for changes.', 'w'),
    'watch-only': bool('Watch for changes to the requested object(s), without listing/getting first.'),
    'output-watch-events': bool('Output watch event objects when --watch or --watch-only is used.'),
    'show-labels': bool('When printing, show all labels as the last column'),
    'show-kind': bool('If present, list the resource type for the requested object(s).'),
    'label-columns': list('Labels that are going to be presented as columns.', 'L'),
    'no-headers': bool("When using the default or custom-column output format, don't print headers."),
    'ignore-not-found': bool('If the requested object does not exist the command will return exit code 0.'),
    'sort-by': text('If non-empty, sort list types using this field specification.'),
    'chunk-size': int('Return large lists in chunks rather than all at once.'),
    subresource: text('If specified, gets the subresource of the requested object.'),
    raw: text('Raw URI to request from the server.'),
    'server-print': bool('If true, have the server return the appropriate table output.'),
  },
  async run(s) {
    const { flags } = s;
    const watching = flags.bool('watch') || flags.bool('watch-only');
    const raw = flags.text('raw');
    const format = formatOf(flags);
    if (raw) {
      if (flags.args.length) throw new CommandError('arguments may not be passed when --raw is specified');
      if (watching || flags.text('selector'))
        throw new CommandError(
          '--raw may not be specified with other flags that filter the server request or alter the output',
        );
      if (flags.text('output')) throw new CommandError('--raw and --output are mutually exclusive');
      if (!/^(\/|https?:)/.test(raw))
        throw new CommandError(`--raw must be a valid URL path: parse ${JSON.stringify(raw)}: invalid URI for request`);
      for await (const chunk of await s.api.stream('GET', raw)) s.io.out(chunk);
      return;
    }
    if (flags.bool('show-labels') && format !== '' && format !== 'wide')
      throw new CommandError(`--show-labels option cannot be used with ${format} printer`);
    if (flags.bool('output-watch-events') && !watching)
      throw new CommandError('--output-watch-events option can only be used with --watch or --watch-only');
    if (flags.args.length === 0 && flags.list('filename').length === 0 && !flags.text('kustomize')) {
      s.io.err(
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
      );
      throw new UsageError(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
      );
    }
    const human = format === '' || format === 'wide';
    if (watching) return watch(s, human);
    const errors: unknown[] = [];
    const plan = await planOf(s, { errors, subresource: flags.text('subresource') });
    return human ? printTables(s, plan, errors) : printObjects(s, plan, errors);
  },
};

const missingIgnored = (s: Session, e: unknown): boolean =>
  e instanceof StatusError && e.reason === 'NotFound' && s.flags.bool('ignore-not-found');

const chunkOf = (s: Session): number => (s.flags.text('sort-by') ? 0 : (s.flags.int('chunk-size') ?? 500));

interface Shown {
  readonly mapping: Mapping;
  readonly object: Thing;
}

async function printObjects(s: Session, plan: Plan, errors: unknown[]) {
  const objects: Shown[] = [];
  for (const step of plan.steps)
    try {
      if (step.name !== undefined) {
        const path = pathOf(step.mapping, step.namespace, step.name, s.flags.text('subresource'));
        objects.push({ mapping: step.mapping, object: await s.api.json<Thing>('GET', path, { signal: s.io.signal }) });
      } else
        for await (const page of pages<ThingList>(s, step, { chunk: chunkOf(s) }))
          objects.push(...foundIn(step.mapping, page));
    } catch (e) {
      if (missingIgnored(s, e)) continue;
      if (plan.single) throw e;
      errors.push(e);
    }
  if (objects.length === 0 && s.flags.bool('ignore-not-found')) return throwAll(errors);
  const printer = printerOf(s.flags, { tables: true });
  const by = s.flags.text('sort-by');
  try {
    if (plan.single && objects.length === 1) s.io.out(printer ? printer(objects[0]!.object) : nameLine(objects[0]!));
    else {
      const sorted = by ? sortBy(objects, (o) => o.object, by) : objects;
      s.io.out(printer ? printer(listOf(sorted.map((o) => o.object))) : sorted.map(nameLine).join(''));
    }
  } catch (e) {
    errors.push(e);
  }
  throwAll(errors);
}

const nameLine = (o: Shown): string => `${kindText(o.mapping)}/${o.object.metadata.name}\n`;

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` are the same; undefined when it is none of them. */
function relaxed(expression: string): string | undefined {
  const m = /^\{?\.?([^{}]+)\}?$/.exec(expression);
  return m ? `{.${m[1]}}` : undefined;
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
}

/** Sorted by a JSONPath as Go's sort does it: what has no value comes first. @throws CommandError */
export function sortBy<T>(items: readonly T[], object: (t: T) => unknown, expression: string): readonly T[] {
  if (items.length === 0) return items;
  const field = relaxed(expression);
  if (!field)
    throw new CommandError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    );
  let read: (v: unknown) => readonly unknown[];
  try {
    read = compileExpression(field);
  } catch (e) {
    if (e instanceof JsonPathError) throw new CommandError(e.message);
    throw e;
  }
  const keyed = items.map((t) => ({ t, key: read(object(t))[0] }));
  if (keyed.every((k) => k.key === undefined))
    throw new CommandError(`couldn't find any field with path "${field}" in the list of objects`);
  const less = (a: unknown, b: unknown): boolean => {
    if (a === undefined) return true;
    if (b === undefined) return false;
    if (typeof a === 'number' && typeof b === 'number') return a < b;
    if (typeof a === 'string' && typeof b === 'string') {
      return isQuantity(a) && isQuantity(b) ? cmpQuantity(a, b) < 0 : a < b;
    }
    throw new CommandError(
      `Field ${field} in ${'*unstructured.Unstructured'} is an unsortable type: interface, err: unsortable ${isMap(a) || Array.isArray(a) ? `type: ${Array.isArray(a) ? '[]interface {}' : 'map[string]interface {}'}` : 'interface: interface'}`,
    );
  };
  // Insertion sort, as Go's sort is for a dozen; a longer list comes out the same where values differ.
  for (let i = 1; i < keyed.length; i++)
    for (let j = i; j > 0 && less(keyed[j]!.key, keyed[j - 1]!.key); j--)
      [keyed[j], keyed[j - 1]] = [keyed[j - 1]!, keyed[j]!];
  return keyed.map((k) => k.t);
}

function lookOf(s: Session, mapping: Mapping, kinds: number): TableLook {
  return {
    wide: s.flags.text('output') === 'wide',
    noHeaders: s.flags.bool('no-headers'),
    withNamespace: s.flags.bool('all-namespaces') && mapping.namespaced,
    kind: s.flags.bool('show-kind') || kinds > 1 ? kindText(mapping) : undefined,
    showLabels: s.flags.bool('show-labels'),
    labelColumns: s.flags.list('label-columns'),
  };
}

/** What the server sent, as a table: an answer that is none becomes one of names and ages. */
function asTableOf(v: Table & Partial<ThingList>, mapping: Mapping, age: (t: string) => string): Table {
  if (v.kind === 'Table') return v;
  const objects = v.items ?? [v as unknown as Thing];
  return {
    kind: 'Table',
    ...(v.metadata && { metadata: v.metadata }),
    columnDefinitions: [
      { name: 'Name', type: 'string' },
      { name: 'Age', type: 'string' },
    ],
    rows: objects.map((o) => ({
      cells: [o.metadata.name ?? '', o.metadata.creationTimestamp ? age(o.metadata.creationTimestamp) : '<unknown>'],
      object: { ...o, kind: mapping.kind },
    })),
  };
}

async function tablesOf(s: Session, step: Step): Promise<readonly Table[]> {
  const by = s.flags.text('sort-by');
  const accept = s.flags.bool('server-print', true) ? asTable : 'application/json';
  const now = s.io.clock.now();
  const shape = (v: Table & Partial<ThingList>) =>
    asTableOf(v, step.mapping, (t) => humanDuration(now - Date.parse(t)));
  const query: Record<string, string> = by ? { includeObject: 'Object' } : {};
  if (step.name !== undefined) {
    const path = pathOf(step.mapping, step.namespace, step.name, s.flags.text('subresource'));
    return [shape(await s.api.json('GET', path, { accept, query, signal: s.io.signal }))];
  }
  const out: Table[] = [];
  for await (const page of pages<Table & Partial<ThingList>>(s, step, { chunk: chunkOf(s), accept, query }))
    out.push(shape(page as Table & Partial<ThingList>));
  return out;
}

async function printTables(s: Session, plan: Plan, errors: unknown[]) {
  const by = s.flags.text('sort-by');
  const answers: { readonly mapping: Mapping; readonly namespaced: boolean; readonly table: Table }[] = [];
  for (const step of plan.steps)
    try {
      for (const table of await tablesOf(s, step))
        answers.push({ mapping: step.mapping, namespaced: step.namespace !== undefined, table });
    } catch (e) {
      if (missingIgnored(s, e)) continue;
      errors.push(e);
    }
  // Several answers are sorted as they came, and a table has no field but its own.
  if (by && answers.length > 1) sortBy(answers, (a) => a.table, by);
  const kinds = new Set(answers.map((a) => a.mapping)).size;
  const groups: { readonly mapping: Mapping; lines: string[] }[] = [];
  let open: (typeof groups)[number] | undefined;
  let columns: Columns = [];
  for (const a of answers) {
    if (open?.mapping !== a.mapping) {
      open = { mapping: a.mapping, lines: [] };
      groups.push(open);
      columns = [];
    }
    if (a.table.columnDefinitions?.length) columns = a.table.columnDefinitions;
    let rows = a.table.rows ?? [];
    try {
      if (by) rows = sortBy(rows, (r) => r.object, by) as typeof rows;
    } catch {
      // Upstream drops a table it cannot sort.
      continue;
    }
    if (rows.length === 0) continue;
    const text = tableRows(columns, rows, lookOf(s, a.mapping, kinds), open.lines.length === 0);
    open.lines.push(...text.map((r) => `${r.join('\t')}\n`));
  }
  const filled = groups.filter((g) => g.lines.length);
  s.io.out(filled.map((g) => alignTabs(g.lines.join(''), tableTabs)).join(s.flags.bool('no-headers') ? '' : '\n'));
  if (filled.length === 0 && errors.length === 0 && !s.flags.bool('ignore-not-found')) {
    const namespaced = !s.flags.bool('all-namespaces') && answers.every((a) => a.mapping.namespaced);
    s.io.err(namespaced ? `No resources found in ${s.namespace} namespace.\n` : 'No resources found\n');
  }
  if (errors.length) throw new Failures(errors);
}

async function watch(s: Session, human: boolean) {
  const plan = await planOf(s, { oneKind: true });
  const [i, ...more] = plan.steps;
  if (!i) throw new CommandError('no resources found');
  if (more.length)
    throw new CommandError(
      'watch is only supported on individual resources and resource collections, but a list of resources is found',
    );
  const printer: Printer | undefined = printerOf(s.flags, { tables: true });
  const events = s.flags.bool('output-watch-events');
  const only = s.flags.bool('watch-only');
  const look = lookOf(s, i.mapping, 1);
  const writer = createRowWriter((t) => s.io.out(t));
  let columns: Columns = [];
  let headed = false;
  const show = (type: string, table: Table) => {
    if (table.columnDefinitions?.length) columns = table.columnDefinitions;
    if (!table.rows?.length) return;
    const rows = tableRows(columns, table.rows, look, !headed);
    writer(events ? rows.map((r, n) => [!headed && !look.noHeaders && n === 0 ? 'EVENT' : type, ...r]) : rows);
    headed = true;
  };
  let documents = 0;
  const showObject = (type: string, o: Thing) => {
    if (!printer) return s.io.out(nameLine({ mapping: i.mapping, object: o }));
    const text = printer(events ? { type, object: o } : o);
    s.io.out(s.flags.text('output') === 'yaml' && documents++ > 0 ? `---\n${text}` : text);
  };
  const accept = human && s.flags.bool('server-print', true) ? asTable : 'application/json';
  const table = (v: unknown) => {
    const now = s.io.clock.now();
    return asTableOf(v as Table & Partial<ThingList>, i.mapping, (t) => humanDuration(now - Date.parse(t)));
  };
  const one = i.name !== undefined;
  const path = pathOf(i.mapping, i.namespace, i.name);
  const query = { labelSelector: i.labelSelector, fieldSelector: i.fieldSelector };
  let listed: Table & ThingList;
  try {
    listed = await s.api.json<Table & ThingList>('GET', path, { query: one ? {} : query, accept, signal: s.io.signal });
  } catch (e) {
    if (missingIgnored(s, e)) return;
    throw e;
  }
  // The watch of one object begins with the object as it is; of a list, with what comes after it.
  let skip = one;
  if (!only)
    if (human) show('ADDED', table(listed));
    else if (one) showObject('ADDED', listed as unknown as Thing);
    else for (const f of foundIn(i.mapping, listed)) showObject('ADDED', f.object);
  else if (human) columns = table(listed).columnDefinitions ?? [];
  const collection = pathOf(i.mapping, i.namespace);
  for await (const e of s.api.watch(collection, {
    query: {
      ...(one ? { fieldSelector: `metadata.name=${i.name}` } : query),
      resourceVersion: one ? '0' : listed.metadata?.resourceVersion,
    },
    accept,
    signal: s.io.signal,
  })) {
    if (e.type === 'ERROR') throw StatusError.fromStatus(e.object as object);
    if (e.type === 'BOOKMARK') continue;
    if (skip) {
      skip = false;
      continue;
    }
    if (human) show(e.type, table(e.object));
    else showObject(e.type, e.object as Thing);
  }
}
