/** `kubectl cordon`, `uncordon`, `drain` and `taint` of nodes (upstream: kubectl/pkg/drain). */
import { StatusError } from '../../machinery/status-error.ts';
import { CommandError, throwAll, UsageError } from '../failure.ts';
import { bool, text } from '../flags.ts';
import { pathOf } from '../mapper.ts';
import { dryRunOf, dryRunText } from '../print/output.ts';
import { dryRunFlag, type Session } from '../session.ts';
import { type Found, findObjects } from '../targets.ts';
import { at, listAt, textAt, type Thing, type ThingList } from '../thing.ts';
import type { Verb } from '../verb.ts';
import { watchUntil } from '../waiting.ts';

const common = { ...dryRunFlag, selector: text('Selector (label query) to filter on.', 'l') };
const retryMs = 5000;

async function mark(s: Session, f: Found, unschedulable: boolean): Promise<void> {
  const word = unschedulable ? 'cordoned' : 'uncordoned';
  const dry = dryRunOf(s.flags);
  const already = (at(f.object, 'spec', 'unschedulable') === true) === unschedulable;
  if (!already && dry !== 'client')
    await s.api.json('PATCH', pathOf(f.mapping, undefined, f.name), {
      body: { spec: { unschedulable: unschedulable || null } },
      contentType: 'application/strategic-merge-patch+json',
      query: {
        fieldManager: `kubectl-${unschedulable ? 'cordon' : 'uncordon'}`,
        dryRun: dry === 'server' ? 'All' : undefined,
      },
    });
  s.io.out(`node/${f.name} ${already ? 'already ' : ''}${word}${dryRunText(dry)}\n`);
}

const nodes = (s: Session): Promise<readonly Found[]> => {
  if (s.flags.args.length === 0 && !s.flags.text('selector'))
    throw new UsageError('node name or --selector must be given');
  return findObjects(s, { defaultType: 'nodes' });
};

const marking = (unschedulable: boolean): Verb => ({
  usage: `${unschedulable ? 'cordon' : 'uncordon'} NODE`,
  summary: unschedulable ? 'Mark node as unschedulable' : 'Mark node as schedulable',
  flags: common,
  async run(s) {
    for (const f of await nodes(s)) await mark(s, f, unschedulable);
  },
});
export const cordon = marking(true);
export const uncordon = marking(false);

interface DrainChoices {
  readonly force: boolean;
  readonly ignoreDaemonSets: boolean;
  readonly deleteEmptyDir: boolean;
}
/** What is done with a pod: evicted, left, or in the way. */
export type Verdict = { readonly do: 'evict' | 'skip' | 'refuse'; readonly why: string };

/** @param now whether the pod's daemon set exists does not matter: the server's garbage collector deals with orphans */
export function verdictOf(pod: Thing, c: DrainChoices): Verdict {
  const done = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
  const controller = pod.metadata.ownerReferences?.find((r) => r.controller);
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { do: 'skip', why: '' };
  if (controller?.kind === 'DaemonSet' && !done)
    return c.ignoreDaemonSets
      ? { do: 'skip', why: 'ignoring DaemonSet-managed Pods' }
      : { do: 'refuse', why: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' };
  if (!done && listAt(pod, 'spec', 'volumes').some((v) => at(v, 'emptyDir') !== undefined) && !c.deleteEmptyDir)
    return { do: 'refuse', why: 'Pods with local storage (use --delete-emptydir-data to override)' };
  if (!done && !controller)
    return c.force
      ? { do: 'evict', why: 'deleting Pods that declare no controller' }
      : { do: 'refuse', why: 'Pods that declare no controller (use --force to override)' };
  return { do: 'evict', why: '' };
}

async function evict(s: Session, pod: Thing, deadline: number | undefined): Promise<void> {
  const mapping = (await s.mapper()).byName('pods');
  const { name = '', namespace, uid } = pod.metadata;
  const grace = s.flags.int('grace-period') ?? -1;
  const dry = dryRunOf(s.flags);
  s.io.out(`evicting pod ${namespace}/${name}${dryRunText(dry)}\n`);
  if (dry === 'client') return;
  const deleteOptions = {
    ...(grace >= 0 && { gracePeriodSeconds: grace }),
    ...(dry === 'server' && { dryRun: ['All'] }),
  };
  for (;;)
    try {
      if (s.flags.bool('disable-eviction'))
        await s.api.json('DELETE', pathOf(mapping, namespace, name), {
          body: { apiVersion: 'v1', kind: 'DeleteOptions', ...deleteOptions },
        });
      else
        await s.api.json('POST', pathOf(mapping, namespace, name, 'eviction'), {
          body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions },
        });
      break;
    } catch (e) {
      if (e instanceof StatusError && e.code === 404) return;
      if (!(e instanceof StatusError && e.code === 429))
        throw new CommandError(`error when evicting pods/"${name}" -n "${namespace}": ${(e as Error).message}`);
      s.io.err(`error when evicting pods/"${name}" -n "${namespace}" (will retry after 5s): ${e.message}\n`);
      await s.io.clock.sleep(retryMs, s.io.signal);
      if (deadline !== undefined && s.io.clock.monotonic() > deadline)
        throw new CommandError(
          `error when evicting pods/"${name}" -n "${namespace}": global timeout reached: ${s.flags.text('timeout')}`,
        );
    }
  if (dry === 'server') return;
  await watchUntil(
    s,
    mapping,
    namespace,
    name,
    (o) => (!o || o.metadata.uid !== uid ? true : undefined),
    deadline === undefined ? undefined : Math.max(0, deadline - s.io.clock.monotonic()),
  );
  s.io.out(`pod/${name} evicted\n`);
}

export const drain: Verb = {
  usage: 'drain NODE',
  summary: 'Drain node in preparation for maintenance',
  flags: {
    ...common,
    force: bool('Continue even if there are pods that do not declare a controller.'),
    'ignore-daemonsets': bool('Ignore DaemonSet-managed pods.'),
    'delete-emptydir-data': bool('Continue even if there are pods using emptyDir.'),
    'grace-period': text('Period of time in seconds given to each pod to terminate gracefully.'),
    timeout: text('The length of time to wait before giving up, zero means infinite'),
    'disable-eviction': bool('Force drain to use delete, even if eviction is supported.'),
    'pod-selector': text('Label selector to filter pods on the node'),
  },
  async run(s) {
    const found = await nodes(s);
    for (const f of found) await mark(s, f, true);
    const timeout = s.flags.duration('timeout');
    const deadline = timeout ? s.io.clock.monotonic() + timeout : undefined;
    const choices = {
      force: s.flags.bool('force'),
      ignoreDaemonSets: s.flags.bool('ignore-daemonsets'),
      deleteEmptyDir: s.flags.bool('delete-emptydir-data'),
    };
    const errors: unknown[] = [];
    for (const f of found) {
      const list = await s.api.json<ThingList>('GET', pathOf((await s.mapper()).byName('pods'), undefined), {
        query: { fieldSelector: `spec.nodeName=${f.name}`, labelSelector: s.flags.text('pod-selector') },
      });
      const judged = list.items.map((pod) => ({ pod, verdict: verdictOf(pod, choices) }));
      const grouped = (is: (v: Verdict) => boolean) => {
        const by = new Map<string, string[]>();
        for (const j of judged.filter((x) => is(x.verdict)))
          by.set(j.verdict.why, [
            ...(by.get(j.verdict.why) ?? []),
            `${j.pod.metadata.namespace}/${j.pod.metadata.name}`,
          ]);
        return [...by].map(([why, pods]) => `${why}: ${pods.join(', ')}`);
      };
      const refused = grouped((v) => v.do === 'refuse').map((t) => `cannot delete ${t}`);
      if (refused.length) {
        const why = refused.length === 1 ? refused[0]! : `[${refused.join(', ')}]`;
        s.io.err(
          `error: unable to drain node "${f.name}" due to error: ${why}, continuing command...\nThere are pending nodes to be drained:\n ${f.name}\n`,
        );
        errors.push(new CommandError(why));
        continue;
      }
      const warnings = grouped((v) => v.do !== 'refuse' && v.why !== '');
      if (warnings.length) s.io.err(`Warning: ${warnings.join('; ')}\n`);
      const results = await Promise.allSettled(
        judged.filter((j) => j.verdict.do === 'evict').map((j) => evict(s, j.pod, deadline)),
      );
      const failed = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
      errors.push(...failed);
      if (failed.length === 0) s.io.out(`node/${f.name} drained${dryRunText(dryRunOf(s.flags))}\n`);
    }
    throwAll(errors);
  },
};

export const taint: Verb = {
  usage: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  summary: 'Update the taints on one or more nodes',
  flags: {
    ...common,
    all: bool('Select all nodes in the cluster'),
    overwrite: bool('If true, allow taints to be overwritten.'),
  },
  async run(s) {
    const isTaint = (a: string) => /[:=]/.test(a) || a.endsWith('-');
    const specs = s.flags.args.filter(isTaint);
    const resources = s.flags.args.filter((a) => !isTaint(a));
    if (specs.length === 0) throw new CommandError('at least one taint update is required');
    for (const f of await findObjects(s, { args: resources, needsNames: true })) {
      let now = [...listAt(f.object, 'spec', 'taints')];
      let added = 0;
      for (const spec of specs) {
        const remove = spec.endsWith('-');
        const m = /^([^=:]+)(?:=([^:]*))?(?::(\w+))?$/.exec(remove ? spec.slice(0, -1) : spec);
        if (!m || (!remove && !m[3])) throw new CommandError(`invalid taint spec: ${spec}`);
        const [, key, value, effect] = m;
        const same = (t: unknown) =>
          textAt(t, 'key') === key && (effect === undefined || textAt(t, 'effect') === effect);
        if (remove) {
          if (!now.some(same)) throw new CommandError(`taint "${spec.slice(0, -1)}" not found`);
          now = now.filter((t) => !same(t));
        } else {
          if (now.some(same) && !s.flags.bool('overwrite'))
            throw new CommandError(
              `node ${f.name} already has ${key} taint(s) with same effect(s) and --overwrite is false`,
            );
          now = [...now.filter((t) => !same(t)), { key, ...(value && { value }), effect }];
          added++;
        }
      }
      await s.api.json('PATCH', pathOf(f.mapping, undefined, f.name), {
        body: { spec: { taints: now } },
        contentType: 'application/merge-patch+json',
        query: { fieldManager: 'kubectl-taint' },
      });
      s.io.out(`node/${f.name} ${added ? 'tainted' : 'untainted'}\n`);
    }
  },
};
