import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SightingTraits } from '#domain/scan/closing.ts';
import { fingerprintBytes, KnownSightings } from './known-sightings.ts';

const traits = fc.record<SightingTraits>({
  findingClass: fc.constantFrom(null, 'libraries', 'a|b'),
  severity: fc.constantFrom(null, 'high', 'low'),
  fixable: fc.constantFrom(null, true, false),
  rule: fc.constantFrom(null, 'tool:check'),
});
/** Fingerprints of few different beginnings, so that slots collide. */
const fingerprint = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.uuid())
  .map(([slot, uuid]) => `0000000${slot}${uuid.slice(8)}`);
const entry = fc.record({
  fingerprint,
  hash: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  cover: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  traits,
  isMerged: fc.boolean(),
  isHeld: fc.boolean(),
});
const entries = (maxLength: number) =>
  fc.uniqueArray(entry, { maxLength, selector: (each) => each.fingerprint });
const mark = fc.record({
  place: fc.nat(),
  what: fc.constantFrom('seen', 'again', 'matched', 'ended'),
  file: fc.nat(9),
});

test('keeps what a map keeps', () => {
  fc.assert(
    fc.property(
      entries(40),
      fc.integer({ min: 0, max: 40 }),
      fc.array(mark, { maxLength: 30 }),
      (all, knownMax, marks) => {
        const known = new KnownSightings();
        const model = new Map<string, (typeof all)[number] & { marks: Set<string>; file: number }>();
        const stored = all.slice(0, knownMax);
        for (const each of stored) {
          known.addKnown({ ...each, fingerprint: fingerprintBytes(each.fingerprint) });
          model.set(each.fingerprint, { ...each, marks: new Set(), file: 0 });
        }
        for (const each of all.slice(knownMax)) {
          known.addNew(fingerprintBytes(each.fingerprint), each.hash, each.cover, each.traits, 7);
          model.set(each.fingerprint, {
            ...each,
            isMerged: false,
            isHeld: false,
            marks: new Set(['seen']),
            file: 7,
          });
        }
        for (const { place, what, file } of marks) {
          const target = all[place % Math.max(1, all.length)];
          if (target === undefined) continue;
          const index = known.find(fingerprintBytes(target.fingerprint));
          if (what === 'seen') known.markSeen(index, file);
          else if (what === 'again') known.markAgain(index);
          else if (what === 'matched') known.markMatched(index);
          else known.markEnded(index);
          const expected = model.get(target.fingerprint);
          expected?.marks.add(what);
          if (what === 'seen' && expected !== undefined) expected.file = file;
        }

        expect(known.size).toBe(all.length);
        expect(known.knownCount).toBe(stored.length);
        expect(stored.map((_, index) => known.fingerprintAt(index))).toEqual(
          stored.map((each) => each.fingerprint),
        );
        for (const [name, expected] of model) {
          const index = known.find(fingerprintBytes(name));
          expect({
            fingerprint: known.fingerprintAt(index),
            hash: known.hashAt(index),
            cover: known.coverAt(index),
            traits: known.traitsAt(index),
            isMerged: known.isMerged(index),
            isHeld: known.isHeld(index),
            marks: [known.isSeen(index), known.isAgain(index), known.isMatched(index), known.isEnded(index)],
            file: known.isSeen(index) ? known.fileAt(index) : 0,
          }).toEqual({
            fingerprint: name,
            hash: expected.hash,
            cover: expected.cover,
            traits: expected.traits,
            isMerged: expected.isMerged,
            isHeld: expected.isHeld,
            marks: ['seen', 'again', 'matched', 'ended'].map((each) => expected.marks.has(each)),
            file: expected.file,
          });
        }
      },
    ),
  );
});

test('finds nothing that is not there, and grows beyond its first size', () => {
  const known = new KnownSightings();
  const name = (number: number) => `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
  for (let number = 0; number < 5_000; number++)
    known.addKnown({
      fingerprint: fingerprintBytes(name(number)),
      hash: BigInt(number),
      cover: 0n,
      traits: { findingClass: null, severity: null, fixable: null, rule: null },
      isMerged: false,
      isHeld: false,
    });
  expect(known.find(fingerprintBytes(name(5_000)))).toBe(-1);
  for (const number of [0, 1_023, 1_024, 4_999])
    expect(known.hashAt(known.find(fingerprintBytes(name(number))))).toBe(BigInt(number));
});
