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

test('the one format that claims a report reads it', () => {
  expect(detect('{"a":1}').id).toBe('apple');
  expect(detect('{"p":1}').id).toBe('pear');
});

test.each([
  ['[]', /^report is an empty list, .*--format gitleaks or --format github-dependabot/],
  [' [ ] ', /an empty list/],
  ['{}', /an empty JSON object/],
  ['null', /a single JSON value/],
  ['"x"', /a single JSON value/],
  ['{"q":1,"w":2}', /^No known format claims report, JSON with "q", "w"\. The command "formats" lists/],
  ['[{"q":1}]', /JSON with "q"/],
  [
    '{"reportSchema":"1.1","scanInfo":{}}',
    /OWASP Dependency-Check report in JSON\. Write it with --format SARIF/,
  ],
  ['<SCAN/>', /a Qualys report of one scan/],
  ['<NessusClientData/>', /Nessus file of version 1\. Export it as \.nessus/],
  ['<cvrfdoc xmlns="http://www.icasi.org/CVRF/schema/cvrf/1.1"/>', /CSAF 1/],
  ['<testsuites/>', /a JUnit report/],
  ['<other/>', /an XML file whose root is "other"/],
  ['<!doctype html><html><body>', /a web page/],
  ['%PDF-1.7', /a PDF/],
  [`${'reports/a.json'.padEnd(257, '\0')}ustar\0`, /is a tar archive\. Unpack it and import the folder/],
  [`${'é.json'.padEnd(256, '\0')}ustar  `, /is a tar archive/],
  ['BZh91AY&SY', /compressed by bzip2 or xz\. Decompress it/],
  ['\ufffd7zXZ\0', /compressed by bzip2 or xz/],
  ["7z\ufffd\ufffd'\x1c", /a 7z or RAR archive/],
  ['Rar!\x1a\x07', /a 7z or RAR archive/],
  ['a;b;c\n1;2;3\n', /^No known format claims report, a table with the columns "a", "b", "c"\. /],
  ['ada,hunter2,x', /^No known format claims report\. The command/],
  ['words', /^No known format claims report\. The command/],
])('what none claims is told by what it looks like: %s', (text, message) => {
  expect(() => detectFormat(describeHead('a/report', Buffer.from(text)), [])).toThrow(
    expect.objectContaining({ code: 'format_unknown', message: expect.stringMatching(message) }),
  );
});

test.each([
  ['64 levels', 64, 'format_unknown', /^No known format claims report\./],
  [
    '65 levels',
    65,
    'report_too_deep',
    /^report looks like JSON, .* deeper than the 64 levels that are read\./,
  ],
])('JSON that none claims says that it is too deep: %s', (_name, levels, code, message) => {
  for (const [open, close] of [
    ['[', ']'],
    ['[', ''],
    [' {"[":', '}'],
  ] as const) {
    const text = `${open.repeat(levels)}"}[\\"["${close.repeat(levels)}`;
    expect(() => detectFormat(describeHead('report', Buffer.from(text)), [])).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(levels > 64 ? message : /^No known format claims/),
      }),
    );
  }
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
