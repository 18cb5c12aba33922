/** The admission plug-ins in upstream's order (pkg/kubeapiserver/options/plugins.go), those that are on by default. Webhooks and policies have their places between DefaultIngressClass and ResourceQuota. */
import type { Clock } from '../../base/clock.ts';
import type { AdmissionPlugin, Authorizer } from '../attributes.ts';
import { certificateApproval } from './certificate-approval.ts';
import { certificateSigning } from './certificate-signing.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import { podSecurity } from './pod-security/index.ts';
import { priorityAdmission } from './priority.ts';
import { type QuotaAccess, resourceQuotaAdmission } from './resource-quota.ts';
import { runtimeClassAdmission } from './runtime-class.ts';
import { serviceAccountAdmission } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export interface AdmissionDependencies {
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** How quotas are charged; absent = they are looked at only. */
  readonly quotas?: QuotaAccess;
}

export const admissionPlugins = (deps: AdmissionDependencies): readonly AdmissionPlugin[] => [
  namespaceLifecycle(deps.clock),
  limitRanger,
  serviceAccountAdmission(deps),
  nodeRestriction(deps.authorizer),
  taintNodesByCondition,
  podSecurity,
  priorityAdmission,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClassAdmission,
  certificateApproval(deps.authorizer),
  certificateSigning(deps.authorizer),
  certificateSubjectRestriction,
  defaultIngressClass,
  resourceQuotaAdmission(deps.quotas),
];
