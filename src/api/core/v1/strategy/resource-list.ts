/** Resource lists: rounding up to thousandths, the one conversion that every quantity of a ResourceList goes through. */
import { milliValue, newMilliQuantity } from '../../../../machinery/quantity.ts';

type ResourceList = Readonly<Record<string, string>>;
interface Resources {
  readonly limits?: ResourceList | undefined;
  readonly requests?: ResourceList | undefined;
}

const finerThanMilli = /[nu]$|\.\d{4}/;
/** A quantity text that is finer than thousandths, rounded away from zero to thousandths; others as they are. */
export function roundedToMilli(q: string): string {
  if (!finerThanMilli.test(q)) return q;
  return newMilliQuantity(milliValue(q));
}

function needsRounding(l: ResourceList | undefined): boolean {
  for (const k in l) if (finerThanMilli.test(l[k]!)) return true;
  return false;
}
/** The list with every quantity rounded (upstream: SetDefaults_ResourceList); the same object when nothing changes. */
export function roundedList<L extends ResourceList | undefined>(l: L): L {
  if (!needsRounding(l)) return l;
  return Object.fromEntries(Object.entries(l as ResourceList).map(([k, q]) => [k, roundedToMilli(q)])) as unknown as L;
}
/** Limits and requests rounded. */
export function roundedResources<R extends Resources>(r: R): R {
  if (!needsRounding(r.limits) && !needsRounding(r.requests)) return r;
  return {
    ...r,
    ...(r.limits && { limits: roundedList(r.limits) }),
    ...(r.requests && { requests: roundedList(r.requests) }),
  };
}

/** `requests` completed from `limits`: what has a limit and no request asks for the limit. */
export function requestsFromLimits<R extends Resources>(r: R): R {
  if (!r.limits) return r;
  let missing = false;
  for (const k in r.limits) if (r.requests?.[k] === undefined) missing = true;
  return missing ? { ...r, requests: { ...r.limits, ...r.requests } } : r;
}
