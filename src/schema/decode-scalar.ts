/** Decoders of scalars: type and range checks with Go's messages, and the canonical form of those that have one. */
import type { ScalarName } from './dsl.ts';
import { DecodeError, jsonKind, TypeMismatch } from './decode-error.ts';
import { canonicaliseMicroTime, canonicaliseTime, formatDuration, parseDuration } from './go-time.ts';
import { canonicaliseQuantity, QuantityError } from './quantity-text.ts';

/** Never called with null. An answer of undefined means the zero value, which is left out. */
export type ScalarDecoder = (v: unknown) => unknown;

const integer =
  (goType: string, min: number, max: number): ScalarDecoder =>
  (v) => {
    if (typeof v !== 'number') throw new TypeMismatch(jsonKind(v), goType);
    if (!Number.isInteger(v) || v < min || v > max) throw new TypeMismatch(`number ${v}`, goType);
    return v === 0 ? 0 : v;
  };

function text(v: unknown): string {
  if (typeof v !== 'string') throw new DecodeError(new TypeMismatch(jsonKind(v), 'string').message);
  return v;
}

function quantity(v: unknown): string {
  const t = typeof v === 'string' ? v : typeof v === 'number' ? goNumber(v) : JSON.stringify(v);
  try {
    return canonicaliseQuantity(t);
  } catch (e) {
    if (e instanceof QuantityError) throw new DecodeError(e.message);
    throw e;
  }
}

/** A number as a client most likely wrote it: JavaScript's `1e+21` is read as digits where they are exact. */
const goNumber = (v: number): string => (Number.isInteger(v) ? BigInt(v).toString() : String(v));

function bytes(v: unknown, goType: string): string {
  if (typeof v !== 'string') throw new TypeMismatch(jsonKind(v), goType);
  const data = Buffer.from(v, 'base64');
  const canonical = data.toString('base64');
  if (canonical === v) return v;
  // Go skips line breaks and refuses everything else outside its alphabet, padding included.
  const plain = v.replace(/[\r\n]/g, '');
  const m = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(plain)!;
  if (m[0].length !== plain.length) throw new DecodeError(`illegal base64 data at input byte ${illegalByte(v)}`);
  return Buffer.from(plain, 'base64').toString('base64');
}

/** Offset of the first byte Go's decoder refuses. */
function illegalByte(v: string): number {
  let quantum = 0;
  let end = -1;
  for (let i = 0; i < v.length; i++) {
    const c = v[i]!;
    if (c === '\r' || c === '\n') continue;
    if (end >= 0) return i;
    if (c === '=') {
      if (quantum < 2) return i;
      if (quantum === 2) {
        let j = i + 1;
        while (v[j] === '\r' || v[j] === '\n') j++;
        if (j >= v.length) return v.length;
        if (v[j] !== '=') return j;
        i = j;
      }
      end = i;
    } else if (!/[A-Za-z0-9+/]/.test(c)) return i;
    else quantum = (quantum + 1) % 4;
  }
  return v.length - quantum;
}

/** The decoder of a scalar; `goType` is what messages call it. */
export function decodeScalar(name: ScalarName, goType: string): ScalarDecoder {
  switch (name) {
    case 'string':
      return (v) => {
        if (typeof v !== 'string') throw new TypeMismatch(jsonKind(v), goType);
        return v;
      };
    case 'bool':
      return (v) => {
        if (typeof v !== 'boolean') throw new TypeMismatch(jsonKind(v), goType);
        return v;
      };
    case 'int32':
      return integer(goType, -(2 ** 31), 2 ** 31 - 1);
    case 'int64':
      // 2^63 itself is what a text just below it becomes in a double.
      return integer(goType, -(2 ** 63), 2 ** 63);
    case 'uint32':
      return integer(goType, 0, 2 ** 32 - 1);
    case 'uint64':
      return integer(goType, 0, 2 ** 64);
    case 'float64':
      return (v) => {
        if (typeof v !== 'number') throw new TypeMismatch(jsonKind(v), goType);
        return v;
      };
    case 'bytes':
      return (v) => bytes(v, goType);
    case 'any':
    case 'rawExtension':
    case 'fieldsV1':
      return (v) => v;
    case 'time':
      return (v) => canonicaliseTime(text(v));
    case 'microTime':
      return (v) => canonicaliseMicroTime(text(v));
    case 'duration':
      return (v) => formatDuration(parseDuration(text(v)));
    case 'quantity':
      return quantity;
    case 'intOrString': {
      const int = integer('int32', -(2 ** 31), 2 ** 31 - 1);
      return (v) => {
        if (typeof v === 'string') return v;
        try {
          return int(v);
        } catch (e) {
          // Its Go type decodes itself, so the message knows nothing of the field.
          throw e instanceof TypeMismatch ? new DecodeError(e.message) : e;
        }
      };
    }
    default: {
      const never: never = name;
      return never;
    }
  }
}
