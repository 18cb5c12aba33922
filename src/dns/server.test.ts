import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';
import { after, before, test } from 'node:test';
import packet from 'dns-packet';
import { realClock } from '../base/clock.ts';
import { silent } from '../base/log.ts';
import type { DnsEndpoint, DnsService, DnsView } from './records.ts';
import { createDnsServer, type DnsServer } from './server.ts';
import { createUpstream, framed, nameservers } from './upstream.ts';

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
    upstream: { resolve: async (q) => answerOutside(q) },
  });
  server = await createDnsServer({
    ...common,
    domain: 'cluster.local',
    view,
    upstream: createUpstream(() => ['127.0.0.1'], other.port),
  });
});
after(async () => {
  await server.close();
  await other.close();
});

function answerOutside(q: Buffer): Buffer {
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
