import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { keyOf, resourcesIn, verdicts } from './terraform.test-sample.ts';

const SAMPLES = join(import.meta.dirname, 'samples');
const sample = (name: string) => readFileSync(join(SAMPLES, name), 'utf8');

test('a state joins what Terraform keeps apart, so that the rules about AWS can judge it', async () => {
  expect(verdicts(await resourcesIn(sample('state-own.json')))).toMatchObject({
    'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcdef0': ['yes', 'yes'],
    'aws:arn:aws:iam::111111111111:role/web': [expect.any(String), 'yes'],
    'aws:arn:aws:s3:::shop-assets': ['unknown', 'no'],
    'aws:arn:aws:lambda:eu-west-1:111111111111:function:pay': ['yes', 'yes'],
    'aws:arn:aws:rds:eu-west-1:111111111111:db:orders': ['no', expect.any(String)],
  });
});

test('nothing that is marked as sensitive and no secret of a resource is kept', async () => {
  const resources = await resourcesIn(sample('state-own.json'));
  const kept = JSON.stringify(resources);
  expect(kept).not.toMatch(/hunter2|do not keep/);
  expect(resources.find((each) => each.type === 'rds-instance')?.tags).toEqual({ team: 'orders' });
});

test('nothing that a plan marks as sensitive of what is there today is kept', async () => {
  const before = {
    arn: 'arn:aws:sqs:eu-west-1:111111111111:jobs',
    name: 'jobs',
    tags_all: { team: 'orders', key: 'hunter2' },
    policy: 'hunter2',
  };
  const change = { actions: ['no-op'], before, before_sensitive: { policy: true, tags_all: { key: true } } };
  const plan = {
    format_version: '1.2',
    planned_values: { root_module: {} },
    resource_changes: [{ address: 'aws_sqs_queue.jobs', mode: 'managed', type: 'aws_sqs_queue', change }],
  };
  const [queue, ...others] = await resourcesIn(JSON.stringify(plan));
  expect(others).toEqual([]);
  expect(queue?.tags).toEqual({ team: 'orders' });
  expect(JSON.stringify(queue)).not.toContain('hunter2');
});

test('a plan tells what is there today, and of what will be made only that it has a name', async () => {
  const resources = await resourcesIn(sample('plan-own.json'));
  expect(
    resources.map((each) => [keyOf(each), each.facts['IpPermissions'] ?? Object.keys(each.facts).length]),
  ).toEqual([
    ['aws:arn:aws:s3:::shop-new', 0],
    ['terraform:prod/network#aws_instance.new', 0],
    ['terraform:prod/network#aws_iam_role.new', 0],
    ['aws:arn:aws:sqs:eu-west-1:111111111111:new', 0],
    ['aws:arn:aws:ec2:eu-west-1:111111111111:security-group/sg-0bb', []],
    ['aws:arn:aws:sqs:eu-west-1:111111111111:kept', 3],
    ['aws:arn:aws:sqs:eu-west-1:111111111111:old', 3],
  ]);
  expect(resources.every((each) => each.isSecondHand === true)).toBe(true);
});

test('a state knows by what address its plan names a resource, and where it is described', async () => {
  const resources = await resourcesIn(sample('state-own.json'));
  const vpc = resources.find((each) => each.type === 'vpc');
  expect(vpc?.aliases).toContainEqual({
    text: 'terraform:prod/network#module.network.aws_vpc.main',
    confidence: 1,
  });
  expect(vpc?.describedIn).toBe('envs/prod/network/module.network');
});

test('a state tells where the objects and the log of a bucket go', async () => {
  const resource = (type: string, values: object) => ({
    address: `${type}.x`,
    mode: 'managed',
    type,
    values,
  });
  const rule = (status: string, bucket: string) => ({ status, destination: [{ bucket }] });
  const state = {
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          resource('aws_s3_bucket_replication_configuration', {
            bucket: 'shop',
            rule: [rule('Enabled', 'arn:aws:s3:::copy'), rule('Disabled', 'arn:aws:s3:::old')],
          }),
          resource('aws_s3_bucket_logging', { bucket: 'shop', target_bucket: 'logs' }),
        ],
      },
    },
  };
  const parts = await resourcesIn(JSON.stringify(state));
  expect(parts.map(({ facts }) => [facts['Of'], facts['Facts']])).toEqual([
    ['shop', { ReplicatesTo: ['arn:aws:s3:::copy'] }],
    ['shop', { LogsTo: 'logs' }],
  ]);
});

test('of users and groups, and of a role that does not tell its lists, a state has a part of the policies', async () => {
  const everything = { managed_policy_arns: [], inline_policy: [] };
  const attached = { policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' };
  const resources = [
    ['aws_iam_user', { name: 'ada' }],
    ['aws_iam_user_policy_attachment', { user: 'ada', ...attached }],
    ['aws_iam_user_group_membership', { user: 'ada', groups: ['staff'] }],
    ['aws_iam_group', { name: 'staff' }],
    ['aws_iam_group_policy_attachment', { group: 'staff', ...attached }],
    ['aws_iam_role', { name: 'told', ...everything }],
    ['aws_iam_role', { name: 'attached' }],
    ['aws_iam_role_policy_attachment', { role: 'attached', ...attached }],
  ].map(([type, values], index) => ({ address: `${type}.r${index}`, mode: 'managed', type, values }));
  const found = await resourcesIn(
    JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } }),
  );
  expect(
    found.map(({ name, facts }) => [name, facts['ArePart'], facts['AttachedManagedPolicies'] ?? null]),
  ).toEqual([
    ['ada', true, [{ PolicyArn: attached.policy_arn }]],
    ['staff', true, [{ PolicyArn: attached.policy_arn }]],
    ['told', undefined, []],
    ['attached', true, [{ PolicyArn: attached.policy_arn }]],
  ]);
});

describe('what a state knows of the policy of a function', () => {
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:pay';
  const state = (...permissions: readonly object[]) =>
    JSON.stringify({
      format_version: '1.0',
      values: {
        root_module: {
          resources: [
            ['aws_lambda_function', { function_name: 'pay', arn: FUNCTION }] as const,
            ...permissions.map(
              (values) => ['aws_lambda_permission', { function_name: 'pay', ...values }] as const,
            ),
          ].map(([type, values], index) => ({ address: `${type}.r${index}`, mode: 'managed', type, values })),
        },
      },
    });
  const invoke = (principal: string) => ({ action: 'lambda:InvokeFunction', principal });

  test.each([
    ['one for everybody', 'yes', [invoke('111111111111'), invoke('*')]],
    ['one for its own account: others may have added more', 'unknown', [invoke('111111111111')]],
    ['none', 'unknown', []],
  ])('%s', async (_title, verdict, permissions) => {
    expect(verdicts(await resourcesIn(state(...permissions)))[`aws:${FUNCTION}`]?.[0]).toBe(verdict);
  });

  test.each([
    ['a service', 's3.amazonaws.com', { Service: 's3.amazonaws.com' }],
    ['an account', '222222222222', { AWS: '222222222222' }],
    [
      'a user with a dot',
      'arn:aws:iam::222222222222:user/jo.doe',
      { AWS: 'arn:aws:iam::222222222222:user/jo.doe' },
    ],
  ])('whom a permission names: %s', async (_title, principal, expected) => {
    const [found] = await resourcesIn(state(invoke(principal)));
    expect(found?.facts['Policy']).toMatchObject({ IsPart: true, Statement: [{ Principal: expected }] });
  });
});

test('an access list whose rules are not told lets nobody say that it denies', async () => {
  const acl = (values: object) =>
    JSON.stringify({
      format_version: '1.0',
      values: {
        root_module: {
          resources: [{ address: 'aws_network_acl.x', mode: 'managed', type: 'aws_network_acl', values }],
        },
      },
    });
  const rules = async (values: object) =>
    (await resourcesIn(acl({ id: 'acl-1', vpc_id: 'vpc-1', ...values })))[0]?.facts['Entries'];
  expect(await rules({})).toBeUndefined();
  expect(await rules({ ingress: [], egress: [] })).toEqual([]);
});

test('rules of a group that the state does not have say nothing', async () => {
  const state = {
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          {
            address: 'aws_security_group_rule.x',
            mode: 'managed',
            type: 'aws_security_group_rule',
            values: {
              type: 'ingress',
              security_group_id: 'sg-9',
              protocol: '-1',
              cidr_blocks: ['0.0.0.0/0'],
            },
          },
        ],
      },
    },
  };
  expect(await resourcesIn(JSON.stringify(state))).toEqual([]);
});

test('a rule of a listener keeps for which hosts, paths and clients it is', async () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/web/1/2/3';
  const condition = [
    { host_header: [{ values: ['shop.example'] }] },
    { path_pattern: [{ values: ['/api/*'] }] },
    { source_ip: [{ values: ['45.45.45.0/24'] }] },
    { http_header: [{ http_header_name: 'x', values: ['y'] }] },
  ];
  const rule = {
    address: 'aws_lb_listener_rule.x',
    mode: 'managed',
    type: 'aws_lb_listener_rule',
    values: { arn, condition, action: [{ type: 'forward' }] },
  };
  const state = {
    format_version: '1.0',
    terraform_version: '1.9.0',
    values: { root_module: { resources: [rule] } },
  };
  const [found] = await resourcesIn(JSON.stringify(state));
  expect(found?.facts['Conditions']).toEqual([
    { Field: 'host-header', HostHeaderConfig: { Values: ['shop.example'] } },
    { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } },
    { Field: 'source-ip', SourceIpConfig: { Values: ['45.45.45.0/24'] } },
  ]);
});

test('a target by address tells where it is registered, and its group where it is asked whether it is well', async () => {
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/1';
  const of = (type: string, values: JsonObject): JsonObject => ({
    address: `${type}.web`,
    mode: 'managed',
    type,
    name: 'web',
    provider_name: 'registry.terraform.io/hashicorp/aws',
    values,
  });
  const resources = await resourcesIn(
    JSON.stringify({
      format_version: '1.0',
      values: {
        root_module: {
          resources: [
            of('aws_lb_target_group', { arn, name: 'web', health_check: [{ port: 'traffic-port' }] }),
            of('aws_lb_target_group_attachment', {
              target_group_arn: arn,
              target_id: '10.20.0.5',
              port: 8080,
              availability_zone: 'all',
            }),
          ],
        },
      },
    }),
  );
  expect(resources.map(({ type, facts }) => [type, facts])).toEqual([
    ['target-health', { TargetGroup: arn, Id: '10.20.0.5', Port: 8080, AvailabilityZone: 'all' }],
    ['target-group', { TargetGroupArn: arn, TargetGroupName: 'web', HealthCheckPort: 'traffic-port' }],
  ]);
});

test('a secret has the key of AWS where no other was chosen, and none where that is not known yet', async () => {
  const secret = (name: string, values: JsonObject): JsonObject => ({
    address: `aws_secretsmanager_secret.${name}`,
    mode: 'managed',
    type: 'aws_secretsmanager_secret',
    values: { arn: `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${name}`, name, ...values },
  });
  const resources = [
    secret('a', { kms_key_id: null }),
    secret('b', { kms_key_id: '' }),
    secret('c', { kms_key_id: 'alias/pay' }),
    secret('d', {}),
  ];
  const told = await resourcesIn(
    JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } }),
  );
  expect(told.map(({ name, facts }) => [name, facts['KmsKeyId']])).toEqual([
    ['a', 'alias/aws/secretsmanager'],
    ['b', 'alias/aws/secretsmanager'],
    ['c', 'alias/pay'],
    ['d', undefined],
  ]);
});

test('a table has a key of its own, the one that AWS keeps, or one that AWS owns, and none where that is not known yet', async () => {
  const key = 'arn:aws:kms:eu-west-1:111111111111:key/k';
  const table = (name: string, values: JsonObject): JsonObject => ({
    address: `aws_dynamodb_table.${name}`,
    mode: 'managed',
    type: 'aws_dynamodb_table',
    values: { arn: `arn:aws:dynamodb:eu-west-1:111111111111:table/${name}`, name, ...values },
  });
  const resources = [
    table('a', { server_side_encryption: [{ enabled: true, kms_key_arn: key }] }),
    table('b', { server_side_encryption: [{ enabled: true, kms_key_arn: '' }] }),
    table('c', { server_side_encryption: [{ enabled: false, kms_key_arn: '' }] }),
    table('d', { server_side_encryption: [] }),
    table('e', {}),
  ];
  const told = await resourcesIn(
    JSON.stringify({ format_version: '1.0', values: { root_module: { resources } } }),
  );
  expect(told.map(({ name, facts }) => [name, facts['SSEDescription']])).toEqual([
    ['a', { SSEType: 'KMS', KMSMasterKeyArn: key }],
    ['b', { SSEType: 'KMS', KMSMasterKeyArn: 'alias/aws/dynamodb' }],
    ['c', { SSEType: 'DEFAULT' }],
    ['d', { SSEType: 'DEFAULT' }],
    ['e', undefined],
  ]);
});

const planned = (address: string, type: string, values: JsonObject, config: JsonObject = {}): string =>
  JSON.stringify({
    format_version: '1.2',
    planned_values: { root_module: { resources: [{ address, mode: 'managed', type, values }] } },
    resource_changes: [
      { address, mode: 'managed', type, change: { actions: ['create'], before: null, after: values } },
    ],
    configuration: { provider_config: config },
  });

test.each([
  'envs/prod/network.json',
  'envs/prod/network.plan.json',
  'envs/prod/network.tfplan.json',
  'envs/prod/network-plan.json',
  'envs/prod/network.tfstate.json',
  'envs/prod/network.state.json',
])('a plan and its state are of one name: %s', async (name) => {
  const [instance] = await resourcesIn(planned('aws_instance.web', 'aws_instance', { ami: 'ami-1' }), name);
  expect(instance && keyOf(instance)).toBe('terraform:prod/network#aws_instance.web');
  expect(instance?.describedIn).toBe('envs/prod/network');
});

test.each<[string, JsonObject, string]>([
  [
    'the one that every provider names',
    { aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } } },
    'aws:arn:aws:sqs:eu-west-1:111111111111:q',
  ],
  [
    'none where a variable may name another one',
    {
      aws: { name: 'aws', expressions: { region: { references: ['var.region'] } } },
      'aws.us': { name: 'aws', alias: 'us', expressions: { region: { constant_value: 'us-east-1' } } },
    },
    'terraform:prod/network#aws_sqs_queue.q',
  ],
  [
    'none of two',
    {
      aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } },
      'aws.us': { name: 'aws', alias: 'us', expressions: { region: { constant_value: 'us-east-1' } } },
    },
    'terraform:prod/network#aws_sqs_queue.q',
  ],
  [
    'not asked of other providers',
    {
      aws: { name: 'aws', expressions: { region: { constant_value: 'eu-west-1' } } },
      random: { name: 'random' },
    },
    'aws:arn:aws:sqs:eu-west-1:111111111111:q',
  ],
])('the region of what will be made is %s', async (_, config, key) => {
  const text = planned('aws_sqs_queue.q', 'aws_sqs_queue', { name: 'q', owner_id: '111111111111' }, config);
  const [queue] = await resourcesIn(text);
  expect(queue && keyOf(queue)).toBe(key);
});

test.each([
  ['module.data["eu"].aws_s3_bucket.b', 'envs/prod/network/module.data'],
  ['module.data["v1.module.dev"].aws_s3_bucket.b', 'envs/prod/network/module.data'],
  ['module.data["a\\"].module.dev[\\""].aws_s3_bucket.b', 'envs/prod/network/module.data'],
  ['module.a[0].module.b["x"].aws_s3_bucket.b["module.c"]', 'envs/prod/network/module.a/module.b'],
])('modules of %s', async (address, path) => {
  const [bucket] = await resourcesIn(planned(address, 'aws_s3_bucket', { bucket: 'b' }));
  expect(bucket?.describedIn).toBe(path);
});

test('an action of a listener keeps whom it asks, and how much each group gets', async () => {
  const weigh = (arn: string, weight: number) => ({ arn, weight });
  const values = {
    arn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/web/1/2',
    default_action: [
      { type: 'authenticate-oidc', authenticate_oidc: [{ on_unauthenticated_request: 'allow' }] },
      { type: 'authenticate-cognito', authenticate_cognito: [{ on_unauthenticated_request: 'deny' }] },
      { type: 'forward', forward: [{ target_group: [weigh('blue', 100), weigh('green', 0)] }] },
    ],
  };
  const [found] = await resourcesIn(JSON.stringify(stateWith('aws_lb_listener', values)));
  expect(found?.facts['DefaultActions']).toEqual([
    { Type: 'authenticate-oidc', AuthenticateOidcConfig: { OnUnauthenticatedRequest: 'allow' } },
    { Type: 'authenticate-cognito', AuthenticateCognitoConfig: { OnUnauthenticatedRequest: 'deny' } },
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: 'blue', Weight: 100 },
          { TargetGroupArn: 'green', Weight: 0 },
        ],
      },
    },
  ]);
});

test('a distribution keeps its groups of origins', async () => {
  const values = {
    arn: 'arn:aws:cloudfront::111111111111:distribution/E1',
    origin_group: [{ origin_id: 'both', member: [{ origin_id: 'site' }, { origin_id: 'inner' }] }],
  };
  const [found] = await resourcesIn(JSON.stringify(stateWith('aws_cloudfront_distribution', values)));
  expect(found?.facts['OriginGroups']).toEqual({
    Items: [{ Id: 'both', Members: { Items: [{ OriginId: 'site' }, { OriginId: 'inner' }] } }],
  });
});

function stateWith(type: string, values: object): object {
  const resources = [{ address: `${type}.x`, mode: 'managed', type, values }];
  return { format_version: '1.0', terraform_version: '1.9.0', values: { root_module: { resources } } };
}
