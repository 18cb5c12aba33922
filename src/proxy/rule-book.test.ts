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
  internal: [{ ip: '10.244.0.5', port: 80, local: true }],
  external: [{ ip: '10.244.0.5', port: 80, local: true }],
  externalLocal: false,
  anyEndpoints: true,
  ...more,
});
const options = { family: 'IPv4', clusterCidr: '10.244.0.0/16' } as const;
const of = (rows: readonly ServicePort[]) => (service: string) => rows.filter((r) => r.service === service);

test('what was applied is not written again, what was not is', async () => {
  const book = createRuleBook(options);
  const rows = of([port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })]);
  const whole = await book.rewrite(['a/x', 'a/y'], rows);
  assert.match(whole.script, /delete table ip kube-proxy/);
  assert.match(book.change(['a/x'], rows).script, /add chain/);
  whole.done();
  assert.equal(book.change(['a/x', 'a/y', 'a/nobody'], rows).script, '');
});

test('a change writes the rules of the services named and of no other', async () => {
  const book = createRuleBook(options);
  (await book.rewrite(['a/x', 'a/y'], of([port('a/x'), port('a/y', { clusterIP: '10.96.0.2' })]))).done();
  const more = [...port('a/x').internal, { ip: '10.244.0.6', port: 80, local: true }];
  const change = book.change(['a/x'], of([port('a/x', { internal: more })]));
  assert.match(change.script, /a\/x/);
  assert.doesNotMatch(change.script, /a\/y|10\.96\.0\.2/);
  change.done();
  const gone = book.change(['a/x'], of([]));
  assert.match(gone.script, /delete element ip kube-proxy cluster-ips \{ 10\.96\.0\.1 \}/);
});

test('an address that moves from one service to another goes out before it comes in', async () => {
  const book = createRuleBook(options);
  (
    await book.rewrite(['a/x', 'a/y'], of([port('a/x', { nodePort: 30080 }), port('a/y', { clusterIP: '10.96.0.2' })]))
  ).done();
  const { script } = book.change(
    ['a/y', 'a/x'],
    of([port('a/y', { clusterIP: '10.96.0.2', nodePort: 30080 }), port('a/x')]),
  );
  const lines = script.split('\n').filter((l) => l.includes('element') && l.includes('30080'));
  assert.deepEqual(
    lines.map((l) => l.split(' ')[0]),
    ['delete', 'add'],
  );
});

test('flows of UDP endpoints that are gone are named, also when the whole table is written', async () => {
  const book = createRuleBook(options);
  const udp = port('a/x', { protocol: 'udp' });
  (await book.rewrite(['a/x'], of([udp]))).done();
  for (const change of [book.change(['a/x'], of([])), await book.rewrite([], of([]))])
    assert.deepEqual(change.stale, [{ protocol: 'udp', ip: '10.96.0.1', port: 80, endpoint: '10.244.0.5' }]);
});

test('of two services that ask for one address the first has it, until it goes', async () => {
  const book = createRuleBook(options);
  const x = port('a/x', { externalIPs: ['192.0.2.1'] });
  const y = port('a/y', { clusterIP: '10.96.0.2', externalIPs: ['192.0.2.1'] });
  const whole = await book.rewrite(['a/x', 'a/y'], of([x, y]));
  whole.done();
  assert.equal(whole.script.match(/192\.0\.2\.1/g)?.length, 1);
  const change = book.change(['a/x', 'a/y'], of([y]));
  const lines = change.script.split('\n').filter((l) => l.includes('192.0.2.1'));
  assert.deepEqual(
    lines.map((l) => l.split(' ')[0]),
    ['delete', 'add'],
  );
});
