/** `kubectl scale`: the number of replicas, through the scale subresource (upstream: kubectl/pkg/cmd/scale, pkg/scale). */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll } from '../failure.ts';
import { duration, int, text } from '../flags.ts';
import { apiVersionOf, pathOf } from '../mapper.ts';
import { createAnswer, dryRunOf } from '../print/output.ts';
import { dryRunFlag, fileFlags, outputFlags, selectorFlags, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { at, numberAt, put, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';
import { requireFlags } from './create.ts';

const retryMs = 1000;
const retryLimitMs = 300_000;

export const scale: Verb = {
  usage: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  summary: 'Set a new size for a deployment, replica set, or replication controller',
  flags: {
    ...fileFlags,
    ...outputFlags,
    ...dryRunFlag,
    selector: selectorFlags['selector']!,
    all: selectorFlags['all']!,
    replicas: int('The new desired number of replicas. Required.'),
    'current-replicas': int('Precondition for current size.'),
    'resource-version': text('Precondition for resource version.'),
    timeout: duration("The length of time to wait before giving up on a scale operation, zero means don't wait."),
  },
  async run(s) {
    const { flags } = s;
    requireFlags(s, ['replicas']);
    const dry = dryRunOf(flags);
    const answer = createAnswer(s);
    const replicas = flags.int('replicas') ?? 0;
    const current = flags.int('current-replicas') ?? -1;
    if (replicas < 0)
      throw new CommandError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    if (current < -1) throw new CommandError('The --current-replicas must specify an integer of -1 or greater');
    const errors: unknown[] = [];
    const found = await findObjects(s, { needsNames: true, errors, asInFile: true });
    const version = flags.text('resource-version', '');
    if (version && found.length > 1) throw new CommandError('cannot use --resource-version with multiple resources');
    if (found.length === 0) {
      throwAll(errors);
      throw new CommandError('no objects passed to scale');
    }
    for (const f of found) {
      if (dry !== 'client') await scaleOne(s, f, replicas, current, version, dry === 'server');
      const typed = { ...f.object, apiVersion: apiVersionOf(f.mapping), kind: f.mapping.kind };
      answer(f.mapping, at(typed, 'spec') === undefined ? typed : put(typed, ['spec', 'replicas'], replicas), 'scaled');
    }
    throwAll(errors);
  },
};

async function scaleOne(s: Session, f: Found, replicas: number, current: number, version: string, dry: boolean) {
  const path = pathOf(f.mapping, f.namespace, f.name, 'scale');
  const query = { fieldManager: 'kubectl-scale', dryRun: dry ? 'All' : undefined };
  const asked = current !== -1 || version !== '';
  const end = s.io.clock.monotonic() + retryLimitMs;
  for (;;)
    try {
      if (asked) {
        const now = await s.api.json<Thing>('GET', path);
        const size = numberAt(now, 'spec', 'replicas');
        if (current !== -1 && size !== current)
          throw new CommandError(`Expected replicas to be ${current}, was ${size}`);
        if (version && now.metadata.resourceVersion !== version)
          throw new CommandError(`Expected resource version to be ${version}, was ${now.metadata.resourceVersion}`);
        await s.api.json('PUT', path, {
          body: put(now, ['spec', 'replicas'], replicas),
          query: { dryRun: query.dryRun },
        });
      } else
        await s.api.json('PATCH', path, {
          body: { spec: { replicas } },
          contentType: 'application/merge-patch+json',
          query: { dryRun: query.dryRun },
        });
      break;
    } catch (e) {
      if (!(e instanceof StatusError && e.reason === 'Conflict' && asked) || s.io.clock.monotonic() > end) throw e;
      await s.io.clock.sleep(retryMs, s.io.signal);
    }
  const timeout = s.flags.duration('timeout');
  if (!timeout || dry) return;
  // Done when what was asked for is observed and made.
  await watchUntil(
    s,
    f.mapping,
    f.namespace,
    f.name,
    (o) =>
      !o ||
      (numberAt(o, 'status', 'observedGeneration') >= (o.metadata.generation ?? 0) &&
        numberAt(o, 'spec', 'replicas') === numberAt(o, 'status', 'replicas'))
        ? true
        : undefined,
    timeout,
  );
}
