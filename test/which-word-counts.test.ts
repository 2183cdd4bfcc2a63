import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { DAY_MS, HOUR_MS, type Instant, instantText } from '../src/base/instant.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

// Several tell of one thing, and not the same: which word counts is a matter of who said it and when, never of which was
// read last.

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const PLACE = { account: ACCOUNT, region: REGION };
const BUCKET = 'aws:arn:aws:s3:::shop-invoices';
const arnOf = (group: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${group}`;
const GROUP = `aws:${arnOf('sg-0aa')}`;

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

interface Stored {
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly environment: string | null;
  readonly isGone: boolean;
}

async function stored(key: string): Promise<Stored | undefined> {
  const result = await inbox.database.pool.query<Stored>(
    `select publicly_accessible ->> 'state' as state, tags, environment, gone_at is not null as "isGone" from resource where key = $1`,
    [key],
  );
  return result.rows[0];
}

interface Word {
  readonly report: unknown;
  readonly name: string;
  readonly options?: Partial<ImportOptions>;
}

async function read({ report, name, options = {} }: Word): Promise<void> {
  imported(await inbox.importReport(report, { ...PLACE, ...options }, name));
}

/** An item of AWS Config, as it was recorded at some time. */
function item(at: Instant, resource: object, of: 'configSnapshotId' | 'history' = 'history'): Word {
  const configurationItem = {
    version: '1.3',
    configurationItemCaptureTime: instantText(at),
    configurationItemStatus: 'OK',
    awsAccountId: ACCOUNT,
    awsRegion: REGION,
    ...resource,
  };
  return {
    report: {
      fileVersion: '1.0',
      ...(of === 'history' ? {} : { configSnapshotId: 'x' }),
      configurationItems: [configurationItem],
    },
    name: 'config.json',
  };
}

const OPEN_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop-invoices/*' },
  ],
});
const CLOSED_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::shop-invoices/*',
    },
  ],
});
const NO_BLOCK = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
};

function bucketItem(at: Instant, policyText: string, tags: Readonly<Record<string, string>> = {}): Word {
  return item(at, {
    resourceType: 'AWS::S3::Bucket',
    resourceId: 'shop-invoices',
    resourceName: 'shop-invoices',
    ARN: 'arn:aws:s3:::shop-invoices',
    tags,
    configuration: { name: 'shop-invoices' },
    supplementaryConfiguration: {
      BucketPolicy: { policyText },
      PublicAccessBlockConfiguration: NO_BLOCK,
    },
  });
}

/** Grants of lists count for nothing in this account; policies do. */
const NO_LISTS: Word = {
  report: {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    },
  },
  name: 's3control-get-public-access-block.json',
};
const bucketPolicy = (policy: string): Word => ({
  report: { Policy: policy },
  name: 's3api-get-bucket-policy-shop-invoices.json',
});

function groupItem(
  at: Instant,
  cidr: string | null,
  tags: Readonly<Record<string, string>>,
  id = 'sg-0aa',
): Word {
  return item(at, {
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: id,
    ARN: arnOf(id),
    tags,
    configuration: {
      groupId: id,
      groupName: 'web',
      vpcId: 'vpc-1',
      ipPermissions:
        cidr === null
          ? []
          : [
              {
                ipProtocol: 'tcp',
                fromPort: 22,
                toPort: 22,
                ipv4Ranges: [{ cidrIp: cidr }],
                ipRanges: [cidr],
              },
            ],
    },
  });
}

describe('two inventories of one bucket', () => {
  test('what AWS Config recorded before the CLI asked does not undo its answer, whichever is read last', async () => {
    const words = [NO_LISTS, bucketItem(START - 9 * DAY_MS, OPEN_POLICY), bucketPolicy(CLOSED_POLICY)];
    for (const word of words) await read(word);
    expect(await stored(BUCKET)).toMatchObject({ state: 'no' });
    await read(words[1] as Word);
    await read(bucketItem(START - 8 * DAY_MS, OPEN_POLICY));
    expect(await stored(BUCKET)).toMatchObject({ state: 'no' });
  });

  test('and what it recorded since does', async () => {
    await read(NO_LISTS);
    await read(bucketPolicy(CLOSED_POLICY));
    inbox.clock.set(START + 2 * HOUR_MS);
    await read(bucketItem(START + HOUR_MS, OPEN_POLICY));
    expect(await stored(BUCKET)).toMatchObject({ state: 'yes' });
  });
});

test('of two words of AWS Config the one recorded later counts, whichever is read last', async () => {
  const older = groupItem(START - 9 * DAY_MS, '0.0.0.0/0', { env: 'production' });
  const newer = groupItem(START - 2 * DAY_MS, null, { env: 'staging' });
  await read(newer);
  const told = await stored(GROUP);
  expect(told).toMatchObject({ tags: { env: 'staging' }, environment: 'staging' });
  await read({ ...older, options: { source: 'another recorder' } });
  expect(await stored(GROUP)).toEqual(told);
  const facts = await inbox.database.pool.query<{ rules: unknown }>(
    `select facts -> 'IpPermissions' as rules from resource where key = $1`,
    [GROUP],
  );
  expect(facts.rows).toEqual([{ rules: [] }]);
});

test('what was deleted stays so where it was recorded before, and is back where it was recorded since', async () => {
  const recorded = (day: number) => groupItem(START - day * DAY_MS, null, {});
  await read(recorded(9));
  const gone = item(START - 5 * DAY_MS, {
    configurationItemStatus: 'ResourceDeleted',
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: 'sg-0aa',
    ARN: GROUP.slice('aws:'.length),
    configuration: null,
  });
  await read(gone);
  expect(await stored(GROUP)).toMatchObject({ isGone: true });
  await read({ ...recorded(7), options: { source: 'another recorder' } });
  expect(await stored(GROUP)).toMatchObject({ isGone: true });
  await read(recorded(3));
  expect(await stored(GROUP)).toMatchObject({ isGone: false });
});

describe('the last tag that is taken away says nothing any more', () => {
  const INSTANCE = `aws:arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0aa`;
  const instance = (more: object): Word => ({
    report: { Reservations: [{ Instances: [{ InstanceId: 'i-0aa', NetworkInterfaces: [], ...more }] }] },
    name: 'ec2-describe-instances.json',
  });
  const TAGGED = { Tags: [{ Key: 'env', Value: 'production' }] };

  test.each<[string, object]>([
    ['an empty list', { Tags: [] }],
    ['EC2, which leaves the list out', {}],
  ])('of %s', async (_, untagged) => {
    await read(instance(TAGGED));
    expect(await stored(INSTANCE)).toMatchObject({ environment: 'production' });
    await read(instance(untagged));
    expect(await stored(INSTANCE)).toMatchObject({ tags: {}, environment: null });
  });

  test('of AWS Config, and not of an answer that was asked for a member alone', async () => {
    await read(groupItem(START - 3 * DAY_MS, null, { env: 'production' }));
    await read({
      report: { SecurityGroups: [{ GroupId: 'sg-0aa', GroupName: 'web' }] },
      name: 'ec2-describe-security-groups.json',
    });
    expect(await stored(GROUP)).toMatchObject({ environment: 'production' });
    await read({ ...groupItem(START, null, {}), options: { source: 'another recorder' } });
    expect(await stored(GROUP)).toMatchObject({ tags: {}, environment: null });
  });
});

test('tags that an inventory told stand beside those that a scanner told since', async () => {
  const scanned = {
    report: [checked(START - DAY_MS, null, { env: 'production' }, 'sg-0aa')],
    name: 'prowler.ocsf.json',
  };
  await read(scanned);
  await read({
    report: { SecurityGroups: [{ GroupId: 'sg-0aa', GroupName: 'web' }] },
    name: 'ec2-describe-security-groups.json',
  });
  await read(groupItem(START - 3 * DAY_MS, null, { team: 'web' }));
  expect(await stored(GROUP)).toMatchObject({ tags: { env: 'production', team: 'web' } });
});

test('in whatever order reports are read, the same is known of a resource', {
  timeout: 120_000,
}, async () => {
  /** Words of several sources about one group, each of its own time: recorded, or known to a scanner. */
  const word = fc.record({
    day: fc.integer({ min: 1, max: 9 }),
    by: fc.constantFrom('config', 'another recorder', 'prowler', 'another scanner'),
    cidr: fc.constantFrom(null, '0.0.0.0/0', '10.0.0.0/8'),
    tags: fc.dictionary(
      fc.constantFrom('env', 'team', 'service'),
      fc.constantFrom('production', 'staging', 'web'),
      { noNullPrototype: true },
    ),
  });
  const words = fc
    .uniqueArray(word, { minLength: 2, maxLength: 6, selector: ({ day }) => day })
    .chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })));
  let groups = 0;
  const after = async (told: readonly (typeof word extends fc.Arbitrary<infer T> ? T : never)[]) => {
    const id = `sg-${String(++groups).padStart(4, '0')}`;
    for (const { day, by, cidr, tags } of told) {
      const at = START - day * DAY_MS;
      const { report, name } =
        by === 'config' || by === 'another recorder'
          ? groupItem(at, cidr, tags, id)
          : { report: [checked(at, cidr, tags, id)], name: 'prowler.ocsf.json' };
      await read({ report, name, options: { source: by } });
    }
    const result = await inbox.database.pool.query(
      `select type, name, tags, replace(facts::text, $2, 'sg') as facts, environment, services, team, is_second_hand, captured_at, gone_at is null as is_there
       from resource where key = $1`,
      [`aws:${arnOf(id)}`, id],
    );
    return result.rows;
  };
  await fc.assert(
    fc.asyncProperty(words, async ([told, otherwise]) => {
      expect(await after(otherwise)).toEqual(await after(told));
    }),
    { numRuns: 40 },
  );
});

/** What a scanner says of the group, and what it knew of it: a check that passed. */
function checked(
  at: Instant,
  cidr: string | null,
  tags: Readonly<Record<string, string>>,
  id: string,
): object {
  return {
    metadata: {
      event_code: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      product: { name: 'Prowler', vendor_name: 'Prowler', version: '5.4.0' },
      version: '1.4.0',
    },
    severity_id: 4,
    severity: 'High',
    status: 'New',
    status_code: 'PASS',
    activity_id: 1,
    category_uid: 2,
    class_uid: 2004,
    type_uid: 200401,
    time: Math.floor(at / 1_000),
    time_dt: instantText(at),
    finding_info: { uid: `prowler-${id}`, title: 'SSH from the internet', created_time_dt: instantText(at) },
    resources: [
      {
        uid: arnOf(id),
        name: 'web',
        type: 'AwsEc2SecurityGroup',
        region: REGION,
        labels: Object.entries(tags).map(([key, value]) => `${key}:${value}`),
        data: {
          details: '',
          metadata: {
            id,
            vpc_id: 'vpc-1',
            ingress_rules:
              cidr === null
                ? []
                : [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: cidr }] }],
          },
        },
      },
    ],
    cloud: { provider: 'aws', region: REGION, account: { uid: ACCOUNT, type: 'AWS Account' } },
  };
}
