/** Which media type a client gets and sends: Accept and Content-Type (upstream: apiserver/pkg/endpoints/handlers/negotiation). */
import { notAcceptable, StatusError, unsupportedMediaType } from '../machinery/status-error.ts';

export type MediaType = 'json' | 'yaml' | 'protobuf';

/** How an object is answered. `form`: as it is, as a Table, or as its metadata only. */
export interface Accepted {
  readonly type: MediaType;
  readonly form: 'object' | 'table' | 'metadata';
  /** Version of meta.k8s.io a Table or PartialObjectMetadata is in. */
  readonly metaVersion: 'v1' | 'v1beta1';
  readonly pretty: boolean;
}

export const mediaTypeText: Readonly<Record<MediaType, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};

interface Clause {
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
  readonly q: number;
}

/** The clauses of an Accept header, best first. */
export function parseAccept(text: string): Clause[] {
  const out: Clause[] = [];
  for (const part of text.split(',')) {
    const [type = '', ...rest] = part.split(';').map((s) => s.trim());
    if (!type) continue;
    const params: Record<string, string> = {};
    for (const p of rest) {
      const eq = p.indexOf('=');
      if (eq > 0) params[p.slice(0, eq).trim().toLowerCase()] = p.slice(eq + 1).trim();
    }
    const q = params['q'] === undefined ? 1 : Number(params['q']);
    out.push({ type: type.toLowerCase(), params, q: Number.isFinite(q) ? q : 0 });
  }
  return out.sort((a, b) => b.q - a.q);
}

const all: readonly MediaType[] = ['json', 'yaml', 'protobuf'];

function mediaTypeOf(type: string, served: readonly MediaType[]): MediaType | undefined {
  if (type === '*/*' || type === 'application/*') return served[0];
  const found: MediaType | undefined =
    type === 'application/json'
      ? 'json'
      : type === 'application/yaml'
        ? 'yaml'
        : type === 'application/vnd.kubernetes.protobuf'
          ? 'protobuf'
          : undefined;
  return found && served.includes(found) ? found : undefined;
}

const plainJson: Accepted = { type: 'json', form: 'object', metaVersion: 'v1', pretty: false };
const prettyJson: Accepted = { ...plainJson, pretty: true };
const cache = new Map<string, Accepted>();

/**
 * What to answer with. `served` = the media types of this kind; `tables` = it has a Table form.
 * @throws 406 when nothing the client accepts is served
 */
export function negotiateOutput(
  accept: string,
  pretty: boolean,
  served: readonly MediaType[] = all,
  tables = true,
): Accepted {
  if (accept === 'application/json' || accept === '' || accept === '*/*') return pretty ? prettyJson : plainJson;
  const key = served === all && !pretty && tables ? accept : '';
  const known = key && cache.get(key);
  if (known) return known;
  const result = select(accept, pretty, served, tables);
  if (key) {
    if (cache.size > 200) cache.clear();
    cache.set(key, result);
  }
  return result;
}

function select(accept: string, pretty: boolean, served: readonly MediaType[], tables: boolean): Accepted {
  let known = false;
  for (const c of parseAccept(accept)) {
    const type = mediaTypeOf(c.type, served);
    if (!type) continue;
    known = true;
    const as = c.params['as'];
    if (as === undefined)
      return { type, form: 'object', metaVersion: 'v1', pretty: pretty || c.params['pretty'] === '1' };
    const v = c.params['v'];
    if (c.params['g'] !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) continue;
    if (as === 'Table' && tables && type !== 'protobuf') return { type, form: 'table', metaVersion: v, pretty };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { type, form: 'metadata', metaVersion: v, pretty };
  }
  // Types that nothing here speaks do not get past upstream's router, which has words of its own.
  if (!known)
    throw new StatusError(
      406,
      'NotAcceptable',
      `406: Not Acceptable\n\nAvailable representations: ${served.map((t) => mediaTypeText[t]).join(', ')}`,
      {},
    );
  throw notAcceptable(`only the following media types are accepted: ${served.map((t) => mediaTypeText[t]).join(', ')}`);
}

/** Content-Type of a request body. @throws 415 */
export function negotiateInput(contentType: string): MediaType {
  if (contentType === '' || contentType === 'application/json') return 'json';
  const semi = contentType.indexOf(';');
  const type = (semi < 0 ? contentType : contentType.slice(0, semi)).trim().toLowerCase();
  const found = type === '*/*' ? 'json' : mediaTypeOf(type, all);
  if (found) return found;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${all.map((t) => mediaTypeText[t]).join(', ')}`,
  );
}

/** Whether a user agent is a browser or curl-like tool, for which JSON is indented (`?pretty` decides otherwise). */
export function wantsPretty(pretty: string | null, userAgent: string): boolean {
  if (pretty !== null) return pretty !== 'false' && pretty !== '0';
  return userAgent.startsWith('curl') || userAgent.startsWith('Wget') || userAgent.startsWith('Mozilla/5.0');
}
