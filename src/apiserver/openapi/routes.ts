/** /openapi/v2 and /openapi/v3: documents made when first asked for, kept, with ETags (upstream: kube-openapi handlers). */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DeleteOptions, WatchEvent } from '../../api/meta/v1/types.ts';
import { type AnyRow, apiVersionOf } from '../../api/resource-row.ts';
import type { AnyStruct } from '../../schema/dsl.ts';
import { parseAccept } from '../negotiate.ts';
import { type ApiResponse, header, jsonResponse, type RequestContext } from '../request.ts';
import type { PathRoute } from '../router.ts';
import type { GroupVersionKind } from '../../schema/openapi.ts';
import { Definitions, type Dialect } from './definitions.ts';
import { pathsOf } from './paths.ts';
import { openApiV2Protobuf } from './protobuf-v2.ts';

/** The forms of one document, each made when first asked for; they share the hash of the JSON. */
interface Document {
  readonly json: Buffer;
  readonly hash: string;
  readonly forms: Map<string, Buffer>;
  readonly value: unknown;
}

const security = {
  BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' },
};

/** DeleteOptions and WatchEvent belong to every group version. */
const sharedKinds =
  (rows: readonly AnyRow[]) =>
  (s: AnyStruct): readonly GroupVersionKind[] | undefined => {
    const kind = s === DeleteOptions ? 'DeleteOptions' : s === WatchEvent ? 'WatchEvent' : undefined;
    if (!kind) return undefined;
    const seen = new Map(rows.map((r) => [apiVersionOf(r), { group: r.group, kind, version: r.version }]));
    return [...seen.values()];
  };

/** The v3 document of one group version. */
export function openApiV3(rows: readonly AnyRow[], all: readonly AnyRow[]): unknown {
  const d = new Definitions('v3', sharedKinds([...all.filter((r) => r.group === '' && r.version === 'v1'), ...rows]));
  const paths = pathsOf(rows, d, 'v3');
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'unversioned' },
    paths,
    components: { schemas: d.all, securitySchemes: security },
  };
}

/** The v2 document of everything. */
export function openApiV2(rows: readonly AnyRow[], version: string): unknown {
  const dialect: Dialect = 'v2';
  const d = new Definitions(dialect, sharedKinds(rows));
  const paths = pathsOf(rows, d, dialect);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths,
    definitions: d.all,
    securityDefinitions: security,
    security: [{ BearerToken: [] }],
  };
}

const render = (value: unknown): Document => {
  const json = Buffer.from(JSON.stringify(value));
  return { json, hash: createHash('sha512').update(json).digest('hex').toUpperCase(), forms: new Map(), value };
};

const protobufV2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
/** Media types of the documents and the name each is answered under (kube-openapi pkg/handler). */
const mediaTypes: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  v2: {
    'application/json': 'application/json',
    // The first name of the form is no valid media type; clients still ask for it.
    'application/com.github.proto-openapi.spec.v2@v1.0+protobuf': protobufV2,
    [protobufV2]: protobufV2,
  },
  v3: { 'application/json': 'application/json' },
};

/** The media type to answer with; undefined = none of those asked for. */
function mediaTypeFor(ctx: RequestContext, v: Dialect): string | undefined {
  for (const { type } of parseAccept(header(ctx.request.headers, 'accept') || '*/*')) {
    if (type === '*/*' || type === 'application/*') return 'application/json';
    const found = mediaTypes[v][type];
    if (found) return found;
  }
  return undefined;
}

function form(doc: Document, name: string, make: () => Buffer): Buffer {
  let bytes = doc.forms.get(name);
  if (!bytes) {
    bytes = make();
    doc.forms.set(name, bytes);
  }
  return bytes;
}

function answer(ctx: RequestContext, doc: Document, v: Dialect): ApiResponse {
  const type = mediaTypeFor(ctx, v);
  const vary = v === 'v2' ? 'Accept-Encoding, Accept' : 'Accept';
  if (!type) return { status: 406, headers: { vary }, body: Buffer.alloc(0) };
  const etag = `"${doc.hash}"`;
  const headers: Record<string, string> = { 'content-type': type, etag, vary };
  const asked = v === 'v3' ? ctx.query.get('hash') : null;
  if (asked && asked !== doc.hash) {
    const location = `${ctx.info.path}?hash=${doc.hash}`;
    return { status: 301, headers: { ...headers, location }, body: Buffer.alloc(0) };
  }
  if (asked) {
    // With the hash in the address it may be kept for good.
    headers['cache-control'] = 'public, immutable';
    headers['expires'] = new Date(Date.UTC(2099, 0, 1)).toUTCString();
  }
  const same = header(ctx.request.headers, 'if-none-match')
    .split(',')
    .some((t) => [etag, `W/${etag}`, '*'].includes(t.trim()));
  if (same) return { status: 304, headers, body: Buffer.alloc(0) };
  const plain = type === protobufV2 ? form(doc, type, () => openApiV2Protobuf(doc.value)) : doc.json;
  if (v === 'v3' || !header(ctx.request.headers, 'accept-encoding').includes('gzip'))
    return { status: 200, headers, body: plain };
  headers['content-encoding'] = 'gzip';
  return { status: 200, headers, body: form(doc, `${type} gzip`, () => gzipSync(plain)) };
}

function answerRoot(ctx: RequestContext, value: unknown): ApiResponse {
  const r = jsonResponse(200, value);
  r.headers['etag'] = `"${render(value).hash}"`;
  const same = header(ctx.request.headers, 'if-none-match') === r.headers['etag'];
  return same ? { ...r, status: 304, body: Buffer.alloc(0) } : r;
}

export function openApiRoutes(rows: readonly AnyRow[], version: string): PathRoute[] {
  const byGroupVersion = new Map<string, AnyRow[]>();
  for (const r of rows) {
    const path = r.group ? `apis/${r.group}/${r.version}` : `api/${r.version}`;
    const list = byGroupVersion.get(path);
    if (list) list.push(r);
    else byGroupVersion.set(path, [r]);
  }
  const documents = new Map<string, Document>();
  const document = (path: string, make: () => unknown): Document => {
    let doc = documents.get(path);
    if (!doc) {
      doc = render(make());
      documents.set(path, doc);
    }
    return doc;
  };
  const v3 = (path: string) => document(path, () => openApiV3(byGroupVersion.get(path)!, rows));
  return [
    {
      path: '/openapi/v2',
      handler: (ctx) =>
        answer(
          ctx,
          document('v2', () => openApiV2(rows, version)),
          'v2',
        ),
    },
    {
      path: '/openapi/v3',
      handler: (ctx) => {
        const paths: Record<string, { readonly serverRelativeURL: string }> = {};
        for (const path of [...byGroupVersion.keys()].sort())
          paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${v3(path).hash}` };
        return answerRoot(ctx, { paths });
      },
    },
    ...[...byGroupVersion.keys()].map(
      (path): PathRoute => ({
        path: `/openapi/v3/${path}`,
        hidden: true,
        handler: (ctx) => answer(ctx, v3(path), 'v3'),
      }),
    ),
  ];
}
