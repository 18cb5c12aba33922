/** The mounts of a container: its volumes (subPath made safe), /etc/hosts and the termination log. */
import { join } from 'node:path';
import type { Pod } from '../../api/core/v1/types.ts';
import type { RuntimeMount } from '../cri.ts';
import type { Host } from '../host.ts';
import { expand } from '../pod/env.ts';
import { hostNetworkHostsFile, podHostsFile } from '../pod/hosts-file.ts';
import { type AnyContainer, hostNameOf, isHostNetwork, uidOf } from '../pod/identity.ts';
import { type KubeletSettings, podDir } from '../settings.ts';
import type { MountedVolumes } from './pod-volumes.ts';

const propagation = {
  None: 'PROPAGATION_PRIVATE',
  HostToContainer: 'PROPAGATION_HOST_TO_CONTAINER',
  Bidirectional: 'PROPAGATION_BIDIRECTIONAL',
} as const;

export interface MountInput {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly volumes: MountedVolumes;
  readonly env: Readonly<Record<string, string>>;
  readonly podIPs: readonly string[];
  /** Names the termination log's file. */
  readonly instance: string;
}

/** Throws what a CreateContainerConfigError says. */
export async function containerMounts(
  host: Host,
  settings: KubeletSettings,
  input: MountInput,
): Promise<readonly RuntimeMount[]> {
  const { pod, container: c, volumes, env } = input;
  const root = podDir(settings, uidOf(pod));
  const mounts: RuntimeMount[] = [];
  for (const [index, m] of (c.volumeMounts ?? []).entries()) {
    const volume = volumes.get(m.name);
    if (!volume) throw new Error(`cannot find volume "${m.name}" to mount into container "${c.name}"`);
    let missing: string | undefined;
    const subPath = m.subPathExpr
      ? expand(m.subPathExpr, (name) => {
          if (env[name] === undefined) missing ??= name;
          return env[name];
        })
      : (m.subPath ?? '');
    if (missing !== undefined) throw new Error(`missing value for "${missing}"`);
    let path = volume.path;
    if (subPath !== '') {
      if (subPath.startsWith('/')) throw new Error(`error SubPath \`${subPath}\` must not be an absolute path`);
      if (subPath.split('/').includes('..'))
        throw new Error(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
      const exists = await host.fs.stat(join(volume.path, subPath)).catch(() => undefined);
      if (!exists) await makeSubPath(host, volume.path, subPath, m.name, c.name);
      path = join(root, 'volume-subpaths', m.name, c.name, String(index));
      try {
        await host.bindSubPath(volume.path, subPath, path);
      } catch {
        // the reason would tell of the host's file system
        throw new Error(`failed to prepare subPath for volumeMount "${m.name}" of container "${c.name}"`);
      }
    }
    mounts.push({
      containerPath: m.mountPath.startsWith('/') ? m.mountPath : `/${m.mountPath}`,
      hostPath: path,
      readonly: m.readOnly === true || volume.readOnly,
      propagation: propagation[(m.mountPropagation ?? 'None') as keyof typeof propagation],
    });
  }
  if ((isHostNetwork(pod) || input.podIPs.length > 0) && !mounts.some((m) => m.containerPath === '/etc/hosts')) {
    const path = join(root, 'etc-hosts');
    const { hostname, domain } = hostNameOf(pod, settings.clusterDomain);
    await host.fs.mkdir(root, { recursive: true, mode: 0o750 });
    const text = isHostNetwork(pod)
      ? hostNetworkHostsFile(pod, await host.fs.readFile('/etc/hosts', 'utf8'))
      : podHostsFile(pod, input.podIPs, hostname, domain);
    // in place: running containers have this very file mounted
    await host.fs.writeFile(path, text, { mode: 0o644 });
    await host.fs.chmod(path, 0o644);
    mounts.push({ containerPath: '/etc/hosts', hostPath: path });
  }
  const terminationPath = c.terminationMessagePath || '/dev/termination-log';
  const dir = join(root, 'containers', c.name);
  await host.fs.mkdir(dir, { recursive: true, mode: 0o750 });
  const log = join(dir, input.instance);
  await host.fs.writeFile(log, '', { mode: 0o666 });
  await host.fs.chmod(log, 0o666);
  mounts.push({ containerPath: terminationPath, hostPath: log });
  return mounts;
}

async function makeSubPath(
  host: Host,
  volume: string,
  subPath: string,
  name: string,
  container: string,
): Promise<void> {
  try {
    const real = await host.fs.realpath(volume);
    const mode = (await host.fs.stat(real)).mode & 0o7777;
    let at = real;
    for (const part of subPath.split('/').filter((p) => p && p !== '.')) {
      at = join(at, part);
      const made = await host.fs.mkdir(at).then(
        () => true,
        (e: NodeJS.ErrnoException) => {
          if (e.code !== 'EEXIST') throw e;
          return false;
        },
      );
      at = await host.fs.realpath(at);
      if (!at.startsWith(`${real}/`)) throw new Error('it leads out of the volume');
      if (made) await host.fs.chmod(at, mode);
    }
  } catch {
    throw new Error(`failed to create subPath directory for volumeMount "${name}" of container "${container}"`);
  }
}
