/** The typed client over a transport: paths from rows, errors as StatusError, waits where the server asks for one. */
import { type AnyRow, apiVersionOf, type KubeObject, type ResourceRow } from '../api/resource-row.ts';
import { type Clock, realClock } from '../base/clock.ts';
import { type Status, StatusError } from '../machinery/status-error.ts';
import type {
  Client,
  DeleteOptions,
  Key,
  ListParams,
  ObjectList,
  Transport,
  TransportRequest,
  WatchEvent,
  WatchParams,
  WriteOptions,
} from './client.ts';

export interface RestClientOptions {
  /** `kube-scheduler/v1.36 (linux/amd64)`; the part before the slash is the default field manager on the server. */
  readonly userAgent: string;
  readonly clock?: Clock;
}

/** client-go gives up after so many answers that ask to wait. */
const maxRetries = 10;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export function createClient(transport: Transport, o: RestClientOptions): Client {
  const clock = o.clock ?? realClock;
  const send = async (
    req: Omit<TransportRequest, 'headers' | 'body'> & { readonly body?: unknown; readonly contentType?: string },
  ): Promise<AsyncIterable<Buffer>> => {
    for (let attempt = 0; ; attempt++) {
      const response = await transport.request({
        method: req.method,
        path: req.path,
        signal: req.signal,
        headers: {
          accept: 'application/json',
          'user-agent': o.userAgent,
          ...(req.body !== undefined && { 'content-type': req.contentType ?? 'application/json' }),
        },
        ...(req.body !== undefined && {
          body: Buffer.isBuffer(req.body) ? req.body : Buffer.from(JSON.stringify(req.body)),
        }),
      });
      if (response.status < 300) return response.body;
      const error = errorOf(response.status, await collect(response.body));
      const wait = Number(response.headers['retry-after'] ?? Number.NaN);
      if ((response.status !== 429 && response.status < 500) || !(wait >= 0) || attempt >= maxRetries) throw error;
      await clock.sleep(wait * 1000, req.signal);
    }
  };
  const json = async <T>(req: Parameters<typeof send>[0]): Promise<T> => {
    const text = (await collect(await send(req))).toString();
    return (text ? JSON.parse(text) : undefined) as T;
  };
  const write = (w: WriteOptions | undefined): Query => ({
    fieldManager: w?.fieldManager,
    dryRun: w?.dryRun ? 'All' : undefined,
  });

  return {
    get: (row, key, r) => json({ method: 'GET', path: pathOf(row, key, r?.subresource), signal: r?.signal }),
    async list<T extends KubeObject>(row: ResourceRow<T>, params: ListParams = {}) {
      const answer = await json<ObjectList<T>>({
        method: 'GET',
        path: collectionPath(row, params.namespace, listQuery(params)),
        signal: params.signal,
      });
      // Items of a list do not repeat what they are (as upstream's lists); readers want to know.
      const [apiVersion, kind] = [apiVersionOf(row), row.kind];
      return { ...answer, items: (answer.items ?? []).map((i) => (i.kind ? i : { ...i, apiVersion, kind })) };
    },
    watch: (row, params) => watch(row, params, send),
    create(row, obj, w) {
      const { namespace } = (obj as Partial<KubeObject>).metadata ?? {};
      return json({
        method: 'POST',
        path: collectionPath(row, row.namespaced ? (namespace ?? 'default') : undefined, write(w)),
        body: typed(row, obj),
        signal: w?.signal,
      });
    },
    update: (row, obj, w) =>
      json({
        method: 'PUT',
        path: pathOf(row, keyOf(row, obj), w?.subresource, write(w)),
        body: typed(row, obj),
        signal: w?.signal,
      }),
    patch: (row, key, type, patch, w) =>
      json({
        method: 'PATCH',
        path: pathOf(row, key, w?.subresource, { ...write(w), force: w?.force }),
        body: patch,
        contentType: type,
        signal: w?.signal,
      }),
    async delete(row, key, d) {
      await json({ method: 'DELETE', path: pathOf(row, key), body: deleteBody(d), signal: d?.signal });
    },
    async deleteCollection(row, params, d) {
      await json({
        method: 'DELETE',
        path: collectionPath(row, params.namespace, listQuery(params)),
        body: deleteBody(d),
        signal: d?.signal,
      });
    },
    createSubresource: (row, key, subresource, body, w) =>
      json({ method: 'POST', path: pathOf(row, key, subresource, write(w)), body, signal: w?.signal }),
    async raw(method, path, body, r) {
      const text = (
        await collect(await send({ method, path, signal: r?.signal, ...(body !== undefined && { body }) }))
      ).toString();
      try {
        return JSON.parse(text) as unknown;
      } catch {
        return text;
      }
    },
    close: () => transport.close(),
  };
}

const typed = (row: AnyRow, obj: object): object => ({ apiVersion: apiVersionOf(row), kind: row.kind, ...obj });
const keyOf = (row: AnyRow, obj: KubeObject): Key => ({
  namespace: row.namespaced ? obj.metadata.namespace : undefined,
  name: obj.metadata.name ?? '',
});

function deleteBody(d: DeleteOptions | undefined): object {
  const { gracePeriodSeconds, propagationPolicy, preconditions, dryRun } = d ?? {};
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    gracePeriodSeconds,
    propagationPolicy,
    preconditions,
    ...(dryRun && { dryRun: ['All'] }),
  };
}

const listQuery = (p: ListParams): Query => ({
  labelSelector: p.labelSelector,
  fieldSelector: p.fieldSelector,
  resourceVersion: p.resourceVersion,
  resourceVersionMatch: p.resourceVersionMatch,
  limit: p.limit,
  continue: p.continue,
});

const rootOf = (row: AnyRow): string => (row.group ? `/apis/${row.group}/${row.version}` : `/api/${row.version}`);

/** `/api/v1/namespaces/default/pods?limit=500` */
export function collectionPath(row: AnyRow, namespace: string | undefined, query: Query = {}): string {
  return `${rootOf(row)}${row.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''}/${row.plural}${queryText(query)}`;
}

/** `/apis/apps/v1/namespaces/default/deployments/web/scale` */
export function pathOf(row: AnyRow, key: Key, subresource?: string, query: Query = {}): string {
  if (!key.name) throw new TypeError(`a request for one of ${row.plural} needs a name`);
  if (row.namespaced && !key.namespace)
    throw new TypeError(`a request for ${row.plural} "${key.name}" needs a namespace`);
  return `${collectionPath(row, key.namespace)}/${encodeURIComponent(key.name)}${subresource ? `/${subresource}` : ''}${queryText(query)}`;
}

function queryText(query: Query): string {
  const parts = Object.entries(query).flatMap(([k, v]) =>
    v === undefined || v === '' || v === false ? [] : [`${k}=${encodeURIComponent(v)}`],
  );
  return parts.length ? `?${parts.join('&')}` : '';
}

async function* watch<T extends KubeObject>(
  row: ResourceRow<T>,
  p: WatchParams,
  send: (req: { method: string; path: string; signal: AbortSignal | undefined }) => Promise<AsyncIterable<Buffer>>,
): AsyncIterable<WatchEvent<T>> {
  const query = {
    ...listQuery(p),
    watch: true,
    allowWatchBookmarks: p.allowWatchBookmarks,
    timeoutSeconds: p.timeoutSeconds,
  };
  for await (const line of lines(
    await send({ method: 'GET', path: collectionPath(row, p.namespace, query), signal: p.signal }),
  ))
    yield JSON.parse(line) as WatchEvent<T>;
}

/** Text lines of a stream of chunks, however they are cut. */
export async function* lines(body: AsyncIterable<Buffer>): AsyncIterable<string> {
  let pending: Buffer[] = [];
  for await (const chunk of body) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      pending.push(chunk.subarray(from, at));
      const line = pending.length === 1 ? pending[0]!.toString() : Buffer.concat(pending).toString();
      pending = [];
      from = at + 1;
      if (line) yield line;
    }
    if (from < chunk.length) pending.push(chunk.subarray(from));
  }
  const rest = Buffer.concat(pending).toString();
  if (rest.trim()) yield rest;
}

async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of body) parts.push(chunk);
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

function errorOf(code: number, body: Buffer): StatusError {
  const text = body.toString();
  try {
    const status = JSON.parse(text) as Partial<Status>;
    if (status.kind === 'Status') return StatusError.fromStatus({ ...status, code: status.code ?? code });
  } catch {
    // Not from the API itself.
  }
  return new StatusError(code, '', `the server answered ${code}: ${text.trim().slice(0, 300) || 'without a message'}`);
}
