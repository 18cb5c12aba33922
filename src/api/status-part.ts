/** The usual split of spec and status: who may write which part (upstream: the strategy pairs of registry/<group>/<kind>/strategy.go). */
import type { AnyStruct } from '../schema/dsl.ts';
import { structOf } from '../schema/dsl.ts';
import type { AnyStrategy, KubeObject, Subresource } from './resource-row.ts';
import { zeroValue } from './zero-value.ts';

interface WithStatus extends KubeObject {
  readonly status?: unknown;
}

/** The zero status of a top-level kind. */
function zeroStatus(kind: AnyStruct): object | undefined {
  const f = kind.fields['status'];
  const inner = f && !f.markers.ptr && !f.markers.omitzero ? structOf(f.type) : undefined;
  return inner && zeroValue(inner);
}

/** `obj` with its status replaced; an undefined status is left out. */
export function replaceStatus<T extends WithStatus>(obj: T, status: unknown): T {
  if (status !== undefined) return { ...obj, status };
  const { status: _, ...rest } = obj;
  return rest as unknown as T;
}

/** Main endpoint of a kind with a status subresource: create clears the status, update keeps the old one. */
export function clearsStatus(kind: AnyStruct): Required<Pick<AnyStrategy, 'prepareForCreate' | 'prepareForUpdate'>> {
  const zero = zeroStatus(kind);
  return {
    prepareForCreate: (obj: WithStatus) => replaceStatus(obj, zero),
    prepareForUpdate: (obj: WithStatus, old: WithStatus) => replaceStatus(obj, old.status),
  };
}

/** Status endpoint: everything but the status and the metadata stays as it was. */
export function keepsAllButStatus<T extends WithStatus>(obj: T, old: T): T {
  const out: Record<string, unknown> = { ...(old as object), metadata: obj.metadata };
  if (obj.status === undefined) delete out['status'];
  else out['status'] = obj.status;
  return out as unknown as T;
}

/** A `status` subresource. */
export const statusSubresource = (strategy: AnyStrategy = {}): Subresource => ({
  name: 'status',
  verbs: ['get', 'patch', 'update'],
  resetFields: [['spec']],
  strategy: { prepareForUpdate: keepsAllButStatus, ...strategy },
});
