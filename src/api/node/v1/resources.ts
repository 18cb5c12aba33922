/** The resources of node.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { runtimeClassColumns } from './columns.ts';
import { runtimeClassStrategy } from './strategy/runtime-class.ts';
import { RuntimeClass } from './types.ts';

export const RuntimeClasses = resource({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  schema: RuntimeClass,
  storageVersionHash: 'WQTu1GL3T2Q=',
  strategy: runtimeClassStrategy,
  columns: runtimeClassColumns,
});
