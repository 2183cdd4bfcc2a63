import { expect, test } from 'vitest';
import { observationsOf } from '../../../test/support/read-report.ts';
import { awsMacie } from './aws-macie.ts';

const BUCKET = 'arn:aws:s3:::acme-exports';
const finding = (facts: object = {}) => ({
  id: 'f1',
  accountId: '111111111111',
  category: 'CLASSIFICATION',
  type: 'SensitiveData:S3Object/Personal',
  severity: { description: 'Low' },
  resourcesAffected: { s3Bucket: { arn: BUCKET } },
  classificationDetails: {
    result: { sensitiveData: [{ category: 'PERSONAL_INFORMATION', detections: [{ type: 'NAME' }] }] },
  },
  ...facts,
});

/** Class and types of what an entry says; empty where it says nothing. */
async function told(entry: object): Promise<readonly unknown[]> {
  return (await observationsOf(awsMacie, [entry])).map((each) =>
    each.kind === 'data' && !each.isGone ? [each.clue.dataClass, ...each.clue.types] : each.kind,
  );
}

test.each<[string, object, readonly unknown[]]>([
  ['of low severity', {}, [['confidential', 'pii']]],
  ['of high severity', { severity: { description: 'High' } }, [['restricted', 'pii']]],
  ['without a result', { classificationDetails: undefined }, [['confidential', 'pii']]],
  [
    'about several kinds of data',
    {
      type: 'SensitiveData:S3Object/Multiple',
      classificationDetails: { result: { sensitiveData: [{ category: 'CREDENTIALS' }] } },
    },
    [['restricted', 'credentials']],
  ],
  [
    "by words of one's own",
    {
      type: 'SensitiveData:S3Object/CustomIdentifier',
      classificationDetails: {
        result: { customDataIdentifiers: { detections: [{ name: 'passport number' }] } },
      },
    },
    [['confidential', 'pii']],
  ],
  ['that is a sample', { sample: true }, []],
  ['about a setting', { type: 'Policy:IAMUser/S3BucketPublic', category: 'POLICY' }, []],
])('a finding %s says what its bucket holds', async (_, facts, expected) => {
  expect(await told(finding(facts))).toEqual(expected);
});

test('in an event of EventBridge it says the same', async () => {
  const event = { source: 'aws.macie', 'detail-type': 'Macie Finding', detail: finding() };
  expect(await told(event)).toEqual([['confidential', 'pii']]);
});
