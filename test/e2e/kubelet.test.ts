/** The kubelet on a real containerd: pods live, answer, are watched over, survive a restart of the kubelet, and leave nothing. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { after, before, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import WebSocket from 'ws';
import { ConfigMaps, Pods, Secrets } from '../../src/api/core/v1/resources.ts';
import type { Node, Pod } from '../../src/api/core/v1/types.ts';
import { realClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { createCa, signLeaf } from '../../src/base/pki/index.ts';
import type { Running } from '../../src/base/running.ts';
import { connectContainerRuntime, startKubelet } from '../../src/kubelet/index.ts';
import { SpdyConnection, type SpdyStream } from '../../src/kubelet/server/spdy-connection.ts';
import { ScriptedApi } from './kubelet-api.ts';
import { type Lab, labPossible, startLab } from './kubelet-lab.ts';

const skip = labPossible ? false : 'needs root, containerd and busybox';
const port = 20250;
let lab: Lab;
let api: ScriptedApi;
let kubelet: { stop: AbortController; running: Running };
let pki: { ca: string; server: { cert: string; key: string }; client: { cert: string; key: string } };

async function start(): Promise<typeof kubelet> {
  const stop = new AbortController();
  const lines: string[] = [];
  const running = await startKubelet(
    {
      client: api.client,
      informers: api.informers,
      recorder: api.recorder,
      nodeName: 'n1',
      nodeIPs: ['10.233.77.1'],
      criSocket: lab.socket,
      rootDir: `${lab.root}/kubelet`,
      podLogsDir: `${lab.root}/pods`,
      containerLogsDir: `${lab.root}/containers`,
      staticPodPath: `${lab.root}/manifests`,
      cgroupRoot: lab.cgroupRoot,
      clusterDNS: ['10.96.0.10'],
      server: { port, address: '127.0.0.1', cert: pki.server.cert, key: pki.server.key, clientCA: pki.ca },
      clock: realClock,
      log: createLogger({
        level: process.env['KUBELET_LOG'] ? 'debug' : 'error',
        ...(process.env['KUBELET_LOG'] ? {} : { write: (l) => void lines.push(l) }),
      }),
      random: Math.random,
    },
    stop.signal,
  );
  return { stop, running };
}

const until = async <T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 20_000,
): Promise<T> => {
  for (const end = Date.now() + ms; ; ) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end)
      throw new Error(`timed out: ${what}; events: ${JSON.stringify(api.events.slice(-6), null, 1)}`);
    await new Promise((r) => setTimeout(r, 20));
  }
};
const busybox = (name: string, script: string, more: object = {}) => ({
  name,
  image: 'localhost/busybox:1',
  imagePullPolicy: 'IfNotPresent',
  command: ['sh', '-c', script],
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  resources: {},
  ...more,
});
const put = (name: string, spec: object, metadata: object = {}): void => {
  api.put(Pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, ...metadata },
    spec: {
      nodeName: 'n1',
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: true,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      ...spec,
    },
    status: { phase: 'Pending' },
  });
};
const pod = (name: string): Pod => api.get<Pod>('pods', 'default', name)!;
const ready = (name: string) =>
  until(`${name} ready`, () => pod(name)?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
const remove = async (name: string): Promise<void> => {
  api.remove(Pods, 'default', name, 1);
  await until(`${name} gone`, () => !pod(name));
};
const get = (path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const req = request(
      { host: '127.0.0.1', port, path, cert: pki.client.cert, key: pki.client.key, ca: pki.ca, agent: false },
      (res) => {
        let body = '';
        res.on('data', (d) => (body += d));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, body }));
      },
    );
    req.on('error', reject);
    req.end();
  });

before(async () => {
  if (skip) return;
  lab = await startLab();
  api = new ScriptedApi();
  const now = Date.now();
  const life = { notBefore: now - 60_000, notAfter: now + 3600_000 };
  const ca = await createCa({ commonName: 'lab', ...life });
  const server = await signLeaf(ca, {
    commonName: 'system:node:n1',
    organizations: ['system:nodes'],
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
    usages: ['server'],
    ...life,
  });
  const client = await signLeaf(ca, {
    commonName: 'kube-apiserver-kubelet-client',
    organizations: ['system:masters'],
    dnsNames: [],
    ipAddresses: [],
    usages: ['client'],
    ...life,
  });
  pki = { ca: ca.cert, server, client };
  kubelet = await start();
});
after(async () => {
  if (skip) return;
  kubelet?.stop.abort();
  await kubelet?.running.stopped;
  await lab?.close();
});

test('the node registers and is ready at once', { skip }, async () => {
  const began = Date.now();
  const node = await until('node', () => {
    const n = api.get<Node>('nodes', undefined, 'n1');
    return n?.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') && n;
  });
  assert.ok(Date.now() - began < 1000);
  assert.equal(node.metadata.labels?.['kubernetes.io/hostname'], 'n1');
  assert.match(node.status.nodeInfo?.containerRuntimeVersion ?? '', /^containerd:\/\/\d/);
  assert.deepEqual(node.status.addresses, [
    { type: 'InternalIP', address: '10.233.77.1' },
    { type: 'Hostname', address: 'n1' },
  ]);
  await until('lease', () => api.get('leases', 'kube-node-lease', 'n1'));
});

test('volumes, environment and DNS are as the pod asks, and follow changes', { skip }, async () => {
  api.put(ConfigMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'default', name: 'cm' },
    data: { a: 'one' },
  });
  api.put(Secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'default', name: 's' },
    type: 'Opaque',
    data: { p: Buffer.from('secret').toString('base64') },
  });
  put(
    'vols',
    {
      volumes: [
        { name: 'cm', configMap: { name: 'cm', defaultMode: 0o644 } },
        { name: 'mem', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
        {
          name: 'all',
          projected: {
            defaultMode: 0o644,
            sources: [
              { secret: { name: 's' } },
              { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
              { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
            ],
          },
        },
      ],
      containers: [
        busybox(
          'c',
          'echo $GREETING $POD_IP $LIMIT; cat /all/p /all/labels /sub/a; head -c 6 /all/token; echo; df -k /mem | tail -1; cat /etc/resolv.conf; while :; do cat /cm/a; echo; sleep 0.2; done',
          {
            env: [
              { name: 'WHO', value: 'world' },
              { name: 'GREETING', value: 'hello-$(WHO)' },
              { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
              { name: 'LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
            ],
            resources: { limits: { memory: '64Mi', cpu: '500m' } },
            volumeMounts: [
              { name: 'cm', mountPath: '/cm' },
              { name: 'cm', mountPath: '/sub/a', subPath: 'a' },
              { name: 'mem', mountPath: '/mem' },
              { name: 'all', mountPath: '/all', readOnly: true },
            ],
          },
        ),
      ],
    },
    { labels: { app: 'x' } },
  );
  await ready('vols');
  const ip = pod('vols').status.podIP;
  const logs = await until('logs', async () => {
    const r = await get('/containerLogs/default/vols/c');
    return r.body.includes('one\n') || r.body.includes('oneone') ? r.body : undefined;
  });
  assert.match(logs, new RegExp(`^hello-world ${ip} 64\n`));
  assert.match(logs, /secretapp="x"onetoken-/);
  assert.match(logs, /\s1024\s.*\/mem/);
  assert.match(logs, /search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local/);
  assert.match(logs, /nameserver 10\.96\.0\.10/);
  assert.equal(pod('vols').status.qosClass, 'Guaranteed');
  api.put(ConfigMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'default', name: 'cm' },
    data: { a: 'two' },
  });
  await until('update seen', async () => (await get('/containerLogs/default/vols/c?tailLines=1')).body.includes('two'));
  await remove('vols');
});

test('init containers run in order, sidecars stay, and the pod completes', { skip }, async () => {
  put('batch', {
    restartPolicy: 'Never',
    volumes: [{ name: 'd', emptyDir: {} }],
    initContainers: [
      busybox('first', 'echo 1 >> /d/order', { volumeMounts: [{ name: 'd', mountPath: '/d' }] }),
      busybox('side', 'trap "exit 0" TERM; echo side >> /d/order; touch /d/up; while :; do sleep 0.1; done', {
        restartPolicy: 'Always',
        startupProbe: {
          exec: { command: ['test', '-e', '/d/up'] },
          periodSeconds: 1,
          failureThreshold: 30,
          timeoutSeconds: 1,
          successThreshold: 1,
        },
        volumeMounts: [{ name: 'd', mountPath: '/d' }],
      }),
      busybox('second', 'echo 2 >> /d/order', { volumeMounts: [{ name: 'd', mountPath: '/d' }] }),
    ],
    containers: [
      busybox('main', 'cat /d/order; echo bye > /dev/termination-log', {
        volumeMounts: [{ name: 'd', mountPath: '/d' }],
      }),
    ],
  });
  const done = await until('completion', () => pod('batch')?.status.phase === 'Succeeded' && pod('batch'));
  assert.equal(done.status.containerStatuses?.[0]?.state.terminated?.message, 'bye\n');
  assert.equal(done.status.containerStatuses?.[0]?.state.terminated?.reason, 'Completed');
  assert.equal(done.status.conditions?.find((c) => c.type === 'Ready')?.reason, 'PodCompleted');
  assert.equal((await get('/containerLogs/default/batch/main')).body, '1\nside\n2\n');
  await until(
    'sidecar ended',
    () => pod('batch').status.initContainerStatuses?.find((s) => s.name === 'side')?.state.terminated,
  );
  await remove('batch');
});

test('a failing container backs off, a failing liveness probe restarts', { skip }, async () => {
  put('crash', { containers: [busybox('c', 'exit 3')] });
  const waiting = await until(
    'back-off',
    () => pod('crash')?.status.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff' && pod('crash'),
  );
  const c = waiting.status.containerStatuses![0]!;
  assert.match(c.state.waiting!.message!, /^back-off 10s restarting failed container=c pod=crash_default\(.*\)$/);
  assert.equal(c.lastState.terminated?.exitCode, 3);
  assert.equal(c.restartCount, 1);
  assert.equal(waiting.status.phase, 'Running');
  await remove('crash');

  put('live', {
    containers: [
      busybox('c', 'touch /ok; sleep 1; rm /ok; exec sleep 1000', {
        livenessProbe: {
          exec: { command: ['cat', '/ok'] },
          periodSeconds: 1,
          failureThreshold: 1,
          timeoutSeconds: 1,
          successThreshold: 1,
        },
      }),
    ],
  });
  await until('restart', () => pod('live')?.status.containerStatuses?.[0]?.restartCount === 1);
  const texts = api.events.filter((e) => e.name === 'live').map((e) => `${e.reason}: ${e.message}`);
  assert.ok(
    texts.some((t) => t.startsWith("Unhealthy: Liveness probe failed: cat: can't open '/ok'")),
    texts.join('\n'),
  );
  assert.ok(texts.includes('Killing: Container c failed liveness probe, will be restarted'));
  await remove('live');
});

test('what cannot start says why', { skip }, async () => {
  put('noimage', { containers: [busybox('c', '', { image: 'localhost/none:1', imagePullPolicy: 'Never' })] });
  put('noconfig', {
    containers: [
      busybox('c', '', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'missing', key: 'k' } } }] }),
    ],
  });
  put('noroot', { securityContext: { runAsNonRoot: true }, containers: [busybox('c', '')] });
  put('nocommand', { containers: [{ ...busybox('c', ''), command: ['/nope'] }] });
  const reason = (name: string) => pod(name)?.status.containerStatuses?.[0]?.state.waiting;
  const wait = (name: string, r: string) => until(r, () => reason(name)?.reason === r && reason(name));
  assert.equal(
    (await wait('noimage', 'ErrImageNeverPull')).message,
    'Container image "localhost/none:1" is not present with pull policy of Never',
  );
  assert.equal((await wait('noconfig', 'CreateContainerConfigError')).message, 'configmap "missing" not found');
  assert.match(
    (await wait('noroot', 'CreateContainerConfigError')).message!,
    /^container has runAsNonRoot and image will run as root \(pod: "noroot_default/,
  );
  await until('RunContainerError', () => /RunContainerError|CrashLoopBackOff/.test(reason('nocommand')?.reason ?? ''));
  for (const name of ['noimage', 'noconfig', 'noroot', 'nocommand']) await remove(name);
});

test('the server answers those it knows: exec and port-forward over websockets and SPDY', { skip }, async () => {
  put('srv', {
    containers: [busybox('c', 'mkdir /w; echo page > /w/index.html; exec httpd -f -p 127.0.0.1:8080 -h /w')],
  });
  await ready('srv');
  // v5 websocket: stdin with its end, output, exit code
  const ws = new WebSocket(
    `wss://127.0.0.1:${port}/exec/default/srv/c?command=sh&command=-c&command=${encodeURIComponent('wc -c; echo err >&2; exit 5')}&input=1&output=1&error=1`,
    ['v5.channel.k8s.io'],
    { ca: pki.ca, cert: pki.client.cert, key: pki.client.key },
  );
  const out: Record<number, string> = {};
  ws.on('message', (d: Buffer) => (out[d[0]!] = (out[d[0]!] ?? '') + d.toString('utf8', 1)));
  await new Promise((r) => ws.once('open', r));
  const big = Buffer.alloc(30_000, 97);
  for (let i = 0; i < 40; i++) ws.send(Buffer.concat([Buffer.from([0]), big]));
  ws.send(Buffer.from([255, 0]));
  await new Promise((r) => ws.once('close', r));
  assert.equal(out[1]?.trim(), '1200000');
  assert.equal(out[2], 'err\n');
  assert.deepEqual(JSON.parse(out[3]!).details.causes, [{ reason: 'ExitCode', message: '5' }]);

  const spdy = (path: string, protocol: string) =>
    new Promise<SpdyConnection>((resolve, reject) => {
      const socket = tlsConnect(
        { host: '127.0.0.1', port, ca: pki.ca, cert: pki.client.cert, key: pki.client.key },
        () => {
          socket.write(
            `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
          );
          socket.once('data', (d: Buffer) => {
            const at = d.indexOf('\r\n\r\n') + 4;
            if (!d.toString().startsWith('HTTP/1.1 101')) return reject(new Error(d.toString()));
            resolve(new SpdyConnection(socket, d.subarray(at), { role: 'client' }));
          });
        },
      );
      socket.on('error', reject);
    });
  const text = async (s: SpdyStream) => {
    let all = '';
    for await (const d of s) all += d;
    return all;
  };
  {
    const c = await spdy('/exec/default/srv/c?command=cat&input=1&output=1', 'v4.channel.k8s.io');
    const error = await c.open({ streamtype: 'error' });
    const stdin = await c.open({ streamtype: 'stdin' });
    const stdout = await c.open({ streamtype: 'stdout' });
    await stdout.replied;
    stdin.end('through and through');
    assert.equal(await text(stdout), 'through and through');
    assert.equal(JSON.parse(await text(error)).status, 'Success');
    c.close();
    await c.closed;
  }
  {
    const c = await spdy('/portForward/default/srv', 'portforward.k8s.io');
    for (const requestid of ['0', '1']) {
      const error = await c.open({ streamtype: 'error', port: '8080', requestid });
      error.end();
      const data = await c.open({ streamtype: 'data', port: '8080', requestid });
      data.write('GET / HTTP/1.0\r\n\r\n');
      assert.match(await text(data), /200 OK[\s\S]*page\n$/);
      assert.equal(await text(error), '');
    }
    const error = await c.open({ streamtype: 'error', port: '9', requestid: '2' });
    error.end();
    const data = await c.open({ streamtype: 'data', port: '9', requestid: '2' });
    data.resume();
    assert.match(await text(error), /^error forwarding port 9 to pod srv_default, uid .*connection refused/);
    c.close();
    await c.closed;
  }
  const { status } = await get('/exec/default/srv/c?command=ls');
  assert.equal(status, 400);
  const summary = JSON.parse((await get('/stats/summary')).body);
  assert.ok(summary.pods.find((p: { podRef: { name: string } }) => p.podRef.name === 'srv').memory.workingSetBytes > 0);
  const nobody = await new Promise<number>((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port, path: '/pods', ca: pki.ca, agent: false }, (res) =>
      resolve(res.statusCode ?? 0),
    );
    req.on('error', reject);
    req.end();
  });
  assert.equal(nobody, 401);
  await remove('srv');
});

test('a restart of the kubelet leaves containers alone, and what went meanwhile is cleaned up', { skip }, async () => {
  put('keep', { containers: [busybox('c', 'sleep 1000')] });
  put('lose', { containers: [busybox('c', 'sleep 1000')] });
  await ready('keep');
  await ready('lose');
  const before = pod('keep').status.containerStatuses![0]!;
  kubelet.stop.abort();
  await kubelet.running.stopped;
  api.remove(Pods, 'default', 'lose');
  kubelet = await start();
  await until('status again', () => pod('keep').status.containerStatuses?.[0]?.ready);
  await new Promise((r) => setTimeout(r, 1500));
  const now = pod('keep').status.containerStatuses![0]!;
  assert.equal(now.containerID, before.containerID);
  assert.equal(now.restartCount, 0);
  const runtime = connectContainerRuntime(lab.socket);
  try {
    await until('orphan gone', async () => (await runtime.list()).sandboxes.every((s) => s.metadata.name !== 'lose'));
  } finally {
    runtime.close();
  }
  await remove('keep');
});

test('a static pod runs and is mirrored', { skip }, async () => {
  const file = `${lab.root}/manifests/web.yaml`;
  await writeFile(
    file,
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  terminationGracePeriodSeconds: 1\n  containers:\n  - {name: c, image: "localhost/busybox:1", command: [sleep, "1000"]}\n`,
  );
  await until('mirror running', () => pod('web-n1')?.status.phase === 'Running');
  assert.ok(pod('web-n1').metadata.annotations?.['kubernetes.io/config.mirror']);
  api.remove(Pods, 'default', 'web-n1');
  await until('mirror again', () => pod('web-n1')?.status.phase === 'Running', 40_000);
  const { rm } = await import('node:fs/promises');
  await rm(file);
  await until('mirror gone', () => !pod('web-n1'));
});

test('nothing is left of pods that are gone', { skip }, async () => {
  const runtime = connectContainerRuntime(lab.socket);
  try {
    await until('no containers', async () => {
      const { sandboxes, containers } = await runtime.list();
      return sandboxes.length === 0 && containers.length === 0;
    });
  } finally {
    runtime.close();
  }
  await until('no logs', async () => (await readdir(`${lab.root}/pods`)).length === 0);
  assert.deepEqual(await readdir(`${lab.root}/kubelet/pods`), []);
  assert.deepEqual(await readdir(`${lab.root}/containers`), []);
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  assert.ok(!mounts.includes(`${lab.root}/kubelet/`));
  for (const qos of ['', '/burstable', '/besteffort']) {
    const dirs = await readdir(`/sys/fs/cgroup/memory${lab.cgroupRoot}/kubepods${qos}`).catch(() => [] as string[]);
    assert.deepEqual(
      dirs.filter((d) => d.startsWith('pod')),
      [],
    );
  }
  assert.ok(api.get('nodes', undefined, 'n1'));
});
