/** How DaemonSets are written (upstream: SetDefaults_DaemonSet, registry/apps/daemonset, apps/validation). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';
import { type Errors, notNegative, unsupported, validateImmutable } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { DaemonSet } from '../types.ts';
import { notOverAll, validateIntOrPercent } from './deployment.ts';
import { validateSelectorAndTemplate } from './selector-and-template.ts';

const types = ['OnDelete', 'RollingUpdate'];
const generationAnnotation = 'deprecated.daemonset.template.generation';

function defaults(d: DaemonSet): DaemonSet {
  const s = d.spec;
  const type = s.updateStrategy?.type || 'RollingUpdate';
  const rolling = s.updateStrategy?.rollingUpdate;
  return {
    ...d,
    spec: {
      ...s,
      template: defaultPodTemplateSpec(s.template),
      updateStrategy: {
        ...s.updateStrategy,
        type,
        ...(type === 'RollingUpdate' && {
          rollingUpdate: { maxUnavailable: rolling?.maxUnavailable ?? 1, maxSurge: rolling?.maxSurge ?? 0 },
        }),
      },
      revisionHistoryLimit: s.revisionHistoryLimit ?? 10,
    },
  };
}

const isZero = (v: string | number | undefined): boolean => v === undefined || v === 0 || v === '0%';

function validate(d: DaemonSet): readonly FieldError[] {
  const errs: Errors = [];
  const s = d.spec;
  validateSelectorAndTemplate(s, 'empty selector is invalid for daemonset', 'DaemonSet', errs);
  notNegative(s.minReadySeconds, 'spec.minReadySeconds', errs);
  notNegative(s.revisionHistoryLimit, 'spec.revisionHistoryLimit', errs);
  const path = 'spec.updateStrategy';
  const type = s.updateStrategy?.type ?? '';
  if (!types.includes(type)) errs.push(unsupported(`${path}.type`, type, types));
  if (type !== 'RollingUpdate') return errs;
  const r = s.updateStrategy.rollingUpdate;
  if (!r) {
    errs.push(required(`${path}.rollingUpdate`));
    return errs;
  }
  for (const field of ['maxUnavailable', 'maxSurge'] as const) {
    validateIntOrPercent(r[field], `${path}.rollingUpdate.${field}`, errs);
    notOverAll(r[field], `${path}.rollingUpdate.${field}`, errs);
  }
  if (isZero(r.maxUnavailable) && isZero(r.maxSurge))
    errs.push(required(`${path}.rollingUpdate.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  if (!isZero(r.maxUnavailable) && !isZero(r.maxSurge))
    errs.push(
      invalidValue(`${path}.rollingUpdate.maxSurge`, r.maxSurge, 'may not be set when maxUnavailable is non-zero'),
    );
  return errs;
}

const { prepareForCreate, prepareForUpdate } = clearsStatus(DaemonSet);

export const daemonSetStrategy: Strategy<DaemonSet> = {
  prepareForUpdate,
  prepareForCreate: (d, ctx) => {
    const annotations = { ...d.metadata.annotations, [generationAnnotation]: '1' };
    return prepareForCreate({ ...d, metadata: { ...d.metadata, annotations } }, ctx);
  },
  defaults,
  validate,
  validateUpdate: (d, old) => {
    const errs: Errors = [];
    validateImmutable(d.spec.selector, old.spec.selector, 'spec.selector', errs);
    return errs;
  },
};
