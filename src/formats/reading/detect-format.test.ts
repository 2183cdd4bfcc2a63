import { expect, test } from 'vitest';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { describeHead } from './describe-head.ts';
import { detectFormat } from './detect-format.ts';

const format = (id: string, key: string): ReportFormat => ({
  id,
  title: id,
  command: id,
  claims: (head) => head.shape === 'json' && JSON.stringify(head.json).includes(key),
  read: () => {
    throw new Error('not read here');
  },
});
const FORMATS = [format('apple', 'a'), format('pear', 'p')];
const detect = (text: string) => detectFormat(describeHead('report', Buffer.from(text)), FORMATS);

test('the one format that claims a report reads it; none is null', () => {
  expect(detect('{"a":1}')?.id).toBe('apple');
  expect(detect('{"p":1}')?.id).toBe('pear');
  expect(detect('{"q":1}')).toBe(null);
});

test('two claims are refused with both names', () => {
  expect(() => detect('{"a":1,"p":2}')).toThrow(
    expect.objectContaining({
      code: 'format_ambiguous',
      message: 'The report looks like apple and pear. Say which with --format.',
    }),
  );
});

test.each(['', '\n  \n'])('an empty report %j is refused', (text) => {
  expect(() => detect(text)).toThrow(expect.objectContaining({ code: 'report_empty' }));
});
