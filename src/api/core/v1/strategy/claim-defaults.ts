/** Defaults of a claim's spec, in claims, in ephemeral volumes and in StatefulSets (upstream: SetDefaults_PersistentVolumeClaimSpec). */
import type { PersistentVolumeClaimSpec } from '../types.ts';
import { roundedResources } from './resource-list.ts';

export const defaultClaimSpec = (s: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec => ({
  ...s,
  volumeMode: s.volumeMode ?? 'Filesystem',
  resources: roundedResources(s.resources ?? {}),
});
