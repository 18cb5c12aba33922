/** Where a pod's things come from: registries with and without credentials, volumes of the node and of claims, and probes of every kind. */
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PersistentVolumeClaims, PersistentVolumes, Secrets } from '../../src/api/core/v1/resources.ts';
import { createCa, signLeaf } from '../../src/base/pki/index.ts';
import { type Bench, openBench } from './kubelet-bench.ts';
import { labPossible } from './kubelet-lab.ts';
import { type SmallRegistry, startRegistry } from './small-registry.ts';

const skip = labPossible ? false : 'needs root, containerd and busybox';
let b: Bench;
let registry: SmallRegistry;
let dir = '';

before(async () => {
  if (skip) return;
  b = await openBench(6);
  dir = `${b.lab.root}/node`;
  await mkdir(dir, { recursive: true });
  registry = await startRegistry(`${b.lab.root}/registry`);
});
after(async () => {
  if (skip) return;
  await registry?.close();
  await b?.close();
});
const bare = (image: string, more: object = {}) => ({
  name: 'c',
  image,
  imagePullPolicy: 'IfNotPresent',
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  resources: {},
  ...more,
});

test('an image is pulled from a registry, with the credentials of the pod where it wants some', { skip }, async () => {
  b.put('public', { containers: [bare(`${registry.host}/team/app:1`)] });
  await b.ready('public');
  const pulled = b.events('public').find((e) => e.startsWith('Pulled: '));
  assert.match(
    pulled ?? '',
    /^Pulled: Successfully pulled image "127\.0\.0\.1:\d+\/team\/app:1" in \S+m?s \(\S+m?s including waiting\)\. Image size: \d+ bytes\.$/,
  );
  const status = b.pod('public').status.containerStatuses![0]!;
  assert.equal(status.image, `${registry.host}/team/app:1`);
  assert.match(status.imageID, new RegExp(`^${registry.host}/team/app@sha256:`));

  const auth = Buffer.from('ann:pa:ss').toString('base64');
  b.api.put(Secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'default', name: 'reg' },
    type: 'kubernetes.io/dockerconfigjson',
    data: {
      '.dockerconfigjson': Buffer.from(
        JSON.stringify({ auths: { [`http://${registry.host}/private`]: { auth } } }),
      ).toString('base64'),
    },
  });
  b.put('private', {
    imagePullSecrets: [{ name: 'reg' }, { name: 'absent' }],
    containers: [bare(`${registry.host}/private/app:1`)],
  });
  await b.ready('private');
  assert.ok(
    b
      .events('private')
      .includes(
        'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (absent); attempting to pull the image may not succeed.',
      ),
  );
  await Promise.all([b.remove('public'), b.remove('private')]);
});

test('what cannot be pulled says why, backs off, and is tried again', { skip }, async () => {
  const closed = createServer();
  await new Promise<void>((r) => closed.listen(0, '127.0.0.1', r));
  const { port } = closed.address() as AddressInfo;
  await new Promise((r) => closed.close(r));
  const images = {
    denied: `${registry.host}/private/other:1`,
    missing: `${registry.host}/team/app:2`,
    unreachable: `127.0.0.1:${port}/team/app:1`,
  };
  for (const [name, image] of Object.entries(images)) b.put(name, { containers: [bare(image)] });
  const expected = {
    denied: (image: string) =>
      `failed to pull and unpack image "${image}": failed to resolve reference "${image}": pulling from host ${registry.host} failed with status code [manifests 1]: 401 Unauthorized`,
    missing: (image: string) =>
      `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
    unreachable: (image: string) =>
      `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "http://127.0.0.1:${port}/v2/team/app/manifests/1": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  };
  for (const name of ['denied', 'missing', 'unreachable'] as const) {
    const image = images[name];
    await b.until(`${name} backs off`, () => b.waiting(name)?.reason === 'ImagePullBackOff');
    const why = expected[name](image);
    assert.equal(b.waiting(name)?.message, `Back-off pulling image "${image}": ErrImagePull: ${why}`);
    assert.equal(b.pod(name).status.phase, 'Pending');
    const events = b.events(name);
    for (const e of [
      `Pulling: Pulling image "${image}"`,
      `Failed: Failed to pull image "${image}": ${why}`,
      'Failed: Error: ErrImagePull',
      `BackOff: Back-off pulling image "${image}"`,
      'Failed: Error: ImagePullBackOff',
    ])
      assert.ok(events.includes(e), `${e}\n${events.join('\n')}`);
  }
  assert.ok(
    b.api.events
      .filter((e) => e.name === 'missing' && e.reason !== 'Scheduled')
      .every((e) => e.fieldPath === 'spec.containers{c}'),
  );
  const tries = () => registry.log.filter((l) => l.startsWith('team/app:2 ')).length;
  const before = tries();
  await b.until('another try', () => tries() > before, 15_000);
  await Promise.all(Object.keys(images).map((n) => b.remove(n)));
});

test('hostPath volumes are what their type says, or the pod waits', { skip }, async () => {
  await writeFile(`${dir}/file`, 'here');
  await symlink(`${dir}/file`, `${dir}/link`);
  const socket = createServer();
  await new Promise<void>((r) => socket.listen(`${dir}/socket`, r));
  const good = [
    ['', `${dir}`],
    ['Directory', dir],
    ['DirectoryOrCreate', `${dir}/made/deep`],
    ['File', `${dir}/file`],
    ['File', `${dir}/link`],
    ['FileOrCreate', `${dir}/newfile`],
    ['Socket', `${dir}/socket`],
    ['CharDevice', '/dev/null'],
  ] as const;
  const volumes = (list: readonly (readonly [string, string])[]) =>
    list.map(([type, path], i) => ({ name: `v${i}`, hostPath: { path, type } }));
  b.put('paths', {
    volumes: volumes(good),
    containers: [
      b.busybox('c', 'cat /v3; cat /v4; [ -d /v2 ] && [ -S /v6 ] && [ -c /v7 ] && echo written > /v5; sleep 1000', {
        volumeMounts: good.map((_, i) => ({ name: `v${i}`, mountPath: `/v${i}` })),
      }),
    ],
  });
  await b.ready('paths');
  await b.until('the file is written', async () => (await readFile(`${dir}/newfile`, 'utf8')) === 'written\n');
  assert.equal((await stat(`${dir}/made/deep`)).mode & 0o777, 0o755);
  assert.equal((await stat(`${dir}/newfile`)).mode & 0o777, 0o644);

  const bad = [
    ['Directory', `${dir}/none`, 'is not a directory'],
    ['Directory', `${dir}/file`, 'is not a directory'],
    ['DirectoryOrCreate', `${dir}/file`, 'is not a directory'],
    ['File', dir, 'is not a file'],
    ['FileOrCreate', dir, 'is not a file'],
    ['Socket', `${dir}/file`, 'is not a socket file'],
    ['CharDevice', `${dir}/file`, 'is not a character device'],
    ['BlockDevice', '/dev/null', 'is not a block device'],
  ] as const;
  b.put('wrong', {
    volumes: [
      ...volumes(bad.map(([t, p]) => [t, p] as const)),
      { name: 'odd', hostPath: { path: `${dir}/no/file`, type: 'FileOrCreate' } },
    ],
    containers: [b.busybox('c', 'sleep 1000')],
  });
  await b.until('it says why', () => b.events('wrong').length >= bad.length + 1);
  for (const [i, [, path, why]] of bad.entries())
    assert.ok(
      b
        .events('wrong')
        .includes(
          `FailedMount: MountVolume.SetUp failed for volume "v${i}" : hostPath type check failed: ${path} ${why}`,
        ),
      `${path} ${why}\n${b.events('wrong').join('\n')}`,
    );
  assert.ok(
    b
      .events('wrong')
      .includes(
        `FailedMount: MountVolume.SetUp failed for volume "odd" : open ${dir}/no/file: no such file or directory`,
      ),
    b.events('wrong').join('\n'),
  );
  assert.equal(b.waiting('wrong')?.reason, 'ContainerCreating');
  await Promise.all([b.remove('paths'), b.remove('wrong')]);
  await new Promise((r) => socket.close(r));
  assert.equal(await readFile(`${dir}/file`, 'utf8'), 'here', 'the node keeps its files');
});

test('claims lead to hostPath and local volumes of the node', { skip }, async () => {
  await mkdir(`${dir}/disk`, { recursive: true });
  await mkdir(`${dir}/local`, { recursive: true });
  const pv = (name: string, source: object, more: object = {}) =>
    b.api.put(PersistentVolumes, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...source, ...more },
      status: { phase: 'Bound' },
    });
  const pvc = (name: string, volumeName: string, phase = 'Bound') => {
    const made = b.api.put(PersistentVolumeClaims, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace: 'default', name },
      spec: { accessModes: ['ReadWriteOnce'], volumeName, resources: { requests: { storage: '1Gi' } } },
      status: { phase },
    });
    return { claimRef: { namespace: 'default', name, uid: made.metadata.uid } };
  };
  pv('disk', { hostPath: { path: `${dir}/disk`, type: '' } }, pvc('disk', 'disk'));
  const here = (value: string) => ({
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [value] }] }],
      },
    },
  });
  pv('local', { local: { path: `${dir}/local` } }, { ...pvc('local', 'local'), ...here('n1') });
  b.put('claims', {
    securityContext: { fsGroup: 1000 },
    volumes: [
      { name: 'a', persistentVolumeClaim: { claimName: 'disk' } },
      { name: 'b', persistentVolumeClaim: { claimName: 'local' } },
      { name: 'ro', persistentVolumeClaim: { claimName: 'disk', readOnly: true } },
    ],
    containers: [
      b.busybox(
        'c',
        'echo kept > /a/x; echo kept > /b/x; touch /ro/y && touch /a/writable; touch /a/done; sleep 1000',
        {
          volumeMounts: [
            { name: 'a', mountPath: '/a' },
            { name: 'b', mountPath: '/b' },
            { name: 'ro', mountPath: '/ro' },
          ],
        },
      ),
    ],
  });
  await b.ready('claims');
  await b.until('it has written', () => stat(`${dir}/disk/done`).catch(() => undefined));
  assert.equal(await stat(`${dir}/disk/writable`).catch(() => undefined), undefined, 'a read-only claim is mounted so');
  assert.equal((await stat(`${dir}/local`)).gid, 1000);
  assert.equal((await stat(`${dir}/disk`)).gid, 0, 'a hostPath is not given to the group');
  await b.remove('claims');
  assert.equal(await readFile(`${dir}/local/x`, 'utf8'), 'kept\n', 'data outlives the pod');

  pvc('unbound', '', 'Pending');
  pv('stolen', { hostPath: { path: dir } }, { claimRef: { uid: 'someone' } });
  pvc('robbed', 'stolen');
  pv('nopath', { local: { path: `${dir}/gone` } }, pvc('nopath', 'nopath'));
  pv('afar', { local: { path: `${dir}/local` } }, { ...pvc('afar', 'afar'), ...here('n2') });
  pv('strange', { nfs: { server: 'x', path: '/' } }, pvc('strange', 'strange'));
  const uid = b.api.get<{ metadata: { uid: string } }>('persistentvolumeclaims', 'default', 'robbed')!.metadata.uid;
  const processing = (claim: string, why: string) =>
    `FailedMount: Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/${claim}: ${why}`;
  const wanted = {
    absent: processing('absent', 'failed to fetch PVC from API server: persistentvolumeclaims "absent" not found'),
    unbound: processing('unbound', 'PVC is not bound'),
    robbed: processing(
      'robbed',
      `found PV object stolen but its pv.Spec.ClaimRef.UID someone does not point to claim.UID ${uid}`,
    ),
    strange:
      'FailedMount: Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: failed to get Plugin from volumeSpec for volume "strange" err=no volume plugin matched',
    nopath: `FailedMount: MountVolume.NewMounter initialization failed for volume "nopath" : path "${dir}/gone" does not exist`,
    afar: 'FailedMount: MountVolume.NodeAffinity check failed for volume "afar" : no matching NodeSelectorTerms',
  };
  for (const [claim, text] of Object.entries(wanted)) {
    b.put(`p-${claim}`, {
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: claim } }],
      containers: [b.busybox('c', 'sleep 1000')],
    });
    await b.until(`${claim} says why`, () => b.events(`p-${claim}`).some((e) => e.startsWith('FailedMount')));
    assert.equal(
      b.events(`p-${claim}`).find((e) => e.startsWith('FailedMount')),
      text,
    );
  }
  await Promise.all(Object.keys(wanted).map((c) => b.remove(`p-${c}`)));
  await rm(`${dir}/disk`, { recursive: true });
});

test('HTTPS and gRPC probes ask servers that nobody has signed for', { skip }, async () => {
  const now = Date.now();
  const life = { notBefore: now - 60_000, notAfter: now + 3600_000 };
  const ca = await createCa({ commonName: 'unknown', ...life });
  const leaf = await signLeaf(ca, {
    commonName: 'x',
    organizations: [],
    dnsNames: ['x'],
    ipAddresses: [],
    usages: ['server'],
    ...life,
  });
  let healthy = true;
  const seen: string[] = [];
  const https = createHttps({ cert: leaf.cert, key: leaf.key }, (req, res) => {
    seen.push(`${req.url} ${req.headers['user-agent']}`);
    res.writeHead(healthy ? 200 : 500).end();
  });
  await new Promise<void>((r) => https.listen(0, '127.0.0.1', r));
  const require = createRequire(import.meta.url);
  const grpc = require('@grpc/grpc-js') as typeof import('@grpc/grpc-js');
  const loader = require('@grpc/proto-loader') as typeof import('@grpc/proto-loader');
  const proto = fileURLToPath(new URL('../../src/kubelet/probes/health.proto', import.meta.url));
  const root = grpc.loadPackageDefinition(loader.loadSync(proto, { enums: String })) as unknown as {
    grpc: { health: { v1: { Health: { service: import('@grpc/grpc-js').ServiceDefinition } } } };
  };
  const server = new grpc.Server();
  server.addService(root.grpc.health.v1.Health.service, {
    check: ((call, done) =>
      call.request.service === 'db'
        ? done(null, { status: healthy ? 'SERVING' : 'NOT_SERVING' })
        : done({ code: grpc.status.NOT_FOUND, details: 'unknown service' })) as import('@grpc/grpc-js').handleUnaryCall<
      { service: string },
      { status: string }
    >,
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (e, p) => (e ? reject(e) : resolve(p))),
  );
  const every = { periodSeconds: 1, failureThreshold: 1, successThreshold: 1, timeoutSeconds: 1 };
  const httpsPort = (https.address() as AddressInfo).port;
  const probes = {
    'by-https': { httpGet: { host: '127.0.0.1', port: httpsPort, scheme: 'HTTPS', path: '/healthz?x=1' } },
    'by-grpc': { grpc: { port, service: 'db' } },
  };
  try {
    for (const [name, probe] of Object.entries(probes))
      b.put(name, {
        hostNetwork: true,
        containers: [b.busybox('c', 'sleep 1000', { readinessProbe: { ...probe, ...every } })],
      });
    b.put('other-service', {
      hostNetwork: true,
      containers: [b.busybox('c', 'sleep 1000', { readinessProbe: { grpc: { port, service: 'web' }, ...every } })],
    });
    b.put('no-grpc', {
      hostNetwork: true,
      containers: [b.busybox('c', 'sleep 1000', { readinessProbe: { grpc: { port: 1, service: '' }, ...every } })],
    });
    for (const name of Object.keys(probes)) await b.ready(name);
    assert.match(seen[0]!, /^\/healthz\?x=1 kube-probe\/1\.36$/);
    healthy = false;
    const unhealthy = (name: string) =>
      b.until(`${name} unhealthy`, () => b.events(name).find((e) => e.startsWith('Unhealthy')));
    assert.equal(
      await unhealthy('by-https'),
      'Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 500',
    );
    assert.equal(
      await unhealthy('by-grpc'),
      'Unhealthy: Readiness probe failed: service unhealthy (responded with "NOT_SERVING")',
    );
    assert.equal(
      await unhealthy('other-service'),
      'Unhealthy: Readiness probe failed: error: health rpc probe failed: rpc error: code = NotFound desc = unknown service',
    );
    assert.equal(
      await unhealthy('no-grpc'),
      'Unhealthy: Readiness probe failed: timeout: failed to connect service "127.0.0.1:1" within 1s: context deadline exceeded',
    );
    for (const name of Object.keys(probes))
      await b.until(`${name} unready`, () =>
        b.pod(name).status.conditions?.some((c) => c.type === 'Ready' && c.status === 'False'),
      );
  } finally {
    for (const name of [...Object.keys(probes), 'other-service', 'no-grpc']) await b.remove(name);
    server.forceShutdown();
    https.closeAllConnections();
    await new Promise((r) => https.close(r));
  }
});
