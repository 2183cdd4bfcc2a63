import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DigestPacker, readPart, recordsOf } from './digest-part.ts';
import type { ShortSighting } from './read-known.ts';

const STORE = new URL('../', import.meta.url);
const WRITES = /(insert into|update|delete from) sighting\b|\['(sighting|sighting_cover', 'sighting)'/;
/** What a scan changes of the sightings of its own scope, before its digest is saved. */
const OF_SCANS = [
  'import/close-vanished.ts',
  'import/save-staged.ts',
  'import/shared-covers.ts',
  // Since when sightings are known, which no digest tells.
  'import/take-over-history.ts',
];

test('whatever changes sightings otherwise than by a scan of their scope forgets their digest', () => {
  const writers = globSync('**/*.ts', { cwd: STORE })
    .filter((file) => !file.includes('.test'))
    .filter((file) => WRITES.test(readFileSync(new URL(file, STORE), 'utf8')));
  expect(writers.length).toBeGreaterThan(OF_SCANS.length);
  const forgetful = writers.filter((file) =>
    readFileSync(new URL(file, STORE), 'utf8').includes('await forgetDigests('),
  );
  expect(writers.filter((file) => !forgetful.includes(file)).toSorted()).toEqual(OF_SCANS);
});

const TRAITS = [null, 'secret'].flatMap((findingClass) =>
  [null, true].map((fixable) => ({ findingClass, fixable, severity: null, rule: null })),
);
const sighting = fc.record({
  fingerprint: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  hash: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  cover: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  traits: fc.constantFrom(...TRAITS),
  isMerged: fc.boolean(),
  isHeld: fc.boolean(),
});

test('a part says what was packed into it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(sighting, fc.boolean()), { maxLength: 30 }), (all) => {
      const packer = new DigestPacker();
      for (const [each, isOpen] of all)
        if (isOpen) packer.add(each);
        else packer.addGone(each.fingerprint);
      const told: (ShortSighting | Uint8Array)[] = [];
      let records = 0;
      for (const part of packer.parts()) {
        records += recordsOf(part);
        readPart(
          part,
          (each) => told.push({ ...each, fingerprint: new Uint8Array(each.fingerprint) }),
          (fingerprint) => told.push(new Uint8Array(fingerprint)),
        );
      }
      expect(records).toBe(all.length);
      expect(told).toEqual(all.map(([each, isOpen]) => (isOpen ? each : each.fingerprint)));
    }),
  );
});
