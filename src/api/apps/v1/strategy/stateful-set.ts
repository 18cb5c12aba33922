/** How StatefulSets are written (upstream: SetDefaults_StatefulSet, registry/apps/statefulset, apps/validation). */
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { defaultClaim } from '../../../core/v1/strategy/persistent-volume-claim.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';
import { type Errors, notNegative, semanticEqual } from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus, keepsAllButStatus } from '../../../status-part.ts';
import { StatefulSet, type StatefulSetSpec } from '../types.ts';
import { validateReplicaCounts, validateSelectorAndTemplate } from './selector-and-template.ts';

function defaults(d: StatefulSet): StatefulSet {
  const s = d.spec;
  const given = s.updateStrategy?.type;
  const type = given || 'RollingUpdate';
  const rolling = s.updateStrategy?.rollingUpdate ?? (given ? undefined : {});
  const keep = s.persistentVolumeClaimRetentionPolicy;
  return {
    ...d,
    spec: {
      ...s,
      replicas: s.replicas ?? 1,
      template: defaultPodTemplateSpec(s.template),
      ...(s.volumeClaimTemplates && {
        // The version of an embedded claim is written out.
        volumeClaimTemplates: s.volumeClaimTemplates.map((c) => ({
          ...defaultClaim(c),
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
        })),
      }),
      podManagementPolicy: s.podManagementPolicy || 'OrderedReady',
      updateStrategy: {
        type,
        ...(rolling && {
          rollingUpdate: type === 'RollingUpdate' ? { ...rolling, partition: rolling.partition ?? 0 } : rolling,
        }),
      },
      revisionHistoryLimit: s.revisionHistoryLimit ?? 10,
      persistentVolumeClaimRetentionPolicy: {
        whenDeleted: keep?.whenDeleted || 'Retain',
        whenScaled: keep?.whenScaled || 'Retain',
      },
    },
  };
}

function validate(d: StatefulSet): readonly FieldError[] {
  const errs: Errors = [];
  const s = d.spec;
  const policy = s.podManagementPolicy;
  if (!policy) errs.push(required('spec.podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel')
    errs.push(invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"));
  const path = 'spec.updateStrategy';
  const u = s.updateStrategy;
  if (!u?.type) errs.push(required(path));
  else if (u.type === 'OnDelete') {
    if (u.rollingUpdate)
      errs.push(
        invalidValue(`${path}.rollingUpdate`, u.rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"),
      );
  } else if (u.type === 'RollingUpdate')
    notNegative(u.rollingUpdate?.partition, `${path}.rollingUpdate.partition`, errs);
  else errs.push(invalidValue(path, u, "must be 'RollingUpdate' or 'OnDelete'"));
  notNegative(s.replicas, 'spec.replicas', errs);
  notNegative(s.minReadySeconds, 'spec.minReadySeconds', errs);
  notNegative(s.revisionHistoryLimit, 'spec.revisionHistoryLimit', errs);
  validateSelectorAndTemplate(s, 'empty selector is invalid for statefulset', 'StatefulSet', errs);
  return errs;
}

const mutable: readonly (keyof StatefulSetSpec)[] = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const fixed = (s: StatefulSetSpec): unknown =>
  Object.fromEntries(Object.entries(s).filter(([k]) => !(mutable as readonly string[]).includes(k)));

export const statefulSetStrategy: Strategy<StatefulSet> = {
  ...clearsStatus(StatefulSet),
  defaults,
  validate,
  validateUpdate: (d, old) =>
    semanticEqual(fixed(d.spec), fixed(old.spec))
      ? []
      : [
          forbiddenField(
            'spec',
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
          ),
        ],
};

export const statefulSetStatusStrategy: Strategy<StatefulSet> = {
  prepareForUpdate: keepsAllButStatus,
  validateUpdate: (d) => {
    const errs: Errors = [];
    validateReplicaCounts(
      d.status,
      'updatedReplicas',
      ['currentReplicas', 'observedGeneration', 'collisionCount'],
      errs,
    );
    return errs;
  },
};
