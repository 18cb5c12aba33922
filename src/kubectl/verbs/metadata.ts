/** `kubectl label` and `kubectl annotate`: `key=value` sets, `key-` removes, `--list` shows (upstream: kubectl/pkg/cmd/label, annotate). */
import { isLabelValue } from '../../machinery/names.ts';
import { createJsonMergePatch } from '../../schema/merge/index.ts';
import { CommandError, Failures, throwAll } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, formatOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags } from '../session.ts';
import { search } from '../targets.ts';
import { drop, isMap, put, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';

type What = 'labels' | 'annotations';

/** Arguments before the first change name resources. @throws CommandError */
export function splitChanges(
  args: readonly string[],
  word = 'label',
): { readonly resources: readonly string[]; readonly changes: readonly string[] } {
  const isChange = (a: string) => a.includes('=') || a.endsWith('-');
  const at = args.findIndex(isChange);
  const resources = at < 0 ? args : args.slice(0, at);
  const changes = at < 0 ? [] : args.slice(at);
  if (changes.some((c) => !isChange(c)))
    throw new CommandError(
      `all resources must be specified before ${word} changes: ${changes.find((c) => !isChange(c))}`,
    );
  return { resources, changes };
}

interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

function parse(changes: readonly string[], what: What): Changes {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const c of changes) {
    const eq = c.indexOf('=');
    if (eq >= 0) {
      if (what === 'labels') {
        if (c.split('=').length !== 2) throw new CommandError(`invalid label spec: ${c}`);
        const wrong = isLabelValue(c.slice(eq + 1));
        if (wrong.length) throw new CommandError(`invalid label value: ${JSON.stringify(c)}: ${wrong.join(';')}`);
      } else if (eq === 0) throw new CommandError(`invalid annotation format: ${c}`);
      set.set(c.slice(0, eq), c.slice(eq + 1));
    } else remove.push(c.slice(0, -1));
  }
  const both = remove.filter((r) => set.has(r));
  if (both.length)
    throw new CommandError(
      what === 'labels'
        ? 'can not both modify and remove a label in the same command'
        : `can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`,
    );
  return { set, remove };
}

function overwrites(have: Readonly<Record<string, string>>, c: Changes, what: What): Error | undefined {
  const clashes = [...c.set].filter(([k, v]) => have[k] !== undefined && have[k] !== v);
  if (clashes.length === 0) return undefined;
  if (what === 'annotations')
    return new CommandError(
      `--overwrite is false but found the following declared annotation(s): ${clashes.map(([k]) => `'${k}' already has a value (${have[k]})`).join('; ')}`,
    );
  const errors = clashes.map(
    ([k]) => new CommandError(`'${k}' already has a value (${have[k]}), and --overwrite is false`),
  );
  return errors.length === 1 ? errors[0] : new Failures(errors);
}

const verb = (word: 'label' | 'annotate', what: What): Verb => ({
  usage: `${word} [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]`,
  summary: `Update the ${what} on a resource`,
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...outputFlags,
    ...dryRunFlag,
    overwrite: bool(`If true, allow ${what} to be overwritten.`),
    list: bool(`If true, display the ${what} for a given resource.`),
    local: bool(`If true, ${word} will NOT contact api-server but run locally.`),
    'resource-version': text('Only change the object if it is of this version.'),
    'field-manager': text('Name of the manager used to track field ownership.'),
  },
  async run(s) {
    const { flags } = s;
    const noun = word === 'label' ? 'label' : 'annotation';
    const dry = dryRunOf(flags);
    const { resources, changes } = splitChanges(flags.args, noun);
    const wanted = parse(changes, what);
    printerOf(flags);
    const [list, local, all] = [flags.bool('list'), flags.bool('local'), flags.bool('all')];
    const refuse = (message: string) => {
      throw new CommandError(message);
    };
    const files = flags.list('filename').length > 0 || Boolean(flags.text('kustomize'));
    if (list && formatOf(flags)) refuse('--list and --output may not be specified together');
    if (all && flags.text('selector')) refuse('cannot set --all and --selector at the same time');
    if (all && flags.text('field-selector')) refuse('cannot set --all and --field-selector at the same time');
    const example = word === 'label' ? 'pod' : 'rsrc';
    if (local) {
      if (dry === 'server') refuse('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
      if (resources.length)
        refuse(`can only use local files by -f ${example}.yaml or --filename=${example}.json when --local=true is set`);
      if (!files) refuse(`one or more files must be specified as -f ${example}.yaml or --filename=${example}.json`);
    } else if (resources.length === 0 && !files)
      refuse('one or more resources must be specified as <resource> <name> or <resource>/<name>');
    if (changes.length === 0 && !list) refuse(`at least one ${noun} update is required`);
    const errors: unknown[] = [];
    const { found, single } = await search(s, { args: resources, errors, needsNames: true, asInFile: local });
    const version = flags.text('resource-version', '');
    if (!single && version) refuse('--resource-version may only be used with a single resource');
    const answer = createAnswer(s);
    for (const f of found)
      try {
        const have = f.object.metadata[what] ?? {};
        if (!flags.bool('overwrite') && !list) {
          const clash = overwrites(have, wanted, what);
          if (clash) throw clash;
        }
        const added = [...wanted.set].filter(([k, v]) => have[k] !== v);
        const removed = wanted.remove.filter((k) => have[k] !== undefined);
        let after: Thing = put(f.object, ['metadata', what], { ...have, ...Object.fromEntries(wanted.set) });
        for (const k of wanted.remove) after = drop(after, ['metadata', what, k]);
        if (list) {
          if (!single) s.io.out(`Listing ${what} for ${f.mapping.kind}.${f.mapping.group}/${f.name}:\n`);
          for (const [k, v] of Object.entries(after.metadata[what] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
            s.io.out(`${single ? '' : ' '}${k}=${v}\n`);
          continue;
        }
        if (dry !== 'client' && !local) {
          if (word === 'label')
            for (const k of wanted.remove) if (have[k] === undefined) s.io.out(`label "${k}" not found.\n`);
          const patch = createJsonMergePatch(f.object, after);
          const body = version ? put(patch, ['metadata', 'resourceVersion'], version) : patch;
          if (word === 'annotate' || added.length || removed.length)
            after = await s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name), {
              body,
              contentType: 'application/merge-patch+json',
              query: {
                fieldManager: flags.text('field-manager') || `kubectl-${word}`,
                dryRun: dry === 'server' ? 'All' : undefined,
              },
            });
        }
        if (isMap(after.metadata[what]) && Object.keys(after.metadata[what]).length === 0)
          after = drop(after, ['metadata', what]);
        answer(f.mapping, after, said(word, added.length > 0, removed.length > 0));
      } catch (e) {
        if (e instanceof Failures) errors.push(...e.errors);
        else errors.push(e);
      }
    throwAll(errors);
  },
});

function said(word: 'label' | 'annotate', added: boolean, removed: boolean): string {
  if (word === 'annotate') return 'annotated';
  if (added && removed) return 'modified';
  return added ? 'labeled' : removed ? 'unlabeled' : 'not labeled';
}

export const label = verb('label', 'labels');
export const annotate = verb('annotate', 'annotations');
