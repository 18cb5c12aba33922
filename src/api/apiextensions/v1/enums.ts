/** Named string sets of io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1. */
import type { Enum } from '../../../schema/dsl.ts';

export const ConditionStatus = {
  name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConditionStatus',
  closed: false,
  values: ['True', 'False', 'Unknown'],
} as const satisfies Enum;
export const ConversionStrategyType = {
  name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionStrategyType',
  closed: false,
  values: ['None', 'Webhook'],
} as const satisfies Enum;
export const CustomResourceDefinitionConditionType = {
  name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionConditionType',
  closed: false,
  values: [
    'Established',
    'NamesAccepted',
    'NonStructuralSchema',
    'Terminating',
    'KubernetesAPIApprovalPolicyConformant',
    'StorageMigrating',
  ],
} as const satisfies Enum;
export const FieldValueErrorReason = {
  name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.FieldValueErrorReason',
  closed: true,
  values: ['FieldValueRequired', 'FieldValueDuplicate', 'FieldValueInvalid', 'FieldValueForbidden'],
} as const satisfies Enum;
export const ResourceScope = {
  name: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ResourceScope',
  closed: false,
  values: ['Cluster', 'Namespaced'],
} as const satisfies Enum;
