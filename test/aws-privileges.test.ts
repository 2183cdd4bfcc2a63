import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { tellBlastRadius } from '../src/app/tell-reach.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import {
  documentOf,
  FIRST,
  importDump,
  LAMBDA,
  levelOfRole,
  role,
  roleArn,
  SECOND,
  trusting,
} from './support/aws-roles.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const EVERYTHING: JsonObject = { Effect: 'Allow', Action: '*', Resource: '*' };
const SOME: JsonObject = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const DAY = 86_400_000;

const dump = (account: string, ...roles: readonly JsonObject[]) => importDump(inbox, account, ...roles);

async function levelOf(key: string): Promise<string | undefined> {
  const [view] = await showResources(inbox.ctx, { ids: [key] });
  return view?.privilege.level;
}

async function sweepAt(now: number): Promise<number> {
  inbox.clock.set(now);
  return sweepIssues(inbox.ctx);
}

describe('a date', () => {
  test('in a policy changes privileges when it has come, without a scan', async () => {
    const until = START + 3 * DAY;
    const Condition = { DateLessThanEquals: { 'aws:CurrentTime': new Date(until).toISOString() } };
    await dump(FIRST, role('contractor', LAMBDA, [{ ...EVERYTHING, Condition }]));
    expect(await levelOfRole(inbox, 'contractor')).toBe('P0');
    expect(await sweepAt(until)).toBe(0);
    expect(await levelOfRole(inbox, 'contractor')).toBe('P0');
    expect(await sweepAt(until + 1)).toBe(1);
    expect(await levelOfRole(inbox, 'contractor')).toBe('none');
    expect(await sweepAt(until + 30 * DAY)).toBe(0);
  });

  test.each([
    ['DateLessThan', 'aws:CurrentTime', (until: number) => new Date(until).toISOString()],
    ['NumericLessThan', 'aws:EpochTime', (until: number) => String(until / 1_000)],
  ])('in a tag of a role ends what a policy lets it do by %s %s', async (operator, key, written) => {
    const until = START + 3 * DAY;
    const Condition = { [operator]: { [key]: `\${aws:PrincipalTag/until}` } };
    await dump(FIRST, {
      ...role('contractor', LAMBDA, [{ ...EVERYTHING, Condition }]),
      Tags: [{ Key: 'until', Value: written(until) }],
    });
    expect(await sweepAt(until - 1)).toBe(0);
    expect(await levelOfRole(inbox, 'contractor')).toBe('P0');
    expect(await sweepAt(until)).toBe(1);
    expect(await levelOfRole(inbox, 'contractor')).toBe('none');
  });

  test('in one account changes who is privileged in another', async () => {
    const from = START + 3 * DAY;
    const Condition = { DateGreaterThanEquals: { 'aws:CurrentTime': new Date(from).toISOString() } };
    await dump(
      FIRST,
      role('entry', LAMBDA, [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn('admin', SECOND) },
      ]),
    );
    await dump(
      SECOND,
      role('admin', trusting({ AWS: roleArn('entry') }), [{ ...EVERYTHING, Condition }], SECOND),
    );
    await sweepAt(from - 1);
    expect([await levelOfRole(inbox, 'entry'), await levelOfRole(inbox, 'admin', SECOND)]).toEqual([
      'none',
      'none',
    ]);
    await sweepAt(from);
    expect([await levelOfRole(inbox, 'entry'), await levelOfRole(inbox, 'admin', SECOND)]).toEqual([
      'P1',
      'P0',
    ]);
  });

  test('from which AWS asks for two grants closes the URL of a function', async () => {
    const arn = `arn:aws:lambda:eu-west-1:${FIRST}:function:resize`;
    const place = { account: FIRST, region: 'eu-west-1' };
    const statement = {
      Sid: 'url',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      Resource: arn,
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    };
    await inbox.importReport(
      { Functions: [{ FunctionName: 'resize', FunctionArn: arn }] },
      place,
      'lambda-list-functions.json',
    );
    await inbox.importReport(
      { Policy: JSON.stringify(documentOf(statement)), RevisionId: '3f2a1bc0-0000-4000-8000-000000000001' },
      place,
      'lambda-get-policy.json',
    );
    const url = {
      FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/',
      FunctionArn: arn,
      AuthType: 'NONE',
      CreationTime: '2025-09-30T00:00:00Z',
    };
    await inbox.importReport(url, place, 'lambda-get-function-url-config-resize.json');
    const state = async () =>
      (await showResources(inbox.ctx, { ids: [`aws:${arn}`] }))[0]?.publiclyAccessible.state;
    expect(await state()).toBe('yes');
    await sweepAt(Date.UTC(2026, 10, 1) - 1);
    expect(await state()).toBe('yes');
    await sweepAt(Date.UTC(2026, 10, 1));
    expect(await state()).toBe('no');
  });
});

describe('an organisation', () => {
  const place = { account: '999999999999' };
  const answers: readonly (readonly [string, JsonObject])[] = [
    [
      'organizations-describe-organization.json',
      {
        Organization: {
          Id: 'o-shop',
          Arn: 'arn:aws:organizations::999999999999:organization/o-shop',
          MasterAccountId: '999999999999',
        },
      },
    ],
    [
      'organizations-list-policies.json',
      {
        Policies: [
          {
            Id: 'p-guard',
            Arn: 'arn:aws:organizations::999999999999:policy/o-shop/service_control_policy/p-guard',
            Name: 'guard',
            Type: 'SERVICE_CONTROL_POLICY',
            AwsManaged: false,
          },
        ],
      },
    ],
    [
      'organizations-describe-policy-p-guard.json',
      {
        Policy: {
          PolicySummary: { Id: 'p-guard', Name: 'guard', Type: 'SERVICE_CONTROL_POLICY', AwsManaged: false },
          Content: JSON.stringify(
            documentOf({ Effect: 'Deny', NotAction: ['s3:ListAllMyBuckets'], Resource: '*' }),
          ),
        },
      },
    ],
    [
      'organizations-list-targets-for-policy-p-guard.json',
      { Targets: [{ TargetId: SECOND, Name: 'second', Type: 'ACCOUNT' }] },
    ],
    [`organizations-list-parents-${FIRST}.json`, { Parents: [{ Id: 'r-shop', Type: 'ROOT' }] }],
    [`organizations-list-parents-${SECOND}.json`, { Parents: [{ Id: 'r-shop', Type: 'ROOT' }] }],
  ];
  const organise = async (): Promise<void> => {
    for (const [name, answer] of answers) await inbox.importReport(answer, place, name);
  };
  const accounts = async (): Promise<void> => {
    for (const account of [FIRST, SECOND]) await dump(account, role('admin', LAMBDA, [EVERYTHING], account));
  };
  const levels = async () => [await levelOfRole(inbox, 'admin'), await levelOfRole(inbox, 'admin', SECOND)];

  test('takes the rights of an administrator away in one of two accounts, whichever is told first', async () => {
    await accounts();
    expect(await levels()).toEqual(['P0', 'P0']);
    await organise();
    expect(await levels()).toEqual(['P0', 'none']);
    await inbox.close();
    inbox = await openTestInbox();
    await organise();
    await accounts();
    expect(await levels()).toEqual(['P0', 'none']);
  });
});

describe('a resource control policy', () => {
  const place = { account: '999999999999' };
  const Deny: JsonObject = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalAccount': SECOND } },
  };
  const PolicySummary = { Id: 'p-rcp', Name: 'own only', Type: 'RESOURCE_CONTROL_POLICY', AwsManaged: false };
  const answers: readonly (readonly [string, JsonObject])[] = [
    [
      'organizations-describe-policy-p-rcp.json',
      { Policy: { PolicySummary, Content: JSON.stringify(documentOf(Deny)) } },
    ],
    [
      'organizations-list-targets-for-policy-p-rcp.json',
      { Targets: [{ TargetId: SECOND, Name: 'second', Type: 'ACCOUNT' }] },
    ],
  ];
  const tell = async (count: number): Promise<void> => {
    for (const [name, answer] of answers.slice(0, count)) await inbox.importReport(answer, place, name);
  };

  test('keeps principals of one account out of the roles of another', async () => {
    const assuming = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn('admin', SECOND) };
    await dump(FIRST, role('entry', LAMBDA, [assuming]));
    await dump(SECOND, role('admin', trusting({ AWS: roleArn('entry') }), [EVERYTHING], SECOND));
    expect(await levelOfRole(inbox, 'entry')).toBe('P1');
    await tell(1);
    // Where it is attached nobody told yet.
    expect(await levelOfRole(inbox, 'entry')).toBe('unknown');
    await tell(2);
    expect(await levelOfRole(inbox, 'entry')).toBe('none');
    expect(await levelOfRole(inbox, 'admin', SECOND)).toBe('P0');
  });
});

describe('a database', () => {
  test('has the level of the strongest role that is associated with it', async () => {
    const arn = `arn:aws:rds:eu-west-1:${FIRST}:db:shop`;
    const instance = (...names: readonly string[]) =>
      inbox.importReport(
        {
          DBInstances: [
            {
              DBInstanceIdentifier: 'shop',
              DBInstanceArn: arn,
              Engine: 'postgres',
              AssociatedRoles: names.map((name) => ({ RoleArn: roleArn(name), Status: 'ACTIVE' })),
            },
          ],
        },
        { account: FIRST, region: 'eu-west-1' },
        'rds-describe-db-instances.json',
      );
    const rds = trusting({ Service: 'rds.amazonaws.com' });
    await dump(FIRST, role('export', rds, []), role('admin', rds, [EVERYTHING]));
    await instance();
    expect(await levelOf(`aws:${arn}`)).toBe('none');
    await instance('export');
    expect(await levelOf(`aws:${arn}`)).toBe('none');
    await instance('export', 'admin');
    expect(await levelOf(`aws:${arn}`)).toBe('P0');
    const [view] = await showResources(inbox.ctx, { ids: [`aws:${arn}`] });
    expect(view?.privilegedAccess.state).toBe('yes');
  });
});

test('the key of a secret decides who reads it, as soon as the secret is encrypted with another one', async () => {
  const place = { account: FIRST, region: 'eu-west-1' };
  const key = `arn:aws:kms:eu-west-1:${FIRST}:key/1`;
  const secret = `arn:aws:secretsmanager:eu-west-1:${FIRST}:secret:pay-AbCdEf`;
  const Tags = [{ Key: 'data-classification', Value: 'restricted' }];
  const listed = async (more: JsonObject) => {
    inbox.clock.set(inbox.clock.now() + 1_000);
    await inbox.importReport(
      { SecretList: [{ ARN: secret, Name: 'pay', Tags, ...more }] },
      place,
      'secretsmanager-list-secrets.json',
    );
  };
  const delegates = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${FIRST}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  await dump(
    FIRST,
    role('reader', LAMBDA, [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret }]),
  );
  await inbox.importReport({ Keys: [{ KeyId: '1', KeyArn: key }] }, place, 'kms-list-keys.json');
  await inbox.importReport(
    { Policy: JSON.stringify(documentOf(delegates)), PolicyName: 'default' },
    place,
    'kms-get-key-policy-1.json',
  );
  await listed({});
  expect(await levelOfRole(inbox, 'reader')).toBe('P3');
  await listed({ KmsKeyId: key });
  expect(await levelOfRole(inbox, 'reader')).toBe('none');
  await listed({});
  expect(await levelOfRole(inbox, 'reader')).toBe('P3');
});

describe('roles', () => {
  const assuming = (arn: string): JsonObject => ({
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: arn,
  });
  const first = () =>
    dump(
      FIRST,
      role('entry', LAMBDA, [assuming(roleArn('middle', SECOND))]),
      role('admin', trusting({ AWS: roleArn('middle', SECOND) }), [EVERYTHING]),
    );
  const second = () =>
    dump(SECOND, role('middle', trusting({ AWS: roleArn('entry') }), [assuming(roleArn('admin'))], SECOND));
  const levels = async () => [
    await levelOfRole(inbox, 'entry'),
    await levelOfRole(inbox, 'middle', SECOND),
    await levelOfRole(inbox, 'admin'),
  ];

  test('that assume each other over two accounts have the same levels in either order', async () => {
    await first();
    await second();
    expect(await levels()).toEqual(['P2', 'P1', 'P0']);
    await inbox.close();
    inbox = await openTestInbox();
    await second();
    await first();
    expect(await levels()).toEqual(['P2', 'P1', 'P0']);
  });

  test('are judged anew only where something moved that privileges rest on', async () => {
    await first();
    await second();
    const { pool } = inbox.database;
    const mark = async () =>
      pool.query(
        `update resource set privilege = '{"level": "P4", "reasons": ["as it was left"]}' where type = 'iam-role'`,
      );
    const left = async () =>
      (
        await pool.query<{ count: bigint }>(
          `select count(*) from resource where type = 'iam-role' and privilege -> 'reasons' ->> 0 = 'as it was left'`,
        )
      ).rows[0]?.count;
    const group = (description: string) =>
      inbox.importReport(
        { SecurityGroups: [{ GroupId: 'sg-1', GroupName: description, VpcId: 'vpc-1', IpPermissions: [] }] },
        { account: FIRST, region: 'eu-west-1' },
        'ec2-describe-security-groups.json',
      );
    await mark();
    await group('web');
    await group('other');
    // The same dump again says nothing new.
    await second();
    expect(await left()).toBe(3n);
    await dump(SECOND, role('middle', trusting({ AWS: roleArn('entry') }), [], SECOND));
    expect(await left()).toBe(0n);
    expect(await levels()).toEqual(['none', 'none', 'P0']);
    // What runs as a role counts too.
    await mark();
    const FunctionArn = `arn:aws:lambda:eu-west-1:${FIRST}:function:resize`;
    const Functions = [{ FunctionName: 'resize', FunctionArn, Role: roleArn('admin') }];
    await inbox.importReport({ Functions }, { account: FIRST }, 'lambda-list-functions.json');
    expect(await left()).toBe(0n);
    expect(await levelOf(`aws:${FunctionArn}`)).toBe('P0');
  });
});

describe('pods', () => {
  const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/ABC';
  const federated = (subject: string): JsonObject =>
    documentOf({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: `arn:aws:iam::${FIRST}:oidc-provider/${ISSUER}` },
      Condition: { StringEquals: { [`${ISSUER}:sub`]: subject, [`${ISSUER}:aud`]: 'sts.amazonaws.com' } },
    });
  const metadata = (name: string, annotations: JsonObject) => ({ name, namespace: 'shop', annotations });
  const cluster = (annotations: JsonObject) =>
    inbox.importReport(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata('api', annotations) },
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: metadata('api', {}),
            spec: {
              replicas: 1,
              selector: { matchLabels: { app: 'api' } },
              template: {
                metadata: { labels: { app: 'api' } },
                spec: { serviceAccountName: 'api', containers: [{ name: 'api', image: 'api:1' }] },
              },
            },
          },
        ],
      },
      { scope: { cluster: 'shop' } },
      'cluster.json',
    );
  const annotated = () => cluster({ 'eks.amazonaws.com/role-arn': roleArn('pod') });
  const account = (trust: JsonObject, statements: readonly JsonObject[] = [EVERYTHING]) =>
    dump(FIRST, role('pod', trust, statements));
  const levels = async () => {
    const result = await inbox.database.pool.query<{ level: string }>(
      `select privilege ->> 'level' as level from resource where estate = 'k8s:shop' and type in ('service-account', 'workload') order by type`,
    );
    return result.rows.map(({ level }) => level);
  };
  const associated = (more: JsonObject) => () =>
    inbox.importReport(
      {
        association: {
          associationArn: `arn:aws:eks:eu-west-1:${FIRST}:podidentityassociation/shop/a-1`,
          associationId: 'a-1',
          clusterName: 'shop',
          namespace: 'shop',
          serviceAccount: 'api',
          ...more,
        },
      },
      {},
      'eks-describe-pod-identity-association-a-1.json',
    );

  test('keep what Pod Identity gives them when the same is listed of another cluster', async () => {
    const listed = (clusterName: string) =>
      inbox.importReport(
        {
          associations: [
            {
              associationArn: `arn:aws:eks:eu-west-1:${FIRST}:podidentityassociation/${clusterName}/a-1`,
              associationId: 'a-1',
              clusterName,
              namespace: 'shop',
              serviceAccount: 'api',
            },
          ],
        },
        { account: FIRST, region: 'eu-west-1' },
        'eks-list-pod-identity-associations.json',
      );
    await listed('shop');
    await listed('other');
    const { rows } = await inbox.database.pool.query<{ cluster: string }>(
      `select facts ->> 'clusterName' as cluster from resource where type = 'eks-pod-identity-association' and gone_at is null order by 1`,
    );
    expect(rows.map(({ cluster: name }) => name)).toEqual(['other', 'shop']);
  });

  const byPodIdentity = trusting({ Service: 'pods.eks.amazonaws.com' });

  test('lose what Pod Identity gave them when a list of all of their cluster has it no longer', async () => {
    const listed = (file: string, ...clusters: readonly string[]) => {
      inbox.clock.set(inbox.clock.now() + 1_000);
      return inbox.importReport(
        {
          associations: clusters.map((clusterName) => ({
            associationArn: `arn:aws:eks:eu-west-1:${FIRST}:podidentityassociation/${clusterName}/a-1`,
            associationId: 'a-1',
            clusterName,
            namespace: 'shop',
            serviceAccount: 'api',
          })),
        },
        { account: FIRST, region: 'eu-west-1' },
        file,
      );
    };
    await cluster({});
    await account(byPodIdentity);
    await associated({ roleArn: roleArn('pod') })();
    expect(await levels()).toEqual(['P0', 'P0']);
    await listed('eks-list-pod-identity-associations-shop.json', 'shop');
    await listed('eks-list-pod-identity-associations-other.json', 'other');
    await listed('eks-list-pod-identity-associations-other.json');
    await listed('eks-list-pod-identity-associations.json');
    expect(await levels()).toEqual(['P0', 'P0']);
    await listed('eks-list-pod-identity-associations-shop.json');
    expect(await levels()).toEqual(['unknown', 'unknown']);
    const { rows } = await inbox.database.pool.query<{ count: number }>(
      `select count(*)::integer as count from inventory_coverage where type = 'eks-pod-identity-association' and complete = 'yes'`,
    );
    expect(rows).toEqual([{ count: 0 }]);
    await associated({ roleArn: roleArn('pod') })();
    expect(await levels()).toEqual(['P0', 'P0']);
  });

  const orders: readonly (readonly [string, readonly (() => Promise<unknown>)[], readonly string[]])[] = [
    [
      'a role that trusts the service account',
      [annotated, () => account(federated('system:serviceaccount:shop:api'))],
      ['P0', 'P0'],
    ],
    [
      'a role that trusts another',
      [annotated, () => account(federated('system:serviceaccount:other:api'))],
      ['unknown', 'unknown'],
    ],
    [
      'a role by Pod Identity',
      [() => cluster({}), () => account(byPodIdentity), associated({ roleArn: roleArn('pod') })],
      ['P0', 'P0'],
    ],
    [
      'a role by Pod Identity within a session policy, of which nobody says what it leaves',
      [
        () => cluster({}),
        () => account(byPodIdentity),
        associated({ roleArn: roleArn('pod'), policy: JSON.stringify(documentOf(SOME)) }),
      ],
      ['unknown', 'unknown'],
    ],
    [
      'a role by Pod Identity within a session policy that leaves all of them',
      [
        () => cluster({}),
        () => account(byPodIdentity),
        associated({ roleArn: roleArn('pod'), policy: JSON.stringify(documentOf(SOME, EVERYTHING)) }),
      ],
      ['P0', 'P0'],
    ],
    [
      'a role behind the one that Pod Identity gives',
      [
        () => cluster({}),
        () => account(trusting({ AWS: roleArn('first') })),
        associated({ roleArn: roleArn('first'), targetRoleArn: roleArn('pod') }),
      ],
      ['P0', 'P0'],
    ],
  ];
  test.each(orders)('have the rights of %s, in either order', async (_, steps, expected) => {
    for (const step of steps) await step();
    expect(await levels()).toEqual(expected);
    await inbox.close();
    inbox = await openTestInbox();
    for (const step of steps.toReversed()) await step();
    expect(await levels()).toEqual(expected);
  });

  test.each([
    [[], false],
    [[SOME], true],
  ])('by Pod Identity within the session policy %j are asked about it: %s', async (statements, isAsked) => {
    await cluster({});
    await account(byPodIdentity);
    await associated({ roleArn: roleArn('pod'), policy: JSON.stringify(documentOf(...statements)) })();
    const result = await inbox.database.pool.query<{ missing: string }>(
      `select privileged_access ->> 'missing' as missing from resource where estate = 'k8s:shop' and type in ('service-account', 'workload')`,
    );
    const missing = result.rows.map((row) => row.missing);
    expect(missing.map((each) => each.includes(roleArn('pod')))).toEqual([isAsked, isAsked]);
    expect(missing.some((each) => each.includes('EKS Pod Identity'))).toBe(false);
  });

  test('lose them with the role', async () => {
    await annotated();
    const trust = federated('system:serviceaccount:shop:api');
    await account(trust);
    await account(trust, []);
    expect(await levels()).toEqual(['unknown', 'unknown']);
  });
});

test('whoever administers the account that manages an organisation has what is worth most', async () => {
  await dump(FIRST, role('ops', LAMBDA, [{ Effect: 'Allow', Action: '*', Resource: '*' }]));
  const reached = async () =>
    (await tellBlastRadius(inbox.ctx, { of: `aws:${roleArn('ops', FIRST)}` })).radius.targets.map(
      ({ name, tier }) => `${tier} ${name}`,
    );
  expect(await reached()).toEqual([`2 account ${FIRST}`]);
  await inbox.importReport(
    { Organization: { Id: 'o-shop', MasterAccountId: FIRST } },
    { account: FIRST },
    'organizations-describe-organization.json',
  );
  expect(await reached()).toEqual([`0 account ${FIRST}, which manages the organisation`]);
});
