import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';

let inbox: TestInbox;

beforeAll(async () => {
  inbox = await openTestInbox();
});

afterAll(() => inbox.close());

const VEX = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.com/vex',
  author: 'acme',
  timestamp: '2026-06-03T04:03:53Z',
  statements: [
    {
      vulnerability: { name: 'CVE-2024-0001' },
      products: [{ '@id': 'pkg:npm/a@1' }, { '@id': 'pkg:npm/b@1' }],
      status: 'not_affected',
    },
    { vulnerability: { name: 'CVE-2024-0002' }, products: ['pkg:npm/a@1'], status: 'maybe' },
  ],
};

test('statements of VEX are counted, make no finding, and the answer says that they do nothing yet', async () => {
  const result = await inbox.importReport(VEX);
  expect(result).toMatchObject({ format: 'openvex', records: 2, findings: 0, error: null });
  expect(result).toMatchObject({
    rejects: [{ at: 'statements[1]' }],
    sentences: expect.arrayContaining([
      '2 statements of VEX were read; findings of products that are not affected or fixed by them are muted.',
    ]),
  });
});

test.each([
  ['[]', null, null, 'format_unknown', /--format gitleaks/],
  ['<SCAN/>', null, null, 'format_unknown', /Qualys report of one scan/],
  ['{"runs":[],"version":"2.1.0"}', 'gitleaks', 'gitleaks', 'report_broken', /Say --format sarif/],
  ['[]', 'gitlaeks', null, 'usage', /There is no format "gitlaeks"/],
])('%s as %s is refused by name', async (report, named, format, code, message) => {
  expect(await inbox.importReport(report, { format: named })).toEqual({
    file: expect.any(String),
    format,
    error: { code, message: expect.stringMatching(message) },
  });
});

test('an empty list is a clean report of the tool that a person names', async () => {
  expect(await inbox.importReport('[]', { format: 'gitleaks' })).toMatchObject({
    format: 'gitleaks',
    records: 0,
    findings: 0,
    error: null,
  });
});
