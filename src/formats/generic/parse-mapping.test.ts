import { describe, expect, test } from 'vitest';
import { InboxError } from '#base/inbox-error.ts';
import { parseMapping } from './parse-mapping.ts';

const WHOLE = `
tool: Acme Scan
entries: results.*.issues.*
when: [message, location.file]
fields:
  title: message
  severity: [level, priority]
  ecosystem: { value: npm }
severities: { 5: critical, Bad: high }
state:
  from: status
  ended: fixed
  suppressed: [ignored, Won't fix]
`;

test('all that a mapping may say is read', () => {
  const mapping = parseMapping(WHOLE);
  expect(mapping).toEqual({
    tool: 'Acme Scan',
    entries: 'results.*.issues.*',
    when: ['message', 'location.file'],
    fields: new Map<string, unknown>([
      ['title', { from: ['message'] }],
      ['severity', { from: ['level', 'priority'] }],
      ['ecosystem', { value: 'npm' }],
    ]),
    severities: new Map([
      ['5', 'critical'],
      ['bad', 'high'],
    ]),
    state: { from: 'status', ended: new Set(['fixed']), suppressed: new Set(['ignored', "won't fix"]) },
  });
});

describe('a mistake is told with its line and column', () => {
  test.each([
    ['', 'line 1, column 1: The mapping is to be a list of names and values.'],
    ['- a', 'line 1, column 1: The mapping is to be a list of names and values.'],
    ['fields: { title: a }', 'line 1, column 1: tool is missing.'],
    ['tool: a', 'line 1, column 1: fields is missing.'],
    ['tool: a\nfields:\n  titel: b', 'line 3, column 3: "titel" is not known here. Known: title, severity, '],
    ['tool: a\nfields:\n  line: b', 'line 2, column 1: fields need a title, an advisory or a check.'],
    ['tool: a\nfields:\n  title:', 'line 3, column 9: title is to be a text.'],
    ['tool: a\nfields:\n  title: []', 'line 3, column 3: title lists no member.'],
    ['tool: [a]\nfields: {title: b}', 'line 1, column 7: tool is to be a text.'],
    ['tool: a\nfields: {title: {from: b}}', 'line 2, column 18: "from" is not known here. Known: value.'],
    [
      'tool: a\nfields: {title: b}\nseverities:\n  1: awful',
      'line 4, column 3: 1 is to be critical, high, medium, low or info.',
    ],
    ['tool: a\nfields: {title: b}\nwhen: []', 'line 3, column 1: when lists no member.'],
    ['tool: a\nfields: {title: b}\nwhen: {a: b}', 'line 3, column 7: when is to be a text.'],
    [
      `tool: a\nfields: {title: b}\nwhen: [${'x,'.repeat(21)}]`,
      'line 3, column 1: when lists more than 20 members; a few tell a report apart.',
    ],
    ['tool: a\nfields: {title: b}\nstate: {ended: x}', 'line 3, column 1: from is missing.'],
    ['tool: a\nfields: {title: b', 'line 2, column 18: '],
    ['tool: a\ntool: b\nfields: {title: c}', 'line 2, column 1: Map keys must be unique'],
    [`tool: ${'a'.repeat(301)}`, 'line 1, column 7: tool is longer than 300 characters.'],
  ])('%j', (text, sentence) => {
    expect(() => parseMapping(text)).toThrow(InboxError);
    expect(() => parseMapping(text)).toThrow(`The mapping, ${sentence}`);
  });

  test('one that is large, or made of aliases, is refused', () => {
    expect(() => parseMapping('a'.repeat(64 * 1024 + 1))).toThrow('larger than 64 KB');
    expect(() => parseMapping('tool: &a [x]\nfields: {title: *a}')).toThrow('line 1, column 10');
  });
});
