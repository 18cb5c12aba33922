/** What upstream's conformance tests ask of services, endpoints, DNS and the API's proxy, on a real node. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, importBusybox, newCluster, run, skip } from './cluster.ts';
import { importEcho } from './echo-image.ts';

const c = newCluster();
after(() => (skip ? undefined : c.destroy()));

interface Echo {
  readonly pod: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}
const echo = (name: string, args: string, labels: string, more = '', ports = '') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {${labels}}}
spec:
  terminationGracePeriodSeconds: 1
  ${more}
  containers:
  - name: c
    image: localhost/echo:1
    args: [${args}]
    ports: [${ports}]
    readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}
---
`;
const service = (name: string, spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {${spec}}\n---\n`;
const inClient = async (script: string) =>
  (await c.kubectl('exec', 'client', '--', 'sh', '-c', `${script} || true`)).trim();
const field = async (kind: string, name: string, path: string) =>
  (await c.kubectl('get', kind, name, '-o', `jsonpath={${path}}`)).trim();
const ask = async (host: string, path = '/') =>
  JSON.parse(await inClient(`timeout 5 wget -qO- http://${host}${path}`)) as Echo;
const fromNode = async (host: string) =>
  JSON.parse((await run('curl', ['-s', '-m', '5', `http://${host}/`])).stdout) as Echo;
/** `from`: the local port, to ask twice on one flow. */
const udp = async (host: string, port: number, from = 0) =>
  (await c.tryKubectl(['exec', 'asker', '--', '/bin/node', '/echo.cjs', `ask=${host}:${port}:${from}`])).stdout.trim();
/** Which pods answer when asked often. */
async function answering(host: string, times = 24): Promise<readonly string[]> {
  const script = `for i in $(seq ${times}); do timeout 5 wget -qO- http://${host}/; echo; done`;
  const lines = (await inClient(script)).split('\n').filter(Boolean);
  return [...new Set(lines.map((l) => (JSON.parse(l) as Echo).pod))].sort();
}
const patch = (kind: string, name: string, body: object) =>
  c.kubectl('patch', kind, name, '--type=merge', '-p', JSON.stringify(body));
const all = (host: string, pods: readonly string[]) =>
  eventually(`${pods.join()} answer at ${host}`, 20, async () => {
    assert.deepEqual(await answering(host), pods);
    return true;
  });
let nodeIP = '';

before(async () => {
  if (skip) return;
  await c.up();
  await Promise.all([importBusybox(c), importEcho(c)]);
  await c.apply(
    [
      echo('one', '"tcp=80,81", "udp=80"', 'app: echo, pod: one', 'hostname: first\n  subdomain: peers'),
      echo('two', '"tcp=80,81", "udp=80"', 'app: echo, pod: two'),
      echo('asker', '"tcp=80"', 'app: asker'),
      'apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec: {terminationGracePeriodSeconds: 0, containers: [{name: c, image: "localhost/busybox:1", command: [sleep, "9999"]}]}\n---\n',
      service('peers', 'selector: {app: echo}, clusterIP: None, ports: [{name: http, port: 80}]'),
    ].join(''),
  );
  await c.kubectl('wait', 'pod/one', 'pod/two', 'pod/asker', 'pod/client', '--for=condition=Ready', '--timeout=60s');
  nodeIP = await c.kubectl(
    'get',
    'nodes',
    '-o',
    'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}',
  );
});

test('services', { skip, timeout: 240_000 }, async (t) => {
  await t.test('the API is a service: pods reach it with their token, and its certificate is of the name', async () => {
    const slice = JSON.parse(await c.kubectl('get', 'endpointslice', 'kubernetes', '-o', 'json'));
    assert.deepEqual(slice.ports, [{ name: 'https', port: 6443, protocol: 'TCP' }]);
    const ip = await field('service', 'kubernetes', '.spec.clusterIP');
    const ca = `${c.dataDir}/pki/ca.crt`;
    const r = await run('curl', [
      '-s',
      '--cacert',
      ca,
      '--resolve',
      `kubernetes.default.svc:443:${ip}`,
      'https://kubernetes.default.svc/version',
    ]);
    assert.match(r.stdout, /"gitVersion": "v1\.36\./);
  });

  await t.test('several ports, and the same port for two protocols', async () => {
    await c.apply(
      service(
        'multi',
        'selector: {pod: one}, ports: [{name: a, port: 8080, targetPort: 80}, {name: b, port: 8081, targetPort: 81}, {name: u, port: 8080, targetPort: 80, protocol: UDP}]',
      ),
    );
    await eventually('both ports', 10, async () => (await ask('multi:8080')).port === 80);
    assert.equal((await ask('multi:8081')).port, 81);
    assert.equal(await udp('multi', 8080), 'first');
  });

  await t.test('a NodePort serves TCP and UDP, and moves when it is changed', async () => {
    await c.apply(
      service(
        'np',
        'type: NodePort, selector: {app: echo}, ports: [{name: a, port: 80, nodePort: 31111}, {name: u, port: 80, nodePort: 31111, protocol: UDP}]',
      ),
    );
    await eventually('an answer', 10, async () => (await fromNode(`${nodeIP}:31111`)).port === 80);
    await eventually('UDP', 10, async () => ['first', 'two'].includes(await udp(nodeIP, 31111)));
    await c.kubectl(
      'patch',
      'service',
      'np',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/ports/0/nodePort","value":31112}]',
    );
    await eventually('the new port', 10, async () => (await fromNode(`${nodeIP}:31112`)).port === 80);
    assert.notEqual((await run('curl', ['-s', '-m', '2', `http://${nodeIP}:31111/`])).code, 0);
  });

  await t.test('types change: ExternalName, ClusterIP, NodePort and back', async () => {
    await c.apply(service('turn', 'type: ExternalName, externalName: one.example.com'));
    const cname = () => inClient('nslookup -type=cname turn.default.svc.cluster.local | grep canonical');
    assert.match(await cname(), /canonical name = one\.example\.com/);
    await patch('service', 'turn', { spec: { externalName: 'two.example.com' } });
    await eventually('the other name', 10, async () => (await cname()).includes('two.example.com'));
    await patch('service', 'turn', {
      spec: { type: 'ClusterIP', externalName: null, ports: [{ name: 'a', port: 80 }], selector: { app: 'echo' } },
    });
    await all('turn', ['first', 'two']);
    await patch('service', 'turn', { spec: { type: 'NodePort' } });
    const port = await field('service', 'turn', '.spec.ports[0].nodePort');
    await eventually('the node port', 10, async () => (await fromNode(`${nodeIP}:${port}`)).port === 80);
    const was = await field('service', 'turn', '.spec.clusterIP');
    await patch('service', 'turn', {
      spec: { type: 'ExternalName', externalName: 'one.example.com' },
    });
    await eventually('a name again', 10, async () => (await cname()).includes('one.example.com'));
    // whoever answers at that address now, outside of the cluster, is not a pod
    assert.doesNotMatch((await run('curl', ['-s', '-m', '2', `http://${was}/`])).stdout, /"pod"/);
  });

  await t.test('session affinity is switched on and off, for ClusterIP and NodePort', async () => {
    await c.apply(service('stick', 'type: NodePort, selector: {app: echo}, ports: [{port: 80}]'));
    const port = await field('service', 'stick', '.spec.ports[0].nodePort');
    for (const host of ['stick', `${nodeIP}:${port}`]) {
      await patch('service', 'stick', { spec: { sessionAffinity: 'None' } });
      await all(host, ['first', 'two']);
      await patch('service', 'stick', { spec: { sessionAffinity: 'ClientIP' } });
      await eventually('one pod answers', 10, async () => (await answering(host)).length === 1);
      assert.equal((await answering(host)).length, 1);
    }
    assert.equal(await field('service', 'stick', '.spec.sessionAffinityConfig.clientIP.timeoutSeconds'), '10800');
  });

  await t.test('a service without selector goes where its slices say: several, with ports and addresses', async () => {
    const [one, two] = [await field('pod', 'one', '.status.podIP'), await field('pod', 'two', '.status.podIP')];
    const slice = (name: string, ip: string, port: number, portName: string) =>
      `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ${name}, labels: {kubernetes.io/service-name: by-hand}}\naddressType: IPv4\nports: [{name: ${portName}, port: ${port}, protocol: TCP}]\nendpoints: [{addresses: [${ip}]}]\n---\n`;
    await c.apply(
      service('by-hand', 'ports: [{name: a, port: 80}, {name: b, port: 81}]') +
        slice('s1', one, 80, 'a') +
        slice('s2', two, 80, 'a') +
        slice('s3', two, 81, 'b'),
    );
    await all('by-hand', ['first', 'two']);
    assert.deepEqual([(await ask('by-hand:81')).pod, (await ask('by-hand:81')).port], ['two', 81]);
  });

  await t.test('policies: Local stays on the node, and pods that are not ready are published when asked', async () => {
    await c.apply(
      service(
        'local',
        'type: NodePort, selector: {app: echo}, externalTrafficPolicy: Local, internalTrafficPolicy: Local, ports: [{port: 80}]',
      ) + service('unready', 'selector: {app: never}, publishNotReadyAddresses: true, ports: [{port: 80}]'),
    );
    await all('local', ['first', 'two']);
    const port = await field('service', 'local', '.spec.ports[0].nodePort');
    assert.equal((await fromNode(`${nodeIP}:${port}`)).port, 80);
    await c.apply(
      echo('never', '"tcp=80"', 'app: never').replace(
        'readinessProbe: {httpGet: {port: 80}',
        'readinessProbe: {httpGet: {port: 9}',
      ),
    );
    await eventually('an answer of a pod that is not ready', 20, async () => (await ask('unready')).pod === 'never');
    await c.kubectl('delete', 'pod', 'never', '--now');
  });

  await t.test('one hostPort, by address and protocol', async () => {
    const pod = (name: string, ip: string, protocol: string) =>
      echo(
        name,
        protocol === 'UDP' ? '"tcp=80", "udp=80"' : '"tcp=80"',
        'app: host',
        '',
        `{containerPort: 80, hostPort: 31234, hostIP: ${ip}, protocol: ${protocol}}`,
      );
    await c.apply(pod('h1', '127.0.0.1', 'TCP') + pod('h2', nodeIP, 'TCP') + pod('h3', nodeIP, 'UDP'));
    await c.kubectl('wait', 'pod/h1', 'pod/h2', 'pod/h3', '--for=condition=Ready', '--timeout=30s');
    await eventually('each has its own', 10, async () => {
      assert.equal((await fromNode('127.0.0.1:31234')).pod, 'h1');
      assert.equal((await fromNode(`${nodeIP}:31234`)).pod, 'h2');
      assert.equal(await udp(nodeIP, 31234), 'h3');
      return true;
    });
    await c.kubectl('delete', 'pod', 'h1', 'h2', 'h3', '--now');
    await eventually(
      'the ports are free',
      10,
      async () => (await run('curl', ['-s', '-m', '2', `http://${nodeIP}:31234/`])).code !== 0,
    );
  });

  await t.test('UDP goes on to another pod when its own is gone', async () => {
    await c.apply(
      echo('u1', '"tcp=80", "udp=80"', 'app: udp') +
        service('udp', 'selector: {app: udp}, ports: [{port: 80, protocol: UDP}]'),
    );
    await c.kubectl('wait', 'pod/u1', '--for=condition=Ready', '--timeout=30s');
    const same = () => udp('udp', 80, 40404);
    await eventually('the first', 10, async () => (await same()) === 'u1');
    await c.kubectl('delete', 'pod', 'u1', '--now');
    await c.apply(echo('u2', '"tcp=80", "udp=80"', 'app: udp'));
    await c.kubectl('wait', 'pod/u2', '--for=condition=Ready', '--timeout=30s');
    await eventually('the second, on the same flow', 10, async () => (await same()) === 'u2');
  });
});

test('names', { skip, timeout: 60_000 }, async (t) => {
  const lookup = (name: string, type = 'a') => inClient(`nslookup -type=${type} ${name}`);
  await t.test('hostname and subdomain, in DNS and in /etc/hosts', async () => {
    const ip = await field('pod', 'one', '.status.podIP');
    assert.match(await lookup('first.peers.default.svc.cluster.local'), new RegExp(`Address: ${ip}$`));
    const hosts = (await c.kubectl('exec', 'one', '--', '/bin/node', '-p', 'fs.readFileSync("/etc/hosts", "utf8")'))
      .split('\n')
      .find((l) => l.startsWith(ip));
    assert.equal(hosts, `${ip}\tfirst.peers.default.svc.cluster.local\tfirst`);
  });
  await t.test('partial names by the search path; services and pointers', async () => {
    const ip = await field('service', 'multi', '.spec.clusterIP');
    for (const name of ['multi', 'multi.default', 'multi.default.svc'])
      assert.match(
        await inClient(`ping -c 1 -W 1 ${name} | head -1`),
        new RegExp(`\\(${ip.replaceAll('.', '\\.')}\\)`),
      );
    assert.match(
      await lookup('_b._tcp.multi.default.svc.cluster.local', 'srv'),
      /service = 0 100 8081 multi\.default\.svc\.cluster\.local/,
    );
    assert.match(
      await lookup('_http._tcp.peers.default.svc.cluster.local', 'srv'),
      /service = 0 50 80 first\.peers\.default\.svc\.cluster\.local/,
    );
    assert.match(await inClient(`nslookup ${ip}`), /name = multi\.default\.svc\.cluster\.local/);
    assert.match(await lookup('nobody.default.svc.cluster.local'), /NXDOMAIN/);
  });
  await t.test('a pod with a DNS of its own', async () => {
    await c.apply(
      'apiVersion: v1\nkind: Pod\nmetadata: {name: own-dns}\nspec: {terminationGracePeriodSeconds: 0, dnsPolicy: None, dnsConfig: {nameservers: [1.1.1.1], searches: [resolv.conf.local], options: [{name: ndots, value: "2"}]}, containers: [{name: c, image: "localhost/busybox:1", command: [sleep, "9999"]}]}\n',
    );
    await c.kubectl('wait', 'pod/own-dns', '--for=condition=Ready', '--timeout=30s');
    assert.equal(
      await c.kubectl('exec', 'own-dns', '--', 'cat', '/etc/resolv.conf'),
      'search resolv.conf.local\nnameserver 1.1.1.1\noptions ndots:2\n',
    );
  });
});

test("the API server's proxy", { skip, timeout: 60_000 }, async (t) => {
  const server = await c.kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}');
  await c.kubectl('create', 'serviceaccount', 'admin');
  await c.kubectl(
    'create',
    'clusterrolebinding',
    'admin',
    '--clusterrole=cluster-admin',
    '--serviceaccount=default:admin',
  );
  const bearer = (await c.kubectl('create', 'token', 'admin')).trim();
  const curl = (path: string, ...args: string[]) =>
    run('curl', ['-s', '-k', '-m', '10', '-H', `Authorization: Bearer ${bearer}`, ...args, `${server}${path}`]);
  const base = '/api/v1/namespaces/default';
  await t.test('passes every method and path on, to pods and services', async () => {
    for (const target of [
      'pods/one',
      'pods/one:81',
      'pods/http:one:80',
      'services/multi:a',
      'services/multi:b',
      'services/http:multi:8080',
    ])
      for (const method of ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
        const r = await curl(`${base}/${target}/proxy/some/path?x=1`, '-X', method);
        const said = JSON.parse(r.stdout) as Echo;
        assert.deepEqual([said.pod, said.method, said.path], ['first', method, '/some/path?x=1'], target);
      }
    const head = await curl(`${base}/pods/one/proxy/some`, '-I');
    assert.match(head.stdout, /^HTTP\/(2|1\.1) 200/);
    assert.equal((JSON.parse((await curl(`${base}/pods/one/proxy/`, '-d', 'a body')).stdout) as Echo).body, 'a body');
  });
  await t.test('a path without a slash is sent on, and redirects come back as paths of the proxy', async () => {
    const bare = await curl(`${base}/pods/one/proxy`, '-i');
    assert.match(bare.stdout, /^HTTP\/(2|1\.1) 301/);
    assert.match(bare.stdout, new RegExp(`location: ${base}/pods/one/proxy/`, 'i'));
    const moved = await curl(`${base}/services/multi:a/proxy/to/there`, '-i');
    assert.match(moved.stdout, /^HTTP\/(2|1\.1) 302/);
    assert.match(moved.stdout, new RegExp(`location: ${base}/services/multi:a/proxy/there`, 'i'));
  });
  await t.test('what is not there is said', async () => {
    const missing = JSON.parse((await curl(`${base}/services/nope/proxy/`)).stdout);
    assert.equal(missing.message, 'services "nope" not found');
    await c.apply(service('hollow', 'selector: {app: nobody}, ports: [{port: 80}]'));
    const hollow = JSON.parse((await curl(`${base}/services/hollow/proxy/`)).stdout);
    assert.deepEqual(
      [hollow.code, hollow.reason, hollow.message],
      [503, 'ServiceUnavailable', 'no endpoints available for service "hollow"'],
    );
    const port = JSON.parse((await curl(`${base}/services/multi:zzz/proxy/`)).stdout);
    assert.deepEqual([port.code, port.message], [503, 'no endpoints available for service "multi:zzz"']);
    const number = JSON.parse((await curl(`${base}/services/multi:9999/proxy/`)).stdout);
    assert.deepEqual([number.code, number.message], [503, 'no service port 9999 found for service "multi"']);
  });
});
