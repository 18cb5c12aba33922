/** The cluster's own containerd: its configuration written, its images imported, its socket waited for. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { type ClusterSettings, paths, readClusterSettings } from '../cluster-settings.ts';
import { command } from '../host/command.ts';
import { containerdConfig } from '../host/containerd-config.ts';
import { firstExisting } from '../host/packages.ts';
import { type ProcessSpec, processState } from '../host/processes.ts';
import { pauseArchive, pauseImage } from './system-images.ts';

/** Writes containerd's configuration and returns how to start it. */
export async function prepareContainerd(s: ClusterSettings): Promise<ProcessSpec> {
  const p = paths(s);
  await mkdir(p.containerdState, { recursive: true, mode: 0o711 });
  await mkdir(p.cni, { recursive: true, mode: 0o700 });
  const runc =
    (await firstExisting(['/usr/sbin/runc', '/usr/bin/runc', '/usr/local/sbin/runc', '/usr/local/bin/runc'])) ?? 'runc';
  const plugins = (await firstExisting(['/usr/lib/cni/bridge', '/opt/cni/bin/bridge'])) ?? '/usr/lib/cni/bridge';
  const text = containerdConfig({
    root: p.containerdRoot,
    state: p.containerdState,
    socket: p.containerdSocket,
    cniBinDir: plugins.replace(/\/bridge$/, ''),
    cniConfDir: p.cni,
    registryConfigDir: `${s.dataDir}/registries`,
    sandboxImage: pauseImage,
    runc,
    restrictOomScoreAdj: !(await hasCapability(24)),
  });
  await writeFile(p.containerdConfig, text, { mode: 0o600 });
  const program =
    (await firstExisting(['/usr/bin/containerd', '/usr/local/bin/containerd', '/usr/sbin/containerd'])) ?? 'containerd';
  // A small heap target keeps the Go runtime's resident memory low; containerd idles here.
  return {
    name: 'containerd',
    command: [program, '--config', p.containerdConfig, '--log-level', 'warn'],
    env: { GOGC: '40' },
  };
}

/** Bit 24 is CAP_SYS_RESOURCE (capabilities(7)). */
async function hasCapability(bit: number): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const effective = BigInt('0x' + (/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'));
  return ((effective >> BigInt(bit)) & 1n) === 1n;
}

/** Resolves when something accepts connections on the unix socket; rejects after `timeoutMs`. */
export async function socketReady(socket: string, clock: Clock, timeoutMs: number): Promise<void> {
  const until = clock.monotonic() + timeoutMs;
  for (;;) {
    const ok = await new Promise<boolean>((resolve) => {
      const c = createConnection(socket);
      c.once('connect', () => {
        c.destroy();
        resolve(true);
      });
      c.once('error', () => resolve(false));
    });
    if (ok) return;
    if (clock.monotonic() > until) throw new Error(`nothing answers on ${socket} after ${timeoutMs / 1000} s`);
    await clock.sleep(20);
  }
}

/** Imports an image archive (OCI layout or docker-archive) so that pods can use it. Returns the names it brought. */
export async function importImage(s: ClusterSettings, archive: string): Promise<readonly string[]> {
  await stat(archive).catch(() => {
    throw new Error(`${archive} does not exist or cannot be read`);
  });
  const out = await ctr(s, ['images', 'import', archive]);
  return [...out.matchAll(/^unpacking (\S+) /gm)].map((m) => m[1]!);
}

export const ctr = (s: ClusterSettings, args: readonly string[]): Promise<string> =>
  command('ctr', ['--address', paths(s).containerdSocket, '--namespace', 'k8s.io', ...args], { timeoutMs: 600_000 });

/** The pause image must be there before the first sandbox. Already imported: a few milliseconds. */
export async function ensureSystemImages(s: ClusterSettings): Promise<void> {
  const listed = await ctr(s, ['images', 'ls', '-q', `name==${pauseImage}`]);
  if (!listed.includes(pauseImage)) await importImage(s, await pauseArchive(paths(s).images));
}

/** The settings of the cluster in `dataDir`, whose containerd must be running. */
export async function runningCluster(dataDir: string): Promise<ClusterSettings> {
  const s = await readClusterSettings(dataDir);
  if (!s || !(await processState(s, 'containerd')).pid)
    throw new Error(`no cluster runs in ${dataDir}; start one with: k8ts up`);
  return s;
}
