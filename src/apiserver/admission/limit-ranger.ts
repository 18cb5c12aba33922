/** LimitRanger: defaults and bounds of what containers, pods and claims ask for (plugin/pkg/admission/limitranger). */
import type { Container, LimitRange, PersistentVolumeClaim, Pod } from '../../api/core/v1/types.ts';
import { asApproximateFloat64, canonicaliseQuantity, cmpQuantity, signOfQuantity } from '../../machinery/quantity.ts';
import { podLimits, podRequests, type ResourceList } from '../../machinery/resource-lists.ts';
import type { AdmissionAttributes, AdmissionPlugin, ObjectReader } from '../attributes.ts';
import { refuse } from './refusal.ts';

type Item = NonNullable<NonNullable<LimitRange['spec']>['limits']>[number];
const annotation = 'kubernetes.io/limit-ranger';
const itemsOf = (range: LimitRange): readonly Item[] => range.spec?.limits ?? [];
const text = canonicaliseQuantity;

/** The container with what it lacks filled in, and a note of what that was. */
function withDefaults(
  c: Container,
  limits: ResourceList,
  requests: ResourceList,
  role: string,
  notes: string[],
): Container {
  const missing = (wanted: ResourceList, present: ResourceList | undefined) =>
    Object.keys(wanted)
      .filter((k) => present?.[k] === undefined)
      .sort();
  const newRequests = missing(requests, c.resources?.requests);
  const newLimits = missing(limits, c.resources?.limits);
  if (newRequests.length) notes.push(`${newRequests.join(', ')} request for ${role} ${c.name}`);
  if (newLimits.length) notes.push(`${newLimits.join(', ')} limit for ${role} ${c.name}`);
  if (newRequests.length + newLimits.length === 0) return c;
  const filled = (present: ResourceList | undefined, wanted: ResourceList, keys: readonly string[]) => ({
    ...present,
    ...Object.fromEntries(keys.map((k) => [k, wanted[k]!])),
  });
  return {
    ...c,
    resources: {
      ...c.resources,
      limits: filled(c.resources?.limits, limits, newLimits),
      requests: filled(c.resources?.requests, requests, newRequests),
    },
  };
}

/** Applies one range's container defaults. */
export function applyDefaults(pod: Pod, range: LimitRange): Pod {
  if (!pod.spec) return pod;
  const containers = itemsOf(range).filter((i) => i.type === 'Container');
  const limits: ResourceList = Object.assign({}, ...containers.map((i) => i.default));
  const requests: ResourceList = Object.assign({}, ...containers.map((i) => i.defaultRequest));
  const notes: string[] = [];
  const spec = {
    ...pod.spec,
    containers: pod.spec.containers.map((c) => withDefaults(c, limits, requests, 'container', notes)),
    ...(pod.spec.initContainers && {
      initContainers: pod.spec.initContainers.map((c) => withDefaults(c, limits, requests, 'init container', notes)),
    }),
  };
  if (notes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${notes.join('; ')}` };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

interface Asked {
  readonly requests?: ResourceList | undefined;
  readonly limits?: ResourceList | undefined;
}

function minFault(type: string, name: string, bound: string, { requests, limits }: Asked): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${text(bound)}`;
  const request = requests?.[name];
  const limit = limits?.[name];
  if (request === undefined) return `${head}.  No request is specified`;
  if (cmpQuantity(request, bound) < 0) return `${head}, but request is ${text(request)}`;
  return limit !== undefined && cmpQuantity(limit, bound) < 0 ? `${head}, but limit is ${text(limit)}` : undefined;
}

function maxFault(type: string, name: string, bound: string, { requests, limits }: Asked): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${text(bound)}`;
  const request = requests?.[name];
  const limit = limits?.[name];
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (cmpQuantity(limit, bound) > 0) return `${head}, but limit is ${text(limit)}`;
  return request !== undefined && cmpQuantity(request, bound) > 0
    ? `${head}, but request is ${text(request)}`
    : undefined;
}

function maxRequestFault(type: string, name: string, bound: string, { requests }: Asked): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${text(bound)}`;
  const request = requests?.[name];
  if (request === undefined) return `${head}.  No request is specified`;
  return cmpQuantity(request, bound) > 0 ? `${head}, but request is ${text(request)}` : undefined;
}

function ratioFault(type: string, name: string, bound: string, { requests, limits }: Asked): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${text(bound)}`;
  const request = requests?.[name];
  const limit = limits?.[name];
  if (request === undefined || signOfQuantity(request) === 0)
    return `${head}, but no request is specified or request is 0`;
  if (limit === undefined || signOfQuantity(limit) === 0) return `${head}, but no limit is specified or limit is 0`;
  const ratio = asApproximateFloat64(limit) / asApproximateFloat64(request);
  return ratio > asApproximateFloat64(bound) ? `${head}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}

type Fault = (type: string, name: string, bound: string, asked: Asked) => string | undefined;

function faults(
  item: Item,
  asked: Asked,
  checks: readonly (readonly [ResourceList | undefined, Fault])[],
): readonly string[] {
  return checks.flatMap(([bounds, fault]) =>
    Object.entries(bounds ?? {}).flatMap(([name, bound]) => fault(item.type, name, bound, asked) ?? []),
  );
}

const podChecks = (i: Item) =>
  [
    [i.min, minFault],
    [i.max, maxFault],
    [i.maxLimitRequestRatio, ratioFault],
  ] as const;

/** Upstream's texts for each bound of a range that the pod breaks. */
export function podFaults(pod: Pod, range: LimitRange): readonly string[] {
  return itemsOf(range).flatMap((item) => {
    if (item.type === 'Container')
      return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].flatMap((c) =>
        faults(item, c.resources ?? {}, podChecks(item)),
      );
    if (item.type !== 'Pod' || !pod.spec) return [];
    const whole = { spec: { ...pod.spec, overhead: undefined } };
    return faults(item, { requests: podRequests(whole), limits: podLimits(whole) }, podChecks(item));
  });
}

export const claimFaults = (claim: PersistentVolumeClaim, range: LimitRange): readonly string[] =>
  itemsOf(range)
    .filter((i) => i.type === 'PersistentVolumeClaim')
    .flatMap((i) =>
      faults(i, { requests: claim.spec?.resources?.requests }, [
        [i.min, minFault],
        [i.max, maxRequestFault],
      ]),
    );

const aggregate = (errors: readonly string[]): string => {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct[0]! : `[${distinct.join(', ')}]`;
};

function supports(a: AdmissionAttributes): boolean {
  if (a.row.group !== '') return false;
  const sub = a.subresource?.name ?? '';
  if (a.row.plural === 'pods') return a.operation === 'UPDATE' ? sub === 'resize' : sub === '';
  return a.row.plural === 'persistentvolumeclaims' && sub === '';
}

const rangesOf = (a: AdmissionAttributes, reader: ObjectReader): readonly LimitRange[] =>
  supports(a) && a.oldObject?.metadata.deletionTimestamp === undefined
    ? reader.list<LimitRange>({ group: '', plural: 'limitranges' }, a.namespace)
    : [];

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  handles: ['CREATE', 'UPDATE'],
  admit(a, reader) {
    if (a.row.plural !== 'pods') return a.object;
    return rangesOf(a, reader).reduce((pod, range) => applyDefaults(pod, range), a.object as Pod);
  },
  validate(a, reader) {
    for (const range of rangesOf(a, reader)) {
      const errors =
        a.row.plural === 'pods'
          ? podFaults(a.object as Pod, range)
          : claimFaults(a.object as PersistentVolumeClaim, range);
      if (errors.length) throw refuse(a, aggregate(errors));
    }
  },
};
