/** Takes away what a cluster leaves on the machine once its processes are stopped: containers, mounts, namespaces, interfaces, tables, cgroups. */
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import { type ClusterSettings, paths } from '../cluster-settings.ts';
import { tryCommand } from '../host/command.ts';
import { ctr } from './containerd.ts';

/** nftables tables that components of this cluster own. */
export const ownTables = ['ip k8ts-network', 'ip k8ts-hostports', 'ip kube-proxy', 'ip6 kube-proxy'];

/** How long a container may take to end after SIGTERM. */
const graceMs = 5_000;

/** Ends every container, with SIGTERM first, and forgets it. containerd must be running. Returns how many ran. */
export async function killContainers(s: ClusterSettings, clock: Clock): Promise<number> {
  const running = async () =>
    lines(await ctr(s, ['tasks', 'ls']))
      .slice(1)
      .filter((l) => !/STOPPED/.test(l))
      .map((l) => l.split(/\s+/)[0]!);
  const ids = await running();
  const signalAll = (list: readonly string[], signal: string) =>
    Promise.all(list.map((id) => ctr(s, ['tasks', 'kill', '--all', '-s', signal, id]).catch(() => '')));
  const waitEnd = async (ms: number) => {
    const until = clock.monotonic() + ms;
    while ((await running()).length && clock.monotonic() < until) await clock.sleep(50);
  };
  await signalAll(ids, 'SIGTERM');
  await waitEnd(graceMs);
  await signalAll(await running(), 'SIGKILL');
  await waitEnd(graceMs);
  const tasks = lines(await ctr(s, ['tasks', 'ls', '-q']));
  await Promise.all(tasks.map((id) => ctr(s, ['tasks', 'rm', '-f', id]).catch(() => '')));
  const containers = lines(await ctr(s, ['containers', 'ls', '-q']));
  await Promise.all(containers.map((id) => ctr(s, ['containers', 'rm', id]).catch(() => '')));
  return ids.length;
}

/** Unmounts everything below the cluster's directories, deepest first. */
export async function unmountBelow(dirs: readonly string[]): Promise<void> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((l) => (l.split(' ')[4] ?? '').replace(/\\040/g, ' '));
  const ours = mounts.filter((m) => dirs.some((d) => m === d || m.startsWith(`${d}/`))).reverse();
  for (const m of ours) await tryCommand('umount', ['-l', m]);
}

/** Network namespaces that CNI made for this cluster's sandboxes, by the names its result cache holds. */
export async function removeNetwork(s: ClusterSettings, sandboxNamespaces: readonly string[]): Promise<void> {
  for (const ns of sandboxNamespaces) {
    await tryCommand('umount', ['-l', ns]);
    await rm(ns, { force: true });
  }
  await tryCommand('ip', ['link', 'del', s.bridge]);
  const tables = lines((await tryCommand('nft', ['list', 'tables'])) ?? '');
  for (const t of ownTables)
    if (tables.includes(`table ${t}`)) await tryCommand('nft', ['delete', 'table', ...t.split(' ')]);
}

/** The network namespace files of the sandboxes that containerd knows. containerd must be running. */
export async function sandboxNamespaces(s: ClusterSettings): Promise<readonly string[]> {
  const found: string[] = [];
  for (const id of lines(await ctr(s, ['containers', 'ls', '-q']).catch(() => ''))) {
    const info = await ctr(s, ['containers', 'info', id]).catch(() => '');
    const path = /"path":\s*"(\/(?:var\/)?run\/netns\/cni-[^"]+)"/.exec(info)?.[1];
    if (path) found.push(path);
  }
  return [...new Set(found)];
}

/** Removes the pod cgroups of every hierarchy, deepest first. */
export async function removeCgroups(name = 'kubepods'): Promise<void> {
  for (const controller of await readdir('/sys/fs/cgroup').catch(() => []))
    await removeCgroupTree(join('/sys/fs/cgroup', controller, name));
  await removeCgroupTree(join('/sys/fs/cgroup', name));
}

async function removeCgroupTree(dir: string): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  for (const e of entries) if (e.isDirectory()) await removeCgroupTree(join(dir, e.name));
  await rmdir(dir).catch(() => {});
}

export async function removeRunFiles(s: ClusterSettings): Promise<void> {
  await unmountBelow([s.runDir, paths(s).kubelet, paths(s).containerdRoot]);
  await rm(s.runDir, { recursive: true, force: true });
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean);
