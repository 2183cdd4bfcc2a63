import { expect, test } from 'vitest';
import { type DecisionWord, uniteDecisions } from './unite-decisions.ts';

const word = (kind: string, at: number, value: Record<string, unknown>): DecisionWord =>
  ({ kind, at, actor: 'anna', value }) as unknown as DecisionWord;
/** What is decided of one kind, of several findings that became one. */
const united = (...sides: readonly (readonly DecisionWord[])[]) =>
  uniteDecisions(sides).map(({ kind, at, value }) => [kind, at, value]);

const muted = (at: number, until: number | null = null) =>
  word('mute', at, { isMuted: true, reason: 'r', until });
const asleep = (at: number, until: number | null = null) => word('snooze', at, { isSnoozed: true, until });

test('it is muted where all were, until the first end', () => {
  expect(united([muted(1, 90)], [muted(2, 70)], [muted(3)])).toEqual([
    ['mute', 3, { isMuted: true, reason: 'r', until: 70 }],
  ]);
  expect(united([muted(1)], [muted(2)])).toEqual([['mute', 2, { isMuted: true, reason: 'r', until: null }]]);
});

test('it is not muted where one was not, and says so', () => {
  const reason = 'One of the findings that became this one was not muted.';
  expect(united([muted(1)], [])).toEqual([['mute', 1, { isMuted: false, reason, until: null }]]);
  expect(united([muted(1)], [word('mute', 5, { isMuted: false, reason: 'x' })])).toEqual([
    ['mute', 5, { isMuted: false, reason, until: null }],
  ]);
  expect(
    united([word('mute', 1, { isMuted: false })], [word('mute', 4, { isMuted: false, reason: 'y' })]),
  ).toEqual([['mute', 4, { isMuted: false, reason: 'y' }]]);
});

test('it sleeps where all did; where one was awake it is, without a reason', () => {
  expect(united([asleep(1, 90)], [asleep(2, 70)])).toEqual([['snooze', 2, { isSnoozed: true, until: 70 }]]);
  expect(united([asleep(1, 90)], [])).toEqual([['snooze', 1, { isSnoozed: false, until: 90 }]]);
});

test.each<[string, string, unknown, unknown]>([
  ['admit', 'isAdmitted', true, false],
  ['progress', 'isStarted', true, false],
  ['assign', 'assignee', 'tim', null],
  ['team', 'team', 'shop', null],
])(
  'of words about "%s" one that says something counts before newer ones that do not',
  (kind, key, something, nothing) => {
    const told = word(kind, 1, { [key]: something });
    const later = word(kind, 9, { [key]: nothing });
    expect(united([told], [later])).toEqual([[kind, 1, { [key]: something }]]);
    expect(united([later], [word(kind, 3, { [key]: nothing })])).toEqual([[kind, 9, { [key]: nothing }]]);
  },
);

test('the earlier due date counts; of what is not known here the newest word', () => {
  expect(united([word('due', 1, { at: 50 })], [word('due', 2, { at: 70 })])).toEqual([
    ['due', 2, { at: 50 }],
  ]);
  expect(united([word('due', 1, { at: null })], [word('due', 2, { at: null })])).toEqual([
    ['due', 2, { at: null }],
  ]);
  expect(united([word('other', 1, { a: 1 })], [word('other', 2, { a: 2 })])).toEqual([
    ['other', 2, { a: 2 }],
  ]);
});
