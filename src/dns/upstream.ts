/** Questions about other zones, passed on as they came to the resolvers the node itself uses. */
import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';
import { isIPv6 } from 'node:net';

export interface Upstream {
  /** The raw answer to a raw query, with the query's id; undefined when no resolver answered in time. */
  resolve(query: Buffer): Promise<Buffer | undefined>;
}

const perServerMs = 2_000;

/** The nameservers of a resolv.conf text, at most three (resolv.conf(5)), without those that would ask ourselves. */
export const nameservers = (resolvConf: string, own: readonly string[]): readonly string[] =>
  [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .map((m) => m[1]!.replace(/%.*$/, ''))
    .filter((ip) => !own.includes(ip))
    .slice(0, 3);

/** Asks the servers in turn over UDP, and over TCP where the answer was cut. */
export function createUpstream(servers: () => readonly string[], port = 53): Upstream {
  return {
    async resolve(query) {
      for (const server of servers()) {
        const answer = await askUdp(server, port, query);
        if (!answer) continue;
        const truncated = ((answer[2] ?? 0) & 0x02) !== 0;
        return truncated ? ((await askTcp(server, port, query)) ?? answer) : answer;
      }
      return undefined;
    },
  };
}

function askUdp(server: string, port: number, query: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server) ? 'udp6' : 'udp4');
    const end = (answer?: Buffer) => {
      clear.cancel();
      socket.close();
      resolve(answer);
    };
    const clear = deadline(() => end());
    socket.on('error', () => end());
    socket.on('message', (m) => {
      // Only an answer to this very query counts.
      if (m.length >= 12 && m[0] === query[0] && m[1] === query[1]) end(m);
    });
    socket.connect(port, server, () => socket.send(query));
  });
}

function askTcp(server: string, port: number, query: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let got: Buffer = Buffer.alloc(0);
    const socket = createConnection({ host: server, port });
    const end = (answer?: Buffer) => {
      clear.cancel();
      socket.destroy();
      resolve(answer);
    };
    const clear = deadline(() => end());
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('connect', () => socket.write(framed(query)));
    socket.on('data', (d: Buffer) => {
      got = Buffer.concat([got, d]);
      if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) end(got.subarray(2, 2 + got.readUInt16BE(0)));
    });
  });
}

/** A DNS message as TCP carries it: its length first (RFC 1035 4.2.2). */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function deadline(fn: () => void): { cancel(): void } {
  const signal = AbortSignal.timeout(perServerMs);
  signal.addEventListener('abort', fn, { once: true });
  return { cancel: () => signal.removeEventListener('abort', fn) };
}
