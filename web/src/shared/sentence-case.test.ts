import { expect, it } from 'vitest';
import { sentenceCase } from './sentence-case.ts';

it.each([
  ['close read of exports', 'Close read of exports'],
  ['ci-deploy may do everything', 'ci-deploy may do everything'],
  ['Mend it', 'Mend it'],
  ['', ''],
])('%s stands alone as %s', (text, shown) => {
  expect(sentenceCase(text)).toBe(shown);
});
