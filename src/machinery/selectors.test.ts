import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldSelectorText, fieldsMatch, parseFieldSelector } from './field-selector.ts';
import {
  formatLabelSelector,
  labelSelectorAsSelector,
  labelSelectorText,
  parseLabelSelector,
  SelectorError,
  selectorFromSet,
} from './label-selector.ts';

test('label selectors parse to one text form', () => {
  const vectors: [string, string][] = [
    ['', ''],
    ['a=b', 'a=b'],
    [' x in (b , a) , !d,e!=f,g>1,h==i', '!d,e!=f,g>1,h==i,x in (a,b)'],
    ['a=', 'a='],
    ['a', 'a'],
    ['a in ()', 'a in ()'],
    ['a in (,x)', 'a in (,x)'],
    ['in=in', 'in=in'],
  ];
  for (const [from, to] of vectors)
    assert.equal(
      labelSelectorText(parseLabelSelector(from)),
      to === vectors[2]![1] ? '!d,e!=f,g>1,h==i,x in (a,b)' : to,
    );
});

test('a bad label selector is refused with upstream wording', () => {
  const bad: [string, string][] = [
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a in x', "unable to parse requirement: found 'x' expected: '('"],
    ['a in (x', "unable to parse requirement: found '', expected: ',' or ')'"],
    [
      'x>a',
      "unable to parse requirement: values[0]: Invalid value: \"a\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ];
  for (const [text, message] of bad) assert.throws(() => parseLabelSelector(text), new SelectorError(message));
});

test('labels match as upstream does, absent labels included', () => {
  const cases: [string, Record<string, string>, boolean][] = [
    ['', {}, true],
    ['a=b', { a: 'b', c: 'd' }, true],
    ['a=b', {}, false],
    ['a!=b', {}, true],
    ['a notin (b,c)', { a: 'd' }, true],
    ['a in (b,c)', { a: 'c' }, true],
    ['!a', { a: '' }, false],
    ['a', { a: '' }, true],
    ['a=', { a: '' }, true],
    ['n>5', { n: '10' }, true],
    ['n>5', { n: 'x' }, false],
    ['n<5', { n: '4' }, true],
    ['constructor', {}, false],
  ];
  for (const [s, labels, want] of cases) assert.equal(parseLabelSelector(s).matches(labels), want, s);
});

test('an unset metav1 selector selects nothing, an empty one everything', () => {
  assert.equal(labelSelectorAsSelector(undefined).matches({}), false);
  assert.equal(labelSelectorAsSelector({}).matches(undefined), true);
  const spec = { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'NotIn', values: ['d'] }] };
  assert.equal(labelSelectorAsSelector(spec).matches({ a: 'b', c: 'd' }), false);
  assert.equal(formatLabelSelector(spec), 'a=b,c notin (d)');
  assert.equal(formatLabelSelector({}), '<none>');
  assert.equal(formatLabelSelector({ matchExpressions: [{ key: 'c', operator: 'Bad' }] }), '<error>');
});

test('a selector from labels matches them, and its text parses back', () => {
  const word = fc.stringMatching(/^[a-z]{1,5}$/);
  fc.assert(
    fc.property(fc.dictionary(word, word), fc.dictionary(word, word), (labels, more) => {
      const s = selectorFromSet(labels);
      assert.equal(s.matches({ ...more, ...labels }), true);
      assert.equal(parseLabelSelector(labelSelectorText(s)).matches(labels), true);
    }),
  );
});

test('field selectors parse, unescape and match', () => {
  assert.deepEqual(parseFieldSelector('status.phase!=Running,metadata.name==a\\,b'), [
    { field: 'metadata.name', operator: '=', value: 'a,b' },
    { field: 'status.phase', operator: '!=', value: 'Running' },
  ]);
  assert.deepEqual(parseFieldSelector(',,'), []);
  assert.throws(() => parseFieldSelector('a'), new SelectorError("invalid selector: 'a'; can't understand 'a'"));
  assert.throws(
    () => parseFieldSelector('a=b=c'),
    new SelectorError('invalid field selector: unescaped character in value: 61'),
  );
  assert.throws(
    () => parseFieldSelector('a=\\x'),
    new SelectorError('invalid field selector: invalid escape sequence: \\x'),
  );
  assert.equal(
    fieldsMatch(parseFieldSelector('a=,b!=c'), () => undefined),
    true,
  );
  assert.equal(
    fieldsMatch(parseFieldSelector('a=1'), (f) => (f === 'a' ? '1' : undefined)),
    true,
  );
});

test('field selectors with any value parse back', () => {
  fc.assert(
    fc.property(fc.string(), (v) => {
      const r = [{ field: 'a', operator: '=' as const, value: v }];
      assert.deepEqual(parseFieldSelector(fieldSelectorText(r)), r);
    }),
  );
});
