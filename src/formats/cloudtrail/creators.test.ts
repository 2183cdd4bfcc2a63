import { expect, test } from 'vitest';
import { mapCall } from './map-call.ts';

const AT = '2026-11-01T08:00:00Z';
const USER = { type: 'IAMUser', userName: 'maria', arn: 'arn:aws:iam::111111111111:user/maria' };

/** What one call tells; the account and region of all of them are the same. */
function told(event: object): readonly unknown[] {
  const item = mapCall(
    {
      eventTime: AT,
      awsRegion: 'eu-west-1',
      recipientAccountId: '111111111111',
      sourceIPAddress: '198.51.100.7',
      userIdentity: USER,
      ...event,
    },
    'event 1',
  );
  return item.kind === 'record' ? item.observations : [item];
}

const made = (event: object) =>
  told(event).map((each) => {
    const { kind, name, call, at, resource } = each as {
      kind: string;
      name: string;
      call: string;
      at: number;
      resource: { id: string };
    };
    return [kind, resource.id, name, call, new Date(at).toISOString()];
  });

const bucket = {
  eventSource: 's3.amazonaws.com',
  eventName: 'CreateBucket',
  requestParameters: { bucketName: 'shop-exports' },
};
const EC2 = 'arn:aws:ec2:eu-west-1:111111111111:';

test.each<[string, string, object, readonly string[]]>([
  [
    'ec2',
    'RunInstances',
    { responseElements: { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } } },
    [`${EC2}instance/i-1`, `${EC2}instance/i-2`],
  ],
  ['ec2', 'CreateSecurityGroup', { responseElements: { groupId: 'sg-1' } }, [`${EC2}security-group/sg-1`]],
  ['ec2', 'CreateVpc', { responseElements: { vpc: { vpcId: 'vpc-1' } } }, [`${EC2}vpc/vpc-1`]],
  ['s3', 'CreateBucket', { requestParameters: { bucketName: 'shop' } }, ['arn:aws:s3:::shop']],
  [
    'rds',
    'CreateDBInstance',
    { responseElements: { dBInstanceArn: 'arn:aws:rds:eu-west-1:111111111111:db:shop' } },
    ['arn:aws:rds:eu-west-1:111111111111:db:shop'],
  ],
  [
    'rds',
    'CreateDBCluster',
    { responseElements: { dBClusterArn: 'arn:aws:rds:eu-west-1:111111111111:cluster:shop' } },
    ['arn:aws:rds:eu-west-1:111111111111:cluster:shop'],
  ],
  [
    'lambda',
    'CreateFunction20150331',
    { responseElements: { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:resize' } },
    ['arn:aws:lambda:eu-west-1:111111111111:function:resize'],
  ],
  [
    'iam',
    'CreateRole',
    { responseElements: { role: { arn: 'arn:aws:iam::111111111111:role/app' } } },
    ['arn:aws:iam::111111111111:role/app'],
  ],
  [
    'iam',
    'CreateUser',
    { responseElements: { user: { arn: 'arn:aws:iam::111111111111:user/tim' } } },
    ['arn:aws:iam::111111111111:user/tim'],
  ],
  [
    'dynamodb',
    'CreateTable',
    {
      responseElements: {
        tableDescription: { tableArn: 'arn:aws:dynamodb:eu-west-1:111111111111:table/carts' },
      },
    },
    ['arn:aws:dynamodb:eu-west-1:111111111111:table/carts'],
  ],
  [
    'sns',
    'CreateTopic',
    { responseElements: { topicArn: 'arn:aws:sns:eu-west-1:111111111111:orders' } },
    ['arn:aws:sns:eu-west-1:111111111111:orders'],
  ],
  [
    'sqs',
    'CreateQueue',
    { requestParameters: { queueName: 'orders' } },
    ['arn:aws:sqs:eu-west-1:111111111111:orders'],
  ],
  [
    'ecs',
    'CreateCluster',
    { responseElements: { cluster: { clusterArn: 'arn:aws:ecs:eu-west-1:111111111111:cluster/shop' } } },
    ['arn:aws:ecs:eu-west-1:111111111111:cluster/shop'],
  ],
  [
    'ecs',
    'CreateService',
    { responseElements: { service: { serviceArn: 'arn:aws:ecs:eu-west-1:111111111111:service/shop/cart' } } },
    ['arn:aws:ecs:eu-west-1:111111111111:service/shop/cart'],
  ],
  [
    'eks',
    'CreateCluster',
    { responseElements: { cluster: { arn: 'arn:aws:eks:eu-west-1:111111111111:cluster/shop' } } },
    ['arn:aws:eks:eu-west-1:111111111111:cluster/shop'],
  ],
  [
    'elasticloadbalancing',
    'CreateLoadBalancer',
    {
      responseElements: {
        loadBalancers: [
          { loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/1' },
        ],
      },
    },
    ['arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/1'],
  ],
  [
    'ecr',
    'CreateRepository',
    {
      responseElements: {
        repository: { repositoryArn: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop' },
      },
    },
    ['arn:aws:ecr:eu-west-1:111111111111:repository/shop'],
  ],
  [
    'kms',
    'CreateKey',
    { responseElements: { keyMetadata: { arn: 'arn:aws:kms:eu-west-1:111111111111:key/1' } } },
    ['arn:aws:kms:eu-west-1:111111111111:key/1'],
  ],
])('%s %s tells who made it', (service, eventName, event, ids) => {
  const call = eventName.replace('20150331', '');
  expect(made({ eventSource: `${service}.amazonaws.com`, eventName, ...event })).toEqual(
    ids.map((id) => ['creator', id, 'maria', call, new Date(AT).toISOString()]),
  );
});

test.each<[string, object, string]>([
  ['a user', USER, 'maria'],
  [
    'a session of single sign-on',
    { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_1f/lena.k' },
    'lena.k',
  ],
  [
    'a session that is called like a mail address',
    { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/dev/tim@example.com' },
    'tim@example.com',
  ],
])('%s is somebody', (_, userIdentity, name) => {
  expect(made({ ...bucket, userIdentity })[0]?.[2]).toBe(name);
});

test.each<[string, object]>([
  [
    'a program’s session of a role',
    { userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/dev/importer' } },
  ],
  ['a machine’s user', { userIdentity: { ...USER, userName: 'terraform' } }],
  [
    'a machine’s session',
    {
      userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/ci/ci@example.com' },
    },
  ],
  ['the root user', { userIdentity: { type: 'Root', arn: 'arn:aws:iam::111111111111:root' } }],
  [
    'a service on behalf of somebody',
    { userIdentity: { ...USER, invokedBy: 'cloudformation.amazonaws.com' } },
  ],
  ['a call that was refused', { errorCode: 'AccessDenied' }],
  ['a call that makes nothing', { eventName: 'PutBucketTagging' }],
  ['a call of another service of the same name', { eventSource: 'workspaces.amazonaws.com' }],
  [
    'an answer that was left out',
    { eventSource: 'sns.amazonaws.com', eventName: 'CreateTopic', responseElements: null },
  ],
  [
    'an answer without an ARN',
    { eventSource: 'sns.amazonaws.com', eventName: 'CreateTopic', responseElements: { topicArn: 'orders' } },
  ],
])('%s tells nobody', (_, event) => {
  expect(made({ ...bucket, ...event })).toEqual([]);
});

test('who attacks owns nothing of what the attack makes', () => {
  const policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' } }] };
  const event = {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateRole',
    requestParameters: { roleName: 'app', assumeRolePolicyDocument: JSON.stringify(policy) },
    responseElements: { role: { arn: 'arn:aws:iam::111111111111:role/app' } },
  };
  expect(told(event).map((each) => (each as { kind: string }).kind)).toEqual(['signal']);
});
