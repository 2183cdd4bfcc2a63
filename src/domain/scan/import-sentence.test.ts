import { expect, test } from 'vitest';
import { importSentence, type MovedNames, type Movement, type NamedIssues } from './import-sentence.ts';

const NOTHING: Movement = {
  files: [],
  closed: 0,
  held: 0,
  regressed: 0,
  heldWhy: new Map(),
  closedWhy: new Map(),
  names: null,
};
const NONE: NamedIssues = { titles: [], more: 0 };
const names = (more: Partial<MovedNames>): MovedNames => ({
  regressed: NONE,
  closed: NONE,
  held: NONE,
  ...more,
});

test.each<[Partial<Movement>, string]>([
  [{}, 'Nothing moved.'],
  [
    {
      files: [
        { created: 2, changed: 0 },
        { created: 1, changed: 4 },
      ],
    },
    '3 new, 4 changed.',
  ],
  [
    {
      closed: 2,
      closedWhy: new Map([['no longer reported', 2]]),
      names: names({ closed: { titles: ['A flaw'], more: 0 } }),
    },
    '2 closed (no longer reported). Closed: A flaw.',
  ],
  [
    {
      closed: 12,
      held: 3,
      regressed: 2,
      closedWhy: new Map([
        ['replaced by shop:2', 2],
        ['no longer reported', 10],
      ]),
      heldWhy: new Map([['all without a fix', 3]]),
      names: {
        regressed: { titles: ['B', 'A'], more: 0 },
        closed: { titles: ['C', 'D', 'E'], more: 7 },
        held: { titles: ['F'], more: 0 },
      },
    },
    '2 regressed, 12 closed (no longer reported; and others), 3 closings held (all without a fix): accept with --confirm. Regressed: B; A. Closed: C; D; E and 7 more. Held: F.',
  ],
  [
    { storesUnknown: ['microsoft.storage/storageaccounts/a'] },
    'Nothing moved. What it says of 1 store waits for an inventory that describes it: microsoft.storage/storageaccounts/a.',
  ],
  [
    { closed: 1, storesUnknown: ['a', 'b\u202e', 'c', 'd', 'e', 'f', 'g'] },
    '1 closed. What it says of 7 stores waits for an inventory that describes them: a; b; c; d; e and 2 more.',
  ],
  [{ takenBack: 1 }, '1 catalogue entry taken back (no longer named).'],
  [
    {
      closed: 1,
      names: names({
        closed: { titles: [`red \u001b[31m\nalert\u202e ${'x'.repeat(300)}`], more: 0 },
      }),
    },
    `1 closed. Closed: red [31m alert ${'x'.repeat(64)}….`,
  ],
])('%j: %s', (moved, sentence) => {
  expect(importSentence({ ...NOTHING, ...moved })).toBe(sentence);
});
