/** Takes away what a cluster leaves on the machine once its processes are stopped: containers, mounts, namespaces, interfaces, tables, cgroups. */
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectContainerRuntime } from '../../kubelet/index.ts';
import { type ClusterSettings, paths } from '../cluster-settings.ts';
import { tryCommand } from '../host/command.ts';

/** nftables tables that components of this cluster own. */
export const ownTables = ['ip k8ts-network', 'ip k8ts-hostports', 'ip kube-proxy', 'ip6 kube-proxy'];

/** How long a container may take to end after SIGTERM. */
const graceSeconds = 5;

/**
 * Ends every container, with SIGTERM first, and has the runtime take the sandboxes down: addresses, namespaces and CNI's own notes go
 * with them. containerd must be running. Returns how many containers there were.
 */
export async function removeSandboxes(s: ClusterSettings): Promise<number> {
  const runtime = connectContainerRuntime(paths(s).containerdSocket);
  try {
    const { sandboxes, containers } = await runtime.list();
    await Promise.all(containers.map((c) => runtime.stopContainer(c.id, graceSeconds).catch(() => {})));
    for (const sandbox of sandboxes) {
      await runtime.stopSandbox(sandbox.id);
      await runtime.removeSandbox(sandbox.id);
    }
    return containers.length;
  } finally {
    runtime.close();
  }
}

/** Unmounts everything below the cluster's directories, deepest first. */
export async function unmountBelow(dirs: readonly string[]): Promise<void> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((l) => (l.split(' ')[4] ?? '').replace(/\\040/g, ' '));
  const ours = mounts.filter((m) => dirs.some((d) => m === d || m.startsWith(`${d}/`))).reverse();
  for (const m of ours) await tryCommand('umount', ['-l', m]);
}

/** The bridge and the packet rules. */
export async function removeNetwork(s: ClusterSettings): Promise<void> {
  await tryCommand('ip', ['link', 'del', s.bridge]);
  const tables = lines((await tryCommand('nft', ['list', 'tables'])) ?? '');
  for (const t of ownTables)
    if (tables.includes(`table ${t}`)) await tryCommand('nft', ['delete', 'table', ...t.split(' ')]);
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
