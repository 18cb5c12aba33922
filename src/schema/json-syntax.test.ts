import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { jsonSyntaxError, tooDeepJson } from './json-syntax.ts';

const of = (text: string) => jsonSyntaxError(Buffer.from(text));

describe("Go's words for broken JSON", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['"ab', 'unexpected end of JSON input'],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{"a":v1}', "invalid character 'v' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{}x', "invalid character 'x' after top-level value"],
    ['nul!', "invalid character '!' in literal null (expecting 'l')"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['"\\q"', "invalid character 'q' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ];
  for (const [text, want] of cases) it(JSON.stringify(text), () => assert.equal(of(text), want));

  it('has nothing against what parses, and something against what does not', () => {
    fc.assert(fc.property(fc.json(), (text) => assert.equal(of(text), undefined)));
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '{', '}', '"', ',', ':', '\\', '-', 'e'), (text, n, put) => {
        const at = n % (text.length + 1);
        const broken = text.slice(0, at) + put + text.slice(at + (put ? 0 : 1));
        let parses = true;
        try {
          JSON.parse(broken);
        } catch {
          parses = false;
        }
        assert.equal(of(broken) === undefined, parses, broken);
      }),
    );
  });
});

it('more than 10,000 levels are refused, brackets in strings do not count', () => {
  const nested = (n: number, open = '[', close = ']') => Buffer.from(open.repeat(n) + close.repeat(n));
  assert.equal(tooDeepJson(nested(10_000)), undefined);
  assert.equal(tooDeepJson(nested(10_001)), "invalid character '[' exceeded max depth");
  assert.equal(tooDeepJson(nested(10_001, '{"a":', '}')), "invalid character '{' exceeded max depth");
  assert.equal(tooDeepJson(Buffer.from(`["${'['.repeat(30_000)}\\"["]`)), undefined);
});
