import { afterEach, expect, test, vi } from 'vitest';
import { KeptAnswers } from './kept-answers.ts';

/** What is worked out takes as long as the test says, by a clock of its own. */
let passed = 0;
vi.spyOn(performance, 'now').mockImplementation(() => passed);
afterEach(() => {
  passed = 0;
});

function answers() {
  let now = 1_000_000;
  let worked = 0;
  const kept = new KeptAnswers<number>({ now: () => now });
  const taking = (ms: number) => () => {
    worked += 1;
    const answer = worked;
    passed += ms;
    return Promise.resolve(answer);
  };
  return { kept, taking, pass: (ms: number) => (now += ms), worked: () => worked };
}

test('what is quick is worked out whenever it is asked for', async () => {
  const { kept, taking } = answers();
  expect((await kept.of('a', taking(100))).answer).toBe(1);
  expect((await kept.of('a', taking(100))).answer).toBe(2);
});

test('what takes long is shown as it was, with its time, while it is worked out beside it', async () => {
  const { kept, taking, pass } = answers();
  expect(await kept.of('a', taking(2_000))).toMatchObject({ answer: 1, at: 1_000_000 });
  pass(1_000);
  expect(await kept.of('a', taking(2_000))).toMatchObject({ answer: 1, at: 1_000_000 });
  pass(1_000);
  expect(await kept.of('a', taking(2_000))).toMatchObject({ answer: 2, at: 1_001_000 });
  expect((await kept.of('b', taking(2_000))).at).toBe(1_002_000);
});

test('what is too old is waited for', async () => {
  const { kept, taking, pass } = answers();
  await kept.of('a', taking(2_000));
  pass(16 * 60_000);
  expect((await kept.of('a', taking(2_000))).answer).toBe(2);
});

test('of those who ask at once nobody works it out twice, and what failed is told to the next', async () => {
  const { kept, taking, worked } = answers();
  const work = taking(2_000);
  expect((await Promise.all([kept.of('a', work), kept.of('a', work)])).map(({ answer }) => answer)).toEqual([
    1, 1,
  ]);
  expect(worked()).toBe(1);
  const fails = () => Promise.reject(new Error('the database is gone'));
  expect((await kept.of('a', fails)).answer).toBe(1);
  await new Promise(setImmediate);
  await expect(kept.of('a', fails)).rejects.toThrow('the database is gone');
});
