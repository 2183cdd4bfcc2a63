import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rulesTogether } from '#domain/automation/automation.test-sample.ts';
import { RULE_TYPES } from '#domain/automation/automation-rule.ts';
import { readRulesFile } from './read-rules-file.ts';
import { writeRulesFile } from './write-rules-file.ts';

const MUTE = `mute:
  - id: a
    name: A
    for: [secret]
    reason: no_fix
`;

describe('what is wrong is told with its line and column', () => {
  test.each([
    ['no YAML', 'mute: [', 1, 8, 'The file is no YAML'],
    ['an empty file', '', 1, 1, 'The file is empty'],
    ['another type', 'hide:\n  - id: a\n', 1, 1, '"hide" is no type of rule: expected severity, mute'],
    ['no list', 'mute: yes\n', 1, 7, '"mute" takes a list of rules.'],
    ['no members', 'mute:\n  - a\n', 2, 5, 'Here members with names were expected'],
    ['a member that is none', `${MUTE}    hidden: true\n`, 6, 5, 'A rule on mute has no "hidden"'],
    ['a member of another type', `${MUTE}    set: low\n`, 6, 5, 'A rule on mute has no "set"'],
    ['no id', MUTE.replace('id: a', 'enabled: true'), 2, 5, 'A rule needs "id".'],
    ['a wrong id', MUTE.replace('id: a', 'id: A b'), 2, 9, '"A b" is no id'],
    [
      'an id twice',
      `${MUTE}  - { id: a, name: B, for: [secret], reason: no_fix }\n`,
      6,
      11,
      'Two rules have the id "a"',
    ],
    [
      'a wrong type of finding',
      MUTE.replace('[secret]', '[secret, moon]'),
      4,
      19,
      '"moon" is no type of finding',
    ],
    ['no types of findings', MUTE.replace('    for: [secret]\n', ''), 2, 5, 'A rule says under "for"'],
    ['an empty list of types', MUTE.replace('[secret]', '[]'), 4, 10, 'at least one type'],
    ['a wrong reason', MUTE.replace('no_fix', 'boring'), 5, 13, '"boring" is no reason to mute'],
    ['another reason that is not told', MUTE.replace('no_fix', 'other'), 2, 5, 'needs a description'],
    ['a wrong time', `${MUTE}    until: soon\n`, 6, 12, '"soon" is no time'],
    ['a wrong switch', `${MUTE}    enabled: perhaps\n`, 6, 14, '"enabled" is true or false.'],
    ['a condition', `${MUTE}    when: title:x muted:yes\n`, 6, 19, 'cannot ask for muted'],
    ['a condition in quotes', `${MUTE}    when: "title:x  moon:full"\n`, 6, 21, 'There is no field "moon"'],
    [
      'a severity both ways',
      'severity:\n  - { id: a, name: A, for: [secret], set: low, shift: up_one }\n',
      2,
      5,
      'either "set" or "shift"',
    ],
    [
      'a severity that is none of a type',
      'severity:\n  - { id: a, name: A, for: [secret], set: info }\n',
      2,
      5,
      'secret are low at least',
    ],
    [
      'days that are none',
      'due_date:\n  - { id: a, name: A, for: [secret], days: { high: soon } }\n',
      2,
      52,
      'Days are a number.',
    ],
    [
      'days of no severity',
      'due_date:\n  - { id: a, name: A, for: [secret], days: { bad: 1 } }\n',
      2,
      46,
      '"bad" is no severity',
    ],
    [
      'too many days',
      'due_date:\n  - { id: a, name: A, for: [secret], days: { high: 0 } }\n',
      2,
      5,
      'whole numbers from 1',
    ],
    [
      'nobody to assign to',
      'assign:\n  - { id: a, name: A, for: [secret] }\n',
      2,
      5,
      'names a team or a person',
    ],
  ])('%s', (_what, text, line, column, message) => {
    expect(() => readRulesFile(text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: expect.stringContaining(`Line ${line}, column ${column}: `),
        details: {
          faults: expect.arrayContaining([{ line, column, message: expect.stringContaining(message) }]),
        },
      }),
    );
  });

  test('all of it at once', () => {
    const text = `${MUTE.replace('no_fix', 'x')}  - { id: b, name: B, for: [y], reason: z }\n`;
    expect(() => readRulesFile(text)).toThrow(
      'Line 5, column 13: "x" is no reason to mute: expected false_positive, risk_accepted, pending_fix, no_fix, duplicate, other. (and 2 more)',
    );
  });
});

test('a type with an empty list is spoken of, one that is not there is not', () => {
  expect(readRulesFile('mute:\ninbox: []\n')).toEqual({ rules: [], types: new Set(['mute', 'inbox']) });
});

test('what nobody has to write', () => {
  expect(readRulesFile(MUTE).rules).toEqual([
    {
      id: 'a',
      name: 'A',
      isEnabled: true,
      findingTypes: ['secret'],
      query: '',
      action: { type: 'mute', reason: 'no_fix', until: null, description: null },
    },
  ]);
});

test('what is written is read as the same rules', () => {
  fc.assert(
    fc.property(rulesTogether, (rules) => {
      const read = readRulesFile(writeRulesFile(rules));
      expect(read.types).toEqual(new Set(RULE_TYPES));
      expect(read.rules).toEqual(
        RULE_TYPES.flatMap((type) => rules.filter(({ action }) => action.type === type)),
      );
    }),
  );
});
