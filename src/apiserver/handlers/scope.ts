/** What a handler is given: the engine, the row asked for, the request. And the answer for one object. */
import type { KubeObject, Subresource } from '../../api/resource-row.ts';
import type { Status } from '../../machinery/status-error.ts';
import type { AnyStruct } from '../../schema/dsl.ts';
import type { Entry } from '../cache/index.ts';
import type { Engine, Served } from '../engine.ts';
import { encodeObject, encodeStatus } from '../forms/encode.ts';
import { includeObject, partialMetadata, tableHead, tableRow } from '../forms/table.ts';
import { type Accepted, mediaTypeText, negotiateOutput, wantsPretty } from '../negotiate.ts';
import type { WriteRequest } from '../registry/write-request.ts';
import { type ApiResponse, header, type RequestContext } from '../request.ts';
import { type MutationOptions, managerOf } from '../request-options.ts';

export interface Scope {
  readonly engine: Engine;
  readonly served: Served;
  readonly subresource: Subresource | undefined;
  readonly ctx: RequestContext;
  readonly accepted: Accepted;
}

export type Handler = (scope: Scope) => Promise<ApiResponse>;

/** `tables` = what is asked for has a Table form. @throws 406 */
export function acceptedOf(ctx: RequestContext, tables = true): Accepted {
  const h = ctx.request.headers;
  const pretty = ctx.query.size > 0 && ctx.query.has('pretty') ? ctx.query.get('pretty') : null;
  return negotiateOutput(header(h, 'accept'), wantsPretty(pretty, header(h, 'user-agent')), undefined, tables);
}

export const userAgent = (ctx: RequestContext): string => header(ctx.request.headers, 'user-agent');

export function writeRequest(s: Scope, o: Pick<MutationOptions, 'dryRun' | 'fieldManager'>): WriteRequest {
  const { ctx } = s;
  return {
    engine: s.engine,
    served: s.served,
    subresource: s.subresource,
    namespace: s.served.row.namespaced ? ctx.info.namespace : '',
    name: ctx.info.name,
    user: ctx.user,
    dryRun: o.dryRun,
    manager: managerOf(o as MutationOptions, userAgent(ctx)),
    info: ctx.info,
    warnings: ctx.warnings,
    signal: ctx.signal,
  };
}

const jsonHeaders = () => ({ 'content-type': 'application/json' });

/** One entry, in the form the client accepts. */
export function respondEntry(s: Scope, status: number, entry: Entry): ApiResponse {
  if (s.accepted.type === 'json' && s.accepted.form === 'object' && !s.accepted.pretty) {
    const n = entry.bytes.length;
    const body = Buffer.allocUnsafe(n + 1);
    entry.bytes.copy(body);
    body[n] = 0x0a;
    return { status, headers: jsonHeaders(), body };
  }
  return respondObject(s, status, entry.object);
}

/** An object of the row's kind (or, as it is, of another kind), in the form the client accepts. */
export function respondObject(
  s: Scope,
  status: number,
  obj: KubeObject,
  ownKind = true,
  schema: AnyStruct = s.served.row.schema,
): ApiResponse {
  const { accepted, served } = s;
  const type = mediaTypeText[accepted.type];
  if (accepted.form === 'table' && ownKind) {
    const { metaVersion } = accepted;
    const table = tableHead(served.row, metaVersion, { resourceVersion: obj.metadata.resourceVersion ?? '' }, true);
    table['rows'] = [tableRow(served.row, obj, s.engine.clock.now(), includeObject(s.ctx.query), metaVersion)];
    return { status, headers: { 'content-type': type }, body: encodeObject(accepted, table, undefined) };
  }
  if (accepted.form === 'metadata' && ownKind)
    return {
      status,
      headers: { 'content-type': type },
      body: encodeObject(accepted, partialMetadata(obj, accepted.metaVersion), 'PartialObjectMetadata'),
    };
  return {
    status,
    headers: { 'content-type': type },
    body: encodeObject(accepted, obj, schema),
  };
}

export function respondStatus(accepted: Accepted, code: number, status: Status): ApiResponse {
  return {
    status: code,
    headers: { 'content-type': mediaTypeText[accepted.type] },
    body: encodeStatus(accepted, status),
  };
}
