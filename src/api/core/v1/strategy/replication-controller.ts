/** How ReplicationControllers are written (upstream: SetDefaults_ReplicationController, registry/core/replicationcontroller). */
import { type FieldError, required } from '../../../../schema/field-error.ts';
import { type Errors, notNegative, semanticEqual } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { ReplicationController } from '../types.ts';
import { defaultPodTemplateSpec } from './pod-spec-defaults.ts';
import { podTemplateWarnings } from './pod-warnings.ts';
import { validateReplicatedTemplate } from './replicated-template.ts';

function defaults(rc: ReplicationController): ReplicationController {
  const template = rc.spec.template && defaultPodTemplateSpec(rc.spec.template);
  const labels = template?.metadata?.labels;
  const empty = (m: object | undefined) => !m || Object.keys(m).length === 0;
  return {
    ...rc,
    ...(labels && empty(rc.metadata.labels) && { metadata: { ...rc.metadata, labels } }),
    spec: {
      ...rc.spec,
      replicas: rc.spec.replicas ?? 1,
      ...(labels && empty(rc.spec.selector) && { selector: labels }),
      ...(template && { template }),
    },
  };
}

function validate(rc: ReplicationController): readonly FieldError[] {
  const errs: Errors = [];
  const s = rc.spec;
  notNegative(s.minReadySeconds, 'spec.minReadySeconds', errs);
  const selector = Object.entries(s.selector ?? {});
  if (selector.length === 0) errs.push(required('spec.selector'));
  if (s.replicas === undefined) errs.push(required('spec.replicas'));
  else notNegative(s.replicas, 'spec.replicas', errs);
  if (!s.template) errs.push(required('spec.template'));
  else {
    const labels = s.template.metadata?.labels;
    validateReplicatedTemplate(
      s.template,
      selector.every(([k, v]) => labels?.[k] === v),
      'ReplicationController',
      errs,
    );
  }
  return errs;
}

export const replicationControllerStrategy: Strategy<ReplicationController> = {
  ...clearsStatus(ReplicationController),
  defaultPropagation: 'Orphan',
  defaults,
  validate,
  warnings: (rc, old) =>
    rc.spec.template && !(old && semanticEqual(old.spec, rc.spec))
      ? podTemplateWarnings(rc.spec.template, 'spec.template')
      : [],
};
