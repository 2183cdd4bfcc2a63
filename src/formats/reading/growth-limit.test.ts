import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { GrowthLimit, refuseBomb } from './growth-limit.ts';

const MB = 1024 ** 2;
const GB = 1024 ** 3;

test.each([
  ['8 GB', 4 * GB, 8 * GB, true],
  ['more than 8 GB', 4 * GB, 8 * GB + 1, false],
  ['10 MB, whatever it was', 1, 10 * MB, true],
  ['more than 10 MB, 200 times what it was', MB, 200 * MB, true],
  ['more than that', MB, 200 * MB + 1, false],
])('a report may grow to %s: %s bytes to %s', (_name, read, written, isAllowed) => {
  const growing = () => refuseBomb(read, written, USUAL_LIMITS);
  if (isAllowed) expect(growing).not.toThrow();
  else expect(growing).toThrow(expect.objectContaining({ code: 'too_large' }));
});

test.each([
  ['8 GB', 4 * GB, 8 * GB],
  ['10 MB and 200 times its size', MB, 210 * MB],
])('the members of an archive may grow to %s together', async (_name, compressed, most) => {
  // Only its length is looked at.
  const chunk = (length: number) => ({ length }) as Uint8Array;
  const grown = async (...lengths: readonly number[]) => {
    const limit = new GrowthLimit(compressed, USUAL_LIMITS);
    for (const length of lengths) {
      const member = limit.forMember();
      const bytes = async function* () {
        yield chunk(length);
      };
      for await (const each of member(bytes())) expect(each.length).toBe(length);
    }
  };
  await grown(most - 5, 5);
  await expect(grown(most - 5, 6)).rejects.toMatchObject({ code: 'too_large' });
});

test('whoever runs the product may say otherwise', () => {
  const bounds = { 'unpacked-mb': 100, 'unpacked-times': 5 };
  expect(() => refuseBomb(20 * MB, 100 * MB, bounds)).not.toThrow();
  expect(() => refuseBomb(GB, 100 * MB + 1, bounds)).toThrow(
    'The report is larger than 100 MB decompressed.',
  );
  expect(() => refuseBomb(10 * MB, 50 * MB + 1, bounds)).toThrow('grows more than 5 times');
});
