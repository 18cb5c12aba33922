/** DNS messages as octets (RFC 1035 4, RFC 6891): what a query asks, and answers with their names compressed. Pure. */
import type { DnsData } from './records.ts';

export const rcode = { noerror: 0, formerr: 1, servfail: 2, nxdomain: 3, notimp: 4, refused: 5, badvers: 16 } as const;
export const flag = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  checkingDisabled: 0x0010,
} as const;

const typeNames: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
};
const typeNumbers = new Map(Object.entries(typeNames).map(([n, name]) => [name, Number(n)]));
const optType = 41;
export const headerLength = 12;
/** What this server takes and sends over UDP, as CoreDNS says. */
const ownPayload = 1232;

export interface Query {
  readonly id: number;
  readonly flags: number;
  /** As asked, without the final dot; `\DDD` for octets that are no plain character, so that a name is one text. */
  readonly name: string;
  readonly type: string;
  readonly class: number;
  /** The question as it came, to be sent back octet for octet. */
  readonly question: Buffer;
  readonly edns: { readonly size: number; readonly version: number; readonly dnssec: boolean } | undefined;
}

/** A query; the code to refuse it with; undefined when it is none and must not be answered. */
export function readQuery(m: Buffer): Query | { readonly refuse: number } | undefined {
  if (m.length < headerLength) return undefined;
  const flags = m.readUInt16BE(2);
  if (flags & flag.response) return undefined;
  if ((flags >> 11) & 0x0f) return { refuse: rcode.notimp };
  const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => m.readUInt16BE(at));
  // As CoreDNS accepts: an IXFR has a record there, TSIG and OPT are additional.
  if (questions !== 1 || answers! > 1 || authorities! > 1 || additionals! > 2) return { refuse: rcode.formerr };
  try {
    const [name, at] = readName(m, headerLength);
    const type = m.readUInt16BE(at);
    const query = {
      id: m.readUInt16BE(0),
      flags,
      name,
      type: typeNames[type] ?? `TYPE${type}`,
      class: m.readUInt16BE(at + 2),
      question: m.subarray(headerLength, at + 4),
    };
    let edns: Query['edns'];
    for (const r of records(m, at + 4, answers! + authorities! + additionals!))
      if (r.type === optType)
        edns = {
          size: m.readUInt16BE(r.ttlAt - 2),
          version: m[r.ttlAt + 1]!,
          dnssec: (m[r.ttlAt + 2]! & 0x80) !== 0,
        };
    return { ...query, edns };
  } catch {
    return { refuse: rcode.formerr };
  }
}

/** Reads the name at `at`; returns it and where what follows begins. Throws on what is none. */
function readName(m: Buffer, start: number): readonly [string, number] {
  const labels: string[] = [];
  let [at, after, length] = [start, 0, 0];
  for (;;) {
    const n = m.readUInt8(at);
    if (n === 0) return [labels.join('.'), after || at + 1];
    if ((n & 0xc0) === 0xc0) {
      const to = m.readUInt16BE(at) & 0x3fff;
      after ||= at + 2;
      // Backwards only: no loops.
      if (to >= at) throw new RangeError('a pointer forward');
      at = to;
      continue;
    }
    length += n + 1;
    if (n & 0xc0 || length > 254 || at + 1 + n > m.length) throw new RangeError('not a name');
    labels.push(labelText(m.subarray(at + 1, at + 1 + n)));
    at += n + 1;
  }
}

const odd = /[^!-~]|[.\\]/;
const labelText = (label: Buffer): string => {
  const text = label.toString('latin1');
  if (!odd.test(text)) return text;
  return text.replace(/[^!-~]|[.\\]/g, (c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`);
};

interface RecordPlace {
  readonly type: number;
  readonly ttlAt: number;
  readonly dataAt: number;
  readonly end: number;
}

/** The places of `count` records from `start`. Throws when the message ends before them. */
function records(m: Buffer, start: number, count: number): readonly RecordPlace[] {
  const found: RecordPlace[] = [];
  let at = start;
  for (let i = 0; i < count; i++) {
    const [, after] = readName(m, at);
    const end = after + 10 + m.readUInt16BE(after + 8);
    if (end > m.length) throw new RangeError('a record beyond the end');
    found.push({ type: m.readUInt16BE(after), ttlAt: after + 4, dataAt: after + 10, end });
    at = end;
  }
  return found;
}

export interface AnswerShape {
  readonly rcode: number;
  readonly truncated: boolean;
  readonly answers: number;
  /** Where the times to live are (not OPT's), and the least of them in seconds. */
  readonly ttlsAt: readonly number[];
  readonly leastTtl: number;
  /** Minimum of the SOA that came with an answer of nothing. */
  readonly negativeTtl: number | undefined;
  readonly questionLength: number;
}

/** What a cache must know of somebody's answer; undefined when it cannot be read. */
export function readAnswer(m: Buffer): AnswerShape | undefined {
  try {
    const flags = m.readUInt16BE(2);
    const [questions, answers, authorities, additionals] = [4, 6, 8, 10].map((at) => m.readUInt16BE(at));
    if (!(flags & flag.response) || questions !== 1) return undefined;
    const [, at] = readName(m, headerLength);
    const places = records(m, at + 4, answers! + authorities! + additionals!);
    const timed = places.filter((r) => r.type !== optType);
    const soa = places.slice(answers!, answers! + authorities!).find((r) => r.type === typeNumbers.get('SOA'));
    const ttl = (r: RecordPlace) => m.readUInt32BE(r.ttlAt);
    return {
      rcode: flags & 0x0f,
      truncated: (flags & flag.truncated) !== 0,
      answers: answers!,
      ttlsAt: timed.map((r) => r.ttlAt),
      leastTtl: Math.min(...timed.map(ttl)),
      negativeTtl: soa && Math.min(ttl(soa), m.readUInt32BE(soa.end - 4)),
      questionLength: at + 4 - headerLength,
    };
  } catch {
    return undefined;
  }
}

/** The addresses and aliases an answer holds, for following a name. */
export function readAddresses(m: Buffer): readonly DnsData[] {
  try {
    const [, at] = readName(m, headerLength);
    const found: DnsData[] = [];
    let owner = at + 4;
    for (const r of records(m, owner, m.readUInt16BE(6))) {
      const [name] = readName(m, owner);
      const [type, ttl] = [typeNames[r.type], m.readUInt32BE(r.ttlAt)];
      if (type === 'A' && r.end - r.dataAt === 4)
        found.push({ type, name, ttl, data: [...m.subarray(r.dataAt, r.end)].join('.') });
      else if (type === 'AAAA' && r.end - r.dataAt === 16)
        found.push({ type, name, ttl, data: m.subarray(r.dataAt, r.end).toString('hex').match(/.{4}/g)!.join(':') });
      else if (type === 'CNAME') found.push({ type, name, ttl, data: readName(m, r.dataAt)[0] });
      owner = r.end;
    }
    return found;
  } catch {
    return [];
  }
}

export interface Reply {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly DnsData[];
  readonly authorities: readonly DnsData[];
  readonly additionals: readonly DnsData[];
}

const plainReply = (code: number): Reply => ({
  rcode: code,
  authoritative: false,
  answers: [],
  authorities: [],
  additionals: [],
});

/**
 * The answer in at most `limit` octets: without additional records where they do not fit, and where the answers do not, with as many
 * as fit and the mark that some are missing, so that the client asks again over TCP.
 */
export function encodeReply(q: Query, r: Reply, limit: number): Buffer {
  const whole = build(q, r, false);
  if (whole.length <= limit) return whole;
  const lean = build(q, { ...r, additionals: [] }, false);
  if (lean.length <= limit) return lean;
  let [fits, tooMany] = [0, r.answers.length];
  const cut = (n: number) => build(q, { ...r, answers: r.answers.slice(0, n), authorities: [], additionals: [] }, true);
  while (tooMany - fits > 1) {
    const n = (fits + tooMany) >> 1;
    if (cut(n).length <= limit) fits = n;
    else tooMany = n;
  }
  return cut(fits);
}

/** A code, and the question again. */
export const encodeCode = (q: Query, code: number): Buffer => build(q, plainReply(code), false);

/** A code for what has no question that could be read: the header alone. */
export function encodeBareCode(query: Buffer, code: number): Buffer {
  const out = Buffer.alloc(headerLength);
  out.writeUInt16BE(query.readUInt16BE(0), 0);
  out.writeUInt16BE((query.readUInt16BE(2) & 0x7900) | flag.response | code, 2);
  return out;
}

/** How much of `q`'s kind may be sent over UDP. */
export const udpLimit = (q: Query): number => (q.edns ? Math.max(512, q.edns.size) : 512);

/** A question of our own. */
export function encodeQuery(id: number, name: string, type: string): Buffer {
  const w = new Writer();
  for (const n of [id, flag.recursionDesired, 1, 0, 0, 0]) w.u16(n);
  w.name(name, false);
  w.u16(typeNumbers.get(type) ?? 1);
  w.u16(1);
  return w.bytes();
}

function build(q: Query, r: Reply, truncated: boolean): Buffer {
  const w = new Writer();
  w.u16(q.id);
  w.u16(
    flag.response |
      flag.recursionAvailable |
      (r.authoritative ? flag.authoritative : 0) |
      (truncated ? flag.truncated : 0) |
      (q.flags & (flag.recursionDesired | flag.checkingDisabled)) |
      (r.rcode & 0x0f),
  );
  w.u16(1);
  w.u16(r.answers.length);
  w.u16(r.authorities.length);
  w.u16(r.additionals.length + (q.edns ? 1 : 0));
  w.question(q.question, q.name);
  for (const list of [r.answers, r.authorities, r.additionals]) for (const record of list) w.record(record);
  if (q.edns) {
    w.u8(0);
    w.u16(optType);
    w.u16(ownPayload);
    w.u8(r.rcode >> 4);
    w.u8(0);
    w.u16(q.edns.dnssec ? 0x8000 : 0);
    w.u16(0);
  }
  return w.bytes();
}

/** Writes a message; a name that ends as one before it is a pointer to that (RFC 1035 4.1.4). */
class Writer {
  #out = Buffer.allocUnsafe(512);
  #at = 0;
  readonly #places = new Map<string, number>();
  bytes(): Buffer {
    return this.#out.subarray(0, this.#at);
  }
  #room(n: number): void {
    if (this.#at + n <= this.#out.length) return;
    const more = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#at + n));
    this.#out.copy(more, 0, 0, this.#at);
    this.#out = more;
  }
  u8(n: number): void {
    this.#room(1);
    this.#at = this.#out.writeUInt8(n, this.#at);
  }
  u16(n: number): void {
    this.#room(2);
    this.#at = this.#out.writeUInt16BE(n, this.#at);
  }
  u32(n: number): void {
    this.#room(4);
    this.#at = this.#out.writeUInt32BE(n >>> 0, this.#at);
  }
  raw(b: Buffer): void {
    this.#room(b.length);
    this.#at += b.copy(this.#out, this.#at);
  }
  question(bytes: Buffer, name: string): void {
    const from = this.#at;
    let [rest, at] = [name, 0];
    while (rest) {
      this.#places.set(rest, from + at);
      at += bytes[at]! + 1;
      rest = afterLabel(rest);
    }
    this.raw(bytes);
  }
  name(name: string, compress: boolean): void {
    let rest = name.replace(/\.$/, '');
    while (rest) {
      const place = this.#places.get(rest);
      if (place !== undefined && compress) {
        this.u16(0xc000 | place);
        return;
      }
      if (place === undefined && this.#at < 0x4000) this.#places.set(rest, this.#at);
      this.#label(rest);
      rest = afterLabel(rest);
    }
    this.u8(0);
  }
  /** The first label of a name. */
  #label(name: string): void {
    const dot = name.indexOf('.');
    const text = unescaped(dot < 0 ? name : name.slice(0, dot));
    this.u8(text.length);
    this.#room(text.length);
    this.#at += this.#out.write(text, this.#at, 'latin1');
  }
  record(r: DnsData): void {
    this.name(r.name, true);
    this.u16(typeNumbers.get(r.type)!);
    this.u16(1);
    this.u32(r.ttl);
    this.u16(0);
    const from = this.#at;
    this.#data(r);
    this.#out.writeUInt16BE(this.#at - from, from - 2);
  }
  #data(r: DnsData): void {
    switch (r.type) {
      case 'A':
        for (const part of r.data.split('.')) this.u8(Number(part));
        return;
      case 'AAAA':
        for (const group of groups(r.data)) this.u16(group);
        return;
      case 'CNAME':
      case 'PTR':
      case 'NS':
        this.name(r.data, true);
        return;
      case 'TXT': {
        const text = Buffer.from(r.data);
        this.u8(text.length);
        this.raw(text);
        return;
      }
      case 'SRV':
        this.u16(r.data.priority);
        this.u16(r.data.weight);
        this.u16(r.data.port);
        // RFC 2782: not compressed.
        this.name(r.data.target, false);
        return;
      case 'SOA':
        this.name(r.data.mname, true);
        this.name(r.data.rname, true);
        for (const n of [r.data.serial, r.data.refresh, r.data.retry, r.data.expire, r.data.minimum]) this.u32(n);
        return;
      default:
        r satisfies never;
    }
  }
}

/** What follows the first label of a name. */
const afterLabel = (name: string): string => {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
};

const unescaped = (label: string): string =>
  label.includes('\\') ? label.replace(/\\(\d{3})/g, (_, n: string) => String.fromCharCode(Number(n))) : label;

/** The eight groups of an IPv6 address. */
function groups(ip: string): readonly number[] {
  const [head = '', tail] = ip.split('::');
  const parse = (s: string) => (s ? s.split(':').map((g) => Number.parseInt(g, 16)) : []);
  const [front, back] = [parse(head), parse(tail ?? '')];
  return [...front, ...Array<number>(Math.max(0, 8 - front.length - back.length)).fill(0), ...back];
}
