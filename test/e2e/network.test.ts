import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, importBusybox, newCluster, run, skip } from './cluster.ts';

const c = newCluster();
after(() => (skip ? undefined : c.destroy()));

const server = (name: string, port = 8080, extra = '') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: web, pod: ${name}}}
spec:
  hostname: ${name}
  subdomain: peers
  terminationGracePeriodSeconds: 1
  containers:
  - name: c
    image: localhost/busybox:1
    # Answers its own name and the address the client came from.
    command: [sh, -c, "mkdir -p /www/cgi-bin; printf '#!/bin/sh\\\\necho; echo $(hostname) $REMOTE_ADDR\\\\n' > /www/cgi-bin/who; chmod +x /www/cgi-bin/who; exec httpd -f -p ${port} -h /www"]
    ports: [{name: http, containerPort: ${port}${extra}}]
    readinessProbe: {tcpSocket: {port: http}, periodSeconds: 1}
---`;
const service = (name: string, spec: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {${spec}, ports: [{name: http, port: 80, targetPort: http}]}
---`;

const inPod = async (pod: string, script: string) => (await c.kubectl('exec', pod, '--', 'sh', '-c', script)).trim();
const who = (pod: string, host: string) => inPod(pod, `timeout 5 wget -qO- http://${host}/cgi-bin/who`);
const ipOf = async (pod: string) => (await c.kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.podIP}')).trim();
const serviceField = async (name: string, path: string) =>
  (await c.kubectl('get', 'service', name, '-o', `jsonpath={${path}}`)).trim();
let nodeIP = '';

before(async () => {
  if (skip) return;
  await c.up();
  await importBusybox(c);
  await eventually(
    'the default service account',
    10,
    async () => (await c.tryKubectl(['get', 'sa', 'default'])).code === 0,
  );
  await c.apply(
    [
      server('a', 8080, ', hostPort: 18888'),
      server('b'),
      service('web', 'selector: {app: web}'),
      service('sticky', 'selector: {app: web}, sessionAffinity: ClientIP'),
      service('node', 'selector: {pod: a}, type: NodePort'),
      service('own', 'selector: {pod: a}'),
      service('peers', 'selector: {app: web}, clusterIP: None'),
      service('empty', 'selector: {app: nobody}'),
      'apiVersion: v1\nkind: Service\nmetadata: {name: outside}\nspec: {type: ExternalName, externalName: web.default.svc.cluster.local}\n',
    ].join('\n'),
  );
  await c.kubectl('wait', 'pod/a', 'pod/b', '--for=condition=Ready', '--timeout=30s');
  nodeIP = await c.kubectl(
    'get',
    'nodes',
    '-o',
    'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
  );
});

test('services, from pods, from the node and from outside', { skip, timeout: 120_000 }, async (t) => {
  await t.test('a ClusterIP spreads over the pods, and they see who asks', async () => {
    const [a, b] = [await ipOf('a'), await ipOf('b')];
    const seen = new Set<string>();
    await eventually('both answer', 20, async () => {
      const [name, from] = (await who('a', 'web')).split(' ');
      // A pod that reaches itself through the service is masqueraded (hairpin); others keep their address.
      assert.ok(name === 'a' ? from !== '' : from === `[::ffff:${a}]`, `${name} saw ${from}`);
      seen.add(name!);
      return seen.size === 2;
    });
    assert.notEqual(a, b);
  });
  await t.test('a pod reaches itself through its own service', async () => assert.match(await who('a', 'own'), /^a /));
  await t.test('the node reaches a ClusterIP', async () => {
    const ip = await serviceField('own', '.spec.clusterIP');
    assert.match((await run('curl', ['-s', '-m', '5', `http://${ip}/cgi-bin/who`])).stdout, /^a /);
  });
  await t.test('a NodePort answers on the node', async () => {
    const port = await serviceField('node', '.spec.ports[0].nodePort');
    assert.match((await run('curl', ['-s', '-m', '5', `http://${nodeIP}:${port}/cgi-bin/who`])).stdout, /^a /);
  });
  await t.test('a hostPort answers on the node, on 127.0.0.1 and to the pod itself', async () => {
    for (const host of [nodeIP, '127.0.0.1'])
      assert.match((await run('curl', ['-s', '-m', '5', `http://${host}:18888/cgi-bin/who`])).stdout, /^a /, host);
    assert.match(await who('a', `${nodeIP}:18888`), /^a /);
    assert.match(await who('b', `${nodeIP}:18888`), /^a /);
  });
  await t.test('session affinity keeps a client with its pod', async () => {
    const names = new Set<string>();
    for (let i = 0; i < 12; i++) names.add((await who('b', 'sticky')).split(' ')[0]!);
    assert.equal(names.size, 1);
  });
  await t.test('a service without endpoints refuses at once', async () => {
    const began = performance.now();
    const r = await c.tryKubectl(['exec', 'a', '--', 'timeout', '5', 'wget', '-qO-', 'http://empty/']);
    assert.notEqual(r.code, 0);
    assert.match(r.stderr, /refused/);
    assert.ok(performance.now() - began < 4_000);
  });
  await t.test('a pod cannot reach what listens on the node loopback', async () => {
    const r = await c.tryKubectl([
      'exec',
      'a',
      '--',
      'sh',
      '-c',
      'timeout 3 wget -qO- http://10.244.0.1:10250/healthz',
    ]);
    assert.notEqual(r.code, 0);
  });
});

test('DNS, from pods', { skip, timeout: 60_000 }, async (t) => {
  const lookup = async (name: string) =>
    [...(await inPod('a', `nslookup ${name} || true`)).matchAll(/^Address(?: \d+)?:\s+(\d+\.\d+\.\d+\.\d+)$/gm)]
      .map((m) => m[1])
      .sort();
  await t.test('a service by its full and its short name', async () => {
    const ip = await serviceField('web', '.spec.clusterIP');
    assert.deepEqual(await lookup('web.default.svc.cluster.local'), [ip]);
    assert.match(await who('a', 'web.default'), /^[ab] /);
  });
  await t.test('a headless service is its pods, each with a name of its own', async () => {
    const [a, b] = [await ipOf('a'), await ipOf('b')];
    assert.deepEqual(await lookup('peers.default.svc.cluster.local'), [a, b].sort());
    assert.deepEqual(await lookup('b.peers.default.svc.cluster.local'), [b]);
    assert.match(await who('a', 'b.peers:8080'), /^b /);
  });
  await t.test('a pod by its address, and an ExternalName', async () => {
    const a = await ipOf('a');
    assert.deepEqual(await lookup(`${a.replaceAll('.', '-')}.default.pod.cluster.local`), [a]);
    assert.match(await who('a', 'outside'), /^[ab] /);
  });
  await t.test('a pod that is gone leaves the service and the name', async () => {
    await c.kubectl('delete', 'pod', 'b', '--now');
    const a = await ipOf('a');
    await eventually('only a is left', 10, async () => (await lookup('peers.default.svc.cluster.local')).join() === a);
    for (let i = 0; i < 5; i++) assert.match(await who('a', 'web'), /^a /);
  });
});
