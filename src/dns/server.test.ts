import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import packet from 'dns-packet';
import { realClock } from '../base/clock.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { DnsEndpoint, DnsService, DnsView } from './records.ts';
import { createDnsServer, type DnsServer } from './server.ts';
import { createUpstream, framed, nameservers } from './upstream.ts';
import { encodeQuery, type Query, readQuery } from './wire.ts';

const web: DnsService = {
  namespace: 'shop',
  name: 'web',
  clusterIPs: ['10.96.0.20'],
  headless: false,
  externalName: undefined,
  ports: [],
};
const many: DnsService = { ...web, name: 'many', clusterIPs: [], headless: true };
const out: DnsService = { ...web, name: 'out', clusterIPs: [], externalName: 'example.test' };
const endpoints: DnsEndpoint[] = Array.from({ length: 200 }, (_, i) => ({
  address: `10.244.0.${i + 1}`,
  hostname: `h${i}`,
  ports: [],
}));
const view: DnsView = {
  namespaceExists: (n) => n === 'shop',
  service: (ns, n) => (ns === 'shop' ? [web, many, out].find((s) => s.name === n) : undefined),
  endpoints: (_, n) => (n === 'many' ? endpoints : []),
  byAddress: () => [],
};

let ready = true;
let asked = 0;
let server: DnsServer;
let other: DnsServer;
before(async () => {
  const common = { host: '127.0.0.1', port: 0, random: () => 0.5, clock: realClock, log: silent };
  // A second server of the zone `test` plays the resolver outside.
  const outside: DnsView = { ...view, namespaceExists: () => true, service: () => undefined };
  other = await createDnsServer({
    ...common,
    domain: 'outside',
    view: outside,
    upstream: { resolve: async (q) => answerOutside(q), busy: false },
  });
  server = await createDnsServer({
    ...common,
    domain: 'cluster.local',
    view,
    ready: () => ready,
    upstream: createUpstream({ servers: () => ['127.0.0.1'], port: other.port, clock: realClock }),
  });
});
after(async () => {
  await server.close();
  await other.close();
});

function answerOutside(q: Buffer): Buffer {
  asked++;
  const { id, questions } = packet.decode(q);
  return packet.encode({
    type: 'response',
    id: id ?? 0,
    questions: questions ?? [],
    answers: [{ type: 'A', name: questions![0]!.name, ttl: 5, data: '192.0.2.7' }],
  });
}

const query = (name: string, type: packet.RecordType, edns?: number): Buffer =>
  packet.encode({
    type: 'query',
    id: 7,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type, name }],
    ...(edns && { additionals: [{ type: 'OPT', name: '.', udpPayloadSize: edns } as packet.Answer] }),
  });

function udp(message: Buffer): Promise<packet.DecodedPacket & { readonly size: number }> {
  return new Promise((resolve) => {
    const s = createSocket('udp4');
    s.on('message', (m) => {
      s.close();
      resolve({ ...packet.decode(m), size: m.length });
    });
    s.send(message, server.port, '127.0.0.1');
  });
}

function tcp(message: Buffer): Promise<packet.DecodedPacket> {
  return new Promise((resolve) => {
    const s = createConnection(server.port, '127.0.0.1', () => s.write(framed(message)));
    let got: Buffer = Buffer.alloc(0);
    s.on('data', (d: Buffer) => {
      got = Buffer.concat([got, d]);
      if (got.length >= 2 && got.length >= 2 + got.readUInt16BE(0)) {
        s.destroy();
        resolve(packet.decode(got.subarray(2)));
      }
    });
  });
}

const texts = (p: packet.DecodedPacket) => (p.answers ?? []).map((a) => ('data' in a ? String(a.data) : ''));

test('a service is answered over UDP, with authority', async () => {
  const a = await udp(query('web.shop.svc.cluster.local', 'A'));
  assert.deepEqual(texts(a), ['10.96.0.20']);
  assert.equal(a.flag_aa, true);
  assert.equal(a.id, 7);
});

test('a missing name is NXDOMAIN with the zone authority', async () => {
  const a = await udp(query('nope.shop.svc.cluster.local', 'A'));
  assert.equal((a as unknown as { rcode: string }).rcode, 'NXDOMAIN');
  assert.equal(a.authorities?.[0]?.type, 'SOA');
});

test('a long answer is cut over UDP, marked, and whole over TCP and with EDNS', async () => {
  const cut = await udp(query('many.shop.svc.cluster.local', 'A'));
  assert.ok(cut.size <= 512 && cut.flag_tc, `${cut.size} octets`);
  // 16 octets each behind the question
  assert.equal(texts(cut).length, 29);
  assert.ok(cut.answers!.every((a) => a.name === 'many.shop.svc.cluster.local'));
  assert.equal(texts(await tcp(query('many.shop.svc.cluster.local', 'A'))).length, 200);
  assert.ok(texts(await udp(query('many.shop.svc.cluster.local', 'A', 4096))).length > 50);
});

test('other names come from upstream, and an ExternalName is followed there', async () => {
  assert.deepEqual(texts(await udp(query('example.test', 'A'))), ['192.0.2.7']);
  assert.deepEqual(texts(await udp(query('out.shop.svc.cluster.local', 'A'))), ['example.test', '192.0.2.7']);
});

const rcodeOf = (p: packet.DecodedPacket) => (p as unknown as { readonly rcode: string }).rcode;
const bytes = (name: string, type: number, more: { flags?: number; class?: number; questions?: number } = {}) => {
  const q = encodeQuery(7, name, 'A');
  q.writeUInt16BE(more.flags ?? 0x0100, 2);
  q.writeUInt16BE(more.questions ?? 1, 4);
  q.writeUInt16BE(type, q.length - 4);
  q.writeUInt16BE(more.class ?? 1, q.length - 2);
  return q;
};
const edns = (version: number) => {
  const q = query('web.shop.svc.cluster.local', 'A', 1232);
  q[q.length - 5] = version;
  return q;
};
const own = 'web.shop.svc.cluster.local';
const codes: readonly [string, Buffer, string][] = [
  ['a zone transfer', bytes('cluster.local', 252), 'REFUSED'],
  ['a zone transfer of another zone', bytes('example.test', 252), 'REFUSED'],
  ['class CH', bytes('version.bind', 16, { class: 3 }), 'REFUSED'],
  ['an update', bytes(own, 1, { flags: 0x2800 }), 'NOTIMP'],
  ['a notification', bytes(own, 1, { flags: 0x2000 }), 'NOTIMP'],
  ['two questions', bytes(own, 1, { questions: 2 }), 'FORMERR'],
  ['no question', bytes(own, 1, { questions: 0 }), 'FORMERR'],
  ['a type nobody knows', bytes(own, 65_280), 'NOERROR'],
];
for (const [name, message, code] of codes)
  test(`refused: ${name}`, async () => {
    const a = await udp(message);
    assert.deepEqual([rcodeOf(a), texts(a), a.id], [code, [], 7]);
  });

test('EDNS: a version nobody knows is BADVERS; without it no OPT comes back', async () => {
  const opt = async (q: Buffer) => (await udp(q)).additionals?.find((r) => r.type === 'OPT');
  assert.equal((await opt(edns(0)))?.udpPayloadSize, 1232);
  const bad = await udp(edns(1));
  const extended = bad.additionals?.map((r) => (r as { readonly extendedRcode?: number }).extendedRcode);
  assert.deepEqual([texts(bad), extended], [[], [1]]);
  assert.equal(await opt(query(own, 'A')), undefined);
});

test('letters come back in the case they were asked in, and odd octets as they were', async () => {
  const asked = 'wEb.SHOP.svc.cLuster.LOCAL';
  const a = await udp(query(asked, 'A'));
  assert.deepEqual([a.questions?.[0]?.name, a.answers?.[0]?.name, texts(a)], [asked, asked, ['10.96.0.20']]);
  const odd = Buffer.concat([
    Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0xff, 0x2e, 0]),
    encodeQuery(0, 'shop.svc.cluster.local', 'A').subarray(12),
  ]);
  const raw = await new Promise<Buffer>((resolve) => {
    const s = createSocket('udp4').on('message', (m) => s.close(() => resolve(m)));
    s.send(odd, server.port, '127.0.0.1');
  });
  assert.equal(raw[3]! & 0x0f, 3);
  assert.deepEqual(raw.subarray(12, odd.length), odd.subarray(12));
});

test('what an authority says of nothing: its SOA, with the zone as asked and a short time to live', async () => {
  const a = await udp(query('web.shop.svc.Cluster.local', 'AAAA'));
  const soa = a.authorities?.[0] as packet.SoaAnswer;
  assert.deepEqual(
    [rcodeOf(a), soa.name, soa.ttl, soa.data.mname, soa.data.minimum],
    ['NOERROR', 'Cluster.local', 30, 'ns.dns.Cluster.local', 30],
  );
});

test('before the lists are in, the zone is SERVFAIL and the rest is answered', async () => {
  ready = false;
  assert.equal(rcodeOf(await udp(query(own, 'A'))), 'SERVFAIL');
  assert.deepEqual(texts(await udp(query('early.test', 'A'))), ['192.0.2.7']);
  ready = true;
});

test('an answer from upstream is kept for its time, under either spelling', async () => {
  await udp(query('kept.test', 'A'));
  const before = asked;
  const again = await udp(query('KEPT.test', 'A'));
  assert.deepEqual([again.questions?.[0]?.name, texts(again), asked - before], ['KEPT.test', ['192.0.2.7'], 0]);
});

test('the cache: times to live run down, failures stay five seconds, cut answers not at all', async () => {
  const clock = new FakeClock();
  const cache = createAnswerCache(clock);
  const q = readQuery(query('a.test', 'A')) as Query;
  const reply = (more: Partial<packet.Packet>) =>
    packet.encode({ type: 'response', id: 1, questions: [{ type: 'A', name: 'a.test' }], ...more });
  const long = reply({ answers: [{ type: 'A', name: 'a.test', ttl: 3600, data: '192.0.2.7' }] });
  cache.put(q, long);
  await clock.advance(12_000);
  const kept = packet.decode(cache.get(q)!);
  assert.deepEqual([kept.id, (kept.answers![0] as packet.StringAnswer).ttl], [7, 18]);
  await clock.advance(18_000);
  assert.equal(cache.get(q), undefined);
  cache.put(q, reply({ flags: 2 }));
  assert.ok(cache.get(q));
  await clock.advance(5_000);
  assert.equal(cache.get(q), undefined);
  for (const no of [reply({ flags: packet.TRUNCATED_RESPONSE }), reply({ flags: 5 }), reply({}), Buffer.from('x')])
    cache.put(q, no);
  assert.equal(cache.get(q), undefined);
  cache.put(
    q,
    reply({
      flags: 3,
      authorities: [
        {
          type: 'SOA',
          name: 'test',
          ttl: 900,
          data: { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 7 },
        },
      ],
    }),
  );
  await clock.advance(6_000);
  assert.ok(cache.get(q));
  await clock.advance(1_000);
  assert.equal(cache.get(q), undefined);
});

test('a resolver that does not answer is left for the next, and asked last for a while', async () => {
  const clock = new FakeClock();
  const heard: string[] = [];
  const dead = createSocket('udp4');
  await new Promise<void>((r) => dead.bind(other.port, '127.0.0.2', r));
  const first = new Promise<void>((r) => dead.on('message', () => r(void heard.push('dead'))));
  const upstream = createUpstream({ servers: () => ['127.0.0.2', '127.0.0.1'], port: other.port, clock });
  const one = upstream.resolve(query('one.test', 'A'), 'udp');
  await first;
  await clock.advance(2_000);
  assert.deepEqual(texts(packet.decode((await one)!)), ['192.0.2.7']);
  assert.deepEqual(texts(packet.decode((await upstream.resolve(query('two.test', 'A'), 'udp'))!)), ['192.0.2.7']);
  assert.deepEqual(heard, ['dead']);
  await new Promise<void>((r) => dead.close(() => r()));
});

test('whatever comes in, what goes out is an answer to it or nothing', () => {
  const real = fc.constantFrom(query(own, 'A'), edns(0), query('_http._tcp.many.shop.svc.cluster.local', 'SRV', 4096));
  const broken = fc
    .tuple(real, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }), fc.nat(90))
    .map(([m, edits, cut]) => {
      const out = Buffer.from(m).subarray(0, Math.max(12, cut));
      for (const [at, to] of edits) if (at < out.length) out[at] = to;
      return out;
    });
  fc.assert(
    fc.property(
      fc.oneof(
        broken,
        fc.uint8Array({ maxLength: 100 }).map((a) => Buffer.from(a)),
      ),
      (m) => {
        const q = readQuery(m);
        assert.ok(q === undefined || 'refuse' in q || q.question.length >= 5);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('garbage is refused and harms nothing', async () => {
  const a = await udp(Buffer.concat([Buffer.from([0, 9, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from([0xc0])]));
  assert.equal((a as unknown as { rcode: string }).rcode, 'FORMERR');
  assert.deepEqual(texts(await udp(query('web.shop.svc.cluster.local', 'A'))), ['10.96.0.20']);
});

test('resolv.conf: at most three resolvers, never ourselves', () => {
  assert.deepEqual(
    nameservers('search x\nnameserver 10.0.0.1\n nameserver 10.96.0.10\nnameserver 1\nnameserver 2\n', ['10.96.0.10']),
    ['10.0.0.1', '1', '2'],
  );
});
