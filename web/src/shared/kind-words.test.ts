import { expect, test } from 'vitest';
import { kindWords } from './kind-words.ts';

test.each([
  ['AwsCognitoIdentityPool', 'Cognito identity pool'],
  ['AwsEc2Instance', 'EC2 instance'],
  ['AwsRoute53HostedZone', 'Route 53 hosted zone'],
  ['AwsRdsDbInstance', 'RDS DB instance'],
  ['AwsIamSAMLProvider', 'IAM SAML provider'],
  ['AwsAccount', 'Account'],
  ['ec2-instance', 'EC2 instance'],
  ['s3-bucket', 'S3 bucket'],
  ['azure-vm', 'Azure virtual machine'],
  ['gcp-run-service', 'Google Cloud run service'],
  ['outside-machine', 'Machine in no inventory'],
  ['image', 'Image'],
  ['constructor', 'Constructor'],
  ['Deployment', 'Deployment'],
  ['VMInstance', 'VMInstance'],
  ['Awsome', 'Awsome'],
  ['microsoft.compute/disks', 'microsoft.compute/disks'],
  ['', ''],
])('the kind %s is shown as %s', (kind, words) => {
  expect(kindWords(kind)).toBe(words);
});
