/** Request lines as Go reads them, and what becomes of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../request-info.ts';
import { readTarget } from './request-target.ts';

test('targets', () => {
  const table: readonly (readonly [target: string, expected: string | number])[] = [
    ['/version', '/version'],
    ['/a?b=c', '/a?b=c'],
    ['https://evil.example/version?a=b', '/version?a=b'],
    ['http://evil.example', '/'],
    ['/api/v1/namespaces/%zz/pods', 400],
    ['/api/%', 400],
    ['/a\x01b', 400],
    ['/a b', 400],
    ['/a?limit=%zz&limit=5', '/a?limit=5'],
    ['/a?x;y=1&z=2', '/a?z=2'],
    ['/%ff', '/%ff'],
  ];
  for (const [target, expected] of table) {
    const t = readTarget('GET', target, undefined);
    assert.equal('url' in t ? t.url : t.status, expected, target);
  }
  assert.deepEqual(readTarget('OPTIONS', '*', undefined), { status: 200, text: '' });
  assert.deepEqual(readTarget('POST', '/a', 'gzip, chunked'), { status: 501, text: 'Unsupported transfer encoding' });
  assert.deepEqual(readTarget('POST', '/a', 'Chunked'), { url: '/a' });
});

test('a path is taken apart after it is decoded: an escaped slash parts, dots are names', () => {
  const of = (url: string) => {
    const { info, rest } = parseRequest('GET', url);
    return [info.verb, info.namespace, info.resource, info.name, info.subresource, rest];
  };
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['/api/v1/namespaces/a/pods/b%2Fc', ['get', 'a', 'pods', 'b', 'c', '']],
    ['/api/v1/namespaces/a%2fpods', ['list', 'a', 'pods', '', '', '']],
    ['/api/v1/namespaces/a%2f..%2fpods/x', ['get', 'a', '..', 'pods', 'x', '']],
    ['/api/v1/namespaces/a/../b/pods', ['get', 'a', '..', 'b', 'pods', '']],
    ['/api/v1/namespaces/%ff/pods/x', ['get', '\ufffd', 'pods', 'x', '', '']],
    ['/api/v1/namespaces/a/pods/b/proxy/x%2Fy//z', ['get', 'a', 'pods', 'b', 'proxy', '/x%2Fy//z']],
    ['/api/v1/namespaces/a/pods/b%2Fproxy/x%2Fy', ['get', 'a', 'pods', 'b', 'proxy', '/x/y']],
  ];
  for (const [url, expected] of table) assert.deepEqual(of(url), expected, url);
  assert.equal(parseRequest('GET', '/metrics%2fcadvisor').info.path, '/metrics/cadvisor');
});
