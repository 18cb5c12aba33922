/** When a node was last heard of, and what its status says once it has been silent for too long. Pure (upstream: nodelifecycle). */
import type { Lease } from '../../api/coordination/v1/types.ts';
import type { Node, NodeCondition } from '../../api/core/v1/types.ts';
import { rfc3339 } from '../../base/clock.ts';
import { findCondition } from '../../machinery/conditions.ts';
import { statusEqual } from '../semantic-equal.ts';

/** What the controller remembers of a node; times in ms by its own clock: the node's clock may be wrong. */
export interface NodeHealth {
  /** The last sign of life. */
  readonly probeAt: number;
  readonly ready: NodeCondition | undefined;
  readonly renewTime: string | undefined;
}

export interface GracePeriods {
  readonly monitorMs: number;
  /** For a node whose kubelet has never posted a status. */
  readonly startupMs: number;
}

const judged = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;
const readyOf = (node: Node): NodeCondition | undefined => findCondition(node.status.conditions, 'Ready');
const createdAt = (node: Node): number => Date.parse(node.metadata.creationTimestamp ?? '') || 0;

/** A new heartbeat of the status or a renewed lease is a sign of life. */
export function observeNode(
  known: NodeHealth | undefined,
  node: Node,
  lease: Lease | undefined,
  now: number,
): NodeHealth {
  const ready = readyOf(node);
  const renewTime = lease?.spec.renewTime;
  const renewed = renewTime !== undefined && (known?.renewTime === undefined || known.renewTime < renewTime);
  const heartbeat = known
    ? Boolean(known.ready) !== Boolean(ready) || known.ready?.lastHeartbeatTime !== ready?.lastHeartbeatTime
    : ready !== undefined;
  return {
    probeAt: renewed || heartbeat ? now : (known?.probeAt ?? createdAt(node)),
    ready,
    renewTime: renewed ? renewTime : known?.renewTime,
  };
}

/** The node with its conditions unknown; undefined while it is within its grace period or says so already. */
export function silentNode(node: Node, health: NodeHealth, grace: GracePeriods, now: number): Node | undefined {
  if (now <= health.probeAt + (readyOf(node) ? grace.monitorMs : grace.startupMs)) return undefined;
  const transition = rfc3339(now);
  const conditions = (node.status.conditions ?? []).map((c) =>
    judged.includes(c.type as (typeof judged)[number]) && c.status !== 'Unknown'
      ? {
          ...c,
          status: 'Unknown',
          reason: 'NodeStatusUnknown',
          message: 'Kubelet stopped posting node status.',
          lastTransitionTime: transition,
        }
      : c,
  );
  const missing = judged
    .filter((type) => !findCondition(conditions, type))
    .map((type) => ({
      type,
      status: 'Unknown',
      reason: 'NodeStatusNeverUpdated',
      message: 'Kubelet never posted node status.',
      lastHeartbeatTime: node.metadata.creationTimestamp,
      lastTransitionTime: transition,
    }));
  const all = [...conditions, ...missing];
  return statusEqual(findCondition(all, 'Ready'), readyOf(node))
    ? undefined
    : ({ ...node, status: { ...node.status, conditions: all } } as Node);
}
