import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { generateName } from './generate-name.ts';
import { computeHash, fnv32a, fnv64a } from './hash.ts';
import * as names from './names.ts';

test('valid names pass', () => {
  for (const v of ['a', 'a-b', '0', 'a'.repeat(63)]) assert.deepEqual(names.isDns1123Label(v), []);
  for (const v of ['a.b', 'a-1.b', `${'a'.repeat(63)}.${'b'.repeat(63)}`])
    assert.deepEqual(names.isDns1123Subdomain(v), []);
  for (const v of [
    'simple',
    'now-with-dashes',
    '1.2.3.4/5678',
    'Uppercase_Is_OK_123',
    'example.com/Uppercase',
    `${'a'.repeat(253)}/${'b'.repeat(63)}`,
  ])
    assert.deepEqual(names.isQualifiedName(v), [], v);
  for (const v of ['', 'simple', '1', 'a.b_c-d']) assert.deepEqual(names.isLabelValue(v), []);
  for (const v of ['telnet', 're-mail-ck', '9a', 'a-9-a']) assert.deepEqual(names.isPortName(v), []);
  for (const v of ['a', '.a', '_A-b.C']) assert.deepEqual(names.isEnvVarName(v), []);
});

test('bad names get upstream messages', () => {
  const label =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
  assert.deepEqual(names.isDns1123Label('A'), [label]);
  assert.deepEqual(names.isDns1123Label('a.b'), ['must not contain dots']);
  assert.deepEqual(names.isDns1123Label(`${'a'.repeat(63)}B`), ['must be no more than 63 characters', label]);
  assert.deepEqual(names.isDns1123Subdomain('a..b'), [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ]);
  assert.deepEqual(names.isLabelValue('a'.repeat(64)), ['must be no more than 63 bytes']);
  assert.deepEqual(names.isQualifiedName('/a'), ['prefix part must be non-empty']);
  assert.equal(names.isQualifiedName('a/').length, 2);
  assert.equal(names.isQualifiedName('a/')[0], 'name part must be non-empty');
  assert.match(
    names.isQualifiedName('a/b/c')[0]!,
    /^a valid label key must consist of .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
  );
  assert.deepEqual(names.isPortName('-a--'), [
    'must not contain consecutive hyphens',
    'must not begin or end with a hyphen',
  ]);
  assert.deepEqual(names.isPortName('12'), ['must contain at least one letter (a-z)']);
  assert.deepEqual(names.isConfigMapKey('..'), ["must not be '..'"]);
  assert.deepEqual(names.isConfigMapKey('..a'), ["must not start with '..'"]);
  assert.deepEqual(names.isPortNumber(0), ['must be between 1 and 65535, inclusive']);
  assert.deepEqual(names.isPathSegmentName('a/b%'), ["may not contain '/'", "may not contain '%'"]);
  assert.equal(names.isEnvVarName('1a').length, 1);
  assert.equal(names.isRelaxedEnvVarName('a=b').length, 1);
  assert.equal(names.isDns1123Label('a\n').length, 1);
});

test('generated names are DNS labels that keep as much of the base as fits', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z][a-z-]{0,80}$/),
      fc.infiniteStream(fc.float({ min: 0, max: Math.fround(0.99), noNaN: true })),
      (base, stream) => {
        const name = generateName(base, () => stream.next().value as number);
        assert.equal(name.length, Math.min(base.length, 58) + 5);
        assert.deepEqual(names.isDns1123Label(name), []);
        assert.ok(name.startsWith(base.slice(0, 58)));
      },
    ),
  );
});

test('hashes equal the published FNV-1a values', () => {
  assert.equal(fnv32a(''), 0x811c9dc5);
  assert.equal(fnv32a('a'), 0xe40c292c);
  assert.equal(fnv32a('foobar'), 0xbf9cf968);
  assert.equal(fnv64a('foobar'), 0x85944171f73967e8n);
});

test('a template hash ignores the order of keys and unset fields, and follows the collision count', () => {
  assert.equal(computeHash({ a: 1, b: undefined, c: [1] }), computeHash({ c: [1], a: 1 }));
  assert.notEqual(computeHash({ a: 1 }), computeHash({ a: 1 }, 1));
  assert.match(computeHash({ a: 1 }), /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
});
