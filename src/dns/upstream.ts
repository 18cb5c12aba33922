/** Questions about other zones, passed on as they came to the resolvers the node itself uses. */
import { createSocket } from 'node:dgram';
import { createConnection, isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';

export interface Upstream {
  /** The raw answer to a raw query, with the query's id, asked for as the client asked; undefined when no resolver answered in time. */
  resolve(query: Buffer, over: 'udp' | 'tcp'): Promise<Buffer | undefined>;
  /** More are under way than may be: the client is told to try later. */
  readonly busy: boolean;
}

export interface UpstreamOptions {
  readonly servers: () => readonly string[];
  readonly port?: number;
  readonly clock: Clock;
}

const perServerMs = 2_000;
/** For all servers together (CoreDNS's forward). */
const totalMs = 5_000;
/** A resolver that did not answer is asked last for so long. */
const quietMs = 10_000;
/** kubeadm's max_concurrent. */
const maxConcurrent = 1_000;

/** The nameservers of a resolv.conf text, at most three (resolv.conf(5)), without those that would ask ourselves. */
export const nameservers = (resolvConf: string, own: readonly string[]): readonly string[] =>
  [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map((m) => m[1]!.replace(/%.*$/, ''))
    .filter((ip) => !own.includes(ip))
    .slice(0, 3);

/** Asks the servers in turn, those first that answered lately. */
export function createUpstream({ servers, port = 53, clock }: UpstreamOptions): Upstream {
  const silentSince = new Map<string, number>();
  let underWay = 0;
  return {
    get busy() {
      return underWay >= maxConcurrent;
    },
    async resolve(query, over) {
      const began = clock.monotonic();
      const isSilent = (s: string) => began - (silentSince.get(s) ?? Number.NEGATIVE_INFINITY) < quietMs;
      const list = servers();
      underWay++;
      try {
        for (const server of [...list.filter((s) => !isSilent(s)), ...list.filter(isSilent)]) {
          const left = totalMs - (clock.monotonic() - began);
          if (left <= 0) break;
          const ask = over === 'tcp' ? askTcp : askUdp;
          const answer = await ask({ server, port, query, clock, ms: Math.min(perServerMs, left) });
          if (answer) {
            silentSince.delete(server);
            return answer;
          }
          silentSince.set(server, clock.monotonic());
        }
        return undefined;
      } finally {
        underWay--;
      }
    },
  };
}

interface Asking {
  readonly server: string;
  readonly port: number;
  readonly query: Buffer;
  readonly clock: Clock;
  readonly ms: number;
}

/** Only an answer to this very query counts: its id, and its question but for the case of letters. */
function isAnswerTo(query: Buffer, m: Buffer): boolean {
  if (m.length < 12 || m[0] !== query[0] || m[1] !== query[1] || !(m[2]! & 0x80)) return false;
  if (m.readUInt16BE(4) === 0) return true;
  const end = questionEnd(query);
  const text = (b: Buffer) => b.subarray(12, end).toString('latin1').toLowerCase();
  return text(m) === text(query);
}

function questionEnd(query: Buffer): number {
  let at = 12;
  while (at < query.length && query[at]) at += query[at]! + 1;
  return at + 5;
}

function askUdp({ server, port, query, clock, ms }: Asking): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4');
    let over = false;
    const end = (answer?: Buffer) => {
      if (over) return;
      over = true;
      late.cancel();
      socket.close();
      resolve(answer);
    };
    const late = clock.after(ms, () => end());
    socket.on('error', () => end());
    socket.on('message', (m) => {
      if (isAnswerTo(query, m)) end(m);
    });
    socket.connect(port, server, () => {
      if (!over) socket.send(query, () => {});
    });
  });
}

function askTcp({ server, port, query, clock, ms }: Asking): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let got: Buffer = Buffer.alloc(0);
    const socket = createConnection({ host: server, port });
    const end = (answer?: Buffer) => {
      late.cancel();
      socket.destroy();
      resolve(answer);
    };
    const late = clock.after(ms, () => end());
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('connect', () => socket.write(framed(query)));
    socket.on('data', (d: Buffer) => {
      got = Buffer.concat([got, d]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      const answer = got.subarray(2, 2 + got.readUInt16BE(0));
      end(isAnswerTo(query, answer) ? answer : undefined);
    });
  });
}

/** A DNS message as TCP carries it: its length first (RFC 1035 4.2.2). */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
