/** The resources of scheduling.k8s.io/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { priorityClassColumns } from './columns.ts';
import { priorityClassStrategy } from './strategy/priority-class.ts';
import { PriorityClass } from './types.ts';

export const PriorityClasses = resource({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  namespaced: false,
  schema: PriorityClass,
  shortNames: ['pc'],
  storageVersionHash: '1QwjyaZjj3Y=',
  strategy: priorityClassStrategy,
  columns: priorityClassColumns,
});
