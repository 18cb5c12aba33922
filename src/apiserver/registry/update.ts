/** Updates an object: PUT, PATCH and apply share this (upstream: registry/rest/update.go, store.go Update). */
import type { AnyRow, KubeObject } from '../../api/resource-row.ts';
import { conflict, invalid, notFound, optimisticLockMessage, StatusError } from '../../machinery/status-error.ts';
import { invalidValue } from '../../schema/field-error.ts';
import type { Entry } from '../cache/cache.ts';
import { withoutUnchangedTimestamps } from '../managed-fields.ts';
import { warn } from '../request.ts';
import { beforeCreate, generationPart } from './create.ts';
import { jsonEqual } from './equal.ts';
import { type Changed, guaranteedUpdate } from './storage.ts';
import {
  admit,
  admitValidating,
  authorizeAlso,
  inRequestNamespace,
  reserve,
  strategyContext,
  validateForUpdate,
  withMetadata,
  withoutDuplicateOwners,
  withReservations,
  type WriteRequest,
} from './write-request.ts';

export interface UpdateHow {
  /** What the object should become; undefined = there is none yet. Decoded, with defaults and managedFields. */
  readonly next: (current: Entry | undefined) => KubeObject | Promise<KubeObject>;
  /** The object must have this uid. */
  readonly uid?: string | undefined;
  /** A missing object is created (apply; kinds that say so). */
  readonly allowCreate: boolean;
}

/** Removal is due: a delete was asked for, its grace is over, and nothing holds the object any more. */
export function shouldDeleteDuringUpdate(row: AnyRow, obj: KubeObject, old: KubeObject): boolean {
  if (obj.metadata.finalizers?.length || row.strategy.hasFinalizers?.(obj)) return false;
  if (!old.metadata.deletionTimestamp) return false;
  return !old.metadata.deletionGracePeriodSeconds;
}

/** Strategy, metadata rules and validation of an update. */
export function beforeUpdate(w: WriteRequest, obj: KubeObject, old: KubeObject): KubeObject {
  const { row } = w.served;
  const strategy = w.subresource?.strategy ?? row.strategy;
  let o = withMetadata(inRequestNamespace(obj, row, w.namespace), { generation: old.metadata.generation });
  o = reserve(w, o, old);
  o = strategy.prepareForUpdate?.(o, old, strategyContext(w)) ?? o;
  const before = generationPart(row, old);
  const after = generationPart(row, o);
  // A status is no wish: nothing that is written with it counts as a generation (a Deployment's annotations would).
  const grew = w.subresource?.name !== 'status' && after !== undefined && !jsonEqual(before, after);
  const m = o.metadata;
  o = withMetadata(o, {
    uid: m.uid || old.metadata.uid,
    creationTimestamp: old.metadata.creationTimestamp ?? m.creationTimestamp,
    deletionTimestamp: old.metadata.deletionTimestamp ?? m.deletionTimestamp,
    deletionGracePeriodSeconds: m.deletionGracePeriodSeconds ?? old.metadata.deletionGracePeriodSeconds,
    generation: grew ? (old.metadata.generation ?? 0) + 1 : old.metadata.generation,
    selfLink: undefined,
  });
  validateForUpdate(w, o, old);
  for (const text of strategy.warnings?.(o, old) ?? []) warn(w, text);
  return o;
}

/** @throws StatusError */
export const updateObject = (w: WriteRequest, how: UpdateHow): Promise<Changed> =>
  withReservations(w, (held) => update(held, how));

async function update(w: WriteRequest, how: UpdateHow): Promise<Changed> {
  const { served, engine } = w;
  const { row, resource } = served;
  const mayCreate = how.allowCreate || (row.strategy.allowCreateOnUpdate === true && !w.subresource);
  return guaranteedUpdate(engine, served, w.namespace, w.name, w, async (current) => {
    if (how.uid && current && how.uid !== current.object.metadata.uid)
      throw conflict(
        resource,
        w.name,
        `StorageError: invalid object, Code: 4, Key: ${current.key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${how.uid}, UID in object meta: ${current.object.metadata.uid}`,
      );
    if (!current && how.uid && mayCreate)
      throw conflict(
        resource,
        w.name,
        `uid mismatch: the provided object specified uid ${how.uid}, and no existing object was found`,
      );
    if (!current && !mayCreate) throw notFound(resource, w.name);
    const old = current?.object;
    let o = await how.next(current);
    o = (await admit(w, old ? 'UPDATE' : 'CREATE', o, old)) ?? o;
    o = withoutDuplicateOwners(w, o, true);
    if (!current || !old) {
      const made = beforeCreate(w, o);
      await authorizeAlso(w, 'create');
      await admitValidating(w, 'CREATE', made, undefined);
      return { kind: 'put', object: made };
    }
    o = withMetadata(o, { resourceVersion: checkedResourceVersion(w, o, current) });
    o = beforeUpdate(w, o, old);
    o = withoutUnchangedTimestamps(o, old);
    await admitValidating(w, 'UPDATE', o, old);
    return { kind: shouldDeleteDuringUpdate(row, o, old) ? 'delete' : 'put', object: o };
  });
}

function checkedResourceVersion(w: WriteRequest, obj: KubeObject, current: Entry): string {
  const { served } = w;
  const now = String(current.revision);
  const asked = obj.metadata.resourceVersion ?? '';
  if (asked === now) return now;
  if (asked === '' || asked === '0') {
    if ((w.subresource?.strategy ?? served.row.strategy).allowUnconditionalUpdate !== false) return now;
    throw invalid({ group: served.row.group, kind: served.row.plural }, w.name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (!/^\d+$/.test(asked))
    throw new StatusError(500, '', `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`);
  throw conflict(served.resource, w.name, optimisticLockMessage);
}
