/** Who owns what after a write that is not an apply (upstream: FieldManager.Update and the managers it is made of). */
import type { AnyStruct } from '../dsl.ts';
import { isObject, type JsonObject } from '../merge/patch-error.ts';
import { type Comparison, compare } from './compare.ts';
import { difference, type FieldSet, intersection, isEmptySet, union } from './field-set.ts';
import {
  capOwners,
  dropEmpty,
  type ManagedFieldsEntry,
  type ManagerName,
  managedFieldsOf,
  managerId,
  type Owners,
  ownersForUpdate,
  timeText,
  withoutServerFields,
  writeOwners,
} from './managers.ts';
import { mergeTypeOf } from './merge-type.ts';
import type { ResetFields } from './reset-fields.ts';

export interface UpdateRequest {
  /** The kind's schema; undefined for a custom resource without one. */
  readonly struct: AnyStruct | undefined;
  /** The stored object, in the request's version; undefined (or without uid) on create. */
  readonly live: JsonObject | undefined;
  /** What is to be stored, defaults and admission done; its metadata.managedFields is what the client sent. */
  readonly updated: JsonObject;
  /** fieldManager or the user agent's first word; empty counts as `unknown`. */
  readonly manager: string;
  readonly apiVersion: string;
  /** Empty or absent for the main resource. */
  readonly subresource?: string | undefined;
  /** Milliseconds. */
  readonly now: number;
  readonly resetFields?: ResetFields | undefined;
}

/**
 * The new metadata.managedFields (undefined = none). The same array as the live object's when ownership did not change. Objects that
 * are not tracked (no managedFields, not new) stay untracked.
 */
export function updateManagedFields(r: UpdateRequest): readonly ManagedFieldsEntry[] | undefined {
  const live = r.live ?? {};
  const before = managedFieldsOf(live);
  const owners = ownersForUpdate(before, managedFieldsOf(r.updated), !!r.subresource);
  if (owners.size === 0 && isStored(live)) return undefined;
  const changes = filterComparison(compare(mergeTypeOf(r.struct), live, r.updated), r.resetFields);
  const changed = recordUpdate(owners, changes, nameOf(r, 'Update'), r.now);
  if (!changed && isUnchanged(before, owners)) return before as readonly ManagedFieldsEntry[];
  capOwners(owners);
  return owners.size > 0 ? writeOwners(owners) : undefined;
}

export const isStored = (obj: JsonObject): boolean => {
  const meta = obj['metadata'];
  return isObject(meta) && typeof meta['uid'] === 'string' && meta['uid'] !== '';
};

export const nameOf = (
  r: { readonly manager: string; readonly apiVersion: string; readonly subresource?: string | undefined },
  operation: ManagerName['operation'],
): ManagerName => ({
  manager: r.manager || 'unknown',
  operation,
  apiVersion: r.apiVersion,
  subresource: r.subresource ?? '',
});

export const filterComparison = (c: Comparison, reset: ResetFields | undefined): Comparison =>
  reset ? { changed: reset(c.changed), removed: reset(c.removed) } : c;

function isUnchanged(before: unknown, owners: Owners): boolean {
  if (!Array.isArray(before) || before.length !== owners.size) return false;
  let i = 0;
  for (const o of owners.values()) if (o.entry !== before[i++]) return false;
  return true;
}

/** Gives the changed fields to the manager and takes them, and the removed ones, from the others. Returns whether anything moved. */
export function recordUpdate(owners: Owners, changes: Comparison, name: ManagerName, now: number): boolean {
  let moved = takeFromOthers(owners, changes, undefined);
  const mine = withoutServerFields(changes.changed);
  if (isEmptySet(mine)) return moved;
  moved = true;
  const id = managerId(name);
  const before = owners.get(id);
  owners.set(id, { ...name, set: before ? union(mine, before.set) : mine, time: timeText(now) });
  return moved;
}

/** Removes changed and removed fields from every owner but one. */
export function takeFromOthers(owners: Owners, changes: Comparison, except: string | undefined): boolean {
  if (isEmptySet(changes.changed) && isEmptySet(changes.removed)) return false;
  let moved = false;
  for (const [id, o] of owners) {
    if (id === except) continue;
    const left = difference(difference(o.set, lostOf(o.set, changes)), changes.removed);
    if (left === o.set) continue;
    moved = true;
    const { entry: _, ...rest } = o;
    owners.set(id, { ...rest, set: left });
  }
  if (moved) dropEmpty(owners);
  return moved;
}

const lostOf = (set: FieldSet, changes: Comparison): FieldSet => intersection(set, changes.changed);
