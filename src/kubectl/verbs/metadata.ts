/** `kubectl label` and `kubectl annotate`: `key=value` sets, `key-` removes, `--list` shows. */
import { isLabelValue, isQualifiedName } from '../../machinery/names.ts';
import { CommandError, throwAll, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf, printerOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import type { Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';

interface Change {
  readonly set: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

const isChange = (a: string): boolean => (a.includes('=') && a.indexOf('=') > 0) || (a.endsWith('-') && a.length > 1);

/** Arguments before the first change name resources. @throws CommandError */
export function splitChanges(args: readonly string[]): {
  readonly resources: readonly string[];
  readonly changes: readonly string[];
} {
  const first = args.findIndex((a, i) => isChange(a) && !(i === 0 && !a.includes('=')));
  return first < 0 ? { resources: args, changes: [] } : { resources: args.slice(0, first), changes: args.slice(first) };
}

function parseChanges(changes: readonly string[], word: string, checkValue: boolean): Change {
  const set = new Map<string, string>();
  const removed: string[] = [];
  for (const c of changes) {
    const eq = c.indexOf('=');
    if (eq > 0) {
      const [key, value] = [c.slice(0, eq), c.slice(eq + 1)];
      const wrong = checkValue ? isLabelValue(value) : [];
      if (wrong.length) throw new CommandError(`invalid label value: "${c}": ${wrong.join(';')}`);
      if (checkValue) {
        const badKey = isQualifiedName(key);
        if (badKey.length) throw new CommandError(`invalid label key "${key}": ${badKey.join('; ')}`);
      }
      set.set(key, value);
    } else if (c.endsWith('-')) removed.push(c.slice(0, -1));
    else throw new CommandError(word === 'label' ? `unknown label spec: ${c}` : `unexpected annotation spec: ${c}`);
  }
  const both = removed.find((k) => set.has(k));
  if (both)
    throw new CommandError(
      `can not both modify and remove ${word === 'label' ? 'a label' : 'an annotation'} in the same command`,
    );
  return { set, removed };
}

function verb(word: 'label' | 'annotate'): Verb {
  const field = word === 'label' ? 'labels' : 'annotations';
  const noun = word === 'label' ? 'label' : 'annotation';
  return {
    usage: `${word} [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]`,
    summary: `Update the ${field} on a resource`,
    flags: {
      ...fileFlags,
      ...selectorFlags,
      ...outputFlags,
      ...dryRunFlag,
      overwrite: bool(`If true, allow ${field} to be overwritten.`),
      list: bool(`If true, display the ${field} for a given resource.`),
      local: bool(`If true, ${word} will NOT contact api-server but run locally.`),
      'resource-version': text('The update will only succeed if this is the current resource-version.'),
      'field-manager': text('Name of the manager used to track field ownership.'),
    },
    async run(s) {
      const { resources, changes } = splitChanges(s.flags.args);
      const wanted = parseChanges(changes, word, word === 'label');
      const listing = s.flags.bool('list');
      if (resources.length === 0 && s.flags.list('filename').length === 0)
        throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
      if (changes.length === 0 && !listing) throw new CommandError(`at least one ${noun} update is required`);
      const errors: unknown[] = [];
      const answer = createAnswer(s);
      const dry = dryRunOf(s.flags);
      for (const f of await findObjects(s, { args: resources, needsNames: true, errors }))
        try {
          const have = f.object.metadata[field] ?? {};
          if (listing) {
            s.io.out(
              `Listing ${field} for ${f.mapping.kind}${f.mapping.group ? `.${f.mapping.group}` : ''}/${f.name}:\n`,
            );
            for (const k of Object.keys(have).sort()) s.io.out(` ${k}=${have[k]}\n`);
            continue;
          }
          const clash = s.flags.bool('overwrite')
            ? []
            : [...wanted.set].filter(([k, v]) => have[k] !== undefined && have[k] !== v);
          if (clash.length)
            throw new CommandError(
              word === 'label'
                ? clash.map(([k]) => `'${k}' already has a value (${have[k]}), and --overwrite is false`).join('\n')
                : `--overwrite is false but found the following declared annotation(s): ${clash.map(([k]) => `'${k}' already has a value (${have[k]})`).join('; ')}`,
            );
          for (const k of wanted.removed)
            if (have[k] === undefined) s.io.out(word === 'label' ? `label "${k}" not found.\n` : '');
          const patch = {
            ...Object.fromEntries(wanted.set),
            ...Object.fromEntries(wanted.removed.filter((k) => have[k] !== undefined).map((k) => [k, null])),
          };
          const changed = Object.entries(patch).some(([k, v]) => (v === null ? true : have[k] !== v));
          const version = s.flags.text('resource-version');
          const object =
            dry === 'client' || (word === 'label' && !changed)
              ? {
                  ...f.object,
                  metadata: {
                    ...f.object.metadata,
                    [field]: Object.fromEntries(Object.entries({ ...have, ...patch }).filter(([, v]) => v !== null)),
                  },
                }
              : await s.api.json<Thing>('PATCH', pathOf(f.mapping, f.namespace, f.name), {
                  body: { metadata: { [field]: patch, ...(version && { resourceVersion: version }) } },
                  contentType: 'application/merge-patch+json',
                  query: {
                    fieldManager: s.flags.text('field-manager', `kubectl-${word}`),
                    dryRun: dry === 'server' ? 'All' : undefined,
                  },
                });
          const did =
            word === 'annotate'
              ? 'annotated'
              : !changed
                ? 'not labeled'
                : wanted.removed.length && wanted.set.size === 0
                  ? 'unlabeled'
                  : 'labeled';
          if (printerOf(s.flags) || s.flags.text('output')) answer(f.mapping, object as Thing, did);
          else answer(f.mapping, { ...f.object, metadata: { name: f.name } }, did);
        } catch (e) {
          errors.push(e);
        }
      throwAll(errors);
    },
  };
}

export const label = verb('label');
export const annotate = verb('annotate');
