import { describe, expect, test } from 'vitest';
import type { IssueStand, Snooze } from './decisions.ts';
import { type SnoozedIssue, wakingReasons } from './snooze.ts';

const NOW = Date.UTC(2026, 10, 1, 12);
const was: IssueStand = {
  severity: 'high',
  risks: ['publicly_accessible', 'in_production'],
  resources: 3,
  attackPaths: 1,
  paths: ['one'],
};
const { attackPaths: _, ...stood } = was;
const same: SnoozedIssue = { ...stood, paths: ['one'], isOnNewResource: false, regressedAt: null };
const worse: Snooze = { until: null, worseThan: was, at: NOW - 5 };
const dated: Snooze = { until: NOW + 1, worseThan: null, at: NOW - 5 };

describe('a snooze until it gets worse', () => {
  test.each<[string, Partial<SnoozedIssue>, readonly string[]]>([
    ['lasts while nothing moves', {}, []],
    ['lasts through what gets better', { severity: 'low', risks: [], resources: 1, paths: [] }, []],
    ['wakes at a higher severity', { severity: 'critical' }, ['its severity is critical, it was high']],
    [
      'wakes at a risk that was not there, though another went',
      { risks: ['under_attack'] },
      ['it has a new detected risk: under_attack'],
    ],
    ['wakes at one resource more', { resources: 4 }, ['it is on 4 resources, it was on 3']],
    [
      'wakes at another resource, though none are more',
      { isOnNewResource: true },
      ['it is on a resource on which it was not'],
    ],
    ['wakes at an attack path', { paths: ['one', 'two'] }, ['2 attack paths lead through it, there was 1']],
    [
      'wakes at another attack path, though none are more',
      { paths: ['two'] },
      ['an attack path leads through it that did not'],
    ],
    [
      'wakes at a finding that is back',
      { regressedAt: NOW - 4 },
      ['one of its findings was fixed and is back'],
    ],
    ['lasts where a finding was back before', { regressedAt: NOW - 6 }, []],
    ['lasts where it was back at the moment at which it was snoozed', { regressedAt: NOW - 5 }, []],
  ])('%s', (_, change, reasons) => {
    expect(wakingReasons(worse, { ...same, ...change }, NOW)).toEqual(reasons);
  });
});

test('a snooze from before paths were kept is held against how many they were', () => {
  const { paths: _paths, ...older } = was;
  const before: Snooze = { ...worse, worseThan: older };
  expect(wakingReasons(before, { ...same, paths: ['two'] }, NOW)).toEqual([]);
  expect(wakingReasons(before, { ...same, paths: ['two', 'three'] }, NOW)).toHaveLength(1);
});

describe('a snooze until a date', () => {
  const everything: SnoozedIssue = {
    ...same,
    severity: 'critical',
    risks: ['under_attack'],
    resources: 9,
    paths: ['one', 'two', 'three'],
    isOnNewResource: true,
    regressedAt: NOW,
  };

  test('lasts whatever gets worse, and ends at its instant', () => {
    expect(wakingReasons(dated, everything, NOW)).toEqual([]);
    expect(wakingReasons(dated, everything, NOW + 1)).toEqual([
      'it was snoozed until 2026-11-01T12:00:00.001Z',
    ]);
  });

  test('or until it gets worse ends at the first of both', () => {
    const both = { ...dated, worseThan: was };
    expect(wakingReasons(both, same, NOW)).toEqual([]);
    expect(wakingReasons(both, { ...same, severity: 'critical' }, NOW)).toHaveLength(1);
    expect(wakingReasons(both, same, NOW + 1)).toHaveLength(1);
  });
});
