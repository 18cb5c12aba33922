/** What every request passes before its handler: one ordered table (upstream: server/config.go DefaultBuildHandlerChain). */
import type { Logger } from '../base/log.ts';
import { badRequest, StatusError } from '../machinery/status-error.ts';
import { parseDuration } from '../schema/go-time.ts';
import type { Authenticator, Authorizer } from './attributes.ts';
import { forbiddenError } from './auth/authorizer-chain.ts';
import { anonymousName } from './auth/identity.ts';
import { impersonate } from './auth/impersonation.ts';
import type { FlowControl, FlowRequest } from './flow-control/index.ts';
import type { InFlight } from './in-flight.ts';
import { type Accepted, negotiateOutput } from './negotiate.ts';
import type { RequestMetrics } from './metrics.ts';
import { respondStatus } from './handlers/scope.ts';
import { type ApiResponse, header, type RequestContext, textResponse } from './request.ts';

export interface FilterDependencies {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  /** All requests that are not long-running. */
  readonly inFlight: InFlight;
  /** Writes at their handlers, which have less time. */
  readonly writing: InFlight;
  readonly flows: FlowControl;
}

export type Next = (ctx: RequestContext) => Promise<ApiResponse>;
/** Gets the request and what comes after; answers, or passes on. */
export type Filter = (ctx: RequestContext, next: Next, d: FilterDependencies) => Promise<ApiResponse>;

const plainAccepted: Accepted = { type: 'json', form: 'object', metaVersion: 'v1', pretty: false };

/** An error as the client sees it. */
export function errorResponse(ctx: Pick<RequestContext, 'request'>, e: StatusError): ApiResponse {
  let accepted = plainAccepted;
  try {
    accepted = { ...negotiateOutput(header(ctx.request.headers, 'accept'), false), form: 'object' };
  } catch {
    // What cannot be negotiated is answered as JSON.
  }
  const r = respondStatus(accepted, e.code, e.status);
  const retry = e.status.details?.retryAfterSeconds;
  if (retry) r.headers['retry-after'] = String(retry);
  return r;
}

/** Request that may take as long as it likes. */
export const isLongRunning = (ctx: Pick<RequestContext, 'info'>): boolean => {
  const { verb, subresource, isResource, path } = ctx.info;
  if (!isResource) return path.startsWith('/debug/pprof/');
  if (verb === 'watch' || verb === 'proxy') return true;
  return subresource !== '' && ['attach', 'exec', 'proxy', 'log', 'portforward'].includes(subresource);
};

/** Thrown things become answers; faults of ours are logged. */
const errors: Filter = async (ctx, next, d) => {
  try {
    return await next(ctx);
  } catch (e) {
    if (e instanceof StatusError) return errorResponse(ctx, e);
    if (ctx.signal.aborted) return textResponse(499, 'client closed request');
    d.log.error('request failed', {
      path: ctx.info.path,
      verb: ctx.info.verb,
      error: e as Error,
      stack: (e as Error)?.stack,
    });
    return errorResponse(ctx, StatusError.from(e));
  }
};

const quote = (s: string): string => `"${s.replace(/[\\"]/g, '\\$&')}"`;

/** Headers that every answer has; warnings. */
const headers: Filter = async (ctx, next) => {
  const r = await next(ctx);
  const h = r.headers;
  h['audit-id'] = ctx.auditId;
  h['cache-control'] ??= 'no-cache, private';
  if (ctx.flow) {
    h['x-kubernetes-pf-flowschema-uid'] = ctx.flow.uid;
    h['x-kubernetes-pf-prioritylevel-uid'] = ctx.flow.level.config.uid;
  }
  if (ctx.warnings.length)
    h['warning'] = ctx.warnings.map((w) => `299 - ${quote(w.replace(/[\x00-\x1f\x7f]+/g, ' '))}`).join(', ');
  return r;
};

const metrics: Filter = async (ctx, next, d) => {
  const done = d.metrics.begin(ctx.info, isLongRunning(ctx));
  const r = await next(ctx);
  done(r.status);
  return r;
};

/** `?timeout=` in ms; 0 and nothing are the server's own (upstream: filters/request_deadline.go). @throws 400 */
function askedTimeout(query: URLSearchParams): number | undefined {
  const text = query.size > 0 ? query.get('timeout') : null;
  if (!text) return undefined;
  try {
    const ns = parseDuration(text);
    return ns > 0n ? Math.max(1, Number(ns / 1_000_000n)) : undefined;
  } catch (e) {
    throw badRequest(`invalid timeout specified in the request URL - ${(e as Error).message}`);
  }
}

/** The answer; `end` is called once or more when it is ready, or has been sent, as far as it is sent piece by piece. */
function whenSent(ctx: RequestContext, r: ApiResponse, end: () => void): ApiResponse {
  const { body } = r;
  if (typeof body !== 'function') {
    end();
    return r;
  }
  // A body that nobody comes for is never run.
  ctx.signal.addEventListener('abort', end, { once: true });
  return { ...r, body: (sink) => body(sink).finally(end) };
}

/** Lets `run` answer unless its time is over before. */
function within(flight: InFlight, ctx: RequestContext, run: () => Promise<ApiResponse>): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const leave = flight.enter(
      {
        abort(reason) {
          reject(reason);
          ctx.request.abort(reason);
        },
      },
      ctx.timeout,
    );
    run().then(
      (r) => resolve(whenSent(ctx, r, leave)),
      (e: unknown) => {
        leave();
        reject(e);
      },
    );
  });
}

/** Gives each request that is not long-running its time. */
const bounds: Filter = async (ctx, next, d) => {
  if (isLongRunning(ctx)) return next(ctx);
  ctx.timeout = askedTimeout(ctx.query);
  return within(d.inFlight, ctx, () => next(ctx));
};

const writes = new Set(['create', 'update', 'patch', 'delete']);

/** A write has 34 s from when it gets to its handler (upstream: endpoints/handlers/rest.go, requestTimeoutUpperBound). */
const writeBound: Filter = (ctx, next, d) =>
  ctx.info.isResource && writes.has(ctx.info.verb) && !isLongRunning(ctx)
    ? within(d.writing, ctx, () => next(ctx))
    : next(ctx);

const authentication: Filter = async (ctx, next, d) => {
  const { request } = ctx;
  if (request.user) ctx.user = request.user;
  else {
    const protocols = request.headers['sec-websocket-protocol'];
    const user = await d.authenticator.authenticate({
      clientCertificate: request.clientCertificate,
      proxyCertificate: request.proxyCertificate,
      authorization: header(request.headers, 'authorization') || undefined,
      webSocketProtocols:
        protocols === undefined
          ? undefined
          : header(request.headers, 'sec-websocket-protocol')
              .split(',')
              .map((p) => p.trim()),
      headers: request.headers,
    });
    if (!user) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
    if (request.invalidCertificate && user.name === anonymousName)
      throw new StatusError(401, 'Unauthorized', 'Unauthorized');
    ctx.user = user;
  }
  return next(ctx);
};

const impersonation: Filter = async (ctx, next, d) => {
  if (ctx.request.headers['impersonate-user'] !== undefined || hasImpersonation(ctx))
    ctx.user = await impersonate(ctx.user, ctx.request.headers, d.authorizer);
  return next(ctx);
};

const hasImpersonation = (ctx: RequestContext): boolean => {
  for (const k in ctx.request.headers) if (k.startsWith('impersonate-')) return true;
  return false;
};

const tooMany = (seconds: number): ApiResponse =>
  textResponse(429, 'Too many requests, please try again later.\n', { 'retry-after': String(seconds) });

/** A request that has no time of its own waits no longer than a quarter of a minute for its turn, none more than a minute. */
const waitLimit = (ctx: RequestContext): number => Math.min((ctx.timeout ?? 60_000) / 4, 60_000);

/** Serves a request whose turn it is, and says when its seats are free: a watch keeps them only until it has begun. */
async function serve(f: FlowRequest, ctx: RequestContext, next: Next, d: FilterDependencies): Promise<ApiResponse> {
  const end = () => d.flows.end(f);
  const isWatch = ctx.info.verb === 'watch';
  const forget = isWatch ? d.flows.watching(ctx) : undefined;
  if (isWatch) ctx.begun = end;
  const over = () => {
    end();
    forget?.();
  };
  try {
    const r = await next(ctx);
    if (!r.upgrade) return whenSent(ctx, r, over);
    ctx.signal.addEventListener('abort', over, { once: true });
    return r;
  } catch (e) {
    over();
    throw e;
  }
}

/**
 * Each request takes seats of its priority level, waits for them, or is turned away; streams that are no watch take none (upstream:
 * filters/priority-and-fairness.go).
 */
const flowControl: Filter = async (ctx, next, d) => {
  if (ctx.info.verb !== 'watch' && isLongRunning(ctx)) return next(ctx);
  const f = d.flows.begin(ctx);
  ctx.flow = f.route;
  const isServed = f.state === 'waiting' ? await d.flows.turn(f, waitLimit(ctx), ctx.signal) : f.state !== 'done';
  if (!isServed) return tooMany(d.flows.retryAfter(f));
  return serve(f, ctx, next, d);
};

const authorization: Filter = async (ctx, next, d) => {
  const { info, query } = ctx;
  const attributes =
    query.size > 0
      ? {
          ...info,
          user: ctx.user,
          labelSelector: query.get('labelSelector') ?? undefined,
          fieldSelector: query.get('fieldSelector') ?? undefined,
        }
      : { ...info, user: ctx.user };
  const answer = d.authorizer.authorize(attributes);
  const decision = answer instanceof Promise ? await answer : answer;
  if (decision.decision !== 'allow') throw forbiddenError(attributes, decision.reason);
  return next(ctx);
};

/** The order is the meaning: outermost first. */
export const filters: readonly (readonly [name: string, filter: Filter])[] = [
  ['headers', headers],
  ['metrics', metrics],
  ['errors', errors],
  ['bounds', bounds],
  ['authentication', authentication],
  ['impersonation', impersonation],
  ['flow control', flowControl],
  ['authorization', authorization],
  ['write bound', writeBound],
];

/** The chain in front of `last`. */
export function chain(d: FilterDependencies, last: Next): Next {
  let next = last;
  for (let i = filters.length - 1; i >= 0; i--) {
    const [, filter] = filters[i]!;
    const after = next;
    next = (ctx) => filter(ctx, after, d);
  }
  return next;
}
