/** ConfigMaps and Secrets: keys, size, immutability, what the types of Secrets need (upstream: validation.go ValidateConfigMap, ValidateSecret). */
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from '../../../../schema/field-error.ts';
import { type Errors, semanticEqual, validateImmutable } from '../../../meta/v1/validation.ts';
import { isConfigMapKey } from '../../../../machinery/names.ts';
import type { ConfigMap, Secret } from '../types.ts';

const maxSize = 1024 * 1024;
/** Bytes behind a base64 text. */
const decodedLength = (b64: string): number =>
  Math.floor((b64.length * 3) / 4) - (b64.endsWith('==') ? 2 : b64.endsWith('=') ? 1 : 0);

export function validateConfigMap(c: ConfigMap): readonly FieldError[] {
  const errs: Errors = [];
  let size = 0;
  for (const k in c.data) {
    for (const m of isConfigMapKey(k)) errs.push(invalidValue(`data[${k}]`, k, m));
    if (c.binaryData?.[k] !== undefined)
      errs.push(invalidValue(`data[${k}]`, k, 'duplicate of key present in binaryData'));
    size += Buffer.byteLength(c.data[k]!);
  }
  for (const k in c.binaryData) {
    for (const m of isConfigMapKey(k)) errs.push(invalidValue(`binaryData[${k}]`, k, m));
    size += decodedLength(c.binaryData[k]!);
  }
  if (size > maxSize) errs.push(tooLong('[]', maxSize));
  return errs;
}

const frozen = 'field is immutable when `immutable` is set';

export function validateConfigMapUpdate(c: ConfigMap, old: ConfigMap): readonly FieldError[] {
  const errs: Errors = [];
  if (!old.immutable) return errs;
  if (!c.immutable) errs.push(forbiddenField('immutable', frozen));
  if (!semanticEqual(c.data ?? {}, old.data ?? {})) errs.push(forbiddenField('data', frozen));
  if (!semanticEqual(c.binaryData ?? {}, old.binaryData ?? {})) errs.push(forbiddenField('binaryData', frozen));
  return errs;
}

function validateJson(s: Secret, key: string, errs: Errors): void {
  const path = `data[${key}]`;
  const text = s.data?.[key];
  if (text === undefined) {
    errs.push(required(path));
    return;
  }
  try {
    const v: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    if (v !== null && (typeof v !== 'object' || Array.isArray(v)))
      errs.push(
        invalidValue(
          path,
          '<secret contents redacted>',
          `json: cannot unmarshal ${Array.isArray(v) ? 'array' : typeof v === 'boolean' ? 'bool' : typeof v} into Go value of type map[string]interface {}`,
        ),
      );
  } catch {
    const empty = text === '';
    errs.push(
      invalidValue(
        path,
        '<secret contents redacted>',
        empty ? 'unexpected end of JSON input' : 'invalid character in JSON text',
      ),
    );
  }
}

const accountAnnotation = 'kubernetes.io/service-account.name';

export function validateSecret(s: Secret): readonly FieldError[] {
  const errs: Errors = [];
  let size = 0;
  for (const k in s.data) {
    for (const m of isConfigMapKey(k)) errs.push(invalidValue(`data[${k}]`, k, m));
    size += decodedLength(s.data[k] ?? '');
  }
  if (size > maxSize) errs.push(tooLong('data', maxSize));
  const has = (key: string) => s.data?.[key] !== undefined;
  switch (s.type) {
    case 'kubernetes.io/service-account-token':
      if (!s.metadata.annotations?.[accountAnnotation])
        errs.push(required(`metadata.annotations[${accountAnnotation}]`));
      break;
    case 'kubernetes.io/dockercfg':
      validateJson(s, '.dockercfg', errs);
      break;
    case 'kubernetes.io/dockerconfigjson':
      validateJson(s, '.dockerconfigjson', errs);
      break;
    case 'kubernetes.io/basic-auth':
      if (!has('username') && !has('password')) errs.push(required('data[username]'), required('data[password]'));
      break;
    case 'kubernetes.io/ssh-auth':
      if (!s.data?.['ssh-privatekey']) errs.push(required('data[ssh-privatekey]'));
      break;
    case 'kubernetes.io/tls':
      for (const key of ['tls.crt', 'tls.key']) if (!has(key)) errs.push(required(`data[${key}]`));
      break;
    default:
  }
  return errs;
}

export function validateSecretUpdate(s: Secret, old: Secret): readonly FieldError[] {
  const errs: Errors = [];
  validateImmutable(s.type, old.type, 'type', errs);
  if (!old.immutable) return errs;
  if (!s.immutable) errs.push(forbiddenField('immutable', frozen));
  if (!semanticEqual(s.data ?? {}, old.data ?? {})) errs.push(forbiddenField('data', frozen));
  return errs;
}
