import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mergeSources } from '../src/app/merge-sources.ts';
import { showResources } from '../src/app/show-resources.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { macieReport } from './support/macie-report.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const ARN = 'arn:aws:s3:::acme-exports';

async function data(arn = ARN) {
  const [view] = await showResources(inbox.ctx, { ids: [arn] });
  return presentResource(arn, view ?? null).data;
}

const macie = (facts: object = {}) => macieReport(ARN, facts);

/** The same as Security Hub has it. */
function asff(facts: object = {}) {
  return {
    Findings: [
      {
        SchemaVersion: '2018-10-08',
        Id: 'arn:aws:macie2:eu-west-1:111111111111:finding/f1',
        ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/macie',
        ProductName: 'Macie',
        GeneratorId: 'aws/macie',
        AwsAccountId: '111111111111',
        Types: ['Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal'],
        CreatedAt: '2026-09-20T10:00:00Z',
        UpdatedAt: '2026-09-20T10:00:00Z',
        Severity: { Label: 'MEDIUM' },
        Title: 'The S3 object contains personal information.',
        Description: 'x',
        RecordState: 'ACTIVE',
        Workflow: { Status: 'NEW' },
        Resources: [
          { Type: 'AwsS3Bucket', Id: ARN, Region: 'eu-west-1' },
          {
            Type: 'AwsS3Object',
            Id: `${ARN}/2026/customers.csv`,
            Region: 'eu-west-1',
            DataClassification: {
              Result: {
                SensitiveData: [
                  {
                    Category: 'PERSONAL_INFORMATION',
                    Detections: [{ Type: 'NAME', Count: 7 }],
                    TotalCount: 7,
                  },
                ],
              },
            },
          },
        ],
        ...facts,
      },
    ],
  };
}

function ocsf(facts: object = {}) {
  return [
    {
      class_uid: 2001,
      category_uid: 2,
      activity_id: 1,
      metadata: {
        version: '1.0.0',
        product: {
          name: 'Macie',
          uid: 'arn:aws:securityhub:eu-west-1::product/aws/macie',
          vendor_name: 'AWS',
        },
      },
      cloud: { provider: 'AWS', account_uid: '111111111111', region: 'eu-west-1' },
      finding: {
        uid: 'arn:aws:macie2:eu-west-1:111111111111:finding/f1',
        title: 'x',
        types: ['Sensitive Data Identifications/PII/SensitiveData:S3Object-Personal'],
      },
      severity: 'Medium',
      severity_id: 3,
      time: 1_789_898_400_000,
      resources: [{ type: 'AwsS3Bucket', uid: ARN }],
      ...facts,
    },
  ];
}

const NAMED = ['Macie found PERSONAL_INFORMATION, NAME (7 times) (confidence 0.95)'];

test.each<[string, (facts?: object) => unknown, object, readonly string[]]>([
  ['of its own', macie, { archived: true }, NAMED],
  ['in Security Hub', asff, { RecordState: 'ARCHIVED' }, NAMED],
  ['in OCSF', ocsf, { status: 'Archived' }, ['Macie found Personal (confidence 0.95)']],
])(
  'a finding of Macie %s says what its bucket holds, until it is archived',
  async (_, report, archived, reasons) => {
    await inbox.importReport(report(), {}, 'macie.json');
    expect(await data()).toEqual({ class: 'confidential', types: ['pii'], reasons });
    await inbox.importReport(report(archived), {}, 'macie.json');
    expect(await data()).toEqual({ class: null, types: [], reasons: [] });
  },
);

test('the surest clue decides, and all are told', async () => {
  const tags = { TagSet: [{ Key: 'data-classification', Value: 'public' }] };
  await inbox.importReport(
    { Buckets: [{ Name: 'customer-dump' }] },
    { account: '111111111111' },
    's3api-list-buckets.json',
  );
  await inbox.importReport(tags, { account: '111111111111' }, 's3api-get-bucket-tagging-customer-dump.json');
  const arn = 'arn:aws:s3:::customer-dump';
  expect((await data(arn)).class).toBe('public');
  await inbox.importReport(
    { buckets: [{ bucketArn: arn, bucketName: 'customer-dump', sensitivityScore: 90 }] },
    {},
    'b.json',
  );
  expect(await data(arn)).toEqual({
    class: 'confidential',
    types: ['pii'],
    reasons: [
      'Macie scores it 90 of 100 in sensitivity (confidence 0.8)',
      'tag data-classification (confidence 0.6)',
      'the word "customer" in its name (confidence 0.3)',
      'the word "dump" in its name (confidence 0.3)',
    ],
  });
  await inbox.importReport(
    { buckets: [{ bucketArn: arn, bucketName: 'customer-dump', sensitivityScore: 20 }] },
    {},
    'b.json',
  );
  expect((await data(arn)).class).toBe('public');
});

test('names of columns say it weakly of the bucket in which their table lies, until no name tells', async () => {
  const table = (column: string) => ({
    TableList: [
      {
        Name: 'people',
        DatabaseName: 'crm',
        StorageDescriptor: {
          Columns: [{ Name: column, Type: 'string' }],
          Location: `s3://acme-exports/crm/`,
        },
      },
    ],
  });
  await inbox.importReport(table('email'), {}, 'glue-get-tables.json');
  expect(await data()).toEqual({
    class: 'confidential',
    types: ['pii'],
    reasons: ['the names of columns of the table crm.people: "email" (confidence 0.3)'],
  });
  await inbox.importReport(table('color'), {}, 'glue-get-tables.json');
  expect(await data()).toEqual({ class: null, types: [], reasons: [] });
});

test('profiles of Google Cloud say it of buckets and data sets', async () => {
  const path = new URL('../src/formats/gcp-dlp/samples/profiles-own.json', import.meta.url);
  await inbox.importReport(JSON.parse(await readFile(path, 'utf8')), {}, 'profiles.json');
  expect(await data('//bigquery.googleapis.com/projects/acme/datasets/crm')).toMatchObject({
    class: 'restricted',
    types: ['phi', 'pii'],
  });
});

test('of a merged source it stands', async () => {
  await inbox.importReport(macie(), { source: 'one' }, 'macie.json');
  await inbox.importReport(macie({ id: 'f2' }), { source: 'two' }, 'macie.json');
  await mergeSources(inbox.ctx, { id: 'one', into: 'two' });
  expect((await data()).reasons).toHaveLength(2);
});
