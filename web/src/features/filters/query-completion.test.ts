import { expect, test } from 'vitest';
import type { QueryField } from '../../../../src/contract/query-field.ts';
import { completionAt } from './query-completion.ts';

const field = (name: string, values: string[] = [], aliases: string[] = []): QueryField => ({
  name,
  aliases,
  kind: 'choice',
  values,
  list: 'any',
  of: 'issue',
  sentence: `About ${name}.`,
  example: '',
});
const FIELDS = [
  field('severity', ['critical', 'high']),
  field('score'),
  field('team', [], ['owner']),
  field('source', ['nightly', 'nightly "two"']),
];

/** `|` is the cursor; the answer is what each choice makes of the text. */
test.each([
  ['s|', ['severity:', 'score:', 'source:']],
  ['log4j SE|', ['log4j severity:']],
  ['ow|', ['owner:']],
  ['-(se|', ['-(severity:']],
  ['-se| x', ['-severity: x']],
  ['severity:|', ['severity:critical', 'severity:high']],
  ['severity:high,c|', ['severity:high,critical']],
  ['severity:>=H|', ['severity:>=high']],
  ['source:n|', ['source:nightly', 'source:"nightly \\"two\\""']],
  ['severity:high|', []],
  ['severity:x|', []],
  ['score:|', []],
  ['nowhere:|', []],
  ['|', []],
  ['severity:high |', []],
  ['"se|', []],
])('%j can go on as %j', (text, expected) => {
  const cursor = text.indexOf('|');
  const typed = text.replace('|', '');
  const found = completionAt(typed, cursor, FIELDS);
  const made = found?.choices.map(
    (choice) => typed.slice(0, found.from) + choice.text + typed.slice(found.to),
  );
  expect(made ?? []).toEqual(expected);
});
