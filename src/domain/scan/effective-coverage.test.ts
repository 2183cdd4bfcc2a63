import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveCoverage, type ScanReading } from './effective-coverage.ts';
import type { Coverage, ScanDescription, ScopeDescription } from './scan-description.ts';

const READING: ScanReading = {
  borrowed: [],
  passed: 0,
  rejects: 0,
  isBroken: false,
  isDeclaredComplete: false,
};
const decide = (
  coverage: Coverage,
  reading: Partial<ScanReading> = {},
  scope: ScopeDescription = { is: 'posture' },
) => {
  const scan: ScanDescription = { tool: 't', time: null, scope, coverage };
  return effectiveCoverage(scan, { ...READING, ...reading });
};

test.each<[string, Coverage, Partial<ScanReading>, string, RegExp | null]>([
  ['a complete scan', 'all', {}, 'all', null],
  ['a scan of what it lists', 'listed', {}, 'listed', null],
  ['a posture scan that tells what passed', 'listed-if-passes', { passed: 1 }, 'listed', null],
  ['a posture scan of failures alone', 'listed-if-passes', {}, 'none', /--complete/],
  ['a feed', 'none', {}, 'none', null],
  [
    'a scan that borrowed its scope',
    'all',
    { borrowed: ['--scope cluster=NAME'] },
    'none',
    /--scope cluster=NAME/,
  ],
  ['a scan with an entry that cannot be read', 'all', { rejects: 1 }, 'none', /--complete/],
  ['a report that breaks off', 'all', { isBroken: true }, 'none', /breaks off/],
  ['a declared failure list', 'listed-if-passes', { isDeclaredComplete: true }, 'places', null],
  [
    'a declared posture scan that tells what passed',
    'listed-if-passes',
    { isDeclaredComplete: true, passed: 1 },
    'listed',
    null,
  ],
  ['a declared feed', 'none', { isDeclaredComplete: true }, 'all', null],
  ['a declared list', 'listed', { isDeclaredComplete: true }, 'listed', null],
  [
    'a declared scan that borrowed and rejected',
    'all',
    { isDeclaredComplete: true, borrowed: ['x'], rejects: 3 },
    'all',
    null,
  ],
  [
    'a declared report that breaks off',
    'all',
    { isDeclaredComplete: true, isBroken: true },
    'none',
    /breaks off/,
  ],
])('%s', (_case, coverage, reading, expected, note) => {
  const decision = decide(coverage, reading);
  expect(decision.coverage).toBe(expected);
  if (note === null) expect(decision.note).toBeNull();
  else expect(decision.note).toMatch(note);
});

test.each<[ScopeDescription, RegExp | null]>([
  [{ is: 'code', repository: 'github.com/acme/shop' }, /--complete/],
  [{ is: 'artifact', name: 'shop' }, /--complete/],
  [{ is: 'feed' }, null],
])('a scan of %j that leaves something out says what would make it complete: %s', (scope, note) => {
  const decision = decide('none', {}, scope);
  expect(decision.coverage).toBe('none');
  if (note === null) expect(decision.note).toBeNull();
  else expect(decision.note).toMatch(note);
});

describe('whatever is said', () => {
  const reading = fc.record({
    borrowed: fc.subarray(['a', 'b']),
    passed: fc.nat(2),
    rejects: fc.nat(2),
    isBroken: fc.boolean(),
    isDeclaredComplete: fc.boolean(),
  });
  const coverage = fc.constantFrom<Coverage>('all', 'listed', 'listed-if-passes', 'none');

  test('events close nothing', () => {
    fc.assert(
      fc.property(coverage, reading, (each, more) => {
        expect(decide(each, more, { is: 'events' }).coverage).toBe('none');
      }),
    );
  });

  test('a report that breaks off closes nothing', () => {
    fc.assert(
      fc.property(coverage, reading, (each, more) => {
        expect(decide(each, { ...more, isBroken: true }).coverage).toBe('none');
      }),
    );
  });

  test("without a person's word what is partial says what would make it complete", () => {
    fc.assert(
      fc.property(coverage, reading, (each, more) => {
        const decision = decide(each, { ...more, isDeclaredComplete: false });
        if (decision.coverage === 'none' && each !== 'none' && !more.isBroken)
          expect(decision.note).toContain('--complete');
      }),
    );
  });
});
