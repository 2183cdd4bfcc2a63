import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '#base/instant.ts';
import { evaluateQuery } from '../query/evaluate-query.ts';
import { parseCondition } from '../query/parse-query.ts';
import type { QueryTerm } from '../query/query.ts';
import { nextFlip } from './flips.ts';

const SEEN = Date.UTC(2026, 9, 1, 12);
const spans = fc
  .integer({ min: -50, max: 50 })
  .map((hours) => `now${hours < 0 ? '-' : '+'}${Math.abs(hours)}h`);
const conditions = fc.oneof(
  fc.tuple(fc.constantFrom('>', '>=', '<', '<='), spans).map((parts) => `first_seen:${parts.join('')}`),
  fc.tuple(spans, spans).map(([from, to]) => `first_seen:[${from} TO ${to}]`),
  fc.constantFrom('first_seen:2026-10-01', 'first_seen:>2026-09-30T00:00:00Z', 'first_seen:*'),
);

test('between now and the next flip a condition answers the same, and it tells each change beforehand', () => {
  fc.assert(
    fc.property(conditions, fc.integer({ min: -60, max: 60 }), (text, hours) => {
      const term = parseCondition(text, () => null) as QueryTerm;
      const holds = (now: number) => evaluateQuery(term, { first_seen: { values: [SEEN] } }, now);
      const now = SEEN + hours * HOUR_MS;
      const flip = nextFlip(term, SEEN, now) ?? now + 5 * DAY_MS;
      expect(flip).toBeGreaterThan(now);
      for (const at of [now + 1, now + 17, (now + flip) / 2, flip - 1])
        if (at < flip)
          expect([text, at - now, holds(Math.max(now, Math.floor(at)))]).toEqual([
            text,
            at - now,
            holds(now),
          ]);
    }),
  );
});

test.each([
  ['first_seen:>now-7d', [true, false, false]],
  ['first_seen:>=now-7d', [true, true, false]],
  ['first_seen:<now-7d', [false, false, true]],
  ['first_seen:<=now-7d', [false, true, true]],
  ['first_seen:[now-7d TO *]', [true, true, false]],
] as const)('%s is looked at on both sides of its end', (text, expected) => {
  const term = parseCondition(text, () => null) as QueryTerm;
  const end = SEEN + 7 * DAY_MS;
  const around = [end - 1, end, end + 1];
  expect(around.map((now) => evaluateQuery(term, { first_seen: { values: [SEEN] } }, now) === 'yes')).toEqual(
    expected,
  );
  expect(around.map((now) => nextFlip(term, SEEN, now))).toEqual([end, end + 1, null]);
});
