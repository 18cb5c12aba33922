/** Registers the node, keeps its status and its lease current (KEP-589: status on change or every five minutes, lease every ten seconds). */
import { Leases } from '../../api/coordination/v1/resources.ts';
import type { Lease } from '../../api/coordination/v1/types.ts';
import { Nodes } from '../../api/core/v1/resources.ts';
import type { Node } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import { rfc3339Micro } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Client } from '../../client/client.ts';
import { isAlreadyExists, isNotFound } from '../../machinery/status-error.ts';
import {
  initialNode,
  type NodeFacts,
  type NodeHealth,
  nodeLabels,
  nodeStatus,
  nodeStatusPatch,
  sameNodeStatus,
} from './node-status.ts';

export interface NodeAgentContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  facts(): Promise<NodeFacts>;
  health(): Promise<NodeHealth>;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly taints: Node['spec']['taints'];
  event(node: Node, type: 'Normal' | 'Warning', reason: string, message: string): void;
}
export interface NodeAgent {
  /** Resolves when the node is registered and its first status is known to the API. */
  readonly registered: Promise<Node>;
  /** The node as last seen. */
  node(): Node | undefined;
  /** Something changed: look at the status now. */
  nudge(): void;
  readonly stopped: Promise<void>;
}

const statusEvery = 10_000;
const reportEvery = 5 * 60_000;
const leaseSeconds = 40;
const leaseEvery = 10_000;
const namespace = 'kube-node-lease';

export function startNodeAgent(ctx: NodeAgentContext, signal: AbortSignal): NodeAgent {
  const { client, clock, log } = ctx;
  let node: Node | undefined;
  let lastReport = 0;
  let wake: () => void = () => undefined;
  const { promise: registered, resolve: isRegistered } = Promise.withResolvers<Node>();

  const register = async (): Promise<Node> => {
    const [facts, health] = await Promise.all([ctx.facts(), ctx.health()]);
    const wanted = initialNode(facts, health, ctx, clock.now());
    try {
      const made = await client.create(Nodes, wanted as never, { signal });
      lastReport = clock.now();
      return made;
    } catch (e) {
      if (!isAlreadyExists(e)) throw e;
    }
    const existing = await client.get(Nodes, { name: facts.name }, { signal });
    const labels = Object.entries({ ...nodeLabels(facts), ...ctx.labels }).filter(
      ([k, v]) => existing.metadata.labels?.[k] !== v,
    );
    if (labels.length === 0) return existing;
    const patch = { metadata: { labels: Object.fromEntries(labels) } };
    return client.patch(Nodes, { name: facts.name }, 'application/strategic-merge-patch+json', patch, { signal });
  };

  const updateStatus = async (): Promise<void> => {
    const [facts, health] = await Promise.all([ctx.facts(), ctx.health()]);
    // Others write here too: who thought the node silent has marked it so.
    const current = await client.get(Nodes, { name: facts.name }, { signal }).catch((e: unknown) => {
      if (isNotFound(e)) return register();
      throw e;
    });
    node = current;
    const next = nodeStatus(facts, health, current.status, clock.now());
    const same = sameNodeStatus({ ...current.status, ...next, conditions: current.status.conditions ?? [] }, next);
    if (
      same &&
      sameNodeStatus(current.status, { ...current.status, ...next }) &&
      clock.now() - lastReport < reportEvery
    )
      return;
    const ready = (n: Node['status']) => n.conditions?.find((c) => c.type === 'Ready')?.status;
    const [was, is] = [ready(current.status), ready(next)];
    try {
      node = await client.patch(
        Nodes,
        { name: facts.name },
        'application/strategic-merge-patch+json',
        nodeStatusPatch(current.status, next),
        { subresource: 'status', signal },
      );
      lastReport = clock.now();
    } catch (e) {
      node = undefined; // a fresh look next time
      if (isNotFound(e)) node = await register();
      else throw e;
    }
    if (was !== is && was !== undefined) {
      const reason = is === 'True' ? 'NodeReady' : 'NodeNotReady';
      ctx.event(node, 'Normal', reason, `Node ${facts.name} status is now: ${reason}`);
    }
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.after(ms, done);
      function done() {
        timer.cancel();
        signal.removeEventListener('abort', done);
        resolve();
      }
      wake = done;
      signal.addEventListener('abort', done, { once: true });
    });

  const statusLoop = async () => {
    for (let wait = 100; !signal.aborted && !node; wait = Math.min(wait * 2, 7000))
      try {
        node = await register();
      } catch (e) {
        if (signal.aborted) return;
        log.warn('the node could not be registered, will try again', { error: e as Error });
        await clock.sleep(wait, signal).catch(() => undefined);
      }
    if (!node) return;
    log.info('node registered', { node: node.metadata.name });
    ctx.event(node, 'Normal', 'Starting', 'Starting kubelet.');
    let first = true;
    while (!signal.aborted) {
      try {
        await updateStatus();
        if (first && node) {
          first = false;
          isRegistered(node);
        }
      } catch (e) {
        if (signal.aborted) return;
        log.warn('the status of the node could not be updated', { error: e as Error });
        await clock.sleep(500, signal).catch(() => undefined);
        if (first) continue;
      }
      // not ready is looked at more often: what is missing may come any moment
      const ready = node?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
      await pause(ready ? statusEvery : 200);
    }
  };

  const leaseLoop = async () => {
    const first = await Promise.race([registered, aborted(signal)]);
    if (!first) return;
    const name = first.metadata.name!;
    let lease: Lease | undefined;
    while (!signal.aborted) {
      try {
        lease = await renew(lease, name, first.metadata.uid ?? '');
      } catch (e) {
        if (signal.aborted) return;
        lease = undefined;
        log.warn('the lease of the node could not be renewed', { error: e as Error });
        await clock.sleep(1000, signal).catch(() => undefined);
        continue;
      }
      await clock.sleep(leaseEvery, signal).catch(() => undefined);
    }
  };
  const renew = async (lease: Lease | undefined, name: string, uid: string): Promise<Lease> => {
    const spec = { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime: rfc3339Micro(clock.now()) };
    let current = lease;
    if (!current)
      try {
        current = await client.get(Leases, { namespace, name }, { signal });
      } catch (e) {
        if (!isNotFound(e)) throw e;
        const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
        const fresh = {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { namespace, name, ownerReferences },
          spec,
        };
        return client.create(Leases, fresh as never, { signal });
      }
    return client.update(Leases, { ...current, spec: { ...current.spec, ...spec } }, { signal });
  };

  return {
    registered,
    node: () => node,
    nudge: () => wake(),
    stopped: Promise.all([statusLoop(), leaseLoop()]).then(() => undefined),
  };
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
