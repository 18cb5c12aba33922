/** Rules, references and subjects of the rbac kinds (upstream: pkg/apis/rbac/validation). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import {
  type Errors,
  unsupported,
  validateDNS1123Subdomain,
  validatePathSegmentName,
} from '../../../meta/v1/validation.ts';
import type { PolicyRule, RoleRef, Subject } from '../types.ts';

const group = 'rbac.authorization.k8s.io';

export function validateRules(rules: readonly PolicyRule[] | undefined, namespaced: boolean, errs: Errors): void {
  rules?.forEach((r, i) => {
    const path = `rules[${i}]`;
    if (!r.verbs?.length) errs.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
    if (r.nonResourceURLs?.length) {
      const refuse = (why: string) => errs.push(invalidValue(`${path}.nonResourceURLs`, r.nonResourceURLs, why));
      if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
      if (r.apiGroups?.length || r.resources?.length || r.resourceNames?.length)
        refuse('rules cannot apply to both regular resources and non-resource URLs');
      return;
    }
    if (!r.apiGroups?.length)
      errs.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!r.resources?.length)
      errs.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  });
}

interface Binding {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | undefined;
}

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

function validateSubject(s: Subject, namespaced: boolean, path: string, errs: Errors): void {
  if (!s.name) errs.push(required(`${path}.name`));
  const apiGroup = s.apiGroup ?? '';
  if (s.kind === 'ServiceAccount') {
    if (s.name) validateDNS1123Subdomain(s.name, `${path}.name`, errs);
    if (apiGroup) errs.push(unsupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !s.namespace) errs.push(required(`${path}.namespace`));
  } else if (s.kind === 'User' || s.kind === 'Group') {
    if (apiGroup !== group) errs.push(unsupported(`${path}.apiGroup`, apiGroup, [group]));
  } else errs.push(unsupported(`${path}.kind`, s.kind ?? '', subjectKinds));
}

export function validateBinding(b: Binding, namespaced: boolean): readonly FieldError[] {
  const errs: Errors = [];
  const ref = b.roleRef;
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (ref.apiGroup !== group) errs.push(unsupported('roleRef.apiGroup', ref.apiGroup ?? '', [group]));
  if (!kinds.includes(ref.kind)) errs.push(unsupported('roleRef.kind', ref.kind ?? '', kinds));
  if (!ref.name) errs.push(required('roleRef.name'));
  else validatePathSegmentName(ref.name, 'roleRef.name', errs);
  b.subjects?.forEach((s, i) => {
    validateSubject(s, namespaced, `subjects[${i}]`, errs);
  });
  return errs;
}

/** A binding stays with its role. Upstream prints the reference by its Go field names. */
export function validateBindingUpdate(b: Binding, old: Binding): readonly FieldError[] {
  const { apiGroup, kind, name } = b.roleRef;
  const was = old.roleRef;
  return apiGroup === was.apiGroup && kind === was.kind && name === was.name
    ? []
    : [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}

/** Groups that go without saying (upstream: rbac/v1/defaults.go). */
export const defaultBinding = <B extends Binding>(b: B): B => ({
  ...b,
  roleRef: { ...b.roleRef, apiGroup: b.roleRef.apiGroup || group },
  ...(b.subjects && {
    subjects: b.subjects.map((s) =>
      !s.apiGroup && (s.kind === 'User' || s.kind === 'Group') ? { ...s, apiGroup: group } : s,
    ),
  }),
});
