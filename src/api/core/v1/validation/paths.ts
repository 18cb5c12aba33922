/** Paths inside volumes (upstream: validation.go validateLocalDescendingPath and its neighbours). */
import { invalidValue } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';

/** No `..` among the segments. */
export function validateNoBacksteps(v: string, path: string, errs: Errors): void {
  if (v.includes('..') && v.split('/').includes('..')) errs.push(invalidValue(path, v, "must not contain '..'"));
}
/** Relative and without `..`. */
export function validateDescendingPath(v: string, path: string, errs: Errors): void {
  if (v.startsWith('/')) errs.push(invalidValue(path, v, 'must be a relative path'));
  validateNoBacksteps(v, path, errs);
}
/** Also does not begin with `..`, which atomic volume writes use themselves. */
export function validateNonReservedPath(v: string, path: string, errs: Errors): void {
  validateDescendingPath(v, path, errs);
  if (v.startsWith('..') && !v.startsWith('../')) errs.push(invalidValue(path, v, "must not start with '..'"));
}
export const fileModeMessage = 'must be a number between 0 and 0777 (octal), both inclusive';
export function validateMode(mode: number | undefined, path: string, errs: Errors): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) errs.push(invalidValue(path, mode, fileModeMessage));
}
