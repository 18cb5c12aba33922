/** How NetworkPolicies are written (upstream: networking/v1/defaults.go). */
import type { Errors } from '../../../meta/v1/validation.ts';
import { unsupported, validateLabelSelector } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { NetworkPolicy, NetworkPolicyPort } from '../types.ts';

const withProtocol = <R extends { readonly ports?: readonly NetworkPolicyPort[] | undefined }>(r: R): R =>
  r.ports?.some((p) => p.protocol === undefined)
    ? { ...r, ports: r.ports.map((p) => ({ ...p, protocol: p.protocol ?? 'TCP' })) }
    : r;

export const networkPolicyStrategy: Strategy<NetworkPolicy> = {
  defaults: (n) => ({
    ...n,
    spec: {
      ...n.spec,
      ...(n.spec.ingress && { ingress: n.spec.ingress.map(withProtocol) }),
      ...(n.spec.egress && { egress: n.spec.egress.map(withProtocol) }),
      policyTypes: n.spec.policyTypes?.length
        ? n.spec.policyTypes
        : n.spec.egress?.length
          ? ['Ingress', 'Egress']
          : ['Ingress'],
    },
  }),
  validate: (n) => {
    const errs: Errors = [];
    validateLabelSelector(n.spec.podSelector, 'spec.podSelector', errs);
    n.spec.policyTypes?.forEach((t, i) => {
      if (t !== 'Ingress' && t !== 'Egress') errs.push(unsupported(`spec.policyTypes[${i}]`, t, ['Egress', 'Ingress']));
    });
    return errs;
  },
};
