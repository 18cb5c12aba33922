/** A request and its answer as the filters and handlers see them, whichever way they travel (HTTP/1.1, HTTP/2, in memory). */
import type { Duplex } from 'node:stream';
import type { RequestInfo, UserInfo } from './attributes.ts';
import type { FlowRequest } from './flow-control/index.ts';

export type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ApiRequest {
  readonly method: string;
  /** Path with query, as it came. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: HeaderValues;
  /** Reads the whole body; rejects with a 413 StatusError past `limit` bytes. Called at most once. */
  readonly body: (limit: number) => Promise<Buffer>;
  /** The body as it arrives, for proxied requests. Instead of `body`. */
  readonly bodyStream: () => AsyncIterable<Buffer>;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** Gives the request up. */
  readonly abort: (reason: Error) => void;
  /** DER of a client certificate that the client CA signed. */
  readonly clientCertificate?: Buffer | undefined;
  /** DER of a client certificate that the front proxies' CA signed. */
  readonly proxyCertificate?: Buffer | undefined;
  /** There was a client certificate that the client CA did not sign. */
  readonly invalidCertificate?: boolean;
  /** In memory only: who asks, already known. */
  readonly user?: UserInfo | undefined;
  /** The client asked for a protocol upgrade and its socket can be handed over. */
  readonly upgrade?: boolean;
  readonly remoteAddress?: string | undefined;
}

/** Where a streamed body goes. */
export interface BodySink {
  /** false = the peer is slow: wait for `drained` before writing much more. */
  write(chunk: Buffer): boolean;
  drained(): Promise<void>;
  /** Aborts when the peer is gone. */
  readonly signal: AbortSignal;
}

export type BodyStream = (sink: BodySink) => Promise<void>;

export interface ApiResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** A stream ends when its promise settles; a rejection breaks the connection. */
  readonly body: Buffer | BodyStream;
  /** Instead of an answer: takes over the client's socket (after 101 from whoever answers behind). */
  readonly upgrade?: (socket: Duplex, head: Buffer) => void;
}

/** What a request carries from filter to filter. */
export interface RequestContext {
  readonly request: ApiRequest;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  /** Set by the authentication filter. */
  user: UserInfo;
  readonly auditId: string;
  /** Set by the filter of flow control. */
  flow: FlowRequest['route'] | undefined;
  /** `?timeout=` in ms, when it is asked for. */
  timeout: number | undefined;
  /** A watch calls it when its first state is sent: from then on it costs little. */
  begun: (() => void) | undefined;
  /** Texts for the Warning header, in order, once each. */
  readonly warnings: string[];
  /** Whole path segments after resource/name/subresource, for proxies. */
  readonly rest: string;
  /** Client gone, or the request's time is over. */
  readonly signal: AbortSignal;
}

export const warn = (ctx: Pick<RequestContext, 'warnings'>, text: string): void => {
  if (!ctx.warnings.includes(text)) ctx.warnings.push(text);
};

export const header = (h: HeaderValues, name: string): string => {
  const v = h[name];
  return v === undefined ? '' : typeof v === 'string' ? v : v.join(', ');
};

export const emptyBody: Buffer = Buffer.alloc(0);

export const textResponse = (status: number, text: string, extra: Record<string, string> = {}): ApiResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...extra },
  body: Buffer.from(text),
});

export const jsonResponse = (status: number, value: unknown, extra: Record<string, string> = {}): ApiResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...extra },
  body: Buffer.from(JSON.stringify(value) + '\n'),
});
