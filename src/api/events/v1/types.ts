/** io.k8s.api.events.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import { field, type Infer, int32, list, microTime, string, struct, time } from '../../../schema/dsl.ts';
import { EventSource, ObjectReference } from '../../core/v1/types.ts';
import { ListMeta, ObjectMeta } from '../../meta/v1/types.ts';

export const EventSeries = struct('io.k8s.api.events.v1.EventSeries', {
  count: field(1, int32, { required: true, format: 'int32' }),
  lastObservedTime: field(2, microTime, { required: true }),
});
export interface EventSeries extends Infer<typeof EventSeries> {}

export const Event = struct(
  'io.k8s.api.events.v1.Event',
  {
    metadata: field(1, ObjectMeta),
    eventTime: field(2, microTime, { required: true }),
    series: field(3, EventSeries, { omitempty: true, ptr: true }),
    reportingController: field(4, string, { omitempty: true }),
    reportingInstance: field(5, string, { omitempty: true }),
    action: field(6, string, { omitempty: true }),
    reason: field(7, string, { omitempty: true }),
    regarding: field(8, ObjectReference, { omitempty: true }),
    related: field(9, ObjectReference, { omitempty: true, ptr: true }),
    note: field(10, string, { omitempty: true }),
    type: field(11, string, { omitempty: true }),
    deprecatedSource: field(12, EventSource, { omitempty: true }),
    deprecatedFirstTimestamp: field(13, time, { omitempty: true }),
    deprecatedLastTimestamp: field(14, time, { omitempty: true }),
    deprecatedCount: field(15, int32, { omitempty: true, format: 'int32' }),
  },
  { gvk: { group: 'events.k8s.io', version: 'v1', kind: 'Event' }, typeMeta: true },
);
export interface Event extends Infer<typeof Event> {}

export const EventList = struct(
  'io.k8s.api.events.v1.EventList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, Event, { required: true }),
  },
  { gvk: { group: 'events.k8s.io', version: 'v1', kind: 'EventList' }, typeMeta: true },
);
export interface EventList extends Infer<typeof EventList> {}
