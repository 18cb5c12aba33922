/** How IngressClasses are written (upstream: networking/v1/defaults.go, registry/networking/ingressclass). */
import { validateImmutable } from '../../../meta/v1/validation.ts';
import type { Errors } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { IngressClass } from '../types.ts';

export const ingressClassStrategy: Strategy<IngressClass> = {
  defaults: (c) =>
    c.spec.parameters && c.spec.parameters.scope === undefined
      ? { ...c, spec: { ...c.spec, parameters: { ...c.spec.parameters, scope: 'Cluster' } } }
      : c,
  validateUpdate: (c, old) => {
    const errs: Errors = [];
    validateImmutable(c.spec.controller, old.spec.controller, 'spec.controller', errs);
    return errs;
  },
};
