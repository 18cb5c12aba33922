/** events.k8s.io events: the core Event under other names, stored as that (upstream: pkg/apis/events/v1/conversion.go). */
import {
  validateLegacyEvent,
  validateV1EventCreate,
  validateV1EventUpdate,
} from '../../../core/v1/validation/event.ts';
import type { Event as CoreEvent } from '../../../core/v1/types.ts';
import type { KubeObject, StoredAs, Strategy } from '../../../resource-row.ts';
import type { Event } from '../types.ts';

/** The core form. */
export function toCoreEvent(e: Event): CoreEvent {
  const {
    note,
    regarding,
    reportingController,
    reportingInstance,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    ...same
  } = e;
  return {
    ...same,
    apiVersion: 'v1',
    kind: 'Event',
    involvedObject: regarding ?? {},
    ...(note !== undefined && { message: note }),
    source: deprecatedSource ?? {},
    ...(deprecatedFirstTimestamp !== undefined && { firstTimestamp: deprecatedFirstTimestamp }),
    ...(deprecatedLastTimestamp !== undefined && { lastTimestamp: deprecatedLastTimestamp }),
    ...(deprecatedCount !== undefined && { count: deprecatedCount }),
    reportingComponent: reportingController ?? '',
    reportingInstance: reportingInstance ?? '',
  } as CoreEvent;
}

/** The events.k8s.io form. */
export function fromCoreEvent(stored: KubeObject): Event {
  const { message, involvedObject, reportingComponent, source, firstTimestamp, lastTimestamp, count, ...same } =
    stored as CoreEvent;
  return {
    ...same,
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    regarding: involvedObject ?? {},
    ...(message !== undefined && { note: message }),
    deprecatedSource: source ?? {},
    ...(firstTimestamp !== undefined && { deprecatedFirstTimestamp: firstTimestamp }),
    ...(lastTimestamp !== undefined && { deprecatedLastTimestamp: lastTimestamp }),
    ...(count !== undefined && { deprecatedCount: count }),
    ...(reportingComponent && { reportingController: reportingComponent }),
  } as Event;
}

export const eventStorage: StoredAs<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  toStored: toCoreEvent,
  fromStored: fromCoreEvent,
};

export const eventStrategy: Strategy<Event> = {
  validate: (e) => validateLegacyEvent(toCoreEvent(e), 'reportingController'),
  validateCreate: (e) => validateV1EventCreate(toCoreEvent(e)),
  validateUpdate: (e, old) => validateV1EventUpdate(toCoreEvent(e), toCoreEvent(old)),
  allowCreateOnUpdate: true,
};
export const eventTtlSeconds = (): number => 3600;
