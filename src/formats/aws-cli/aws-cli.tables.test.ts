import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { describeHead } from '../reading/describe-head.ts';
import { awsCli } from './aws-cli.ts';

it('a table tells its key where it is described', async () => {
  const TableArn = 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders';
  const KMSMasterKeyArn = 'arn:aws:kms:eu-west-1:111111111111:key/k';
  const described = { TableName: 'orders', TableArn, TableStatus: 'ACTIVE', ItemCount: 7 };
  const encrypted = { ...described, SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn } };
  const factsOf = async (Table: JsonObject) =>
    (await observationsOf(awsCli, { Table })).flatMap((each) =>
      each.kind === 'resource' ? [[each.type, each.resource, each.facts]] : [],
    );
  const resource = expect.objectContaining({ id: TableArn });
  expect(await factsOf(described)).toEqual([['dynamodb-table', resource, { TableStatus: 'ACTIVE' }]]);
  expect(await factsOf(encrypted)).toEqual([
    [
      'dynamodb-table',
      resource,
      { TableStatus: 'ACTIVE', SSEDescription: { SSEType: 'KMS', KMSMasterKeyArn } },
    ],
  ]);
  const other = JSON.stringify({ Table: { Name: 'orders', DatabaseName: 'shop' } });
  expect(awsCli.claims(describeHead('any', Buffer.from(other)))).toBe(false);
});
