/** Server-side apply (KEP-555): merges a configuration, removes what its manager no longer applies, and finds conflicts with other owners. */
import type { AnyStruct } from '../dsl.ts';
import { equalJson, isObject, type JsonObject, PatchError } from '../merge/patch-error.ts';
import { checkConfig } from './check-config.ts';
import { type Comparison, compare, fieldSetOfConfig } from './compare.ts';
import { difference, emptySet, type FieldSet, intersection, isEmptySet, printPaths, union } from './field-set.ts';
import { fieldsOfLastApplied, kubectlManager, withLastApplied } from './last-applied.ts';
import {
  type ManagerName,
  managedFieldsOf,
  managerId,
  type Owner,
  type Owners,
  readOwners,
  timeText,
  withoutServerFields,
  writeOwners,
} from './managers.ts';
import { mergeConfig, removeFields, withNamedFields } from './merge-config.ts';
import { type MergeType, mergeTypeOf } from './merge-type.ts';
import type { ResetFields } from './reset-fields.ts';
import { filterComparison, nameOf, recordUpdate, takeFromOthers } from './update-managed-fields.ts';

export interface ApplyRequest {
  /** The kind's schema; undefined for a custom resource without one. */
  readonly struct: AnyStruct | undefined;
  /** The stored object in the request's version; undefined when there is none yet. */
  readonly live: JsonObject | undefined;
  /** The configuration as the client sent it, parsed and nothing else. */
  readonly applied: JsonObject;
  readonly manager: string;
  readonly force: boolean;
  readonly apiVersion: string;
  readonly subresource?: string | undefined;
  /** Milliseconds. */
  readonly now: number;
  readonly resetFields?: ResetFields | undefined;
}

/** What a 409 says: reason Conflict, this message, these causes. */
export interface ApplyConflicts {
  readonly message: string;
  readonly causes: readonly {
    readonly type: 'FieldManagerConflict';
    readonly message: string;
    readonly field: string;
  }[];
}

/**
 * Either the new object (managedFields included; still to be decoded and defaulted by the caller: it carries the configuration's values
 * as sent) or the conflicts.
 */
export type ApplyResult =
  | { readonly object: JsonObject; readonly conflicts?: undefined }
  | { readonly object?: undefined; readonly conflicts: ApplyConflicts };

/** Applies. Throws `PatchError`: badRequest (wrong apiVersion, managedFields in the configuration), internal (does not fit the schema). */
export function serverSideApply(r: ApplyRequest): ApplyResult {
  const live = r.live ?? {};
  const t = mergeTypeOf(r.struct);
  let owners: Owners;
  try {
    owners = readOwners(managedFieldsOf(live) as Parameters<typeof readOwners>[0], true);
  } catch (e) {
    throw new PatchError('internal', `failed to decode managed fields: ${e instanceof Error ? e.message : String(e)}`);
  }
  checkRequest(r, t);
  const config = withoutManagedFields(r.applied);
  if (owners.size === 0) {
    // What was there before anybody applied has an owner too, so that applying over it conflicts.
    const all = filterComparison(compare(t, {}, live), r.resetFields);
    recordUpdate(owners, all, nameOf({ ...r, manager: 'before-first-apply' }, 'Update'), r.now);
  }
  let done = applyOnce(r, t, live, config, owners, r.force);
  if (done.conflicts && r.manager === kubectlManager) {
    const allowed = fieldsOfLastApplied(r.struct, live, r.apiVersion);
    if (allowed) {
      const left = withoutAllowed(done.conflicts, allowed);
      done = left.size === 0 ? applyOnce(r, t, live, config, owners, true) : { conflicts: left };
    }
  }
  if (done.conflicts) return { conflicts: describeConflicts(owners, done.conflicts) };
  const object = r.manager === kubectlManager ? withLastApplied(done.object, config) : done.object;
  return { object: withManagedFields(object, done.owners) };
}

function checkRequest(r: ApplyRequest, t: MergeType): void {
  const { apiVersion, kind } = r.applied;
  if (apiVersion !== r.apiVersion) {
    throw new PatchError(
      'badRequest',
      `Incorrect version specified in apply patch. Specified patch version: ${String(apiVersion ?? '')}, expected: ${r.apiVersion}`,
    );
  }
  const said = managedFieldsOf(r.applied);
  if (said !== undefined && said !== null) throw new PatchError('badRequest', 'metadata.managedFields must be nil');
  const problem = checkConfig(t, withoutManagedFields(r.applied));
  if (problem) {
    const meta = r.applied['metadata'];
    const { namespace, name } = isObject(meta) ? meta : {};
    const gv = r.apiVersion.includes('/') ? r.apiVersion : `/${r.apiVersion}`;
    throw new PatchError(
      'internal',
      `failed to create typed patch object (${String(namespace ?? '')}/${String(name ?? '')}; ${gv}, Kind=${String(kind ?? '')}): ${problem}`,
    );
  }
}

function withoutManagedFields(obj: JsonObject): JsonObject {
  const meta = obj['metadata'];
  if (!isObject(meta) || !('managedFields' in meta)) return obj;
  const { managedFields: _, ...rest } = meta;
  return { ...obj, metadata: rest };
}

function withManagedFields(obj: JsonObject, owners: Owners): JsonObject {
  const bare = withoutManagedFields(obj);
  if (owners.size === 0) return bare;
  const meta = bare['metadata'];
  return { ...bare, metadata: { ...(isObject(meta) ? meta : {}), managedFields: writeOwners(owners) } };
}

/** Conflicting sets by manager. */
type Conflicts = ReadonlyMap<string, FieldSet>;
type Once =
  | { readonly object: JsonObject; readonly owners: Owners; readonly conflicts?: undefined }
  | { readonly conflicts: Conflicts };

function applyOnce(
  r: ApplyRequest,
  t: MergeType,
  live: JsonObject,
  config: JsonObject,
  before: Owners,
  force: boolean,
): Once {
  const owners: Owners = new Map(before);
  const name: ManagerName = nameOf(r, 'Apply');
  const id = managerId(name);
  const last = owners.get(id);
  const bareLive = withoutManagedFields(live);
  const merged = mergeConfig(t, bareLive, config);
  const mentioned = fieldSetOfConfig(t, config);
  const set = r.resetFields ? r.resetFields(mentioned) : mentioned;
  owners.set(id, { ...name, set, time: last?.time });
  const object = prune(t, merged, owners, last);
  const changes = filterComparison(compare(t, bareLive, object), r.resetFields);
  if (!force) {
    const conflicts = conflictsOf(owners, id, changes);
    if (conflicts.size > 0) return { conflicts };
  }
  takeFromOthers(owners, changes, id);
  finishOwner(owners, id, last, equalJson(bareLive, object) ? undefined : timeText(r.now));
  return { object, owners };
}

/** The applier's own entry: without server fields; the old one when nothing about it changed. */
function finishOwner(owners: Owners, id: string, last: Owner | undefined, time: string | undefined): void {
  const mine = owners.get(id);
  if (!mine) return;
  const set = withoutServerFields(mine.set);
  if (isEmptySet(set)) owners.delete(id);
  else if (last && time === undefined && last.apiVersion === mine.apiVersion && equalJson(last.set, set))
    owners.set(id, last);
  else owners.set(id, { ...mine, set, time: time ?? last?.time });
}

function conflictsOf(owners: Owners, except: string, changes: Comparison): Conflicts {
  const out = new Map<string, FieldSet>();
  for (const [id, o] of owners) {
    if (id === except) continue;
    const both = intersection(o.set, changes.changed);
    if (!isEmptySet(both)) out.set(id, both);
  }
  return out;
}

/**
 * Removes what the manager applied last time and not now, unless another owner has it; elements and members that nobody owns stay
 * (upstream: merge/update.go prune).
 */
function prune(t: MergeType, merged: JsonObject, owners: Owners, last: Owner | undefined): JsonObject {
  if (!last || isEmptySet(last.set)) return merged;
  const lastSet = withNamedFields(t, last.set);
  const removed = removeFields(t, merged, lastSet);
  let owned = emptySet;
  for (const o of owners.values()) owned = union(owned, o.set);
  const mergedSet = withNamedFields(t, fieldSetOfConfig(t, merged));
  const keep = union(withNamedFields(t, fieldSetOfConfig(t, removed)), withNamedFields(t, owned));
  const withOwned = removeFields(t, merged, difference(mergedSet, keep));
  const keptSet = withNamedFields(t, fieldSetOfConfig(t, withOwned));
  return removeFields(t, merged, intersection(difference(mergedSet, keptSet), lastSet));
}

function withoutAllowed(conflicts: Conflicts, allowed: FieldSet): Conflicts {
  const out = new Map<string, FieldSet>();
  for (const [id, set] of conflicts) {
    const left = difference(set, allowed);
    if (!isEmptySet(left)) out.set(id, left);
  }
  return out;
}

function printManager(o: Owner | undefined): string {
  if (!o) return '""';
  const name = `${JSON.stringify(o.manager)}${o.subresource && ` with subresource ${JSON.stringify(o.subresource)}`}`;
  return o.operation === 'Update' ? `${name} using ${o.apiVersion}` : name;
}

function describeConflicts(owners: Owners, conflicts: Conflicts): ApplyConflicts {
  const byManager = [...conflicts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, set]) => ({ manager: printManager(owners.get(id)), paths: printPaths(set) }));
  const causes = byManager.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ type: 'FieldManagerConflict', message: `conflict with ${manager}`, field }) as const),
  );
  const [only] = causes;
  if (causes.length === 1 && only)
    return { message: `Apply failed with 1 conflict: ${only.message}: ${only.field}`, causes };
  const lines = byManager.flatMap(({ manager, paths }) => [
    `conflicts with ${manager}:`,
    ...paths.map((p) => `- ${p}`),
  ]);
  return { message: `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`, causes };
}
