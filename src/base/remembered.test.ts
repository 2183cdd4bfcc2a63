import { expect, test } from 'vitest';
import { remembered } from './remembered.ts';

test('a remembered function answers the same, asks once for each of the last texts, and forgets beyond its limit', () => {
  const asked: string[] = [];
  const lengths = remembered(2, (text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  const long = 'x'.repeat(300);
  const texts = ['a', 'bb', 'a', '', '', 'a', long, long];
  expect(texts.map(lengths)).toEqual([1, 2, 1, undefined, undefined, 1, 300, 300]);
  expect(asked).toEqual(['a', 'bb', '', 'a', long, long]);
});
