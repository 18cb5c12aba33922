/** What every request passes before its handler: one ordered table (upstream: server/config.go DefaultBuildHandlerChain). */
import type { Logger } from '../base/log.ts';
import { badRequest, StatusError } from '../machinery/status-error.ts';
import { parseDuration } from '../schema/go-time.ts';
import type { Authenticator, Authorizer } from './attributes.ts';
import { forbiddenError } from './auth/authorizer-chain.ts';
import { anonymousName } from './auth/identity.ts';
import { impersonate } from './auth/impersonation.ts';
import type { FlowClassifier } from './flow-control.ts';
import { type Accepted, negotiateOutput } from './negotiate.ts';
import type { InFlight } from './in-flight.ts';
import type { RequestMetrics } from './metrics.ts';
import { respondStatus } from './handlers/scope.ts';
import { type ApiResponse, header, type RequestContext, textResponse } from './request.ts';

export interface FilterDependencies {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly log: Logger;
  readonly metrics: RequestMetrics;
  readonly inFlight: InFlight;
  readonly flows: FlowClassifier;
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
    h['x-kubernetes-pf-flowschema-uid'] = ctx.flow.flowSchemaUid;
    h['x-kubernetes-pf-prioritylevel-uid'] = ctx.flow.priorityLevelUid;
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

/** Gives each request that is not long-running its time. */
const bounds: Filter = async (ctx, next, d) => {
  if (isLongRunning(ctx)) return next(ctx);
  let giveUp: (e: Error) => void = () => {};
  const leave = d.inFlight.enter(
    {
      abort(reason) {
        giveUp(reason);
        ctx.request.abort(reason);
      },
    },
    askedTimeout(ctx.query),
  );
  try {
    return await new Promise<ApiResponse>((resolve, reject) => {
      giveUp = reject;
      next(ctx).then(resolve, reject);
    });
  } finally {
    leave();
  }
};

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

const tooMany = (): ApiResponse =>
  textResponse(429, 'Too many requests, please try again later.\n', { 'retry-after': '1' });

/**
 * Names the flow of a request; streams that are no watch belong to none. When there are too many at once, only what is exempt goes on:
 * probes and administrators (upstream: filters/priority-and-fairness.go).
 */
const flowControl: Filter = (ctx, next, d) => {
  const long = isLongRunning(ctx);
  if (ctx.info.verb === 'watch' || !long) ctx.flow = d.flows.classify(ctx.info, ctx.user);
  if (!long && d.inFlight.isFull && ctx.flow?.priorityLevel !== 'exempt') return Promise.resolve(tooMany());
  return next(ctx);
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
