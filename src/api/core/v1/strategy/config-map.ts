/** How ConfigMaps are written (upstream: registry/core/configmap/strategy.go). */
import type { Strategy } from '../../../resource-row.ts';
import type { ConfigMap } from '../types.ts';
import { validateConfigMap, validateConfigMapUpdate } from '../validation/data.ts';

export const configMapStrategy: Strategy<ConfigMap> = {
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
};
