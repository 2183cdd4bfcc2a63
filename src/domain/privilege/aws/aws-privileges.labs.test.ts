import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import {
  ACCOUNT,
  allow,
  attached,
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

/**
 * Scenarios of public labs (attack-paths §8), rebuilt from what they are about: who starts, what it may do, and the
 * level and way that it has. Names and policies are our own.
 */
const OTHER = '222222222222';
const LISTS = ['iam-role', 'iam-user', 'iam-group', 'iam-policy'].flatMap((type) => [
  listing(type),
  listing(type, OTHER),
]);

function trusts(service: string): JsonObject {
  return { Service: `${service}.amazonaws.com` };
}

function arn(service: string, rest: string): string {
  return `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
}

const passing = allow('iam:PassRole', { Resource: iam('role', 'target') });
const target = (service: string): EstateResource => role('target', trusts(service), [allow('*')]);
const INSTANCE = resource('ec2-instance', arn('ec2', 'instance/i-1'), {
  InstanceId: 'i-1',
  State: { Name: 'running' },
  IamInstanceProfile: { Arn: iam('instance-profile', 'target') },
});
const PROFILE: JsonObject = {
  InstanceProfileList: [{ InstanceProfileName: 'target', Arn: iam('instance-profile', 'target') }],
};
const MACHINE_ROLE = role('target', trusts('ec2'), [allow('*')], PROFILE);
const MANAGED = resource('ssm-managed-instance', arn('ssm', 'managed-instance/i-1'), {
  InstanceId: 'i-1',
  PingStatus: 'Online',
});
const raynor = policy('cg-raynor', [allow(['iam:Get*', 'iam:List*', 'iam:SetDefaultPolicyVersion'])], {
  OtherVersions: [document(allow('*'))],
});

test.each<readonly [string, string, string, ...EstateResource[]]>([
  [
    'cloudgoat iam_privesc_by_rollback',
    'P1',
    'may bring back an older version of its own policy cg-raynor with iam:SetDefaultPolicyVersion',
    user('p', [], attached('cg-raynor')),
    raynor,
  ],
  [
    'cloudgoat iam_privesc_by_attachment',
    'P2',
    'may run code as target with iam:PassRole and ',
    user('p', [
      allow(['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile']),
      allow(['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile', 'ec2:Describe*', 'ec2:CreateKeyPair']),
    ]),
    MACHINE_ROLE,
  ],
  [
    'cloudgoat iam_privesc_by_key_rotation',
    'P2',
    'may take over admin with iam:TagUser and iam:CreateAccessKey',
    user('p', [
      allow(['iam:TagUser', 'iam:UntagUser']),
      allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], {
        Condition: { StringEquals: { 'aws:ResourceTag/developer': 'true' } },
      }),
    ]),
    user('admin', [allow('*')]),
  ],
  [
    'cloudgoat lambda_privesc',
    'P2',
    'may assume lambda-manager, one step from an administrator',
    user('p', [allow('sts:AssumeRole', { Resource: iam('role', 'lambda-manager') })]),
    role('lambda-manager', { AWS: iam('user', 'p') }, [allow(['lambda:*', 'iam:PassRole'])]),
    role('debug', trusts('lambda'), [allow('*')]),
  ],
  [
    'cloudgoat federated_console_takeover',
    'P2',
    'may run code as target through i-1 with ssm:StartSession',
    user('p', [allow(['ssm:StartSession', 'ec2:DescribeInstances'])]),
    MACHINE_ROLE,
    INSTANCE,
    MANAGED,
  ],
  [
    'cloudgoat vulnerable_lambda, from the function',
    'P1',
    'may ',
    user('p', [allow('iam:AttachUserPolicy', { Resource: iam('user', 'p') })]),
  ],
  [
    'labs ec2-001: a new machine with a role that is passed',
    'P2',
    'may run code as target with iam:PassRole and ec2:RunInstances',
    user('p', [passing, allow('ec2:RunInstances')]),
    MACHINE_ROLE,
  ],
  [
    'labs ec2-002: a machine is stopped and changed',
    'P2',
    'may run code as target through i-1 with ec2:ModifyInstanceAttribute, ec2:StopInstances, ec2:StartInstances',
    user('p', [allow(['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'])]),
    MACHINE_ROLE,
    INSTANCE,
  ],
  [
    'labs glue-004: a job with a trigger',
    'P2',
    'may run code as target with iam:PassRole and glue:CreateJob, glue:CreateTrigger',
    user('p', [passing, allow(['glue:CreateJob', 'glue:CreateTrigger'])]),
    target('glue'),
  ],
  [
    'labs glue-002: a development endpoint that exists',
    'P2',
    'may run code as target through d with glue:UpdateDevEndpoint',
    user('p', [allow('glue:UpdateDevEndpoint')]),
    target('glue'),
    resource('glue-dev-endpoint', arn('glue', 'devEndpoint/d'), {
      EndpointName: 'd',
      RoleArn: iam('role', 'target'),
    }),
  ],
  [
    'labs codebuild-002: a project that exists',
    'P2',
    'may run code as target through build with codebuild:StartBuild',
    user('p', [allow('codebuild:StartBuild')]),
    target('codebuild'),
    resource('codebuild-project', arn('codebuild', 'project/build'), {
      name: 'build',
      serviceRole: iam('role', 'target'),
    }),
  ],
  [
    'labs codebuild-004: a new project',
    'P2',
    'may run code as target with iam:PassRole and codebuild:CreateProject, codebuild:StartBuildBatch',
    user('p', [passing, allow(['codebuild:CreateProject', 'codebuild:StartBuildBatch'])]),
    target('codebuild'),
  ],
  [
    'labs lambda-004 then iam-002: a function whose role makes keys of an administrator',
    'P2',
    'one step from an administrator',
    user('p', [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])]),
    role('target', trusts('lambda'), [allow('iam:CreateAccessKey', { Resource: iam('user', 'admin') })]),
    user('admin', [allow('*')]),
    resource('lambda-function', arn('lambda', 'function:f'), {
      FunctionName: 'f',
      Role: iam('role', 'target'),
    }),
  ],
  [
    'labs iam-011: a group that it is in',
    'P1',
    'may give itself any right with iam:PutGroupPolicy on team',
    user('p', [allow('iam:PutGroupPolicy', { Resource: iam('group', 'team') })], { GroupList: ['team'] }),
    group('team', []),
  ],
  [
    'labs iam-012: any role made to trust it',
    'P1',
    'may make target trust it with iam:UpdateAssumeRolePolicy',
    user('p', [allow('iam:UpdateAssumeRolePolicy')]),
    target('ec2'),
  ],
  [
    'labs sts-001: a role that trusts the account',
    'P1',
    'may assume target',
    user('p', [allow('sts:AssumeRole')]),
    role('target', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, [allow('*')]),
  ],
  [
    'labs root-trust-role-assumption, from one account into another',
    'P1',
    `may assume target of account ${OTHER}`,
    user('p', [allow('sts:AssumeRole', { Resource: iam('role', 'target', OTHER) })]),
    role('target', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, [allow('*')], {}, OTHER),
  ],
])('%s is %s: %s', (_, level, way, ...resources) => {
  const found = new AwsPrivileges([...LISTS, ...(resources as EstateResource[])], SEEN)
    .byArn()
    .get(iam('user', 'p'));
  expect(found?.level).toBe(level);
  expect(found?.reasons[0]).toContain(way);
});

// Each without what it hangs on.
test.each<readonly [string, string, ...EstateResource[]]>([
  [
    'rollback where no older version gives more',
    // It might be somebody else's policy that it brings back.
    'unknown',
    user('p', [], attached('cg-raynor')),
    policy('cg-raynor', [allow('iam:SetDefaultPolicyVersion')], {
      OtherVersions: [document(allow('s3:ListAllMyBuckets'))],
    }),
  ],
  [
    'a role that is passed and trusts another service',
    'none',
    user('p', [passing, allow(['glue:CreateJob', 'glue:CreateTrigger'])]),
    target('lambda'),
  ],
  ['a session on a machine without a role', 'none', user('p', [allow('ssm:StartSession')]), MANAGED],
  [
    'a role of another account that trusts a third',
    'none',
    user('p', [allow('sts:AssumeRole')]),
    role('target', { AWS: 'arn:aws:iam::333333333333:root' }, [allow('*')], {}, OTHER),
  ],
  [
    'key rotation where the tags are not its own to set',
    'none',
    user('p', [
      allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], {
        Condition: { StringEquals: { 'aws:ResourceTag/developer': 'true' } },
      }),
    ]),
    user('admin', [allow('*')]),
  ],
])('%s leads nowhere: %s', (_, level, ...resources) => {
  const machine = resource('ec2-instance', arn('ec2', 'instance/i-1'), { InstanceId: 'i-1' });
  const found = new AwsPrivileges([...LISTS, machine, ...(resources as EstateResource[])], SEEN)
    .byArn()
    .get(iam('user', 'p'));
  expect(found).toMatchObject({ level, reasons: [] });
});
