/** The resources of policy/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { podDisruptionBudgetColumns } from './columns.ts';
import { podDisruptionBudgetStrategy } from './strategy/pod-disruption-budget.ts';
import { PodDisruptionBudget } from './types.ts';

export const PodDisruptionBudgets = resource({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
  schema: PodDisruptionBudget,
  shortNames: ['pdb'],
  storageVersionHash: 'EVWiDmWqyJw=',
  subresources: [statusSubresource()],
  strategy: podDisruptionBudgetStrategy,
  columns: podDisruptionBudgetColumns,
});
