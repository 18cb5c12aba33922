/** Named string sets of io.k8s.api.admissionregistration.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const FailurePolicyType = {
  name: 'io.k8s.api.admissionregistration.v1.FailurePolicyType',
  closed: true,
  values: ['Ignore', 'Fail'],
} as const satisfies Enum;
export const MatchPolicyType = {
  name: 'io.k8s.api.admissionregistration.v1.MatchPolicyType',
  closed: true,
  values: ['Exact', 'Equivalent'],
} as const satisfies Enum;
export const OperationType = {
  name: 'io.k8s.api.admissionregistration.v1.OperationType',
  closed: true,
  values: ['*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
} as const satisfies Enum;
export const ParameterNotFoundActionType = {
  name: 'io.k8s.api.admissionregistration.v1.ParameterNotFoundActionType',
  closed: false,
  values: ['Allow', 'Deny'],
} as const satisfies Enum;
export const PatchType = {
  name: 'io.k8s.api.admissionregistration.v1.PatchType',
  closed: true,
  values: ['ApplyConfiguration', 'JSONPatch'],
} as const satisfies Enum;
export const ReinvocationPolicyType = {
  name: 'io.k8s.api.admissionregistration.v1.ReinvocationPolicyType',
  closed: true,
  values: ['Never', 'IfNeeded'],
} as const satisfies Enum;
export const ScopeType = {
  name: 'io.k8s.api.admissionregistration.v1.ScopeType',
  closed: true,
  values: ['Cluster', 'Namespaced', '*'],
} as const satisfies Enum;
export const SideEffectClass = {
  name: 'io.k8s.api.admissionregistration.v1.SideEffectClass',
  closed: true,
  values: ['Unknown', 'None', 'Some', 'NoneOnDryRun'],
} as const satisfies Enum;
export const ValidationAction = {
  name: 'io.k8s.api.admissionregistration.v1.ValidationAction',
  closed: true,
  values: ['Deny', 'Warn', 'Audit'],
} as const satisfies Enum;
export const StatusReason_meta_v1 = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.StatusReason',
  closed: false,
  values: [
    '',
    'Unauthorized',
    'Forbidden',
    'NotFound',
    'AlreadyExists',
    'Conflict',
    'Gone',
    'Invalid',
    'ServerTimeout',
    'StorageReadError',
    'Timeout',
    'TooManyRequests',
    'BadRequest',
    'MethodNotAllowed',
    'NotAcceptable',
    'RequestEntityTooLarge',
    'UnsupportedMediaType',
    'InternalError',
    'Expired',
    'ServiceUnavailable',
  ],
} as const satisfies Enum;
