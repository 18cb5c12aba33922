/** Takes away what nobody needs: dead containers and sandboxes, logs and directories of pods that are gone, old logs, unused images. */
import { createGzip } from 'node:zlib';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { ContainerRuntime, ContainerSummary, SandboxSummary } from './cri.ts';
import type { Host } from './host.ts';
import { labelContainerName } from './pod/identity.ts';
import type { KubeletSettings } from './settings.ts';

export interface DeadThings {
  readonly containers: readonly string[];
  readonly sandboxes: readonly string[];
}

/**
 * What of one pod can go: of every container all but the newest dead one, and sandboxes that are not the newest. All of a pod that
 * is gone (upstream: kuberuntime_gc.go with MaxPerPodContainer 1).
 */
export function deadOf(
  entry: { readonly sandboxes: readonly SandboxSummary[]; readonly containers: readonly ContainerSummary[] },
  podGone: boolean,
): DeadThings {
  const byName = new Map<string, ContainerSummary[]>();
  for (const c of entry.containers) {
    if (c.state === 'running') continue;
    const name = c.labels[labelContainerName] ?? c.name;
    byName.set(name, [...(byName.get(name) ?? []), c]);
  }
  const newestFirst = (a: { createdAt: number }, b: { createdAt: number }) => b.createdAt - a.createdAt;
  const containers = [...byName.values()].flatMap((list) => list.sort(newestFirst).slice(podGone ? 0 : 1));
  const dead = new Set(containers.map((c) => c.id));
  const used = new Set(entry.containers.filter((c) => !dead.has(c.id)).map((c) => c.sandboxId));
  const sandboxes = [...entry.sandboxes]
    .sort(newestFirst)
    .filter((s, i) => !s.ready && (podGone || i > 0) && !used.has(s.id));
  return { containers: containers.map((c) => c.id), sandboxes: sandboxes.map((s) => s.id) };
}

export async function removeDead(runtime: ContainerRuntime, dead: DeadThings): Promise<void> {
  await Promise.all(dead.containers.map((id) => runtime.removeContainer(id)));
  for (const id of dead.sandboxes) {
    await runtime.stopSandbox(id);
    await runtime.removeSandbox(id);
  }
}

/** Log directories of pods that are gone, and symlinks that lead nowhere. `keeps` says of a pod uid whether it is still here. */
export async function removeOldLogs(host: Host, s: KubeletSettings, keeps: (uid: string) => boolean): Promise<void> {
  const { fs } = host;
  for (const name of await fs.readdir(s.podLogsDir).catch(() => [] as string[])) {
    const uid = /_([^_]+)$/.exec(name)?.[1];
    if (uid && !keeps(uid)) await fs.rm(join(s.podLogsDir, name), { recursive: true, force: true });
  }
  if (!s.containerLogsDir) return;
  for (const name of await fs.readdir(s.containerLogsDir).catch(() => [] as string[])) {
    const path = join(s.containerLogsDir, name);
    const target = await fs.readlink(path).catch(() => undefined);
    if (target?.startsWith(`${s.podLogsDir}/`) && !(await fs.stat(target).catch(() => undefined)))
      await fs.rm(path, { force: true });
  }
}

const stamp = (ms: number): string => {
  const d = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}${two(d.getMonth() + 1)}${two(d.getDate())}-${two(d.getHours())}${two(d.getMinutes())}${two(d.getSeconds())}`;
};

/** Rotates a log that has grown past its size; older ones are compressed, the oldest removed (upstream: container_log_manager.go). */
export async function rotateLog(
  host: Host,
  runtime: ContainerRuntime,
  clock: Clock,
  containerId: string,
  path: string,
  limits: { readonly maxBytes: number; readonly maxFiles: number },
): Promise<boolean> {
  const { fs } = host;
  const size = await fs.stat(path).then(
    (x) => x.size,
    () => 0,
  );
  if (size < limits.maxBytes) return false;
  const dir = path.slice(0, path.lastIndexOf('/'));
  const base = path.slice(dir.length + 1);
  const all = (await fs.readdir(dir)).filter((n) => n.startsWith(`${base}.`));
  for (const n of all.filter((x) => x.endsWith('.tmp'))) await fs.rm(join(dir, n), { force: true });
  const old = all.filter((x) => !x.endsWith('.tmp')).sort();
  // the current file and the one just rotated count too
  const excess = old.splice(0, Math.max(0, old.length - (limits.maxFiles - 2)));
  for (const n of excess) await fs.rm(join(dir, n), { force: true });
  for (const n of old.filter((x) => !x.endsWith('.gz'))) {
    const from = join(dir, n);
    await pipeline(createReadStream(from), createGzip(), createWriteStream(`${from}.tmp`));
    await fs.rename(`${from}.tmp`, `${from}.gz`);
    await fs.rm(from, { force: true });
  }
  const rotated = `${path}.${stamp(clock.now())}`;
  await fs.rename(path, rotated);
  try {
    await runtime.reopenLog(containerId);
  } catch (e) {
    await fs.rename(rotated, path).catch(() => undefined); // the container still writes there
    throw e;
  }
  return true;
}

/** Removes unused images, longest unused first, when their disk is fuller than `high` percent, down to `low`. */
export async function collectImages(
  runtime: ContainerRuntime,
  host: Host,
  log: Logger,
  lastUsed: Map<string, number>,
  now: number,
  limits = { high: 85, low: 80, minAge: 120_000 },
): Promise<void> {
  const [images, { containers }, fs] = await Promise.all([
    runtime.images.list(),
    runtime.list(),
    runtime.images.fsInfo(),
  ]);
  const inUse = new Set(containers.map((c) => c.imageRef));
  // what was made on this machine (the pause image too) could not be fetched again
  const homemade = (tags: readonly string[]) => tags.some((t) => t.startsWith('localhost/'));
  const used = images.filter(
    (i) => inUse.has(i.id) || i.repoDigests.some((d) => inUse.has(d)) || i.pinned || homemade(i.repoTags),
  );
  for (const i of images) if (!lastUsed.has(i.id)) lastUsed.set(i.id, now);
  for (const i of used) lastUsed.set(i.id, now);
  for (const id of lastUsed.keys()) if (!images.some((i) => i.id === id)) lastUsed.delete(id);
  const disk = await host.diskUsage(fs.mountpoint);
  const percent = 100 - (disk.availableBytes * 100) / disk.totalBytes;
  if (percent < limits.high) return;
  let toFree = disk.totalBytes * (1 - limits.low / 100) - disk.availableBytes;
  const unused = images
    .filter((i) => !used.includes(i) && now - (lastUsed.get(i.id) ?? now) >= limits.minAge)
    .sort((a, b) => (lastUsed.get(a.id) ?? 0) - (lastUsed.get(b.id) ?? 0));
  for (const i of unused) {
    if (toFree <= 0) return;
    log.info('removing an unused image', { image: i.repoTags[0] ?? i.id, bytes: i.size });
    await runtime.images.remove(i.id);
    toFree -= i.size;
  }
}
