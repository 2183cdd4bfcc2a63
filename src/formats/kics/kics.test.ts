import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { kics } from './kics.ts';

async function read(file: JsonObject, query: JsonObject = {}): Promise<FindingObservation> {
  const files = [{ file_name: 'a.tf', line: 3, ...file }];
  const report = { files_scanned: 1, queries_total: 1, queries: [{ files, query_id: 'q', ...query }] };
  const [first] = await observationsOf(kics, report);
  return first as FindingObservation;
}

test.each<[JsonObject, string]>([
  [{ resource_type: 'aws_s3_bucket', resource_name: 'logs', search_key: 'x' }, 'aws_s3_bucket.logs'],
  [
    { resource_type: 'n/a', resource_name: 'n/a', search_key: 'aws_s3_bucket[logs].acl' },
    'aws_s3_bucket.logs',
  ],
  [{ search_key: 'resource.aws_s3_bucket[logs]' }, 'aws_s3_bucket.logs'],
  [{ search_key: 'metadata.name={{web}}.spec.rules[1]' }, 'web'],
  [{ search_key: 'module.proxy.password' }, 'module.proxy.password'],
])('%j is at %s', async (file, address) => {
  expect((await read(file)).place).toMatchObject({ is: 'address', address });
});

test('passwords in files are secrets, and the key that found them is no place', async () => {
  const finding = await read({ search_key: 'k' }, { query_name: 'Passwords And Secrets - Generic' });
  expect(finding).toMatchObject({ type: 'secret', place: { is: 'secret', path: 'a.tf' } });
});
