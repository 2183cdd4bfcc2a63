import { expect, test } from 'vitest';
import { observationsOf } from '../../../test/support/read-report.ts';
import { asff } from './asff.ts';

const BUCKET = 'arn:aws:s3:::acme-exports';
const TYPES = ['Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal'];
const finding = (facts: object = {}) => ({
  SchemaVersion: '2018-10-08',
  Id: 'arn:aws:macie2:eu-west-1:111111111111:finding/f1',
  ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/macie',
  ProductName: 'Macie',
  GeneratorId: 'aws/macie',
  AwsAccountId: '111111111111',
  Types: TYPES,
  CreatedAt: '2026-09-20T10:00:00Z',
  UpdatedAt: '2026-09-20T10:00:00Z',
  Severity: { Label: 'LOW' },
  Title: 'The S3 object contains personal information.',
  Description: 'x',
  RecordState: 'ACTIVE',
  Workflow: { Status: 'NEW' },
  Resources: [
    { Type: 'AwsS3Bucket', Id: BUCKET, Region: 'eu-west-1' },
    { Type: 'AwsS3Object', Id: `${BUCKET}/2026/customers.csv`, Region: 'eu-west-1' },
  ],
  ...facts,
});

/** What a finding says of stores: the store, the class, or that it is no longer so. */
async function told(facts: object): Promise<readonly unknown[]> {
  return (await observationsOf(asff, { Findings: [finding(facts)] })).flatMap((each) =>
    each.kind === 'data'
      ? [[each.resource.kind === 'cloud' ? each.resource.id : '', each.isGone ? 'gone' : each.clue.dataClass]]
      : [],
  );
}

test.each<[string, object, readonly unknown[]]>([
  ['says what its bucket holds, and nothing of the object', {}, [[BUCKET, 'confidential']]],
  ['of high severity says more', { Severity: { Label: 'HIGH' } }, [[BUCKET, 'restricted']]],
  ['that is archived takes it back', { RecordState: 'ARCHIVED' }, [[BUCKET, 'gone']]],
  ['that somebody resolved takes it back', { Workflow: { Status: 'RESOLVED' } }, [[BUCKET, 'gone']]],
  ['that somebody suppressed takes it back', { Workflow: { Status: 'SUPPRESSED' } }, [[BUCKET, 'gone']]],
  ['that somebody was told of stands', { Workflow: { Status: 'NOTIFIED' } }, [[BUCKET, 'confidential']]],
  ['that is a sample says nothing', { Sample: true }, []],
  ['about something else says nothing', { Types: ['Software and Configuration Checks/AWS'] }, []],
])('a finding of Macie in Security Hub %s', async (_, facts, expected) => {
  expect(await told(facts)).toEqual(expected);
});
