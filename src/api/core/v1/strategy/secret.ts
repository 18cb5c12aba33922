/** How Secrets are written: stringData is a way to write data and is never stored (upstream: registry/core/secret/strategy.go, core/v1/conversion.go). */
import type { Strategy } from '../../../resource-row.ts';
import type { Secret } from '../types.ts';
import { validateSecret, validateSecretUpdate } from '../validation/data.ts';

function defaultSecret(s: Secret): Secret {
  const { stringData, ...rest } = s;
  const type = s.type || 'Opaque';
  if (!stringData) return s.type ? s : { ...s, type };
  const written = Object.entries(stringData).map(([k, v]) => [k, Buffer.from(v).toString('base64')]);
  return { ...rest, type, ...(written.length && { data: { ...s.data, ...Object.fromEntries(written) } }) };
}

export const secretStrategy: Strategy<Secret> = {
  defaults: defaultSecret,
  // A client that does not know the type leaves it.
  prepareForUpdate: (s, old) => (s.type || !old.type ? s : { ...s, type: old.type }),
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
};
