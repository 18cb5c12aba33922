/** How MutatingAdmissionPolicies are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import type { MutatingAdmissionPolicy } from '../types.ts';
import { defaultMatch } from './admission-defaults.ts';

export const mutatingAdmissionPolicyStrategy: Strategy<MutatingAdmissionPolicy> = {
  defaults: (p) => ({
    ...p,
    spec: {
      ...p.spec,
      failurePolicy: p.spec.failurePolicy ?? 'Fail',
      ...(p.spec.matchConstraints && { matchConstraints: defaultMatch(p.spec.matchConstraints) }),
    },
  }),
};
