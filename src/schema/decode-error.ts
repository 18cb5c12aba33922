/** Why a JSON value does not fit a schema, worded as Go's JSON decoder words it (sigs.k8s.io/json). */

/** The value cannot be decoded; `message` is what upstream appends to `… cannot be handled as a Pod: `. */
export class DecodeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DecodeError';
  }
}

/** A JSON value of the wrong kind, before the place where it lies is known. */
export class TypeMismatch extends Error {
  /** `string`, `number`, `number 1.5`, `bool`, `array`, `object`. */
  readonly value: string;
  readonly goType: string;
  constructor(value: string, goType: string) {
    super(`json: cannot unmarshal ${value} into Go value of type ${goType}`);
    this.value = value;
    this.goType = goType;
  }
  /** The error with the innermost struct and the names of the fields that lead there (no indices, no map keys). */
  in(struct: string, fields: readonly string[]): DecodeError {
    if (!struct) return new DecodeError(this.message);
    return new DecodeError(
      `json: cannot unmarshal ${this.value} into Go struct field ${struct}.${fields.join('.')} of type ${this.goType}`,
    );
  }
}

/** What Go calls a JSON value. */
export const jsonKind = (v: unknown): string =>
  v === null
    ? 'null'
    : Array.isArray(v)
      ? 'array'
      : typeof v === 'object'
        ? 'object'
        : typeof v === 'boolean'
          ? 'bool'
          : typeof v;
