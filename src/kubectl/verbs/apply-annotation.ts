/** `kubectl apply view-last-applied`, `set-last-applied`, `edit-last-applied`: the annotation that apply compares with. */
import { toYaml } from '../../schema/yaml.ts';
import { CommandError, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { readManifests } from '../manifest.ts';
import { pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags } from '../session.ts';
import { findObjects } from '../targets.ts';
import { drop, put, sortedJson, type Thing } from '../thing.ts';
import type { Verb, VerbRow } from '../verb.ts';
import { lastApplied } from './apply.ts';
import { editLastApplied } from './edit.ts';

const view: Verb = {
  usage: 'apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  summary: 'View the latest last-applied-configuration annotations of a resource/object',
  flags: {
    ...fileFlags,
    selector: selectorFlags['selector']!,
    all: selectorFlags['all']!,
    output: text('Output format. Must be one of (yaml, json)', 'o'),
  },
  async run(s) {
    const output = s.flags.text('output', 'yaml') || 'yaml';
    const found = await findObjects(s, { needsNames: true });
    const texts = found.flatMap((f) => f.object.metadata.annotations?.[lastApplied] ?? []);
    if (output !== 'yaml' && output !== 'json')
      throw new UsageError(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
    for (const t of texts) {
      const v: unknown = JSON.parse(t);
      s.io.out(output === 'yaml' ? toYaml(v) : `${sortedJson(v, 2)}\n`);
    }
  },
};

const set: Verb = {
  usage: 'apply set-last-applied -f FILENAME',
  summary: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  flags: {
    ...outputFlags,
    ...dryRunFlag,
    filename: fileFlags['filename']!,
    'create-annotation': bool(
      "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
  },
  async run(s) {
    const answer = createAnswer(s);
    const dry = dryRunOf(s.flags);
    for (const m of await readManifests(s)) {
      const bare = drop(m.object, ['metadata', 'annotations', lastApplied]);
      const wanted = `${sortedJson(bare)}\n`;
      const live = await s.api.json<Thing>('GET', pathOf(m.mapping, m.namespace, m.name));
      const text = live.metadata.annotations?.[lastApplied];
      if (text === undefined && !s.flags.bool('create-annotation'))
        throw new CommandError(
          `no last-applied-configuration annotation found on resource: ${m.name}, to create the annotation, run the command with --create-annotation`,
        );
      if (text === wanted) {
        s.io.out(`set-last-applied ${m.name}: no changes required.\n`);
        continue;
      }
      const after =
        dry === 'client'
          ? put(bare, ['metadata', 'annotations', lastApplied], wanted)
          : await s.api.json<Thing>('PATCH', pathOf(m.mapping, m.namespace, m.name), {
              body: { metadata: { annotations: { [lastApplied]: wanted } } },
              contentType: 'application/merge-patch+json',
              query: { fieldManager: 'kubectl-client-side-apply', dryRun: dry === 'server' ? 'All' : undefined },
            });
      answer(m.mapping, after, 'configured');
    }
  },
};

export const applyRows: readonly VerbRow[] = [
  { name: 'edit-last-applied', summary: editLastApplied.summary, load: async () => editLastApplied },
  { name: 'set-last-applied', summary: set.summary, load: async () => set },
  { name: 'view-last-applied', summary: view.summary, load: async () => view },
];
