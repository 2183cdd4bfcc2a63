import { afterAll, beforeAll, expect, test } from 'vitest';
import { grypeReport } from '../../test/support/grype-report.ts';
import { ACCOUNT, prowlerReport } from '../../test/support/other-reports.ts';
import { openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';
import { imageReport } from '../../test/support/trivy-report.ts';

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

test('what two scanners call by other ids is one issue, and one finding where they looked at the same', async () => {
  const image = 'registry.example.com/meeting:1';
  const [cve, ghsa] = ['CVE-2026-4711', 'GHSA-4711-4711-4711'];
  const at = inbox.clock.now();
  const bucket = 'arn:aws:s3:::meeting';
  await inbox.importReport(
    imageReport({ image, vulnerabilities: [{ id: cve, purlType: 'npm', pkg: 'lodash' }] }),
  );
  await inbox.importReport(
    grypeReport({ image, at, matches: [{ id: ghsa, related: [cve], pkg: 'lodash' }] }),
  );
  await inbox.importReport(prowlerReport([{ check: 's3_bucket_public_access', bucket: 'meeting' }]));
  await inbox.importReport([
    {
      SchemaVersion: '2018-10-08',
      Id: 'x',
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
      GeneratorId: 'security-control/S3.2',
      AwsAccountId: ACCOUNT,
      Title: 'x',
      Compliance: { Status: 'FAILED', SecurityControlId: 'S3.2' },
      Resources: [{ Type: 'AwsS3Bucket', Id: bucket, Region: 'eu-west-1' }],
    },
  ]);
  const { rows } = await inbox.database.pool.query(
    `select coalesce(advisory, control) as subject, count(distinct issue_id)::int as issues, count(*)::int as findings
     from finding where advisory in ($1, $2) or control = 's3.public-read' group by 1 order by 1`,
    [cve, ghsa],
  );
  expect(rows).toEqual([
    { subject: cve, issues: 1, findings: 1 },
    { subject: 's3.public-read', issues: 1, findings: 1 },
  ]);
});
