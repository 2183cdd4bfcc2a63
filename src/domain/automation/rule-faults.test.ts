import { describe, expect, test } from 'vitest';
import { sampleRule } from './automation.test-sample.ts';
import type { RuleAction } from './automation-rule.ts';
import { ruleFaults } from './rule-faults.ts';

const mute = { type: 'mute', reason: 'no_fix', until: null, description: null } as const;
const ticket = (perDay: number, receiver = 'shop-issues') =>
  ({ type: 'ticket', receiver, perDay, existing: false, all: false }) as const;
const due = (days: Record<string, number>, from: 'first_seen' | 'kev' = 'first_seen') =>
  ({ type: 'due_date', days, from }) as const;
const faultsOf = (action: RuleAction, more: Parameters<typeof sampleRule>[2] = {}) =>
  ruleFaults([sampleRule('r', action, more)]).map(({ at, message }) => `${at}: ${message}`);

describe('a rule', () => {
  test.each<[string, RuleAction, string | null]>([
    ['makes one ticket a day at least', ticket(1), null],
    ['makes none in no day', ticket(0), 'from 1 to 500'],
    ['makes 500 tickets a day', ticket(500), null],
    ['makes no 501st', ticket(501), 'from 1 to 500'],
    ['makes whole ones', ticket(1.5), 'from 1 to 500'],
    ['makes them in a tracker', ticket(1, 'Shop issues'), 'names the tracker'],
    ['gives ten years', due({ high: 3_650 }), null],
    ['gives no day more', due({ high: 3_651 }), 'from 1 to 3650'],
    ['gives a day at least', due({ high: 0 }), 'from 1 to 3650'],
    ['gives days', due({}), 'the days of at least one severity'],
    ['leaves days to KEV', due({}, 'kev'), null],
    ['mutes for a reason that is told', { ...mute, reason: 'other' }, 'needs a description'],
    ['takes in for a reason', { type: 'inbox', reason: '' }, 'needs the reason'],
    ['assigns to somebody', { type: 'assign', team: null, person: null }, 'a team or a person'],
    ['assigns to one of both', { type: 'assign', team: 'red', person: 'ann' }, 'a team or a person'],
  ])('%s', (_, action, message) => {
    expect(faultsOf(action)).toEqual(message === null ? [] : [expect.stringContaining(message)]);
  });

  test.each(['code_vulnerability', 'secret', 'iac_misconfiguration'] as const)(
    'leaves a %s low at least, and may set others to info',
    (type) => {
      const set = { type: 'severity', set: 'info' } as const;
      expect(faultsOf(set, { findingTypes: [type] })).toEqual([
        expect.stringContaining(`${type} are low at least`),
      ]);
      expect(faultsOf(set, { findingTypes: ['misconfiguration'] })).toEqual([]);
      expect(faultsOf({ type: 'severity', shift: 'down_one' }, { findingTypes: [type] })).toEqual([]);
    },
  );

  test.each([
    ['another id', { id: 'A b' }, 'id: "A b" is no id'],
    ['a name', { name: '' }, 'name: A rule needs a name'],
    ['types', { findingTypes: [] }, 'types: A rule needs at least one type'],
    ['a condition that can be read', { query: 'muted:yes' }, 'query: A rule cannot ask for muted'],
  ])('needs %s', (_, more, message) => {
    expect(faultsOf(mute, more)).toEqual([expect.stringContaining(message)]);
  });
});

test('there are 500 at most, each of its own id', () => {
  const rules = Array.from({ length: 501 }, (_, index) => sampleRule(`r${index}`, mute));
  expect(ruleFaults(rules.slice(0, 500))).toEqual([]);
  expect(ruleFaults(rules)).toEqual([
    { index: 500, at: 'id', message: 'An organisation has at most 500 rules.' },
  ]);
  expect(ruleFaults([sampleRule('a', mute), sampleRule('a', mute)])).toMatchObject([{ index: 1, at: 'id' }]);
});
