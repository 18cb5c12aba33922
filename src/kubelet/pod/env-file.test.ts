import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envFileValue } from './env-file.ts';

test('values stand in single quotes, over several lines if need be', () => {
  const text = "# a\n\n A='1'\nB='x\ny' # more\nC= 'lost'\nD=''\nA='2'\n";
  assert.deepEqual(
    ['A', 'B', 'C', 'D', 'E'].map((k) => envFileValue(text, k)),
    ['1', 'x\ny', '', '', ''],
  );
});

test('what is no such file is refused, with the line', () => {
  const at = (n: number, why: string) => `invalid environment variable format at line ${n}: ${why}`;
  const cases: readonly (readonly [string, string])[] = [
    ['A', at(1, "missing '='")],
    ["A='1'\n='2'", at(2, 'empty variable name')],
    ["A ='1'", at(1, "whitespace before '=' is not allowed")],
    ['A="1"', at(1, 'value must be enclosed in single quotes')],
    ["A='1\n2'x", at(2, 'unexpected content after closing quote')],
    ["#\nA='1\n", 'invalid environment variable format starting at line 2: unclosed single quote'],
  ];
  for (const [text, message] of cases) assert.throws(() => envFileValue(text, 'Z'), { message });
});
