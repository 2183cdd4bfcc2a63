import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapEvent } from './map-event.ts';

const ACCOUNT = '111111111111';

function told(type: string, uid: string, metadata: JsonObject, status = 'PASS') {
  const mapped = mapEvent({
    class_uid: 2004,
    category_uid: 2,
    time_dt: '2026-10-01T12:00:00Z',
    status_code: status,
    metadata: { event_code: 'x_check', product: { name: 'Prowler' } },
    cloud: { provider: 'aws', account: { uid: ACCOUNT } },
    finding_info: { title: 'A check', uid: 'x' },
    resources: [{ uid, type, name: 'x', region: 'eu-west-1', data: { details: '', metadata } }],
  });
  return 'observations' in mapped ? mapped.observations.filter((each) => each.kind === 'resource') : [];
}

const GROUP = `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/sg-0aa`;

describe('what Prowler knew of a resource is inventory, second hand', () => {
  test.each(['PASS', 'FAIL', 'MANUAL'])('of a check that says %s', (status) => {
    const rules = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    expect(
      told(
        'AwsEc2SecurityGroup',
        GROUP,
        { id: 'sg-0aa', vpc_id: 'vpc-1', ingress_rules: rules, user_data: 'hunter2' },
        status,
      ),
    ).toMatchObject([
      {
        type: 'security-group',
        account: ACCOUNT,
        isSecondHand: true,
        capturedAt: Date.UTC(2026, 9, 1, 12),
        facts: { GroupId: 'sg-0aa', VpcId: 'vpc-1', IpPermissions: rules },
      },
    ]);
  });

  test.each([
    [
      'an answer of AWS',
      'AwsRdsDbInstance',
      `arn:aws:rds:eu-west-1:${ACCOUNT}:db:orders`,
      { PubliclyAccessible: true, MasterUserPassword: 'x' },
      { DBInstanceIdentifier: 'orders', PubliclyAccessible: true },
    ],
    [
      'a bucket',
      'AwsS3Bucket',
      'arn:aws:s3:::logs',
      {
        public_access_block: {
          block_public_acls: true,
          ignore_public_acls: true,
          block_public_policy: false,
          restrict_public_buckets: false,
        },
      },
      {
        Name: 'logs',
        PublicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: false,
          RestrictPublicBuckets: false,
        },
      },
    ],
    [
      'a role of which all is told',
      'AwsIamRole',
      `arn:aws:iam::${ACCOUNT}:role/web`,
      { inline_policies: [], attached_policies: [{ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
      {
        RolePolicyList: [],
        AttachedManagedPolicies: [{ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      },
    ],
  ])('%s', (_title, type, uid, metadata, facts) => {
    const [resource] = told(type, uid, metadata as JsonObject);
    expect(resource?.facts).toMatchObject(facts);
    expect(JSON.stringify(resource)).not.toContain('Password');
  });

  test.each([
    ['names alone', 'AwsEc2SecurityGroup', GROUP, { id: 'sg-0aa', name: 'web' }],
    [
      'a role with inline policies that are told by name',
      'AwsIamRole',
      `arn:aws:iam::${ACCOUNT}:role/web`,
      { inline_policies: ['a'], attached_policies: [] },
    ],
    [
      'a role of which Prowler could read no list',
      'AwsIamRole',
      `arn:aws:iam::${ACCOUNT}:role/web`,
      { inline_policies: [], attached_policies: [] },
    ],
    [
      'an instance of another model',
      'AwsEc2Instance',
      `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-1`,
      { public_ip: null },
    ],
    ['a policy that Prowler left empty', 'AwsSqsQueue', `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`, { policy: {} }],
    ['an id that is a placeholder', 'AwsEc2SecurityGroup', '<resource_uid>', { vpc_id: 'vpc-1' }],
    ['a type that is not read', 'Other', GROUP, { vpc_id: 'vpc-1' }],
  ])('%s: nothing', (_title, type, uid, metadata) => {
    expect(told(type, uid, metadata as JsonObject)).toEqual([]);
  });
});
