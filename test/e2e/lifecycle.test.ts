import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { eventually, importBusybox, newCluster, root, run, skip } from './cluster.ts';

const c = newCluster();
after(() => (skip ? undefined : c.destroy()));

const pidOf = (name: string) => Number(readFileSync(`/run/k8ts/${name}.pid`, 'utf8'));
const busybox = (name: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec:
  containers:
  - name: c
    image: localhost/busybox:1
    command: [sh, -c, "trap 'exit 0' TERM; echo started; while :; do sleep 0.2; done"]${more}
`;
const containerId = (name: string) =>
  c.kubectl('get', 'pod', name, '-o', 'jsonpath={.status.containerStatuses[0].containerID}');

/** What a cluster may leave on a machine; empty after `down`. */
async function leftovers(): Promise<readonly string[]> {
  const found: string[] = [];
  const ps = (await run('ps', ['-eo', 'pid,pidns,stat,args'])).stdout.split('\n');
  const here = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  // a process that has ended and that init has not yet asked for is gone; those of other machines on this one are not ours
  const running = ps.filter((l) => new RegExp(`^\\s*\\d+\\s+${here} [^Z]`).test(l));
  found.push(
    ...running.filter((l) =>
      /containerd-shim|supervise\.sh|control-plane --data-dir|node-agent --data-dir|containerd --config \/.*k8ts/.test(
        l,
      ),
    ),
  );
  found.push(
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((l) => l.includes(c.dataDir) || l.includes('/run/k8ts') || /netns\/cni-/.test(l)),
  );
  found.push(...(await run('ip', ['-br', 'link'])).stdout.split('\n').filter((l) => /^(k8ts|veth)/.test(l)));
  found.push(...(await run('nft', ['list', 'tables'])).stdout.split('\n').filter((l) => /k8ts|kube/.test(l)));
  for (const h of readdirSync('/sys/fs/cgroup'))
    if (existsSync(`/sys/fs/cgroup/${h}/kubepods`)) found.push(`cgroup ${h}/kubepods`);
  if (existsSync('/run/k8ts')) found.push('/run/k8ts');
  return found;
}

test('a cluster lives, is killed, lives on, goes and comes back', { skip, timeout: 300_000 }, async (t) => {
  await t.test('up: the node is Ready and DNS answers', async () => {
    const said = await c.up();
    assert.match(said, /✓ node \S+ Ready/);
    assert.match(said, /✓ DNS/);
    assert.match(await c.kubectl('get', 'nodes'), /\bReady\b.*v1\.36\.3/);
    await importBusybox(c);
  });

  await t.test('a second up finds everything in place', async () => {
    const began = performance.now();
    assert.match(await c.up(), /everything runs already/);
    assert.ok(performance.now() - began < 5_000);
  });

  await t.test('keys are for root alone', () => {
    for (const f of readdirSync(`${c.dataDir}/pki`).filter((f) => f.endsWith('.key')))
      assert.equal(statSync(`${c.dataDir}/pki/${f}`).mode & 0o077, 0, f);
    assert.equal(statSync(`${c.dataDir}/admin.kubeconfig`).mode & 0o077, 0);
  });

  await t.test('nothing but node ports listens beyond this machine', async () => {
    const listening = (await run('ss', ['-ltnH'])).stdout
      .split('\n')
      .filter(Boolean)
      .map((l) => l.split(/\s+/)[3]!);
    const ours = listening.filter((a) => /:(6443|10250|53)$/.test(a));
    assert.ok(ours.length >= 3);
    for (const a of ours) assert.match(a, /^(127\.0\.0\.1|10\.244\.0\.1):/);
  });

  await t.test('a pod runs within two seconds of kubectl', async () => {
    await c.apply(busybox('warm'));
    await eventually('the first pod', 20, async () => (await c.kubectl('get', 'pod', 'warm')).includes('Running'));
    const began = performance.now();
    await c.apply(busybox('web'));
    await c.kubectl('wait', 'pod/web', '--for=jsonpath={.status.phase}=Running', '--timeout=20s');
    const ms = performance.now() - began;
    assert.ok(ms < 2_000, `took ${Math.round(ms)} ms`);
    assert.equal((await c.kubectl('logs', 'web')).trim(), 'started');
    assert.equal((await c.kubectl('exec', 'web', '--', 'hostname')).trim(), 'web');
  });

  await t.test('what goes through exec comes back whole, over websockets and over SPDY', async () => {
    for (const websockets of ['true', 'false']) {
      const script = `head -c 3000000 /dev/urandom >"$D/sent" && kubectl --kubeconfig "$K" exec -i web -- cat <"$D/sent" >"$D/back" && cmp "$D/sent" "$D/back" && kubectl --kubeconfig "$K" exec web -- sh -c 'head -c 3000000 /dev/zero; exit 7' >"$D/back"; echo "$? $(wc -c <"$D/back")"`;
      const env = { K: c.kubeconfig, D: c.dataDir, KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websockets };
      const r = await run('bash', ['-c', script], { env, timeoutMs: 30_000 });
      assert.equal(r.stdout.trim(), '7 3000000', r.stderr);
    }
  });

  await t.test('killing control plane, agent and containerd restarts them; containers are not touched', async () => {
    const id = await containerId('web');
    for (const name of ['control-plane', 'node-agent', 'containerd']) {
      const before = pidOf(name);
      process.kill(before, 'SIGKILL');
      await eventually(
        `another ${name}`,
        20,
        async () => existsSync(`/run/k8ts/${name}.pid`) && pidOf(name) !== before,
      );
    }
    await eventually('the API answers', 20, async () => (await c.tryKubectl(['get', '--raw', '/readyz'])).code === 0);
    await c.apply(busybox('later'));
    await c.kubectl('wait', 'pod/later', '--for=jsonpath={.status.phase}=Running', '--timeout=30s');
    assert.equal(await containerId('web'), id);
    assert.equal(
      (await c.kubectl('get', 'pod', 'web', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}')).trim(),
      '0',
    );
  });

  await t.test('status and logs say what there is', async () => {
    const s = JSON.parse(await c.k8ts('status', '--data-dir', c.dataDir, '-o', 'json')) as {
      running: boolean;
      components: { name: string; state: string }[];
      memory: number;
      nodes: { ready: boolean }[];
    };
    assert.equal(s.running, true);
    assert.deepEqual(
      s.components.map((x) => `${x.name} ${x.state}`),
      ['control-plane running', 'node-agent running', 'containerd running'],
    );
    assert.equal(s.nodes[0]?.ready, true);
    assert.ok(s.memory < 350 * 2 ** 20, `${Math.round(s.memory / 2 ** 20)} MiB`);
    assert.match(await c.k8ts('logs', 'control-plane', '--data-dir', c.dataDir), /API server ready/);
  });

  await t.test('down leaves nothing; up brings the same objects back', async () => {
    const uid = await c.kubectl('get', 'pod', 'web', '-o', 'jsonpath={.metadata.uid}');
    await c.k8ts('down', '--data-dir', c.dataDir);
    assert.deepEqual(await leftovers(), []);
    await c.up();
    assert.equal(await c.kubectl('get', 'pod', 'web', '-o', 'jsonpath={.metadata.uid}'), uid);
    await eventually('the pod runs again', 30, async () => /1\/1\s+Running/.test(await c.kubectl('get', 'pod', 'web')));
  });

  await t.test('down --purge deletes the data', async () => {
    await c.k8ts('down', '--purge', '--data-dir', c.dataDir);
    assert.equal(existsSync(c.dataDir), false);
    assert.deepEqual(await leftovers(), []);
  });
});

test('refusals say what and what to do, and change nothing', { skip, timeout: 60_000 }, async (t) => {
  const k8ts = `${root}/k8ts`;
  await t.test('a port in use', async () => {
    const server = createServer().listen(16443, '127.0.0.1');
    await new Promise((r) => server.once('listening', r));
    try {
      const r = await run(k8ts, ['up', '--data-dir', '/tmp/k8ts-refused', '--api-port', '16443']);
      assert.equal(r.code, 1);
      assert.match(r.stderr, /port 16443 \(API server\) is in use/);
      assert.match(r.stderr, /→/);
      assert.equal(existsSync('/tmp/k8ts-refused'), false);
    } finally {
      server.close();
    }
  });
  await t.test('a data directory named from here, and programs that do not run on their own', async () => {
    const status = await run(k8ts, ['status', '--data-dir', 'k8ts-nowhere']);
    assert.match(status.stderr, /there is no cluster in \/.*\/k8ts-nowhere/);
    for (const name of ['kube-apiserver', 'kubelet', 'kube-proxy', 'coredns', 'kubeadm']) {
      const r = await run(k8ts, [name, '--help']);
      assert.equal(r.code, 1, name);
      assert.match(r.stderr, /^k8ts: \S+ (does not run on its own|is not there) yet; k8ts up /, name);
    }
  });
  await t.test('not root', async () => {
    const r = await run(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        `${root}/src/cmd/main.ts`,
        'up',
        '--data-dir',
        '/tmp/k8ts-refused',
      ],
      { env: { NODE_COMPILE_CACHE: '' } },
    );
    assert.equal(r.code, 1);
    assert.match(r.stderr, /needs root/);
  });
  await t.test('an unknown flag, an unknown command, a cluster that is not there', async () => {
    assert.match((await run(k8ts, ['up', '--nope'])).stderr, /unknown option '--nope'/);
    assert.match((await run(k8ts, ['nope'])).stderr, /unknown command|too many arguments/);
    assert.match((await run(k8ts, ['status', '--data-dir', '/tmp/k8ts-refused'])).stderr, /there is no cluster in/);
  });
});
