/** The resources of events.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { eventFields } from './fields.ts';
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
  selectableFields: eventFields,
});
