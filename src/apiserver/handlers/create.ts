/** POST of a new object, or of one that is only answered (TokenReview, SubjectAccessReview, …). */
import { internalError } from '../../machinery/status-error.ts';
import { decodeBody, withDefaults } from '../codec.ts';
import { createObject, withoutSystemFields } from '../registry/create.ts';
import {
  admit,
  admitValidating,
  inRequestNamespace,
  refuseInvalid,
  type WriteRequest,
} from '../registry/write-request.ts';
import { mutationOptions } from '../request-options.ts';
import { type Handler, respondEntry, respondObject, type Scope, writeRequest } from './scope.ts';

export const create: Handler = async (s) => {
  const { ctx, served, engine } = s;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const options = mutationOptions(ctx.query, 'CreateOptions');
  const decoded = decodeBody(s, body, options.fieldValidation, served.row.schema, served.row);
  const w: WriteRequest = { ...writeRequest(s, options), name: '' };
  const obj = inRequestNamespace(withDefaults(served, decoded), served.row, w.namespace);
  if (served.row.virtual) return createVirtual(s, w, obj);
  return respondEntry(s, 201, await createObject(w, obj));
};

async function createVirtual(s: Scope, w: WriteRequest, decoded: Parameters<typeof withoutSystemFields>[0]) {
  const { served, engine } = s;
  const id = `${served.row.group}/${served.row.plural}`;
  const answer = engine.virtual.get(id);
  if (!answer) throw internalError(new Error(`nothing answers ${id} here`));
  let obj = withoutSystemFields(decoded);
  obj = (await admit(w, 'CREATE', obj, undefined)) ?? obj;
  refuseInvalid(w, obj, served.row.strategy.validate?.(obj) ?? []);
  await admitValidating(w, 'CREATE', obj, undefined);
  return respondObject(s, 201, await answer(obj, { user: w.user, namespace: w.namespace }));
}
