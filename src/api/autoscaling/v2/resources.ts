/** The resources of autoscaling/v2: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { statusSubresource } from '../../status-part.ts';
import { horizontalPodAutoscalerColumns } from './columns.ts';
import { horizontalPodAutoscalerStrategy } from './strategy/horizontal-pod-autoscaler.ts';
import { HorizontalPodAutoscaler } from './types.ts';

export const HorizontalPodAutoscalers = resource({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
  schema: HorizontalPodAutoscaler,
  shortNames: ['hpa'],
  categories: ['all'],
  storageVersionHash: 'qwQve8ut294=',
  subresources: [statusSubresource()],
  strategy: horizontalPodAutoscalerStrategy,
  columns: horizontalPodAutoscalerColumns,
});
