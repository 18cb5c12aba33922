/** The DNS server: UDP and TCP on one address, answers from the zone, everything else from upstream. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { DnsMetrics } from './metrics.ts';
import { answer, type DnsAnswer, type DnsData, type DnsView, startOfAuthority, zoneOf } from './records.ts';
import { framed, type Upstream } from './upstream.ts';
import {
  encodeBareCode,
  encodeCode,
  encodeQuery,
  encodeReply,
  type Query,
  rcode,
  readAddresses,
  readQuery,
  type Reply,
  udpLimit,
} from './wire.ts';

export interface DnsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly view: DnsView;
  /** False while the view is not complete: the zone is not answered for, the rest is. */
  readonly ready?: () => boolean;
  readonly upstream: Upstream;
  /** In [0, 1): the order of several addresses changes with it, so that clients spread. */
  readonly random: () => number;
  readonly metrics?: DnsMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

type Over = 'udp' | 'tcp';
const idleMs = 10_000;

/** Binds both sockets, or rejects with the address in the message. */
export async function createDnsServer(o: DnsServerOptions): Promise<DnsServer> {
  const respond = createResponder(o);
  const udp = createSocket('udp4');
  udp.on('message', (query, from) => {
    void respond(query, 'udp').then((out) => {
      if (out && from.port) udp.send(out, from.port, from.address, () => {});
    });
  });
  await bound(o, (done, fail) => udp.once('error', fail).bind(o.port, o.host, done));
  const port = udp.address().port;
  udp.removeAllListeners('error').on('error', (e) => o.log.warn('DNS over UDP failed', { error: e }));
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    serveTcp(socket, respond);
  });
  try {
    await bound(o, (done, fail) => tcp.once('error', fail).listen(port, o.host, done));
  } catch (e) {
    udp.close();
    throw e;
  }
  return { port, close: () => closeAll(udp, tcp, sockets) };
}

function bound(o: DnsServerOptions, bind: (done: () => void, fail: (e: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    bind(resolve, (e) => reject(new Error(`DNS cannot listen on ${o.host}:${o.port}: ${e.message}`))),
  );
}

async function closeAll(udp: UdpSocket, tcp: TcpServer, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const s of sockets) s.destroy();
  await Promise.all([new Promise<void>((r) => udp.close(() => r())), new Promise<void>((r) => tcp.close(() => r()))]);
}

function serveTcp(socket: Socket, respond: (query: Buffer, over: Over) => Promise<Buffer | undefined>): void {
  let got: Buffer = Buffer.alloc(0);
  socket.on('data', (d: Buffer) => {
    got = Buffer.concat([got, d]);
    while (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
      const query = got.subarray(2, 2 + got.readUInt16BE(0));
      got = got.subarray(2 + query.length);
      void respond(query, 'tcp').then((out) => {
        if (out && !socket.destroyed) socket.write(framed(out));
      });
    }
  });
}

/** Raw query in, raw answer out; undefined for what is no query. Never rejects. */
function createResponder(o: DnsServerOptions): (query: Buffer, over: Over) => Promise<Buffer | undefined> {
  const forward = createForwarder(o);
  return async (message, over) => {
    const q = readQuery(message);
    if (!q) return undefined;
    if ('refuse' in q) return encodeBareCode(message, q.refuse);
    const began = o.clock.monotonic();
    let out: Buffer;
    let zone = '.';
    try {
      const refused = refusal(q);
      const result = refused === undefined ? answer(q, o.domain, o.view, serialOf(o)) : undefined;
      if (!result) out = encodeCode(q, refused!);
      else if (result.kind === 'forward') out = await forward(message, q, over);
      else {
        zone = zoneOf(q.name, o.domain);
        const reply = o.ready && !o.ready() ? undefined : await localReply(o, q, result, zone);
        out = reply ? encodeReply(q, reply, over === 'tcp' ? 65_535 : udpLimit(q)) : encodeCode(q, rcode.servfail);
      }
    } catch (e) {
      o.log.warn('a DNS query could not be answered', { name: q.name, type: q.type, error: e as Error });
      out = encodeCode(q, rcode.servfail);
    }
    o.metrics?.answered({ zone, over, type: q.type }, out[3]! & 0x0f, (o.clock.monotonic() - began) / 1000);
    return out;
  };
}

const serialOf = (o: DnsServerOptions): number => Math.floor(o.clock.now() / 1000);

/** What is not answered whatever the name. */
function refusal(q: Query): number | undefined {
  if (q.class !== 1) return rcode.refused;
  if (q.edns && q.edns.version !== 0) return rcode.badvers;
  return q.type === 'AXFR' || q.type === 'IXFR' ? rcode.refused : undefined;
}

function createForwarder(o: DnsServerOptions): (message: Buffer, q: Query, over: Over) => Promise<Buffer> {
  const cache = createAnswerCache(o.clock);
  return async (message, q, over) => {
    const kept = cache.get(q);
    o.metrics?.cache(kept !== undefined, cache.size);
    if (kept && (over === 'tcp' || kept.length <= udpLimit(q))) return kept;
    if (o.upstream.busy) return encodeCode(q, rcode.refused);
    const found = await o.upstream.resolve(message, over);
    if (!found) return encodeCode(q, rcode.servfail);
    cache.put(q, found);
    return found;
  };
}

async function localReply(
  o: DnsServerOptions,
  q: Query,
  result: Exclude<DnsAnswer, { kind: 'forward' }>,
  zone: string,
): Promise<Reply> {
  const authority = () => [startOfAuthority(zone, serialOf(o))];
  if (result.kind === 'nxdomain')
    return { rcode: rcode.nxdomain, authoritative: true, answers: [], authorities: authority(), additionals: [] };
  const chased = result.follow ? await chase(o, result.follow, q.type) : [];
  const answers = [...shuffled(result.answers, o.random), ...chased];
  return {
    rcode: 0,
    authoritative: true,
    answers,
    authorities: answers.length ? [] : authority(),
    additionals: result.additional,
  };
}

/** The addresses behind an ExternalName, inside or outside the zone. */
async function chase(o: DnsServerOptions, target: string, type: string, depth = 0): Promise<readonly DnsData[]> {
  const local = answer({ name: target, type }, o.domain, o.view);
  if (local.kind === 'nxdomain' || depth > 8) return [];
  if (local.kind === 'found')
    return [...local.answers, ...(local.follow ? await chase(o, local.follow, type, depth + 1) : [])];
  if (o.upstream.busy) return [];
  const raw = await o.upstream.resolve(encodeQuery(Math.floor(o.random() * 0x10000), target, type), 'udp');
  return raw ? readAddresses(raw) : [];
}

/** Fisher and Yates. */
function shuffled(list: readonly DnsData[], random: () => number): readonly DnsData[] {
  if (list.length < 2) return list;
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
