import { expect, test } from 'vitest';
import { DATA_WORDS } from '#domain/resource/data-words.ts';
import { dataWords } from './data-words.ts';

test('data is called here as in the sentences of the domain', () => {
  for (const [type, words] of Object.entries(DATA_WORDS)) expect(dataWords(type)).toBe(words);
  expect(dataWords('restricted')).toBe('restricted data');
  expect(dataWords('toString')).toBe('toString');
});
