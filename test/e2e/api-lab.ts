/** The whole API server in this process for end-to-end tests: real HTTPS on a free loopback port, a memory store, upstream's kubectl. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { type Agent, Agent as HttpsAgent, request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowSchema } from '../../src/api/flowcontrol/v1/types.ts';
import { FlowSchemas } from '../../src/api/resources.ts';
import { flowSchemas } from '../../src/apiserver/bootstrap/flow-control.ts';
import { ensureBootstrapObjects } from '../../src/apiserver/bootstrap/index.ts';
import type { ApiServer } from '../../src/apiserver/index.ts';
import { realClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { createClient } from '../../src/client/index.ts';
import { assembleApiServer } from '../../src/cmd/api-server.ts';
import { newClusterSettings, paths } from '../../src/cmd/cluster-settings.ts';
import { ensureCertificates } from '../../src/cmd/lifecycle/certificates.ts';
import { createMemoryStore, type Store } from '../../src/storage/index.ts';
import { type Ran, run } from './cluster.ts';

export interface Sent {
  readonly method?: string;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** `admin` brings the administrator's certificate, `proxy` the front proxy's, `none` nothing (default admin). */
  readonly as?: 'admin' | 'proxy' | 'none';
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON; its fields are read freely. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  readonly json: any;
}

export interface ApiLab {
  readonly server: ApiServer;
  readonly store: Store;
  readonly url: string;
  readonly kubeconfig: string;
  /** The files of the administrator and of the CA. */
  readonly tls: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };
  readonly saKeyFile: string;
  h1(path: string, sent?: Sent): Promise<Got>;
  h2(path: string, sent?: Sent): Promise<Got>;
  kubectl(args: readonly string[], input?: string): Promise<Ran>;
  /** Everything the store holds, for "nothing was stored". */
  revision(): Promise<number>;
  close(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const s = createServer();
    s.once('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address() as { port: number };
      s.close(() => resolve(port));
    });
  });

/** The server writes the conditions of its flow schemas on its own: once they are there it writes nothing unasked. */
function flowSchemasAreTold(server: ApiServer): Promise<void> {
  const told = new Set<string>();
  return new Promise((resolve) => {
    server.reader.subscribe?.(FlowSchemas, (_old, object) => {
      if (!object) return;
      const { metadata, status } = object as FlowSchema;
      if (status?.conditions?.length) told.add(metadata.name ?? '');
      if (told.size === flowSchemas.length) resolve();
    });
  });
}

/** `open` makes the store in the lab's directory (default: in memory). */
export async function startApiLab(
  open: (dir: string) => Store | Promise<Store> = () => createMemoryStore({ clock: realClock }),
): Promise<ApiLab> {
  const dir = mkdtempSync(join(tmpdir(), 'k8ts-api-'));
  const apiPort = await freePort();
  const settings = newClusterSettings({ dataDir: dir, runDir: dir, nodeName: 'n1', nodeIP: '10.0.0.1', apiPort });
  const made = await ensureCertificates(settings, realClock);
  const { pki, adminKubeconfig } = paths(settings);
  const file = (name: string) => readFileSync(join(pki, name));
  const text = (name: string) => file(name).toString();
  const log = createLogger({ level: process.env['LAB_LOG'] ? 'debug' : 'error' });
  const store = await open(dir);
  const server = await assembleApiServer({
    serviceAccountKey: join(pki, 'sa.key'),
    serviceAccountPub: join(pki, 'sa.pub'),
    clusterDomain: settings.clusterDomain,
    serviceCidrs: [settings.serviceCidr],
    store,
    clock: realClock,
    log,
  });
  await server.listen({
    host: '127.0.0.1',
    port: apiPort,
    tls: {
      cert: text('apiserver.crt'),
      key: text('apiserver.key'),
      clientCa: text('ca.crt'),
      requestHeaderCa: text('front-proxy-ca.crt'),
    },
  });
  await server.ready(AbortSignal.timeout(20_000));
  const client = createClient(
    server.transport({ name: 'system:apiserver', uid: '', groups: ['system:masters'], extra: {} }),
    { userAgent: 'kube-apiserver/v1.36' },
  );
  await ensureBootstrapObjects(client, {
    serviceCidrs: [settings.serviceCidr],
    serviceIP: settings.serviceIP,
    advertiseAddress: settings.bridgeIP,
    securePort: apiPort,
    clientCa: text('ca.crt'),
    clock: realClock,
  });
  await flowSchemasAreTold(server);
  const tls = { ca: file('ca.crt'), cert: readFileSync(made.admin.cert), key: readFileSync(made.admin.key) };
  const proxy = { ca: tls.ca, cert: file('front-proxy-client.crt'), key: file('front-proxy-client.key') };
  const agents: Record<'admin' | 'proxy' | 'none', Agent> = {
    admin: new HttpsAgent({ keepAlive: true, ...tls }),
    proxy: new HttpsAgent({ keepAlive: true, ...proxy }),
    none: new HttpsAgent({ keepAlive: true, ca: tls.ca }),
  };
  const url = `https://127.0.0.1:${apiPort}`;
  const sessions = new Map<string, ClientHttp2Session>();
  const session = (as: 'admin' | 'proxy' | 'none'): ClientHttp2Session => {
    let s = sessions.get(as);
    if (!s || s.closed) {
      s = connect(url, as === 'admin' ? tls : as === 'proxy' ? proxy : { ca: tls.ca });
      s.on('error', () => {});
      sessions.set(as, s);
    }
    return s;
  };
  const payload = (sent: Sent): { headers: Record<string, string | string[]>; body: Buffer | undefined } => {
    const { body } = sent;
    const raw =
      body === undefined || Buffer.isBuffer(body)
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers: Record<string, string | string[]> = { 'user-agent': 'lab/1', ...sent.headers };
    if (sent.type !== undefined) headers['content-type'] = sent.type;
    else if (raw) headers['content-type'] = 'application/json';
    if (sent.accept !== undefined) headers['accept'] = sent.accept;
    return { headers, body: raw };
  };
  const got = (status: number, headers: Got['headers'], bytes: Buffer): Got => ({
    status,
    headers,
    bytes,
    get text() {
      return bytes.toString();
    },
    get json() {
      return JSON.parse(bytes.toString()) as unknown;
    },
  });
  return {
    server,
    store,
    url,
    kubeconfig: adminKubeconfig,
    tls,
    saKeyFile: join(pki, 'sa.key'),
    h1: (path, sent = {}) =>
      new Promise<Got>((resolve, reject) => {
        const { headers, body } = payload(sent);
        if (body) headers['content-length'] = String(body.length);
        const req = request(
          `${url}${path}`,
          { method: sent.method ?? (body ? 'POST' : 'GET'), headers, agent: agents[sent.as ?? 'admin'] },
          (res) => {
            const chunks: Buffer[] = [];
            res.on('data', (c: Buffer) => chunks.push(c));
            res.on('error', reject);
            res.on('end', () => resolve(got(res.statusCode ?? 0, res.headers, Buffer.concat(chunks))));
          },
        );
        req.on('error', reject);
        req.end(body);
      }),
    h2: (path, sent = {}) =>
      new Promise<Got>((resolve, reject) => {
        const { headers, body } = payload(sent);
        const req = session(sent.as ?? 'admin').request(
          { ':path': path, ':method': sent.method ?? (body ? 'POST' : 'GET'), ...headers },
          { endStream: !body },
        );
        let head: Got['headers'] = {};
        const chunks: Buffer[] = [];
        req.on('response', (h) => {
          head = h as Got['headers'];
        });
        req.on('data', (c: Buffer) => chunks.push(c));
        req.on('error', reject);
        req.on('end', () => resolve(got(Number(head[':status']), head, Buffer.concat(chunks))));
        if (body) req.end(body);
      }),
    kubectl: (args, input) =>
      run('/usr/bin/kubectl', ['--kubeconfig', adminKubeconfig, '--cache-dir', join(dir, 'cache'), ...args], {
        timeoutMs: 30_000,
        env: { HOME: dir },
        input: input ?? '',
      }),
    revision: () => store.currentRevision(),
    async close() {
      for (const s of sessions.values()) s.destroy();
      for (const a of Object.values(agents)) a.destroy();
      await server.close();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
