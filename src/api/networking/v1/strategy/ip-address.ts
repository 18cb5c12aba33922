/** How IPAddresses are written: named by the address they reserve (upstream: registry/networking/ipaddress). */
import { required } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import { type Errors, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { validateIP } from '../../../core/v1/validation/address.ts';
import type { IPAddress } from '../types.ts';

export const ipAddressStrategy: Strategy<IPAddress> = {
  ...withoutGeneration,
  validateName: (name) => {
    const errs: Errors = [];
    validateIP(name, 'metadata.name', errs);
    return errs.length ? ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'] : [];
  },
  validate: (a) => {
    const errs: Errors = [];
    const ref = a.spec.parentRef;
    if (!ref) errs.push(required('spec.parentRef'));
    else
      for (const field of ['resource', 'name'] as const)
        if (!ref[field]) errs.push(required(`spec.parentRef.${field}`));
    return errs;
  },
  validateUpdate: (a, old) => {
    const errs: Errors = [];
    validateImmutable(a.spec.parentRef, old.spec.parentRef, 'spec.parentRef', errs);
    return errs;
  },
};
