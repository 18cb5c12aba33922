import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { type ProxyPlace, rewriteHtml, rewriteUrl } from './rewrite.ts';

const prefix = '/api/v1/namespaces/d/services/w/proxy';
const place: ProxyPlace = { prefix, clientHost: 'localhost:8001', backendHost: '10.1.2.3:80' };

const urls: readonly (readonly [what: string, url: string, becomes: string])[] = [
  ['an absolute path', '/there', `${prefix}/there`],
  ['with a slash at its end, a query and a fragment', '/there/?a=/b#c', `${prefix}/there/?a=/b#c`],
  ['the root', '/', `${prefix}/`],
  ["the backend's own address", 'http://10.1.2.3:80/x', `${prefix}/x`],
  ["the client's name of the server", 'https://localhost:8001/x', `https://localhost:8001${prefix}/x`],
  ['what leads through the proxy already', `${prefix}/x`, `${prefix}/x`],
  ['another host', 'https://example.com/x', 'https://example.com/x'],
  ['a relative path', 'x/y', 'x/y'],
  ['a mail address', 'mailto:a@b.c', 'mailto:a@b.c'],
  ['a fragment', '#top', '#top'],
];
for (const [what, url, becomes] of urls)
  test(`rewriteUrl: ${what}`, () => assert.equal(rewriteUrl(url, place), becomes));

test('links of a page lead through the proxy; everything else stays as it is written', async () => {
  const page = `<!DOCTYPE html><p CLASS=x data-src="/no">A &amp; B<a   href='/rewriteme'>test</a><img src=pic.png><script src="/s.js">if (a < b) "/c"</script>`;
  const want = `<!DOCTYPE html><p CLASS=x data-src="/no">A &amp; B<a href="${prefix}/rewriteme">test</a><img src=pic.png><script src="${prefix}/s.js">if (a < b) "/c"</script>`;
  for (const [encoding, bytes] of [
    ['', Buffer.from(page)],
    ['gzip', gzipSync(page)],
    ['deflate', deflateSync(page)],
  ] as const)
    assert.equal(
      await text(rewriteHtml(Readable.from([bytes.subarray(0, 20), bytes.subarray(20)]), encoding, place)!),
      want,
    );
  assert.equal(rewriteHtml(Readable.from([]), 'br', place), undefined);
});
