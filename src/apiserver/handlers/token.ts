/** serviceaccounts/token: a TokenRequest answered by the issuer. */
import type { TokenRequest as TokenRequestObject } from '../../api/authentication/v1/types.ts';
import { TokenRequest } from '../../api/authentication/v1/types.ts';
import type { KubeObject } from '../../api/resource-row.ts';
import { badRequest, internalError } from '../../machinery/status-error.ts';
import { applyDefaults } from '../../schema/defaults.ts';
import { decodeBody } from '../codec.ts';
import { admit, admitValidating } from '../registry/write-request.ts';
import { warn } from '../request.ts';
import { mutationOptions } from '../request-options.ts';
import { type Handler, respondObject, writeRequest } from './scope.ts';

const kind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };

export const createToken: Handler = async (s) => {
  const { ctx, engine } = s;
  const { namespace, name } = ctx.info;
  const body = await ctx.request.body(engine.limits.requestBytes);
  const o = mutationOptions(ctx.query, 'CreateOptions');
  let obj = applyDefaults(TokenRequest, decodeBody(s, body, o.fieldValidation, TokenRequest, kind));
  const m = obj.metadata;
  if (m.name && m.name !== name) throw badRequest(`name must match "${name}"`);
  if (m.namespace && m.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  obj = { ...obj, metadata: { ...m, name, namespace } };
  const w = writeRequest(s, o);
  obj = (await admit(w, 'CREATE', obj, undefined)) ?? obj;
  await admitValidating(w, 'CREATE', obj, undefined);
  if (!engine.tokenIssuer) throw internalError(new Error('no service account token issuer is configured'));
  const answer = await engine.tokenIssuer.request(
    namespace,
    name,
    obj as unknown as TokenRequestObject,
    engine.reader,
    (text) => warn(ctx, text),
  );
  return respondObject(s, 201, answer as unknown as KubeObject, false, TokenRequest);
};
