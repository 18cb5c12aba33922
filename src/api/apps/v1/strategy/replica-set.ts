/** How ReplicaSets are written (upstream: SetDefaults_ReplicaSet, registry/apps/replicaset, apps/validation). */
import type { FieldError } from '../../../../schema/field-error.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../../../core/v1/strategy/pod-warnings.ts';
import { type Errors, notNegative, semanticEqual, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus, keepsAllButStatus } from '../../../status-part.ts';
import { ReplicaSet } from '../types.ts';
import { validateReplicaCounts, validateSelectorAndTemplate } from './selector-and-template.ts';

function validate(rs: ReplicaSet): readonly FieldError[] {
  const errs: Errors = [];
  notNegative(rs.spec.replicas, 'spec.replicas', errs);
  notNegative(rs.spec.minReadySeconds, 'spec.minReadySeconds', errs);
  validateSelectorAndTemplate(rs.spec, 'empty selector is invalid for deployment', 'ReplicaSet', errs);
  return errs;
}

export const replicaSetStrategy: Strategy<ReplicaSet> = {
  ...clearsStatus(ReplicaSet),
  defaults: (rs) => ({
    ...rs,
    spec: { ...rs.spec, replicas: rs.spec.replicas ?? 1, template: defaultPodTemplateSpec(rs.spec.template) },
  }),
  validate,
  validateUpdate: (rs, old) => {
    const errs: Errors = [];
    validateImmutable(rs.spec.selector, old.spec.selector, 'spec.selector', errs);
    return errs;
  },
  warnings: (rs, old) =>
    old && semanticEqual(old.spec, rs.spec) ? [] : podTemplateWarnings(rs.spec.template, 'spec.template'),
};

export const replicaSetStatusStrategy: Strategy<ReplicaSet> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: (rs) => {
    const errs: Errors = [];
    validateReplicaCounts(rs.status, 'fullyLabeledReplicas', ['observedGeneration', 'terminatingReplicas'], errs);
    return errs;
  },
};
