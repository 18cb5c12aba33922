/** How ServiceCIDRs are written (upstream: registry/networking/servicecidr). */
import { invalidValue, required } from '../../../../schema/field-error.ts';
import { isDualStack, validateCIDR } from '../../../core/v1/validation/address.ts';
import { withoutGeneration } from '../../../generation.ts';
import { type Errors, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { ServiceCIDR } from '../types.ts';

export const serviceCIDRStrategy: Strategy<ServiceCIDR> = {
  ...withoutGeneration,
  ...clearsStatus(ServiceCIDR),
  validate: (c) => {
    const errs: Errors = [];
    const list = c.spec.cidrs ?? [];
    if (list.length === 0) errs.push(required('spec.cidrs', 'at least one CIDR required'));
    if (list.length > 2 || (list.length === 2 && !isDualStack(list)))
      errs.push(
        invalidValue(
          'spec',
          list,
          'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
        ),
      );
    list.forEach((x, i) => {
      validateCIDR(x, `spec.cidrs[${i}]`, errs);
    });
    return errs;
  },
  validateUpdate: (c, old) => {
    const errs: Errors = [];
    validateImmutable(c.spec.cidrs?.[0], old.spec.cidrs?.[0], 'spec.cidrs[0]', errs);
    return errs;
  },
};
