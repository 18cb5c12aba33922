/** How MutatingAdmissionPolicyBindings are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import type { MutatingAdmissionPolicyBinding } from '../types.ts';
import { defaultMatch } from './admission-defaults.ts';

export const mutatingAdmissionPolicyBindingStrategy: Strategy<MutatingAdmissionPolicyBinding> = {
  defaults: (b) =>
    b.spec.matchResources ? { ...b, spec: { ...b.spec, matchResources: defaultMatch(b.spec.matchResources) } } : b,
};
