/** `kubectl delete`: by file, name, selector or all of a kind; waits until what it deleted is gone. */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { readManifests } from '../manifest.ts';
import { kindText, pathOf } from '../mapper.ts';
import { dryRunOf, dryRunText } from '../print/output.ts';
import { dryRunFlag, fileFlags, selectorFlags, type Session } from '../session.ts';
import { type Found, findObjects, parseTargets } from '../targets.ts';
import { textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';

export const remove: Verb = {
  usage: 'delete ([-f FILENAME] | TYPE [(NAME | -l label | --all)]) [flags]',
  summary: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...dryRunFlag,
    output: text('Output mode. Use "-o name" for shorter output (resource/name).', 'o'),
    now: bool('If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
    force: bool('If true, immediately remove resources from API and bypass graceful deletion.'),
    'grace-period': text('Period of time in seconds given to the resource to terminate gracefully.'),
    cascade: text('Must be "background", "orphan", or "foreground".', undefined, 'background'),
    wait: bool('If true, wait for resources to be gone before returning.'),
    timeout: text(
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    'ignore-not-found': bool('Treat "resource not found" as a successful delete.'),
    interactive: bool('If true, delete resource only when user confirms.', 'i'),
  },
  async run(s) {
    const { flags } = s;
    const output = flags.text('output');
    if (output && output !== 'name')
      throw new CommandError(`unexpected -o output mode: ${output}. We only support '-o name'`);
    if (flags.bool('all') && flags.has('field-selector'))
      throw new UsageError('cannot set --all and --field-selector at the same time');
    const dry = dryRunOf(flags);
    let grace = flags.int('grace-period') ?? -1;
    const force = flags.bool('force');
    let wait = flags.bool('wait', true);
    if (flags.bool('now')) {
      if (grace !== -1) throw new UsageError('--now and --grace-period cannot be specified together');
      grace = 1;
    }
    if (grace === 0 && !force) {
      wait = true;
      grace = 1;
    }
    if (force && grace < 0) grace = 0;
    if (force && grace > 0)
      throw new UsageError('--force and --grace-period greater than 0 cannot be specified together');
    if (force && dry === 'none')
      s.io.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    if (force && !flags.has('wait')) wait = false;
    const propagationPolicy = policy(flags.text('cascade', 'background'));
    const errors: unknown[] = [];
    const ignore = flags.bool('ignore-not-found') || flags.bool('all');
    const found = await objects(s);
    if (flags.bool('interactive') && found.length && !(await confirmed(s, found))) {
      s.io.out('deletion is cancelled\n');
      return;
    }
    const gone: { readonly f: Found; readonly uid: string }[] = [];
    let count = 0;
    for (const f of found) {
      count++;
      try {
        let answer: Thing | undefined;
        if (dry !== 'client')
          answer = await s.api.json<Thing>('DELETE', pathOf(f.mapping, f.namespace, f.name), {
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              propagationPolicy,
              ...(grace >= 0 && { gracePeriodSeconds: grace }),
              ...(dry === 'server' && { dryRun: ['All'] }),
            },
          });
        else await s.api.json('GET', pathOf(f.mapping, f.namespace, f.name));
        say(s, f, grace === 0);
        if (dry === 'none')
          gone.push({ f, uid: textAt(answer, 'metadata', 'uid') || textAt(answer, 'details', 'uid') });
      } catch (e) {
        if (!(ignore && e instanceof StatusError && e.code === 404)) errors.push(e);
      }
    }
    if (count === 0 && errors.length === 0 && !flags.list('filename').length) s.io.out('No resources found\n');
    if (wait)
      for (const { f, uid } of gone)
        await watchUntil(
          s,
          f.mapping,
          f.namespace,
          f.name,
          (o) => (!o || (uid !== '' && o.metadata.uid !== uid) ? true : undefined),
          flags.duration('timeout') || undefined,
        ).catch((e: unknown) => {
          // Who may delete and not watch has done what could be done.
          if (!(e instanceof StatusError && (e.code === 403 || e.code === 405))) errors.push(e);
        });
    throwAll(errors);
  },
};

function policy(cascade: string): string {
  switch (cascade) {
    case 'background':
    case 'true':
      return 'Background';
    case 'foreground':
      return 'Foreground';
    case 'orphan':
    case 'false':
      return 'Orphan';
    default:
      throw new CommandError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
}

/** Named objects are not read first: the server says what is not there. */
async function objects(s: Session): Promise<readonly Found[]> {
  if (s.flags.list('filename').length) return readManifests(s);
  const targets = parseTargets(await s.mapper(), s.flags.args);
  if (targets.length && targets.every((t) => t.name !== undefined)) {
    if (s.flags.text('selector')) throw new CommandError('name cannot be provided when a selector is specified');
    if (s.flags.bool('all')) throw new CommandError('name cannot be provided when a selector is specified');
    return targets.map((t) => ({
      mapping: t.mapping,
      namespace: t.mapping.namespaced ? s.namespace : undefined,
      name: t.name!,
      object: { apiVersion: '', kind: t.mapping.kind, metadata: { name: t.name! } },
    }));
  }
  return findObjects(s, { needsNames: true });
}

function say(s: Session, f: Found, forced: boolean): void {
  if (s.flags.text('output') === 'name') {
    s.io.out(`${kindText(f.mapping)}/${f.name}\n`);
    return;
  }
  const where = f.mapping.namespaced ? ` from ${f.namespace} namespace` : '';
  s.io.out(
    `${kindText(f.mapping)} "${f.name}" ${forced ? 'force deleted' : 'deleted'}${where}${dryRunText(dryRunOf(s.flags))}\n`,
  );
}

async function confirmed(s: Session, found: readonly Found[]): Promise<boolean> {
  s.io.out(`You are about to delete the following ${found.length} resource(s):\n`);
  for (const f of found) s.io.out(`${kindText(f.mapping)}/${f.name}\n`);
  s.io.out('Do you want to continue? (y/N): ');
  for await (const c of s.io.stdin) return String(c).trim().toLowerCase() === 'y';
  return false;
}
