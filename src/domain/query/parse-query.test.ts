import { expect, test } from 'vitest';
import { parseQuery, QUERY_LENGTH_MAX } from './parse-query.ts';

/** Where `^` stands in the second line is the place of the refusal. */
test.each([
  [
    'state:open',
    '^^^^^',
    /^There is no field "state": the fields are severity, score, .* put it in quotes: '"state:open"'\. Did you mean "status"\? \(Character 1 of the query\.\)$/,
  ],
  ['a sevrity:high', '  ^^^^^^^', 'Did you mean "severity"?'],
  ['@severty:high', '^^^^^^^^', 'Did you mean "@severity"?'],
  ['http://x', '^^^^', `put it in quotes: '"http://x"'.`],
  ['status:muted', '       ^^^^^', '"muted" is no status: expected open, in_progress, snoozed, resolved.'],
  ['muted:maybe', '      ^^^^^', '"maybe" is no value of muted: expected yes, no.'],
  ['severity:', '^^^^^^^^^', '"severity:" needs a value, such as severity:>=high.'],
  ['severity:,', '^^^^^^^^^^', '"severity:" needs a value'],
  [
    'severity:high,severe',
    '              ^^^^^^',
    '"severe" is no severity: expected critical, high, medium, low, info.',
  ],
  ['severity:critcal', '         ^^^^^^^', 'Did you mean "critical"?'],
  ['severity:>critical', '          ^^^^^^^^', 'No severity is greater than critical.'],
  [
    'risk:public',
    '     ^^^^^^',
    /^"public" is no risk: expected publicly_accessible, .* Did you mean "publicly_accessible"\?/,
  ],
  ['risk:*', '     ^', 'risk takes whole words'],
  ['type:x*', '     ^^', '"x*" is no type'],
  ['type:constructor', '     ^^^^^^^^^^^', '"constructor" is no type: expected misconfiguration, '],
  ['type:>secret', '      ^^^^^^', 'type has no greater and less.'],
  ['muted:"*"', '      ^^^', '"*" is no value of muted'],
  ['@risk.is_production:perhaps', '                    ^^^^^^^', '@risk.is_production is true or false.'],
  ['x "log4j', '  ^^^^^^', 'A quote in the query is not closed. Close it, or leave it out.'],
  ['(a OR (b)', '^', 'This bracket is not closed.'],
  ['a)', ' ^', 'Nothing is open that this bracket closes.'],
  ['()', ' ^', 'Expected a word, a phrase in quotes, field:value or a bracket, but ")" stands there.'],
  ['a OR', '    ', 'Expected a word, a phrase in quotes, field:value or a bracket, but the query ends.'],
  ['AND a', '^', 'but "AND" stands there.'],
  ['a OR OR b', '     ^', 'but "OR" stands there.'],
  ['NOT', '   ', 'but the query ends.'],
  ['team:(a OR)', '          ^', 'Expected a value of team, but ")" stands there.'],
  ['score:seven', '      ^^^^^', '"seven" is no number, and score takes numbers'],
  ['score:>', '      ^', 'A value has to follow >, such as score:[7 TO 9].'],
  ['score:[7, 9]', '      ^^^^', 'A range is written [least TO greatest]'],
  ['score:[7 TO ', '      ^^^^^^', 'A range is written [least TO greatest]'],
  ['score:1e9', '      ^^^', '"1e9" is no number'],
  ['first_seen:30d', '           ^^^', 'Did you mean now-30d or now+30d?'],
  [
    'first_seen:now-30d',
    '           ^^^^^^^',
    'first_seen needs a side of that instant: first_seen:<now-30d or first_seen:>now-30d.',
  ],
  ['due:<2026-02-30', '     ^^^^^^^^^^', '"2026-02-30" is no time.'],
  ['due:<tomorrow', '     ^^^^^^^^', '"tomorrow" is no time.'],
  ['due:<99999w', '     ^^^^^^', '"99999w" is no time.'],
  ['team:>a', '      ^', 'team has no greater and less.'],
  ['a\u0000b', ' ^', 'There is a sign in the query that is no text.'],
  ['\ud800', '^', 'There is a sign in the query that is no text.'],
  ['((((((a))))))', '     ^', 'Conditions are nested at most 5 deep.'],
  ['------a', '     ^', 'Conditions are nested at most 5 deep.'],
  ['a '.repeat(101), `${' '.repeat(200)}^`, 'A query has at most 100 words and values.'],
  [
    'tool:a '.repeat(9),
    `${' '.repeat(61)}^`,
    'A query has at most 8 values of resource, kind, region, namespace, tag, control, check, source, tool together.',
  ],
  [
    'x'.repeat(QUERY_LENGTH_MAX + 1),
    `${' '.repeat(QUERY_LENGTH_MAX)}^`,
    'A query has at most 2000 characters; this one has 2001.',
  ],
])('%j is refused', (text, marks, message) => {
  const from = marks.includes('^') ? marks.indexOf('^') : marks.length;
  expect(() => parseQuery(text)).toThrow(
    expect.objectContaining({
      code: 'usage',
      message:
        typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
      details: { queryPlace: { from, to: marks.length } },
    }),
  );
});

test('a hostile text of the greatest length is read or refused at once', () => {
  for (const piece of ['(', '-(', 'NOT ', 'a*', '\\', 'team:(', 'a(', '"', 'score:[', 'x OR ', '@', 'a,'])
    expect(() => {
      try {
        parseQuery(piece.repeat(QUERY_LENGTH_MAX).slice(0, QUERY_LENGTH_MAX));
      } catch (error) {
        if ((error as { code?: string }).code !== 'usage') throw error;
      }
    }).not.toThrow();
});

test.each([
  '(((((a)))))',
  '-----a',
  '-(-(-(-(-(a)))))',
  '(((((a))))) (((((b)))))',
  'a '.repeat(100),
  'tool:a '.repeat(8),
  'x'.repeat(QUERY_LENGTH_MAX),
])('%s is within the limits', (text) => {
  expect(parseQuery(text)).not.toBeNull();
});
