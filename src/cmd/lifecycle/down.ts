/** `k8ts down`: stops everything `up` started and leaves nothing behind; `--purge` also deletes the data. */
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import {
  type ClusterSettings,
  defaultDataDir,
  newClusterSettings,
  paths,
  readClusterSettings,
} from '../cluster-settings.ts';
import { clusterProcessesHere } from '../host/find-processes.ts';
import { processState, startSupervised, stopSupervised } from '../host/processes.ts';
import { removeContext } from '../kubeconfig-context.ts';
import type { Steps } from '../steps.ts';
import { removeCgroups, removeNetwork, removeRunFiles, removeSandboxes, unmountBelow } from './cleanup.ts';
import { prepareContainerd, socketReady } from './containerd.ts';

export interface DownOptions {
  readonly dataDir: string;
  readonly purge: boolean;
  readonly steps: Steps;
  readonly clock: Clock;
}

/** Stops the cluster of `dataDir`. Doing it twice is fine: what is gone already is passed over. */
export async function down({ dataDir, purge, steps, clock }: DownOptions): Promise<void> {
  const found = await readClusterSettings(dataDir);
  // Without settings (never set up, or purged by hand) there may still be things of the default names left.
  const s = found ?? newClusterSettings({ dataDir, nodeName: '', nodeIP: '' });
  if (!found && dataDir !== defaultDataDir) {
    await steps.run(`nothing to stop: there is no cluster in ${dataDir}`, async () => {});
    return;
  }
  await steps.run('stopping the node agent and the control plane', async () => {
    // The agent first: it must not report the pods' end to the API, they come back with the next `up`.
    await stopSupervised(s, 'node-agent', clock);
    await stopSupervised(s, 'control-plane', clock);
  });
  await steps.run('stopping containers', async (note) => {
    await withContainerd(s, clock, async () => note(`${await removeSandboxes(s)} stopped`));
    await stopSupervised(s, 'containerd', clock);
    await killShims(s);
    await removeNetwork(s);
  });
  await steps.run('cleaning up mounts, interfaces and cgroups', async () => {
    await unmountBelow([paths(s).kubelet, paths(s).containerdRoot, paths(s).containerdState]);
    await removeCgroups();
    await removeRunFiles(s);
    await rm(`${paths(s).kubelet}/pods`, { recursive: true, force: true });
    await rm(`${paths(s).cni}/networks`, { recursive: true, force: true });
  });
  if (purge)
    await steps.run(`deleting ${s.dataDir}`, async () => {
      await removeContext(paths(s).adminKubeconfig);
      await deleteAll(s.dataDir);
    });
}

/** Deletes a directory with all it holds; one that is a mount point is emptied. */
async function deleteAll(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) await rm(join(dir, name), { recursive: true, force: true });
  await rmdir(dir).catch((e: NodeJS.ErrnoException) => {
    if (e.code !== 'EBUSY' && e.code !== 'ENOENT') throw e;
  });
}

/** Runs `work` with this cluster's containerd up, starting it for the occasion when it is not and there is something to clean. */
async function withContainerd<T>(s: ClusterSettings, clock: Clock, work: () => Promise<T>): Promise<T | undefined> {
  const state = await processState(s, 'containerd');
  if (!state.pid) {
    const used = await readdir(paths(s).containerdRoot).catch(() => []);
    if (!used.length) return undefined;
    await startSupervised(s.runDir, paths(s).logs, await prepareContainerd(s));
  }
  await socketReady(paths(s).containerdSocket, clock, 10_000);
  return work();
}

/** Shims outlive containerd; those of this cluster are ended by pid, with what still runs below them. */
async function killShims(s: ClusterSettings): Promise<void> {
  for (const { pid } of (await clusterProcessesHere(s)).filter((p) => p.role === 'shim')) {
    const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''))
      .split(' ')
      .filter(Boolean);
    for (const p of [...children, pid])
      try {
        process.kill(Number(p), 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
  }
}
