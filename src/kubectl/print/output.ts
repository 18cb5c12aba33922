/** Objects as `-o json|yaml|name|jsonpath|custom-columns` shows them, and the one-line answer of verbs that change something. */
import { readFileSync } from 'node:fs';
import { toYaml } from '../../schema/yaml.ts';
import { CommandError } from '../failure.ts';
import type { Parsed } from '../flags.ts';
import { kindText, type Mapping } from '../mapper.ts';
import type { Session } from '../session.ts';
import { drop, goPrint, goQuote, goSyntax, sortedJson, type Thing } from '../thing.ts';
import { compileGoTemplate, TemplateError } from './go-template.ts';
import { compileExpression, compileJsonPath, compileJsonPathValues, JsonPathError } from './jsonpath.ts';
import { alignTabs, tableTabs } from './tab-writer.ts';

export type Printer = (v: unknown) => string;
const templates =
  'go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile';
const withTables = `custom-columns,custom-columns-file,${templates},wide,yaml`;
const withoutTables = `${templates},yaml`;

export interface PrinterOptions {
  /** `wide` and custom columns are formats too (`get`). */
  readonly tables?: boolean;
  /** The formats there are; json and yaml alone where a verb takes no others. */
  readonly only?: readonly string[];
}

/** The format asked for; a template alone asks for go-template. */
export const formatOf = (flags: Parsed): string =>
  flags.text('output') || (flags.text('template') ? 'go-template' : '');

/** The printer of the whole answer; undefined for tables (no -o, `wide`) and `name`, which need the kind's mapping. */
export function printerOf(flags: Parsed, o: PrinterOptions = {}): Printer | undefined {
  const given = formatOf(flags);
  const unknown = () =>
    new CommandError(
      `unable to match a printer suitable for the output format "${given}", allowed formats are: ${o.only?.join(',') ?? (o.tables ? withTables : withoutTables)}`,
    );
  if (o.only && given && !o.only.includes(given)) throw unknown();
  const keep = flags.bool('show-managed-fields');
  const strict = !flags.bool('allow-missing-template-keys', true);
  if (!given || given === 'name' || (given === 'wide' && o.tables)) return undefined;
  const clean = (v: unknown) => (keep ? v : withoutManagedFields(v));
  if (given === 'json') return (v) => `${sortedJson(clean(v), 4)}\n`;
  if (given === 'yaml') return (v) => toYaml(clean(v));
  const eq = given.indexOf('=');
  const format = eq < 0 ? given : given.slice(0, eq);
  const argument = eq < 0 ? flags.text('template', '') : given.slice(eq + 1);
  const read = () => {
    try {
      return readFileSync(argument, 'utf8');
    } catch {
      throw new CommandError(`error reading --template ${argument}, open ${argument}: no such file or directory`);
    }
  };
  switch (format) {
    case 'jsonpath':
    case 'jsonpath-file':
    case 'jsonpath-as-json': {
      if (!argument) throw new CommandError('template format specified but no template given');
      return jsonPathPrinter(format === 'jsonpath-file' ? read() : argument, format === 'jsonpath-as-json', strict);
    }
    case 'go-template':
    case 'template':
    case 'go-template-file':
    case 'templatefile': {
      if (!argument) throw new CommandError('template format specified but no template given');
      return goTemplatePrinter(format.endsWith('file') ? read() : argument, strict);
    }
    case 'custom-columns':
    case 'custom-columns-file':
      if (!o.tables) throw unknown();
      try {
        return customColumns(
          format === 'custom-columns' ? argument : columnsOfFile(argument),
          flags.bool('no-headers'),
        );
      } catch (e) {
        if (e instanceof JsonPathError) throw new CommandError(e.message);
        throw e;
      }
    default:
      throw unknown();
  }
}

function jsonPathPrinter(template: string, asJson: boolean, strict: boolean): Printer {
  try {
    const fill = asJson ? compileJsonPathValues(template, strict) : compileJsonPath(template, strict);
    return (v) => {
      try {
        const filled = fill(v);
        return typeof filled === 'string' ? filled : `${sortedJson(filled, 4)}\n`;
      } catch (e) {
        if (!(e instanceof JsonPathError)) throw e;
        throw new CommandError(
          `error executing jsonpath ${goQuote(template)}: Error executing template: ${e.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(v)}\n\n`,
        );
      }
    };
  } catch (e) {
    if (e instanceof JsonPathError) throw new CommandError(`error parsing jsonpath ${template}, ${e.message}`);
    throw e;
  }
}

/** What goes wrong in filling goes to standard output, as upstream has it. */
export class TemplateFailure extends CommandError {
  readonly out: string;
  constructor(message: string, out: string) {
    super(message);
    this.out = out;
  }
}

function goTemplatePrinter(template: string, strict: boolean): Printer {
  try {
    const fill = compileGoTemplate(template, !strict);
    return (v) => {
      try {
        return fill(v);
      } catch (e) {
        if (!(e instanceof TemplateError)) throw e;
        throw new TemplateFailure(
          `error executing template ${goQuote(template)}: ${e.message}`,
          `${e.partial}Error executing template: ${e.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\traw data was:\n\t\t${sortedJson(v)}\n\tobject given to template engine was:\n\t\t${goPrint(v)}\n\n`,
        );
      }
    };
  } catch (e) {
    if (e instanceof TemplateError) throw new CommandError(`error parsing template ${template}, ${e.message}`);
    throw e;
  }
}

function columnsOfFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new CommandError(`error reading template ${file}, open ${file}: no such file or directory`);
  }
  const [names = '', paths = ''] = text.split('\n');
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
    // `--dry-run` alone, as of old.
    case 'unchanged':
      return 'client';
    default:
      throw new CommandError(`Invalid dry-run value (${v}). Must be "none", "server", or "client".`);
  }
}
export const dryRunText = (d: DryRun): string =>
  d === 'none' ? '' : d === 'client' ? ' (dry run)' : ' (server dry run)';

/** Prints what a verb did to each object: `deployment.apps/web scaled`, or the object in the format asked for. */
export function createAnswer(s: Session): (mapping: Mapping, object: Thing, did: string) => void {
  const printer = printerOf(s.flags);
  const name = formatOf(s.flags) === 'name';
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
