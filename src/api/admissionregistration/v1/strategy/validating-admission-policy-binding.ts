/** How ValidatingAdmissionPolicyBindings are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import type { ValidatingAdmissionPolicyBinding } from '../types.ts';
import { defaultMatch } from './admission-defaults.ts';

export const validatingAdmissionPolicyBindingStrategy: Strategy<ValidatingAdmissionPolicyBinding> = {
  defaults: (b) =>
    b.spec.matchResources ? { ...b, spec: { ...b.spec, matchResources: defaultMatch(b.spec.matchResources) } } : b,
};
