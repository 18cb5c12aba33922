/** The discovery paths and how they are negotiated: /api, /apis and what lies below them. */
import { createHash } from 'node:crypto';
import { notAcceptable } from '../../machinery/status-error.ts';
import { encodeObject } from '../forms/encode.ts';
import { type Accepted, mediaTypeText, parseAccept } from '../negotiate.ts';
import { type ApiResponse, header, type RequestContext } from '../request.ts';
import type { PathRoute } from '../router.ts';
import type { DiscoveryDocuments } from './documents.ts';

interface Wanted {
  readonly type: 'json' | 'yaml';
  /** Version of apidiscovery.k8s.io; undefined = the plain documents. */
  readonly aggregated: 'v2' | 'v2beta1' | undefined;
}

/** @throws 406 */
function wanted(ctx: RequestContext, offersAggregated: boolean): Wanted {
  const accept = header(ctx.request.headers, 'accept');
  if (!accept) return { type: 'json', aggregated: undefined };
  let protobufAsked = false;
  for (const c of parseAccept(accept)) {
    const type =
      c.type === 'application/json' || c.type === '*/*' || c.type === 'application/*'
        ? 'json'
        : c.type === 'application/yaml'
          ? 'yaml'
          : undefined;
    if (
      c.type === 'application/vnd.kubernetes.protobuf' ||
      c.type === 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    )
      protobufAsked = true;
    if (!type) continue;
    const { as, g, v } = c.params;
    if (as === undefined) return { type, aggregated: undefined };
    if (
      offersAggregated &&
      as === 'APIGroupDiscoveryList' &&
      g === 'apidiscovery.k8s.io' &&
      (v === 'v2' || v === 'v2beta1')
    )
      return { type, aggregated: v };
  }
  if (protobufAsked) return { type: 'json', aggregated: undefined };
  throw notAcceptable(
    `only the following media types are accepted: ${mediaTypeText.json}, ${mediaTypeText.yaml}, ${mediaTypeText.protobuf}`,
  );
}

interface Rendered {
  readonly body: Buffer;
  readonly etag: string;
}

const rendered = new WeakMap<object, Map<string, Rendered>>();

/** Bytes of a document in a form, made once. */
function render(doc: object, type: 'json' | 'yaml', version: string): Rendered {
  let forms = rendered.get(doc);
  if (!forms) {
    forms = new Map();
    rendered.set(doc, forms);
  }
  const key = `${type} ${version}`;
  let r = forms.get(key);
  if (!r) {
    const accepted: Accepted = { type, form: 'object', metaVersion: 'v1', pretty: false };
    const value = version === 'v2beta1' ? { ...doc, apiVersion: 'apidiscovery.k8s.io/v2beta1' } : doc;
    const body = encodeObject(accepted, value, undefined);
    r = { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
    forms.set(key, r);
  }
  return r;
}

function answer(ctx: RequestContext, plain: object, aggregated?: object): ApiResponse {
  const w = wanted(ctx, aggregated !== undefined);
  if (!w.aggregated || !aggregated)
    return { status: 200, headers: { 'content-type': mediaTypeText[w.type] }, body: render(plain, w.type, '').body };
  const r = render(aggregated, w.type, w.aggregated);
  const headers = {
    'content-type': `${mediaTypeText[w.type]};g=apidiscovery.k8s.io;v=${w.aggregated};as=APIGroupDiscoveryList`,
    etag: r.etag,
    vary: 'Accept',
    'cache-control': 'public',
  };
  if (header(ctx.request.headers, 'if-none-match') === r.etag) return { status: 304, headers, body: Buffer.alloc(0) };
  return { status: 200, headers, body: r.body };
}

export function discoveryRoutes(d: DiscoveryDocuments, serverAddress: () => string): PathRoute[] {
  let versions: { readonly address: string; readonly document: object } | undefined;
  const apiVersions = (): object => {
    const address = serverAddress();
    if (versions?.address !== address) versions = { address, document: d.apiVersions(address) as object };
    return versions.document;
  };
  const routes: PathRoute[] = [
    { path: '/api', getOnly: true, handler: (ctx) => answer(ctx, apiVersions(), d.aggregatedLegacy as object) },
    { path: '/apis', handler: (ctx) => answer(ctx, d.groupList as object, d.aggregatedGroups as object) },
  ];
  for (const [name, doc] of d.groups)
    routes.push({ path: `/apis/${name}`, getOnly: true, handler: (ctx) => answer(ctx, doc as object) });
  for (const [gv, doc] of d.resourceLists)
    routes.push({
      path: gv.includes('/') ? `/apis/${gv}` : `/api/${gv}`,
      getOnly: true,
      handler: (ctx) => answer(ctx, doc as object),
    });
  return routes;
}
