/** Volumes that carry zone labels are usable in those zones only. Source: plugins/volumezone. */
import type { PersistentVolume, Pod } from '../../api/core/v1/types.ts';
import { classOfClaim } from '../../machinery/volume-match.ts';
import type { Plugin, VolumeView } from '../framework.ts';
import { unresolvable } from '../status.ts';

const name = 'VolumeZone';
const conflict = unresolvable(name, 'node(s) had no available volume zone');
/** Old names and what they are called now. */
const labels: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
};

interface Zones {
  readonly key: string;
  readonly values: ReadonlySet<string>;
}

/** A volume of several zones names them as `a__b`; a label that is no such list says nothing. */
const zonesOf = (v: PersistentVolume): readonly Zones[] =>
  Object.keys(labels).flatMap((key) => {
    const values = v.metadata.labels?.[key]?.split('__').map((z) => z.trim());
    return values && !values.includes('') ? [{ key, values: new Set(values) }] : [];
  });

/** The zones the pod's bound volumes ask for, or why it has to wait. Unbound claims that may be bound yet ask for nothing. */
function wantedZones(pod: Pod, volumes: VolumeView): readonly Zones[] | string {
  const out: Zones[] = [];
  for (const { persistentVolumeClaim: ref } of pod.spec.volumes ?? []) {
    if (!ref) continue;
    const claim = volumes.claim(pod.metadata.namespace ?? '', ref.claimName);
    if (!claim) return `persistentvolumeclaim "${ref.claimName}" not found`;
    if (!claim.spec.volumeName) {
      const className = classOfClaim(claim);
      if (!className) return 'PersistentVolumeClaim had no pv name and storageClass name';
      const cls = volumes.storageClass(className);
      if (!cls) return `storageclass.storage.k8s.io "${className}" not found`;
      if (cls.volumeBindingMode !== 'WaitForFirstConsumer') return 'PersistentVolume had no name';
      continue;
    }
    const volume = volumes.volume(claim.spec.volumeName);
    if (!volume) return `persistentvolume "${claim.spec.volumeName}" not found`;
    out.push(...zonesOf(volume));
  }
  return out;
}

export const volumeZone: Plugin = {
  name,
  weight: 0,
  filter({ pod }, { volumes }) {
    if (!pod.spec.volumes?.some((v) => v.persistentVolumeClaim)) return undefined;
    const zones = wantedZones(pod, volumes);
    if (typeof zones === 'string') return { rejected: unresolvable(name, zones) };
    if (zones.length === 0) return undefined;
    return {
      check(n) {
        const own = n.node!.metadata.labels ?? {};
        // A cluster without zones has none to respect.
        if (!Object.keys(labels).some((key) => own[key] !== undefined)) return undefined;
        const fits = zones.every(({ key, values }) => values.has(own[key] ?? own[labels[key]!] ?? ''));
        return fits ? undefined : conflict;
      },
    };
  },
  requeue: (e) => e.kind === 'VolumeChange' || e.kind === 'NodeAdd' || e.kind === 'NodeUpdate',
};
