import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { HOUR_MS, type Instant, instantText } from '../src/base/instant.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { ACCOUNT, prowlerReport } from './support/other-reports.ts';
import { prowlerFinding } from './support/prowler-finding.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const WEST = 'eu-west-1';
const CENTRAL = 'eu-central-1';
const LIST = 'ec2-describe-security-groups.json';

const arnOf = (id: string, region: string) => `arn:aws:ec2:${region}:${ACCOUNT}:security-group/${id}`;

function read(report: unknown, name: string, options: object = {}) {
  inbox.clock.set(inbox.clock.now() + 2 * HOUR_MS);
  return inbox.importReport(report, options, name).then(imported);
}

/** `aws ec2 describe-security-groups` in one region. */
function groups(
  ids: readonly string[],
  {
    region = WEST,
    answer = {},
    file = LIST,
    ...options
  }: { region?: string; answer?: object; file?: string; confirm?: boolean; source?: string } = {},
) {
  const SecurityGroups = ids.map((GroupId) => ({ GroupId, GroupName: GroupId, IpPermissions: [] }));
  return read({ SecurityGroups, ...answer }, file, { account: ACCOUNT, region, ...options });
}

/** Prowler finds a flaw with each group. */
function checks(ids: readonly string[], region = WEST) {
  const results = ids.map((id) => ({ check: 'ec2_securitygroup_not_used', region, uid: arnOf(id, region) }));
  return read(prowlerReport(results), 'prowler.json');
}

async function open(): Promise<readonly string[]> {
  const result = await inbox.database.pool.query<{ key: string }>(
    'select resource_key as key from finding where is_open',
  );
  return result.rows.map(({ key }) => key.replace(/^.*[:/]/, '')).sort();
}

async function closedWhy(): Promise<readonly string[]> {
  const result = await inbox.database.pool.query<{ why: string }>(
    'select distinct closed_why as why from finding where not is_open',
  );
  return result.rows.map(({ why }) => why);
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `sg-${String(index).padStart(3, '0')}`);

describe('a complete list of one type in one region of an account', () => {
  test('takes what it no longer has with it, and the findings come back with the resource', async () => {
    await groups(['sg-a', 'sg-b']);
    await checks(['sg-a', 'sg-b']);
    const gone = await groups(['sg-a']);
    expect([gone.closed, gone.held]).toEqual([1, 0]);
    expect(gone.sentences[0]).toContain('resource gone');
    expect([await open(), await closedWhy()]).toEqual([['sg-a'], ['resource gone']]);
    const { rows } = await inbox.database.pool.query(
      'select gone_why from sighting where gone_at is not null',
    );
    expect(rows).toEqual([{ gone_why: 'resource gone' }]);
    await groups(['sg-a', 'sg-b']);
    expect((await checks(['sg-a', 'sg-b'])).regressed).toBe(1);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('an empty one too', async () => {
    await groups(['sg-a']);
    await checks(['sg-a']);
    expect((await groups([])).closed).toBe(1);
  });

  test('says nothing about another region, another type, another account', async () => {
    await groups(['sg-a']);
    await groups(['sg-b'], { region: CENTRAL });
    await checks(['sg-a']);
    await checks(['sg-b'], CENTRAL);
    expect((await groups(['sg-c'], { region: 'us-east-1' })).closed).toBe(0);
    expect((await read({ Subnets: [] }, 'subnets.json', { account: ACCOUNT, region: WEST })).closed).toBe(0);
    const foreign = { account: '222222222222', region: WEST };
    expect((await read({ SecurityGroups: [] }, LIST, foreign)).closed).toBe(0);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
    expect((await groups([], { region: CENTRAL })).closed).toBe(1);
    expect(await open()).toEqual(['sg-a']);
  });

  test('says nothing about what only another source lists, or only a scanner names', async () => {
    await groups(['sg-a'], { source: 'another' });
    await checks(['sg-a', 'sg-b']);
    expect((await groups([])).closed).toBe(0);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('a type that lies in no region is listed for the whole account', async () => {
    const buckets = (names: readonly string[]) =>
      read({ Buckets: names.map((Name) => ({ Name })), Owner: {} }, 's3api-list-buckets.json', {
        account: ACCOUNT,
        region: WEST,
      });
    await buckets(['logs', 'data']);
    await read(
      prowlerReport([
        { bucket: 'logs', region: CENTRAL },
        { bucket: 'data', region: WEST },
      ]),
      'prowler.json',
    );
    expect((await buckets(['data'])).closed).toBe(1);
    expect(await open()).toEqual(['data']);
  });

  test('more than 30 % and more than 20 are held, shown among the sources, until a person accepts it', async () => {
    await groups(numbered(30));
    await checks(numbered(30));
    const held = await groups(numbered(9));
    expect([held.closed, held.held]).toEqual([0, 21]);
    expect(held.sentences[0]).toContain('the inventory lacks 21 resources of 30');
    expect((await groups(numbered(9), { confirm: true })).closed).toBe(21);
    expect(await open()).toEqual(numbered(9));
  });

  test('exactly 20 go, however large their share', async () => {
    await groups(numbered(22));
    await checks(numbered(22));
    expect(await groups(numbered(2))).toMatchObject({ closed: 20, held: 0 });
  });
});

describe('a list that may not be all', () => {
  beforeEach(async () => {
    await groups(['sg-a', 'sg-b']);
    await checks(['sg-a', 'sg-b']);
  });

  test.each<[string, Parameters<typeof groups>[1]]>([
    ['one page of several', { answer: { NextToken: 'more' } }],
    [
      'the answer about one group, in a file called after it',
      { file: 'describe-security-groups-sg-0123456789abcdef0.json' },
    ],
  ])('closes nothing: %s', async (_, more) => {
    expect(await groups(['sg-a'], more)).toMatchObject({ closed: 0, held: 0 });
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('closes nothing when one file of the scan is a page and another looks whole', async () => {
    inbox.clock.set(inbox.clock.now() + 2 * HOUR_MS);
    const page = (GroupId: string, more: object) => ({ SecurityGroups: [{ GroupId }], ...more });
    const results = await inbox.importReports([page('sg-a', { NextToken: 'more' }), page('sg-c', {})], {
      account: ACCOUNT,
      region: WEST,
    });
    expect(results.map((result) => imported(result).closed)).toEqual([0, 0]);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('closes nothing when an entry could not be read', async () => {
    expect(await groups(['sg-a'], { answer: { Subnets: [{ SubnetId: 1 }] } })).toMatchObject({ closed: 0 });
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('closes nothing where the region is not told', async () => {
    expect((await read({ SecurityGroups: [] }, LIST, { account: ACCOUNT })).closed).toBe(0);
  });
});

test('the other lists of account details that were asked for with a filter are no complete ones', async () => {
  const details = (users: readonly string[], roles: readonly string[]) =>
    read(
      {
        UserDetailList: users.map((UserName) => ({
          UserName,
          UserId: UserName,
          Arn: `arn:aws:iam::${ACCOUNT}:user/${UserName}`,
        })),
        GroupDetailList: [],
        RoleDetailList: roles.map((RoleName) => ({
          RoleName,
          RoleId: RoleName,
          Arn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
        })),
        Policies: [],
      },
      'iam-get-account-authorization-details.json',
    );
  await details(['ana', 'ben'], ['deploy', 'audit']);
  await read(
    prowlerReport(
      ['user/ana', 'user/ben', 'role/deploy', 'role/audit'].map((name) => ({
        check: 'iam_x',
        uid: `arn:aws:iam::${ACCOUNT}:${name}`,
      })),
    ),
    'prowler.json',
  );
  expect((await details(['ana', 'ben'], [])).closed).toBe(0);
  expect((await details(['ana'], ['deploy'])).closed).toBe(2);
  expect(await open()).toEqual(['ana', 'deploy']);
});

describe('AWS Config', () => {
  const item = (id: string, status: string, at: Instant) => ({
    version: '1.3',
    configurationItemCaptureTime: instantText(at),
    configurationItemStatus: status,
    awsAccountId: ACCOUNT,
    awsRegion: WEST,
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: id,
    ARN: arnOf(id, WEST),
    configuration: status.startsWith('ResourceDeleted') ? null : { groupId: id, groupName: id },
  });
  const on = (day: number): Instant => Date.UTC(2026, 5, day);
  /** As AWS Config delivers it on a day, of a region. */
  const delivered = (day: number, region: string, ...configurationItems: readonly object[]) =>
    read(
      { fileVersion: '1.0', configSnapshotId: 'x', configurationItems },
      `${ACCOUNT}_Config_${region}_ConfigSnapshot_2026060${day}T000000Z_09c5a4c3-3ac7-4897-830b-d7a858325638.json.gz`,
      { source: 'recorder' },
    );
  const history = (...configurationItems: readonly object[]) =>
    read({ fileVersion: '1.0', configurationItems }, 'history.json');
  const snapshot = (...configurationItems: readonly object[]) =>
    read({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems }, 'snapshot.json');

  beforeEach(async () => {
    await snapshot(item('sg-a', 'OK', on(1)), item('sg-b', 'OK', on(1)));
    await checks(['sg-a', 'sg-b']);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
  });

  test('an item that says that its resource was deleted removes it', async () => {
    expect(await history(item('sg-b', 'ResourceDeleted', on(2)))).toMatchObject({ closed: 1, held: 0 });
    expect([await open(), await closedWhy()]).toEqual([['sg-a'], ['resource gone']]);
  });

  test.each([
    ['made anew since, the newest first', ['ResourceDiscovered', on(3)], ['ResourceDeleted', on(2)], []],
    ['made anew since, the newest last', ['ResourceDeleted', on(2)], ['ResourceDiscovered', on(3)], []],
    ['changed and then deleted', ['OK', on(2)], ['ResourceDeletedNotRecorded', on(3)], ['sg-b']],
    ['deleted after a change', ['ResourceDeleted', on(3)], ['OK', on(2)], ['sg-b']],
    ['deleted before it was described', ['ResourceDeleted', on(0)], ['ResourceDeleted', on(0)], []],
    ['not recorded any more', ['ResourceNotRecorded', on(3)], ['ResourceNotRecorded', on(3)], []],
  ] as const)(
    'the latest word about a resource counts: %s',
    async (_, [first, at], [second, later], gone) => {
      await history(item('sg-b', first, at), item('sg-b', second, later));
      expect(await open()).toEqual(['sg-a', 'sg-b'].filter((id) => !gone.some((each) => each === id)));
    },
  );

  test('a snapshot closes what it lacks, history does not', async () => {
    expect((await history(item('sg-a', 'OK', on(2)))).closed).toBe(0);
    expect((await snapshot(item('sg-a', 'OK', on(2)))).closed).toBe(1);
    expect(await open()).toEqual(['sg-a']);
  });

  test('a snapshot is of the time in its name: an older one brings nothing back, and adds where no later one looked', async () => {
    const elsewhere = (id: string) => ({
      ...item(id, 'OK', on(1)),
      awsRegion: CENTRAL,
      ARN: arnOf(id, CENTRAL),
    });
    await delivered(3, WEST, item('sg-a', 'OK', on(1)), item('sg-h', 'OK', on(1)), item('sg-d', 'OK', on(1)));
    await checks(['sg-a', 'sg-h', 'sg-c', 'sg-d']);
    await delivered(5, WEST, item('sg-a', 'OK', on(1)), item('sg-c', 'OK', on(4)));
    expect(await open()).toEqual(['sg-a', 'sg-b', 'sg-c']);
    await delivered(4, WEST, item('sg-a', 'OK', on(1)), item('sg-h', 'OK', on(1)), item('sg-e', 'OK', on(1)));
    await delivered(2, CENTRAL, item('sg-h', 'OK', on(1)), item('sg-g', 'OK', on(1)), elsewhere('sg-f'));
    expect(await open()).toEqual(['sg-a', 'sg-b', 'sg-c']);
    const described = await inbox.database.pool.query<{ key: string; gone: boolean }>(
      `select key, gone_at is not null as gone from resource where type = 'security-group' order by key`,
    );
    expect(described.rows.map(({ key, gone }) => [key.replace(/^.*[:/]/, ''), gone])).toEqual([
      ['sg-f', false],
      ['sg-a', false],
      ['sg-b', false],
      ['sg-c', false],
      ['sg-d', true],
      ['sg-h', true],
    ]);
    expect(
      (await inbox.ctx.sources.inventory(`aws:${ACCOUNT}`))
        .filter(({ sourceId }) => sourceId === 'recorder')
        .map(({ place, collectedAt }) => [place, collectedAt]),
    ).toEqual([
      [CENTRAL, on(2)],
      [WEST, on(5)],
    ]);
  });
});

test('what inventories looked at is recorded: account, region and type, by whom, when, and whether wholly', async () => {
  await groups(['sg-a']);
  const at = inbox.clock.now();
  await groups(['sg-a'], { answer: { NextToken: 'more' } });
  await groups(['sg-b'], { region: CENTRAL, answer: { NextToken: 'more' } });
  const later = inbox.clock.now();
  const unit = { estate: `aws:${ACCOUNT}`, type: 'security-group', sourceId: 'aws-cli' };
  // A page does not undo that all was seen before.
  const expected = [
    { ...unit, place: CENTRAL, collectedAt: later, complete: 'partial' },
    { ...unit, place: WEST, collectedAt: at, complete: 'yes' },
  ];
  expect(await inbox.ctx.sources.inventory(`aws:${ACCOUNT}`)).toEqual(expected);
  expect(await inbox.ctx.sources.inventory(null)).toEqual(expected);
  expect(await inbox.ctx.sources.inventory('aws:222222222222')).toEqual([]);
});

test('a resource that is gone says since when, and what was known of it counts for nothing', async () => {
  const arn = `arn:aws:lambda:${WEST}:${ACCOUNT}:function:pay`;
  const place = { account: ACCOUNT, region: WEST };
  const functions = (...names: readonly string[]) =>
    read(
      {
        Functions: names.map((FunctionName) => ({
          FunctionName,
          FunctionArn: arn,
          Tags: { env: 'prod', team: 'pay' },
        })),
      },
      'lambda-list-functions.json',
      place,
    );
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: arn }],
  });
  const shown = async () => {
    const [view] = await showResources(inbox.ctx, { ids: [arn] });
    return presentResource(arn, view ?? null);
  };
  await functions('pay');
  await read({ Policy, RevisionId: 'r' }, 'lambda-get-policy-pay.json', place);
  const before = await shown();
  expect(before).toMatchObject({ goneAt: null, riskStates: { publicly_accessible: 'yes' } });
  const goneAt = instantText(inbox.clock.now() + 2 * HOUR_MS);
  await functions();
  expect(await shown()).toMatchObject({
    goneAt,
    riskStates: {
      publicly_accessible: 'unknown',
      privileged_access: 'unknown',
      under_attack: 'unknown',
      in_production: 'unknown',
    },
    missing: { publicly_accessible: ['an inventory that lists it again: it is gone since 2026-10-01'] },
    exposure: [],
    privilege: { level: 'unknown', reasons: [] },
    environment: null,
    services: [],
  });
  await functions('pay');
  expect((await shown()).goneAt).toBeNull();
});

describe('what another tool alone described', () => {
  const known = async (id: string) => {
    const [view] = await showResources(inbox.ctx, { ids: [`aws:${arnOf(id, WEST)}`] });
    return view?.goneAt === null ? 'there' : 'gone';
  };
  const state = (ids: readonly string[]) => {
    const resources = ids.map((id) => ({
      address: `aws_security_group.${id}`,
      mode: 'managed',
      type: 'aws_security_group',
      values: { id, arn: arnOf(id, WEST), owner_id: ACCOUNT, name: id, ingress: [] },
    }));
    return read({ format_version: '1.0', values: { root_module: { resources } } }, 'prod/groups.json');
  };

  test('in a state goes with a complete list that was asked since, and stays gone', async () => {
    // A resource that a finding names first is known before anybody describes it.
    await checks(['sg-a']);
    await state(['sg-a', 'sg-b']);
    await groups(['sg-b'], { region: CENTRAL });
    expect(await known('sg-a')).toBe('there');
    await groups(['sg-b'], { answer: { NextToken: 'more' } });
    expect(await known('sg-a')).toBe('there');
    await groups(['sg-b']);
    expect([await known('sg-a'), await known('sg-b')]).toEqual(['gone', 'there']);
    await state(['sg-a', 'sg-b']);
    expect(await known('sg-a')).toBe('gone');
  });

  test('in a state that was read since is there', async () => {
    await groups(['sg-b']);
    await state(['sg-a']);
    expect(await known('sg-a')).toBe('there');
  });

  test('so many of a state that a wrong account is likelier wait for a person', async () => {
    await state(numbered(30));
    await groups(['sg-b']);
    expect(await known('sg-001')).toBe('there');
    await groups(['sg-b'], { confirm: true });
    expect(await known('sg-001')).toBe('gone');
  });

  test('in a report that names resources in its own way stays', async () => {
    await state([]);
    await read(
      [
        {
          ...prowlerFinding(
            inbox.clock.now(),
            { uid: arnOf('sg-p', WEST), name: 'sg-p', type: 'AwsEc2SecurityGroup' },
            'ec2_securitygroup_not_used',
          ),
          resources: [
            {
              uid: arnOf('sg-p', WEST),
              name: 'sg-p',
              type: 'AwsEc2SecurityGroup',
              region: WEST,
              cloud_partition: 'aws',
              data: { metadata: { id: 'sg-p', arn: arnOf('sg-p', WEST), GroupId: 'sg-p', vpc_id: 'vpc-1' } },
            },
          ],
        },
      ],
      'prowler.ocsf.json',
    );
    const told = await inbox.database.pool.query(
      `select is_second_hand, facts is not null as is_described from resource where key = 'aws:${arnOf('sg-p', WEST)}'`,
    );
    expect(told.rows).toEqual([{ is_second_hand: true, is_described: true }]);
    await groups(['sg-b']);
    expect(await known('sg-p')).toBe('there');
  });
});
