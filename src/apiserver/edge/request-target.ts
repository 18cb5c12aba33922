/** What the line and framing of a request may look like before anybody asks what it means (as Go's net/http reads them). Pure. */

export interface Target {
  /** Path with query. */
  readonly url: string;
}

/** An answer of the server itself, after which the connection is closed. */
export interface EarlyAnswer {
  readonly status: number;
  readonly text: string;
}

const badEscape = /%(?![0-9a-fA-F]{2})/;
const control = /[\x00-\x20\x7f]/;
const absolute = /^https?:\/\/[^/?#]*/i;

/** Pairs that cannot be decoded, or hold a `;`, are as if they were not there (net/url ParseQuery). */
function readableQuery(query: string): string {
  if (!query.includes(';') && !badEscape.test(query)) return query;
  return query
    .split('&')
    .filter((pair) => !pair.includes(';') && !badEscape.test(pair))
    .join('&');
}

/** Reads the target of a request line and the transfer encoding of its body. */
export function readTarget(method: string, target: string, transferEncoding: string | undefined): Target | EarlyAnswer {
  if (transferEncoding !== undefined && transferEncoding.trim().toLowerCase() !== 'chunked')
    return { status: 501, text: 'Unsupported transfer encoding' };
  if (target === '*') return method === 'OPTIONS' ? { status: 200, text: '' } : { url: '*' };
  const url = target.startsWith('/') ? target : target.replace(absolute, '') || '/';
  const q = url.indexOf('?');
  const path = q < 0 ? url : url.slice(0, q);
  if (badEscape.test(path) || control.test(url)) return { status: 400, text: '400 Bad Request' };
  return { url: q < 0 ? url : `${path}?${readableQuery(url.slice(q + 1))}` };
}
