/** Queries a second over UDP against a DNS server that knows 5,000 services; server and asker have a thread each. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import packet from 'dns-packet';
import { benchmark, main } from './rig/benchmark.ts';

/** Asked and not answered at any time. */
const window = 64;
const seconds = 3;

/** Without it ten addresses do not fit. */
const edns = { type: 'OPT', name: '.', udpPayloadSize: 1232 } as packet.Answer;

interface Kind {
  readonly type: 'A' | 'SRV';
  readonly name: (i: number) => string;
  /** What every answer of the kind must say. */
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  readonly answers: number;
}

const service = (i: number): string => `svc-${i}.ns-${i % 50}.svc.cluster.local`;
/** A number below 5,000 of a service that has a cluster IP, or has none. */
const withAddress = (i: number): number => ((i * 7) % 500) * 10 + (i % 9);
const headless = (i: number): number => ((i * 7) % 500) * 10 + 9;

const kinds = {
  'service-address': { type: 'A', name: (i) => service(withAddress(i)), rcode: 'NOERROR', answers: 1 },
  'headless-addresses': { type: 'A', name: (i) => service(headless(i)), rcode: 'NOERROR', answers: 10 },
  'service-ports': { type: 'SRV', name: (i) => `_http._tcp.${service(withAddress(i))}`, rcode: 'NOERROR', answers: 1 },
  'no-such-name': { type: 'A', name: (i) => `no-${i}.ns-1.svc.cluster.local`, rcode: 'NXDOMAIN', answers: 0 },
} satisfies Record<string, Kind>;

/** Keeps `window` questions open for a while; every 97th answer is read and checked. Returns answers a second. */
async function ask(port: number, kind: Kind): Promise<number> {
  const questions = Array.from({ length: 1000 }, (_, i) =>
    packet.encode({
      type: 'query',
      id: 0,
      flags: packet.RECURSION_DESIRED,
      questions: [{ type: kind.type, name: kind.name(i) }],
      additionals: [edns],
    }),
  );
  const socket = createSocket('udp4');
  let sent = 0;
  let answered = 0;
  let wrong: string | undefined;
  const next = () => {
    const q = questions[sent % questions.length]!;
    q.writeUInt16BE(sent++ & 0xffff, 0);
    socket.send(q);
  };
  socket.on('message', (m) => {
    if (answered++ % 97 === 0) {
      const a = packet.decode(m) as packet.DecodedPacket & { readonly rcode?: string };
      if (a.rcode !== kind.rcode || (a.answers ?? []).length !== kind.answers)
        wrong ??= `${a.questions?.[0]?.name}: ${a.rcode} with ${a.answers?.length} answers`;
    }
    next();
  });
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (let i = 0; i < window; i++) next();
  // Warm-up.
  await new Promise((r) => setTimeout(r, 1000));
  const [from, began] = [answered, performance.now()];
  await new Promise((r) => setTimeout(r, seconds * 1000));
  const rate = ((answered - from) * 1000) / (performance.now() - began);
  await new Promise<void>((r) => socket.close(() => r()));
  if (wrong) throw new Error(`a wrong answer: ${wrong}`);
  return rate;
}

export const bench = benchmark({
  summary: 'DNS queries over UDP: a service, a headless service of 10, its ports, a name that is not there.',
  figures: {
    'service-address': { unit: '/s', better: 'more' },
    'headless-addresses': { unit: '/s', better: 'more' },
    'service-ports': { unit: '/s', better: 'more' },
    'no-such-name': { unit: '/s', better: 'more' },
  },
  async run(say) {
    const worker = new Worker(new URL('./rig/dns-worker.ts', import.meta.url));
    try {
      const [port] = (await once(worker, 'message')) as [number];
      for (const [name, kind] of Object.entries(kinds)) say(name as keyof typeof kinds, await ask(port, kind));
    } finally {
      await worker.terminate();
    }
  },
});

if (import.meta.main) await main(import.meta.filename, bench);
