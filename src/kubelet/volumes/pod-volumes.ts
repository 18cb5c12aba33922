/** Sets up the volumes of a pod below its directory, refreshes them, and takes them down without a trace. */
import { dirname, join } from 'node:path';
import { PersistentVolumeClaims, PersistentVolumes } from '../../api/core/v1/resources.ts';
import type { Pod, Volume } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { Host } from '../host.ts';
import { nameOf, namespaceOf, uidOf } from '../pod/identity.ts';
import { wholeValue } from '../pod/quantity.ts';
import { type KubeletSettings, podDir } from '../settings.ts';
import { writeAtomically } from './atomic-writer.ts';
import type { PayloadSources } from './payload.ts';
import { volumePayload } from './payload.ts';

export interface MountedVolume {
  /** On the node. */
  readonly path: string;
  readonly readOnly: boolean;
}
export type MountedVolumes = ReadonlyMap<string, MountedVolume>;

/** The event of a pod whose volumes are not there yet. */
export class VolumeError extends Error {}

export interface PodVolumes {
  /** Idempotent: called at every sync, it also refreshes content. Throws VolumeError. */
  setUp(pod: Pod, sources: PayloadSources): Promise<MountedVolumes>;
  /** Unmounts and deletes all of the pod's directory. */
  tearDown(uid: string): Promise<void>;
}

type Kind = 'configmap' | 'secret' | 'downward-api' | 'projected' | 'empty-dir';
const kindOf = (v: Volume): Kind | undefined =>
  v.configMap
    ? 'configmap'
    : v.secret
      ? 'secret'
      : v.downwardAPI
        ? 'downward-api'
        : v.projected
          ? 'projected'
          : v.emptyDir
            ? 'empty-dir'
            : undefined;

export function createPodVolumes(host: Host, client: Client, clock: Clock, settings: KubeletSettings): PodVolumes {
  const { fs } = host;
  const directory = (pod: Pod, kind: Kind, name: string) =>
    join(podDir(settings, uidOf(pod)), 'volumes', `kubernetes.io~${kind}`, name);
  /** Mounted by this process or an earlier one. */
  const mounted = async (path: string) => (await host.mountsBelow(path)).includes(path);
  const ready = new Set<string>();

  /** fsGroup owns the files; group gets what the owner has (upstream: volume/volume_linux.go SetVolumeOwnership). */
  const own = async (path: string, group: number, readOnly: boolean): Promise<void> => {
    const s = await fs.lstat(path);
    await fs.lchown(path, s.uid, group);
    if (s.isSymbolicLink()) return;
    const mask = (readOnly ? 0o440 : 0o660) | (s.isDirectory() ? 0o2110 : 0);
    await fs.chmod(path, (s.mode & 0o7777) | mask);
    if (s.isDirectory()) for (const e of await fs.readdir(path)) await own(join(path, e), group, readOnly);
  };
  const ownTop = async (pod: Pod, path: string): Promise<void> => {
    const group = pod.spec.securityContext?.fsGroup;
    if (group === undefined || ready.has(path)) return;
    const s = await fs.stat(path);
    const right = s.gid === group && (s.mode & 0o2060) === 0o2060;
    if (pod.spec.securityContext?.fsGroupChangePolicy === 'OnRootMismatch' && right) return;
    await own(path, group, false);
  };

  const files = async (pod: Pod, volume: Volume, kind: Kind, sources: PayloadSources): Promise<MountedVolume> => {
    const path = directory(pod, kind, volume.name);
    const payload = (await volumePayload(pod, volume, sources))!;
    await fs.mkdir(path, { recursive: true, mode: 0o755 });
    const secret = kind === 'secret' || kind === 'projected' || kind === 'downward-api';
    if (secret && !ready.has(path) && !(await mounted(path))) await host.mountTmpfs(path);
    await fs.chmod(path, 0o777);
    const group = pod.spec.securityContext?.fsGroup;
    await writeAtomically(
      fs,
      path,
      payload,
      clock.now(),
      group === undefined ? undefined : (fresh) => own(fresh, group, true),
    );
    ready.add(path);
    return { path, readOnly: true };
  };

  const emptyDir = async (pod: Pod, volume: Volume): Promise<MountedVolume> => {
    const path = directory(pod, 'empty-dir', volume.name);
    if (!ready.has(path)) {
      await fs.mkdir(path, { recursive: true, mode: 0o777 });
      if (volume.emptyDir?.medium === 'Memory' && !(await mounted(path))) {
        const limit = volume.emptyDir.sizeLimit ? wholeValue(volume.emptyDir.sizeLimit) : 0;
        await host.mountTmpfs(path, limit || undefined);
      }
      await fs.chmod(path, 0o777);
      await ownTop(pod, path);
      ready.add(path);
    }
    return { path, readOnly: false };
  };

  const claim = async (pod: Pod, name: string, readOnly: boolean): Promise<MountedVolume> => {
    const namespace = namespaceOf(pod);
    const failed = (why: string) => new Error(`error processing PVC ${namespace}/${name}: ${why}`);
    const pvc = await client.get(PersistentVolumeClaims, { namespace, name }).catch((e: Error) => {
      throw failed(`failed to fetch PVC from API server: ${e.message}`);
    });
    if (pvc.status.phase !== 'Bound' || !pvc.spec.volumeName) throw failed('PVC is not bound');
    const pv = await client.get(PersistentVolumes, { name: pvc.spec.volumeName });
    if (pv.spec.claimRef?.uid && pv.spec.claimRef.uid !== pvc.metadata.uid)
      throw failed(`PVC is bound to volume ${pvc.spec.volumeName}, which is claimed by another`);
    if (pv.spec.hostPath) {
      await checkHostPath(fs, pv.spec.hostPath.path, pv.spec.hostPath.type ?? '');
      return { path: pv.spec.hostPath.path, readOnly };
    }
    if (pv.spec.local) {
      if (!(await fs.stat(pv.spec.local.path).catch(() => undefined)))
        throw new Error(`local volume "${pv.metadata.name}" path "${pv.spec.local.path}" does not exist`);
      await ownTop(pod, pv.spec.local.path);
      ready.add(pv.spec.local.path);
      return { path: pv.spec.local.path, readOnly };
    }
    throw new Error(
      `failed to get Plugin from volumeSpec for volume "${pv.metadata.name}" err=no volume plugin matched`,
    );
  };

  const one = async (pod: Pod, v: Volume, sources: PayloadSources): Promise<MountedVolume> => {
    if (v.emptyDir) return emptyDir(pod, v);
    if (v.hostPath) {
      await checkHostPath(fs, v.hostPath.path, v.hostPath.type ?? '');
      return { path: v.hostPath.path, readOnly: false };
    }
    if (v.persistentVolumeClaim)
      return claim(pod, v.persistentVolumeClaim.claimName, v.persistentVolumeClaim.readOnly ?? false);
    if (v.ephemeral) return claim(pod, `${nameOf(pod)}-${v.name}`, false);
    const kind = kindOf(v);
    if (kind) return files(pod, v, kind, sources);
    throw new Error(`failed to get Plugin from volumeSpec for volume "${v.name}" err=no volume plugin matched`);
  };

  return {
    async setUp(pod, sources) {
      const out = new Map<string, MountedVolume>();
      const results = await Promise.allSettled(
        (pod.spec.volumes ?? []).map(async (v) => {
          out.set(v.name, await one(pod, v, sources));
        }),
      );
      const failures = results.flatMap((r, i) =>
        r.status === 'rejected'
          ? [`MountVolume.SetUp failed for volume "${pod.spec.volumes![i]!.name}" : ${(r.reason as Error).message}`]
          : [],
      );
      if (failures.length) throw new VolumeError(failures.join('\n'));
      return out;
    },
    async tearDown(uid) {
      const root = podDir(settings, uid);
      for (const path of await host.mountsBelow(root)) await host.unmount(path);
      for (const path of ready) if (path.startsWith(`${root}/`)) ready.delete(path);
      // what is still mounted belongs to someone: never delete through it
      const left = await host.mountsBelow(root);
      if (left.length > 0) throw new Error(`${left[0]} is still mounted`);
      await fs.rm(root, { recursive: true, force: true });
    },
  };
}

/** hostPath types (upstream: volume/hostpath): checks, or makes the *OrCreate ones. */
export async function checkHostPath(fs: Host['fs'], path: string, type: string): Promise<void> {
  if (type === '') return;
  let s = await fs.stat(path).catch(() => undefined);
  if (!s && type === 'DirectoryOrCreate') {
    await fs.mkdir(path, { recursive: true, mode: 0o755 });
    s = await fs.stat(path);
  }
  if (!s && type === 'FileOrCreate') {
    await fs.mkdir(dirname(path), { recursive: true });
    await (await fs.open(path, 'a', 0o644)).close();
    s = await fs.stat(path);
  }
  const wanted: Record<string, readonly [boolean | undefined, string]> = {
    Directory: [s?.isDirectory(), 'a directory'],
    DirectoryOrCreate: [s?.isDirectory(), 'a directory'],
    File: [s?.isFile(), 'a file'],
    FileOrCreate: [s?.isFile(), 'a file'],
    Socket: [s?.isSocket(), 'a socket file'],
    CharDevice: [s?.isCharacterDevice(), 'a character device'],
    BlockDevice: [s?.isBlockDevice(), 'a block device'],
  };
  const rule = wanted[type];
  if (!rule) throw new Error(`${type} is an invalid volume type`);
  if (!rule[0]) throw new Error(`hostPath type check failed: ${path} is not ${rule[1]}`);
}
