import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importReports } from '../src/app/import-reports.ts';
import { showResources } from '../src/app/show-resources.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { findReportFiles } from '../src/jobs/report-files.ts';
import { NO_OPTIONS, openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
let folder: string;
beforeEach(async () => {
  inbox = await openTestInbox();
  folder = await mkdtemp(join(tmpdir(), 'adapters-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await inbox.close();
});

async function put(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(content));
  return path;
}

async function shown(id: string) {
  const [view] = await showResources(inbox.ctx, { ids: [id] });
  return presentResource(id, view ?? null);
}

const IDENTITY = { UserId: 'AIDA', Account: '111111111111', Arn: 'arn:aws:iam::111111111111:user/reader' };

describe('the folder contract', () => {
  const INSTANCES = {
    Reservations: [{ Instances: [{ InstanceId: 'i-0123456789abcdef0', State: { Name: 'running' } }] }],
  };
  const KEY = 'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcdef0';

  test('account and region come from the folders, whatever is read first', async () => {
    await inbox.importFiles([
      await put('dump/eu-west-1/ec2-describe-instances.json', INSTANCES),
      await put('dump/sts-get-caller-identity.json', IDENTITY),
    ]);
    expect(await shown(KEY)).toMatchObject({ kind: 'cloud' });
  });

  test('one file by itself is of the account that the answer beside it tells, which is not imported', async () => {
    const path = await put('alone/eu-west-1/ec2-describe-instances.json', INSTANCES);
    await put('alone/sts-get-caller-identity.json', IDENTITY);
    const { files, release } = await findReportFiles([path], Readable.from([]));
    const results = await importReports(inbox.ctx, { files, options: NO_OPTIONS });
    await release();
    expect(results.map(({ file }) => file)).toEqual([path]);
    expect(await shown(KEY)).toMatchObject({ kind: 'cloud' });
  });

  test('flags override them', async () => {
    await inbox.importFiles(
      [
        await put('dump/eu-west-1/ec2-describe-instances.json', INSTANCES),
        await put('dump/sts-get-caller-identity.json', IDENTITY),
      ],
      { account: '222222222222', region: 'us-east-1' },
    );
    expect(await shown(KEY)).toMatchObject({ kind: null });
    expect(await shown('aws:arn:aws:ec2:us-east-1:222222222222:instance/i-0123456789abcdef0')).toMatchObject({
      kind: 'cloud',
    });
  });
});

describe('a Terraform state beside an inventory', () => {
  const ARN = 'arn:aws:lambda:eu-west-1:111111111111:function:pay';
  const KEY = `aws:${ARN}`;
  const PUBLIC = { Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: '*' };
  const state = (isOpen: boolean) => ({
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          {
            address: 'aws_lambda_function.pay',
            mode: 'managed',
            type: 'aws_lambda_function',
            values: { arn: ARN, function_name: 'pay', vpc_config: [] },
          },
          {
            address: 'aws_lambda_permission.pay',
            mode: 'managed',
            type: 'aws_lambda_permission',
            values: {
              function_name: 'pay',
              action: 'lambda:InvokeFunction',
              principal: isOpen ? '*' : '111111111111',
            },
          },
        ],
      },
    },
  });
  const FUNCTIONS = { Functions: [{ FunctionName: 'pay', FunctionArn: ARN }] };
  const policy = (...statements: readonly object[]) => ({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((each) => ({ ...each, Resource: ARN })),
    }),
    RevisionId: 'r',
  });
  const isPublic = async () => (await shown(KEY)).riskStates.publicly_accessible;

  async function importState(isOpen: boolean) {
    await inbox.importFiles([await put('envs/prod/pay.json', state(isOpen))]);
  }
  async function importInventory(...statements: readonly object[]) {
    await inbox.importFiles([
      await put('lambda-list-functions.json', FUNCTIONS),
      await put('lambda-get-policy-pay.json', policy(...statements)),
    ]);
  }

  test('alone it is believed, and its path names the environment', async () => {
    await importState(true);
    expect(await shown(KEY)).toMatchObject({
      environment: 'production',
      riskStates: { publicly_accessible: 'yes', in_production: 'yes' },
    });
  });

  test('the inventory wins, whichever is read last', async () => {
    await importState(true);
    await importInventory({ ...PUBLIC, Principal: { AWS: '111111111111' } });
    expect(await isPublic()).not.toBe('yes');
    await importState(true);
    expect(await isPublic()).not.toBe('yes');
  });

  test('what the inventory calls public stays so when a state knows nothing of it', async () => {
    await importInventory(PUBLIC);
    await importState(false);
    expect(await isPublic()).toBe('yes');
  });

  test('a newer state replaces what an older one said', async () => {
    await importState(true);
    inbox.clock.set(inbox.clock.now() + 2 * 3_600_000);
    await importState(false);
    expect(await isPublic()).not.toBe('yes');
  });

  test('what a call of its own says of a bucket counts before what a state says', async () => {
    const block = (isOn: boolean) => ({
      block_public_acls: isOn,
      ignore_public_acls: isOn,
      block_public_policy: isOn,
      restrict_public_buckets: isOn,
    });
    const resources = [
      {
        address: 'aws_s3_bucket.a',
        mode: 'managed',
        type: 'aws_s3_bucket',
        values: { bucket: 'shop-a', acl: 'public-read' },
      },
      {
        address: 'aws_s3_bucket_public_access_block.a',
        mode: 'managed',
        type: 'aws_s3_bucket_public_access_block',
        values: { bucket: 'shop-a', ...block(false) },
      },
    ];
    const place = { account: '111111111111' };
    const state = { format_version: '1.0', values: { root_module: { resources } } };
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await inbox.importFiles(
      [
        await put('s3api-list-buckets.json', {
          Buckets: [{ Name: 'shop-a', CreationDate: '2026-01-01T00:00:00Z' }],
        }),
        await put('s3api-get-public-access-block-shop-a.json', { PublicAccessBlockConfiguration }),
        await put('state.json', state),
      ],
      place,
    );
    expect(await shown('aws:arn:aws:s3:::shop-a')).toMatchObject({
      riskStates: { publicly_accessible: 'no' },
    });
  });

  test('what an inventory says to be gone stays gone', async () => {
    const place = { account: '111111111111', region: 'eu-west-1' };
    const arn = 'arn:aws:ec2:eu-west-1:111111111111:security-group/sg-0aa';
    const group = { GroupId: 'sg-0aa', GroupName: 'web', IpPermissions: [] };
    const path = await put('ec2-describe-security-groups.json', { SecurityGroups: [group] });
    const isGone = async () =>
      (
        await inbox.database.pool.query<{ gone: boolean }>(
          'select gone_at is not null as gone from resource where key = $1',
          [`aws:${arn}`],
        )
      ).rows;
    await inbox.importFiles([path], place);
    expect(await isGone()).toEqual([{ gone: false }]);
    inbox.clock.set(inbox.clock.now() + 2 * 3_600_000);
    await put('ec2-describe-security-groups.json', { SecurityGroups: [] });
    await inbox.importFiles([path], place);
    expect(await isGone()).toEqual([{ gone: true }]);
    const values = { id: 'sg-0aa', arn, name: 'web', ingress: [] };
    const resources = [
      { address: 'aws_security_group.web', mode: 'managed', type: 'aws_security_group', values },
    ];
    await inbox.importFiles([
      await put('state.json', { format_version: '1.0', values: { root_module: { resources } } }),
    ]);
    expect(await isGone()).toEqual([{ gone: true }]);
  });
});

describe('a service catalogue', () => {
  const KEY = 'aws:arn:aws:sqs:eu-west-1:111111111111:orders';
  const catalogue = (owner: string) => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  annotations: { amazonaws.com/arn: 'arn:aws:sqs:eu-west-1:111111111111:orders' }
spec: { type: service, owner: ${owner}, lifecycle: production }
`;
  const QUEUES = { QueueUrls: ['https://sqs.eu-west-1.amazonaws.com/111111111111/orders'] };

  test('says whose a resource is, before or after its inventory, until it says otherwise', async () => {
    await inbox.importFiles([await put('sqs-list-queues.json', QUEUES)]);
    expect(await shown(KEY)).toMatchObject({ kind: 'cloud', owner: null, services: [] });
    await inbox.importReport(catalogue('group:default/fulfilment'), {}, 'catalog-info.yaml');
    expect(await shown(KEY)).toMatchObject({
      owner: 'fulfilment',
      services: ['orders'],
      riskStates: { in_production: 'unknown' },
    });
    await inbox.importReport(catalogue('stock'), {}, 'catalog-info.yaml');
    expect(await shown(KEY)).toMatchObject({ owner: 'stock', owners: [{ name: 'stock', confidence: 0.9 }] });
  });
});

test('what Prowler knew of a resource counts beside the tags that the same event tells', async () => {
  const root = 'arn:aws:iam::111122223333:root';
  const event = {
    class_uid: 2004,
    category_uid: 2,
    severity_id: 5,
    severity: 'Critical',
    status: 'New',
    status_code: 'FAIL',
    time_dt: '2026-09-30T00:00:00Z',
    metadata: {
      event_code: 'iam_no_root_access_key',
      product: { name: 'Prowler', version: '5.4.0' },
      version: '1.4.0',
    },
    finding_info: { title: 'Root has a key', uid: 'f1' },
    cloud: { provider: 'aws', account: { uid: '111122223333' }, region: 'us-east-1' },
    resources: [
      { uid: root, name: 'root', type: 'AwsIamAccessKey', region: 'us-east-1', labels: ['team:platform'] },
    ],
  };
  await inbox.importReport([event], { source: 'prowler' }, 'prowler.ocsf.json');
  const [row] = await inbox.list();
  expect([row?.riskStates.privileged_access, row?.team]).toEqual(['yes', 'platform']);
});
