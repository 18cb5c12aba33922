/** The bridge pods sit on, made before the first pod so that the control plane and DNS can answer on its address. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { NodeNetwork } from './node-network.ts';

/** Makes the bridge with its address, or finds it as it should be. Needs root. */
export async function ensureBridge(n: Pick<NodeNetwork, 'bridge' | 'gateway' | 'podCidr' | 'mtu'>): Promise<void> {
  const bits = n.podCidr.split('/')[1];
  await ip(['link', 'add', n.bridge, 'type', 'bridge'], /File exists/);
  await ip(['link', 'set', n.bridge, 'mtu', String(n.mtu), 'up']);
  await ip(['address', 'replace', `${n.gateway}/${bits}`, 'dev', n.bridge]);
  for (const [key, value] of settings(n.bridge))
    await writeFile(`/proc/sys/${key}`, value).catch((e: NodeJS.ErrnoException) => {
      throw new Error(`cannot set /proc/sys/${key} to ${value}: ${e.message}`);
    });
}

/** Forwarding; bridged packets pass the rules (a reply from a pod on the same bridge must be un-NATed); 127.0.0.1 may reach host ports. */
const settings = (bridge: string): readonly (readonly [string, string])[] => [
  ['net/ipv4/ip_forward', '1'],
  ['net/bridge/bridge-nf-call-iptables', '1'],
  [`net/ipv4/conf/${bridge}/route_localnet`, '1'],
];

function ip(args: readonly string[], fine?: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('ip', args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 10_000 });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (d: string) => (words += d));
    child.on('error', (e) => reject(new Error(`ip cannot be run: ${e.message}`)));
    child.on('close', (code) =>
      code === 0 || fine?.test(words) ? resolve() : reject(new Error(`ip ${args.join(' ')} failed: ${words.trim()}`)),
    );
  });
}
