/** How ValidatingAdmissionPolicies are written (upstream: registry/admissionregistration). */
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { ValidatingAdmissionPolicy } from '../types.ts';
import { defaultMatch } from './admission-defaults.ts';

export const validatingAdmissionPolicyStrategy: Strategy<ValidatingAdmissionPolicy> = {
  ...clearsStatus(ValidatingAdmissionPolicy),
  defaults: (p) => ({
    ...p,
    spec: {
      ...p.spec,
      failurePolicy: p.spec.failurePolicy ?? 'Fail',
      ...(p.spec.matchConstraints && { matchConstraints: defaultMatch(p.spec.matchConstraints) }),
    },
  }),
};
