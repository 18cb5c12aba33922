/** Reads, compares and swaps one object in the store, as upstream's etcd3 GuaranteedUpdate does on top of its cache. */
import type { KubeObject } from '../../api/resource-row.ts';
import { alreadyExists, StatusError } from '../../machinery/status-error.ts';
import { normalise } from '../../schema/encode.ts';
import type { KeyValue } from '../../storage/store.ts';
import type { Entry } from '../cache/index.ts';
import { type Engine, keyOf, readStored, type Served } from '../engine.ts';

/** etcd's refusal, as upstream passes it on: a 500 without a reason. */
export const tooLargeMessage = 'etcdserver: request is too large';
const isTooLarge = (e: unknown): boolean => e instanceof StatusError && e.message === tooLargeMessage;

/** Canonical bytes of an object. @throws 500 when they are over the limit even without managedFields */
function encode(e: Engine, s: Served, obj: KubeObject): Buffer {
  const { resourceVersion: _, ...metadata } = obj.metadata;
  // In canonical order, so that an update that changes nothing is seen to change nothing.
  const bytes = s.cache.encode(normalise(s.row.schema, { ...obj, metadata }));
  if (bytes.length > e.limits.objectBytes) throw new StatusError(500, '', tooLargeMessage);
  return bytes;
}

export function encodeLimited(e: Engine, s: Served, obj: KubeObject): Buffer {
  try {
    return encode(e, s, obj);
  } catch (err) {
    if (!isTooLarge(err) || !obj.metadata.managedFields) throw err;
    const { managedFields: _, ...metadata } = obj.metadata;
    return encode(e, s, { ...obj, metadata });
  }
}

const putOptions = (s: Served, obj: KubeObject) => {
  const ttlSeconds = s.row.ttlSeconds?.(obj);
  return ttlSeconds ? { ttlSeconds } : {};
};

/** Puts a new object. @throws 409 AlreadyExists */
export async function insert(e: Engine, s: Served, obj: KubeObject, dryRun: boolean): Promise<Entry> {
  const name = obj.metadata.name!;
  const key = keyOf(s, obj.metadata.namespace ?? '', name);
  const bytes = encodeLimited(e, s, obj);
  const exists = (kv: KeyValue | undefined): StatusError => {
    const err = alreadyExists(s.resource, name);
    const deleting =
      kv && s.cache.entryOf(key, kv.value, kv.modRevision, kv.createRevision).object.metadata.deletionTimestamp;
    if (!deleting) return err;
    return StatusError.fromStatus({ ...err.status, message: `object is being deleted: ${err.message}` });
  };
  if (dryRun) {
    const kv = await e.store.get(key);
    if (kv) throw exists(kv);
    return s.cache.entryOf(key, bytes, 0, 0);
  }
  const r = await e.store.put(key, bytes, 0, putOptions(s, obj));
  if (!r.ok) throw exists(r.current);
  return s.cache.entryOf(key, bytes, r.revision, r.revision);
}

export type Change =
  | { readonly kind: 'put'; readonly object: KubeObject }
  /** Remove the object; answer with `object`. */
  | { readonly kind: 'delete'; readonly object: KubeObject }
  /** Leave it as it is. */
  | { readonly kind: 'keep' };

export interface Changed {
  readonly kind: 'created' | 'updated' | 'deleted' | 'kept';
  readonly entry: Entry;
}

/**
 * Applies `change` to the newest state until the swap succeeds. A refusal that came from a cached state is tried again with the
 * stored one, when they differ. `change` gets undefined when there is no object; what it throws is passed on.
 */
export async function guaranteedUpdate(
  e: Engine,
  s: Served,
  namespace: string,
  name: string,
  options: { readonly dryRun: boolean; readonly signal: AbortSignal },
  change: (current: Entry | undefined) => Change | Promise<Change>,
): Promise<Changed> {
  const key = keyOf(s, namespace, name);
  let current = s.cache.get(namespace, name);
  let certain = current !== undefined && s.cache.revision >= e.store.revision;
  if (!current) {
    current = await readStored(e, s, namespace, name);
    certain = true;
  }
  for (;;) {
    options.signal.throwIfAborted();
    let c: Change;
    try {
      c = await change(current);
    } catch (err) {
      if (certain) throw err;
      const stored = await readStored(e, s, namespace, name);
      certain = true;
      if (stored?.revision === current?.revision) throw err;
      current = stored;
      continue;
    }
    if (c.kind === 'keep') return { kind: 'kept', entry: current! };
    if (c.kind === 'delete') {
      if (!current || options.dryRun) return { kind: 'deleted', entry: current! };
      const r = await e.store.delete(key, current.revision);
      if (r.ok || !r.current) return { kind: 'deleted', entry: deletedEntry(s, key, c.object, current, r.revision) };
      current = s.cache.entryOf(key, r.current.value, r.current.modRevision, r.current.createRevision);
      certain = true;
      continue;
    }
    const bytes = encodeLimited(e, s, c.object);
    if (current && s.row === s.stored && sameBytes(bytes, current)) {
      if (certain) return { kind: 'kept', entry: current };
      const stored = await readStored(e, s, namespace, name);
      certain = true;
      if (stored?.revision === current.revision) return { kind: 'kept', entry: current };
      current = stored;
      continue;
    }
    if (options.dryRun)
      return current
        ? // Not the entry of that revision, which the cache knows: it is as it was before this write.
          { kind: 'updated', entry: s.cache.entryOf(key, bytes, 0, current.createRevision).at(current.revision) }
        : { kind: 'created', entry: s.cache.entryOf(key, bytes, 0, 0) };
    const r = await e.store.put(key, bytes, current?.revision ?? 0, putOptions(s, c.object));
    if (r.ok)
      return {
        kind: current ? 'updated' : 'created',
        entry: s.cache.entryOf(key, bytes, r.revision, current?.createRevision ?? r.revision),
      };
    current = r.current && s.cache.entryOf(key, r.current.value, r.current.modRevision, r.current.createRevision);
    certain = true;
  }
}

/** The last state of an object that is gone; `object` may be newer than what was stored (the update that took the last finalizer). */
const deletedEntry = (s: Served, key: string, object: KubeObject, current: Entry, revision: number): Entry =>
  object === current.object
    ? current.at(revision)
    : s.cache.entryOf(key, s.cache.encode(object), revision, current.createRevision);

const metadataKey = '"metadata":{';

/** Whether these stored bytes would be served as `current` is: equal but for the resourceVersion that is spliced into its metadata. */
function sameBytes(stored: Buffer, current: Entry): boolean {
  const difference = current.byteLength - stored.length;
  if (difference < 19 || difference > 42) return false;
  const at = stored.indexOf(metadataKey) + metadataKey.length;
  const served = current.bytes;
  return stored.compare(served, 0, at, 0, at) === 0 && stored.compare(served, at + difference, served.length, at) === 0;
}
