/**
 * One problem of one field, with upstream's cause reason and wording
 * (staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go). Validation returns lists of these and never throws.
 */

export type FieldErrorType =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'InternalError'
  | 'FieldValueTypeInvalid';

export interface FieldError {
  readonly type: FieldErrorType;
  /** Path such as `spec.containers[0].name`. */
  readonly field: string;
  /** The message without the path, e.g. `Invalid value: "A": must be …`. */
  readonly message: string;
}

/** A value as upstream's messages print it: strings quoted, numbers bare, objects as JSON. */
export const printValue = (v: unknown): string =>
  v === undefined ? 'null' : typeof v === 'bigint' ? String(v) : JSON.stringify(v);

export const required = (field: string, detail = ''): FieldError => ({
  type: 'FieldValueRequired',
  field,
  message: `Required value${detail && `: ${detail}`}`,
});
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${printValue(value)}${detail && `: ${detail}`}`,
});
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueTypeInvalid',
  field,
  message: `Invalid value: ${printValue(value)}${detail && `: ${detail}`}`,
});
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${printValue(value)}${
    supported.length
      ? `: supported values: ${[...supported]
          .sort()
          .map((s) => JSON.stringify(s))
          .join(', ')}`
      : ''
  }`,
});
export const forbiddenField = (field: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${detail}`,
});
export const duplicate = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${printValue(value)}`,
});
export const notFoundField = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueNotFound',
  field,
  message: `Not found: ${printValue(value)}`,
});
export const tooLong = (field: string, maxLength: number): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${maxLength} bytes`,
});
export const tooMany = (field: string, actual: number, max: number): FieldError => ({
  type: 'FieldValueTooMany',
  field,
  message: `Too many: ${actual}: must have at most ${max} items`,
});
export const internalFieldError = (field: string, detail: string): FieldError => ({
  type: 'InternalError',
  field,
  message: `Internal error: ${detail}`,
});
