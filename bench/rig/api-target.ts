/** A server of its own process to drive: the whole API server on the disk store, and how to reach it with a service account's token. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { newClusterSettings, paths } from '../../src/cmd/cluster-settings.ts';

export interface Target {
  readonly url: string;
  readonly ca: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The most memory it had resident so far, in MiB. */
  peakMemory(): number;
  close(): Promise<void>;
}

export interface ApiTarget extends Target {
  readonly pki: string;
}

export async function freePort(): Promise<number> {
  const s = createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const { port } = s.address() as { port: number };
  s.close();
  await once(s, 'close');
  return port;
}

/** Starts a program of Node and waits for its line `ready`. With BENCH_PROFILE=DIR it leaves a CPU profile there when it ends. */
export async function startServer(program: URL, args: readonly string[]): Promise<ChildProcess> {
  const into = process.env['BENCH_PROFILE'];
  const child = spawn(
    process.execPath,
    [...(into ? ['--cpu-prof', `--cpu-prof-dir=${into}`] : []), program.pathname, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said = once(child.stdout, 'data').then(([d]) => String(d));
  const ended = once(child, 'exit').then(([code]) => `ended with ${code}`);
  const first = await Promise.race([said, ended]);
  if (!first.startsWith('ready')) throw new Error(`${program.pathname} did not start: ${first}`);
  return child;
}

export async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

export const peakMemoryOf = (pid: number | undefined): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** What an administrator sets up before the load: returns the token of a service account that RBAC allows everything. */
async function serviceAccountToken(url: string, kubeconfig: string): Promise<string> {
  const { users, clusters } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
    readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  };
  const pem = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
  const user = users[0]!.user;
  const dispatcher = new Agent({
    connect: {
      ca: pem(clusters[0]!.cluster['certificate-authority-data']),
      cert: pem(user['client-certificate-data']),
      key: pem(user['client-key-data']),
    },
  });
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const r = await request(url + path, { method: 'POST', headers, body: JSON.stringify(body), dispatcher });
    const text = await r.body.text();
    if (r.statusCode >= 300) throw new Error(`POST ${path}: ${r.statusCode} ${text}`);
    return JSON.parse(text);
  };
  try {
    await post('/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'bench' } });
    await post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'bench' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'bench' }],
    });
    const made = await post('/api/v1/namespaces/default/serviceaccounts/bench/token', { spec: {} });
    return (made as { status: { token: string } }).status.token;
  } finally {
    await dispatcher.destroy();
  }
}

/** The API server with authentication, RBAC, admission, validation and managed fields; no controllers beside it. */
export async function startApi(): Promise<ApiTarget> {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-bench-'));
  const apiPort = await freePort();
  const p = paths(newClusterSettings({ dataDir: dir, nodeName: 'test', nodeIP: '127.0.0.1', apiPort }));
  const child = await startServer(new URL('../../test/e2e/api-server-process.ts', import.meta.url), [
    dir,
    String(apiPort),
  ]);
  const url = `https://127.0.0.1:${apiPort}`;
  const close = async () => {
    await stopServer(child);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const token = await serviceAccountToken(url, p.adminKubeconfig);
    return {
      url,
      ca: readFileSync(join(p.pki, 'ca.crt'), 'utf8'),
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'bench/1' },
      pki: p.pki,
      peakMemory: () => peakMemoryOf(child.pid),
      close,
    };
  } catch (e) {
    await close();
    throw e;
  }
}
