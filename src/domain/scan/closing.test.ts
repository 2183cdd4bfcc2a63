import { describe, expect, test } from 'vitest';
import type { Severity } from '../severity/severity.ts';
import { type ClosingRequest, decideClosing, GroupTally, type SightingTraits } from './closing.ts';

const REQUEST: ClosingRequest = {
  listedClasses: new Set(),
  isDeclaredComplete: false,
  isConfirmed: false,
  guard: { percent: 30, findings: 20 },
  openInScope: 1_000,
};
const traits = (severity: Severity, more: Partial<SightingTraits> = {}): SightingTraits => ({
  findingClass: 'libraries',
  severity,
  fixable: true,
  rule: null,
  ...more,
});

function decide(
  before: readonly SightingTraits[],
  seen: readonly SightingTraits[],
  request: Partial<ClosingRequest> = {},
) {
  const tally = new GroupTally();
  for (const each of before) tally.add(each, 1, seen.includes(each) ? 1 : 0);
  for (const each of seen) if (!before.includes(each)) tally.add(each, 0, 1);
  const vanished = before.filter((each) => !seen.includes(each));
  const counts = new Map(vanished.map((each) => [each, vanished.filter((other) => other === each).length]));
  const reasons = decideClosing(counts, tally, { ...REQUEST, ...request });
  return vanished.map((each) => reasons.get(each) ?? null);
}

const many = (count: number, severity: Severity, more: Partial<SightingTraits> = {}) =>
  Array.from({ length: count }, () => traits(severity, more));

describe('a group that vanished as a whole is held', () => {
  test('a class that the report does not list; a class listed without findings is a look', () => {
    const packages = many(5, 'high', { findingClass: 'os-packages' });
    const libraries = many(1, 'low');
    expect(new Set(decide([...packages, ...libraries], libraries))).toEqual(
      new Set(['the report lists no os-packages at all']),
    );
    expect(
      new Set(
        decide([...packages, ...libraries, ...many(0, 'high')], [...libraries, traits('high')], {
          listedClasses: new Set(['os-packages']),
        }),
      ),
    ).toEqual(new Set([null]));
  });

  test('everything at and below a severity', () => {
    const kept = many(3, 'critical');
    const reasons = decide([...kept, ...many(3, 'medium'), ...many(3, 'low')], kept);
    expect(reasons).toEqual(Array(6).fill('the report shows nothing of severity medium or below'));
  });

  test('four of a kind are no group, and fixing the only critical closes it', () => {
    const kept = many(3, 'low');
    expect(decide([traits('critical'), ...many(3, 'medium'), ...kept], kept)).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('fixing the only critical closes it beside a severity that is held', () => {
    const kept = many(2, 'high');
    const [critical, ...low] = decide([traits('critical'), ...many(5, 'low'), ...kept], kept);
    expect(critical).toBeNull();
    expect(new Set(low)).toEqual(new Set(['the report shows nothing of severity low or below']));
  });

  test('all without a fix', () => {
    const kept = many(2, 'low');
    expect(new Set(decide([...many(5, 'low', { fixable: false }), ...kept], kept))).toEqual(
      new Set(['the report shows nothing without a fix']),
    );
  });

  test('a rule', () => {
    const kept = [traits('low', { rule: 'semgrep:b' })];
    expect(new Set(decide([...many(4, 'low', { rule: 'semgrep:a' }), ...kept], kept))).toEqual(
      new Set([null]),
    );
    expect(new Set(decide([...many(5, 'low', { rule: 'semgrep:a' }), ...kept], kept))).toEqual(
      new Set(['the report shows nothing of semgrep:a']),
    );
  });

  test('unless the report is declared complete', () => {
    const kept = many(3, 'critical');
    expect(new Set(decide([...kept, ...many(6, 'low')], kept, { isDeclaredComplete: true }))).toEqual(
      new Set([null]),
    );
  });
});

describe('the guard', () => {
  const kept = many(40, 'high', { rule: 'kept' });
  const gone = (count: number) => many(count, 'high', { rule: null });

  test.each([
    [20, 60, false],
    [21, 61, true],
    [21, 70, false],
    [30, 100, false],
    [31, 100, true],
    [21, 71, false],
  ])('%i of %i closings held: %s', (count, open, isHeld) => {
    const reasons = decide([...kept, ...gone(count)], kept, { openInScope: open });
    expect(reasons.every((reason) => (reason !== null) === isHeld)).toBe(true);
  });

  test('holds even what is declared complete; a confirmation accepts everything', () => {
    const before = [...kept, ...gone(30)];
    expect(decide(before, kept, { openInScope: 70, isDeclaredComplete: true })[0]).toBe(
      'this scan would close 30 of 70 open (43 %)',
    );
    expect(new Set(decide(before, kept, { openInScope: 70, isConfirmed: true }))).toEqual(new Set([null]));
  });

  test.each([
    [{ percent: 50, findings: 20 }, false],
    [{ percent: 42, findings: 20 }, true],
    [{ percent: 30, findings: 30 }, false],
    [{ percent: 0, findings: 0 }, true],
    [{ percent: 100, findings: 0 }, false],
  ])('is where whoever runs the product puts it: %j', (guard, isHeld) => {
    const reasons = decide([...kept, ...gone(30)], kept, { openInScope: 70, guard });
    expect(reasons.every((reason) => (reason !== null) === isHeld)).toBe(true);
  });
});
