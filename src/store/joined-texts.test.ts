import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JoinedTexts } from './joined-texts.ts';

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'ö', '日'), maxLength: 4 });
const texts = fc.array(
  fc.array(letters, { maxLength: 3 }).map((words) => words.join('\n')),
  { maxLength: 12 },
);
const words = fc.array(
  letters.filter((word) => word !== ''),
  { maxLength: 3 },
);

test('finds the texts that have all words, and no others', () => {
  fc.assert(
    fc.property(texts, words, (all, searched) => {
      const expected = [...all.keys()].filter((index) =>
        searched.every((word) => (all[index] as string).includes(word)),
      );
      expect([...new JoinedTexts(all).withWords(searched)]).toEqual(expected);
    }),
  );
});

test('the end of a text is not joined with the beginning of the next one', () => {
  expect([...new JoinedTexts(['open', 'ssl', 'openssl']).withWords(['openssl'])]).toEqual([2]);
});
