import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { describeHead } from '../reading/describe-head.ts';
import { asff } from './asff.ts';

async function readAll(text: string | Buffer): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  const open = async function* () {
    yield Buffer.from(text);
  };
  for await (const item of asff.read(
    { name: 'findings.json', open },
    { root: null, account: null, region: null, cluster: null },
  ))
    items.push(item);
  return items;
}

const FINDING = {
  SchemaVersion: '2018-10-08',
  Id: 'f1',
  ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
  GeneratorId: 'security-control/EC2.2',
  AwsAccountId: '111122223333',
  Title: 'A title',
  Severity: { Label: 'HIGH' },
  UpdatedAt: '2026-01-02T00:00:00Z',
  Compliance: { Status: 'FAILED', SecurityControlId: 'EC2.2' },
  Resources: [
    {
      Type: 'AwsEc2SecurityGroup',
      Id: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1',
      Region: 'eu-west-1',
    },
  ],
} satisfies JsonObject;

async function observe(change: JsonObject): Promise<readonly Observation[]> {
  const items = await readAll(JSON.stringify({ Findings: [{ ...FINDING, ...change }] }));
  const record = items[1];
  return record?.kind === 'record' ? record.observations : [];
}

async function finding(change: JsonObject): Promise<FindingObservation | undefined> {
  return (await observe(change)).find((each) => each.kind === 'finding');
}

const RAW = JSON.stringify(FINDING);

test.each([
  ['an answer', `{"Findings":[${RAW}],"NextToken":"x"}`, ['Findings[0]']],
  ['in lower case', `{"findings":[${RAW},${RAW}]}`, ['findings[0]', 'findings[1]']],
  ['a bare array', `[${RAW},7]`, ['[0]', '[1]']],
  ['one finding', RAW, ['finding']],
  [
    'an event',
    `{"detail-type":"Security Hub Findings - Imported","detail":{"findings":[${RAW}]}}`,
    ['detail.findings[0]'],
  ],
  [
    'events in an array',
    `[{"detail":{"findings":[${RAW},${RAW}]}}]`,
    ['[0].detail.findings[0]', '[0].detail.findings[1]'],
  ],
  ['lines', `${RAW}\n${RAW}\n{"other":1}\n`, ['[0]', '[1]', '[2]']],
  [
    'pages, one after the other',
    `{"Findings":[${RAW}]}\n{"Findings":[${RAW}]}`,
    ['[0].Findings[0]', '[1].Findings[0]'],
  ],
])('%s is claimed and read', async (_, text, places) => {
  expect(asff.claims(describeHead('findings.json', Buffer.from(text)))).toBe(true);
  const items = await readAll(text);
  expect(
    items.flatMap((item) => (item.kind === 'record' || item.kind === 'reject' ? [item.at] : [])),
  ).toEqual(places);
});

test.each([
  [
    'GuardDuty itself',
    '{"Findings":[{"SchemaVersion":"2.0","Type":"Recon:EC2/Portscan","Service":{"DetectorId":"d"}}]}',
  ],
  ['Inspector itself', '{"findings":[{"findingArn":"arn:aws:inspector2:x","resources":[]}]}'],
  ['nothing', '{"Findings":[]}'],
  ['something else', '[1]'],
])('%s is not claimed', (_, text) => {
  expect(asff.claims(describeHead('findings.json', Buffer.from(text)))).toBe(false);
});

test.each([
  ['open', {}, { is: 'open' }],
  ['passed', { Compliance: { Status: 'PASSED' } }, { is: 'ended', passed: true }],
  [
    'passed and archived',
    { Compliance: { Status: 'PASSED' }, RecordState: 'ARCHIVED' },
    { is: 'ended', passed: true },
  ],
  ['archived', { RecordState: 'ARCHIVED' }, { is: 'ended', passed: false }],
  ['resolved', { Workflow: { Status: 'RESOLVED' } }, { is: 'ended', passed: false }],
  ['resolved as it was written before', { WorkflowState: 'RESOLVED' }, { is: 'ended', passed: false }],
  [
    'closed by Inspector',
    { ProductFields: { 'aws/inspector/FindingStatus': 'CLOSED' } },
    { is: 'ended', passed: false },
  ],
  [
    'suppressed with a note',
    { Workflow: { Status: 'SUPPRESSED' }, Note: { Text: 'Accepted.' } },
    { is: 'suppressed', reason: 'Accepted.' },
  ],
  [
    'suppressed and passed',
    { Workflow: { Status: 'SUPPRESSED' }, Compliance: { Status: 'PASSED' } },
    { is: 'ended', passed: true },
  ],
  ['notified', { Workflow: { Status: 'NOTIFIED' } }, { is: 'open' }],
])('state: %s', async (_, change, state) => {
  expect((await finding(change))?.state).toMatchObject(state);
});

test.each([['WARNING'], ['NOT_AVAILABLE'], ['INFOED']])(
  'compliance %s is counted and is no finding',
  async (status) => {
    expect(await observe({ Compliance: { Status: status } })).toEqual([]);
  },
);

test.each([
  [{ Label: 'CRITICAL' }, 'critical'],
  [{ Label: 'INFORMATIONAL' }, 'info'],
  [{ Normalized: 90 }, 'critical'],
  [{ Normalized: 40 }, 'medium'],
  [{ Normalized: 0 }, 'info'],
  [{ Normalized: 1000 }, null],
  [{ Label: 'UNHEARD' }, null],
  ['HIGH', null],
])('severity of %j', async (severity, expected) => {
  expect((await finding({ Severity: severity as JsonValue }))?.severity).toBe(expected);
});

test.each([
  ['the control', {}, 'securityhub', 'EC2.2', 'misconfiguration'],
  [
    'the control of before',
    { Compliance: { Status: 'FAILED' }, ProductFields: { ControlId: 'IAM.5' } },
    'securityhub',
    'IAM.5',
    'identity_risk',
  ],
  [
    'a number, with its standard',
    {
      Compliance: { Status: 'FAILED' },
      ProductFields: { ControlId: '1.14' },
      GeneratorId: 'arn:aws:securityhub:::ruleset/cis/v/1.2.0/rule/1.14',
    },
    'securityhub',
    'ruleset/cis/v/1.2.0/rule/1.14',
    'misconfiguration',
  ],
  [
    'Prowler',
    {
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/prowler/prowler',
      GeneratorId: 'prowler-iam_no_root_access_key',
    },
    'prowler',
    'iam_no_root_access_key',
    'identity_risk',
  ],
  [
    'AWS Config',
    {
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/config',
      Compliance: { Status: 'FAILED' },
      ProductFields: { 'aws/config/ConfigRuleName': 's3-public' },
    },
    'aws-config',
    's3-public',
    'misconfiguration',
  ],
  [
    'a product without rules',
    {
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/inspector',
      GeneratorId: 'AWSInspector',
      Compliance: null,
    },
    'inspector',
    'A title',
    'misconfiguration',
  ],
])('check: %s', async (_, change, tool, check, type) => {
  expect(await finding(change as JsonObject)).toMatchObject({ type, subject: { is: 'check', tool, check } });
});

test('each resource has a finding, and its tags are told', async () => {
  const Resources = ['sg-1', 'sg-2'].map((id) => ({
    Type: 'AwsEc2SecurityGroup',
    Id: `arn:aws:ec2:eu-west-1:111122223333:security-group/${id}`,
    Region: 'eu-west-1',
    Tags: { env: 'production' },
  }));
  const observations = await observe({ Resources });
  expect(observations.map((each) => each.kind)).toEqual(['finding', 'finding', 'resource', 'resource']);
  expect(observations.at(-1)).toMatchObject({ type: 'security-group', tags: { env: 'production' } });
});

test('each vulnerability of each package is a finding', async () => {
  const Vulnerabilities = [
    {
      Id: 'CVE-2024-0001',
      FixAvailable: 'NO',
      VulnerablePackages: [
        { Name: 'a', PackageManager: 'NPM', FixedInVersion: 'NotAvailable' },
        { Name: 'b', PackageManager: 'NPM', FixedInVersion: '2.0' },
      ],
    },
    {
      Id: 'CVE-2024-0002',
      ExploitAvailable: 'YES',
      Cvss: [
        { BaseVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', Source: 'NVD' },
        {
          BaseVector: 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
          Source: 'NVD',
          Adjustments: [{ Metric: 'AV' }],
        },
      ],
    },
    { Id: 7 },
  ];
  const findings = (await observe({ Vulnerabilities, Compliance: null })) as readonly FindingObservation[];
  expect(
    findings.map(({ subject, place, fixable, fix }) => [
      subject.is === 'advisory' ? subject.id : null,
      place.is === 'package' ? place.name : place.is,
      fixable,
      fix,
    ]),
  ).toEqual([
    ['CVE-2024-0001', 'a', false, undefined],
    ['CVE-2024-0001', 'b', true, '2.0'],
    ['CVE-2024-0002', 'none', undefined, undefined],
  ]);
  expect(findings[2]?.exploit?.kind).toBe('exploit_published');
  expect(findings[2]?.vectors).toHaveLength(1);
});

test.each([
  ['a sample', { ProductFields: { 'aws/guardduty/service/additionalInfo/sample': 'true' } }, false],
  ['archived', { RecordState: 'ARCHIVED' }, false],
  ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }, false],
  ['a setting', { Types: ['Unusual Behaviors/User/Policy:IAMUser-RootCredentialUsage'] }, false],
  ['an attack', {}, true],
])('GuardDuty, %s', async (_, change, isAttack) => {
  const [signal] = await observe({
    ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    Types: ['TTPs/Discovery/Recon:EC2-Portscan'],
    Compliance: null,
    ...change,
  } as JsonObject);
  expect(signal).toMatchObject({ kind: 'signal', tool: 'guardduty', isAttack });
});

test('a finding without resources is rejected with what it lacks', async () => {
  const items = await readAll(JSON.stringify({ Findings: [{ ...FINDING, Resources: [{ Type: 'Other' }] }] }));
  expect(items[1]).toMatchObject({
    kind: 'reject',
    at: 'Findings[0]',
    code: 'missing_field',
    message: expect.stringContaining('Resources'),
  });
});

test('731 findings of Prowler 2 are as many checks on resources, but for one user who stands twice under three checks', async () => {
  const items = await readAll(
    gunzipSync(readFileSync(join(import.meta.dirname, 'whole', 'prowler-2.json.gz'))),
  );
  const records = items.filter((item) => item.kind === 'record');
  const findings = records.flatMap((record) => record.observations as readonly FindingObservation[]);
  const naming = { sourceId: 's', cluster: null, repository: null, artifact: null };
  const identity = ({ subject, resource }: FindingObservation) =>
    JSON.stringify([subject.is === 'check' ? subject.check : null, identifyResource(resource, naming).key]);
  expect(records.length).toBe(731);
  expect(items[0]).toMatchObject({
    kind: 'scan',
    scan: { tool: 'prowler', scope: { is: 'posture' }, coverage: 'listed-if-passes' },
  });
  // Four ask a person to look.
  expect(findings.length).toBe(731 - 4);
  expect(new Set(findings.map(identity)).size).toBe(728 - 4);
  const open = findings.filter((each) => each.state.is === 'open');
  expect(open.length).toBe(286);
  expect(findings.every((each) => each.cover !== undefined)).toBe(true);
});
