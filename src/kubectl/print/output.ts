/** Objects as `-o json|yaml|name|jsonpath|custom-columns` shows them, and the one-line answer of verbs that change something. */
import { readFileSync } from 'node:fs';
import { toYaml } from '../../schema/yaml.ts';
import { CommandError } from '../failure.ts';
import type { Parsed } from '../flags.ts';
import { kindText, type Mapping } from '../mapper.ts';
import type { Session } from '../session.ts';
import { drop, goPrint, sortedJson, type Thing } from '../thing.ts';
import { compileExpression, compileJsonPath, JsonPathError } from './jsonpath.ts';
import { alignTabs, tableTabs } from './tab-writer.ts';

export type Printer = (v: unknown) => string;
const formats =
  'custom-columns, custom-columns-file, go-template, go-template-file, json, jsonpath, jsonpath-as-json, jsonpath-file, name, template, templatefile, wide, yaml';

/** The printer of the whole answer; undefined for tables (no -o, `wide`) and `name`, which need the kind's mapping. */
export function printerOf(flags: Parsed): Printer | undefined {
  const given = flags.text('output');
  if (!given || given === 'wide' || given === 'name') return undefined;
  const keep = flags.bool('show-managed-fields');
  const clean = (v: unknown) => (keep ? v : withoutManagedFields(v));
  if (given === 'json') return (v) => `${sortedJson(clean(v), 4)}\n`;
  if (given === 'yaml') return (v) => toYaml(clean(v));
  const eq = given.indexOf('=');
  const format = eq < 0 ? given : given.slice(0, eq);
  const argument = eq < 0 ? flags.text('template', '') : given.slice(eq + 1);
  try {
    if (format === 'jsonpath' || format === 'jsonpath-file') {
      const template = format === 'jsonpath' ? argument : readFileSync(argument, 'utf8');
      if (!template) throw new CommandError('template format specified but no template given');
      return compileJsonPath(template);
    }
    if (format === 'custom-columns' || format === 'custom-columns-file')
      return customColumns(format === 'custom-columns' ? argument : columnsOfFile(argument), flags.bool('no-headers'));
  } catch (e) {
    if (e instanceof JsonPathError) throw new CommandError(`error parsing jsonpath ${argument}, ${e.message}`);
    throw e;
  }
  throw new CommandError(
    `unable to match a printer suitable for the output format "${given}", allowed formats are: ${formats.replaceAll(', ', ',')}`,
  );
}

function columnsOfFile(file: string): string {
  const [names = '', paths = ''] = readFileSync(file, 'utf8').split('\n');
  const words = (l: string) => l.trim().split(/\s+/);
  return words(names)
    .map((n, i) => `${n}:${words(paths)[i] ?? ''}`)
    .join(',');
}

function customColumns(spec: string, noHeaders: boolean): Printer {
  if (!spec) throw new CommandError('custom-columns format specified but no custom columns given');
  const columns = spec.split(',').map((c) => {
    const at = c.indexOf(':');
    if (at < 0) throw new CommandError(`unexpected custom-columns spec: ${c}, expected <header>:<json-path-expr>`);
    return { header: c.slice(0, at), read: compileExpression(c.slice(at + 1)) };
  });
  const row = (o: unknown) =>
    columns.map((c) => {
      const values = c.read(o);
      return values.length === 0 ? '<none>' : values.map(goPrint).join(',');
    });
  return (v) => {
    const list = v as { readonly items?: readonly unknown[]; readonly kind?: string };
    const items = list.kind?.endsWith('List') && list.items ? list.items : [v];
    const lines = [...(noHeaders ? [] : [columns.map((c) => c.header)]), ...items.map(row)];
    return alignTabs(lines.map((l) => `${l.join('\t')}\n`).join(''), tableTabs);
  };
}

export function withoutManagedFields(v: unknown): unknown {
  const list = v as { readonly items?: readonly unknown[] };
  if (Array.isArray(list?.items))
    return { ...list, items: list.items.map((i) => drop(i, ['metadata', 'managedFields'])) };
  return drop(v, ['metadata', 'managedFields']);
}

/** Several objects as one: a v1 List. */
export const listOf = (items: readonly unknown[]): unknown => ({
  apiVersion: 'v1',
  items,
  kind: 'List',
  metadata: { resourceVersion: '' },
});

export type DryRun = 'none' | 'client' | 'server';
/** @throws CommandError for a value that is none */
export function dryRunOf(flags: Parsed): DryRun {
  const v = flags.text('dry-run');
  switch (v) {
    case undefined:
    case 'none':
      return 'none';
    case 'client':
    case 'server':
      return v;
    case 'unchanged':
    case 'true':
    case 'false':
      throw new CommandError(`Invalid dry-run value (${v}). Must be "none", "server", or "client".`);
    default:
      throw new CommandError(`Invalid dry-run value (${v}). Must be "none", "server", or "client".`);
  }
}
export const dryRunText = (d: DryRun): string =>
  d === 'none' ? '' : d === 'client' ? ' (dry run)' : ' (server dry run)';

/** Prints what a verb did to each object: `deployment.apps/web scaled`, or the object in the format asked for. */
export function createAnswer(s: Session): (mapping: Mapping, object: Thing, did: string) => void {
  const printer = printerOf(s.flags);
  const name = s.flags.text('output') === 'name';
  const dry = dryRunText(s.flags.has('dry-run') ? dryRunOf(s.flags) : 'none');
  let first = true;
  return (mapping, object, did) => {
    if (printer) {
      s.io.out((first || !s.flags.text('output')?.startsWith('yaml') ? '' : '---\n') + printer(object));
      first = false;
      return;
    }
    const what = `${kindText(mapping)}/${object.metadata.name ?? ''}`;
    s.io.out(name ? `${what}\n` : `${what} ${did}${dry}\n`);
  };
}
