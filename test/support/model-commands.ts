import fc from 'fast-check';
import type { IssueAction } from '../../src/app/issue-action.ts';
import { DAY_MS, type Instant } from '../../src/base/instant.ts';
import { WORDS, type Word } from './naive-inbox.ts';
import { PATH, RULE_NAMES, type RuleName } from './naive-rules.ts';

/** An action whose dates are days from the moment when it is done. */
type DrawnAction =
  | { readonly do: 'mute'; readonly days: number | null }
  | { readonly do: 'snooze'; readonly days: number | null; readonly untilWorse: boolean }
  | { readonly do: 'due'; readonly days: number | null }
  | { readonly do: 'admit'; readonly reason: null }
  | { readonly do: 'assign'; readonly assignee: string | null }
  | { readonly do: 'team'; readonly team: string | null }
  | { readonly do: 'unmute' | 'unadmit' | 'wake' | 'start' | 'stop' };

/** What happens to the real inbox and to the naive one. */
export type Command =
  | {
      readonly is: 'report';
      readonly image: string;
      /** By flaw, in their order; null: it is not shown. */
      readonly words: readonly (Word | null)[];
      readonly daysLate: number;
    }
  | { readonly is: 'act'; readonly flaws: readonly string[]; readonly action: DrawnAction }
  | { readonly is: 'undo'; readonly back: number }
  | { readonly is: 'unreport'; readonly image: string }
  | {
      readonly is: 'rules';
      readonly order: readonly RuleName[];
      readonly switchedOff: readonly RuleName[];
      readonly fourDays: number | null;
    }
  /** What the way into a cluster is made of: a door to the outside, and a flaw in the image behind it. */
  | { readonly is: 'door'; readonly isOpen: boolean }
  | { readonly is: 'flaw behind it'; readonly isThere: boolean }
  | { readonly is: 'vex'; readonly harmless: readonly string[] }
  | { readonly is: 'needs approval'; readonly needs: boolean }
  | { readonly is: 'accept'; readonly flaw: string; readonly days: number }
  | { readonly is: 'answer'; readonly which: number; readonly isApproved: boolean }
  | { readonly is: 'deliver' }
  | { readonly is: 'pass'; readonly days: number };

export const IMAGES = ['a', 'b', 'c'].map((name) => `registry.example.com/${name}:1`);
export const FLAWS = [1, 2, 3, 4].map((number) => `CVE-2026-${number}`);

const days = fc.integer({ min: 1, max: 6 });
const maybeDays = fc.option(days);
const anyFlaws = fc.subarray([...FLAWS, PATH], { minLength: 1 });

const anyAction: fc.Arbitrary<DrawnAction> = fc.oneof(
  fc.record({ do: fc.constant('mute' as const), days: maybeDays }),
  fc.record({ do: fc.constant('snooze' as const), days: maybeDays, untilWorse: fc.boolean() }),
  fc.record({ do: fc.constant('due' as const), days: maybeDays }),
  fc.record({ do: fc.constant('assign' as const), assignee: fc.option(fc.constantFrom('ann', 'bob')) }),
  fc.record({ do: fc.constant('team' as const), team: fc.option(fc.constantFrom('red', 'blue')) }),
  fc.constant({ do: 'admit' as const, reason: null }),
  fc.record({
    do: fc.constantFrom(
      'unmute' as const,
      'unadmit' as const,
      'wake' as const,
      'start' as const,
      'stop' as const,
    ),
  }),
);

/** As a person does it now. */
export function actionAt(drawn: DrawnAction, now: Instant): IssueAction {
  switch (drawn.do) {
    case 'mute':
      return { do: 'mute', reason: 'x', because: 'other', until: inDays(now, drawn.days) };
    case 'snooze': {
      const { days: count, untilWorse } = drawn;
      return { do: 'snooze', until: inDays(now, count), untilWorse: untilWorse || count === null };
    }
    case 'due':
      return { do: 'due', due: inDays(now, drawn.days) };
    default:
      return drawn;
  }
}

const weighted: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [
    5,
    fc.record({
      is: fc.constant('report' as const),
      image: fc.constantFrom(...IMAGES),
      words: fc.array(fc.option(fc.constantFrom(...WORDS), { freq: 3 }), { minLength: 4, maxLength: 4 }),
      daysLate: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: days }),
    }),
  ],
  [16, fc.record({ is: fc.constant('act' as const), flaws: anyFlaws, action: anyAction })],
  [3, fc.record({ is: fc.constant('undo' as const), back: fc.nat({ max: 4 }) })],
  [2, fc.record({ is: fc.constant('unreport' as const), image: fc.constantFrom(...IMAGES) })],
  [
    3,
    fc.record({
      is: fc.constant('rules' as const),
      order: fc.shuffledSubarray(RULE_NAMES),
      switchedOff: fc.subarray(RULE_NAMES, { maxLength: 3 }),
      fourDays: maybeDays,
    }),
  ],
  [2, fc.record({ is: fc.constant('door' as const), isOpen: fc.boolean() })],
  [2, fc.record({ is: fc.constant('flaw behind it' as const), isThere: fc.boolean() })],
  [1, fc.record({ is: fc.constant('vex' as const), harmless: fc.subarray(FLAWS) })],
  [1, fc.record({ is: fc.constant('needs approval' as const), needs: fc.boolean() })],
  [2, fc.record({ is: fc.constant('accept' as const), flaw: fc.constantFrom(...FLAWS), days })],
  [
    2,
    fc.record({
      is: fc.constant('answer' as const),
      which: fc.nat({ max: 3 }),
      isApproved: fc.boolean(),
    }),
  ],
  [1, fc.constant({ is: 'deliver' })],
  [5, fc.record({ is: fc.constant('pass' as const), days })],
];

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  ...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary })),
);

/** At a midnight, which no command happens at; null as it is. */
export function inDays(now: Instant, count: number): Instant;
export function inDays(now: Instant, count: number | null): Instant | null;
export function inDays(now: Instant, count: number | null): Instant | null {
  return count === null ? null : Math.floor(now / DAY_MS) * DAY_MS + (count + 1) * DAY_MS;
}
