/** What pods ask for and nodes have, as plain numbers: the scheduler adds and compares them millions of times. */
import type { Pod } from '../api/core/v1/types.ts';
import { milliValue, podRequests, type ResourceList, value } from '../machinery/index.ts';

export interface Amounts {
  milliCPU: number;
  /** Bytes. */
  memory: number;
  ephemeralStorage: number;
  /** Extended resources, huge pages and attachable volumes. */
  readonly scalar: Map<string, number>;
}

/** Scores count a container without requests as this much (upstream: schedutil.DefaultMilliCPURequest). */
const assumedRequests: ResourceList = { cpu: '100m', memory: '200Mi' };

export const noAmounts = (): Amounts => ({ milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: new Map() });

export function amountsOf(list: ResourceList | undefined): Amounts {
  const out = noAmounts();
  for (const name in list)
    switch (name) {
      case 'cpu':
        out.milliCPU = milliValue(list[name]!);
        break;
      case 'memory':
        out.memory = value(list[name]!);
        break;
      case 'ephemeral-storage':
        out.ephemeralStorage = value(list[name]!);
        break;
      case 'pods':
        break;
      default:
        if (isScalarResource(name)) out.scalar.set(name, value(list[name]!));
    }
  return out;
}

export const podAmounts = (pod: Pod): Amounts => amountsOf(podRequests(pod, { useStatusResources: true }));

/** CPU and memory as the scores count them. */
export function nonZeroRequests(pod: Pod): { readonly milliCPU: number; readonly memory: number } {
  const list = podRequests(pod, { useStatusResources: true, nonMissingContainerRequests: assumedRequests });
  return { milliCPU: milliValue(list['cpu'] ?? '0'), memory: value(list['memory'] ?? '0') };
}

/** `sign` 1 adds, -1 takes away. */
export function addAmounts(to: Amounts, more: Amounts, sign: 1 | -1): void {
  to.milliCPU += sign * more.milliCPU;
  to.memory += sign * more.memory;
  to.ephemeralStorage += sign * more.ephemeralStorage;
  for (const [name, n] of more.scalar) {
    const sum = (to.scalar.get(name) ?? 0) + sign * n;
    if (sum === 0) to.scalar.delete(name);
    else to.scalar.set(name, sum);
  }
}

/** upstream: schedutil.IsScalarResourceName */
function isScalarResource(name: string): boolean {
  if (name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true;
  if (name.startsWith('requests.')) return false;
  return name.includes('/') && (!name.includes('kubernetes.io/') || name.startsWith('kubernetes.io/'));
}
