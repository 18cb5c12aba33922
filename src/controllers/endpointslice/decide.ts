/** Which slices a service needs: made, changed in place or deleted with as few writes as possible (upstream: endpointslice/reconciler.go). */
import type { Node, Pod, Service } from '../../api/core/v1/types.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '../../api/discovery/v1/types.ts';
import { newControllerRef, stableJson } from '../../machinery/index.ts';
import type { Input } from '../../schema/dsl.ts';
import {
  type AddressType,
  addressTypes,
  countsAsEndpoint,
  endpointPorts,
  isHeadless,
  podAddresses,
  podEndpoint,
} from './service-endpoints.ts';

export const managedBy = 'endpointslice-controller.k8s.io';
export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const headlessLabel = 'service.kubernetes.io/headless';
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';
const reserved = new Set([serviceNameLabel, managedByLabel, headlessLabel]);

export interface SlicesView {
  readonly service: Service;
  /** Those its selector matches. */
  readonly pods: readonly Pod[];
  readonly nodes: (name: string) => Node | undefined;
  /** Those this controller made for the service. */
  readonly slices: readonly EndpointSlice[];
  readonly maxEndpoints: number;
  /** RFC 3339 with fractions: when what changed happened; undefined = not known. */
  readonly triggerTime?: string | undefined;
}

type NewSlice = ReturnType<typeof newSlice>;

export interface SlicesPlan {
  readonly create: readonly Input<EndpointSlice>[];
  readonly update: readonly EndpointSlice[];
  readonly delete: readonly EndpointSlice[];
  /** Pods on nodes nobody knows: where they are cannot be told, so they are left out until the node shows up. */
  readonly unplaced: readonly Pod[];
}

export function sliceLabels(service: Service): Readonly<Record<string, string>> {
  const out: Record<string, string> = {};
  for (const [k, v] of Object.entries(service.metadata.labels ?? {})) if (!reserved.has(k)) out[k] = v;
  if (isHeadless(service)) out[headlessLabel] = '';
  out[serviceNameLabel] = service.metadata.name ?? '';
  out[managedByLabel] = managedBy;
  return out;
}

export function decideSlices(view: SlicesView): SlicesPlan {
  const publish = view.service.spec.publishNotReadyAddresses === true;
  const counting = view.pods.filter((p) => countsAsEndpoint(p, true));
  const unplaced = publish ? [] : counting.filter((p) => !view.nodes(p.spec.nodeName ?? ''));
  const pods = counting.filter((p) => !unplaced.includes(p));
  const plan: MutablePlan = { create: [], update: [], delete: [] };
  const types = addressTypes(view.service);
  for (const slice of view.slices) if (!types.includes(slice.addressType as AddressType)) plan.delete.push(slice);
  for (const type of types) planFamily({ ...view, pods }, type, plan);
  return { ...plan, unplaced };
}

interface Group {
  readonly ports: readonly EndpointPort[];
  readonly wanted: Map<string, Endpoint>;
  readonly slices: EndpointSlice[];
}
interface MutablePlan {
  readonly create: Input<EndpointSlice>[];
  readonly update: EndpointSlice[];
  readonly delete: EndpointSlice[];
}

const portsKey = (ports: readonly EndpointPort[] | undefined | null): string =>
  (ports ?? [])
    .map((p) => stableJson(p))
    .sort()
    .join(',');
const endpointKey = (e: Endpoint): string => `${e.targetRef?.uid ?? ''} ${[...e.addresses].sort().join(' ')}`;
const isOwned = (slice: EndpointSlice, s: Service): boolean =>
  slice.metadata.ownerReferences?.some((o) => o.kind === 'Service' && o.uid === s.metadata.uid) ?? false;

function planFamily(view: SlicesView, type: AddressType, plan: MutablePlan): void {
  const groups = new Map<string, Group>();
  const groupOf = (ports: readonly EndpointPort[]): Group => {
    const key = portsKey(ports);
    const found = groups.get(key) ?? { ports, wanted: new Map(), slices: [] };
    groups.set(key, found);
    return found;
  };
  for (const pod of view.pods) {
    if (podAddresses(pod, type).length === 0) continue;
    const endpoint = podEndpoint(view.service, pod, view.nodes(pod.spec.nodeName ?? ''), type);
    groupOf(endpointPorts(view.service, pod)).wanted.set(endpointKey(endpoint), endpoint);
  }
  // A service without endpoints has one empty slice per family: watchers tell "none" from "not yet".
  if (groups.size === 0) groupOf([]);
  const surplus: EndpointSlice[] = [];
  for (const slice of view.slices) {
    if (slice.addressType !== type || slice.metadata.deletionTimestamp) continue;
    const group = groups.get(portsKey(slice.ports));
    // One of a service of this name that is gone goes with it.
    if (!isOwned(slice, view.service)) plan.delete.push(slice);
    else if (group) group.slices.push(slice);
    else surplus.push(slice);
  }
  const empty = groups.size === 1 && [...groups.values()][0]!.wanted.size === 0;
  const create: NewSlice[] = [];
  for (const group of groups.values()) planGroup(view, type, group, empty, { create, surplus, update: plan.update });
  // A slice that is no longer needed becomes one that is.
  while (create.length > 0 && surplus.length > 0) {
    const { metadata, ports, endpoints } = create.pop()!;
    const { generateName: _, ...rest } = metadata;
    const old = surplus.shift()!;
    plan.update.push({ ...old, metadata: { ...old.metadata, annotations: {}, ...rest }, ports, endpoints });
  }
  plan.create.push(...create);
  plan.delete.push(...surplus);
}

interface Draft {
  readonly slice: EndpointSlice;
  endpoints: Endpoint[];
  changed: boolean;
}

function planGroup(
  view: SlicesView,
  type: AddressType,
  group: Group,
  keepEmpty: boolean,
  out: { readonly create: NewSlice[]; readonly surplus: EndpointSlice[]; readonly update: EndpointSlice[] },
): void {
  const labels = sliceLabels(view.service);
  const left = new Map(group.wanted);
  const drafts: Draft[] = group.slices.map((slice) => {
    const endpoints: Endpoint[] = [];
    let changed = stableJson(slice.metadata.labels ?? {}) !== stableJson(labels);
    for (const e of slice.endpoints ?? []) {
      const next = left.get(endpointKey(e));
      left.delete(endpointKey(e));
      if (!next) changed = true;
      else {
        changed ||= stableJson(next) !== stableJson(e);
        endpoints.push(next);
      }
    }
    return { slice, endpoints, changed };
  });
  const rest = [...left.values()];
  const fill = (d: Draft): void => {
    const more = rest.splice(0, view.maxEndpoints - d.endpoints.length);
    d.endpoints.push(...more);
    d.changed ||= more.length > 0;
  };
  // First into slices that are written anyway, then into the fullest that takes all that is left, then into new ones.
  const byLength = drafts.toSorted((a, b) => b.endpoints.length - a.endpoints.length);
  for (const d of byLength) if (d.changed && d.endpoints.length > 0) fill(d);
  while (rest.length >= view.maxEndpoints)
    out.create.push(newSlice(view, type, group.ports, rest.splice(0, view.maxEndpoints)));
  const fitting = byLength.find(
    (d) => !d.changed && rest.length > 0 && d.endpoints.length + rest.length <= view.maxEndpoints,
  );
  if (fitting) fill(fitting);
  if (rest.length > 0) out.create.push(newSlice(view, type, group.ports, rest));
  let kept = 0;
  for (const d of drafts) {
    if (d.endpoints.length === 0 && (!keepEmpty || kept > 0)) {
      out.surplus.push(d.slice);
      continue;
    }
    kept++;
    if (d.changed)
      out.update.push({
        ...d.slice,
        metadata: { ...d.slice.metadata, labels, annotations: annotated(view, d.slice.metadata.annotations) },
        endpoints: d.endpoints,
      });
  }
  if (keepEmpty && kept === 0) out.create.push(newSlice(view, type, group.ports, []));
}

function annotated(view: SlicesView, old: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const { [triggerTimeAnnotation]: _, ...others } = old;
  return view.triggerTime === undefined ? others : { ...others, [triggerTimeAnnotation]: view.triggerTime };
}

function newSlice(
  view: SlicesView,
  addressType: AddressType,
  ports: readonly EndpointPort[],
  endpoints: readonly Endpoint[],
) {
  const { service } = view;
  return {
    metadata: {
      namespace: service.metadata.namespace,
      generateName: `${service.metadata.name}-`,
      labels: sliceLabels(service),
      ...(view.triggerTime !== undefined && { annotations: annotated(view) }),
      ownerReferences: [newControllerRef(service, { apiVersion: 'v1', kind: 'Service' })],
    },
    addressType,
    ports,
    endpoints,
  } satisfies Input<EndpointSlice>;
}
