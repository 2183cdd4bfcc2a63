import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBuckets } from './token-buckets.ts';

/** Burst 5, one each 100 ms. */
const SIZE = { capacity: 5, fillMs: 500 };

test('a full bucket gives what it holds at once, then what flows in', () => {
  const buckets = new TokenBuckets(SIZE);
  const take = (now: number) => buckets.take('a', 1, now);
  expect(Array.from({ length: 6 }, () => take(0))).toEqual([0, 0, 0, 0, 0, 100]);
  expect([take(99), take(100), take(100), take(250), take(300)]).toEqual([1, 0, 100, 0, 0]);
  expect([take(300), take(10_000)]).toEqual([100, 0]);
});

test('who is refused pays nothing, and asking beforehand costs nothing', () => {
  const buckets = new TokenBuckets(SIZE);
  expect(buckets.take('a', 4, 0)).toBe(0);
  expect([buckets.take('a', 2, 0), buckets.waitFor('a', 2, 0), buckets.waitFor('a', 1, 0)]).toEqual([
    100, 100, 0,
  ]);
  expect(buckets.take('a', 1, 0)).toBe(0);
});

test('keys have buckets of their own, and more than a bucket holds is never there', () => {
  const buckets = new TokenBuckets(SIZE);
  expect([buckets.take('a', 5, 0), buckets.take('b', 5, 0)]).toEqual([0, 0]);
  expect([buckets.take('c', 5.1, 0), buckets.waitFor('c', 6, 0)]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

test('a clock that was set back empties a bucket, and keeps nobody out for longer than it takes to fill', () => {
  const buckets = new TokenBuckets(SIZE);
  buckets.take('a', 1, 3_600_000);
  expect([buckets.take('a', 1, 0), buckets.take('a', 1, 100), buckets.take('a', 5, 600)]).toEqual([
    100, 0, 0,
  ]);
});

test('no more keys are remembered than asked for; the one that asked longest ago goes', () => {
  const buckets = new TokenBuckets(SIZE, 3);
  for (const key of ['a', 'b', 'c', 'a', 'd']) buckets.take(key, 2, 0);
  const wait = (key: string) => buckets.waitFor(key, 5, 0);
  expect([wait('a'), wait('b'), wait('c'), wait('d')]).toEqual([400, 0, 200, 200]);
  for (let key = 0; key < 1_000; key += 1) buckets.take(`${key}`, 2, 0);
  expect(['a', '0', '996', '997', '998', '999'].map(wait)).toEqual([0, 0, 0, 200, 200, 200]);
});

test('in any stretch of time no more is given than a burst and what flowed in', () => {
  const asking = fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 1, max: 7 })), { maxLength: 60 });
  fc.assert(
    fc.property(asking, (asked) => {
      const buckets = new TokenBuckets(SIZE);
      let now = 0;
      const given: (readonly [number, number])[] = [];
      for (const [pause, cost] of asked) {
        now += pause;
        const wait = buckets.take('a', cost, now);
        if (wait === 0) given.push([now, cost]);
        else if (wait !== Number.POSITIVE_INFINITY) {
          expect(buckets.waitFor('a', cost, now + wait)).toBe(0);
          expect(buckets.waitFor('a', cost, now + wait - 1)).toBeGreaterThan(0);
        }
      }
      for (let from = 0; from < given.length; from += 1) {
        let sum = 0;
        for (const [at, cost] of given.slice(from)) {
          sum += cost;
          expect(sum).toBeLessThanOrEqual(5 + (at - (given[from]?.[0] ?? 0)) * 0.01 + 1e-9);
        }
      }
    }),
  );
});
