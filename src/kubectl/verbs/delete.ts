/** `kubectl delete`: by file, name, selector or all of a kind; waits until what it deleted is gone. */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, withSource } from '../failure.ts';
import { bool, duration, int, text } from '../flags.ts';
import { kindText, pathOf } from '../mapper.ts';
import { dryRunOf, dryRunText } from '../print/output.ts';
import { dryRunFlag, fileFlags, selectorFlags, type Session } from '../session.ts';
import { carryOut, type Found, planOf } from '../targets.ts';
import { textAt, type Thing } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { TimedOut, watchUntil } from '../waiting.ts';
import { sendRaw } from './raw.ts';

const weekMs = 7 * 24 * 3600_000;

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
    raw: text('Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file.'),
    'grace-period': int('Period of time in seconds given to the resource to terminate gracefully.'),
    cascade: text('Must be "background", "orphan", or "foreground".', undefined, 'background'),
    wait: bool('If true, wait for resources to be gone before returning.'),
    timeout: duration(
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    'ignore-not-found': bool('Treat "resource not found" as a successful delete.'),
    interactive: bool('If true, delete resource only when user confirms.', 'i'),
  },
  async run(s) {
    const { flags } = s;
    const refuse = (message: string) => {
      throw new CommandError(message);
    };
    const propagationPolicy = policy(flags.text('cascade', 'background'));
    const [all, force, raw] = [flags.bool('all'), flags.bool('force'), flags.text('raw', '')];
    let grace = flags.int('grace-period') ?? -1;
    if (flags.bool('now')) {
      if (grace !== -1) refuse('--now and --grace-period cannot be specified together');
      grace = 1;
    }
    // Nothing is lost by accident: zero alone is one, and --force says that zero is meant.
    if (grace === 0 && !force) grace = 1;
    if (force && grace < 0) grace = 0;
    const dry = dryRunOf(flags);
    const errors: unknown[] = [];
    const plan = raw ? undefined : await planOf(s, { needsNames: true, selectAll: true, errors });
    const output = flags.text('output', '');
    if (output && output !== 'name') refuse(`unexpected -o output mode: ${output}. We only support '-o name'`);
    if (all && flags.text('selector')) refuse('cannot set --all and --selector at the same time');
    if (all && flags.text('field-selector')) refuse('cannot set --all and --field-selector at the same time');
    if (force && grace > 0) refuse('--force and --grace-period greater than 0 cannot be specified together');
    if (force && grace === 0)
      s.io.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      );
    const interactive = flags.bool('interactive');
    if (raw && interactive) refuse('--interactive can not be used with --raw');
    if (!plan) return sendRaw(s, 'DELETE', []);
    const selecting = all || Boolean(flags.text('selector')) || Boolean(flags.text('field-selector'));
    const ignore = flags.has('ignore-not-found') ? flags.bool('ignore-not-found') : selecting;
    const missing = (e: unknown) => ignore && e instanceof StatusError && e.code === 404;
    const found: Found[] = [];
    for (const step of plan.steps)
      try {
        found.push(...(await carryOut(s, step, { asInFile: true, byNameOnly: true })));
      } catch (e) {
        if (!missing(e)) errors.push(e);
      }
    if (interactive && found.length && !(await confirmed(s, found))) {
      s.io.out('deletion is cancelled\n');
      return;
    }
    const gone: { readonly f: Found; readonly uid: string }[] = [];
    let warned = !s.namespaceGiven || flags.bool('all-namespaces');
    for (const f of found) {
      try {
        if (!warned && !f.mapping.namespaced) {
          warned = true;
          s.io.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n');
        }
        if (dry === 'client') {
          say(s, f, grace === 0);
          continue;
        }
        const answer = await s.api
          .json<Thing>('DELETE', pathOf(f.mapping, f.namespace, f.name), {
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              propagationPolicy,
              ...(grace >= 0 && { gracePeriodSeconds: grace }),
              ...(dry === 'server' && { dryRun: ['All'] }),
            },
          })
          .catch((e: unknown) => {
            throw missing(e) ? e : withSource('deleting', f.source, e);
          });
        say(s, f, grace === 0);
        gone.push({ f, uid: textAt(answer, 'details', 'uid') || textAt(answer, 'metadata', 'uid') });
      } catch (e) {
        if (!missing(e)) errors.push(e);
      }
    }
    throwAll(errors);
    if (found.length === 0) {
      s.io.out('No resources found\n');
      return;
    }
    // What is forced away is not waited for unless that is asked for.
    const wait = flags.has('wait') ? flags.bool('wait') : !force;
    if (!wait || dry !== 'none') return;
    const end = s.io.clock.monotonic() + (flags.duration('timeout') || weekMs);
    for (const { f, uid } of gone)
      await watchUntil(
        s,
        f.mapping,
        f.namespace,
        f.name,
        (o) => (!o || (uid !== '' && o.metadata.uid !== uid) ? true : undefined),
        Math.max(0, end - s.io.clock.monotonic()),
      ).catch((e: unknown) => {
        if (e instanceof TimedOut)
          errors.push(new CommandError(`timed out waiting for the condition on ${f.mapping.plural}/${f.name}`));
        // Who may delete and not watch has done what could be done.
        else if (!(e instanceof StatusError && (e.code === 403 || e.code === 405))) errors.push(e);
      });
    throwAll(errors);
  },
};

function policy(cascade: string): string {
  switch (cascade) {
    case 'background':
      return 'Background';
    case 'foreground':
      return 'Foreground';
    case 'orphan':
      return 'Orphan';
    default:
      throw new CommandError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
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
