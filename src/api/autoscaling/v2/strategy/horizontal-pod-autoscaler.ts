/** How HorizontalPodAutoscalers are written (upstream: autoscaling/v2/defaults.go, autoscaling/validation). */
import { type FieldError, invalidValue, required } from '../../../../schema/field-error.ts';
import { withoutGeneration } from '../../../generation.ts';
import { type Errors, validatePathSegmentName } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus } from '../../../status-part.ts';
import { HorizontalPodAutoscaler, type HorizontalPodAutoscalerSpec } from '../types.ts';

const percentEvery15s = { type: 'Percent', value: 100, periodSeconds: 15 } as const;
const podsEvery15s = { type: 'Pods', value: 4, periodSeconds: 15 } as const;

/** Metrics and behaviour that go without saying. */
export function defaultSpec(s: HorizontalPodAutoscalerSpec): HorizontalPodAutoscalerSpec {
  const { behavior: b } = s;
  return {
    ...s,
    minReplicas: s.minReplicas ?? 1,
    metrics: s.metrics?.length
      ? s.metrics
      : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    ...(b && {
      behavior: {
        ...b,
        scaleUp: {
          ...b.scaleUp,
          stabilizationWindowSeconds: b.scaleUp?.stabilizationWindowSeconds ?? 0,
          selectPolicy: b.scaleUp?.selectPolicy ?? 'Max',
          policies: b.scaleUp?.policies ?? [podsEvery15s, percentEvery15s],
        },
        scaleDown: {
          ...b.scaleDown,
          selectPolicy: b.scaleDown?.selectPolicy ?? 'Max',
          policies: b.scaleDown?.policies ?? [percentEvery15s],
        },
      },
    }),
  };
}

/** What both versions are judged by. */
export function validateTarget(
  s: Pick<HorizontalPodAutoscalerSpec, 'scaleTargetRef' | 'minReplicas' | 'maxReplicas'>,
): readonly FieldError[] {
  const errs: Errors = [];
  const { minReplicas: least, maxReplicas: most, scaleTargetRef: ref } = s;
  if (least !== undefined && least < 1)
    errs.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  if ((most ?? 0) < 1) errs.push(invalidValue('spec.maxReplicas', most ?? 0, 'must be greater than 0'));
  if (least !== undefined && (most ?? 0) < least)
    errs.push(invalidValue('spec.maxReplicas', most ?? 0, 'must be greater than or equal to `minReplicas`'));
  for (const field of ['kind', 'name'] as const)
    if (!ref?.[field]) errs.push(required(`spec.scaleTargetRef.${field}`));
    else validatePathSegmentName(ref[field], `spec.scaleTargetRef.${field}`, errs);
  return errs;
}

export const horizontalPodAutoscalerStrategy: Strategy<HorizontalPodAutoscaler> = {
  ...withoutGeneration,
  ...clearsStatus(HorizontalPodAutoscaler),
  defaults: (h) => ({ ...h, spec: defaultSpec(h.spec) }),
  validate: (h) => validateTarget(h.spec),
};
