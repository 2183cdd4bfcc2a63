import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { describeHead } from '../reading/describe-head.ts';
import { ocsf } from './ocsf.ts';

async function readAll(text: string): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  const open = async function* () {
    yield Buffer.from(text);
  };
  for await (const item of ocsf.read(
    { name: 'events.json', open },
    { root: null, account: null, region: null, cluster: null },
  ))
    items.push(item);
  return items;
}

const CHECK = {
  class_uid: 2004,
  category_uid: 2,
  severity_id: 4,
  severity: 'High',
  status: 'New',
  status_code: 'FAIL',
  metadata: { event_code: 's3_bucket_public_access', product: { name: 'Prowler', version: '5.4.0' } },
  finding_info: { title: 'A title', uid: 'f1' },
  cloud: { provider: 'aws', account: { uid: '111122223333' }, region: 'eu-west-1' },
  resources: [{ uid: 'arn:aws:s3:::shop', type: 'AwsS3Bucket', region: 'eu-west-1' }],
} satisfies JsonObject;

async function observe(change: JsonObject): Promise<readonly Observation[]> {
  const items = await readAll(JSON.stringify([{ ...CHECK, ...change }]));
  const record = items.find((item) => item.kind === 'record');
  return record?.kind === 'record' ? record.observations : [];
}

async function finding(change: JsonObject): Promise<FindingObservation | undefined> {
  return (await observe(change)).find((each) => each.kind === 'finding');
}

const RAW = JSON.stringify(CHECK);

test.each([
  ['an array', `[${RAW},"x"]`, ['[0]', '[1]']],
  ['one event', RAW, ['event']],
  ['lines', `${RAW}\n${RAW}\n`, ['[0]', '[1]']],
])('%s is claimed and read', async (_, text, places) => {
  expect(ocsf.claims(describeHead('events.json', Buffer.from(text)))).toBe(true);
  expect(
    (await readAll(text)).flatMap((item) =>
      item.kind === 'scan' || item.kind === 'beside' ? [] : [item.at],
    ),
  ).toEqual(places);
});

test.each([['{}'], ['[]'], ['[{"class_uid":"2004"}]'], ['{"severity_id":4}'], ['null']])(
  '%s is not claimed',
  (text) => {
    expect(ocsf.claims(describeHead('events.json', Buffer.from(text)))).toBe(false);
  },
);

test('an event that breaks before its class is claimed', () => {
  const text = '{"activity_id":1,"actor":{"user":oops},"category_uid":6,"class_uid":6003}';
  expect(ocsf.claims(describeHead('events.json', Buffer.from(text)))).toBe(true);
});

test('one event that is no JSON is refused; a line that is none is rejected alone', async () => {
  const broken = RAW.replace('"FAIL"', 'FAIL');
  await expect(readAll(broken)).rejects.toMatchObject({ code: 'report_broken' });
  const items = await readAll(`${RAW}\n${broken}\n${RAW}`);
  expect(items.map((item) => item.kind)).toEqual(['scan', 'record', 'reject', 'record']);
});

test.each([
  ['failed', {}, { is: 'open' }],
  ['passed', { status_code: 'PASS' }, { is: 'ended', passed: true }],
  ['muted', { status: 'Suppressed', status_id: 3 }, { is: 'suppressed' }],
  ['new, beside the number of another status', { status: 'New', status_id: 3 }, { is: 'open' }],
  ['suppressed by number alone', { status: null, status_id: 3 }, { is: 'suppressed' }],
  ['resolved', { status: 'Resolved' }, { is: 'ended', passed: false }],
  ['archived', { status: 'Archived' }, { is: 'ended', passed: false }],
  ['archived in Security Hub', { unmapped: { RecordState: 'ARCHIVED' } }, { is: 'ended', passed: false }],
  ['closed', { activity_id: 3, activity_name: 'Close' }, { is: 'ended', passed: false }],
  ['of Prowler 3', { status_code: null, status: 'Failure', compliance: { status: 'FAIL' } }, { is: 'open' }],
])('state: %s', async (_, change, state) => {
  expect((await finding(change as JsonObject))?.state).toMatchObject(state);
});

test.each([['MANUAL'], ['INFO'], ['WARNING']])('%s is counted and is no finding', async (status_code) => {
  expect(await observe({ status_code })).toEqual([]);
});

test.each([
  [{ severity: 'Fatal', severity_id: 6 }, 'critical'],
  [{ severity: 'Informational' }, 'info'],
  [{ severity: null, severity_id: 2 }, 'low'],
  [{ severity: 'Unknown', severity_id: 0 }, null],
  [{ severity: 'Other', severity_id: 99 }, null],
  [{ severity: null, severity_id: -1 }, null],
])('severity of %j', async (change, expected) => {
  expect((await finding(change))?.severity).toBe(expected);
});

test.each([
  ['an object of AWS', {}, { kind: 'cloud', provider: 'aws', id: 'arn:aws:s3:::shop', type: 's3-bucket' }],
  [
    'a setting of an account',
    { resources: [{ uid: 'Macie', type: 'AwsMacieSession', region: 'us-east-1' }] },
    { kind: 'account', provider: 'aws', account: '111122223333', region: 'us-east-1' },
  ],
  [
    'Azure',
    {
      cloud: { provider: 'azure', account: { uid: 'sub' } },
      resources: [{ uid: '/subscriptions/sub/x', type: 'T' }],
    },
    { kind: 'cloud', provider: 'azure', id: '/subscriptions/sub/x', account: 'sub' },
  ],
  [
    'a subscription',
    { cloud: { provider: 'azure', account: { uid: 'sub' } }, resources: [{ uid: '/subscriptions/sub' }] },
    { kind: 'account', provider: 'azure', account: 'sub' },
  ],
  [
    'a name that stands in every project',
    { cloud: { provider: 'gcp', account: { uid: 'p1' } }, resources: [{ uid: 'default', type: 'Network' }] },
    { kind: 'cloud', provider: 'gcp', id: 'projects/p1/Network/default' },
  ],
  [
    'GitHub',
    { cloud: { provider: 'github', account: { uid: 'org' } }, resources: [{ uid: '345', name: 'docs' }] },
    { kind: 'cloud', provider: 'github', id: '345', name: 'docs', account: 'org' },
  ],
  [
    'a provider that is not known',
    { cloud: { provider: 'cloudthing', account: { uid: 'a' } }, resources: [{ uid: 'x' }] },
    { kind: 'cloud', provider: 'other', id: 'x' },
  ],
  [
    'Kubernetes',
    {
      cloud: null,
      unmapped: { provider: 'kubernetes', provider_uid: 'kind-kind' },
      resources: [{ name: 'admin', namespace: '', type: 'KubernetesClusterRole' }],
    },
    {
      kind: 'kubernetes',
      cluster: 'kind-kind',
      group: 'rbac.authorization.k8s.io',
      objectKind: 'ClusterRole',
      namespace: '',
      name: 'admin',
    },
  ],
])('resource: %s', async (_, change, resource) => {
  expect((await finding(change as JsonObject))?.resource).toMatchObject(resource);
});

test.each([
  ['iam_role_administratoraccess_policy', 'identity_risk'],
  ['entra_global_admin_in_less_than_five_users', 'identity_risk'],
  ['rbac_cluster_admin_usage', 'identity_risk'],
  ['s3_bucket_public_access', 'misconfiguration'],
  ['accessanalyzer_enabled', 'misconfiguration'],
])('%s is %s', async (event_code, type) => {
  expect(await finding({ metadata: { event_code, product: { name: 'Prowler' } } })).toMatchObject({
    type,
    cover: `${event_code}@111122223333/eu-west-1`,
  });
});

test.each([
  [{ labels: ['env=production', 'team:payments', 'alone'] }, { env: 'production', team: 'payments' }],
  [
    {
      tags: [
        { name: 'env', value: 'production' },
        { Key: 'team', Value: 'payments' },
      ],
    },
    { env: 'production', team: 'payments' },
  ],
])('the tags of %j', async (tagged, tags) => {
  const told = (await observe({ resources: [{ ...CHECK.resources[0], ...tagged }] as JsonValue })).find(
    (each) => each.kind === 'resource',
  );
  expect(told).toMatchObject({ kind: 'resource', type: 's3-bucket', tags });
});

const SCANS: readonly (readonly [string, JsonObject, JsonObject])[] = [
  [
    'Prowler',
    {},
    {
      tool: 'prowler',
      toolVersion: '5.4.0',
      time: null,
      scope: { is: 'posture' },
      coverage: 'listed-if-passes',
    },
  ],
  [
    'Prowler in a cluster',
    { cloud: null, metadata: { ...CHECK.metadata, profiles: ['container'] } },
    { tool: 'prowler', scope: { is: 'cluster', cluster: null }, coverage: 'listed-if-passes' },
  ],
  [
    'Security Hub',
    {
      class_uid: 2003,
      metadata: { product: { name: 'Security Hub' } },
      compliance: { control: 'S3.1', status: 'FAILED' },
    },
    { tool: 'securityhub', scope: { is: 'feed' }, coverage: 'none' },
  ],
  [
    'GuardDuty',
    { status_code: null, metadata: { product: { name: 'GuardDuty' } }, time: 1788000000000 },
    { tool: 'guardduty', scope: { is: 'events' }, coverage: 'none' },
  ],
];

test.each(SCANS)('the scan of %s', async (_, change, scan) => {
  const [item] = await readAll(JSON.stringify([{ ...CHECK, ...change }]));
  expect(item).toMatchObject({ kind: 'scan', scan });
});

test.each([
  ['no class', { class_uid: null }, 'class_uid'],
  ['no resource', { resources: [] }, 'resources'],
  ['no time', { status_code: null, metadata: { product: { name: 'GuardDuty' } } }, 'time'],
  ['no vulnerability', { class_uid: 2002, status_code: null }, 'vulnerabilities'],
])('an event with %s is rejected', async (_, change, missing) => {
  const items = await readAll(JSON.stringify([{ ...CHECK, ...change }]));
  expect(items[1]).toMatchObject({
    kind: 'reject',
    at: '[0]',
    code: 'missing_field',
    message: expect.stringContaining(`"${missing}"`),
  });
});

test('activity is counted and says nothing; the old class is an attack only from a detector', async () => {
  expect(await observe({ class_uid: 6003, category_uid: 6 })).toEqual([]);
  const old = {
    class_uid: 2001,
    status_code: null,
    time: 1788000000000,
    metadata: { product: { name: 'Some Scanner' } },
  };
  expect(await observe(old)).toEqual([]);
  expect(await observe({ ...old, metadata: { product: { name: 'Falco' } } })).toMatchObject([
    { kind: 'signal', tool: 'falco', isAttack: true },
  ]);
  expect(
    await observe({ ...old, metadata: { product: { name: 'Falco' } }, verdict: 'False Positive' }),
  ).toMatchObject([{ isAttack: false }]);
});

test('a class 2002 event of a check is a check; one of vulnerabilities gives one finding per package', async () => {
  expect(await finding({ class_uid: 2002 })).toMatchObject({ subject: { is: 'check' } });
  const vulnerabilities = [
    {
      cve: { uid: 'CVE-2024-0001' },
      affected_packages: [{ purl: 'pkg:npm/%40acme/a@1' }, { name: 'b', package_manager: 'PIP' }],
    },
    { title: 'nameless' },
  ];
  const findings = (await observe({
    class_uid: 2002,
    status_code: null,
    vulnerabilities,
  })) as readonly FindingObservation[];
  expect(findings.map((each) => each.place)).toEqual([
    { is: 'package', purlType: 'npm', namespace: '@acme', name: 'a' },
    { is: 'package', purlType: 'pypi', namespace: undefined, name: 'b' },
  ]);
});

test.each([
  ['FAIL', 1],
  ['PASS', 0],
  ['MANUAL', null],
])('the check of the root user that says %s tells of its keys', async (status_code, keys) => {
  const root = 'arn:aws:iam::111122223333:root';
  const told = await observe({
    status_code,
    metadata: { ...CHECK.metadata, event_code: 'iam_no_root_access_key' },
    resources: [{ uid: root, name: 'root', type: 'AwsIamAccessKey', region: 'us-east-1' }],
  });
  const facts = { Arn: root, AccessKeyCount: keys };
  expect(told.filter((each) => each.kind === 'resource')).toMatchObject(
    keys === null ? [] : [{ type: 'iam-root', isSecondHand: true, facts, account: '111122223333' }],
  );
});
