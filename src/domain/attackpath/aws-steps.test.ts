import { describe, expect, test } from 'vitest';
import {
  allow,
  bounded,
  deny,
  document,
  iam,
  policy,
  resource,
  role,
  user,
} from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import { INTERNET, step } from './attack-path.test-sample.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';
import { CHAINED_LABS } from './path-world.chained-labs.test-sample.ts';
import { credential, database, factsOfLab, regional } from './path-world.labs.test-sample.ts';
import { stepRule } from './step-rules.ts';

const EC2 = { Service: 'ec2.amazonaws.com' };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const OTHER = '222222222222';
const EVERYTHING = [allow('*')];

const profile = resource('instance-profile', iam('instance-profile', 'web'), {
  Arn: iam('instance-profile', 'web'),
  Roles: [{ Arn: iam('role', 'web') }],
});
const instance = resource('ec2-instance', 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1', {
  InstanceId: 'i-1',
  IamInstanceProfile: { Arn: iam('instance-profile', 'web') },
});
const lambda = (name: string, runsAs: string) =>
  resource('lambda-function', `arn:aws:lambda:eu-west-1:111111111111:function:${name}`, {
    FunctionName: name,
    Role: iam('role', runsAs),
  });
const bucket = resource('s3-bucket', 'arn:aws:s3:::customers', { Name: 'customers' });

function told(resources: readonly EstateResource[], at: Parameters<typeof awsFacts>[1]): readonly string[] {
  const { steps } = awsSteps(awsFacts(resources, at));
  const short = (key: string) =>
    key.replace(/^aws:arn:aws:[^:]*:[^:]*:[^:]*:/, '').replace('account-admin:aws:', 'admin of ');
  return [
    ...new Set(steps.map(({ rule, from, to }) => `${rule}: ${short(from.asset)} > ${short(to.asset)}`)),
  ].sort();
}

const key = (name: string, kind = 'role', account?: string) => `aws:${iam(kind, name, account)}`;

describe('code on a workload', () => {
  test('has the role that it runs as, of an instance and of a function', () => {
    const world = [instance, profile, role('web', EC2, []), lambda('pay', 'pay'), role('pay', LAMBDA, [])];
    expect(told(world, { taken: [instance.key, lambda('pay', 'pay').key] })).toEqual([
      'workload-role: function:pay > role/pay',
      'workload-role: instance/i-1 > role/web',
    ]);
    expect(told(world, {})).toEqual([]);
  });
});

test.each([
  ['repo:github.com/acme/shop', 'token.actions.githubusercontent.com', 'repo:acme/*', true],
  ['repo:gitlab.com/acme/web/shop', 'gitlab.com', 'project_path:acme/*', true],
  ['repo:gitlab.com/acme/web/shop', 'gitlab.com', 'project_path:other/*', false],
  ['repo:gitlab.com/acme/shop', 'token.actions.githubusercontent.com', 'repo:acme/*', false],
])('a pipeline of %s has the role that trusts %s for %s: %s', (asset, issuer, subject, isTrusted) => {
  const trusting = role('web', {}, [], {
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: iam('oidc-provider', issuer) },
      Condition: { StringLike: { [`${issuer}:sub`]: subject } },
    }),
  });
  const flaw = step('pipeline-flaw', INTERNET, { asset, family: 'repository', capability: 'write' });
  const { steps } = awsSteps({ ...awsFacts([trusting], {}), given: [flaw] });
  expect(steps.map(({ rule, from, to }) => [rule, from.asset, to.asset])).toEqual(
    isTrusted ? [['pipeline-role', asset, key('web')]] : [],
  );
});

describe('a principal', () => {
  const web = (...statements: Parameters<typeof role>[2]) => role('web', EC2, statements);
  const at = { held: [key('web')] };

  test('that may do everything administers its account, and needs no other step', () => {
    expect(told([web(...EVERYTHING), role('other', EC2, [])], at)).toEqual([
      'administrator: role/web > admin of 111111111111',
    ]);
  });

  test('without rights leads nowhere', () => {
    expect(told([web(allow('s3:ListAllMyBuckets')), role('admin', EC2, EVERYTHING)], at)).toEqual([]);
  });

  test('that may give itself any right administers its account', () => {
    expect(told([web(allow('iam:PutRolePolicy', { Resource: iam('role', 'web') }))], at)).toEqual([
      'iam-escalation: role/web > admin of 111111111111',
    ]);
  });

  test('assumes a role that trusts it, and goes on from there', () => {
    const admin = role('admin', { AWS: iam('role', 'web') }, EVERYTHING);
    expect(told([web(allow('sts:AssumeRole', { Resource: iam('role', 'admin') })), admin], at)).toEqual([
      'administrator: role/admin > admin of 111111111111',
      'assume-role: role/web > role/admin',
    ]);
  });

  test('changes the code of a function that runs as another', () => {
    const world = [
      web(allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])),
      lambda('pay', 'pay'),
      role('pay', LAMBDA, EVERYTHING),
    ];
    expect(told(world, at)).toContain('iam-escalation: role/web > role/pay');
    expect(told(world, at)).toContain('administrator: role/pay > admin of 111111111111');
  });

  test('passes a role to a service that the role trusts, and to no other', () => {
    const passing = web(allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']));
    expect(told([passing, role('pay', LAMBDA, EVERYTHING)], at)).toContain(
      'iam-escalation: role/web > role/pay',
    );
    expect(told([passing, role('pay', EC2, EVERYTHING)], at)).toEqual([]);
  });

  test('that may give rights to whom somebody came as lets him come back with all of them', () => {
    const came = user('ops', [allow('sts:AssumeRole', { Resource: iam('role', 'web') })]);
    const granting = (condition: object) =>
      role('web', { AWS: iam('user', 'ops') }, [
        allow('iam:AttachUserPolicy', { Resource: iam('user', 'ops'), ...condition }),
      ]);
    const asUser = { held: [key('ops', 'user')] };
    const raised = 'iam-escalation: role/web > admin of 111111111111';
    expect(told([came, granting({})], asUser)).toContain(raised);
    expect(told([came, granting(MFA)], asUser)).not.toContain(raised);
    expect(told([came, granting({})], at)).not.toContain(raised);
  });

  test('gives rights to users of its own account alone', () => {
    const came = user('ops', [allow('sts:AssumeRole', { Resource: iam('role', 'web') })], {}, OTHER);
    const granting = role('web', { AWS: iam('user', 'ops', OTHER) }, [allow('iam:PutUserPolicy')]);
    const held = [key('ops', 'user', OTHER), key('bob', 'user')];
    expect(told([came, granting, user('bob', [])], { held })).toEqual(['assume-role: user/ops > role/web']);
  });

  test('gives no rights to a user that a boundary keeps from using them', () => {
    const assumes = [allow('sts:AssumeRole', { Resource: iam('role', 'web') })];
    const world = [
      policy('limit', [allow('sts:*')]),
      user('ops', assumes, bounded('limit')),
      role('web', { AWS: iam('user', 'ops') }, [allow('iam:PutUserPolicy')]),
    ];
    expect(told(world, { held: [key('ops', 'user')] })).toEqual(['assume-role: user/ops > role/web']);
  });

  test('that gives itself rights does not come back for them', () => {
    const own = user('ops', [allow('iam:PutUserPolicy', { Resource: iam('user', 'ops') })]);
    const { steps } = awsSteps(awsFacts([own], { held: [key('ops', 'user')] }));
    expect(steps.map(({ kind, to }) => [kind, to.family])).toEqual([['iam-007', 'account']]);
  });

  test('that may give all rights to whom somebody came as leads on to what trusts its account elsewhere', () => {
    const there = iam('role', 'there', OTHER);
    const world = [
      user('ops', [allow('sts:AssumeRole', { Resource: iam('role', 'web') })]),
      role('web', { AWS: iam('user', 'ops') }, [allow('iam:PutUserPolicy')]),
      user('trusted', [allow('sts:AssumeRole', { Resource: there })]),
      role('there', { AWS: iam('user', 'trusted') }, [], {}, OTHER),
    ];
    expect(told(world, { held: [key('ops', 'user')] })).toContain(
      'administrator-assumes: admin of 111111111111 > role/there',
    );
  });

  test('gives rights also to whom somebody is only by such rights of another', () => {
    const there = iam('role', 'there', OTHER);
    const world = [
      user('first', [allow('sts:AssumeRole', { Resource: iam('role', 'raises') })]),
      role('raises', { AWS: iam('user', 'first') }, [
        allow('iam:PutUserPolicy', { Resource: iam('user', 'first') }),
      ]),
      user('admin', EVERYTHING),
      user('trusted', [allow('sts:AssumeRole', { Resource: there })]),
      role('there', { AWS: iam('user', 'trusted') }, [allow('sts:AssumeRole')], {}, OTHER),
      role('later', { AWS: there }, [allow('iam:PutUserPolicy', { Resource: iam('user', 'first') })]),
    ];
    const held = ['first', 'admin'].map((name) => key(name, 'user'));
    expect(told(world, { held })).toContain('iam-escalation: role/later > admin of 111111111111');
  });

  test.each([
    [64, 64, 0],
    [66, 64, 2],
  ])('of %d users that it may give rights to, %d are ways and %d are counted', (count, ways, left) => {
    const names = Array.from({ length: count }, (_, at) => `u${at}`);
    const world = [
      ...names.map((name) => user(name, [allow('sts:AssumeRole', { Resource: iam('role', 'web') })])),
      role('web', { AWS: names.map((name) => iam('user', name)) }, [allow('iam:PutUserPolicy')]),
    ];
    const { steps, leftOut } = awsSteps(awsFacts(world, { held: names.map((name) => key(name, 'user')) }));
    expect(steps.filter(({ to }) => to.family === 'account')).toHaveLength(ways);
    expect(leftOut).toBe(left);
  });

  test('goes by a method that needs several rights no further when any one of them is taken', () => {
    const passing = web(allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction']));
    const { steps } = awsSteps(awsFacts([passing, role('pay', LAMBDA, EVERYTHING)], at));
    const [method] = steps.filter(({ rule }) => rule === 'iam-escalation');
    expect(method?.gates.map(({ sentence }) => sentence)).toEqual([
      'take iam:PassRole on pay from web',
      'take lambda:CreateFunction from web',
      'take lambda:InvokeFunction from web',
    ]);
  });

  test('reads data that it has the right to read, and nothing that a Deny keeps from it', () => {
    const reads = allow('s3:GetObject', { Resource: 'arn:aws:s3:::customers/*' });
    const asked = { ...at, wanted: [bucket.key] };
    expect(told([web(reads), bucket], asked)).toEqual(['reads-data: role/web > customers']);
    expect(told([web(reads), bucket], at)).toEqual([]);
    expect(told([web(reads, { ...allow('s3:GetObject'), Effect: 'Deny' }), bucket], asked)).toEqual([]);
  });

  test('administers another account over a role there that trusts somebody here', () => {
    const there = role('deploy', { AWS: iam('user', 'ops') }, EVERYTHING, {}, OTHER);
    const world = [
      web(...EVERYTHING),
      user('ops', [allow('sts:AssumeRole', { Resource: iam('role', 'deploy', OTHER) })]),
      there,
    ];
    expect(told(world, at)).toEqual([
      'administrator-assumes: admin of 111111111111 > role/deploy',
      'administrator: role/deploy > admin of 222222222222',
      'administrator: role/web > admin of 111111111111',
    ]);
  });
});

const MFA = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
/** Roles carry no second factor; where they ask from may be met. */
const IN_NETWORK = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
const NOBODY_KNOWS = { Condition: { StringEquals: { 'service:thing': 'a' } } };

describe('a condition lowers the likelihood and is told', () => {
  const KNOWS_ID = { Condition: { StringEquals: { 'sts:ExternalId': 'a secret' } } };
  const FROM = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } };
  const assumption = (own: object, trusted: object, AWS: string = iam('user', 'ann')) => {
    const trust = document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS },
      ...trusted,
    });
    const { steps } = awsSteps(
      awsFacts(
        [
          user('ann', [allow('sts:AssumeRole', own as Parameters<typeof allow>[1])]),
          role('admin', {}, EVERYTHING, { AssumeRolePolicyDocument: trust }),
        ],
        { held: [`aws:${iam('user', 'ann')}`] },
      ),
    );
    return steps
      .filter(({ rule }) => rule === 'assume-role')
      .map(({ probability, assumptions }) => [Math.round(probability * 1000), assumptions]);
  };

  test('of the trust policy', () => {
    expect(assumption({}, MFA)).toEqual([[190, ['Conditions can be met: aws:multifactorauthpresent.']]]);
    expect(assumption({}, FROM)).toEqual([[143, ['Conditions can be met: aws:sourceip.']]]);
    expect(assumption({}, KNOWS_ID)).toEqual([[95, ['Conditions can be met: sts:externalid.']]]);
    expect(assumption({}, NOBODY_KNOWS)).toEqual([]);
  });

  test('of its own policy, where the trust policy leaves it to that', () => {
    const account = 'arn:aws:iam::111111111111:root';
    expect(assumption(MFA, {}, account)).toEqual([
      [190, ['Conditions can be met: aws:multifactorauthpresent.']],
    ]);
    expect(assumption(MFA, FROM, account)).toEqual([
      [143, ['Conditions can be met: aws:multifactorauthpresent, aws:sourceip.']],
    ]);
  });

  test('and not of a right that another one makes needless', () => {
    expect(assumption(MFA, FROM)).toEqual([[143, ['Conditions can be met: aws:sourceip.']]]);
  });

  test('none', () => {
    expect(assumption({}, {})).toEqual([[950, []]]);
  });
});

test.each([
  ['no condition', {}, [[950, []]]],
  ['a network', IN_NETWORK, [[475, ['The conditions of its policies can be met.']]]],
  ['what nobody can tell', NOBODY_KNOWS, []],
])('whoever may do everything under %s', (_what, condition, expected) => {
  const all = role('web', EC2, [allow('*', condition)]);
  const { steps } = awsSteps(awsFacts([all], { held: [key('web')] }));
  expect(
    steps
      .filter(({ rule }) => rule === 'administrator')
      .map(({ probability, assumptions }) => [Math.round(probability * 1000), assumptions]),
  ).toEqual(expected);
});

test.each([
  ['none', { MfaActive: false }, 1, []],
  ['nobody told', {}, 1, []],
  ['one', { MfaActive: true }, 0.2, ['The second factor of boss can be got past.']],
])('a new password of a user whose second factor is %s', (_what, facts, factor, assumptions) => {
  const boss = user('boss', [allow('*')], { PasswordEnabled: true, ...facts });
  const passwords = (...more: readonly string[]) =>
    awsSteps(
      awsFacts([role('web', EC2, [allow(['iam:UpdateLoginProfile', ...more])]), boss], {
        held: [key('web')],
      }),
    ).steps.filter(({ rule }) => rule === 'iam-escalation');
  const { probability: whole } = stepRule('iam-escalation');
  const both = passwords('iam:AttachUserPolicy').map((each) => [
    each.kind,
    each.probability,
    each.assumptions,
  ]);
  expect(both).toEqual(
    ['iam-006', 'user-attach-updateloginprofile'].map((kind) => [kind, whole * factor, assumptions]),
  );
});

test('a new key of a user asks for no second factor', () => {
  const boss = user('boss', [allow('*')], { PasswordEnabled: true, MfaActive: true });
  const { steps } = awsSteps(
    awsFacts([role('web', EC2, [allow('iam:CreateAccessKey')]), boss], { held: [key('web')] }),
  );
  expect(
    steps
      .filter(({ rule }) => rule === 'iam-escalation')
      .map(({ probability, assumptions }) => [probability, assumptions]),
  ).toEqual([[stepRule('iam-escalation').probability, []]]);
});

test('who reads a table that names a key of KMS is assumed to decrypt with it; the key that AWS keeps lets in all of its account', () => {
  const assumed = (SSEDescription?: { readonly KMSMasterKeyArn: string }): unknown => {
    const arn = 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders';
    const table = resource('dynamodb-table', arn, SSEDescription === undefined ? {} : { SSEDescription });
    const reads = role('web', EC2, [allow('dynamodb:Scan', { Resource: arn })]);
    return awsSteps(awsFacts([reads, table], { held: [key('web')], wanted: [table.key] })).steps.flatMap(
      ({ rule, assumptions }) => (rule === 'reads-data' ? [assumptions] : []),
    );
  };
  const sentence = 'The key of KMS that encrypts the table lets the same principal decrypt.';
  expect(assumed({ KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/k' })).toEqual([[sentence]]);
  expect(assumed({ KMSMasterKeyArn: 'alias/aws/dynamodb' })).toEqual([[]]);
  expect(assumed()).toEqual([[]]);
});

describe('a right to data is a step where it is certain, less likely where a condition can be met, and none where nobody can tell', () => {
  const OBJECTS = { Resource: 'arn:aws:s3:::customers/*' };
  const MAY = 'The conditions of its policies can be met.';
  const ANY = [950, false];
  const LESS = [475, true];
  const stepsOf = (
    rule: string,
    resources: readonly EstateResource[],
    more: Parameters<typeof awsFacts>[1] = {},
  ) =>
    awsSteps(awsFacts(resources, { held: [key('web')], ...more }))
      .steps.filter((each) => each.rule === rule)
      .map(({ probability, assumptions }) => [Math.round(probability * 1000), assumptions.includes(MAY)]);
  const withPolicy = (statement: ReturnType<typeof allow>) => ({
    ...bucket,
    facts: { ...bucket.facts, Policy: document(statement) },
  });
  const wanted = [bucket.key];

  test.each([
    ['no condition', {}, [ANY]],
    ['a network', IN_NETWORK, [LESS]],
    ['a second factor, which a role has not', MFA, []],
    ['what nobody can tell', NOBODY_KNOWS, []],
  ])('granted by its own policies under %s', (_what, condition, expected) => {
    const world = [role('web', EC2, [allow('s3:GetObject', { ...OBJECTS, ...condition })]), bucket];
    expect(stepsOf('reads-data', world, { wanted })).toEqual(expected);
  });

  test.each([
    ['no condition', {}, [ANY]],
    ['a network', IN_NETWORK, [LESS]],
    ['a second factor, which a role has not', MFA, []],
    ['what nobody can tell', NOBODY_KNOWS, []],
  ])('granted by the policy of the store under %s', (_what, condition, expected) => {
    const granting = withPolicy({
      ...allow('s3:GetObject', { ...OBJECTS, ...condition }),
      Principal: { AWS: iam('role', 'web') },
    });
    expect(stepsOf('reads-data', [role('web', EC2, []), granting], { wanted })).toEqual(expected);
  });

  test.each([
    ['to others', { Condition: { StringNotEquals: { 'aws:PrincipalArn': iam('role', 'web') } } }, [ANY]],
    ['outside of a network', { Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } }, [LESS]],
    [
      'without a second factor, which a role has not',
      { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } },
      [],
    ],
    ['where nobody can tell', NOBODY_KNOWS, []],
    ['always', {}, []],
  ])('refused by the policy of the store %s', (_what, condition, expected) => {
    const refusing = withPolicy({ ...deny('s3:*', condition), Principal: '*' });
    const world = [role('web', EC2, [allow('s3:GetObject', OBJECTS)]), refusing];
    expect(stepsOf('reads-data', world, { wanted })).toEqual(expected);
  });

  test.each([
    ['each', {}, {}, [ANY]],
    ['the first in a network', IN_NETWORK, {}, [LESS]],
    ['the second under a second factor', {}, IN_NETWORK, [LESS]],
    ['the first under what nobody can tell', NOBODY_KNOWS, {}, []],
    ['the second under what nobody can tell', {}, NOBODY_KNOWS, []],
  ])('of two that copy a database: %s', (_what, first, second, expected) => {
    const shop = database('shop');
    const copies = role('web', EC2, [
      allow('rds:CreateDBSnapshot', first),
      allow('rds:ModifyDBSnapshotAttribute', second),
    ]);
    expect(stepsOf('copies-data', [copies, shop], { wanted: [shop.key] })).toEqual(expected);
  });

  test('to run commands on a machine counts where the machine takes them', () => {
    const ops = user('ops', []);
    const managed = regional('ssm-managed-instance', 'ssm', 'managed-instance/i-1', {
      InstanceId: 'i-1',
      PingStatus: 'Online',
    });
    const told = (condition: object, ...others: readonly EstateResource[]) =>
      stepsOf(
        'instance-command',
        [
          role('web', EC2, [allow('ssm:StartSession', condition as typeof IN_NETWORK)]),
          instance,
          ops,
          ...others,
        ],
        { credentials: [credential(instance, ops)] },
      );
    expect(told({}, managed)).toEqual([ANY]);
    expect(told(IN_NETWORK, managed)).toEqual([LESS]);
    expect(told(NOBODY_KNOWS, managed)).toEqual([]);
    expect(told({})).toEqual([]);
  });
});

test('what a Deny refuses until a tag is written is closed by the right, and never by taking the Deny', () => {
  const unlessTagged = deny('iam:CreateAccessKey', {
    Condition: { StringNotEquals: { 'aws:ResourceTag/rotated': 'yes' } },
  });
  const web = role('web', EC2, [allow(['iam:TagUser', 'iam:CreateAccessKey']), unlessTagged]);
  const { steps } = awsSteps(
    awsFacts([web, user('ops', EVERYTHING, { AccessKeyCount: 1 })], { held: [key('web')] }),
  );
  const [method] = steps.filter(({ kind }) => kind === 'iam-002-tag');
  expect(method?.gates.map(({ id, sentence }) => [id, sentence])).toEqual([
    [`${key('web')} iam:TagUser ${key('ops', 'user')}`, 'take iam:TagUser on ops from web'],
    [`${key('web')} iam:CreateAccessKey ${key('ops', 'user')}`, 'take iam:CreateAccessKey on ops from web'],
  ]);
});

test('many ways by one method are cut, administrators first, and counted', () => {
  const many = Array.from({ length: 100 }, (_, at) => role(`r${at}`, LAMBDA, []));
  const { steps, leftOut } = awsSteps(
    awsFacts(
      [
        role('web', EC2, [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]),
        ...many,
        role('admin', LAMBDA, EVERYTHING),
      ],
      { held: [key('web')] },
    ),
  );
  expect(steps.map(({ to }) => to.asset)).toContain(key('admin'));
  expect(leftOut).toBeGreaterThanOrEqual(37);
});

test('a right that is reached by writing the tags it asks for is less likely, and says so', () => {
  const { lab } = CHAINED_LABS['cloudgoat ecs_efs_attack'] as (typeof CHAINED_LABS)[string];
  const tagged = factsOfLab(lab).steps.filter(
    ({ kind }) => kind !== undefined && /-tag$|^own-tag-/.test(kind),
  );
  expect(tagged.length).toBeGreaterThan(0);
  for (const { probability, assumptions } of tagged) {
    expect(probability).toBeCloseTo(0.95 * 0.7);
    expect(assumptions).toContain('The tags that its conditions ask for are ones that it may write.');
  }
});
