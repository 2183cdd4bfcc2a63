import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AddressSet } from '#base/address-set.ts';
import { applyRules, type OrderedRule, type Packets } from './ordered-rules.ts';
import type { Surface } from './surface.ts';

/** A small world, small enough to send every packet: ports 0 to 5, senders 0 to 5. */
const SIZE = 6;

function set(first: number, last: number): AddressSet {
  return { v4: [{ first, last }], v6: [] };
}

const EVERYTHING: readonly Surface[] = [
  { protocol: 'tcp', from: 0, to: SIZE - 1, sources: set(0, SIZE - 1) },
];

function holds(surfaces: readonly Surface[], port: number, sender: number): boolean {
  return surfaces.some(
    (surface) =>
      surface.from <= port &&
      port <= surface.to &&
      surface.sources.v4.some((range) => range.first <= sender && sender <= range.last),
  );
}

const interval = fc
  .tuple(fc.integer({ min: 0, max: SIZE - 1 }), fc.integer({ min: 0, max: SIZE - 1 }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const surface = fc
  .tuple(interval, interval)
  .map(([[from, to], [first, last]]): Surface => ({ protocol: 'tcp', from, to, sources: set(first, last) }));
const surfaces = fc.array(surface, { maxLength: 2 });
const action = fc.constantFrom('allow', 'deny', 'next') satisfies fc.Arbitrary<OrderedRule['action']>;

function everyPacket(check: (port: number, sender: number) => void): void {
  for (let port = 0; port < SIZE; port++) for (let sender = 0; sender < SIZE; sender++) check(port, sender);
}

/** What one packet meets: the first rule that matches it decides. */
function fate(
  rules: readonly { readonly action: string; readonly matches: (port: number, sender: number) => boolean }[],
  port: number,
  sender: number,
): 'allow' | 'deny' | 'next' {
  return (rules.find((rule) => rule.matches(port, sender))?.action ?? 'next') as 'allow' | 'deny' | 'next';
}

const asked: Packets = { certain: EVERYTHING, possible: EVERYTHING };

describe('a list of rules', () => {
  it('does with every packet what the first rule that matches it says', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(action, surfaces), { maxLength: 6 }), (list) => {
        const rules = list.map(
          ([does, matched]): OrderedRule => ({
            action: does,
            matches: { certain: matched, possible: matched },
          }),
        );
        const { allowed, passed } = applyRules(rules, asked);
        const single = list.map(([does, matched]) => ({
          action: does,
          matches: (port: number, sender: number) => holds(matched, port, sender),
        }));
        everyPacket((port, sender) => {
          const told = fate(single, port, sender);
          expect(holds(allowed.certain, port, sender)).toBe(told === 'allow');
          expect(holds(allowed.possible, port, sender)).toBe(told === 'allow');
          expect(holds(passed.possible, port, sender)).toBe(told === 'next');
          expect(holds(passed.certain, port, sender)).toBe(told === 'next');
        });
      }),
      { numRuns: 400 },
    );
  });

  it('with rules of which nobody knows all matches, claims nothing that some truth denies', () => {
    const unsure = fc.array(
      fc.tuple(action, surfaces, surfaces, fc.array(fc.boolean(), { minLength: 2, maxLength: 2 })),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(unsure, (list) => {
        const rules = list.map(
          ([does, certain, more]): OrderedRule => ({
            action: does,
            matches: { certain, possible: [...certain, ...more] },
          }),
        );
        const { allowed, passed } = applyRules(rules, asked);
        // One truth among many: each of the uncertain matches holds or does not.
        const truth = list.map(([does, certain, more, are]) => {
          const matched = [...certain, ...more.filter((_, index) => are[index] === true)];
          return { action: does, matches: (port: number, sender: number) => holds(matched, port, sender) };
        });
        everyPacket((port, sender) => {
          const told = fate(truth, port, sender);
          if (holds(allowed.certain, port, sender)) expect(told).toBe('allow');
          if (told === 'allow') expect(holds(allowed.possible, port, sender)).toBe(true);
          if (told === 'next') expect(holds(passed.possible, port, sender)).toBe(true);
          if (holds(passed.certain, port, sender)) expect(told).not.toBe('deny');
        });
      }),
      { numRuns: 400 },
    );
  });
});
