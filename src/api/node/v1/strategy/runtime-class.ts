/** How RuntimeClasses are written (upstream: registry/node/runtimeclass, node/validation). */
import { type Errors, validateDNS1123Label, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { RuntimeClass } from '../types.ts';

export const runtimeClassStrategy: Strategy<RuntimeClass> = {
  validate: (c) => {
    const errs: Errors = [];
    validateDNS1123Label(c.handler ?? '', 'handler', errs);
    return errs;
  },
  validateUpdate: (c, old) => {
    const errs: Errors = [];
    validateImmutable(c.handler, old.handler, 'handler', errs);
    return errs;
  },
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
};
