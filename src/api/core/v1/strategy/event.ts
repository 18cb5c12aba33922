/** How core Events are written: any client may replace one, and the store forgets them after an hour (upstream: registry/core/event). */
import type { Strategy } from '../../../resource-row.ts';
import type { Event } from '../types.ts';
import { validateLegacyEvent } from '../validation/event.ts';

export const eventStrategy: Strategy<Event> = {
  validate: (e) => validateLegacyEvent(e, 'reportingComponent'),
  allowCreateOnUpdate: true,
};

/** Upstream's --event-ttl. */
export const eventTtlSeconds = (): number => 3600;
