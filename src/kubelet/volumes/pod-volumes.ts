/** Sets up the volumes of a pod below its directory, refreshes them, and takes them down without a trace. */
import { join } from 'node:path';
import type { Node, Pod, Volume } from '../../api/core/v1/types.ts';
import type { Clock } from '../../base/clock.ts';
import type { Client } from '../../client/client.ts';
import type { ImageStore } from '../cri.ts';
import type { Host } from '../host.ts';
import { volumeFitsNode } from '../../machinery/volume-match.ts';
import { uidOf } from '../pod/identity.ts';
import { wholeValue } from '../pod/quantity.ts';
import { type KubeletSettings, podDir } from '../settings.ts';
import { writeAtomically } from './atomic-writer.ts';
import { claimNameOf, ProcessFault, resolveClaim } from './claims.ts';
import { isImageMount } from './image-volumes.ts';
import type { PayloadSources } from './payload.ts';
import { volumePayload } from './payload.ts';

export interface MountedVolume {
  /** On the node. */
  readonly path: string;
  readonly readOnly: boolean;
}
export type MountedVolumes = ReadonlyMap<string, MountedVolume>;

/** A pod whose volumes are not there yet: one event per line of the message. */
export class VolumeError extends Error {}

/** A step of one volume that went wrong; without one it is the mount itself. `volume` as the event names it: a claim's is its PV. */
class StepFault extends Error {
  readonly step: string;
  readonly volume: string;
  constructor(step: string, volume: string, message: string) {
    super(message);
    this.step = step;
    this.volume = volume;
  }
}

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

export function createPodVolumes(
  host: Host,
  client: Client,
  clock: Clock,
  settings: KubeletSettings,
  images: ImageStore,
  node: () => Promise<Node>,
): PodVolumes {
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

  /** Pods by the PersistentVolume they have mounted. */
  const users = new Map<string, Set<string>>();
  const claim = async (pod: Pod, volume: Volume): Promise<MountedVolume> => {
    const { pv, readOnly } = await resolveClaim(client, pod, volume);
    const name = pv.metadata.name!;
    const failed = (step: string, why: string) => new StepFault(step, name, why);
    const { hostPath, local, accessModes } = pv.spec;
    if (!hostPath && !local)
      throw new ProcessFault(`failed to get Plugin from volumeSpec for volume "${name}" err=no volume plugin matched`);
    if (!volumeFitsNode(pv, await node()))
      throw failed('MountVolume.NodeAffinity check failed', 'no matching NodeSelectorTerms');
    const others = [...(users.get(name) ?? [])].filter((uid) => uid !== uidOf(pod));
    if (others.length > 0 && accessModes?.includes('ReadWriteOncePod'))
      throw failed(
        'MountVolume.SetUp failed',
        'volume uses the ReadWriteOncePod access mode and is already in use by another pod',
      );
    const path = (hostPath ?? local)!.path;
    if (hostPath)
      await checkHostPath(fs, path, hostPath.type ?? '').catch((e: Error) => {
        throw failed('MountVolume.SetUp failed', e.message);
      });
    else {
      const s = await fs.stat(path).catch(() => undefined);
      const why = !s
        ? `path "${path}" does not exist`
        : !s.isDirectory()
          ? 'only directory and block device are supported'
          : undefined;
      if (why) throw failed('MountVolume.NewMounter initialization failed', why);
      // whoever comes first gives it to its group
      if (!readOnly && others.length === 0 && !users.get(name)?.has(uidOf(pod))) await ownTop(pod, path);
    }
    users.set(name, new Set([...others, uidOf(pod)]));
    return { path, readOnly };
  };

  const one = async (pod: Pod, v: Volume, sources: PayloadSources): Promise<MountedVolume> => {
    if (v.emptyDir) return emptyDir(pod, v);
    if (v.hostPath) {
      await checkHostPath(fs, v.hostPath.path, v.hostPath.type ?? '');
      return { path: v.hostPath.path, readOnly: false };
    }
    if (claimNameOf(pod, v) !== undefined) return claim(pod, v);
    const kind = kindOf(v);
    if (kind) return files(pod, v, kind, sources);
    throw new ProcessFault(`failed to get Plugin from volumeSpec for volume "${v.name}" err=no volume plugin matched`);
  };

  return {
    async setUp(pod, sources) {
      const out = new Map<string, MountedVolume>();
      // images are mounted when a container that wants them starts: they may have to be pulled
      const volumes = (pod.spec.volumes ?? []).filter((v) => !v.image);
      const results = await Promise.allSettled(
        volumes.map(async (v) => {
          out.set(v.name, await one(pod, v, sources));
        }),
      );
      const messages: string[] = [];
      const unprocessed: { readonly name: string; readonly why: string }[] = [];
      for (const [i, r] of results.entries()) {
        if (r.status === 'fulfilled') continue;
        const e = r.reason as Error;
        const { name } = volumes[i]!;
        if (e instanceof ProcessFault) unprocessed.push({ name, why: e.message });
        else if (e instanceof StepFault) messages.push(`${e.step} for volume "${e.volume}" : ${e.message}`);
        else messages.push(`MountVolume.SetUp failed for volume "${name}" : ${e.message}`);
      }
      if (unprocessed.length) {
        const names = unprocessed.map((u) => u.name).join(' ');
        const why = [...new Set(unprocessed.map((u) => u.why))].sort().join('; ');
        messages.push(
          `Unable to attach or mount volumes: unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[${names}]: ${why}`,
        );
      }
      if (messages.length) throw new VolumeError(messages.join('\n'));
      return out;
    },
    async tearDown(uid) {
      const root = podDir(settings, uid);
      for (const path of await host.mountsBelow(root))
        await (isImageMount(path) ? images.unmount(path) : host.unmount(path));
      for (const path of ready) if (path.startsWith(`${root}/`)) ready.delete(path);
      // what is still mounted belongs to someone: never delete through it
      const left = await host.mountsBelow(root);
      if (left.length > 0) throw new Error(`${left[0]} is still mounted`);
      await fs.rm(root, { recursive: true, force: true });
      for (const [name, uids] of users) if (uids.delete(uid) && uids.size === 0) users.delete(name);
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
    const file = await fs.open(path, 'a', 0o644).catch((e: NodeJS.ErrnoException) => {
      throw new Error(`open ${path}: ${e.code === 'ENOENT' ? 'no such file or directory' : e.message}`);
    });
    await file.close();
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
