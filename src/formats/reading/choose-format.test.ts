import { expect, test } from 'vitest';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { FORMATS } from '../formats.ts';
import { chooseFormat } from './choose-format.ts';
import { describeHead } from './describe-head.ts';

const named = (id: string) => FORMATS.find((format) => format.id === id) as ReportFormat;
const choose = (text: string, id: string | null) =>
  chooseFormat(describeHead('report', Buffer.from(text)), FORMATS, id === null ? null : named(id)).id;

const SARIF = '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Semgrep OSS"}},"results":[]}]}';

test.each([
  ['as it says itself', SARIF, null, 'sarif'],
  ['as somebody named it', SARIF, 'sarif', 'sarif'],
  ['an empty list, under any name', '[]', 'gitleaks', 'gitleaks'],
  ['an empty file', '', 'nuclei', 'nuclei'],
  ['what nobody claims', '{"q":1}', 'grype', 'grype'],
])('%s', (_case, text, id, expected) => {
  expect(choose(text, id)).toBe(expected);
});

test('a report of one kind under the name of another is told by its own', () => {
  expect(() => choose(SARIF, 'semgrep')).toThrow(
    expect.objectContaining({
      code: 'report_broken',
      message: expect.stringMatching(
        /^This is SARIF written by Semgrep OSS and not Semgrep.*\. Say --format sarif, or leave the flag away\.$/,
      ),
    }),
  );
  expect(() => choose('{"bomFormat":"CycloneDX"}', 'trivy')).toThrow(/This is CycloneDX and not Trivy/);
});

test('without a name it is what detection says', () => {
  expect(() => choose('{"q":1}', null)).toThrow(expect.objectContaining({ code: 'format_unknown' }));
});
