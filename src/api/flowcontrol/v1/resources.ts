/** The resources of flowcontrol.apiserver.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { flowSchemaColumns, priorityLevelConfigurationColumns } from './columns.ts';
import { flowSchemaStrategy } from './strategy/flow-schema.ts';
import { priorityLevelConfigurationStrategy } from './strategy/priority-level-configuration.ts';
import { FlowSchema, PriorityLevelConfiguration } from './types.ts';

export const FlowSchemas = resource({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  namespaced: false,
  schema: FlowSchema,
  storageVersionHash: 'GJVAJZSZBIw=',
  subresources: [statusSubresource()],
  strategy: flowSchemaStrategy,
  columns: flowSchemaColumns,
});

export const PriorityLevelConfigurations = resource({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  schema: PriorityLevelConfiguration,
  storageVersionHash: 'Kir5PVfvNeI=',
  subresources: [statusSubresource()],
  strategy: priorityLevelConfigurationStrategy,
  columns: priorityLevelConfigurationColumns,
});
