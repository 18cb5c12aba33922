/** `kubectl get`: tables from the server, or objects in a format; lists, names, files, watches. */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError } from '../failure.ts';
import { bool, list, text } from '../flags.ts';
import { kindText, type Mapping, pathOf } from '../mapper.ts';
import { compileExpression } from '../print/jsonpath.ts';
import { listOf, printerOf } from '../print/output.ts';
import { type Columns, type Table, type TableLook, tableRows } from '../print/table.ts';
import { alignTabs, createRowWriter, tableTabs } from '../print/tab-writer.ts';
import { fileFlags, outputFlags, selectorFlags, type Session } from '../session.ts';
import { parseTargets } from '../targets.ts';
import type { Thing, ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';

const asTable =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** One request: an object by name, or all of a kind. */
interface Item {
  readonly mapping: Mapping;
  readonly namespace: string | undefined;
  readonly name?: string;
}

export const get: Verb = {
  usage:
    'get [(-o|--output=)json|yaml|name|jsonpath|custom-columns|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE/NAME ...) [flags]',
  summary: 'Display one or many resources',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...outputFlags,
    watch: bool('After listing/getting the requested object, watch for changes.', 'w'),
    'watch-only': bool('Watch for changes to the requested object(s), without listing/getting first.'),
    'output-watch-events': bool('Output watch event objects when --watch or --watch-only is used.'),
    'show-labels': bool('When printing, show all labels as the last column'),
    'show-kind': bool('If present, list the resource type for the requested object(s).'),
    'label-columns': list('Labels that are going to be presented as columns.', 'L'),
    'no-headers': bool("When using the default or custom-column output format, don't print headers."),
    'ignore-not-found': bool('If the requested object does not exist the command will return exit code 0.'),
    'sort-by': text('If non-empty, sort list types using this field specification.'),
    'chunk-size': text('Return large lists in chunks rather than all at once.'),
    subresource: text('If specified, gets the subresource of the requested object.'),
    raw: text('Raw URI to request from the server.'),
    'server-print': bool('If true, have the server return the appropriate table output.'),
  },
  async run(s) {
    const raw = s.flags.text('raw');
    if (raw) return s.io.out(await s.api.text('GET', raw));
    const { items, kinds } = await itemsOf(s);
    if (s.flags.bool('watch') || s.flags.bool('watch-only')) return watch(s, items);
    const printer = printerOf(s.flags);
    if (printer || s.flags.text('output') === 'name') return printObjects(s, items, printer);
    return printTables(s, items, kinds);
  },
};

async function itemsOf(s: Session): Promise<{ readonly items: readonly Item[]; readonly kinds: number }> {
  const everywhere = s.flags.bool('all-namespaces');
  if (s.flags.list('filename').length) {
    const { readManifests } = await import('../manifest.ts');
    const items = await readManifests(s);
    return { items, kinds: new Set(items.map((i) => i.mapping)).size };
  }
  if (s.flags.args.length === 0) {
    s.io.err(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    );
    throw new UsageError(
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    );
  }
  const targets = parseTargets(await s.mapper(), s.flags.args);
  const named = targets.some((t) => t.name !== undefined);
  if (named && everywhere && targets.some((t) => t.mapping.namespaced))
    throw new CommandError('a resource cannot be retrieved by name across all namespaces');
  if (named && s.flags.text('selector')) throw new CommandError('name cannot be provided when a selector is specified');
  return {
    items: targets.map((t) => ({
      mapping: t.mapping,
      namespace: t.mapping.namespaced && !everywhere ? s.namespace : undefined,
      ...(t.name !== undefined && { name: t.name }),
    })),
    kinds: new Set(targets.map((t) => t.mapping)).size,
  };
}

const queryOf = (s: Session, i: Item) => ({
  ...(i.name === undefined && {
    labelSelector: s.flags.text('selector'),
    fieldSelector: s.flags.text('field-selector'),
    limit: s.flags.int('chunk-size') ?? 500,
  }),
});

/** Keeps what fails, unless it is to be ignored. */
function keep(s: Session, errors: unknown[], e: unknown): void {
  if (e instanceof StatusError && e.code === 404 && s.flags.bool('ignore-not-found')) return;
  if (!(e instanceof StatusError)) throw e;
  errors.push(e);
}

async function printObjects(s: Session, items: readonly Item[], printer: ((v: unknown) => string) | undefined) {
  const errors: unknown[] = [];
  const objects: { readonly mapping: Mapping; readonly object: Thing }[] = [];
  for (const i of items)
    try {
      const path = pathOf(i.mapping, i.namespace, i.name, s.flags.text('subresource'));
      if (i.name !== undefined) {
        objects.push({ mapping: i.mapping, object: await s.api.json<Thing>('GET', path, { signal: s.io.signal }) });
        continue;
      }
      let next: string | undefined;
      do {
        const l = await s.api.json<ThingList>('GET', path, {
          query: { ...queryOf(s, i), continue: next },
          signal: s.io.signal,
        });
        const { mapping } = i;
        const what = { apiVersion: l.apiVersion, kind: mapping.kind };
        objects.push(...(l.items ?? []).map((o) => ({ mapping, object: { ...what, ...o } })));
        next = l.metadata.continue;
      } while (next);
    } catch (e) {
      keep(s, errors, e);
    }
  const by = s.flags.text('sort-by');
  const sorted = by ? sortBy(objects, (o) => o.object, by) : objects;
  if (!printer) s.io.out(sorted.map((o) => `${kindText(o.mapping)}/${o.object.metadata.name}\n`).join(''));
  else if (items.length === 1 && items[0]!.name !== undefined) {
    if (sorted[0]) s.io.out(printer(sorted[0].object));
  } else if (errors.length === 0 || sorted.length) s.io.out(printer(listOf(sorted.map((o) => o.object))));
  throwAll(errors);
}

/** Sorted by a JSONPath; numbers as numbers, missing values first. @throws CommandError */
export function sortBy<T>(items: readonly T[], object: (t: T) => unknown, expression: string): readonly T[] {
  const read = compileExpression(expression);
  const keyed = items.map((t) => ({ t, key: read(object(t))[0] }));
  if (items.length && keyed.every((k) => k.key === undefined))
    throw new CommandError(
      `couldn't find any field with path "{${expression.replace(/^\{|\}$/g, '')}}" in the list of objects`,
    );
  return keyed
    .sort(({ key: a }, { key: b }) => {
      if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
      if (typeof a === 'number' && typeof b === 'number') return a - b;
      return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
    })
    .map((k) => k.t);
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

async function tableOf(s: Session, i: Item): Promise<Table> {
  const by = s.flags.text('sort-by');
  const path = pathOf(i.mapping, i.namespace, i.name, s.flags.text('subresource'));
  const ask = (next?: string) =>
    s.api.json<Table>('GET', path, {
      accept: asTable,
      query: { ...queryOf(s, i), includeObject: by ? 'Object' : undefined, continue: next },
      signal: s.io.signal,
    });
  const first = await ask();
  const rows = [...(first.rows ?? [])];
  for (let next = first.metadata?.continue; next; ) {
    const more = await ask(next);
    rows.push(...(more.rows ?? []));
    next = more.metadata?.continue;
  }
  return { ...first, rows: by ? sortBy(rows, (r) => r.object, by) : rows };
}

async function printTables(s: Session, items: readonly Item[], kinds: number) {
  const errors: unknown[] = [];
  const everywhere = s.flags.bool('all-namespaces');
  let open:
    | { readonly mapping: Mapping; columns: Columns; readonly rows: NonNullable<Table['rows']>[number][] }
    | undefined;
  const groups: NonNullable<typeof open>[] = [];
  for (const i of items)
    try {
      const table = await tableOf(s, i);
      if (open?.mapping !== i.mapping) {
        open = { mapping: i.mapping, columns: table.columnDefinitions ?? [], rows: [] };
        groups.push(open);
      }
      if (table.columnDefinitions?.length) open!.columns = table.columnDefinitions;
      open!.rows.push(...(table.rows ?? []));
    } catch (e) {
      keep(s, errors, e);
    }
  const filled = groups.filter((g) => g.rows.length);
  s.io.out(
    filled
      .map((g) => {
        const rows = tableRows(g.columns, g.rows, lookOf(s, g.mapping, Math.min(kinds, groups.length)), true);
        return alignTabs(rows.map((r) => `${r.join('\t')}\n`).join(''), tableTabs);
      })
      .join('\n'),
  );
  if (filled.length === 0 && errors.length === 0 && !s.flags.bool('ignore-not-found'))
    s.io.err(
      everywhere || !items.some((i) => i.mapping.namespaced)
        ? 'No resources found\n'
        : `No resources found in ${s.namespace} namespace.\n`,
    );
  throwAll(errors);
}

async function watch(s: Session, items: readonly Item[]) {
  const [i, ...more] = items;
  if (!i || more.length) throw new CommandError('you may only specify a single resource type');
  const printer = printerOf(s.flags);
  const byName = s.flags.text('output') === 'name';
  const events = s.flags.bool('output-watch-events');
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
  const showObject = (o: Thing) => s.io.out(printer ? printer(o) : `${kindText(i.mapping)}/${o.metadata.name}\n`);
  const plain = Boolean(printer) || byName;
  const accept = plain ? 'application/json' : asTable;
  const collection = pathOf(i.mapping, i.namespace);
  const query = {
    labelSelector: s.flags.text('selector'),
    fieldSelector: i.name !== undefined ? `metadata.name=${i.name}` : s.flags.text('field-selector'),
  };
  if (i.name !== undefined) await s.api.json('GET', pathOf(i.mapping, i.namespace, i.name));
  const listed = await s.api.json<Table & ThingList>('GET', collection, { query, accept, signal: s.io.signal });
  if (!s.flags.bool('watch-only')) {
    if (plain) for (const o of listed.items) showObject({ ...o, apiVersion: listed.apiVersion, kind: i.mapping.kind });
    else show('ADDED', listed);
  } else columns = listed.columnDefinitions ?? [];
  const from = listed.metadata?.resourceVersion;
  for await (const e of s.api.watch(collection, {
    query: { ...query, resourceVersion: from },
    accept,
    signal: s.io.signal,
  })) {
    if (e.type === 'ERROR') throw StatusError.fromStatus(e.object as object);
    if (e.type === 'BOOKMARK') continue;
    if (plain) showObject(e.object as Thing);
    else show(e.type, e.object as Table);
  }
}
