import { expect, test } from 'vitest';
import { describeNamedResource } from './named-resource.ts';

const HERE = { account: '123456789012', region: 'eu-west-1' };

test.each([
  ['the bare number', '123456789012', 'AwsS3Bucket'],
  ['the account of Security Hub', 'AWS::::Account:123456789012', 'AwsAccount'],
  ['the account by its root', 'arn:aws:iam::123456789012:root', 'Other'],
  ['Macie', 'Macie', 'AwsMacieSession'],
  ['a sentence', 'No trails', 'AwsCloudTrailTrail'],
  ['the password policy', 'password_policy', 'AwsIamPasswordPolicy'],
  ['a setting of no type', 'EBS Default Encryption', 'Other'],
])('%s is a setting of account and region', (_, id, type) => {
  expect(describeNamedResource({ id, type, ...HERE })).toEqual({ kind: 'account', provider: 'aws', ...HERE });
});

test.each([
  ['an ARN', 'arn:aws:s3:::my-bucket', 'AwsS3Bucket', 'arn:aws:s3:::my-bucket', 's3-bucket'],
  [
    'the root user',
    'arn:aws:iam::123456789012:root',
    'AwsIamUser',
    'arn:aws:iam::123456789012:root',
    'iam-user',
  ],
  [
    'an instance without its word',
    'arn:aws:ec2:eu-west-1:123456789012:i-0abc',
    'AwsEc2Instance',
    'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc',
    'ec2-instance',
  ],
  ['a bare id', 'vpc-0cbc506a', 'AwsEc2Vpc', 'arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-0cbc506a', 'vpc'],
  ['a bare bucket', 'my-bucket', 'AwsS3Bucket', 'arn:aws:s3:::my-bucket', 's3-bucket'],
  ['a bare user', 'dams', 'AwsIamUser', 'arn:aws:iam::123456789012:user/dams', 'iam-user'],
  ['an access key', 'AWS::IAM::AccessKey:AKIAEXAMPLE', 'AwsIamAccessKey', 'AKIAEXAMPLE', 'AwsIamAccessKey'],
  ['a type that is not known', 'thing-1', 'AwsNewThing', 'thing-1', 'AwsNewThing'],
])('%s is an object', (_, id, type, expected, kind) => {
  expect(describeNamedResource({ id, type, ...HERE })).toMatchObject({
    kind: 'cloud',
    provider: 'aws',
    id: expected,
    type: kind,
    account: HERE.account,
  });
});

test('an ARN says more about account and region than its record', () => {
  const described = describeNamedResource({
    id: 'arn:aws:sqs:us-east-1:999999999999:q',
    type: 'AwsSqsQueue',
    ...HERE,
  });
  expect(described).toMatchObject({ account: '999999999999', region: 'us-east-1' });
});

test('an image of ECR is its repository, with digest and tags beside it', () => {
  const digest = `sha256:${'a1'.repeat(32)}`;
  const id = `arn:aws:ecr:us-east-1:644160558196:repository/team/jenkins/${digest}`;
  const repository = '644160558196.dkr.ecr.us-east-1.amazonaws.com/team/jenkins';
  expect(
    describeNamedResource({ id, type: 'AwsEcrContainerImage', ...HERE, imageTags: ['v2', 'v1'] }),
  ).toEqual({
    kind: 'image',
    reference: `${repository}:v1@${digest}`,
    digest,
    tags: [`${repository}:v1`, `${repository}:v2`],
    inRegistry: true,
  });
  expect(
    describeNamedResource({ id: id.replace('arn:aws:', 'arn:aws-cn:'), type: undefined, ...HERE }),
  ).toMatchObject({
    reference: `${repository}.cn/team/jenkins@${digest}`.replace('/team/jenkins.cn', '.cn'),
  });
});

test('without an account nothing is invented', () => {
  expect(
    describeNamedResource({ id: 'Macie', type: 'AwsMacieSession', account: undefined, region: undefined }),
  ).toMatchObject({ kind: 'cloud', id: 'Macie' });
  expect(
    describeNamedResource({ id: 'vpc-1', type: 'AwsEc2Vpc', account: undefined, region: 'eu-west-1' }),
  ).toMatchObject({ kind: 'cloud', id: 'vpc-1' });
});
