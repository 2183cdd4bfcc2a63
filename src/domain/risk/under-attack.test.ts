import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { type AttackOnResource, attackValidUntil, underAttack } from './under-attack.ts';

const NOW = Date.UTC(2026, 10, 28);
const WINDOW = 15 * DAY_MS;

function attack(lastAt: number, more: Partial<AttackOnResource> = {}): AttackOnResource {
  return {
    lastAt,
    tool: 'falco',
    rule: 'Terminal shell',
    title: 'Terminal shell',
    source: 'falco',
    count: 1,
    joinedBy: null,
    service: null,
    ...more,
  };
}

describe('the window is exactly 15 days', () => {
  it.each<[number, string]>([
    [NOW, 'yes'],
    [NOW - WINDOW + 1, 'yes'],
    [NOW - WINDOW, 'yes'],
    [NOW - WINDOW - 1, 'unknown'],
    [NOW + 1, 'unknown'],
  ])('an attack at %d: %s', (lastAt, state) => {
    expect(underAttack([attack(lastAt)], [], NOW).state).toBe(state);
  });

  it.each<[number, string]>([
    [NOW - WINDOW, 'no'],
    [NOW - WINDOW - 1, 'unknown'],
  ])('a look at %d: %s', (at, state) => {
    expect(underAttack([], [{ source: 'guardduty', at }], NOW).state).toBe(state);
  });
});

/** Clocks of machines may be some hours ahead. */
const offset = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -WINDOW - 5, max: 0 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: DAY_MS }) },
);

test('a verdict stays until the instant that is stored with it, and no sweep at that instant finds the same one again', () => {
  fc.assert(
    fc.property(fc.array(offset, { maxLength: 4 }), fc.array(offset, { maxLength: 4 }), (attacks, looks) => {
      const seen = attacks.map((offset) => attack(NOW + offset));
      const covered = looks.map((offset) => ({ source: 's', at: NOW + offset }));
      const until = attackValidUntil(seen, covered, NOW);
      if (until === null) return;
      expect(until).toBeGreaterThan(NOW);
      expect(underAttack(seen, covered, until - 1).state).toBe(underAttack(seen, covered, NOW).state);
      expect(attackValidUntil(seen, covered, until) ?? until + 1).toBeGreaterThan(until);
    }),
  );
});

describe('the evidence says tool, rule, how often, when, and how sure the join is', () => {
  it.each<[Partial<AttackOnResource>, string]>([
    [{}, 'Terminal shell, seen by falco.'],
    [{ rule: '1:7', count: 3 }, 'Terminal shell [1:7], 3 times, seen by falco.'],
    [
      { joinedBy: { alias: '10.0.1.5', confidence: 0.6 } },
      'Terminal shell, seen by falco, assumed join by 10.0.1.5.',
    ],
    [{ joinedBy: { alias: 'i-1', confidence: 1 } }, 'Terminal shell, seen by falco, known as i-1.'],
    [{ joinedBy: { alias: 'i-1', confidence: 0.8 } }, 'Terminal shell, seen by falco, known as i-1.'],
    [{ rule: 'shell' }, 'Terminal shell, seen by falco.'],
    [{ count: 2 }, 'Terminal shell, 2 times, seen by falco.'],
    [{ title: 'A shell was opened.', rule: '1:7' }, 'A shell was opened [1:7], seen by falco.'],
    [{ service: 'shop' }, 'Terminal shell, seen by falco, on the service shop.'],
  ])('%j', (more, sentence) => {
    const { evidence } = underAttack([attack(NOW, more)], [], NOW);
    expect(evidence).toEqual([{ sentence, provenance: 'falco', at: NOW }]);
  });
});

test('the newest five attacks are told, newest first', () => {
  const attacks = [3, 1, 6, 2, 5, 4].map((hours) => attack(NOW - hours * 3_600_000));
  const { evidence } = underAttack(attacks, [], NOW);
  expect(evidence.map(({ at }) => (NOW - (at ?? 0)) / 3_600_000)).toEqual([1, 2, 3, 4, 5]);
});

test('no attack is told by who looked last, and what is missing where nobody did', () => {
  const looks = [2, 1, 3].map((days) => ({ source: `source ${days}`, at: NOW - days * DAY_MS }));
  expect(underAttack([], looks, NOW).evidence).toEqual([
    {
      sentence: 'No attack on it was reported in the last 15 days.',
      provenance: 'source 1',
      at: NOW - DAY_MS,
    },
  ]);
  expect(underAttack([], [], NOW).missing).toEqual([
    'a source of attack signals that covers this resource and reported in the last 15 days ("security-inbox formats" lists the commands)',
  ]);
});

test('what is at the very beginning of the window moves in a millisecond', () => {
  expect(attackValidUntil([attack(NOW - WINDOW)], [], NOW)).toBe(NOW + 1);
  // A *no* stands as long as somebody looked: the source that was silent longest is the first to go.
  const looked = [{ at: NOW - 2 * DAY_MS }, { at: NOW - 20 * DAY_MS }];
  expect(attackValidUntil([], looked, NOW)).toBe(NOW + 13 * DAY_MS + 1);
  expect(attackValidUntil([attack(NOW - DAY_MS)], looked, NOW)).toBe(NOW + 13 * DAY_MS + 1);
  expect(attackValidUntil([attack(NOW - 16 * DAY_MS)], [], NOW)).toBeNull();
  expect(attackValidUntil([attack(NOW + 1), attack(NOW - DAY_MS)], [], NOW)).toBe(NOW + 1);
});
