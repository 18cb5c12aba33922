/** An API server on a memory store for the tests of this room: two toy kinds beside ConfigMaps and Namespaces, a fake clock. */
import { Deployment } from '../api/apps/v1/types.ts';
import { Pod } from '../api/core/v1/types.ts';
import { ConfigMaps, Namespaces } from '../api/resources.ts';
import { type AnyRow, resource } from '../api/resource-row.ts';
import { labelSelectorScale } from '../api/scale.ts';
import { statusSubresource } from '../api/status-part.ts';
import { FakeClock } from '../base/fake-clock.ts';
import { silent } from '../base/log.ts';
import type { TransportResponse } from '../client/client.ts';
import { createMemoryStore } from '../storage/index.ts';
import { type ApiServer, type ApiServerOptions, createApiServer, type Plugins } from './server.ts';

/** A kind with spec, status and scale. */
export const Gears = resource({
  group: 'toys.example',
  version: 'v1',
  kind: 'Gear',
  plural: 'gears',
  namespaced: true,
  schema: {
    ...Deployment,
    markers: { ...Deployment.markers, gvk: { group: 'toys.example', version: 'v1', kind: 'Gear' } },
  },
  shortNames: ['gr'],
  subresources: [labelSelectorScale, statusSubresource()],
});

/** A kind that is deleted gracefully. */
export const Bots = resource({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  schema: Pod,
  subresources: [
    { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'], action: 'binding' },
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'], action: 'eviction' },
    statusSubresource(),
  ],
  strategy: { gracePeriod: (pod, asked) => asked ?? (pod.spec.nodeName ? 30 : 0) },
  selectableFields: { 'spec.nodeName': (p) => p.spec.nodeName ?? '' },
});

export const admin = { name: 'admin', uid: '', groups: ['system:masters'], extra: {} };

export const allowAll: Plugins = {
  authenticator: { authenticate: async () => admin },
  authorizer: { authorize: () => ({ decision: 'allow', reason: '' }) },
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any kind
  readonly json: any;
}

export interface TestServer {
  readonly server: ApiServer;
  readonly clock: FakeClock;
  /** One request as `admin`; `body` is sent as JSON unless it is text or bytes. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A watch: lines as they come. */
  watch(path: string): AsyncGenerator<Answer['json']>;
  close(): Promise<void>;
}

export async function testServer(
  options: Partial<Omit<ApiServerOptions, 'plugins'>> & { readonly plugins?: Partial<Plugins> } = {},
): Promise<TestServer> {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock });
  let n = 0;
  const next = (by: number): number => {
    n += by;
    return n;
  };
  const rows: readonly AnyRow[] = [ConfigMaps, Namespaces, Gears, Bots];
  const server = await createApiServer({
    rows,
    store,
    clock,
    log: silent,
    random: { float: () => next(0.137) % 1, uuid: () => `uid-${next(1).toFixed(3)}` },
    freeze: true,
    ...options,
    plugins: () => ({ ...allowAll, ...options.plugins }),
  });
  await server.ready();
  const transport = server.transport(admin);
  const read = async (res: TransportResponse): Promise<Buffer> => {
    const parts: Buffer[] = [];
    for await (const c of res.body) parts.push(c);
    return Buffer.concat(parts);
  };
  return {
    server,
    clock,
    async call(method, path, body, headers = {}) {
      const bytes =
        body === undefined
          ? undefined
          : Buffer.isBuffer(body)
            ? body
            : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const res = await transport.request({
        method,
        path,
        headers: { 'content-type': contentType, 'user-agent': 'test/1', ...headers },
        body: bytes,
      });
      const bytesRead = await read(res);
      const text = bytesRead.toString('utf8');
      let json: unknown;
      try {
        json = JSON.parse(text);
      } catch {
        json = undefined;
      }
      return { status: res.status, headers: res.headers, bytes: bytesRead, text, json };
    },
    async *watch(path) {
      const stop = new AbortController();
      const res = await transport.request({ method: 'GET', path, headers: {}, signal: stop.signal });
      let rest = '';
      try {
        for await (const c of res.body) {
          rest += c.toString('utf8');
          for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
            yield JSON.parse(rest.slice(0, at));
            rest = rest.slice(at + 1);
          }
        }
      } finally {
        stop.abort();
      }
    },
    async close() {
      await transport.close();
      await server.close();
      await store.close();
    },
  };
}
