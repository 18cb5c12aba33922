/** Watches over the nodes: marks silent ones, taints them, and tells their pods (upstream: pkg/controller/nodelifecycle). */
import { Leases } from '../../api/coordination/v1/resources.ts';
import { Nodes, Pods } from '../../api/core/v1/resources.ts';
import type { Node, Pod, Taint } from '../../api/core/v1/types.ts';
import { findCondition, isConditionTrue } from '../../machinery/conditions.ts';
import { isConflict, isNotFound } from '../../machinery/status-error.ts';
import { keyOf } from '../action.ts';
import type { Controller, ControllerContext, ControllerRow } from '../controller.ts';
import { indexByNode, podsOnNode } from './pods-by-node.ts';
import { type NodeHealth, observeNode, silentNode } from './health.ts';
import { hasNoExecute, missingLabels, wantedNoExecute, withNoExecute, withNoSchedule } from './taints.ts';
import { judgeZones, ratePerSecond, zoneOf } from './zones.ts';

const leaseNamespace = 'kube-node-lease';
const monitorPeriodMs = 5_000;
const defaultGraceMs = 50_000;
const startupGraceMs = 60_000;

export const nodeLifecycleController: ControllerRow = {
  name: 'node-lifecycle-controller',
  account: 'node-controller',
  component: 'node-controller',
  workers: 8,
  setup,
};

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

function setup(c: ControllerContext): Controller {
  const { client, clock, log, queue } = c;
  const { recorder } = c;
  const nodes = c.informer(Nodes);
  const pods = c.informer(Pods);
  indexByNode(pods);
  const leases = c.informers.informer(Leases, { namespace: leaseNamespace });
  const grace = { monitorMs: c.nodeMonitorGracePeriodMs ?? defaultGraceMs, startupMs: startupGraceMs };
  const health = new Map<string, NodeHealth>();
  const known = new Map<string, Node>();
  const buckets = new Map<string, Bucket>();
  /** Nodes whose pods could not all be marked. */
  const retry = new Set<string>();
  let wasDark = true;

  nodes.addHandler({
    onAdd: (n) => queue.add(n.metadata.name ?? ''),
    onUpdate: (_, n) => queue.add(n.metadata.name ?? ''),
  });

  /** Writes the taints that `want` answers for the node; one that changed meanwhile is read and asked again. */
  const setTaints = async (node: Node, want: (n: Node) => readonly Taint[] | undefined): Promise<void> => {
    const { name = '', resourceVersion } = node.metadata;
    const taints = want(node);
    if (!taints) return;
    const patch = { metadata: { resourceVersion }, spec: { taints: taints.length ? taints : null } };
    try {
      await client.patch(Nodes, { name }, 'application/merge-patch+json', patch);
    } catch (e) {
      if (!isConflict(e)) throw e;
      const live = await client.get(Nodes, { name });
      if (live.metadata.resourceVersion !== resourceVersion) await setTaints(live, want);
    }
  };
  const about = (node: Node, reason: string, text: string): void =>
    recorder.event(node, 'Normal', reason, `Node ${node.metadata.name} event: ${text}`);
  /** A new node is believed until its time is up; one that went is forgotten. */
  const greet = (): void => {
    for (const n of nodes.list()) {
      const name = n.metadata.name ?? '';
      if (known.has(name)) continue;
      about(n, 'RegisteredNode', `Registered Node ${name} in Controller`);
      known.set(name, n);
    }
    for (const [name, n] of known) {
      if (nodes.get(name)) continue;
      about(n, 'RemovingNode', `Removing Node ${name} from Controller`);
      known.delete(name);
      health.delete(name);
      retry.delete(name);
    }
  };
  /** The node as it is after its status is judged; and whether it fell silent now. */
  const judge = async (node: Node): Promise<{ readonly node: Node; readonly fell: boolean }> => {
    const name = node.metadata.name ?? '';
    const now = clock.now();
    const seen = observeNode(health.get(name), node, leases.get(`${leaseNamespace}/${name}`), now);
    health.set(name, seen);
    const silent = silentNode(node, seen, grace, now);
    if (!silent) return { node, fell: false };
    const written = await client.update(Nodes, silent, { subresource: 'status' });
    health.set(name, { ...seen, ready: findCondition(written.status.conditions, 'Ready') });
    return { node: written, fell: isConditionTrue(node.status.conditions, 'Ready') };
  };
  const markPods = async (node: Node): Promise<void> => {
    const name = node.metadata.name ?? '';
    for (const pod of podsOnNode(pods, name)) {
      if (!isConditionTrue(pod.status.conditions, 'Ready')) continue;
      try {
        await client.patch(Pods, keyOf(pod), 'application/strategic-merge-patch+json', notReady(pod, clock.now()), {
          subresource: 'status',
        });
        recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      } catch (e) {
        if (isNotFound(e)) continue;
        retry.add(name);
        throw e;
      }
    }
    retry.delete(name);
  };
  /** One node per token: the rate of its zone says how many nodes may lose their pods. */
  const mayTaint = (zone: string, rate: number): boolean => {
    const now = clock.monotonic();
    const last = buckets.get(zone);
    const tokens = last ? Math.min(1, last.tokens + ((now - last.at) / 1000) * rate) : 1;
    const may = rate > 0 && tokens >= 1;
    buckets.set(zone, { tokens: may ? tokens - 1 : tokens, at: now });
    return may;
  };
  const evict = async (all: readonly Node[]): Promise<void> => {
    const { zones, allDark } = judgeZones(all);
    // Out of the dark: what was not heard in it counts from now.
    if (wasDark && !allDark)
      for (const [name, h] of health) health.set(name, { ...h, probeAt: Math.max(h.probeAt, clock.now()) });
    wasDark = allDark;
    for (const node of all) {
      const wanted = wantedNoExecute(node);
      if (allDark || !wanted) {
        await setTaints(node, (n) => withNoExecute(n, undefined, clock.now())).catch(ignoreGone);
        continue;
      }
      if (hasNoExecute(node, wanted)) continue;
      const zone = zones.get(zoneOf(node));
      // Tainted already, for the other reason: the pods' time runs, only the name of it changes.
      const other = withNoExecute(node, undefined, clock.now()) !== undefined;
      if (other || !zone || mayTaint(zoneOf(node), ratePerSecond(zone.state, zone.nodes.length)))
        await setTaints(node, (n) => withNoExecute(n, wanted, clock.now())).catch(ignoreGone);
    }
  };
  const monitor = async (): Promise<void> => {
    greet();
    const judged: Node[] = [];
    for (const n of nodes.list()) {
      try {
        const { node, fell } = await judge(n);
        judged.push(node);
        if (fell)
          recorder.event(node, 'Normal', 'NodeNotReady', `Node ${node.metadata.name} status is now: NodeNotReady`);
        if (fell || (retry.has(node.metadata.name ?? '') && !isConditionTrue(node.status.conditions, 'Ready')))
          await markPods(node);
      } catch (e) {
        if (!isConflict(e) && !isNotFound(e))
          log.warn('could not judge a node; trying again', { node: n.metadata.name, error: e as Error });
      }
    }
    await evict(judged);
  };

  return {
    synced: (signal) => leases.synced(signal),
    async reconcile(name) {
      const node = nodes.get(name);
      if (!node) return;
      await setTaints(node, (n) => withNoSchedule(n, clock.now()));
      const labels = missingLabels(node);
      if (Object.keys(labels).length)
        await client.patch(Nodes, { name }, 'application/merge-patch+json', { metadata: { labels } });
    },
    async background(signal) {
      while (!signal.aborted) {
        await monitor().catch((e: unknown) => log.warn('node monitoring failed; trying again', { error: e as Error }));
        await clock.sleep(monitorPeriodMs, signal).catch(() => undefined);
      }
    },
  };
}

const notReady = (pod: Pod, now: number): object => ({
  metadata: { uid: pod.metadata.uid },
  status: {
    conditions: [
      { type: 'Ready', status: 'False', lastTransitionTime: new Date(now).toISOString().slice(0, 19) + 'Z' },
    ],
  },
});

function ignoreGone(e: unknown): void {
  if (!isNotFound(e)) throw e;
}
