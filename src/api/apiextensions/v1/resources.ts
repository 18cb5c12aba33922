/** The resources of apiextensions.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import {
  customResourceDefinitionStatusStrategy,
  customResourceDefinitionStrategy,
} from './strategy/custom-resource-definition.ts';
import { CustomResourceDefinition } from './types.ts';

export const CustomResourceDefinitions = resource({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
  schema: CustomResourceDefinition,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  storageVersionHash: 'jfWCUB31mvA=',
  registryPath: 'apiextensions.k8s.io/customresourcedefinitions',
  subresources: [statusSubresource(customResourceDefinitionStatusStrategy)],
  strategy: customResourceDefinitionStrategy,
});
