/** What a request is expected to cost, in seats: lists by what they read, writes by whom they set off (upstream: util/flowcontrol/request). */
import type { RequestInfo } from '../attributes.ts';
import { queryBool } from '../request-info.ts';
import type { Work } from './queue-set.ts';

/** What is known of a resource's objects. */
export interface StoredObjects {
  readonly count: number;
  readonly averageBytes: number;
}

export interface WorkFacts {
  /** undefined = not stored here. */
  stored(info: RequestInfo): StoredObjects | undefined;
  /** Watches a write may concern. */
  watchers(info: RequestInfo): number;
  /** Seats that one request of the level may take at most; undefined = the general limit. */
  readonly maxSeats: number | undefined;
}

const bytesPerSeat = 100_000;
/** A list from the cache is streamed: no more than so many bytes are held for it. */
const streamedBytes = 1_000_000;
const largestObjectBytes = 1_500_000;
const maxListSeats = 100;
const maxWriteSeats = 10;
const watchesPerSeat = 10;
const eventSeconds = 0.005;

export const oneSeat: Work = { initialSeats: 1, finalSeats: 0, finalSeconds: 0 };
const seats = (n: number): Work => (n <= 1 ? oneSeat : { initialSeats: n, finalSeats: 0, finalSeconds: 0 });

/** Whether upstream reads the list from etcd and not from its cache (storage/cacher/delegator; a continue is read there). */
function fromStorage(query: URLSearchParams): boolean {
  const match = query.get('resourceVersionMatch') ?? '';
  if (match === 'Exact') return true;
  if (match === 'NotOlderThan') return false;
  if (match !== '') return true;
  if (query.get('continue')) return true;
  const rv = query.get('resourceVersion') ?? '';
  return Number(query.get('limit') ?? 0) > 0 && rv !== '' && rv !== '0';
}

function listWork(info: RequestInfo, query: URLSearchParams, f: WorkFacts): Work {
  if (info.verb === 'watch') {
    const rv = query.get('resourceVersion') ?? '';
    if (!queryBool(query.get('sendInitialEvents')) && rv !== '' && rv !== '0') return oneSeat;
  }
  const stored = f.stored(info);
  if (!stored) return oneSeat;
  const bytes = stored.averageBytes > 0 || stored.count === 0 ? stored.averageBytes : largestObjectBytes;
  const limit = Number(query.get('limit') ?? 0);
  const cached = info.verb === 'watch' || !fromStorage(query);
  let objects = limit > 0 ? Math.min(limit, stored.count) : stored.count;
  if (info.name !== '') objects = 1;
  else if (!cached && (query.get('fieldSelector') || query.get('labelSelector')))
    objects = Math.max(objects, Math.floor(stored.count / 2));
  const held = cached ? Math.min(objects * bytes, streamedBytes) : objects * bytes;
  return seats(Math.min(Math.ceil(held / bytesPerSeat), f.maxSeats ?? maxListSeats, maxListSeats));
}

function writeWork(info: RequestInfo, f: WorkFacts): Work {
  if (info.resource === 'serviceaccounts' && info.subresource === 'token') return oneSeat;
  const watchers = f.watchers(info);
  if (watchers < watchesPerSeat) return oneSeat;
  const wanted = Math.ceil(watchers / watchesPerSeat);
  const finalSeats = Math.min(wanted, f.maxSeats ?? maxWriteSeats, maxWriteSeats);
  return { initialSeats: 1, finalSeats, finalSeconds: (wanted * eventSeconds) / finalSeats };
}

export function estimateWork(info: RequestInfo, query: URLSearchParams, facts: WorkFacts): Work {
  switch (info.verb) {
    case 'list':
    case 'watch':
      return info.isResource ? listWork(info, query, facts) : oneSeat;
    case 'create':
    case 'update':
    case 'patch':
    case 'delete':
      return info.isResource ? writeWork(info, facts) : oneSeat;
    default:
      return oneSeat;
  }
}
