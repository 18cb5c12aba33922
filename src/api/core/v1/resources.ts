/** The resources of the core group: the rows of the one list (../../resources.ts). */
import { resource } from '../../resource-row.ts';
import { ConfigMap, Pod } from './types.ts';

export const Pods = resource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  schema: Pod,
  shortNames: ['po'],
  categories: ['all'],
});
export const ConfigMaps = resource({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
  schema: ConfigMap,
  shortNames: ['cm'],
});
