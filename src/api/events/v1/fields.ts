/** What field selectors may ask of events.k8s.io events (upstream: pkg/apis/events/v1/conversion.go). */
import type { Event } from './types.ts';

export const eventFields: Readonly<Record<string, (o: Event) => string>> = {
  'regarding.kind': (o) => o.regarding?.kind ?? '',
  'regarding.namespace': (o) => o.regarding?.namespace ?? '',
  'regarding.name': (o) => o.regarding?.name ?? '',
  'regarding.uid': (o) => o.regarding?.uid ?? '',
  'regarding.apiVersion': (o) => o.regarding?.apiVersion ?? '',
  'regarding.resourceVersion': (o) => o.regarding?.resourceVersion ?? '',
  'regarding.fieldPath': (o) => o.regarding?.fieldPath ?? '',
  reason: (o) => o.reason ?? '',
  reportingController: (o) => o.reportingController ?? '',
  type: (o) => o.type ?? '',
};
