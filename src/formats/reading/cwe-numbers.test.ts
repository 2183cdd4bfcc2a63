import { expect, test } from 'vitest';
import { cwesOf } from './cwe-numbers.ts';

test.each([
  [
    ['external/cwe/cwe-079', 'external/cwe/cwe-22'],
    [22, 79],
  ],
  [['CWE-601: URL Redirection'], [601]],
  [['cwe:327', 'CWE_327'], [327]],
  [['security', 'encwe-12x', 'CWE-', 'CWE-0', 'CWE-1234567'], []],
  [[`CWE-79${' '.repeat(100_000)}`], [79]],
])('the weaknesses in %j', (texts, numbers) => {
  expect(cwesOf(texts)).toEqual(numbers);
});
