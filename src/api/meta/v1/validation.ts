/** Validation of what the metadata and selectors of all kinds share (upstream: apimachinery meta/v1/validation, api/validation). Errors are pushed onto the list given; paths are written only when there is one. */
import { labelSelectorAsSelector } from '../../../machinery/label-selector.ts';
import {
  type FieldError,
  forbiddenField,
  invalidValue,
  printValue,
  required,
  tooLong,
} from '../../../schema/field-error.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isLabelValue,
  isPathSegmentName,
  isQualifiedName,
} from '../../../machinery/names.ts';
import type { LabelSelector } from './types.ts';

export type Errors = FieldError[];
type StringMap = Readonly<Record<string, string>>;

/** Unsupported value; the supported ones in the order given (notSupported sorts them). */
export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${printValue(value)}: supported values: ${supported.map((s) => JSON.stringify(s)).join(', ')}`,
});

type Rule = (value: string) => readonly string[];
const ruled =
  (rule: Rule) =>
  (value: string, path: string, errs: Errors): void => {
    for (const m of rule(value)) errs.push(invalidValue(path, value, m));
  };
export const validateDNS1123Label = ruled(isDns1123Label);
export const validateDNS1123Subdomain = ruled(isDns1123Subdomain);
export const validateQualifiedName = ruled(isQualifiedName);
export const validatePathSegmentName = ruled(isPathSegmentName);
/** A label key. */
export const validateLabelName = validateQualifiedName;

export function validateLabels(labels: StringMap | undefined, path: string, errs: Errors): void {
  for (const k in labels) {
    validateLabelName(k, path, errs);
    for (const m of isLabelValue(labels[k]!)) errs.push(invalidValue(path, labels[k], m));
  }
}

const annotationsLimit = 256 * 1024;
export function validateAnnotations(annotations: StringMap | undefined, path: string, errs: Errors): void {
  let size = 0;
  for (const k in annotations) {
    for (const m of isQualifiedName(k.toLowerCase())) errs.push(invalidValue(path, k, m));
    size += Buffer.byteLength(k) + Buffer.byteLength(annotations[k]!);
  }
  if (size > annotationsLimit) errs.push(tooLong(path, annotationsLimit));
}

export function validateLabelSelector(s: LabelSelector | undefined, path: string, errs: Errors): void {
  if (!s) return;
  validateLabels(s.matchLabels, `${path}.matchLabels`, errs);
  s.matchExpressions?.forEach((r, i) => {
    const p = `${path}.matchExpressions[${i}]`;
    switch (r.operator) {
      case 'In':
      case 'NotIn':
        if (!r.values?.length)
          errs.push(required(`${p}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
        break;
      case 'Exists':
      case 'DoesNotExist':
        if (r.values?.length)
          errs.push(
            forbiddenField(`${p}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
          );
        break;
      default:
        errs.push(invalidValue(`${p}.operator`, r.operator ?? '', 'not a valid selector operator'));
    }
    validateLabelName(r.key ?? '', `${p}.key`, errs);
    r.values?.forEach((v, j) => {
      for (const m of isLabelValue(v)) errs.push(invalidValue(`${p}.values[${j}]`, v, m));
    });
  });
}

/** The selector can be made from it: operators known, values as their operators ask. */
export const isUsableSelector = (s: LabelSelector | undefined): boolean => {
  const errs: Errors = [];
  validateLabelSelector(s, '', errs);
  return errs.length === 0;
};

/** Whether labels satisfy a usable selector; an absent one matches nothing, an empty one everything. */
export const selectorMatches = (s: LabelSelector | undefined, labels: StringMap | undefined): boolean =>
  labelSelectorAsSelector(s).matches(labels);

export const notNegative = (n: number | undefined, path: string, errs: Errors): void => {
  if ((n ?? 0) < 0) errs.push(invalidValue(path, n, 'must be greater than or equal to 0'));
};

export const fieldIsImmutable = 'field is immutable';
/** Upstream: ValidateImmutableField. Absent, empty and equal are the same. */
export function validateImmutable(value: unknown, old: unknown, path: string, errs: Errors): void {
  if (!semanticEqual(value, old)) errs.push(invalidValue(path, value, fieldIsImmutable));
}

/** Deep equality in which an absent list and an empty one are the same (upstream: equality.Semantic). */
export function semanticEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === undefined || a === null) return b === undefined || b === null || (Array.isArray(b) && b.length === 0);
  if (b === undefined || b === null) return Array.isArray(a) && a.length === 0;
  if (typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => semanticEqual(x, b[i]));
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  for (const k in x) if (!semanticEqual(x[k], y[k])) return false;
  for (const k in y) if (!(k in x) && !semanticEqual(undefined, y[k])) return false;
  return true;
}
