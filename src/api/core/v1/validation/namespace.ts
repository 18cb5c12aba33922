/** Namespaces and finalizer names (upstream: validation.go ValidateNamespace, validateFinalizerName). */
import { type FieldError, invalidValue } from '../../../../schema/field-error.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import { isQualifiedName } from '../../../../machinery/names.ts';
import type { Namespace } from '../types.ts';

const standard: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** A finalizer is qualified, or one of Kubernetes' own. */
export function validateKubeFinalizer(name: string, path: string, errs: Errors): void {
  if (!name.includes('/') && !standard.has(name))
    errs.push(invalidValue(path, name, 'name is neither a standard finalizer name nor is it fully qualified'));
}
function validateFinalizer(name: string, path: string, errs: Errors): void {
  for (const m of isQualifiedName(name)) errs.push(invalidValue(path, name, m));
  validateKubeFinalizer(name, path, errs);
}

export function validateNamespace(ns: Namespace): readonly FieldError[] {
  const errs: Errors = [];
  for (const f of ns.spec.finalizers ?? []) validateFinalizer(f, 'spec.finalizers', errs);
  return errs;
}

export function validateNamespaceStatusUpdate(ns: Namespace): readonly FieldError[] {
  const phase = ns.status.phase ?? '';
  if (ns.metadata.deletionTimestamp)
    return phase === 'Terminating'
      ? []
      : [invalidValue('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")];
  return phase === 'Active'
    ? []
    : [invalidValue('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty")];
}

export function validateNamespaceFinalizeUpdate(ns: Namespace): readonly FieldError[] {
  const errs: Errors = [];
  ns.spec.finalizers?.forEach((f, i) => {
    validateFinalizer(f, `spec.finalizers[${i}]`, errs);
  });
  return errs;
}
