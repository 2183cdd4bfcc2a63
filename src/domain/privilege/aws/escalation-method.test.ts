import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { cataloguedAction } from './action-catalogue.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { found, OPEN, SHAPED } from './escalation-method.test-sample.ts';
import { ESCALATION_METHODS } from './escalation-method.ts';
import { IamIndex } from './iam-index.ts';
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

const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/gone.example.com`;

describe('the table of escalation methods', () => {
  test('is keyed by what is required: no two records say the same', () => {
    const keys = ESCALATION_METHODS.map(({ target, requires, service, gains, preconditions }) =>
      JSON.stringify([
        target,
        service,
        gains,
        requires.map(({ action, on }) => `${action} ${on}`).sort(),
        [...preconditions].sort(),
      ]),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(new Set(ESCALATION_METHODS.map(({ id }) => id)).size).toBe(ESCALATION_METHODS.length);
  });

  test('names actions of the catalogue, and targets only where statements can name them', () => {
    const wrong = ESCALATION_METHODS.flatMap(({ id, requires }) =>
      requires
        .filter(({ action, on }) => {
          const known = cataloguedAction(action);
          return known === undefined || (/^(?:target|existing:|own-)/.test(on) && known.on.length === 0);
        })
        .map(({ name }) => `${id} ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('has a way to mend and a technique for each', () => {
    expect(
      ESCALATION_METHODS.filter(({ mitre, fixHints }) => mitre.length === 0 || fixHints.length === 0).map(
        ({ id }) => id,
      ),
    ).toEqual([]);
  });
});

describe.each(ESCALATION_METHODS.map((method) => [method.id, method] as const))('%s', (_, method) => {
  test('works', () => {
    const isOpen = method.id === 'org-detach-policy' || method.preconditions.some((name) => OPEN.has(name));
    expect(found(method, {})).toBe(isOpen ? 'possible' : 'certain');
  });

  const names = [...new Set(method.requires.map(({ name }) => name))];
  const others = (name: string): boolean => {
    const left = names.filter((each) => each !== name);
    // What is left is another method over the same data.
    return ESCALATION_METHODS.some(
      (each) =>
        each !== method &&
        each.target === method.target &&
        each.target.startsWith('data:') &&
        each.requires.every((one) => left.includes(one.name)),
    );
  };
  // A role that names its caller needs no policy of the caller's.
  test.each(names.filter((name) => !others(name) && name !== 'sts:AssumeRole'))(
    'does not work without %s',
    (without) => {
      expect(found(method, { without })).toBe('no');
    },
  );

  test.each(names)('does not work where %s is denied', (denied) => {
    if (others(denied)) expect(SHAPED.test(method.id)).toBe(false);
    else expect(found(method, { denied })).toBe('no');
  });

  test('does not work within a boundary', () => {
    // A trust policy that names a user by ARN does not mind the user's boundary (attack-paths §3.1, step 4).
    expect(found(method, { isBounded: true })).toBe(method.id === 'sts-001' ? 'certain' : 'no');
  });

  // Whether a port can be reached is a matter of exposure; the others have tests of their own below.
  const ownTests = [
    'reaches-ssh',
    'tags-chosen',
    ...(method.id === 'iam-016' ? ['free-policy-version'] : []),
  ];
  test.each(method.preconditions.filter((name) => !ownTests.includes(name)))(
    'does not work unless: %s',
    (lacks) => {
      expect(found(method, { lacks })).toBe('no');
    },
  );

  if (method.service !== null && method.service !== 'cognito-identity.amazonaws.com')
    test('does not work where the role trusts another service', () => {
      expect(found(method, { trusted: ['other.amazonaws.com'] })).toBe('no');
    });
  if (method.target === 'passed-role')
    test('does not work where roles may be passed to another service only', () => {
      expect(found(method, { passedTo: 'other.amazonaws.com' })).toBe('no');
    });
});

test.each([
  [
    's3:GetObject',
    { is: 'unknown', missing: [expect.stringContaining('get-account-authorization-details')] },
  ],
  ['s3:PutObject', { is: 'deny' }],
  ['s3:DeleteObject', { is: 'deny' }],
])('in a boundary that nobody described, %s', (action, answer) => {
  const allowed = [allow(['s3:GetObject', 's3:DeleteObject']), deny('s3:DeleteObject')];
  const index = new IamIndex([user('u', allowed, bounded('lost'))], SEEN);
  const [judged] = index.judged;
  if (judged === undefined) throw new Error('no caller');
  expect(index.answer(judged, action.toLowerCase(), 'arn:aws:s3:::logs/a')).toMatchObject(answer);
  expect(judged.class.of.any(action.toLowerCase())).toBe(answer.is === 'unknown' ? 1 : 0);
});

test.each([
  [4, 'P2'],
  [5, 'unknown'],
])('a role that one may assume is raised by its policy of %i versions: %s', (versions, level) => {
  const estate = [
    role('worker', { AWS: iam('user', 'u') }, [], attached('of-worker')),
    policy('of-worker', [allow('s3:ListBucket')], { VersionCount: versions }),
    user('u', [allow(['sts:AssumeRole', 'iam:CreatePolicyVersion'])]),
    role('admin', { Service: 'ec2.amazonaws.com' }, [allow('*')]),
    listing('iam-role'),
  ];
  expect(levelOf(estate)).toBe(level);
});

test.each([
  [{ PasswordEnabled: true, MfaActive: true }, 'P2'],
  [{ PasswordEnabled: true, MfaActive: false }, 'P2'],
  [{ PasswordEnabled: true }, 'P2'],
  [{ PasswordEnabled: false }, 'none'],
])('a password of an administrator with %j is replaced: %s', (facts, level) => {
  expect(levelOf([user('boss', [allow('*')], facts), user('u', [allow('iam:UpdateLoginProfile')])])).toBe(
    level,
  );
});

describe('a machine that acts as an administrator', () => {
  const profile = iam('instance-profile', 'boss');
  const boss = role('boss', { Service: 'ec2.amazonaws.com' }, [allow('*')], {
    InstanceProfileList: [{ Arn: profile }],
  });
  const machine = (facts: JsonObject): EstateResource =>
    resource('ec2-instance', `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`, {
      InstanceId: 'i-1',
      VpcId: 'vpc-1',
      IamInstanceProfile: { Arn: profile },
      ...facts,
    });
  const managed = (InstanceId: string): EstateResource =>
    resource('ssm-managed-instance', `managed/${InstanceId}`, { InstanceId, PingStatus: 'Online' });
  const endpoint = (VpcId: string, State: string): EstateResource =>
    resource('instance-connect-endpoint', `endpoint/${VpcId}`, { VpcId, State });
  const listings = ['iam-role', 'instance-connect-endpoint'].map((type) => listing(type));
  const running = { State: { Name: 'running' } };
  const ssm = user('u', [allow('ssm:StartSession')]);
  const tunnel = user('u', [
    allow(['ec2-instance-connect:SendSSHPublicKey', 'ec2-instance-connect:OpenTunnel']),
  ]);

  test.each<readonly [string, string, EstateResource, EstateResource, EstateResource]>([
    ['that runs', 'P2', ssm, machine(running), managed('i-1')],
    ['of which nobody told whether it runs', 'P2', ssm, machine({}), managed('i-1')],
    ['that stops', 'none', ssm, machine({ State: { Name: 'stopping' } }), managed('i-1')],
    ['beside one that Systems Manager manages', 'none', ssm, machine(running), managed('i-2')],
    ['in a network with an endpoint', 'P2', tunnel, machine(running), endpoint('vpc-1', 'create-complete')],
    [
      'in a network whose endpoint is gone',
      'unknown',
      tunnel,
      machine(running),
      endpoint('vpc-1', 'delete-complete'),
    ],
    [
      'in another network than the endpoint',
      'unknown',
      tunnel,
      machine(running),
      endpoint('vpc-2', 'create-complete'),
    ],
  ])('%s: %s', (_, level, who, ...others) => {
    expect(levelOf([...listings, boss, who, ...others])).toBe(level);
  });
});

test.each<readonly [string, string, ...EstateResource[]]>([
  ['is known to be gone', 'P2', listing('oidc-provider')],
  ['is known to be there', 'none', resource('oidc-provider', PROVIDER, {})],
  ['is there or not, as nobody told', 'unknown'],
])('a role that trusts a provider which %s: %s', (_, level, ...told) => {
  const boss = role('boss', {}, [allow('*')], {
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: PROVIDER },
    }),
  });
  const makes = user('u', [allow('iam:CreateOpenIDConnectProvider')]);
  const providers = told as readonly EstateResource[];
  const found = new AwsPrivileges([listing('iam-role'), boss, makes, ...providers], SEEN).byArn();
  expect(found.get(iam('user', 'u'))).toMatchObject({
    level,
    missing:
      level === 'unknown'
        ? ['the identity providers of the account: aws iam list-open-id-connect-providers']
        : [],
  });
});

const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const told = (arn: string, ...estate: readonly EstateResource[]) =>
  new AwsPrivileges([listing('iam-role'), ...estate], SEEN).byArn().get(arn);

test('a role that its account may assume is raised by whoever may attach to it', () => {
  const worker = role('worker', ROOT, []);
  const raises = (...actions: readonly string[]): string | undefined =>
    levelOf([listing('iam-role'), worker, user('u', [allow(actions)])]);
  expect(raises('iam:AttachRolePolicy', 'sts:AssumeRole')).toBe('P2');
  expect(raises('iam:AttachRolePolicy')).not.toBe('P2');
});

test('a role of which nobody told whom it trusts may trust the provider that is rewritten', () => {
  const boss = role('boss', {}, [allow('*')], { AssumeRolePolicyDocument: null });
  const rewrites = user('u', [allow('iam:UpdateSAMLProvider'), deny('sts:AssumeRole')]);
  const neither = user('v', [deny('sts:AssumeRole')]);
  const levels = ['u', 'v'].map((name) => told(iam('user', name), boss, rewrites, neither)?.level);
  expect(levels).toEqual(['unknown', 'none']);
});

test('a group assumes no role, its members do', () => {
  const estate = [
    role('boss', ROOT, [allow('*')]),
    group('g', [allow('sts:AssumeRole')]),
    user('u', [], { GroupList: ['g'] }),
  ];
  expect([iam('group', 'g'), iam('user', 'u')].map((arn) => told(arn, ...estate)?.level)).toEqual([
    'none',
    'P1',
  ]);
});

test('a condition of one of several actions that nobody knows is named', () => {
  const unknown = { Condition: { StringEquals: { 'x:y': 'z' } } };
  const u = user('u', [
    allow(['iam:PassRole', 'lambda:InvokeFunction']),
    allow('lambda:CreateFunction', unknown),
  ]);
  expect(told(iam('user', 'u'), role('boss', LAMBDA, [allow('*')]), u)).toMatchObject({
    level: 'unknown',
    missing: ['the conditions under which it may lambda:CreateFunction'],
  });
});

test('a provider that a trust policy denies leads nowhere', () => {
  const trusting = (Effect: string): EstateResource =>
    role('boss', {}, [allow('*')], {
      AssumeRolePolicyDocument: document({
        Effect,
        Action: 'sts:AssumeRoleWithSAML',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/corp` },
      }),
    });
  const levels = ['Allow', 'Deny'].map((effect) =>
    levelOf([listing('iam-role'), user('u', [allow('iam:UpdateSAMLProvider')]), trusting(effect)]),
  );
  expect(levels).toEqual(['P2', 'none']);
});

const TAGGED = { Condition: { StringEquals: { 'aws:ResourceTag/keys': 'open' } } };

test.each([
  [['iam:TagUser'], 'iam:CreateAccessKey', 'P2'],
  [[], 'iam:CreateAccessKey', 'none'],
  [['iam:TagUser', 'iam:DeleteAccessKey'], 'iam:CreateAccessKey', 'P2'],
])('whoever may do %j chooses the tags under which %s works: %s', (more, action, level) => {
  const estate = [
    user('boss', [allow('*')], { AccessKeyCount: more.length > 1 ? 2 : 1, Tags: [] }),
    user('u', [allow(action, TAGGED), ...(more.length > 0 ? [allow(more)] : [])], { Tags: [] }),
  ];
  expect(levelOf(estate)).toBe(level);
});

test('whoever may tag only what has the tag already chooses none', () => {
  const boss = user('boss', [allow('*')], { AccessKeyCount: 1, Tags: [] });
  const u = user('u', [allow(['iam:CreateAccessKey', 'iam:TagUser'], TAGGED)], { Tags: [] });
  expect(levelOf([boss, u])).toBe('none');
});

function levelOf(estate: readonly EstateResource[]): string | undefined {
  return new AwsPrivileges(estate, SEEN).byArn().get(iam('user', 'u'))?.level;
}
