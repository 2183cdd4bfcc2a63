import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InboxError } from '#base/inbox-error.ts';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { queries } from './query.test-sample.ts';
import type { Query } from './query.ts';

/** What a person writes is bounded; the bounds have tests of their own. */
function isWithinBounds(query: Query): boolean {
  try {
    parseQuery(printQuery(query));
    return true;
  } catch (error) {
    if (error instanceof InboxError && /at most/.test(error.message)) return false;
    throw error;
  }
}

test('what is printed is read as the same query', () => {
  fc.assert(
    fc.property(queries().filter(isWithinBounds), (query) => {
      expect(parseQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 500 },
  );
});

test('whatever is written is read or refused with its place, and printing it settles it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'severity:',
        'high',
        'due:<',
        'now-3d',
        '(',
        ')',
        ' OR ',
        ' AND ',
        'NOT ',
        '-',
        '"',
        '\\',
        '*',
        ',',
        ' ',
        '[',
        ' TO ',
        ']',
      ],
    ),
    fc.constantFrom(
      'score:',
      '7',
      'team:',
      'risk:in_production',
      'a',
      '@status:',
      '2026-11-01',
      '>=',
      ':',
      'unknown:',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let query: Query;
      try {
        query = parseQuery(text);
      } catch (error) {
        if (!(error instanceof InboxError)) throw error;
        const { from, to } = error.details.queryPlace as { from: number; to: number };
        expect(error.code).toBe('usage');
        expect(0 <= from && from <= to && to <= text.length).toBe(true);
        return;
      }
      expect(parseQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 1_500 },
  );
});

test.each([
  ['log4j   severity:high', 'log4j severity:high'],
  ['(severity:high) AND (severity:low)', 'severity:high AND severity:low'],
  ['severity:high OR severity:low', 'severity:high,low'],
  ['risk:in_production risk:under_attack', 'risk:in_production,under_attack'],
  ['a OR b c', 'a OR (b c)'],
  ['NOT (a b)', '-(a b)'],
  ['NOT a b', '-a b'],
  ['@risk.is_production:false', '-risk:in_production'],
  ['owner:Plat*', 'team:Plat*'],
  ['due:<7d', 'due:<now+7d'],
  ['due:<168h', 'due:<now+7d'],
  ['first_seen:>now-2w', 'first_seen:>now-14d'],
  ['first_seen:2026-11-01T10:00', 'first_seen:2026-11-01T10:00:00.000Z'],
  ['severity:>=high', 'severity:critical,high'],
  ['"a phrase" x', '"a phrase" x'],
  ['score:[* TO 9]', 'score:[* TO 9]'],
  ['*', '*'],
])('%j is %j', (text, printed) => {
  expect(printQuery(parseQuery(text))).toBe(printed);
});
