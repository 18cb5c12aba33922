/** How Deployments are written (upstream: SetDefaults_Deployment, registry/apps/deployment, apps/validation). */
import { isPercent } from '../../../../machinery/names.ts';
import { type FieldError, forbiddenField, invalidValue, required } from '../../../../schema/field-error.ts';
import { defaultPodTemplateSpec } from '../../../core/v1/strategy/pod-spec-defaults.ts';
import { podTemplateWarnings } from '../../../core/v1/strategy/pod-warnings.ts';
import {
  type Errors,
  notNegative,
  semanticEqual,
  unsupported,
  validateImmutable,
} from '../../../meta/v1/validation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { clearsStatus, keepsAllButStatus } from '../../../status-part.ts';
import { Deployment, type DeploymentStrategy } from '../types.ts';
import { validateReplicaCounts, validateSelectorAndTemplate } from './selector-and-template.ts';

function defaults(d: Deployment): Deployment {
  const s = d.spec;
  const type = s.strategy?.type || 'RollingUpdate';
  const rolling = s.strategy?.rollingUpdate;
  return {
    ...d,
    spec: {
      ...s,
      replicas: s.replicas ?? 1,
      template: defaultPodTemplateSpec(s.template),
      strategy: {
        ...s.strategy,
        type,
        ...(type === 'RollingUpdate' && {
          rollingUpdate: { maxUnavailable: rolling?.maxUnavailable ?? '25%', maxSurge: rolling?.maxSurge ?? '25%' },
        }),
      },
      revisionHistoryLimit: s.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: s.progressDeadlineSeconds ?? 600,
    },
  };
}

/** A count that is not negative, or a percentage (upstream: ValidatePositiveIntOrPercent). */
export function validateIntOrPercent(v: string | number | undefined, path: string, errs: Errors): void {
  if (typeof v !== 'string') notNegative(v, path, errs);
  else for (const m of isPercent(v)) errs.push(invalidValue(path, v, m));
}
const percentOf = (v: string | number | undefined): number | undefined =>
  typeof v === 'string' && isPercent(v).length === 0 ? Number(v.slice(0, -1)) : undefined;
const amount = (v: string | number | undefined): number => percentOf(v) ?? (Number(v ?? 0) || 0);
/** Upstream: IsNotMoreThan100Percent. */
export function notOverAll(v: string | number | undefined, path: string, errs: Errors): void {
  if ((percentOf(v) ?? 0) > 100) errs.push(invalidValue(path, v, 'must not be greater than 100%'));
}

function validateStrategy(s: DeploymentStrategy, errs: Errors): void {
  const path = 'spec.strategy';
  const r = s.rollingUpdate;
  if (s.type === 'Recreate') {
    if (r)
      errs.push(forbiddenField(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (s.type === 'RollingUpdate') {
    if (!r) {
      errs.push(required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil'));
      return;
    }
    const p = `${path}.rollingUpdate`;
    validateIntOrPercent(r.maxUnavailable, `${p}.maxUnavailable`, errs);
    validateIntOrPercent(r.maxSurge, `${p}.maxSurge`, errs);
    if (amount(r.maxUnavailable) === 0 && amount(r.maxSurge) === 0)
      errs.push(invalidValue(`${p}.maxUnavailable`, r.maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0'));
    notOverAll(r.maxUnavailable, `${p}.maxUnavailable`, errs);
  } else
    errs.push(
      unsupported(
        path,
        {
          Type: s.type ?? '',
          RollingUpdate: r ? { MaxUnavailable: r.maxUnavailable ?? 0, MaxSurge: r.maxSurge ?? 0 } : null,
        },
        ['Recreate', 'RollingUpdate'],
      ),
    );
}

function validate(d: Deployment): readonly FieldError[] {
  const errs: Errors = [];
  const s = d.spec;
  notNegative(s.replicas, 'spec.replicas', errs);
  validateSelectorAndTemplate(s, 'empty selector is invalid for deployment', 'ReplicaSet', errs);
  validateStrategy(s.strategy ?? {}, errs);
  notNegative(s.minReadySeconds, 'spec.minReadySeconds', errs);
  notNegative(s.revisionHistoryLimit, 'spec.revisionHistoryLimit', errs);
  const deadline = s.progressDeadlineSeconds;
  if (deadline !== undefined) {
    notNegative(deadline, 'spec.progressDeadlineSeconds', errs);
    if (deadline <= (s.minReadySeconds ?? 0))
      errs.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return errs;
}

export const deploymentStrategy: Strategy<Deployment> = {
  ...clearsStatus(Deployment),
  defaults,
  validate,
  // Annotations are of one piece with the spec here.
  generationOf: (d) => [d.spec, d.metadata.annotations ?? {}],
  validateUpdate: (d, old) => {
    const errs: Errors = [];
    validateImmutable(d.spec.selector, old.spec.selector, 'spec.selector', errs);
    return errs;
  },
  warnings: (d, old) =>
    old && semanticEqual(old.spec, d.spec) ? [] : podTemplateWarnings(d.spec.template, 'spec.template'),
};

/** Labels belong to the main endpoint. */
export const deploymentStatusStrategy: Strategy<Deployment> = {
  prepareForUpdate: (d, old) => {
    const next = keepsAllButStatus(d, old);
    const { labels: _, ...metadata } = next.metadata;
    return {
      ...next,
      metadata: { ...metadata, ...(old.metadata.labels && { labels: old.metadata.labels }) },
    };
  },
  validateUpdate: (d, old) => {
    const errs: Errors = [];
    validateReplicaCounts(
      d.status,
      'updatedReplicas',
      ['unavailableReplicas', 'observedGeneration', 'terminatingReplicas', 'collisionCount'],
      errs,
    );
    const was = old.status.collisionCount;
    const is = d.status.collisionCount;
    if (was !== undefined && (is ?? -1) < was)
      errs.push(invalidValue('status.collisionCount', is ?? 0, 'cannot be decremented'));
    return errs;
  },
};
