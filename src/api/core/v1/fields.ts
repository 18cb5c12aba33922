/** What field selectors may ask of the core kinds (upstream: the SelectableFields of registry/core). */
import type { Event, Namespace, Node, Pod, ReplicationController, Secret, Service } from './types.ts';

type Fields<T> = Readonly<Record<string, (o: T) => string>>;

export const podFields: Fields<Pod> = {
  'spec.nodeName': (o) => o.spec.nodeName ?? '',
  'spec.restartPolicy': (o) => o.spec.restartPolicy ?? '',
  'spec.schedulerName': (o) => o.spec.schedulerName ?? '',
  'spec.serviceAccountName': (o) => o.spec.serviceAccountName ?? '',
  'spec.hostNetwork': (o) => String(o.spec.hostNetwork ?? false),
  'status.phase': (o) => o.status.phase ?? '',
  'status.podIP': (o) => o.status.podIPs?.[0]?.ip ?? o.status.podIP ?? '',
  'status.podIPs': () => '',
  'status.nominatedNodeName': (o) => o.status.nominatedNodeName ?? '',
  'spec.host': (o) => o.spec.nodeName ?? '',
};
export const nodeFields: Fields<Node> = { 'spec.unschedulable': (o) => String(o.spec.unschedulable ?? false) };
export const replicationControllerFields: Fields<ReplicationController> = {
  'status.replicas': (o) => String(o.status.replicas ?? 0),
};
export const namespaceFields: Fields<Namespace> = { 'status.phase': (o) => o.status.phase ?? '' };
export const secretFields: Fields<Secret> = { type: (o) => o.type ?? '' };
export const serviceFields: Fields<Service> = {
  'spec.clusterIP': (o) => o.spec.clusterIP ?? '',
  'spec.type': (o) => o.spec.type ?? '',
};
export const eventFields: Fields<Event> = {
  'involvedObject.kind': (o) => o.involvedObject.kind ?? '',
  'involvedObject.namespace': (o) => o.involvedObject.namespace ?? '',
  'involvedObject.name': (o) => o.involvedObject.name ?? '',
  'involvedObject.uid': (o) => o.involvedObject.uid ?? '',
  'involvedObject.apiVersion': (o) => o.involvedObject.apiVersion ?? '',
  'involvedObject.resourceVersion': (o) => o.involvedObject.resourceVersion ?? '',
  'involvedObject.fieldPath': (o) => o.involvedObject.fieldPath ?? '',
  reason: (o) => o.reason ?? '',
  reportingComponent: (o) => o.reportingComponent ?? '',
  source: (o) => o.source?.component || (o.reportingComponent ?? ''),
  type: (o) => o.type ?? '',
};
