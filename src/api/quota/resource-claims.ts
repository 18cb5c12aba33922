/** What a ResourceClaim uses: itself and, at the worst, so many devices of each class (upstream: pkg/quota/v1/evaluator/core/resource_claims.go). */
import type { ResourceClaim } from '../resource/v1/types.ts';
import type { KubeObject } from '../resource-row.ts';
import type { QuotaEvaluator } from './evaluator.ts';

const count = 'count/resourceclaims.resource.k8s.io';
const ofClass = '.deviceclass.resource.k8s.io/devices';
/** AllocationResultsMaxSize: what "all" may come to. */
const most = 32;

interface Asked {
  readonly deviceClassName: string;
  readonly allocationMode?: string | undefined;
  readonly count?: number | undefined;
}
const devices = (a: Asked): number =>
  a.allocationMode === 'All' ? most : a.allocationMode === 'ExactCount' ? (a.count ?? 0) : 0;

/** Devices by class of one request; of alternatives the most of each class. */
function worst(alternatives: readonly Asked[]): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const a of alternatives) out.set(a.deviceClassName, Math.max(out.get(a.deviceClassName) ?? 0, devices(a)));
  return out;
}

export const resourceClaimEvaluator: QuotaEvaluator = {
  handles: (w) => w.subresource === '',
  matching: (asked) => asked.filter((n) => n === count || n.endsWith(ofClass)),
  usage(obj: KubeObject) {
    const used: Record<string, number> = { [count]: 1 };
    for (const r of (obj as ResourceClaim).spec.devices.requests ?? []) {
      const asked = r.firstAvailable?.length ? r.firstAvailable : r.exactly ? [r.exactly] : [];
      for (const [name, n] of worst(asked)) used[`${name}${ofClass}`] = (used[`${name}${ofClass}`] ?? 0) + n;
    }
    return Object.fromEntries(Object.entries(used).map(([n, v]) => [n, String(v)]));
  },
  matchesScope: () => false,
};
