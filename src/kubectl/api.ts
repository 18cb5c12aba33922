/** Requests to the server as kubectl makes them: JSON, tables, streams; refusals as StatusError, warnings to the user. */
import type { Transport, TransportResponse } from '../client/index.ts';
import type { Target } from './connection.ts';
import { lines } from '../client/rest-client.ts';
import { StatusError, type Status } from '../machinery/status-error.ts';

export interface ApiRequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface Api {
  /** The answer parsed as JSON (undefined when empty). @throws StatusError, TransportError */
  json<T>(method: string, path: string, o?: ApiRequestOptions): Promise<T>;
  text(method: string, path: string, o?: ApiRequestOptions): Promise<string>;
  /** The body as it comes. */
  stream(method: string, path: string, o?: ApiRequestOptions): Promise<AsyncIterable<Buffer>>;
  /** Watch events, one JSON value a line. */
  watch(path: string, o?: ApiRequestOptions): AsyncIterable<WatchLine>;
  /** How to open a connection of one's own (websockets). */
  readonly target: Target;
  close(): Promise<void>;
}

export interface WatchLine {
  readonly type: string;
  readonly object: unknown;
}

export const gitVersion = 'v1.36.3';
export const userAgent = `kubectl/${gitVersion} (linux/amd64) k8ts`;

export const queryText = (q: ApiRequestOptions['query'] = {}): string => {
  const parts = Object.entries(q).flatMap(([k, v]) =>
    v === undefined || v === '' || v === false ? [] : [`${k}=${encodeURIComponent(v)}`],
  );
  return parts.length ? `?${parts.join('&')}` : '';
};

async function collect(r: TransportResponse): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const c of r.body) parts.push(c);
  return Buffer.concat(parts);
}

function refusal(code: number, text: string): StatusError {
  try {
    const s = JSON.parse(text) as Partial<Status>;
    if (s.kind === 'Status') return StatusError.fromStatus({ ...s, code: s.code ?? code });
  } catch {
    // Not from the API itself: said below.
  }
  return code === 404
    ? new StatusError(404, 'NotFound', 'the server could not find the requested resource')
    : new StatusError(code, '', text.trim() || `the server answered ${code}`);
}

/** `warn` gets the text of each `Warning` header once. */
export function createApi(transport: Transport, target: Target, warn: (text: string) => void): Api {
  const warned = new Set<string>();
  const limited = (signal: AbortSignal | undefined): AbortSignal | undefined => {
    if (!target.timeoutMs) return signal;
    const limit = AbortSignal.timeout(target.timeoutMs);
    return signal ? AbortSignal.any([signal, limit]) : limit;
  };
  const send = async (method: string, path: string, o: ApiRequestOptions = {}): Promise<TransportResponse> => {
    const response = await transport.request({
      method,
      path: path + queryText(o.query),
      headers: {
        accept: o.accept ?? 'application/json',
        'user-agent': userAgent,
        ...(target.headers as Readonly<Record<string, string>>),
        ...(o.body !== undefined && { 'content-type': o.contentType ?? 'application/json' }),
      },
      ...(o.body !== undefined && {
        body: Buffer.from(typeof o.body === 'string' ? o.body : JSON.stringify(o.body)),
      }),
      signal: limited(o.signal),
    });
    const header = response.headers['warning'] as string | readonly string[] | undefined;
    for (const m of String(header ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)) {
      const message = m[1]!.replace(/\\(.)/g, '$1');
      if (!warned.has(message)) warn(message);
      warned.add(message);
    }
    if (response.status >= 300) throw refusal(response.status, (await collect(response)).toString());
    return response;
  };
  const text = async (method: string, path: string, o?: ApiRequestOptions) =>
    (await collect(await send(method, path, o))).toString();
  return {
    target,
    text,
    async json<T>(method: string, path: string, o?: ApiRequestOptions) {
      const t = await text(method, path, o);
      return (t ? JSON.parse(t) : undefined) as T;
    },
    stream: async (method, path, o) => (await send(method, path, o)).body,
    async *watch(path, o) {
      const r = await send('GET', path, { ...o, query: { ...o?.query, watch: true } });
      for await (const line of lines(r.body)) yield JSON.parse(line) as WatchLine;
    },
    close: () => transport.close(),
  };
}
