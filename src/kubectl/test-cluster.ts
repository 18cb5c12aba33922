/** For tests: an API server on a memory store behind HTTPS on loopback, a kubeconfig for it, and both kubectls run against it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { resources } from '../api/resources.ts';
import { createApiServer } from '../apiserver/index.ts';
import { realClock } from '../base/clock.ts';
import { silent } from '../base/log.ts';
import { createCa, signLeaf } from '../base/pki/index.ts';
import { createMemoryStore } from '../storage/index.ts';
import { runKubectl } from './run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
export interface TestCluster {
  readonly kubeconfig: string;
  readonly directory: string;
  ours(args: readonly string[], stdin?: string): Promise<Ran>;
  theirs(args: readonly string[], stdin?: string): Promise<Ran>;
  close(): Promise<void>;
}

export const upstreamKubectl = '/usr/bin/kubectl';

export async function testCluster(): Promise<TestCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'k8ts-kubectl-'));
  const now = Date.now();
  const validity = { notBefore: now - 60_000, notAfter: now + 3_600_000 };
  const ca = await createCa({ commonName: 'test', ...validity });
  const leaf = await signLeaf(ca, { commonName: 'api', usages: ['server'], ipAddresses: ['127.0.0.1'], ...validity });
  const store = createMemoryStore({ clock: realClock });
  const server = await createApiServer({
    rows: resources,
    store,
    clock: realClock,
    log: silent,
    plugins: () => ({
      authenticator: { authenticate: async () => ({ name: 'admin', uid: '', groups: ['system:masters'], extra: {} }) },
      authorizer: { authorize: () => ({ decision: 'allow', reason: '' }) },
    }),
  });
  await server.ready();
  const { port } = await server.listen({ host: '127.0.0.1', port: 0, tls: { cert: leaf.cert, key: leaf.key } });
  const kubeconfig = join(directory, 'config');
  const b64 = (s: string) => Buffer.from(s).toString('base64');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'c', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': b64(ca.cert) } },
      ],
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'c',
    }),
  );
  return {
    kubeconfig,
    directory,
    async ours(args, stdin) {
      let out = '';
      let err = '';
      const code = await runKubectl(['--kubeconfig', kubeconfig, ...args], {
        stdin: Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
        out: (d) => {
          out += typeof d === 'string' ? d : Buffer.from(d).toString();
        },
        err: (d) => {
          err += typeof d === 'string' ? d : Buffer.from(d).toString();
        },
        env: {},
        clock: realClock,
        signal: new AbortController().signal,
      });
      return { code, out, err };
    },
    theirs: (args, stdin) =>
      new Promise((resolve) => {
        const child = execFile(
          upstreamKubectl,
          ['--kubeconfig', kubeconfig, '--cache-dir', join(directory, 'cache'), ...args],
          { env: { HOME: directory, PATH: process.env['PATH'] }, timeout: 60_000 },
          (e, out, err) => resolve({ code: e ? Number(e.code ?? 1) : 0, out, err }),
        );
        child.stdin?.end(stdin);
      }),
    async close() {
      await server.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
