/** io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1: its types as the schema (facts of the v1.36 API: names, protobuf numbers, markers). */
import {
  type AnyStruct,
  bool,
  bytes,
  field,
  float64,
  type Infer,
  int32,
  int64,
  list,
  map,
  rawExtension,
  string,
  struct,
  time,
} from '../../../schema/dsl.ts';
import { ListMeta, ObjectMeta, Status } from '../../meta/v1/types.ts';
import * as enums from './enums.ts';

export const ConversionRequest = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionRequest', {
  uid: field(1, string, { required: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
  desiredAPIVersion: field(2, string, { required: true }),
  objects: list(3, rawExtension, { required: true, listType: 'atomic' }),
});
export interface ConversionRequest extends Infer<typeof ConversionRequest> {}

export const ConversionResponse = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionResponse',
  {
    uid: field(1, string, { required: true, alias: 'io.k8s.apimachinery.pkg.types.UID' }),
    convertedObjects: list(2, rawExtension, { required: true, listType: 'atomic' }),
    result: field(3, Status, { required: true }),
  },
);
export interface ConversionResponse extends Infer<typeof ConversionResponse> {}

export const ConversionReview = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ConversionReview',
  {
    request: field(1, ConversionRequest, { omitempty: true, ptr: true }),
    response: field(2, ConversionResponse, { omitempty: true, ptr: true }),
  },
  { gvk: { group: 'apiextensions.k8s.io', version: 'v1', kind: 'ConversionReview' }, typeMeta: true },
);
export interface ConversionReview extends Infer<typeof ConversionReview> {}

export const CustomResourceColumnDefinition = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition',
  {
    name: field(1, string, { required: true }),
    type: field(2, string, { required: true }),
    format: field(3, string, { omitempty: true }),
    description: field(4, string, { omitempty: true }),
    priority: field(5, int32, { omitempty: true, format: 'int32' }),
    jsonPath: field(6, string, { required: true }),
  },
);
export interface CustomResourceColumnDefinition extends Infer<typeof CustomResourceColumnDefinition> {}

export const ServiceReference = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ServiceReference', {
  namespace: field(1, string, { required: true }),
  name: field(2, string, { required: true }),
  path: field(3, string, { omitempty: true, ptr: true }),
  port: field(4, int32, { omitempty: true, ptr: true, format: 'int32' }),
});
export interface ServiceReference extends Infer<typeof ServiceReference> {}

export const WebhookClientConfig = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig',
  {
    url: field(3, string, { omitempty: true, ptr: true }),
    service: field(1, ServiceReference, { omitempty: true, ptr: true }),
    caBundle: field(2, bytes, { omitempty: true, format: 'byte' }),
  },
);
export interface WebhookClientConfig extends Infer<typeof WebhookClientConfig> {}

export const WebhookConversion = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.WebhookConversion', {
  clientConfig: field(2, WebhookClientConfig, { omitempty: true, ptr: true }),
  conversionReviewVersions: list(3, string, { required: true, listType: 'atomic' }),
});
export interface WebhookConversion extends Infer<typeof WebhookConversion> {}

export const CustomResourceConversion = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion',
  {
    strategy: field(1, string, { required: true, enum: enums.ConversionStrategyType }),
    webhook: field(2, WebhookConversion, { omitempty: true, ptr: true }),
  },
);
export interface CustomResourceConversion extends Infer<typeof CustomResourceConversion> {}

export const CustomResourceDefinitionNames = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames',
  {
    plural: field(1, string, { required: true }),
    singular: field(2, string, { omitempty: true }),
    shortNames: list(3, string, { omitempty: true, listType: 'atomic' }),
    kind: field(4, string, { required: true }),
    listKind: field(5, string, { omitempty: true }),
    categories: list(6, string, { omitempty: true, listType: 'atomic' }),
  },
);
export interface CustomResourceDefinitionNames extends Infer<typeof CustomResourceDefinitionNames> {}

export const JsonValue = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON',
  {
    raw: field(1, bytes, { noJson: true, format: 'byte' }),
  },
  { jsonForm: true },
);
export interface JsonValue extends Infer<typeof JsonValue> {}

export const JSONSchemaPropsOrArray = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray',
  {
    schema: field(1, (): AnyStruct => JSONSchemaProps, { required: true, ptr: true }),
    jSONSchemas: list(2, (): AnyStruct => JSONSchemaProps, { required: true, listType: 'atomic' }),
  },
  { jsonForm: true },
);
export interface JSONSchemaPropsOrArray extends Infer<typeof JSONSchemaPropsOrArray> {}

export const JSONSchemaPropsOrBool = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool',
  {
    allows: field(1, bool, { required: true }),
    schema: field(2, (): AnyStruct => JSONSchemaProps, { required: true, ptr: true }),
  },
  { jsonForm: true },
);
export interface JSONSchemaPropsOrBool extends Infer<typeof JSONSchemaPropsOrBool> {}

export const JSONSchemaPropsOrStringArray = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray',
  {
    schema: field(1, (): AnyStruct => JSONSchemaProps, { required: true, ptr: true }),
    property: list(2, string, { required: true, listType: 'atomic' }),
  },
  { jsonForm: true },
);
export interface JSONSchemaPropsOrStringArray extends Infer<typeof JSONSchemaPropsOrStringArray> {}

export const ExternalDocumentation = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation',
  {
    description: field(1, string, { omitempty: true }),
    url: field(2, string, { omitempty: true }),
  },
);
export interface ExternalDocumentation extends Infer<typeof ExternalDocumentation> {}

export const ValidationRule = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRule', {
  rule: field(1, string, { required: true }),
  message: field(2, string, { omitempty: true }),
  messageExpression: field(3, string, { omitempty: true }),
  reason: field(4, string, { omitempty: true, ptr: true, enum: enums.FieldValueErrorReason }),
  fieldPath: field(5, string, { omitempty: true }),
  optionalOldSelf: field(6, bool, { omitempty: true, ptr: true, featureGates: ['CRDValidationRatcheting'] }),
});
export interface ValidationRule extends Infer<typeof ValidationRule> {}

export const JSONSchemaProps = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps', {
  id: field(1, string, { omitempty: true }),
  $schema: field(2, string, {
    omitempty: true,
    alias: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaURL',
    proto: 'schema',
  }),
  $ref: field(3, string, { omitempty: true, ptr: true, proto: 'ref' }),
  description: field(4, string, { omitempty: true }),
  type: field(5, string, { omitempty: true }),
  format: field(6, string, { omitempty: true }),
  title: field(7, string, { omitempty: true }),
  default: field(8, JsonValue, { omitempty: true, ptr: true }),
  maximum: field(9, float64, { omitempty: true, ptr: true, format: 'double' }),
  exclusiveMaximum: field(10, bool, { omitempty: true }),
  minimum: field(11, float64, { omitempty: true, ptr: true, format: 'double' }),
  exclusiveMinimum: field(12, bool, { omitempty: true }),
  maxLength: field(13, int64, { omitempty: true, ptr: true, format: 'int64' }),
  minLength: field(14, int64, { omitempty: true, ptr: true, format: 'int64' }),
  pattern: field(15, string, { omitempty: true }),
  maxItems: field(16, int64, { omitempty: true, ptr: true, format: 'int64' }),
  minItems: field(17, int64, { omitempty: true, ptr: true, format: 'int64' }),
  uniqueItems: field(18, bool, { omitempty: true }),
  multipleOf: field(19, float64, { omitempty: true, ptr: true, format: 'double' }),
  enum: list(20, JsonValue, { omitempty: true, listType: 'atomic' }),
  maxProperties: field(21, int64, { omitempty: true, ptr: true, format: 'int64' }),
  minProperties: field(22, int64, { omitempty: true, ptr: true, format: 'int64' }),
  required: list(23, string, { omitempty: true, listType: 'atomic' }),
  items: field(24, JSONSchemaPropsOrArray, { omitempty: true, ptr: true }),
  allOf: list(25, (): AnyStruct => JSONSchemaProps, { omitempty: true, listType: 'atomic' }),
  oneOf: list(26, (): AnyStruct => JSONSchemaProps, { omitempty: true, listType: 'atomic' }),
  anyOf: list(27, (): AnyStruct => JSONSchemaProps, { omitempty: true, listType: 'atomic' }),
  not: field(28, (): AnyStruct => JSONSchemaProps, { omitempty: true, ptr: true }),
  properties: map(29, (): AnyStruct => JSONSchemaProps, { omitempty: true }),
  additionalProperties: field(30, JSONSchemaPropsOrBool, { omitempty: true, ptr: true }),
  patternProperties: map(31, (): AnyStruct => JSONSchemaProps, { omitempty: true }),
  dependencies: map(32, JSONSchemaPropsOrStringArray, {
    omitempty: true,
    alias: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaDependencies',
  }),
  additionalItems: field(33, JSONSchemaPropsOrBool, { omitempty: true, ptr: true }),
  definitions: map(34, (): AnyStruct => JSONSchemaProps, {
    omitempty: true,
    alias: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaDefinitions',
  }),
  externalDocs: field(35, ExternalDocumentation, { omitempty: true, ptr: true }),
  example: field(36, JsonValue, { omitempty: true, ptr: true }),
  nullable: field(37, bool, { omitempty: true }),
  'x-kubernetes-preserve-unknown-fields': field(38, bool, {
    omitempty: true,
    ptr: true,
    proto: 'xKubernetesPreserveUnknownFields',
  }),
  'x-kubernetes-embedded-resource': field(39, bool, { omitempty: true, proto: 'xKubernetesEmbeddedResource' }),
  'x-kubernetes-int-or-string': field(40, bool, { omitempty: true, proto: 'xKubernetesIntOrString' }),
  'x-kubernetes-list-map-keys': list(41, string, {
    omitempty: true,
    listType: 'atomic',
    proto: 'xKubernetesListMapKeys',
  }),
  'x-kubernetes-list-type': field(42, string, { omitempty: true, ptr: true, proto: 'xKubernetesListType' }),
  'x-kubernetes-map-type': field(43, string, { omitempty: true, ptr: true, proto: 'xKubernetesMapType' }),
  'x-kubernetes-validations': list(44, ValidationRule, {
    omitempty: true,
    alias: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.ValidationRules',
    listType: 'map',
    listMapKeys: ['rule'],
    patchStrategy: 'merge',
    patchMergeKey: 'rule',
    proto: 'xKubernetesValidations',
  }),
});
export interface JSONSchemaProps extends Infer<typeof JSONSchemaProps> {}

export const CustomResourceValidation = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation',
  {
    openAPIV3Schema: field(1, JSONSchemaProps, { omitempty: true, ptr: true }),
  },
);
export interface CustomResourceValidation extends Infer<typeof CustomResourceValidation> {}

export const CustomResourceSubresourceStatus = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus',
  {},
);
export interface CustomResourceSubresourceStatus extends Infer<typeof CustomResourceSubresourceStatus> {}

export const CustomResourceSubresourceScale = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale',
  {
    specReplicasPath: field(1, string, { required: true }),
    statusReplicasPath: field(2, string, { required: true }),
    labelSelectorPath: field(3, string, { omitempty: true, ptr: true }),
  },
);
export interface CustomResourceSubresourceScale extends Infer<typeof CustomResourceSubresourceScale> {}

export const CustomResourceSubresources = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources',
  {
    status: field(1, CustomResourceSubresourceStatus, { omitempty: true, ptr: true }),
    scale: field(2, CustomResourceSubresourceScale, { omitempty: true, ptr: true }),
  },
);
export interface CustomResourceSubresources extends Infer<typeof CustomResourceSubresources> {}

export const SelectableField = struct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.SelectableField', {
  jsonPath: field(1, string, { required: true }),
});
export interface SelectableField extends Infer<typeof SelectableField> {}

export const CustomResourceDefinitionVersion = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion',
  {
    name: field(1, string, { required: true }),
    served: field(2, bool, { required: true }),
    storage: field(3, bool, { required: true }),
    deprecated: field(7, bool, { omitempty: true }),
    deprecationWarning: field(8, string, { omitempty: true, ptr: true }),
    schema: field(4, CustomResourceValidation, { omitempty: true, ptr: true }),
    subresources: field(5, CustomResourceSubresources, { omitempty: true, ptr: true }),
    additionalPrinterColumns: list(6, CustomResourceColumnDefinition, { omitempty: true, listType: 'atomic' }),
    selectableFields: list(9, SelectableField, {
      omitempty: true,
      listType: 'atomic',
      featureGates: ['CustomResourceFieldSelectors'],
    }),
  },
);
export interface CustomResourceDefinitionVersion extends Infer<typeof CustomResourceDefinitionVersion> {}

export const CustomResourceDefinitionSpec = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec',
  {
    group: field(1, string, { required: true }),
    names: field(3, CustomResourceDefinitionNames, { required: true }),
    scope: field(4, string, { required: true, enum: enums.ResourceScope }),
    versions: list(7, CustomResourceDefinitionVersion, { required: true, listType: 'atomic' }),
    conversion: field(9, CustomResourceConversion, { omitempty: true, ptr: true }),
    preserveUnknownFields: field(10, bool, { omitempty: true }),
  },
);
export interface CustomResourceDefinitionSpec extends Infer<typeof CustomResourceDefinitionSpec> {}

export const CustomResourceDefinitionCondition = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition',
  {
    type: field(1, string, { required: true, enum: enums.CustomResourceDefinitionConditionType }),
    status: field(2, string, { required: true, enum: enums.ConditionStatus }),
    lastTransitionTime: field(3, time, { omitempty: true }),
    reason: field(4, string, { omitempty: true }),
    message: field(5, string, { omitempty: true }),
    observedGeneration: field(6, int64, {
      omitempty: true,
      format: 'int64',
      featureGates: ['CRDObservedGenerationTracking'],
    }),
  },
);
export interface CustomResourceDefinitionCondition extends Infer<typeof CustomResourceDefinitionCondition> {}

export const CustomResourceDefinitionStatus = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus',
  {
    conditions: list(1, CustomResourceDefinitionCondition, { listType: 'map', listMapKeys: ['type'] }),
    acceptedNames: field(2, CustomResourceDefinitionNames),
    storedVersions: list(3, string, { listType: 'atomic' }),
    observedGeneration: field(4, int64, {
      omitempty: true,
      format: 'int64',
      featureGates: ['CRDObservedGenerationTracking'],
    }),
  },
);
export interface CustomResourceDefinitionStatus extends Infer<typeof CustomResourceDefinitionStatus> {}

export const CustomResourceDefinition = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  {
    metadata: field(1, ObjectMeta, { omitempty: true }),
    spec: field(2, CustomResourceDefinitionSpec, { required: true }),
    status: field(3, CustomResourceDefinitionStatus, { omitempty: true }),
  },
  { gvk: { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' }, typeMeta: true },
);
export interface CustomResourceDefinition extends Infer<typeof CustomResourceDefinition> {}

export const CustomResourceDefinitionList = struct(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList',
  {
    metadata: field(1, ListMeta, { omitempty: true }),
    items: list(2, CustomResourceDefinition, { required: true }),
  },
  { gvk: { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinitionList' }, typeMeta: true },
);
export interface CustomResourceDefinitionList extends Infer<typeof CustomResourceDefinitionList> {}
