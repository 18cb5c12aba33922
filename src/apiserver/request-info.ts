/** From method, path and query to what is asked (upstream: apiserver/pkg/endpoints/request/requestinfo.go). */
import type { RequestInfo } from './attributes.ts';

export interface ParsedRequest {
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  /** What follows resource/name/subresource, with its leading slash; '' = nothing. */
  readonly rest: string;
}

const noQuery = new URLSearchParams();
const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  GET: 'get',
  HEAD: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Bytes that are no UTF-8 are not refused: they name nothing. */
function decode(s: string): string {
  if (!s.includes('%')) return s;
  try {
    return decodeURIComponent(s);
  } catch {
    const bytes = s.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

/** `true`, `1`, `yes`… : any value but false and 0, as upstream converts booleans in queries. */
export const queryBool = (v: string | null): boolean => v !== null && v.toLowerCase() !== 'false' && v !== '0';

/** The one name a field selector asks for (`metadata.name=x` or `==`), if it does. */
function requiredName(fieldSelector: string | null): string {
  if (!fieldSelector) return '';
  for (const term of fieldSelector.split(',')) {
    const m = /^metadata\.name==?([^=!].*)$/.exec(term);
    if (m && !/[/%]|^\.{1,2}$/.test(m[1]!)) return m[1]!;
  }
  return '';
}

/** What follows the first parts of a path, as it came where that can be told. */
function restOf(rawPath: string, parts: readonly string[], from: number): string {
  const raw = rawPath.split('/');
  const sameBefore = raw.slice(0, from).every((p, i) => decode(p) === parts[i]);
  return `/${(sameBefore ? raw : parts.map(encodeURIComponent)).slice(from).join('/')}`;
}

export function parseRequest(method: string, url: string): ParsedRequest {
  const q = url.indexOf('?');
  const rawPath = q < 0 ? url : url.slice(0, q);
  const query = q < 0 ? noQuery : new URLSearchParams(url.slice(q + 1));
  const path = decode(rawPath);
  const nonResource = (): ParsedRequest => ({
    info: {
      verb: method.toLowerCase(),
      isResource: false,
      path,
      group: '',
      version: '',
      resource: '',
      subresource: '',
      namespace: '',
      name: '',
    },
    query,
    rest: '',
  });
  const isApi = path.startsWith('/api/');
  if (!isApi && !path.startsWith('/apis/')) return nonResource();
  const parts = path.split('/');
  // parts[0] is '' and parts[1] the prefix; trailing slashes do not count
  let end = parts.length;
  while (end > 2 && parts[end - 1] === '') end--;
  let at = 2;
  if (end - 1 < 3) return nonResource();
  let group = '';
  if (!isApi) {
    if (end - 2 < 3) return nonResource();
    group = parts[at++]!;
  }
  const version = parts[at++]!;
  let verb = verbs[method] ?? '';
  let viaPrefix = false;
  if ((parts[at] === 'watch' || parts[at] === 'proxy') && at + 1 < end) {
    verb = parts[at]!;
    viaPrefix = true;
    at++;
  }
  let namespace = '';
  if (parts[at] === 'namespaces' && at + 1 < end) {
    namespace = parts[at + 1]!;
    if (at + 2 < end && parts[at + 2] !== 'status' && parts[at + 2] !== 'finalize') at += 2;
  }
  const resource = parts[at] ?? '';
  let name = at + 1 < end ? parts[at + 1]! : '';
  const subresource = at + 2 < end && !viaPrefix ? parts[at + 2]! : '';
  const rest = subresource && parts.length > at + 3 ? restOf(rawPath, parts, at + 3) : '';
  if (!name && verb === 'get') {
    verb = queryBool(query.get('watch')) ? 'watch' : 'list';
    name = requiredName(query.get('fieldSelector'));
  }
  if (!name && verb === 'delete') verb = 'deletecollection';
  return {
    info: { verb, isResource: true, path, group, version, resource, subresource, namespace, name },
    query,
    rest,
  };
}
