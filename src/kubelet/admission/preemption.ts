/** Which pods have to go so that a critical one fits (upstream: pkg/kubelet/preemption): best effort first, as few and as small as will do. */
import type { Pod } from '../../api/core/v1/types.ts';
import { podRequests } from '../../machinery/resource-lists.ts';
import { isMirror, isStatic } from '../pod/identity.ts';
import { qosClass } from '../pod/resources.ts';
import { amount } from './fit.ts';

const systemCritical = 2_000_000_000;
export const isCritical = (pod: Pod): boolean =>
  isStatic(pod) || isMirror(pod) || (pod.spec.priority ?? 0) >= systemCritical;

export const preemptionMessage = 'Preempted in order to admit critical pod';

function isPreemptable(preemptor: Pod, pod: Pod): boolean {
  if (isCritical(preemptor) && !isCritical(pod)) return true;
  const [a, b] = [preemptor.spec.priority, pod.spec.priority];
  return a !== undefined && b !== undefined && a > b;
}

/** Amount still lacking, by resource. */
export type Lacking = ReadonlyMap<string, number>;

const requestOf = (pod: Pod, resource: string): number =>
  resource === 'pods' ? 1 : amount(resource, podRequests(pod)[resource]);
const without = (lacking: Lacking, pods: readonly Pod[]): Lacking =>
  new Map(
    [...lacking]
      .map(([r, n]) => [r, n - pods.reduce((sum, p) => sum + requestOf(p, r), 0)] as const)
      .filter(([, n]) => n > 0),
  );
const textOf = (lacking: Lacking): string => `[${[...lacking].map(([r, n]) => `(res: ${r}, q: ${n}), `).join('')}]`;

function cheapest(pods: readonly Pod[], lacking: Lacking): readonly Pod[] {
  const left = [...pods];
  const chosen: Pod[] = [];
  /** How much of what lacks would still lack, each resource weighing the same. */
  const distance = (p: Pod) =>
    [...lacking].reduce((sum, [r, n]) => sum + (Math.max(0, n - requestOf(p, r)) / n) ** 2, 0);
  const smaller = (a: Pod, b: Pod) =>
    requestOf(a, 'memory') - requestOf(b, 'memory') || requestOf(a, 'cpu') - requestOf(b, 'cpu');
  while (lacking.size > 0) {
    const [best] = left.sort((a, b) => distance(a) - distance(b) || smaller(a, b));
    if (!best) throw new Error(`no set of running pods found to reclaim resources: ${textOf(lacking)}`);
    left.shift();
    chosen.push(best);
    lacking = without(lacking, [best]);
  }
  return chosen;
}

/** Throws when all of them would not be enough. */
export function podsToPreempt(preemptor: Pod, pods: readonly Pod[], lacking: Lacking): readonly Pod[] {
  const ofClass = (qos: string) => pods.filter((p) => isPreemptable(preemptor, p) && qosClass(p) === qos);
  const [bestEffort, burstable, guaranteed] = [ofClass('BestEffort'), ofClass('Burstable'), ofClass('Guaranteed')];
  const never = without(lacking, [...bestEffort, ...burstable, ...guaranteed]);
  if (never.size > 0) throw new Error(`no set of running pods found to reclaim resources: ${textOf(never)}`);
  const third = cheapest(guaranteed, without(lacking, [...bestEffort, ...burstable]));
  const second = cheapest(burstable, without(lacking, [...bestEffort, ...third]));
  const first = cheapest(bestEffort, without(lacking, [...second, ...third]));
  return [...first, ...second, ...third];
}
