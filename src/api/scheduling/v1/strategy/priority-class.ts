/** How PriorityClasses are written (upstream: registry/scheduling/priorityclass, scheduling/validation). */
import { type FieldError, forbiddenField, required } from '../../../../schema/field-error.ts';
import { type Errors, unsupported, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import type { PriorityClass } from '../types.ts';

/** The classes of the system (upstream: scheduling/v1 SystemPriorityClasses). */
const systemClasses: Readonly<Record<string, number>> = {
  'system-node-critical': 2000001000,
  'system-cluster-critical': 2000000000,
};
const highestUserPriority = 1000000000;
const policies = ['PreemptLowerPriority', 'Never'];

function systemProblem(p: PriorityClass): string | undefined {
  const name = p.metadata.name ?? '';
  const known = systemClasses[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (p.value !== known) return `value of ${name} PriorityClass must be ${known}`;
  return p.globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function validate(p: PriorityClass): readonly FieldError[] {
  const errs: Errors = [];
  if (p.metadata.name?.startsWith('system-')) {
    const problem = systemProblem(p);
    if (problem)
      errs.push(
        forbiddenField(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
        ),
      );
  } else if ((p.value ?? 0) > highestUserPriority)
    errs.push(forbiddenField('value', `maximum allowed value of a user defined priority is ${highestUserPriority}`));
  if (p.preemptionPolicy === '') errs.push(required('preemptionPolicy'));
  else if (p.preemptionPolicy !== undefined && !policies.includes(p.preemptionPolicy))
    errs.push(unsupported('preemptionPolicy', p.preemptionPolicy, policies));
  return errs;
}

export const priorityClassStrategy: Strategy<PriorityClass> = {
  // Its generation is 1 for good: nothing of it that counts may change.
  generationOf: () => 'fixed',
  defaults: (p) => (p.preemptionPolicy === undefined ? { ...p, preemptionPolicy: 'PreemptLowerPriority' } : p),
  validate,
  validateUpdate: (p, old) => {
    const errs: Errors = [];
    if ((p.value ?? 0) !== (old.value ?? 0)) errs.push(forbiddenField('value', 'may not be changed in an update.'));
    validateImmutable(p.preemptionPolicy, old.preemptionPolicy, 'preemptionPolicy', errs);
    return errs;
  },
};
