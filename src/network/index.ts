/** The node's pod network: a bridge, its CNI configuration, masquerade, host ports. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pods } from '../api/core/v1/resources.ts';
import type { ObjectOf } from '../api/resource-row.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { PacketRules } from '../base/net/nft.ts';
import type { Running } from '../base/running.ts';
import type { Informer } from '../client/cache.ts';
import { ensureBridge } from './bridge.ts';
import { cniConflist, hostPortRules, hostPorts, masqueradeRules, type NodeNetwork } from './node-network.ts';

export type { NodeNetwork } from './node-network.ts';
export { ensureBridge } from './bridge.ts';

export interface NetworkOptions {
  readonly network: NodeNetwork;
  /** Where the container runtime looks for CNI configuration. */
  readonly cniConfDir: string;
  readonly rules: PacketRules;
  /** Pods of this node, for host ports. */
  readonly pods: Informer<ObjectOf<typeof Pods>>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sets the node up for pods and keeps host ports true until the signal aborts. Rules stay: pods outlive this process. */
export async function startNetwork(o: NetworkOptions, signal: AbortSignal): Promise<Running> {
  await ensureBridge(o.network);
  await writeCniConfig(o.cniConfDir, cniConflist(o.network));
  await o.rules.apply(masqueradeRules(o.network));
  return { stopped: keepHostPorts(o, signal) };
}

/** Written only when it differs: the runtime reloads on change. */
async function writeCniConfig(dir: string, text: string): Promise<void> {
  const file = join(dir, '10-k8ts.conflist');
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function keepHostPorts(o: NetworkOptions, signal: AbortSignal): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const changed = () => wake.resolve();
  const remove = o.pods.addHandler({ onAdd: changed, onUpdate: changed, onDelete: changed });
  signal.addEventListener('abort', changed, { once: true });
  let applied = hostPortRules(o.network, []);
  let first = true;
  try {
    await o.pods.synced(signal).catch(() => {});
    while (!signal.aborted) {
      wake = Promise.withResolvers<void>();
      const wanted = hostPortRules(o.network, hostPorts(o.pods.list()));
      if (wanted !== applied || first) {
        try {
          // Nothing to serve and nothing left by an earlier run: no table is made.
          await o.rules.apply(wanted);
          applied = wanted;
          first = false;
        } catch (e) {
          o.log.error('host ports could not be set', { error: e as Error });
          await o.clock.sleep(1000, signal).catch(() => {});
          wake.resolve();
        }
      }
      await wake.promise;
    }
  } finally {
    remove();
  }
}
