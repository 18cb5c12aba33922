/** How PersistentVolumeClaims are written (upstream: registry/core/persistentvolumeclaim/strategy.go, pkg/api/persistentvolumeclaim). */
import { withoutGeneration } from '../../../generation.ts';
import type { Strategy } from '../../../resource-row.ts';
import { keepsAllButStatus } from '../../../status-part.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../types.ts';
import { validateClaim, validateClaimUpdate } from '../validation/persistent-volume.ts';
import { defaultClaimSpec } from './claim-defaults.ts';

export const defaultClaim = (c: PersistentVolumeClaim): PersistentVolumeClaim => ({
  ...c,
  spec: defaultClaimSpec(c.spec),
  status: { ...c.status, phase: c.status?.phase || 'Pending' },
});

/** dataSource knows claims and snapshots only; it and dataSourceRef are copied to each other where one is absent. */
function withDataSources(
  s: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec | undefined,
): PersistentVolumeClaimSpec {
  let { dataSource, dataSourceRef } = s;
  const given = dataSource;
  const usedBefore = old?.dataSource || old?.dataSourceRef;
  if (given && !dataSourceRef && !usedBefore) {
    const group = given.apiGroup ?? '';
    const known =
      (given.kind === 'PersistentVolumeClaim' && group === '') ||
      (given.kind === 'VolumeSnapshot' && group === 'snapshot.storage.k8s.io');
    if (!known) dataSource = undefined;
  }
  if (dataSource && !dataSourceRef) dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _, ...ref } = dataSourceRef;
    dataSource = ref;
  }
  if (dataSource === s.dataSource && dataSourceRef === s.dataSourceRef) return s;
  const { dataSource: _d, dataSourceRef: _r, ...rest } = s;
  return { ...rest, ...(dataSource && { dataSource }), ...(dataSourceRef && { dataSourceRef }) };
}

export const persistentVolumeClaimStrategy: Strategy<PersistentVolumeClaim> = {
  ...withoutGeneration,
  defaults: defaultClaim,
  prepareForCreate: (c) => ({ ...c, spec: withDataSources(c.spec, undefined), status: { phase: 'Pending' } }),
  prepareForUpdate: (c, old) => ({ ...c, spec: withDataSources(c.spec, old.spec), status: old.status }),
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
};

export const persistentVolumeClaimStatusStrategy: Strategy<PersistentVolumeClaim> = {
  prepareForUpdate: keepsAllButStatus,
};
