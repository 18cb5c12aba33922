/** The cluster's certificates: complete, kept, renewed in time and when what they must say changes. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FakeClock } from '../../base/fake-clock.ts';
import { inspectCertificate, isIssuedBy } from '../../base/pki/index.ts';
import { type ClusterPkiOptions, ensureClusterPki } from './cluster-pki.ts';
import { writeKubeconfig } from './kubeconfig-file.ts';

const withDir = async (run: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), 'k8ts-pki-'));
  try {
    await run(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
};
const options = (dir: string, clock: FakeClock): ClusterPkiOptions => ({
  dir,
  apiServerSans: ['api.example.org'],
  nodeName: 'node-1',
  nodeIPs: ['192.168.1.10'],
  clusterDomain: 'cluster.local',
  serviceIP: '10.96.0.1',
  clock,
});

test('subjects and names are kubeadm’s, files are private', () =>
  withDir(async (dir) => {
    const paths = await ensureClusterPki(options(dir, new FakeClock()));
    const facts = async (p: string) => inspectCertificate(await readFile(p, 'utf8'));
    const table: [string, string, string[]][] = [
      [paths.ca.cert, 'kubernetes', []],
      [paths.apiserver.cert, 'kube-apiserver', []],
      [paths.apiserverKubeletClient.cert, 'kube-apiserver-kubelet-client', ['system:masters']],
      [paths.frontProxyCa.cert, 'front-proxy-ca', []],
      [paths.frontProxyClient.cert, 'front-proxy-client', []],
      [paths.admin.cert, 'kubernetes-admin', ['system:masters']],
      [paths.controllerManager.cert, 'system:kube-controller-manager', []],
      [paths.scheduler.cert, 'system:kube-scheduler', []],
      [paths.kubeProxy.cert, 'system:kube-proxy', []],
      [paths.kubeletClient.cert, 'system:node:node-1', ['system:nodes']],
      [paths.kubeletServer.cert, 'system:node:node-1', ['system:nodes']],
    ];
    for (const [path, commonName, organizations] of table) {
      const f = await facts(path);
      assert.deepEqual([f.commonName, f.organizations], [commonName, organizations], path);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
    }
    const server = await facts(paths.apiserver.cert);
    for (const name of ['kubernetes.default.svc.cluster.local', 'localhost', 'node-1', 'api.example.org'])
      assert.ok(server.dnsNames.includes(name), name);
    for (const ip of ['10.96.0.1', '127.0.0.1', '::1', '192.168.1.10']) assert.ok(server.ipAddresses.includes(ip), ip);
    assert.ok(
      isIssuedBy(server, await readFile(paths.apiserver.key, 'utf8'), (await facts(paths.ca.cert)).certificate),
    );
    assert.match(await readFile(paths.serviceAccount.pub, 'utf8'), /BEGIN PUBLIC KEY/);

    const file = join(dir, 'admin.kubeconfig');
    await writeKubeconfig({
      path: file,
      server: 'https://127.0.0.1:6443',
      caFile: paths.ca.cert,
      client: paths.admin,
      userName: 'kubernetes-admin',
    });
    const config = JSON.parse(await readFile(file, 'utf8'));
    assert.equal(config['current-context'], 'kubernetes-admin@kubernetes');
    assert.equal(
      Buffer.from(config.users[0].user['client-key-data'], 'base64').toString(),
      await readFile(paths.admin.key, 'utf8'),
    );
  }));

test('a second call changes nothing; a new name, a passing year and a lost authority renew what they touch', () =>
  withDir(async (dir) => {
    const clock = new FakeClock();
    const first = await ensureClusterPki(options(dir, clock));
    assert.ok(first.renewed.length >= 12);
    assert.deepEqual((await ensureClusterPki(options(dir, clock))).renewed, []);
    const moved = await ensureClusterPki({ ...options(dir, clock), nodeIPs: ['192.168.1.11'] });
    assert.deepEqual([...moved.renewed].sort(), ['apiserver', 'kubelet']);
    await clock.advance(340 * 86_400_000);
    const renewed = (await ensureClusterPki({ ...options(dir, clock), nodeIPs: ['192.168.1.11'] })).renewed;
    assert.ok(renewed.includes('admin') && !renewed.includes('ca') && !renewed.includes('sa'));
    await rm(first.ca.cert);
    assert.ok(
      (await ensureClusterPki({ ...options(dir, clock), nodeIPs: ['192.168.1.11'] })).renewed.includes('scheduler'),
    );
  }));
