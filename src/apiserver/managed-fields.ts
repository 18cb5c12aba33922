/** Who owns which field: a request's writes recorded in metadata.managedFields, and server-side apply, with the algebra of src/schema/apply. */
import type { KubeObject } from '../api/resource-row.ts';
import { badRequest, StatusError } from '../machinery/status-error.ts';
import {
  keepManagedFieldsTimes,
  type ResetFields,
  resetPaths,
  serverSideApply,
  updateManagedFields,
} from '../schema/apply/index.ts';
import { PatchError } from '../schema/merge/index.ts';
import { withMetadata, type WriteRequest } from './registry/write-request.ts';

type Json = Readonly<Record<string, unknown>>;
const json = (o: KubeObject | undefined): Json | undefined => o as unknown as Json | undefined;

const statusReset = resetPaths(['status']);
const made = new WeakMap<readonly (readonly string[])[], ResetFields>();

/** What the endpoint does not own: the status for the main endpoint of a kind that has one apart. */
function resetOf(w: WriteRequest): ResetFields | undefined {
  if (!w.subresource) return w.served.subresources.has('status') ? statusReset : undefined;
  const paths = w.subresource.resetFields;
  if (!paths) return undefined;
  let r = made.get(paths);
  if (!r) {
    r = resetPaths(...paths);
    made.set(paths, r);
  }
  return r;
}

const common = (w: WriteRequest) => ({
  struct: w.served.row.schema,
  manager: w.manager,
  apiVersion: w.served.apiVersion,
  subresource: w.subresource?.name,
  now: w.engine.clock.now(),
  resetFields: resetOf(w),
});

/** The object with this write recorded (upstream: FieldManager.UpdateNoErrors). */
export function recordUpdate(w: WriteRequest, live: KubeObject | undefined, obj: KubeObject): KubeObject {
  const managedFields = updateManagedFields({ ...common(w), live: json(live), updated: json(obj)! });
  return managedFields === obj.metadata.managedFields ? obj : withMetadata(obj, { managedFields });
}

/** `live` with a configuration applied; still to be decoded. @throws 400, 409 with a cause per conflict */
export function applyManaged(
  w: WriteRequest,
  live: KubeObject | undefined,
  config: unknown,
  force: boolean,
): KubeObject {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw badRequest(
      'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal into Go value of type map[string]interface {}',
    );
  const { apiVersion, kind, metadata } = config as Partial<KubeObject>;
  if (apiVersion === w.served.apiVersion && kind !== w.served.row.kind) {
    const gvk = `${w.served.row.group}/${w.served.row.version}, Kind=${kind ?? ''}`;
    throw new StatusError(
      500,
      '',
      `failed to create typed patch object (${metadata?.namespace ?? ''}/${metadata?.name ?? ''}; ${gvk}): no corresponding type for ${gvk}`,
    );
  }
  try {
    const r = serverSideApply({ ...common(w), live: json(live), applied: config as Json, force });
    if (r.object) return r.object as unknown as KubeObject;
    throw new StatusError(409, 'Conflict', r.conflicts.message, {
      causes: r.conflicts.causes.map((c) => ({ reason: c.type, message: c.message, field: c.field })),
    });
  } catch (e) {
    if (!(e instanceof PatchError)) throw e;
    throw e.kind === 'badRequest' ? badRequest(e.message) : new StatusError(500, '', e.message);
  }
}

/** A write that changes nothing but the times in managedFields is no change (upstream: IgnoreManagedFieldsTimestampsTransformer). */
export const withoutUnchangedTimestamps = (obj: KubeObject, old: KubeObject): KubeObject =>
  keepManagedFieldsTimes(json(old)!, json(obj)!) as unknown as KubeObject;
