import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

test('the next value is begun with before the one at hand is done with', async () => {
  const said: string[] = [];
  async function* values() {
    for (const each of [1, 2, 3]) {
      said.push(`makes ${each}`);
      yield each;
    }
  }
  for await (const each of ahead(values())) {
    await Promise.resolve();
    said.push(`takes ${each}`);
  }
  expect(said).toEqual(['makes 1', 'makes 2', 'takes 1', 'makes 3', 'takes 2', 'takes 3']);
});

test('what goes wrong is thrown when its turn comes, and who stops early ends the source', async () => {
  let isEnded = false;
  async function* values() {
    try {
      yield 1;
      yield 2;
      throw new Error('broken');
    } finally {
      isEnded = true;
    }
  }
  const taken: number[] = [];
  await expect(
    (async () => {
      for await (const each of ahead(values())) taken.push(each);
    })(),
  ).rejects.toThrow('broken');
  expect(taken).toEqual([1, 2]);
  isEnded = false;
  for await (const each of ahead(values())) if (each === 1) break;
  expect(isEnded).toBe(true);
});
