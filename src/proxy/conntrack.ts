/**
 * UDP has no end of connection: the kernel goes on sending a known flow to the endpoint it chose, gone or not. These are the flows to
 * forget when endpoints change (upstream: pkg/proxy/conntrack).
 */
import { spawn } from 'node:child_process';
import type { ServicePort } from './service-ports.ts';

export interface Flow {
  /** As the client sent it. */
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  /** `address:port` that answers. */
  readonly answers: string;
}

/** Pure: flows to a service that lead to none of the endpoints it has. A service without endpoints keeps its flows. */
export function staleFlows(flows: readonly Flow[], rows: Iterable<ServicePort>): readonly Flow[] {
  const byAddress = new Map<string, ReadonlySet<string>>();
  const byNodePort = new Map<number, ReadonlySet<string>>();
  for (const r of rows) {
    if (r.protocol !== 'udp' || !r.serving.length) continue;
    const serving = new Set(r.serving);
    for (const ip of [r.clusterIP, ...r.externalIPs, ...r.loadBalancerIPs]) byAddress.set(`${ip}:${r.port}`, serving);
    if (r.nodePort) byNodePort.set(r.nodePort, serving);
  }
  return flows.filter((f) => {
    const serving = byAddress.get(`${f.destination}:${f.destinationPort}`) ?? byNodePort.get(f.destinationPort);
    return serving !== undefined && !serving.has(f.answers);
  });
}

const line =
  /\bsrc=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)(?: packets=\d+ bytes=\d+)?(?: \[UNREPLIED\])? src=(\S+) dst=\S+ sport=(\d+)/;

/** What `conntrack -L -p udp` prints. */
export function parseFlows(text: string): readonly Flow[] {
  return text.split('\n').flatMap((l) => {
    const m = line.exec(l);
    if (!m) return [];
    const [, source, destination, sourcePort, destinationPort, answerer, answererPort] = m as unknown as string[];
    return [
      {
        source: source!,
        sourcePort: Number(sourcePort),
        destination: destination!,
        destinationPort: Number(destinationPort),
        answers: `${answerer}:${answererPort}`,
      },
    ];
  });
}

/** Looks through the kernel's UDP flows and deletes those that are stale; resolves to how many. Without conntrack(8) it does nothing. */
export async function forgetStaleFlows(rows: Iterable<ServicePort>): Promise<number> {
  const list = await conntrack(['-L', '-p', 'udp']);
  const stale = staleFlows(parseFlows(list), rows);
  for (const f of stale)
    await conntrack([
      ...['-D', '-p', 'udp', '--orig-src', f.source, '--orig-dst', f.destination],
      ...['--orig-port-src', String(f.sourcePort), '--orig-port-dst', String(f.destinationPort)],
    ]);
  return stale.length;
}

function conntrack(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn('conntrack', args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (d: string) => (text += d));
    child.on('error', () => resolve(''));
    child.on('close', () => resolve(text));
  });
}
