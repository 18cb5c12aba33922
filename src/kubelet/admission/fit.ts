/** Whether a pod that someone bound to this node fits on it, asked once more by the node itself (upstream: pkg/kubelet/lifecycle/predicate.go). */
import type { Node, Pod } from '../../api/core/v1/types.ts';
import { requiredNodeAffinity } from '../../machinery/node-affinity.ts';
import { podRequests } from '../../machinery/resource-lists.ts';
import { findMatchingUntoleratedTaint } from '../../machinery/taints.ts';
import { initOf, isStatic } from '../pod/identity.ts';
import { milliValue, wholeValue } from '../pod/quantity.ts';

/** Thousandths of a core, or whole units. */
export const amount = (resource: string, text: string | undefined): number =>
  text === undefined ? 0 : resource === 'cpu' ? milliValue(text) : wholeValue(text);

export type Misfit =
  | {
      readonly kind: 'resource';
      readonly resource: string;
      readonly requested: number;
      readonly used: number;
      readonly capacity: number;
    }
  | { readonly kind: 'predicate'; readonly name: string; readonly why: string };

export const affinityMisfit = "node(s) didn't match Pod's node affinity/selector";
const predicate = (name: string, why: string): Misfit => ({ kind: 'predicate', name, why });

interface HostPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}
const hostPorts = (pod: Pod): readonly HostPort[] =>
  [...pod.spec.containers, ...initOf(pod).filter((c) => c.restartPolicy === 'Always')].flatMap((c) =>
    (c.ports ?? []).flatMap((p) =>
      p.hostPort ? [{ ip: p.hostIP || '0.0.0.0', port: p.hostPort, protocol: p.protocol ?? 'TCP' }] : [],
    ),
  );
const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');

/** Those a node may not know of although the cluster does. */
const isExtended = (resource: string): boolean =>
  resource.includes('/') && !/(^|\.)kubernetes\.io\//.test(resource) && !resource.startsWith('requests.');

/** All that speaks against it, in the order of upstream's checks; empty = it fits. `others` are the pods that are already here. */
export function misfits(pod: Pod, others: readonly Pod[], node: Node): readonly Misfit[] {
  const found: Misfit[] = [];
  const allocatable = node.status.allocatable ?? {};
  const allowed = amount('pods', allocatable['pods']);
  if (others.length + 1 > allowed)
    found.push({ kind: 'resource', resource: 'pods', requested: 1, used: others.length, capacity: allowed });

  const requests = podRequests(pod);
  const inUse = others.map((p) => podRequests(p, { useStatusResources: true }));
  const first = ['cpu', 'memory', 'ephemeral-storage'];
  for (const resource of [...first, ...Object.keys(requests).filter((r) => !first.includes(r))]) {
    if (isExtended(resource) && allocatable[resource] === undefined) continue;
    const requested = amount(resource, requests[resource]);
    const capacity = amount(resource, allocatable[resource]);
    const used = inUse.reduce((sum, r) => sum + amount(resource, r[resource]), 0);
    if (requested > 0 && requested > capacity - used)
      found.push({ kind: 'resource', resource, requested, used, capacity });
  }
  if (!requiredNodeAffinity(pod).matches(node)) found.push(predicate('NodeAffinity', affinityMisfit));
  if (pod.spec.nodeName && pod.spec.nodeName !== node.metadata.name)
    found.push(predicate('NodeName', "node(s) didn't match the requested node name"));
  const taken = others.flatMap(hostPorts);
  if (hostPorts(pod).some((p) => taken.some((t) => clash(p, t))))
    found.push(predicate('NodePorts', "node(s) didn't have free ports for the requested pod ports"));
  const untolerated = findMatchingUntoleratedTaint(
    node.spec.taints,
    pod.spec.tolerations,
    (t) => t.effect === 'NoExecute',
  );
  if (!isStatic(pod) && untolerated)
    found.push(predicate('TaintToleration', "node(s) had taints that the pod didn't tolerate"));
  return found;
}

export const misfitText = (m: Misfit): { readonly reason: string; readonly message: string } =>
  m.kind === 'predicate'
    ? { reason: m.name, message: `Predicate ${m.name} failed: ${m.why}` }
    : {
        reason: `OutOf${m.resource}`,
        message: `Node didn't have enough resource: ${m.resource}, requested: ${m.requested}, used: ${m.used}, capacity: ${m.capacity}`,
      };
