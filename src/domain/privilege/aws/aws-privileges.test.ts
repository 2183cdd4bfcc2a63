import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { type AwsPrivilege, AwsPrivileges } from './aws-privileges.ts';

const NOW = Date.UTC(2026, 9, 1);

function awsPrivileges(resources: readonly EstateResource[]): ReadonlyMap<string, AwsPrivilege> {
  return new AwsPrivileges(resources, NOW).byArn();
}

const IAM = 'arn:aws:iam::111111111111';

function resource(type: string, key: string, name: string, facts: JsonObject): EstateResource {
  return {
    key: `aws:${key}`,
    type,
    name,
    account: '111111111111',
    region: null,
    tags: {},
    facts,
    seenAt: NOW,
    provenance: 'aws-cli',
  };
}

function inline(...statements: readonly JsonObject[]): JsonObject {
  return { PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: [...statements] } };
}

function allow(action: string | readonly string[], more: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Action: [...[action].flat()], Resource: '*', ...more };
}

function deny(action: string | readonly string[], more: JsonObject = {}): JsonObject {
  return { ...allow(action, more), Effect: 'Deny' };
}

function user(name: string, statements: readonly JsonObject[], more: JsonObject = {}): EstateResource {
  return resource('iam-user', `${IAM}:user/${name}`, name, {
    Arn: `${IAM}:user/${name}`,
    UserName: name,
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: [inline(...statements)],
    ...more,
  });
}

function role(
  name: string,
  trust: JsonObject,
  statements: readonly JsonObject[],
  more: JsonObject = {},
): EstateResource {
  return resource('iam-role', `${IAM}:role/${name}`, name, {
    Arn: `${IAM}:role/${name}`,
    RoleName: name,
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: trust }],
    },
    AttachedManagedPolicies: [],
    RolePolicyList: [inline(...statements)],
    ...more,
  });
}

function policy(name: string, ...statements: readonly JsonObject[]): EstateResource {
  return resource('iam-policy', `${IAM}:policy/${name}`, name, {
    Arn: `${IAM}:policy/${name}`,
    Document: { Version: '2012-10-17', Statement: [...statements] },
  });
}

const ROLES_LISTED = resource('inventory-listing', 'list of iam-role', 'list', { Of: 'iam-role' });
const LAMBDA: JsonObject = { Service: 'lambda.amazonaws.com' };
const RUNS = ['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'];
const ADMIN = role('admin', LAMBDA, [allow('*')]);

function levelOf(who: EstateResource, ...others: readonly EstateResource[]): string {
  const privilege = awsPrivileges([ROLES_LISTED, who, ...others]).get(who.facts['Arn'] as string);
  expect(privilege?.missing.length === 0).toBe(privilege?.level !== 'unknown');
  return privilege?.level ?? 'absent';
}

const boundary = { PermissionsBoundary: { PermissionsBoundaryArn: `${IAM}:policy/boundary` } };
const attached = (name: string): JsonObject => ({
  AttachedManagedPolicies: [{ PolicyName: name, PolicyArn: `${IAM}:policy/${name}` }],
});

describe('a user', () => {
  it.each<[string, string, EstateResource, readonly EstateResource[]]>([
    ['with everything', 'P0', user('u', [allow('*')]), []],
    [
      'with the managed policy, whose document is not in the dump',
      'P0',
      user('u', [], {
        AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
      }),
      [],
    ],
    [
      'with everything in two statements',
      'P0',
      user('u', [allow('iam:*'), { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
      [],
    ],
    [
      'with everything after a second factor',
      'P0',
      user('u', [allow('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })]),
      [],
    ],
    [
      'with everything, and a Deny without a second factor',
      'P0',
      user('u', [
        allow('*'),
        deny('*', { Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      ]),
      [],
    ],
    [
      'with everything but iam',
      'P3',
      user('u', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
      [],
    ],
    ['with everything, and a Deny of it', 'none', user('u', [allow('*'), deny('*')]), []],
    [
      'with everything, and a Deny under a condition that we cannot judge',
      'unknown',
      user('u', [allow('*'), deny('*', { Condition: { StringEquals: { 'aws:SourceIdentity': 'y' } } })]),
      [],
    ],
    [
      'with everything, and a Deny for those with a tag that it has not',
      'P0',
      user('u', [allow('*'), deny('*', { Condition: { StringEquals: { 'aws:PrincipalTag/x': 'y' } } })]),
      [],
    ],
    [
      'with everything in a boundary that allows nothing',
      'none',
      user('u', [allow('*')], boundary),
      [policy('boundary', { Effect: 'Allow', NotAction: '*', Resource: '*' })],
    ],
    [
      'with everything in a boundary with only a Deny',
      'none',
      user('u', [allow('*')], boundary),
      [policy('boundary', deny('s3:*'))],
    ],
    [
      'with everything in a boundary that was not described',
      'unknown',
      user('u', [allow('*')], boundary),
      [],
    ],
    ['with a policy that was not described', 'unknown', user('u', [], attached('lost')), []],
    [
      'of which only the name was listed',
      'unknown',
      user('u', [], { UserPolicyList: null, AttachedManagedPolicies: null, GroupList: null }),
      [],
    ],
    ['with nothing', 'none', user('u', []), []],
    [
      'that reads one bucket',
      'none',
      user('u', [allow('s3:GetObject', { Resource: 'arn:aws:s3:::one/*' })]),
      [],
    ],
    ['that reads all buckets', 'P3', user('u', [allow('s3:Get*')]), []],
    ['that may change itself', 'P1', user('u', [allow('iam:PutUserPolicy')]), []],
    [
      'that may change itself by its own name',
      'P1',
      user('u', [allow('iam:AttachUserPolicy', { Resource: `${IAM}:user/u` })]),
      [],
    ],
    ...(
      [
        ['P1', 'AdministratorAccess'],
        ['none', 'ReadOnlyAccess'],
      ] as const
    ).map(([level, name]): [string, string, EstateResource, readonly EstateResource[]] => [
      `that may attach ${name} to itself alone`,
      level,
      user('u', [
        allow('iam:AttachUserPolicy', {
          Resource: `${IAM}:user/u`,
          Condition: { ArnEquals: { 'iam:PolicyARN': `arn:aws:iam::aws:policy/${name}` } },
        }),
      ]),
      [],
    ]),
    [
      'that may attach everything but AdministratorAccess to itself',
      'P1',
      user('u', [
        allow('iam:AttachUserPolicy', {
          Resource: `${IAM}:user/u`,
          Condition: { ArnNotEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' } },
        }),
      ]),
      [],
    ],
    [
      'that may attach everything but those two to itself',
      'none',
      user('u', [
        allow('iam:AttachUserPolicy', {
          Resource: `${IAM}:user/u`,
          Condition: {
            ArnNotLike: {
              'iam:PolicyARN': ['arn:aws:iam::aws:policy/Administrator*', 'arn:aws:iam::aws:policy/IAMFull*'],
            },
          },
        }),
      ]),
      [],
    ],
    ...(
      [
        ['everything but AdministratorAccess', 'P2', 'ArnNotEquals', 'AdministratorAccess'],
        ['ReadOnlyAccess alone', 'none', 'ArnEquals', 'ReadOnlyAccess'],
      ] as const
    ).flatMap(([what, level, operator, name]) =>
      (['user/u', 'root'] as const).map(
        (trusted): [string, string, EstateResource, readonly EstateResource[]] => [
          `that may attach ${what} to a role that trusts ${trusted}`,
          level,
          user('u', [
            allow('iam:AttachRolePolicy', {
              Condition: { [operator]: { 'iam:PolicyARN': `arn:aws:iam::aws:policy/${name}` } },
            }),
            ...(trusted === 'root' ? [allow('sts:AssumeRole')] : []),
          ]),
          [role('first', { AWS: `${IAM}:${trusted}` }, [])],
        ],
      ),
    ),
    [
      'that may change another, whom it does not control',
      'unknown',
      user('u', [allow('iam:AttachUserPolicy', { Resource: `${IAM}:user/other` })]),
      [user('other', [])],
    ],
    [
      'that may change itself within a boundary',
      'none',
      user('u', [allow('iam:PutUserPolicy', { Resource: `${IAM}:user/u` })], boundary),
      [policy('boundary', allow(['iam:*', 's3:ListBucket']))],
    ],
    [
      'that may rewrite its own policy',
      'P1',
      user('u', [allow('iam:CreatePolicyVersion')], attached('own')),
      [policy('own')],
    ],
    [
      'that may rewrite policies of AWS, which nobody can',
      'none',
      user('u', [allow('iam:CreatePolicyVersion', { Resource: 'arn:aws:iam::aws:policy/*' })], {
        AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnly' }],
      }),
      [
        resource('iam-policy', 'arn:aws:iam::aws:policy/AmazonS3ReadOnly', 'x', {
          Arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnly',
          Document: { Statement: [] },
        }),
      ],
    ],
    [
      'in a group of administrators',
      'P0',
      user('u', [], { GroupList: ['admins'] }),
      [
        resource('iam-group', `${IAM}:group/admins`, 'admins', {
          Arn: `${IAM}:group/admins`,
          GroupName: 'admins',
          AttachedManagedPolicies: [],
          GroupPolicyList: [inline(allow('*'))],
        }),
      ],
    ],
    ['in a group that was not described', 'unknown', user('u', [], { GroupList: ['admins'] }), []],
    [
      'that may join a group of administrators',
      'P1',
      user('u', [allow('iam:AddUserToGroup')]),
      [
        resource('iam-group', `${IAM}:group/admins`, 'admins', {
          Arn: `${IAM}:group/admins`,
          GroupName: 'admins',
          AttachedManagedPolicies: [],
          GroupPolicyList: [inline(allow('*'))],
        }),
      ],
    ],
    [
      'that makes keys of an administrator',
      'P2',
      user('u', [allow('iam:CreateAccessKey')]),
      [user('root-like', [allow('*')])],
    ],
    [
      'that makes keys of nobody special',
      'none',
      user('u', [allow('iam:CreateAccessKey')]),
      [user('other', [])],
    ],
    [
      'that makes keys of somebody whom it may raise',
      'P2',
      user('u', [allow(['iam:CreateAccessKey', 'iam:PutUserPolicy'], { Resource: `${IAM}:user/other` })]),
      [user('other', [])],
    ],
    [
      'that may assume an administrator by account',
      'P1',
      user('u', [allow('sts:AssumeRole')]),
      [role('boss', { AWS: `${IAM}:root` }, [allow('*')])],
    ],
    [
      'whom an account trusts, without a policy for it',
      'none',
      user('u', []),
      [role('boss', { AWS: `${IAM}:root` }, [allow('*')])],
    ],
    [
      'whom an administrator trusts by name',
      'P1',
      user('u', []),
      [role('boss', { AWS: `${IAM}:user/u` }, [allow('*')])],
    ],
    [
      'whom an administrator trusts by name, and a Deny',
      'none',
      user('u', [deny('sts:AssumeRole')]),
      [role('boss', { AWS: `${IAM}:user/u` }, [allow('*')])],
    ],
    [
      'in a chain of two roles',
      'P2',
      user('u', []),
      [
        role('first', { AWS: `${IAM}:user/u` }, []),
        role('second', { AWS: `${IAM}:role/first` }, [allow('*')]),
      ],
    ],
    [
      'that reaches a role of which nothing is known',
      'unknown',
      user('u', []),
      [role('first', { AWS: `${IAM}:user/u` }, [], attached('lost'))],
    ],
    ['that makes an administrator trust it', 'P1', user('u', [allow('iam:UpdateAssumeRolePolicy')]), [ADMIN]],
    [
      'that passes a role to the service that it trusts',
      'P2',
      user('u', [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]),
      [ADMIN],
    ],
    [
      'that passes a role without an action to run it',
      'P4',
      user('u', [allow(['iam:PassRole', 'lambda:CreateFunction'])]),
      [ADMIN],
    ],
    [
      'that passes a role to a service that it does not trust',
      'P4',
      user('u', [allow(['iam:PassRole', 'glue:CreateDevEndpoint'])]),
      [ADMIN],
    ],
    ...(
      [
        ['denies that service', 'Deny', 'sts:AssumeRole'],
        ['lets that service tag sessions alone', 'Allow', 'sts:TagSession'],
      ] as const
    ).map(([what, Effect, Action]): [string, string, EstateResource, readonly EstateResource[]] => [
      `that passes a role to a service, whose trust policy ${what}`,
      'P4',
      user('u', [allow(RUNS)]),
      [
        role('admin', LAMBDA, [allow('*')], {
          AssumeRolePolicyDocument: { Statement: [{ Effect, Action, Principal: LAMBDA }] },
        }),
      ],
    ]),
    [
      'that may pass roles to another service only',
      'P4',
      user('u', [
        allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
        allow('iam:PassRole', {
          Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
        }),
      ]),
      [ADMIN],
    ],
    [
      'that may pass roles to this service',
      'P2',
      user('u', [
        allow(['lambda:CreateFunction', 'lambda:InvokeFunction']),
        allow('iam:PassRole', {
          Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
        }),
      ]),
      [ADMIN],
    ],
    [
      'that launches instances with a role that has no profile',
      'P4',
      user('u', [allow(['iam:PassRole', 'ec2:RunInstances'])]),
      [role('box', { Service: 'ec2.amazonaws.com' }, [allow('*')])],
    ],
    [
      'that launches instances with a role that has one',
      'P2',
      user('u', [allow(['iam:PassRole', 'ec2:RunInstances'])]),
      [
        role('box', { Service: 'ec2.amazonaws.com' }, [allow('*')], {
          InstanceProfileList: [{ Arn: `${IAM}:instance-profile/box` }],
        }),
      ],
    ],
    [
      'that rewrites a function of an administrator',
      'P2',
      user('u', [allow('lambda:UpdateFunctionCode')]),
      [
        ADMIN,
        resource('lambda-function', 'arn:aws:lambda:eu-west-1:111111111111:function:f', 'f', {
          FunctionName: 'f',
          Role: `${IAM}:role/admin`,
        }),
      ],
    ],
    [
      'that rewrites functions of nobody special',
      'none',
      user('u', [allow('lambda:UpdateFunctionCode')]),
      [
        ADMIN,
        role('small', LAMBDA, []),
        resource('lambda-function', 'arn:aws:lambda:eu-west-1:111111111111:function:f', 'f', {
          FunctionName: 'f',
          Role: `${IAM}:role/small`,
        }),
      ],
    ],
    [
      'that rewrites functions that nobody listed',
      'unknown',
      user('u', [allow('lambda:UpdateFunctionCode')]),
      [ADMIN],
    ],
    [
      'that commands instances, of which roles nobody knows',
      'unknown',
      user('u', [allow('ssm:SendCommand')]),
      [],
    ],
    [
      'with a service-linked administrator about',
      'none',
      user('u', [allow('iam:UpdateAssumeRolePolicy')]),
      [role('linked', LAMBDA, [allow('*')], { Path: '/aws-service-role/x/' })],
    ],
    [
      'with a condition on a date that is past',
      'none',
      user('u', [allow('*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } })]),
      [],
    ],
    [
      'with a condition on a date to come',
      'P0',
      user('u', [allow('*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } })]),
      [],
    ],
  ])('%s: %s', (_, level, who, others) => {
    expect(levelOf(who, ...others)).toBe(level);
  });

  it('says why, with the strongest reason first', () => {
    const privileges = awsPrivileges([
      ROLES_LISTED,
      user('u', [allow(['s3:GetObject', 'iam:UpdateAssumeRolePolicy'])]),
      ADMIN,
    ]);
    expect(privileges.get(`${IAM}:user/u`)).toEqual({
      level: 'P1',
      reasons: ['may make admin trust it with iam:UpdateAssumeRolePolicy', 'may read every object in S3'],
      missing: [],
    });
  });

  it('is not cleared while the roles of the account were not all described', () => {
    const who = user('u', [allow(['iam:PassRole', 'lambda:CreateFunction', 'lambda:InvokeFunction'])]);
    expect(awsPrivileges([who]).get(`${IAM}:user/u`)?.level).toBe('unknown');
    expect(awsPrivileges([who, ROLES_LISTED]).get(`${IAM}:user/u`)?.level).toBe('P4');
  });

  it('ends in a circle of roles that assume each other', () => {
    const one = role('one', { AWS: `${IAM}:role/two` }, []);
    const two = role('two', { AWS: `${IAM}:role/one` }, []);
    expect(levelOf(one, two)).toBe('none');
    expect(levelOf(one, two, role('three', { AWS: `${IAM}:role/two` }, [allow('*')]))).toBe('P2');
  });
});

describe('data and deployments', () => {
  const bucket = (name: string, tags: Readonly<Record<string, string>>): EstateResource => ({
    ...resource('s3-bucket', `arn:aws:s3:::${name}`, name, { Name: name }),
    tags,
  });
  const functionOf = (name: string, tags: Readonly<Record<string, string>> = {}): EstateResource => ({
    ...resource('lambda-function', `arn:aws:lambda:eu-west-1:111111111111:function:${name}`, name, {
      FunctionName: name,
      Role: `${IAM}:role/small`,
    }),
    tags,
  });
  const reads = (name: string): EstateResource =>
    user('u', [allow('s3:GetObject', { Resource: `arn:aws:s3:::${name}/*` })]);
  const deploys = (name: string): EstateResource =>
    user('u', [
      allow('lambda:UpdateFunctionCode', { Resource: `arn:aws:lambda:*:111111111111:function:${name}` }),
    ]);
  const small = role('small', LAMBDA, []);
  const privilegeOf = (...resources: readonly EstateResource[]): readonly unknown[] => {
    const { level, reasons } = awsPrivileges([ROLES_LISTED, ...resources]).get(
      `${IAM}:user/u`,
    ) as AwsPrivilege;
    return [level, reasons];
  };
  const one = bucket('one', { 'data-classification': 'restricted' });

  it.each<[string, readonly EstateResource[], readonly unknown[]]>([
    [
      'reading one bucket that is tagged as sensitive',
      [reads('one'), one, bucket('two', {})],
      ['P3', ['may read one, which is tagged as sensitive']],
    ],
    ['reading the other', [reads('two'), one, bucket('two', {})], ['none', []]],
    [
      'reading one of which only the name speaks',
      [reads('customers'), bucket('customers', {})],
      ['none', []],
    ],
    [
      'giving away snapshots of one database',
      [
        user('u', [
          allow(['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'], {
            Resource: ['arn:aws:rds:eu-west-1:111111111111:db:shop', 'arn:aws:rds:*:*:snapshot:*'],
          }),
        ]),
      ],
      ['P3', ['may copy or take over a database']],
    ],
    [
      'exporting one table',
      [
        user('u', [
          allow(['dynamodb:ExportTableToPointInTime', 's3:PutObject'], {
            Resource: ['arn:aws:dynamodb:eu-west-1:111111111111:table/shop', 'arn:aws:s3:::*'],
          }),
        ]),
      ],
      ['P3', ['may export a DynamoDB table']],
    ],
    [
      'deploying into production by tag',
      [deploys('api'), small, functionOf('api', { env: 'prod' })],
      ['P4', ['may deploy into production: api']],
    ],
    [
      'deploying into production by name',
      [deploys('*'), small, functionOf('api-dev'), functionOf('api-prod')],
      ['P4', ['may deploy into production: api-prod']],
    ],
    ['deploying elsewhere', [deploys('api'), small, functionOf('api', { env: 'dev' })], ['none', []]],
  ])('%s', (_, resources, privilege) => {
    expect(privilegeOf(...resources)).toEqual(privilege);
  });
});
