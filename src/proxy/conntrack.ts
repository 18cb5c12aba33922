/**
 * UDP has no end of connection: the kernel goes on sending a known flow to the endpoint it chose, gone or not. These are the flows to
 * forget when endpoints change (upstream: pkg/proxy/conntrack).
 */
import { spawn } from 'node:child_process';
import type { ServicePort } from './service-ports.ts';

export interface StaleFlow {
  readonly protocol: 'udp';
  /** Address and port that clients send to. */
  readonly ip: string;
  readonly port: number;
  /** The endpoint that is gone; undefined = flows that never found one (the service had none). */
  readonly endpoint: string | undefined;
}

/** Pure: which flows the change from `before` to `after` leaves hanging. */
export function staleFlows(before: readonly ServicePort[], after: readonly ServicePort[]): readonly StaleFlow[] {
  const now = new Map(after.map((p) => [`${p.service}:${p.portName}:${p.protocol}`, p]));
  const found: StaleFlow[] = [];
  for (const old of before) {
    if (old.protocol !== 'udp') continue;
    const next = now.get(`${old.service}:${old.portName}:${old.protocol}`);
    const left = new Set((next ? [...next.internal, ...next.external] : []).map((e) => e.ip));
    const frontends = [old.clusterIP, ...old.externalIPs, ...old.loadBalancerIPs];
    const had = new Set([...old.internal, ...old.external].map((e) => e.ip));
    for (const endpoint of had)
      if (!left.has(endpoint))
        for (const ip of frontends) found.push({ protocol: 'udp', ip, port: old.port, endpoint });
    if (had.size === 0 && left.size > 0)
      for (const ip of frontends) found.push({ protocol: 'udp', ip, port: old.port, endpoint: undefined });
  }
  return found;
}

/** Deletes the flows with conntrack(8); finding none is fine. */
export async function forgetFlows(flows: readonly StaleFlow[]): Promise<void> {
  for (const f of flows) {
    const args = [
      '-D',
      '-p',
      f.protocol,
      '--orig-dst',
      f.ip,
      '--orig-port-dst',
      String(f.port),
      ...(f.endpoint ? ['--dst-nat', f.endpoint] : []),
    ];
    await new Promise<void>((resolve) => {
      const child = spawn('conntrack', args, { stdio: 'ignore', timeout: 5_000 });
      child.on('error', () => resolve());
      child.on('close', () => resolve());
    });
  }
}
