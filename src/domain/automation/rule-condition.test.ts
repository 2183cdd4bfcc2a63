import { describe, expect, test } from 'vitest';
import { QUERY_FIELDS } from '../query/query-fields.ts';
import { RULE_TYPES } from './automation-rule.ts';
import { fieldsOfRules, readCondition } from './rule-condition.ts';

describe('what a rule would change itself it cannot ask for', () => {
  test.each([
    ['mute', 'title:x muted:yes', 8, 13, 'A rule cannot ask for muted: that is what rules decide'],
    ['mute', '(status:open)', 1, 7, 'A rule cannot ask for status'],
    ['inbox', '-admitted:yes', 1, 9, 'A rule cannot ask for admitted'],
    ['inbox', 'rule:default.secret', 0, 4, 'A rule cannot ask for admitted_by'],
    ['due_date', 'overdue:yes', 0, 7, 'A rule cannot ask for overdue'],
    ['due_date', 'due:<7d', 0, 3, 'A rule cannot ask for due'],
    ['assign', 'assignee:*', 0, 8, 'A rule cannot ask for assignee'],
    ['mute', 'impact:>3', 0, 6, 'it counts what rules leave unmuted'],
    ['mute', 'findings:1', 0, 8, 'a rule is about one finding'],
    ['severity', 'severity:high', 0, 8, 'Ask for computed_severity'],
    ['severity', '@severity:high', 0, 9, 'Ask for computed_severity'],
    ['severity', 'a score:>7', 2, 7, 'Ask for computed_score'],
    ['mute', 'moon:full', 0, 4, 'There is no field "moon"'],
  ] as const)('%s: %s', (type, text, from, to, message) => {
    expect(() => readCondition(text, { type })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(message),
        details: { queryPlace: { from, to } },
      }),
    );
  });

  test.each(RULE_TYPES)(
    'nor a rule on %s for any other of that, whatever else there is to ask for',
    (type) => {
      const offered = fieldsOfRules(type).map(({ name }) => name);
      const refused = QUERY_FIELDS.filter(({ name }) => !offered.includes(name));
      expect(refused.map(({ name }) => name)).toEqual([
        ...(type === 'severity' ? ['severity', 'score'] : []),
        ...['status', 'muted', 'admitted', 'admitted_by', 'due', 'overdue', 'snoozed', 'regressed'],
        ...['assignee', 'fix', 'resources', 'services', 'impact', 'findings'],
      ]);
      for (const { example } of refused)
        expect(() => readCondition(example, { type }), example).toThrow(/cannot ask for \w+: /);
    },
  );

  test('one that assigns to a team cannot ask for it; one that assigns to a person can', () => {
    expect(() => readCondition('team:web', { type: 'assign', team: 'red' })).toThrow('cannot ask for team');
    expect(readCondition('team:web', { type: 'assign', team: null })).toMatchObject({ field: 'team' });
  });

  test('a severity can be asked for by all but those that modify it, and fields of rules by all', () => {
    for (const text of ['severity:high', 'score:>7', 'env:staging', 'kev:yes', 'computed_score:<3'])
      expect(() => readCondition(text, { type: 'mute' }), text).not.toThrow();
  });
});

test.each(RULE_TYPES)(
  'every field that is offered for rules on %s can be asked for, by its example',
  (type) => {
    const fields = fieldsOfRules(type);
    expect(fields.map(({ name }) => name)).toContain('environment');
    expect(fields.map(({ name }) => name)).not.toContain('muted');
    for (const { example } of fields) expect(() => readCondition(example, { type }), example).not.toThrow();
  },
);
