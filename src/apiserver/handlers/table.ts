/** Which handler serves which verb of a resource or subresource: the one table. */
import type { Subresource } from '../../api/resource-row.ts';
import type { Served } from '../engine.ts';
import { bindByName, bindPod } from './binding.ts';
import { connect } from './connect.ts';
import { create } from './create.ts';
import { deleteCollection, remove } from './delete.ts';
import { evict } from './eviction.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { patch } from './patch.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import type { Handler } from './scope.ts';
import { createToken } from './token.ts';
import { update } from './update.ts';
import { watch } from './watch.ts';

const resourceHandlers: Readonly<Record<string, Handler>> = {
  create,
  get,
  list,
  watch,
  update,
  patch,
  delete: remove,
  deletecollection: deleteCollection,
};
const partHandlers: Readonly<Record<string, Handler>> = { get, update, patch };
const scaleHandlers: Readonly<Record<string, Handler>> = { get: getScale, update: updateScale, patch: patchScale };
const actions: Readonly<Record<NonNullable<Subresource['action']>, Handler>> = {
  binding: bindPod,
  eviction: evict,
  token: createToken,
};

/** undefined = the verb is not served here (405). */
export function handlerFor(served: Served, subresource: Subresource | undefined, verb: string): Handler | undefined {
  if (subresource) {
    if (!(subresource.verbs as readonly string[]).includes(verb)) return undefined;
    if (subresource.connect) return connect;
    if (subresource.action) return verb === 'create' ? actions[subresource.action] : undefined;
    return (subresource.scale ? scaleHandlers : partHandlers)[verb];
  }
  if (served.row.virtual && served.row.schema.markers.gvk?.kind === 'Binding')
    return verb === 'create' ? bindByName : undefined;
  return (served.row.verbs as readonly string[]).includes(verb) ? resourceHandlers[verb] : undefined;
}
