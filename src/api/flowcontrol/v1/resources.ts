/** The resources of flowcontrol.apiserver.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import { flowSchemaColumns, priorityLevelConfigurationColumns } from './columns.ts';
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
  strategy: clearsStatus(FlowSchema),
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
  strategy: clearsStatus(PriorityLevelConfiguration),
  columns: priorityLevelConfigurationColumns,
});
