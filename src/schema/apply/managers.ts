/** The owners of an object's fields: metadata.managedFields decoded, capped, ordered and written again (upstream: managedfields/internal). */
import { equalJson, isObject, type JsonObject } from '../merge/patch-error.ts';
import { difference, type FieldSet, fieldSetOf, isEmptySet, readFieldSet, union } from './field-set.ts';

/** metadata.managedFields[]; this layer is below the API types. */
export interface ManagedFieldsEntry {
  readonly manager?: string | undefined;
  readonly operation?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly time?: string | undefined;
  readonly fieldsType?: string | undefined;
  readonly fieldsV1?: Readonly<Record<string, unknown>> | undefined;
  readonly subresource?: string | undefined;
}

export type Operation = 'Apply' | 'Update';

/** Who owns: the entry without its fields and time. */
export interface ManagerName {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface Owner extends ManagerName {
  readonly set: FieldSet;
  readonly time: string | undefined;
  /** The entry this was read from, reused when nothing changed. */
  readonly entry?: ManagedFieldsEntry;
}

/** By identifier. */
export type Owners = Map<string, Owner>;

/** The identifier of a manager: appliers are the same under every apiVersion. Its order is upstream's (JSON text). */
export const managerId = (n: ManagerName): string =>
  `{${n.manager && `"manager":${JSON.stringify(n.manager)},`}"operation":"${n.operation}"${
    n.operation === 'Apply' || n.apiVersion === '' ? '' : `,"apiVersion":"${n.apiVersion}"`
  }${n.subresource && `,"subresource":"${n.subresource}"`}}`;

/** Reads entries; throws `Error` on an invalid one. `trusted`: written by `writeOwners`, so sets are canonical already. */
export function readOwners(entries: readonly ManagedFieldsEntry[] | undefined | null, trusted: boolean): Owners {
  const out: Owners = new Map();
  let i = 0;
  for (const e of entries ?? []) {
    if (e.operation !== 'Apply' && e.operation !== 'Update') throw new Error('operation must be `Apply` or `Update`');
    if (!e.apiVersion) throw new Error('apiVersion must not be empty');
    if (!e.fieldsType) throw new Error(`missing fieldsType in managed fields entry ${i}`);
    if (e.fieldsType !== 'FieldsV1') {
      throw new Error(`invalid fieldsType ${JSON.stringify(e.fieldsType)} in managed fields entry ${i}`);
    }
    const set = trusted ? ((e.fieldsV1 ?? {}) as FieldSet) : readFieldSet(e.fieldsV1);
    const owner: Owner = {
      manager: e.manager ?? '',
      operation: e.operation,
      apiVersion: e.apiVersion,
      subresource: e.subresource ?? '',
      set,
      time: e.time ?? undefined,
      ...(trusted ? { entry: e } : {}),
    };
    out.set(managerId(owner), owner);
    i++;
  }
  return out;
}

/**
 * The owners an update starts from: what the request says, if it says something valid, or else the live object's; `[]` and `[{}]`
 * clear them; subresources cannot set them.
 */
export function ownersForUpdate(live: unknown, updated: unknown, isSubresource: boolean): Owners {
  if (isSubresource) return readOrNone(live, true);
  if (Array.isArray(updated) && (updated.length === 0 || (updated.length === 1 && isBlank(updated[0]))))
    return new Map();
  if (!Array.isArray(updated)) return readOrNone(live, true);
  if (updated === live || equalJson(updated, live)) return readOrNone(updated, true);
  const said = readOrNone(updated, false);
  return said.size > 0 ? said : readOrNone(live, true);
}

const isBlank = (e: unknown): boolean =>
  isObject(e) && Object.values(e).every((v) => v === undefined || v === null || v === '');

function readOrNone(v: unknown, trusted: boolean): Owners {
  if (!Array.isArray(v)) return new Map();
  try {
    return readOwners(v as readonly ManagedFieldsEntry[], trusted);
  } catch {
    // As upstream: what cannot be read is forgotten.
    return new Map();
  }
}

/** The entries in upstream's order: Apply before Update, then by time, manager, apiVersion, subresource. */
export function writeOwners(owners: Owners): readonly ManagedFieldsEntry[] {
  return [...owners.values()].sort(compareOwners).map((o) => {
    const e = o.entry;
    if (e && e.fieldsV1 === o.set && e.time === o.time && e.apiVersion === o.apiVersion) return e;
    return {
      ...(o.manager && { manager: o.manager }),
      operation: o.operation,
      apiVersion: o.apiVersion,
      ...(o.time !== undefined && { time: o.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: o.set,
      ...(o.subresource && { subresource: o.subresource }),
    };
  });
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// Times are RFC 3339 in seconds and UTC, so their text has their order.
const compareOwners = (a: Owner, b: Owner): number =>
  text(a.operation, b.operation) ||
  text(a.time ?? '', b.time ?? '') ||
  text(a.manager, b.manager) ||
  text(a.apiVersion, b.apiVersion) ||
  text(a.subresource, b.subresource);

const maxUpdateManagers = 10;
const bucketName = 'ancient-changes';

/** At most ten updaters: the oldest are merged, per apiVersion, into one named ancient-changes. */
export function capOwners(owners: Owners): void {
  if (owners.size <= maxUpdateManagers) return;
  const updaters = [...owners].filter(([, o]) => o.operation === 'Update');
  let left = updaters.length;
  if (left <= maxUpdateManagers) return;
  updaters.sort(([i, a], [j, b]) => text(a.time ?? '', b.time ?? '') || text(i, j));
  const first = new Map<string, string>();
  for (const [id, o] of updaters) {
    if (left <= maxUpdateManagers) return;
    const firstId = first.get(o.apiVersion);
    if (firstId === undefined) {
      first.set(o.apiVersion, id);
      continue;
    }
    const name: ManagerName = { manager: bucketName, operation: 'Update', apiVersion: o.apiVersion, subresource: '' };
    const bucketId = managerId(name);
    const into = owners.get(bucketId) ?? owners.get(firstId);
    if (!owners.has(bucketId)) owners.delete(firstId);
    if (id !== bucketId) owners.delete(id);
    owners.set(bucketId, { ...name, set: into ? union(o.set, into.set) : o.set, time: o.time });
    left--;
  }
}

const strippedSet = fieldSetOf(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ['metadata', 'name'],
  ['metadata', 'namespace'],
  ['metadata', 'creationTimestamp'],
  ['metadata', 'selfLink'],
  ['metadata', 'uid'],
  ['metadata', 'clusterName'],
  ['metadata', 'generation'],
  ['metadata', 'managedFields'],
  ['metadata', 'resourceVersion'],
);

/** The set without the metadata nobody owns. */
export const withoutServerFields = (s: FieldSet): FieldSet => difference(s, strippedSet);

/** Removes owners of nothing. */
export function dropEmpty(owners: Owners): void {
  for (const [id, o] of owners) if (isEmptySet(o.set)) owners.delete(id);
}

/** metadata.managedFields of an object that may have no metadata. */
export function managedFieldsOf(obj: JsonObject): unknown {
  const meta = obj['metadata'];
  return isObject(meta) ? meta['managedFields'] : undefined;
}

/** RFC 3339 in seconds, as metav1.Time writes it. */
export const timeText = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`;

/**
 * Upstream's guard against writes that change nothing but the clock: when old and new are equal but for the times in managedFields,
 * the new object with the old entries; the new object otherwise.
 */
export function keepManagedFieldsTimes<T extends JsonObject>(old: JsonObject, updated: T): T {
  const before = managedFieldsOf(old);
  const after = managedFieldsOf(updated);
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length || after.length === 0)
    return updated;
  let changed = false;
  for (let i = 0; i < after.length; i++) {
    const { time: a, ...x } = before[i] as ManagedFieldsEntry;
    const { time: b, ...y } = after[i] as ManagedFieldsEntry;
    if (a !== b) changed = true;
    if (x.fieldsV1 !== y.fieldsV1 || x.manager !== y.manager) if (!equalJson(x, y)) return updated;
  }
  if (!changed) return updated;
  const meta = { ...(updated['metadata'] as JsonObject), managedFields: before };
  const result = { ...updated, metadata: meta };
  return equalJson(old, result) ? result : updated;
}
