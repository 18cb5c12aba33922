/** The resources of autoscaling/v1: rows of the one list (src/api/resources.ts). */
import { resource } from '../../resource-row.ts';
import { clearsStatus, statusSubresource } from '../../status-part.ts';
import { HorizontalPodAutoscaler } from './types.ts';

export const HorizontalPodAutoscalersV1 = resource({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
  schema: HorizontalPodAutoscaler,
  shortNames: ['hpa'],
  categories: ['all'],
  storageVersionHash: 'qwQve8ut294=',
  subresources: [statusSubresource()],
  strategy: clearsStatus(HorizontalPodAutoscaler),
});
