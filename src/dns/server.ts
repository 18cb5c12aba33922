/** The DNS server: UDP and TCP on one address, answers from the zone, everything else from upstream. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import packet from 'dns-packet';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { answer, type DnsAnswer, type DnsData, type DnsView, startOfAuthority } from './records.ts';
import { framed, type Upstream } from './upstream.ts';

export interface DnsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly view: DnsView;
  readonly upstream: Upstream;
  /** In [0, 1): the order of several addresses changes with it, so that clients spread. */
  readonly random: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

const rcode = { formerr: 1, servfail: 2, nxdomain: 3, notimp: 4 };
const flag = { response: 0x8000, authoritative: 0x0400, recursionDesired: 0x0100, recursionAvailable: 0x0080 };
const idleMs = 10_000;

/** Binds both sockets, or rejects with the address in the message. */
export async function createDnsServer(o: DnsServerOptions): Promise<DnsServer> {
  const respond = createResponder(o);
  const udp = createSocket('udp4');
  udp.on('message', (query, from) => {
    void respond(query, 'udp').then((out) => {
      if (out) udp.send(out, from.port, from.address, () => {});
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

function serveTcp(socket: Socket, respond: (query: Buffer, over: 'tcp') => Promise<Buffer | undefined>): void {
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

type Question = { readonly name: string; readonly type: string };
interface Reply {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly DnsData[];
  readonly authorities: readonly DnsData[];
  readonly additionals: readonly DnsData[];
}

const opcodeOf = (query: Buffer): number => (query[2]! >> 3) & 0x0f;

/** Raw query in, raw answer out; undefined for what is no query. */
function createResponder(o: DnsServerOptions): (query: Buffer, over: 'udp' | 'tcp') => Promise<Buffer | undefined> {
  return async (query, over) => {
    let q: packet.DecodedPacket;
    try {
      q = packet.decode(query);
    } catch {
      return query.length >= 12 ? errorReply(query, rcode.formerr) : undefined;
    }
    if (q.type !== 'query') return undefined;
    const question = q.questions?.[0];
    if (opcodeOf(query) !== 0 || !question || q.questions?.length !== 1) return errorReply(query, rcode.notimp);
    const result = answer(question, o.domain, o.view);
    if (result.kind === 'forward') return (await o.upstream.resolve(query)) ?? errorReply(query, rcode.servfail);
    const reply = await localReply(o, question, result);
    const edns = q.additionals?.find((a) => a.type === 'OPT');
    const limit = over === 'tcp' ? 65_535 : edns ? Math.max(512, edns.udpPayloadSize) : 512;
    return encode(q, question, reply, Boolean(edns), limit);
  };
}

async function localReply(
  o: DnsServerOptions,
  question: Question,
  result: Exclude<DnsAnswer, { kind: 'forward' }>,
): Promise<Reply> {
  const authority = () => [startOfAuthority(o.domain, Math.floor(o.clock.now() / 1000))];
  if (result.kind === 'nxdomain')
    return { rcode: rcode.nxdomain, authoritative: true, answers: [], authorities: authority(), additionals: [] };
  const chased = result.follow ? await chase(o, result.follow, question.type) : [];
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
  const id = Math.floor(o.random() * 0xffff);
  const query = packet.encode({
    type: 'query',
    id,
    flags: flag.recursionDesired,
    questions: [{ type: type as 'A', name: target }],
  });
  const raw = await o.upstream.resolve(query);
  if (!raw) return [];
  try {
    return (packet.decode(raw).answers ?? []).filter(
      (a) => a.type === 'A' || a.type === 'AAAA' || a.type === 'CNAME',
    ) as readonly DnsData[];
  } catch {
    return [];
  }
}

/** Fisher and Yates. */
function shuffled(list: readonly DnsData[], random: () => number): readonly DnsData[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

const headerBytes = 12;
/** Octets of a name on the wire. */
const wireLength = (name: string): number => Buffer.byteLength(name.replace(/\.$/, '')) + (name === '.' ? 1 : 2);

/**
 * The three sections behind header and question, for answers that are too long otherwise: a name that owned a record before is written
 * as a pointer to it (RFC 1035, 4.1.4). Else nine addresses of a service are all that go into 512 octets.
 */
function message(head: Buffer, asked: string, sections: readonly (readonly DnsData[])[]): Buffer {
  const out = [head];
  const places = new Map([[asked, headerBytes]]);
  let at = head.length;
  sections.forEach((records, i) => {
    head.writeUInt16BE(records.length, 6 + 2 * i);
    for (const record of records) {
      const { name } = record;
      let bytes = packet
        .encode({ type: 'response', answers: [record as unknown as packet.Answer] })
        .subarray(headerBytes);
      const place = places.get(name);
      if (place !== undefined)
        bytes = Buffer.concat([Buffer.from([0xc0 | (place >> 8), place & 0xff]), bytes.subarray(wireLength(name))]);
      else if (at < 0x4000 && name !== '.') places.set(name, at);
      out.push(bytes);
      at += bytes.length;
    }
  });
  return Buffer.concat(out);
}

function encode(q: packet.DecodedPacket, question: Question, r: Reply, edns: boolean, limit: number): Buffer {
  const flags = flag.authoritative | flag.recursionAvailable | ((q.flags ?? 0) & flag.recursionDesired) | r.rcode;
  const opt = edns
    ? [
        {
          type: 'OPT' as const,
          name: '.',
          udpPayloadSize: 1232,
          flags: 0,
          options: [],
          extendedRcode: 0,
          ednsVersion: 0,
          flag_do: false,
        },
      ]
    : [];
  const head = { type: 'response' as const, id: q.id ?? 0, questions: [question as packet.Question] };
  const sections = (answers: readonly DnsData[], additionals: readonly DnsData[]) =>
    [answers, r.authorities, [...additionals, ...(opt as unknown as DnsData[])]] as const;
  const [answers, authorities, additionals] = sections(r.answers, r.additionals) as unknown as packet.Answer[][];
  const plain = packet.encode({
    ...head,
    flags,
    answers: answers!,
    authorities: authorities!,
    additionals: additionals!,
  });
  if (plain.length <= limit) return plain;
  const build = (list: readonly DnsData[], more: readonly DnsData[], truncated: boolean) =>
    message(packet.encode({ ...head, flags: flags | (truncated ? 0x0200 : 0) }), question.name, sections(list, more));
  const whole = build(r.answers, r.additionals, false);
  if (whole.length <= limit) return whole;
  const lean = build(r.answers, [], false);
  if (lean.length <= limit) return lean;
  // As many answers as fit, marked as cut: the client asks again over TCP.
  for (let n = r.answers.length - 1; n > 0; n--) {
    const cut = build(r.answers.slice(0, n), [], true);
    if (cut.length <= limit) return cut;
  }
  return build([], [], true);
}

/** The query turned into an answer with nothing but a code. */
function errorReply(query: Buffer, code: number): Buffer {
  const out = Buffer.from(query);
  out.writeUInt16BE((out.readUInt16BE(2) & 0x7900) | flag.response | flag.recursionAvailable | code, 2);
  if (code === rcode.formerr) {
    out.fill(0, 4, 12);
    return out.subarray(0, 12);
  }
  return out;
}
