/** The resources of events.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { eventColumns } from './columns.ts';
import { eventFields } from './fields.ts';
import { eventStorage, eventStrategy, eventTtlSeconds } from './strategy/event.ts';
import { Event } from './types.ts';

export const EventsV1 = resource({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  schema: Event,
  shortNames: ['ev'],
  storageVersionHash: 'r2yiGXH7wu8=',
  strategy: eventStrategy,
  columns: eventColumns,
  selectableFields: eventFields,
  storage: eventStorage,
  ttlSeconds: eventTtlSeconds,
});
