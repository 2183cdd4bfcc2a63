import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { PRIVILEGE_LEVELS } from '../privilege.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  attached,
  bounded,
  deny,
  document,
  group,
  iam,
  listing,
  policy,
  resource,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

function levelOf(name: string, ...resources: readonly EstateResource[]): string {
  const byArn = new AwsPrivileges([listing('iam-role'), ...resources], SEEN).byArn();
  return byArn.get(name)?.level ?? 'absent';
}

const ADMIN_POLICY: JsonObject = {
  AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
};
const EC2: JsonObject = { Service: 'ec2.amazonaws.com' };
const SERVICES = [
  'a4b',
  'access-analyzer',
  'acm',
  'cloudformation',
  'cloudtrail',
  'cloudwatch',
  'dynamodb',
  'ec2',
  'ecs',
  'eks',
  'glue',
  'iam',
  'kms',
  'lambda',
  'logs',
  'rds',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'sts',
].map((service) => `${service}:*`);
const SPLIT = [allow('iam:*'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }];
const NOTHING = policy('nothing', [{ Effect: 'Allow', NotAction: ['*'], Resource: '*' }]);
const ONLY_DENY = policy('only-deny', [deny('s3:*')]);
const MISMATCHED = policy('mismatched', [allow('s3:*')]);
const ALL = policy('all', [allow('*')]);
const admins = (statements: readonly JsonObject[], more: JsonObject = {}): EstateResource =>
  group('g', statements, more);
const inGroup: JsonObject = { GroupList: ['g'] };

/** The 39 principals whose effective permissions a tool has to tell apart: 15 administrators and 24 that are none. */
const EFFECTIVE: readonly (readonly [
  is: 'admin' | 'none',
  how: string,
  who: EstateResource,
  ...others: EstateResource[],
])[] = [
  ['admin', 'user, managed policy of AWS', user('p', [], ADMIN_POLICY)],
  ['admin', 'user, managed policy of the customer', user('p', [], attached('all')), ALL],
  ['admin', 'user, inline', user('p', [allow('*')])],
  ['admin', 'user, group with a policy of AWS', user('p', [], inGroup), admins([], ADMIN_POLICY)],
  [
    'admin',
    'user, group with a policy of the customer',
    user('p', [], inGroup),
    admins([], attached('all')),
    ALL,
  ],
  ['admin', 'user, group inline', user('p', [], inGroup), admins([allow('*')])],
  ['admin', 'user, iam:* and NotAction iam:*', user('p', SPLIT)],
  [
    'admin',
    'user, the two halves in user and group',
    user('p', [allow('iam:*')], inGroup),
    admins([{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
  ],
  ['admin', 'user, many services', user('p', [allow(SERVICES)])],
  ['admin', 'user, a boundary that allows all', user('p', [allow('*')], bounded('all')), ALL],
  ['admin', 'role, managed policy of AWS', role('p', EC2, [], ADMIN_POLICY)],
  ['admin', 'role, managed policy of the customer', role('p', EC2, [], attached('all')), ALL],
  ['admin', 'role, inline', role('p', EC2, [allow('*')])],
  ['admin', 'role, iam:* and NotAction iam:*', role('p', EC2, SPLIT)],
  ['admin', 'role, many services', role('p', EC2, [allow(SERVICES)])],
  ...(['user', 'role'] as const).flatMap((kind) => {
    const p = (statements: readonly JsonObject[], more: JsonObject = {}): EstateResource =>
      kind === 'user' ? user('p', statements, more) : role('p', EC2, statements, more);
    const most = [
      'iam:*',
      'kms:*',
      'sts:*',
      's3:*',
      'secretsmanager:*',
      'ssm:*',
      'dynamodb:*',
      'rds:*',
      'lambda:*',
      'ec2:*',
      'ecr:*',
      'sqs:*',
      'sns:*',
      'eks:*',
      'ebs:*',
      'glue:*',
      'cloudformation:*',
      'ecs:*',
      'codebuild:*',
      'sagemaker:*',
      'apprunner:*',
      'states:*',
      'bedrock-agentcore:*',
      'ec2-instance-connect:*',
      'autoscaling:*',
      'sso:*',
    ];
    return [
      ['none', `${kind}, Deny of all, inline`, p([allow('*'), deny('*')])],
      [
        'none',
        `${kind}, Deny of all in another policy`,
        p([allow('*')], attached('deny')),
        policy('deny', [deny('*')]),
      ],
      ['none', `${kind}, policy of AWS and a Deny of all`, p([deny('*')], ADMIN_POLICY)],
      [
        'none',
        `${kind}, Deny of all but reading a name`,
        p([allow('*'), { Effect: 'Deny', NotAction: 'iam:GetUser', Resource: '*' }]),
      ],
      ['none', `${kind}, Deny by increments`, p([allow('*'), ...most.map((action) => deny(action))])],
      [
        'none',
        `${kind}, Deny on all resources by pattern`,
        p([allow('*'), deny('*', { Resource: ['*', 'arn:aws:*:*:*:*'] })]),
      ],
      ['none', `${kind}, a boundary with only a Deny`, p([allow('*')], bounded('only-deny')), ONLY_DENY],
      ['none', `${kind}, a boundary NotAction *`, p([allow('*')], bounded('nothing')), NOTHING],
      [
        'none',
        `${kind}, policy of AWS in a boundary NotAction *`,
        p([], { ...ADMIN_POLICY, ...bounded('nothing') }),
        NOTHING,
      ],
      [
        'none',
        `${kind}, a boundary that does not meet the policy`,
        p([allow('iam:*')], bounded('mismatched')),
        MISMATCHED,
      ],
      ['none', `${kind}, nothing`, p([])],
      ['none', `${kind}, only in the boundary`, p([], bounded('all')), ALL],
    ] as ['none', string, EstateResource, ...EstateResource[]][];
  }),
];

describe('effective permissions', () => {
  test('are 15 administrators and 24 that are none', () => {
    expect(EFFECTIVE.filter(([is]) => is === 'admin').length).toBe(15);
    expect(EFFECTIVE.filter(([is]) => is === 'none').length).toBe(24);
  });

  test.each(EFFECTIVE.map(([is, how, ...resources]) => [how, is, resources] as const))(
    '%s: %s',
    (_, is, resources) => {
      const kind = (resources[0] as EstateResource).type === 'iam-role' ? 'role' : 'user';
      // Some of the others may still stop an audit trail: P4, and no privileged access.
      expect(is === 'admin' ? ['P0'] : ['none', 'P4']).toContain(levelOf(iam(kind, 'p'), ...resources));
    },
  );
});

describe('what tools report wrongly', () => {
  const own = policy('own', [allow('s3:ListBucket')]);
  const past = { Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } };
  const boss = role('boss', EC2, [allow('*')], {
    InstanceProfileList: [{ Arn: iam('instance-profile', 'boss') }],
  });
  test.each<readonly [string, string, ...EstateResource[]]>([
    [
      'fp1: Deny in the same policy',
      'none',
      user('p', [allow('iam:CreatePolicyVersion'), deny('iam:CreatePolicyVersion')], attached('own')),
      own,
    ],
    [
      'fp2: Deny in another policy',
      'none',
      user('p', [allow('iam:CreatePolicyVersion')], attached('own', 'deny')),
      own,
      policy('deny', [deny('iam:*')]),
    ],
    ['fp3: Deny of iam', 'none', user('p', [allow('iam:PutUserPolicy'), deny('iam:*')])],
    [
      'fp4: policies that no customer can edit',
      'none',
      user(
        'p',
        [allow('iam:CreatePolicyVersion', { Resource: 'arn:aws:iam::aws:policy/*' })],
        attached('own'),
      ),
      own,
    ],
    ['fp5: a condition that is never met', 'none', user('p', [allow('iam:PutUserPolicy', past)])],
    [
      'fn1: in two policies',
      'P2',
      user('p', [allow('iam:PassRole')], attached('run')),
      policy('run', [allow('ec2:RunInstances')]),
      boss,
    ],
    [
      'fn2: a resource that is exploitable',
      'P1',
      user('p', [allow('iam:CreatePolicyVersion', { Resource: iam('policy', 'o*') })], attached('own')),
      own,
    ],
    [
      'fn3: a condition that is met',
      'P1',
      role('p', EC2, [
        allow('iam:PutRolePolicy', {
          Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
        }),
      ]),
    ],
    [
      'fn4: NotAction leaves Put*',
      'P1',
      user('p', [
        { Effect: 'Allow', NotAction: ['iam:Update*', 'iam:Create*', 'iam:Attach*'], Resource: '*' },
      ]),
    ],
  ])('%s: %s', (_, level, ...resources) => {
    const kind = (resources[0] as EstateResource).type === 'iam-role' ? 'role' : 'user';
    expect(levelOf(iam(kind, 'p'), ...(resources as EstateResource[]))).toBe(level);
  });
});

describe('over accounts', () => {
  const OTHER = '222222222222';
  const foreign = (trust: JsonObject): EstateResource => role('boss', trust, [allow('*')], {}, OTHER);
  const byRoot = foreign({ AWS: `arn:aws:iam::${ACCOUNT}:root` });

  test.each<readonly [string, string, ...EstateResource[]]>([
    ['both sides allow', 'P1', user('p', [allow('sts:AssumeRole')]), byRoot],
    ['only the trust policy allows', 'none', user('p', []), byRoot],
    [
      'the trust policy names the user, and nothing of the user’s allows it',
      'none',
      user('p', []),
      foreign({ AWS: iam('user', 'p') }),
    ],
    [
      'only the caller’s policy allows',
      'none',
      user('p', [allow('sts:AssumeRole')]),
      foreign({ AWS: 'arn:aws:iam::333333333333:root' }),
    ],
    [
      'with an external id, which weakens',
      'P1',
      user('p', [allow('sts:AssumeRole')]),
      role(
        'boss',
        {},
        [allow('*')],
        {
          AssumeRolePolicyDocument: document({
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: ACCOUNT },
            Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
          }),
        },
        OTHER,
      ),
    ],
  ])('%s: %s', (_, level, ...resources) => {
    expect(levelOf(iam('user', 'p'), listing('iam-role', OTHER), ...(resources as EstateResource[]))).toBe(
      level,
    );
  });
});

describe('a role that names its caller', () => {
  const p = (...statements: readonly JsonObject[]): EstateResource => user('p', statements);
  const named = (...names: readonly string[]): EstateResource =>
    role('r', { AWS: iam('user', 'p') }, [], attached(...names));
  const policies = [policy('one', [allow('s3:ListBucket')]), policy('two', [allow('s3:ListBucket')])];
  const rewrite = (name: string): JsonObject =>
    allow('iam:CreatePolicyVersion', { Resource: iam('policy', name) });
  test.each<readonly [string, boolean, EstateResource, EstateResource]>([
    ['one of whose two policies it may rewrite', true, p(rewrite('one')), named('one', 'two')],
    ['whose only policy it may rewrite', true, p(rewrite('one')), named('one')],
    ['whose policy it may not rewrite', false, p(rewrite('two')), named('one')],
    ['that has no policy to rewrite', false, p(allow('iam:CreatePolicyVersion')), named()],
    [
      'that it may give a policy',
      true,
      p(allow('iam:AttachRolePolicy', { Resource: iam('role', 'r') })),
      named(),
    ],
    [
      'with the right to give another one a policy',
      false,
      p(allow('iam:PutRolePolicy', { Resource: iam('role', 's') })),
      named(),
    ],
  ])('%s: %s', (_, isRaised, who, target) => {
    const level = levelOf(iam('user', 'p'), who, target, ...policies);
    expect([level, level === 'P2']).toEqual([level, isRaised]);
  });

  test('is given any right under a second factor too', () => {
    const trust = document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: iam('user', 'p') },
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    });
    const target = role('r', {}, [], { AssumeRolePolicyDocument: trust });
    expect(levelOf(iam('user', 'p'), p(allow('iam:PutRolePolicy')), target)).toBe('P2');
  });

  test('does not lead beyond a boundary of the role', () => {
    const bound = role('r', { AWS: iam('user', 'p') }, [], bounded('one'));
    expect(levelOf(iam('user', 'p'), p(allow('iam:PutRolePolicy')), bound, ...policies)).not.toBe('P2');
  });
});

test('what would be a step if somebody had told more is unknown, with the command that tells', () => {
  const arn = `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`;
  const machine = resource('ec2-instance', arn, {
    InstanceId: 'i-1',
    State: { Name: 'running' },
    IamInstanceProfile: { Arn: iam('instance-profile', 'boss') },
  });
  const boss = role('boss', EC2, [allow('*')], {
    InstanceProfileList: [{ Arn: iam('instance-profile', 'boss') }],
  });
  const resources = [listing('iam-role'), user('p', [allow('ssm:StartSession')]), machine, boss];
  const told = new AwsPrivileges(resources, SEEN).byArn().get(iam('user', 'p'));
  expect(told).toMatchObject({
    level: 'unknown',
    missing: ['which instances Systems Manager manages: aws ssm describe-instance-information'],
  });
  const none = new AwsPrivileges([...resources, listing('ssm-managed-instance')], SEEN).byArn();
  expect(none.get(iam('user', 'p'))?.level).toBe('none');
});

describe('who administers people for the organisation', () => {
  const assigns = user('p', [allow('sso:CreateAccountAssignment')]);
  const organisation = (management: string): EstateResource =>
    resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: management });
  const delegated = (account: string): EstateResource =>
    resource('organization-delegated-administrator', `delegated/${account}`, { Id: account });
  const OTHERS = ['222222222222', '333333333333'] as const;
  test.each<readonly [string, string, ...EstateResource[]]>([
    ['the account that manages it', 'P2', organisation(ACCOUNT), delegated(OTHERS[0])],
    [
      'an account to which something was delegated, nobody says what',
      'unknown',
      organisation(OTHERS[0]),
      delegated(ACCOUNT),
    ],
    ['another account', 'none', organisation(OTHERS[0]), delegated(OTHERS[1])],
    ['an account while nobody told to whom anything was delegated', 'unknown', organisation(OTHERS[0])],
    ['an account while nobody told who manages it', 'unknown'],
  ])('%s: %s', (_, level, ...resources) => {
    const told = new AwsPrivileges(
      [listing('iam-role'), assigns, ...(resources as EstateResource[])],
      SEEN,
    ).byArn();
    expect(told.get(iam('user', 'p'))?.level).toBe(level);
    expect(told.get(iam('user', 'p'))?.missing).toEqual(
      level === 'unknown'
        ? [
            'which account administers the organisation: aws organizations describe-organization',
            'which accounts administer for the organisation: aws organizations list-delegated-administrators',
          ]
        : [],
    );
  });
});

test('somebody of whose policies one was not described shares no answer with whoever has the others alone', () => {
  const known = user('known', [allow('*')]);
  const lacking = user('lacking', [allow('*')], attached('lost'));
  for (const order of [
    [known, lacking],
    [lacking, known],
  ]) {
    const told = new AwsPrivileges([listing('iam-role'), ...order], SEEN).byArn();
    expect([told.get(iam('user', 'known'))?.level, told.get(iam('user', 'lacking'))?.level]).toEqual([
      'P0',
      'unknown',
    ]);
  }
});

describe('policies of the organisation', () => {
  const another = (id: string, statements: readonly JsonObject[] | null): EstateResource =>
    resource('organization-policy', `organization-policy/${id}`, {
      Id: id,
      Type: 'SERVICE_CONTROL_POLICY',
      ...(statements === null ? {} : { Document: document(...statements) }),
    });
  const control = (statements: readonly JsonObject[]): EstateResource => another('p-1', statements);
  const untold = another('p-1', null);
  const on = (target: string, id = 'p-1'): EstateResource =>
    resource('organization-policy-target', `target/${id}/${target}`, { PolicyId: id, TargetId: target });
  const parent = (child: string, of: string): EstateResource =>
    resource('organization-parent', `parent/${child}`, { Child: child, Parent: of });
  const organisation = (management: string): EstateResource =>
    resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: management });
  const admin = user('p', [allow('*')]);
  const denied = control([deny('kms:*')]);

  test.each<readonly [string, string, ...EstateResource[]]>([
    ['a Deny of keys on the account, which then caps what it may give itself', 'P3', denied, on(ACCOUNT)],
    [
      'a Deny of all on its unit',
      'none',
      control([deny('*')]),
      on('ou-1'),
      parent(ACCOUNT, 'ou-1'),
      parent('ou-1', 'r-1'),
    ],
    [
      'a Deny of all on another unit',
      'P0',
      control([deny('*')]),
      on('ou-2'),
      parent(ACCOUNT, 'ou-1'),
      parent('ou-1', 'r-1'),
    ],
    ['a level that allows only S3', 'P3', control([allow('s3:*')]), on(ACCOUNT)],
    [
      'a unit that allows only EC2, above a level that allows only S3',
      'none',
      control([allow('s3:*')]),
      on(ACCOUNT),
      another('p-2', [allow('ec2:*')]),
      on('ou-1', 'p-2'),
      parent(ACCOUNT, 'ou-1'),
      parent('ou-1', 'r-1'),
    ],
    ['one whose text nobody told', 'unknown', untold, on(ACCOUNT)],
    [
      'one of AWS that allows everything, whose text no list tells',
      'P0',
      another('p-FullAWSAccess', null),
      on(ACCOUNT, 'p-FullAWSAccess'),
    ],
    [
      'a Deny of all on the management account, which none binds',
      'P0',
      control([deny('*')]),
      on(ACCOUNT),
      organisation(ACCOUNT),
    ],
    ['a Deny whose targets nobody told', 'unknown', control([deny('*')])],
    [
      'a Deny on a unit, while nobody told where the account stands',
      'unknown',
      control([deny('*')]),
      on('ou-1'),
    ],
  ])('%s: %s', (_, level, ...resources) => {
    expect(levelOf(iam('user', 'p'), admin, ...(resources as EstateResource[]))).toBe(level);
  });
});

test('no policy of the organisation binds a role that is linked to a service', () => {
  const organisation = [
    resource('organization-policy', 'organization-policy/p-1', {
      Id: 'p-1',
      Type: 'SERVICE_CONTROL_POLICY',
      Document: document(deny('*')),
    }),
    resource('organization-policy-target', 'target', { PolicyId: 'p-1', TargetId: ACCOUNT }),
  ];
  const linked = role('linked', EC2, [allow('*')], { Path: '/aws-service-role/x.amazonaws.com/' });
  const bound = role('bound', EC2, [allow('*')]);
  const told = new AwsPrivileges([listing('iam-role'), linked, bound, ...organisation], SEEN).byArn();
  expect(told.get(iam('role', 'linked'))?.level).toBe('P0');
  expect(told.get(iam('role', 'bound'))?.level).toBe('none');
});

describe('monotonicity', () => {
  const RANK = [...PRIVILEGE_LEVELS, 'none'];
  const ACTIONS = [
    'iam:PassRole',
    'lambda:CreateFunction',
    'lambda:InvokeFunction',
    'iam:PutUserPolicy',
    'sts:AssumeRole',
    's3:GetObject',
    'iam:CreateAccessKey',
    'kms:Decrypt',
    'iam:UpdateAssumeRolePolicy',
    '*',
  ];
  const world = [
    role('boss', { Service: 'lambda.amazonaws.com', AWS: `arn:aws:iam::${ACCOUNT}:root` }, [allow('*')]),
    user('other', [allow('*')]),
  ];
  const rank = (statements: readonly JsonObject[]): number => {
    const level = levelOf(iam('user', 'p'), user('p', statements), ...world);
    return level === 'unknown' ? 2.5 : RANK.indexOf(level);
  };

  test.each(ACTIONS)('an Allow of %s never lowers a level, a Deny of it never raises one', (action) => {
    for (const base of ACTIONS.slice(0, 8)) {
      const before = rank([allow(base)]);
      expect(rank([allow(base), allow(action)])).toBeLessThanOrEqual(before);
      expect(rank([allow(base), deny(action)])).toBeGreaterThanOrEqual(before);
    }
  });
});
