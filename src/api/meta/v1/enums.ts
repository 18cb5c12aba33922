/** Named string sets of io.k8s.apimachinery.pkg.apis.meta.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const CauseType = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.CauseType',
  closed: false,
  values: [
    'NamespaceTerminating',
    'DisruptionBudget',
    'FieldValueNotFound',
    'FieldValueRequired',
    'FieldValueDuplicate',
    'FieldValueInvalid',
    'FieldValueNotSupported',
    'FieldValueForbidden',
    'FieldValueTooLong',
    'FieldValueTooMany',
    'InternalError',
    'FieldValueTypeInvalid',
    'UnexpectedServerResponse',
    'FieldManagerConflict',
    'ResourceVersionTooLarge',
  ],
} as const satisfies Enum;
export const ConditionStatus = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const DeletionPropagation = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeletionPropagation',
  closed: false,
  values: ['Orphan', 'Background', 'Foreground'],
} as const satisfies Enum;
export const FieldSelectorOperator = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorOperator',
  closed: false,
  values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
} as const satisfies Enum;
export const IncludeObjectPolicy = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.IncludeObjectPolicy',
  closed: false,
  values: ['None', 'Metadata', 'Object'],
} as const satisfies Enum;
export const LabelSelectorOperator = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorOperator',
  closed: false,
  values: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
} as const satisfies Enum;
export const ManagedFieldsOperationType = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsOperationType',
  closed: false,
  values: ['Apply', 'Update'],
} as const satisfies Enum;
export const ResourceVersionMatch = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.ResourceVersionMatch',
  closed: false,
  values: ['NotOlderThan', 'Exact'],
} as const satisfies Enum;
export const RowConditionType = {
  name: 'io.k8s.apimachinery.pkg.apis.meta.v1.RowConditionType',
  closed: false,
  values: ['Completed'],
} as const satisfies Enum;
export const StatusReason = {
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
