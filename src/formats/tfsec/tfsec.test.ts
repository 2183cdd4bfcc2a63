import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { tfsec } from './tfsec.ts';

async function read(more: JsonObject): Promise<FindingObservation> {
  const result = { rule_id: 'aws-s3-x', location: { filename: 'a.tf', start_line: 3 }, ...more };
  const [first] = await observationsOf(tfsec, { results: [result] });
  return first as FindingObservation;
}

test.each<[JsonObject, unknown]>([
  [{ resource: 'aws_s3_bucket.a' }, { is: 'address', path: 'a.tf', address: 'aws_s3_bucket.a' }],
  [
    { description: "Resource 'module.M:aws_s3_bucket.a[0]' is open." },
    { is: 'address', path: 'a.tf', address: 'module.M.aws_s3_bucket.a[0]' },
  ],
  [{ description: 'Bucket is open.' }, { is: 'code', path: 'a.tf', message: 'Bucket is open.', line: 3 }],
])('%j is placed at %j', async (more, place) => {
  expect((await read(more)).place).toMatchObject(place as object);
});

test.each([
  ['passed', 'ended'],
  [1, 'ended'],
  ['ignored', 'suppressed'],
  [2, 'suppressed'],
  ['failed', 'open'],
  [0, 'open'],
  [undefined, 'open'],
])('status %s is %s', async (status, state) => {
  expect((await read({ status })).state.is).toBe(state);
});

test('a rule by its AVD id is the one of Trivy, and means the control of the catalogue', async () => {
  const naming = { sourceId: 's', cluster: null, repository: null, artifact: null };
  const finding = await read({ rule_id: 'AVD-AWS-0107' });
  const identity = identifyFinding(finding, { naming, secretKey: new Uint8Array(32) });
  expect(identity.toolCheck).toBe('trivy:AWS-0107');
  expect(identity.control).not.toBeNull();
});
