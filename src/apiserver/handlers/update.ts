/** PUT of an object or of its part under a subresource. */
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest } from '../../machinery/status-error.ts';
import { decodeBody, withDefaults } from '../codec.ts';
import { recordUpdate } from '../managed-fields.ts';
import { updateObject } from '../registry/update.ts';
import { inRequestNamespace, withoutDuplicateOwners } from '../registry/write-request.ts';
import { mutationOptions } from '../request-options.ts';
import { type Handler, respondEntry, writeRequest } from './scope.ts';

/** Upstream: handlers.checkName. @throws 400 */
export function checkName(obj: KubeObject, name: string, namespace: string): void {
  const has = obj.metadata.name ?? '';
  if (has !== name) {
    throw badRequest(
      has
        ? `the name of the object (${has}) does not match the name on the URL (${name})`
        : `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  const ns = obj.metadata.namespace ?? '';
  if (namespace && ns && ns !== namespace)
    throw badRequest(`the namespace of the object (${ns}) does not match the namespace on the request (${namespace})`);
}

export const update: Handler = async (s) => {
  const { ctx, served, engine } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const options = mutationOptions(ctx.query, 'UpdateOptions');
  const decoded = decodeBody(s, body, options.fieldValidation, served.row.schema, served.row);
  const w = writeRequest(s, options);
  const placed = inRequestNamespace(withDefaults(served, decoded), served.row, w.namespace);
  checkName(placed, w.name, w.namespace);
  const obj = withoutDuplicateOwners(w, placed, false);
  const changed = await updateObject(w, {
    next: (current) => recordUpdate(w, current?.object, obj),
    uid: obj.metadata.uid || undefined,
    allowCreate: false,
  });
  return respondEntry(s, changed.kind === 'created' ? 201 : 200, changed.entry);
};
