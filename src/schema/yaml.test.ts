import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseYaml, toYaml, YamlError, yamlDuplicateKey } from './yaml.ts';
import { compareKeys } from './yaml-emit.ts';
import { floatText, resolvePlain } from './yaml-scalar.ts';

// The expected texts are what `kubectl -o yaml` prints.
test('texts are quoted as kubectl quotes them', () => {
  const vectors: [unknown, string][] = [
    ['plain', 'plain'],
    ['true', '"true"'],
    ['y', '"y"'],
    ['null', '"null"'],
    ['', '""'],
    ['1', '"1"'],
    ['0o7', '"0o7"'],
    ['1e3', '"1e3"'],
    ['1_000', '"1_000"'],
    ['12:30:45', '"12:30:45"'],
    ['1:60', '1:60'],
    ['2024-01-01T00:00:00Z', '"2024-01-01T00:00:00Z"'],
    ['2024-13-01', '2024-13-01'],
    ['1e400', '1e400'],
    ['a: b', "'a: b'"],
    ['a:b', 'a:b'],
    ['a #b', "'a #b'"],
    ['a#b', 'a#b'],
    ['- x', "'- x'"],
    ['-x', '-x'],
    ['-', "'-'"],
    ['[a]', "'[a]'"],
    ["it's", "it's"],
    ["'it'", "'''it'''"],
    ['tab\there', '"tab\\there"'],
    [' lead', "' lead'"],
    ['😀', '"\\U0001F600"'],
    ['日本', '日本'],
    ['a\r', '"a\\r"'],
    ['--- a', "'--- a'"],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [1e-7, '1e-07'],
    [null, 'null'],
    [false, 'false'],
    [[], '[]'],
    [{}, '{}'],
  ];
  for (const [value, text] of vectors) assert.equal(toYaml({ k: value }), `k: ${text}\n`);
});

test('multi-line texts are literal blocks with their chomping and indentation marks', () => {
  assert.equal(
    toYaml({ a: { b: 'x\n  y\n\nz\n', c: 'x\ny', d: '\nx', e: 'x\n\n', f: 'x \ny' } }),
    [
      'a:',
      '  b: |',
      '    x',
      '      y',
      '',
      '    z',
      '  c: |-',
      '    x',
      '    y',
      '  d: |2-',
      '',
      '    x',
      '  e: |+',
      '    x',
      '',
      '  f: "x \\ny"',
      '',
    ].join('\n'),
  );
});

test('keys are sorted, lists stand at the column of their key, nested lists and maps share lines', () => {
  const value = { b: [{ y: 1, x: [1, [2, { z: 3 }]] }, []], a10: 1, a2: { c: {} } };
  assert.equal(
    toYaml(value),
    ['a2:', '  c: {}', 'a10: 1', 'b:', '- x:', '  - 1', '  - - 2', '    - z: 3', '  "y": 1', '- []', ''].join('\n'),
  );
});

test('long texts are folded after column 80', () => {
  assert.equal(toYaml({ k: 'word '.repeat(20) + 'end' }), `k: ${'word '.repeat(15)}word\n  ${'word '.repeat(4)}end\n`);
  assert.equal(toYaml({ ['k'.repeat(129)]: 'v' }), `? ${'k'.repeat(129)}\n: v\n`);
});

test('keys are ordered naturally', () => {
  const keys = ['a1', 'a10', 'a2', 'a', 'A', 'a-b', 'a.b', '10', '2', 'z'];
  assert.deepEqual(keys.sort(compareKeys), ['2', '10', 'A', 'a', 'a-b', 'a.b', 'a1', 'a2', 'a10', 'z']);
});

test('plain scalars mean what they mean to go-yaml v2', () => {
  const vectors: [string, unknown][] = [
    ['yes', true],
    ['Off', false],
    ['n', false],
    ['~', null],
    ['0o7', 7],
    ['0777', 511],
    ['08', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['-0b11', -3],
    ['1_000', 1000],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['12:30:45', '12:30:45'],
    ['2024-01-01', '2024-01-01'],
    ['1e', '1e'],
    ['_1', '_1'],
    ['0b12', '0b12'],
    ['1e400', '1e400'],
    ['"1"', '1'],
    ['!!str 1', '1'],
    ['!!binary aGk=', 'hi'],
  ];
  for (const [text, value] of vectors) assert.deepEqual(parseYaml(`k: ${text}\n`), [{ k: value }], text);
  assert.deepEqual(parseYaml('y: 1\n2: 3\n1.5: x\n'), [{ true: 1, 2: 3, 1.5: 'x' }]);
});

test('streams give their documents without the empty ones, merges and anchors resolved', () => {
  assert.deepEqual(parseYaml('---\n---\na: &a {q: 1, r: 2}\nb:\n  <<: *a\n  r: 3\n---\n# c\n---\n- 1\n'), [
    { a: { q: 1, r: 2 }, b: { q: 1, r: 3 } },
    [1],
  ]);
});

test('a key said twice keeps its last value and can be reported', () => {
  const text = 'a: 1\nb:\n  c: 1\n  "c": 2\n';
  assert.deepEqual(parseYaml(text), [{ a: 1, b: { c: 2 } }]);
  assert.equal(yamlDuplicateKey(text), 'yaml: unmarshal errors:\n  line 4: key "c" already set in map');
  assert.equal(yamlDuplicateKey('a: 1\n'), undefined);
});

test('what is no YAML is refused with its line, and so are documents that explode', () => {
  assert.throws(() => parseYaml('a: b: c'), new YamlError('yaml: mapping values are not allowed in this context'));
  assert.throws(
    () => parseYaml('a:\n\t- b'),
    new YamlError('yaml: line 2: found character that cannot start any token'),
  );
  assert.throws(() => parseYaml('a: *x'), new YamlError("yaml: unknown anchor 'x' referenced"));
  let bomb = 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n';
  for (let i = 1; i < 12; i++)
    bomb += `a${i}: &a${i} [${Array(10)
      .fill(`*a${i - 1}`)
      .join(',')}]\n`;
  assert.throws(() => parseYaml(bomb), new YamlError('yaml: document contains excessive aliasing'));
});

test('whatever is written is read back as it was', () => {
  const nasty = fc
    .array(fc.constantFrom(...'ab  \n:#-10.ex_\'"\\\t?[{&~é+,=yn'), { maxLength: 120 })
    .map((c) => c.join(''));
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      nasty,
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((d) => (d === 0 ? 0 : d)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        nasty.filter((k) => k !== '__proto__' && k !== '<<'),
        tie('value'),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));
  fc.assert(
    fc.property(json.value, (value) => {
      assert.deepEqual(parseYaml(toYaml({ value })), [{ value }]);
    }),
    { numRuns: 300 },
  );
});

test('floats are written in Go form', () => {
  assert.deepEqual([0.5, 1e6, 123456.5, 0.0001, 0.00001, -1e-9].map(floatText), [
    '0.5',
    '1000000',
    '123456.5',
    '0.0001',
    '1e-05',
    '-1e-09',
  ]);
  assert.equal(resolvePlain('.inf').value, Infinity);
});
