/** What a proxied page says of its own host is made to lead through the proxy again (upstream: apimachinery/pkg/util/proxy/transport.go). */
import { posix } from 'node:path';
import { createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';
import { RewritingStream } from 'parse5-html-rewriting-stream';

export interface ProxyPlace {
  /** The path of the proxy without what follows it: `/api/v1/namespaces/x/services/y/proxy`. */
  readonly prefix: string;
  /** The Host header of the client. */
  readonly clientHost: string;
  /** Host and port of the backend. */
  readonly backendHost: string;
}

/** A URL as the client has to ask for it: what names another host, or is relative, stays. Pure. */
export function rewriteUrl(url: string, place: ProxyPlace): string {
  const m = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(.*)$/is.exec(url);
  if (!m) return url;
  const [, scheme, host = '', path = '', rest = ''] = m;
  if (host && host !== place.backendHost && host !== place.clientHost) return url;
  if (!path.startsWith('/')) return url;
  const origin = host && host === place.clientHost ? `${scheme ? `${scheme}:` : ''}//${host}` : '';
  if (path.startsWith(place.prefix)) return `${origin}${path}${rest}`;
  const joined = posix.join(place.prefix, path).replace(/\/$/, '');
  return `${origin}${joined}${path.endsWith('/') ? '/' : ''}${rest}`;
}

/** Which attributes of which elements hold URLs. */
const urlAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** The page with its links rewritten, plain; undefined when its encoding is unknown and it has to be left as it is. */
export function rewriteHtml(page: Readable, encoding: string, place: ProxyPlace): Readable | undefined {
  const plain =
    encoding === ''
      ? page
      : encoding === 'gzip'
        ? page.pipe(createGunzip())
        : encoding === 'deflate'
          ? page.pipe(createInflate())
          : undefined;
  if (!plain) return undefined;
  const out = new RewritingStream();
  out.on('startTag', (tag, raw) => {
    const names = urlAttributes[tag.tagName];
    let changed = false;
    for (const a of tag.attrs)
      if (names?.includes(a.name)) {
        const to = rewriteUrl(a.value, place);
        changed ||= to !== a.value;
        a.value = to;
      }
    if (changed) out.emitStartTag(tag);
    else out.emitRaw(raw);
  });
  for (const from of new Set([page, plain])) from.on('error', (e) => out.destroy(e));
  plain.setEncoding('utf8');
  return plain.pipe(out);
}
