/** How ControllerRevisions are written: their data never changes (upstream: registry/apps/controllerrevision). */
import { required } from '../../../../schema/field-error.ts';
import { type Errors, notNegative, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { ControllerRevision } from '../types.ts';

export const controllerRevisionStrategy: Strategy<ControllerRevision> = {
  validate: (r) => {
    const errs: Errors = [];
    notNegative(r.revision, 'revision', errs);
    return errs;
  },
  validateCreate: (r) => {
    const data: unknown = r.data;
    if (data === undefined || data === null) return [required('data', 'data is mandatory')];
    return typeof data === 'object' && !Array.isArray(data)
      ? []
      : [required('data', 'data must be a valid JSON object')];
  },
  validateUpdate: (r, old) => {
    const errs: Errors = [];
    validateImmutable(r.data, old.data, 'data', errs);
    return errs;
  },
};
