import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareSeverity,
  LOWEST_SCORE,
  SEVERITIES,
  severityOfScore,
  severityOfWord,
  severityRank,
  WORD_SCORE,
} from './severity.ts';

test('severities stand worst first and rank from 4 down to 0', () => {
  expect(SEVERITIES.map(severityRank)).toEqual([4, 3, 2, 1, 0]);
  expect([...SEVERITIES].reverse().sort(compareSeverity)).toEqual(SEVERITIES);
});

test.each([
  [10, 'critical'],
  [9, 'critical'],
  [8.9, 'high'],
  [7, 'high'],
  [6.9, 'medium'],
  [4, 'medium'],
  [3.9, 'low'],
  [0.1, 'low'],
  [0, 'info'],
] as const)('a score of %d is %s', (score, severity) => {
  expect(severityOfScore(score)).toBe(severity);
});

test('the word score and the lowest score of a level lie in its band', () => {
  for (const severity of SEVERITIES) {
    expect(severityOfScore(WORD_SCORE[severity])).toBe(severity);
    expect(severityOfScore(LOWEST_SCORE[severity])).toBe(severity);
  }
});

describe('words of scanners and distributions', () => {
  test.each([
    ['CRITICAL', 'critical'],
    ['Very High', 'critical'],
    ['High', 'high'],
    ['Important', 'high'],
    ['ERROR', 'high'],
    ['danger', 'high'],
    ['moderate', 'medium'],
    ['MODERATE', 'medium'],
    ['Warning', 'medium'],
    ['LOW', 'low'],
    ['Negligible', 'low'],
    ['unimportant', 'low'],
    ['note', 'low'],
    ['very-low', 'low'],
    ['INFO', 'info'],
    ['Informational', 'info'],
    ['Information', 'info'],
    ['None', 'info'],
    ['  High ', 'high'],
    ['false_positive', 'info'],
    ['unknown', null],
    ['UNTRIAGED', null],
    ['not yet assigned', null],
    ['', null],
    ['constructor', null],
    ['high'.repeat(20), null],
    [null, null],
    [undefined, null],
  ] as const)('%s is %s', (word, severity) => {
    expect(severityOfWord(word)).toBe(severity);
  });

  test('no text is beyond it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => severityOfWord(text) !== undefined));
  });
});
