/**
 * Removes pods that nobody else will: too many finished ones, pods of nodes that are gone or out of service, and deleted pods that
 * were never placed (upstream: pkg/controller/podgc).
 */
import { Nodes, Pods } from '../api/core/v1/resources.ts';
import type { Node, Pod, PodCondition } from '../api/core/v1/types.ts';
import { rfc3339 } from '../base/clock.ts';
import { isConditionTrue, isNotFound, isPodTerminal, setCondition } from '../machinery/index.ts';
import { type Action, keyOf, perform } from './action.ts';
import type { ControllerRow } from './controller.ts';

const checkMs = 20_000;
/** A node that is missing must stay so for this long before its pods go. */
const quarantineMs = 40_000;
const terminatedThreshold = 12_500;
const outOfService = 'node.kubernetes.io/out-of-service';

export interface PodGcView {
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  /** Nodes that are gone for certain. */
  readonly goneNodes: ReadonlySet<string>;
  readonly terminatedThreshold: number;
}

export function decidePodGc(view: PodGcView, now: number): readonly Action[] {
  const byName = new Map(view.nodes.map((n) => [n.metadata.name, n]));
  const finished = view.pods.filter(isFinished).toSorted(evictedThenOldest);
  const doomed = new Map<Pod, PodCondition | undefined>();
  if (view.terminatedThreshold > 0)
    for (const p of finished.slice(0, Math.max(0, finished.length - view.terminatedThreshold)))
      doomed.set(p, undefined);
  for (const p of view.pods) {
    if (p.metadata.deletionTimestamp && !p.spec.nodeName) doomed.set(p, undefined);
    if (p.metadata.deletionTimestamp && isOutOfService(byName.get(p.spec.nodeName ?? ''))) doomed.set(p, undefined);
    if (p.spec.nodeName && view.goneNodes.has(p.spec.nodeName))
      doomed.set(p, {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByPodGC',
        message: 'PodGC: node no longer exists',
      } as PodCondition);
  }
  return [...doomed].flatMap(([p, condition]) => failAndDelete(p, condition, now));
}

const isFinished = (p: Pod): boolean => !['Pending', 'Running', 'Unknown', ''].includes(p.status.phase ?? '');
const isEvicted = (p: Pod): boolean => p.status.phase === 'Failed' && p.status.reason === 'Evicted';
const isOutOfService = (n: Node | undefined): boolean =>
  n !== undefined &&
  !isConditionTrue(n.status.conditions, 'Ready') &&
  (n.spec.taints?.some((t) => t.key === outOfService) ?? false);

function evictedThenOldest(a: Pod, b: Pod): number {
  if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1;
  const [at, bt] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (at !== bt) return at < bt ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** The pod is told apart from one that ran to its end, then it goes at once. */
function failAndDelete(p: Pod, condition: PodCondition | undefined, now: number): readonly Action[] {
  const gone: Action = { do: 'delete', row: Pods, key: keyOf(p), options: { gracePeriodSeconds: 0 } };
  if (isPodTerminal(p)) return [gone];
  const conditions = condition
    ? setCondition(p.status.conditions, condition, rfc3339(now)).filter((c) => c.type === condition.type)
    : undefined;
  return [
    {
      do: 'patch',
      row: Pods,
      key: keyOf(p),
      type: 'application/strategic-merge-patch+json',
      patch: { metadata: { uid: p.metadata.uid }, status: { phase: 'Failed', ...(conditions && { conditions }) } },
      subresource: 'status',
    },
    gone,
  ];
}

export const podGcController: ControllerRow = {
  name: 'pod-garbage-collector-controller',
  account: 'pod-garbage-collector',
  setup({ client, informer, clock, log, recorder }) {
    const pods = informer(Pods);
    const nodes = informer(Nodes);
    /** When each missing node was first missed. */
    const missing = new Map<string, number>();

    const goneNodes = async (): Promise<ReadonlySet<string>> => {
      const wanted = new Set(pods.list().flatMap((p) => p.spec.nodeName ?? []));
      for (const name of missing.keys()) if (!wanted.has(name) || nodes.get(name)) missing.delete(name);
      const gone = new Set<string>();
      for (const name of wanted) {
        if (nodes.get(name)) continue;
        const since = missing.get(name) ?? clock.monotonic();
        missing.set(name, since);
        if (clock.monotonic() - since < quarantineMs) continue;
        try {
          await client.get(Nodes, { name });
        } catch (e) {
          if (!isNotFound(e)) throw e;
          gone.add(name);
        }
      }
      return gone;
    };
    const check = async (): Promise<void> => {
      const view = { pods: pods.list(), nodes: nodes.list(), goneNodes: await goneNodes(), terminatedThreshold };
      const byPod = Map.groupBy(decidePodGc(view, clock.now()), (a) =>
        'key' in a ? `${a.key.namespace}/${a.key.name}` : '',
      );
      for (const [pod, actions] of byPod)
        await perform(client, recorder, actions).catch((e: unknown) => {
          if (!isNotFound(e)) log.warn('could not remove a pod; trying again', { pod, error: e as Error });
        });
    };
    return {
      reconcile: async () => {},
      async background(signal) {
        while (!signal.aborted) {
          await check().catch((e: unknown) => log.warn('pod collection failed; trying again', { error: e as Error }));
          await clock.sleep(checkMs, signal).catch(() => undefined);
        }
      },
    };
  },
};
