import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRuleBook } from './rule-book.ts';
import type { ServicePort } from './service-ports.ts';

const port = (service: string, more: Partial<ServicePort> = {}): ServicePort => ({
  service,
  portName: '',
  protocol: 'tcp',
  port: 80,
  clusterIP: '10.96.0.1',
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  nodePort: undefined,
  affinitySeconds: undefined,
  cluster: [{ ip: '10.244.0.5', port: 80, local: true }],
  local: [],
  internalLocal: false,
  externalLocal: false,
  anyEndpoints: true,
  serving: ['10.244.0.5:80'],
  ...more,
});
const options = {
  family: 'IPv4',
  clusterCidr: '10.244.0.0/16',
  nodeIPs: ['192.0.2.1'],
  serviceCIDRs: ['10.96.0.0/12'],
} as const;
const of = (rows: readonly ServicePort[]) => (service: string) => rows.filter((r) => r.service === service);

test('what was applied is not written again, what was not is', async () => {
  const book = createRuleBook(options);
  const rows = of([port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })]);
  const whole = await book.rewrite(['a/x', 'a/y'], rows, 0);
  assert.match(whole.script, /delete table ip kube-proxy/);
  assert.match(book.change(['a/x'], rows, 0).script, /add chain/);
  whole.done();
  assert.equal(book.change(['a/x', 'a/y', 'a/nobody'], rows, 0).script, '');
});

test('a change writes the rules of the services named and of no other', async () => {
  const book = createRuleBook(options);
  (await book.rewrite(['a/x', 'a/y'], of([port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })]), 0)).done();
  const more = [...port('a/x').cluster, { ip: '10.244.0.6', port: 80, local: true }];
  const change = book.change(['a/x'], of([port('a/x', { cluster: more })]), 0);
  assert.match(change.script, /a\/x/);
  assert.doesNotMatch(change.script, /a\/y|10\.96\.0\.2/);
  change.done();
  const gone = book.change(['a/x'], of([]), 0);
  assert.match(gone.script, /delete element ip kube-proxy cluster-ips \{ 10\.96\.0\.1 \}/);
});

test('an address that moves from one service to another goes out before it comes in', async () => {
  const book = createRuleBook(options);
  (
    await book.rewrite(
      ['a/x', 'a/y'],
      of([port('a/x', { nodePort: 30080 }), port('a/y', { clusterIP: '10.96.0.2' })]),
      0,
    )
  ).done();
  const { script } = book.change(
    ['a/y', 'a/x'],
    of([port('a/y', { clusterIP: '10.96.0.2', nodePort: 30080 }), port('a/x')]),
    0,
  );
  const lines = script.split('\n').filter((l) => l.includes('element') && l.includes('30080'));
  assert.deepEqual(
    lines.map((l) => l.split(' ')[0]),
    ['delete', 'add'],
  );
});

test('flows are looked at when a UDP port got other endpoints, and whenever the whole table is written', async () => {
  const book = createRuleBook(options);
  const udp = port('a/x', { protocol: 'udp' });
  const whole = await book.rewrite(['a/x'], of([udp, port('a/y')]), 0);
  assert.equal(whole.udp, true);
  whole.done();
  assert.equal(book.change(['a/x'], of([udp]), 0).udp, false);
  assert.equal(book.change(['a/x'], of([{ ...udp, serving: [] }]), 0).udp, true);
  assert.equal(book.change(['a/y'], of([udp]), 0).udp, false);
});

test('a chain that nobody uses any more is emptied at once and deleted a second later, unless it came back', async () => {
  const book = createRuleBook(options);
  (await book.rewrite(['a/x', 'a/y'], of([port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })]), 0)).done();
  const gone = book.change(['a/x', 'a/y'], of([]), 100);
  assert.match(gone.script, /flush chain ip kube-proxy service-\w+-a\/x/);
  assert.doesNotMatch(gone.script, /delete chain/);
  gone.done();
  book.change(['a/y'], of([port('a/y')]), 200).done();
  assert.equal(book.sweep(1_000), '');
  assert.match(book.sweep(1_200), /^delete chain ip kube-proxy service-\w+-a\/x\S+\n$/);
  assert.equal(book.sweep(9_000), '');
});

test('a hairpin connection of two services stays until both are gone', async () => {
  const book = createRuleBook(options);
  const [x, y] = [port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })];
  const whole = await book.rewrite(['a/x', 'a/y'], of([x, y]), 0);
  whole.done();
  const first = book.change(['a/x'], of([y]), 0);
  assert.doesNotMatch(first.script, /hairpin/);
  first.done();
  assert.match(
    book.change(['a/y'], of([]), 0).script,
    /delete element ip kube-proxy hairpin-connections \{ 10\.244\.0\.5 \. 10\.244\.0\.5 \. tcp \. 80 \}/,
  );
});

test('over a table that is there, sets of clients stay and what is left over goes', async () => {
  const book = createRuleBook(options);
  const sticky = port('a/x', { affinitySeconds: 10 });
  const { script } = await book.rewrite(['a/x'], of([sticky]), 0, {
    chains: ['services', 'service-00000000-a/gone'],
    sets: ['cluster-ips', 'affinity-00000000-a/gone'],
  });
  assert.doesNotMatch(script, /delete (table|chain)|delete set ip kube-proxy cluster-ips/);
  assert.match(script, /flush table ip kube-proxy\n/);
  assert.match(script, /delete set ip kube-proxy affinity-00000000-a\/gone/);
});

test('of two services that ask for one address the first has it, until it goes', async () => {
  const book = createRuleBook(options);
  const x = port('a/x', { externalIPs: ['192.0.2.5'] });
  const y = port('a/y', { clusterIP: '10.96.0.2', externalIPs: ['192.0.2.5'] });
  const whole = await book.rewrite(['a/x', 'a/y'], of([x, y]), 0);
  whole.done();
  assert.equal(whole.script.match(/192\.0\.2\.5/g)?.length, 1);
  const change = book.change(['a/x', 'a/y'], of([y]), 0);
  const lines = change.script.split('\n').filter((l) => l.includes('192.0.2.5'));
  assert.deepEqual(
    lines.map((l) => l.split(' ')[0]),
    ['delete', 'add'],
  );
});
