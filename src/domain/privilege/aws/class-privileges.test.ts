import { expect, test } from 'vitest';
import { AwsPrivileges } from './aws-privileges.ts';
import { allow, deny, iam, listing, resource, SEEN, user } from './iam-principal.test-sample.ts';

const LISTED = [listing('iam-role'), ...['rds-instance', 'lambda-function'].map((type) => listing(type))];

function reasons(...statements: Parameters<typeof user>[1]): readonly string[] {
  const judged = new AwsPrivileges([...LISTED, user('u', statements)], SEEN).byArn().get(iam('user', 'u'));
  return [judged?.level ?? 'absent', ...(judged?.reasons ?? [])];
}

/** What is allowed on everything, and the level that it makes (attack-paths §3.3). */
const LINES: readonly (readonly [actions: string, level: string, reason: string])[] = [
  ['s3:GetObject', 'P3', 'may read every object in S3'],
  ['secretsmanager:GetSecretValue', 'P3', 'may read every secret'],
  ['ssm:GetParameter', 'P3', 'may read every parameter'],
  ['ssm:GetParameters', 'P3', 'may read every parameter'],
  ['ssm:GetParametersByPath', 'P3', 'may read every parameter'],
  ['dynamodb:Scan', 'P3', 'may read every DynamoDB table'],
  ['dynamodb:Query', 'P3', 'may read every DynamoDB table'],
  ['kms:Decrypt', 'P3', 'may decrypt with every key'],
  ['s3:PutBucketPolicy', 'P3', 'may open every bucket to itself'],
  ['kms:PutKeyPolicy', 'P3', 'may give itself every key'],
  ['kms:CreateGrant', 'P3', 'may give itself every key'],
  ['secretsmanager:PutResourcePolicy', 'P3', 'may open every secret to itself'],
  ['ecr:SetRepositoryPolicy', 'P3', 'may open every image repository to itself'],
  ['sqs:SetQueueAttributes', 'P3', 'may open every queue to itself'],
  ['sqs:AddPermission', 'P3', 'may open every queue to itself'],
  ['sns:SetTopicAttributes', 'P3', 'may open every topic to itself'],
  ['sns:AddPermission', 'P3', 'may open every topic to itself'],
  ['rds:CreateDBSnapshot rds:ModifyDBSnapshotAttribute', 'P3', 'may copy or take over every database'],
  ['rds:ModifyDBInstance', 'P3', 'may copy or take over every database'],
  ['ec2:CreateSnapshot ec2:ModifySnapshotAttribute', 'P3', 'may copy every volume out of the account'],
  ['ebs:ListSnapshotBlocks ebs:GetSnapshotBlock', 'P3', 'may copy every volume out of the account'],
  ['dynamodb:ExportTableToPointInTime', 'P3', 'may export every DynamoDB table'],
  [
    'eks:CreateAccessEntry eks:AssociateAccessPolicy',
    'P4',
    'may make itself administrator of every EKS cluster',
  ],
  [
    'eks:UpdateClusterConfig eks:CreateAccessEntry',
    'P4',
    'may make itself administrator of every EKS cluster',
  ],
  ['iam:PassRole', 'P4', 'may pass every role to services'],
  ['iam:CreateUser', 'P4', 'may make users'],
  ['iam:CreateRole', 'P4', 'may make roles'],
  ['iam:DeleteRole iam:DeleteUser', 'P4', 'may delete roles and users'],
  [
    'organizations:AttachPolicy organizations:UpdatePolicy',
    'P4',
    'may change the policies of the organisation',
  ],
  ['codedeploy:CreateDeployment', 'P4', 'may deploy every application'],
  ['codepipeline:UpdatePipeline', 'P4', 'may change what every pipeline deploys'],
  ['kms:ScheduleKeyDeletion', 'P4', 'may destroy every key'],
  ['cloudtrail:StopLogging', 'P4', 'may stop the audit trail'],
  ['cloudtrail:DeleteTrail', 'P4', 'may stop the audit trail'],
  ['config:StopConfigurationRecorder', 'P4', 'may stop the recording of changes'],
  ['guardduty:DeleteDetector', 'P4', 'may switch off threat detection'],
  [
    'ec2:AuthorizeSecurityGroupIngress ec2:CreateRoute ec2:AttachInternetGateway',
    'P4',
    'may change the network',
  ],
];

test.each(LINES)('%s makes %s: %s', (written, level, reason) => {
  const actions = written.split(' ');
  expect(reasons(allow(actions))).toEqual([level, reason]);
  for (const action of actions) {
    expect(reasons(allow(actions.filter((each) => each !== action)))[0]).not.toBe('P3');
    expect(reasons(allow(actions), deny(action))).not.toContain(reason);
  }
});

const IF_UNKNOWN = { Condition: { StringEquals: { 'x:y': 'z' } } };
const WITH_MFA = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };

test('the strongest reasons come first, in one order, and the more certain of two ways to one counts', () => {
  expect(reasons(allow(['kms:Decrypt', 'secretsmanager:GetSecretValue', 's3:GetObject']))).toEqual([
    'P3',
    'may read every object in S3',
    'may read every secret',
    'may decrypt with every key',
  ]);
  const read = 'may read every parameter';
  expect(reasons(allow('ssm:GetParameter'), allow('ssm:GetParametersByPath', IF_UNKNOWN))).toEqual([
    'P3',
    read,
  ]);
  expect(reasons(allow('ssm:GetParametersByPath'), allow('ssm:GetParameter', IF_UNKNOWN))).toEqual([
    'P3',
    read,
  ]);
});

test('single stores are told of only where not all of a kind are read for certain', () => {
  const secret = resource(
    'secret',
    'arn:aws:secretsmanager:eu-west-1:111111111111:secret:s',
    {},
    { tags: { 'data-classification': 'restricted' } },
  );
  const judged = (...statements: Parameters<typeof user>[1]): readonly string[] =>
    new AwsPrivileges(
      [
        ...LISTED,
        secret,
        user('u', [allow('secretsmanager:GetSecretValue', { Resource: '*:secret:s' }), ...statements]),
      ],
      SEEN,
    )
      .byArn()
      .get(iam('user', 'u'))?.reasons ?? [];
  const every = 'may read every object in S3';
  const one = 'may read s, which is tagged as sensitive';
  expect(judged(allow('s3:GetObject'))).toEqual([every]);
  expect(judged(allow('s3:GetObject', WITH_MFA))).toEqual([every, one]);
  expect(judged(allow('kms:ScheduleKeyDeletion'))).toEqual([one, 'may destroy every key']);
  expect(judged()).toEqual([one]);
});

test('what may be read under a condition that nobody knows is unknown by that condition', () => {
  const tags = { 'data-classification': 'restricted' };
  const table = resource('dynamodb-table', 'arn:aws:dynamodb:eu-west-1:111111111111:table/t', {}, { tags });
  const reads = user('u', [allow('dynamodb:Scan', { Resource: '*:table/t', ...IF_UNKNOWN })]);
  expect(new AwsPrivileges([...LISTED, table, reads], SEEN).byArn().get(iam('user', 'u'))).toEqual({
    level: 'unknown',
    reasons: [],
    missing: ['the conditions under which it may read t, which is tagged as sensitive'],
  });
});

test('two of three stores are more than half, and two of two are no sign of a wide right', () => {
  const judged = (action: string, read: number, count: number): readonly string[] => {
    const arn = (place: number): string => `arn:aws:dynamodb:eu-west-1:111111111111:table/t${place}`;
    const tables = Array.from({ length: count }, (_, place) => resource('dynamodb-table', arn(place), {}));
    const reads = user('u', [
      allow(action, { Resource: Array.from({ length: read }, (_, place) => arn(place)) }),
    ]);
    const found = new AwsPrivileges([...LISTED, ...tables, reads], SEEN).byArn().get(iam('user', 'u'));
    return [found?.level ?? 'absent', ...(found?.reasons ?? [])];
  };
  const most = ['P3', 'may read more than half of the DynamoDB tables'];
  for (const action of ['dynamodb:Scan', 'dynamodb:Query'])
    for (const [read, count, expected] of [
      [2, 3, most],
      [2, 2, ['none']],
      [2, 4, ['none']],
      [3, 4, most],
    ] as const)
      expect([action, read, count, judged(action, read, count)]).toEqual([action, read, count, expected]);
});

test('one database or table that may be copied is enough, one that may be read is not', () => {
  const database = {
    Resource: ['arn:aws:rds:eu-west-1:111111111111:db:orders', 'arn:aws:rds:*:*:snapshot:x'],
  };
  const snapshots = ['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute'];
  expect(reasons(allow(snapshots, database))).toEqual(['P3', 'may copy or take over a database']);
  const table = { Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders' };
  expect(reasons(allow('dynamodb:ExportTableToPointInTime', table))).toEqual([
    'P3',
    'may export a DynamoDB table',
  ]);
  expect(reasons(allow('dynamodb:Scan', table))).toEqual(['none']);
});

test('what counts as an administrator lacks none of sixteen actions, on everything', () => {
  const NEEDED = [
    'iam:AttachRolePolicy',
    'iam:PutRolePolicy',
    'iam:PutUserPolicy',
    'iam:CreatePolicyVersion',
    'iam:CreateAccessKey',
    'iam:UpdateAssumeRolePolicy',
    'iam:PassRole',
    'sts:AssumeRole',
    's3:GetObject',
    's3:PutBucketPolicy',
    'kms:Decrypt',
    'kms:PutKeyPolicy',
    'ec2:RunInstances',
    'lambda:UpdateFunctionCode',
    'secretsmanager:GetSecretValue',
    'rds:ModifyDBInstance',
  ];
  expect(reasons(allow(NEEDED))[0]).toBe('P0');
  for (const action of NEEDED) {
    expect([action, reasons(allow('*'), deny(action))[0]]).not.toEqual([action, 'P0']);
    const some = { Resource: 'arn:aws:*:*:*:*some*' };
    const others = NEEDED.filter((each) => each !== action);
    expect([action, reasons(allow(others), allow(action, some))[0]]).not.toEqual([action, 'P0']);
  }
});

test('deploying is a privilege where what runs is in production, and not elsewhere', () => {
  const TYPES = [
    ['lambda-function', 'lambda', 'function:', 'lambda:UpdateFunctionCode'],
    ['cloudformation-stack', 'cloudformation', 'stack/', 'cloudformation:UpdateStack'],
    ['codebuild-project', 'codebuild', 'project/', 'codebuild:StartBuild'],
    ['app-runner-service', 'apprunner', 'service/', 'apprunner:UpdateService'],
    ['state-machine', 'states', 'stateMachine:', 'states:UpdateStateMachine'],
  ] as const;
  for (const [type, service, path, action] of TYPES) {
    const level = (name: string, on: string): readonly string[] => {
      const arn = (each: string): string => `arn:aws:${service}:eu-west-1:111111111111:${path}${each}`;
      const resources = [
        ...LISTED,
        resource(type, arn(name), {}),
        user('u', [allow(action, { Resource: arn(on) })]),
      ];
      return new AwsPrivileges(resources, SEEN).byArn().get(iam('user', 'u'))?.reasons ?? [];
    };
    const into = 'may deploy into production: shop-prod';
    expect([action, level('shop-prod', 'shop-prod')]).toEqual([action, [into]]);
    expect(level('shop-prod', 'other')).toEqual([]);
    expect(level('shop-nonprod', 'shop-nonprod')).toEqual([]);
  }
});
