import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY_MS } from '../src/base/instant.ts';
import type { JsonObject } from '../src/base/json-value.ts';
import { documentOf, FIRST, importDump, LAMBDA, levelOfRole, role, roleArn } from './support/aws-roles.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

describe('what a store of data says', () => {
  const place = { account: FIRST, region: 'eu-west-1' };
  const READ = 's3:GetObject';
  const policyOf = (...statements: readonly JsonObject[]) => ({
    Policy: JSON.stringify(documentOf(...statements)),
  });

  test('lets a role read a bucket over an access point, and takes it back', async () => {
    const pointArn = `arn:aws:s3:eu-west-1:${FIRST}:accesspoint/reports`;
    const point = { Name: 'reports', NetworkOrigin: 'Internet', Bucket: 'pii', AccessPointArn: pointArn };
    const TagSet = [{ Key: 'data-classification', Value: 'restricted' }];
    const delegated = {
      Effect: 'Allow',
      Principal: '*',
      Action: READ,
      Resource: 'arn:aws:s3:::pii/*',
      Condition: { StringEquals: { 's3:DataAccessPointAccount': FIRST } },
    };
    const given = {
      Effect: 'Allow',
      Principal: { AWS: roleArn('reader') },
      Action: READ,
      Resource: `${pointArn}/object/*`,
    };
    await importDump(inbox, FIRST, role('reader', LAMBDA, []));
    await inbox.importReport({ Buckets: [{ Name: 'pii' }] }, place, 's3api-list-buckets.json');
    await inbox.importReport({ TagSet }, place, 's3api-get-bucket-tagging-pii.json');
    await inbox.importReport(policyOf(delegated), place, 's3api-get-bucket-policy-pii.json');
    await inbox.importReport({ AccessPointList: [point] }, place, 's3control-list-access-points.json');
    expect(await levelOfRole(inbox, 'reader')).toBe('none');
    await inbox.importReport(policyOf(given), place, 's3control-get-access-point-policy-reports.json');
    expect(await levelOfRole(inbox, 'reader')).toBe('P3');
    inbox.clock.set(START + DAY_MS / 2);
    const refused = { ...given, Effect: 'Deny', Resource: 'arn:aws:s3:::pii/*' };
    await inbox.importReport(policyOf(delegated, refused), place, 's3api-get-bucket-policy-pii.json');
    expect(await levelOfRole(inbox, 'reader')).toBe('none');
    inbox.clock.set(START + DAY_MS - 1);
    await inbox.importReport(policyOf(delegated), place, 's3api-get-bucket-policy-pii.json');
    expect(await levelOfRole(inbox, 'reader')).toBe('P3');
    inbox.clock.set(START + DAY_MS);
    await inbox.importReport(
      policyOf({ ...given, Principal: { AWS: roleArn('other') } }),
      place,
      's3control-get-access-point-policy-reports.json',
    );
    expect(await levelOfRole(inbox, 'reader')).toBe('none');
  });

  test('lets a role decrypt by grants of keys', async () => {
    const keyArn = (id: string) => `arn:aws:kms:eu-west-1:${FIRST}:key/${id}`;
    const ids = ['k1', 'k2', 'k3'];
    const closed = { Effect: 'Allow', Principal: { AWS: roleArn('admin') }, Action: 'kms:*', Resource: '*' };
    await importDump(inbox, FIRST, role('worker', LAMBDA, []));
    await inbox.importReport(
      { Keys: ids.map((id) => ({ KeyId: id, KeyArn: keyArn(id) })) },
      place,
      'kms-list-keys.json',
    );
    const granted = async (id: string) => {
      await inbox.importReport(
        { ...policyOf(closed), PolicyName: 'default' },
        place,
        `kms-get-key-policy-${id}.json`,
      );
      const grant = {
        KeyId: keyArn(id),
        GrantId: 'g',
        GranteePrincipal: roleArn('worker'),
        Operations: ['Decrypt'],
      };
      await inbox.importReport({ Grants: [grant] }, place, `kms-list-grants-${id}.json`);
    };
    await granted('k1');
    expect(await levelOfRole(inbox, 'worker')).toBe('none');
    await granted('k2');
    expect(await levelOfRole(inbox, 'worker')).toBe('P3');
  });

  test('of a key decides once it is described, whoever it names', async () => {
    const ids = ['k1', 'k2', 'k3'];
    const arns = ids.map((id) => `arn:aws:kms:eu-west-1:${FIRST}:key/${id}`);
    await importDump(
      inbox,
      FIRST,
      role('worker', LAMBDA, [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: arns }]),
    );
    await inbox.importReport(
      { Keys: ids.map((id, index) => ({ KeyId: id, KeyArn: arns[index] })) },
      place,
      'kms-list-keys.json',
    );
    expect(await levelOfRole(inbox, 'worker')).toBe('unknown');
    const forAll = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
    for (const id of ids)
      await inbox.importReport(
        { ...policyOf(forAll), PolicyName: 'default' },
        place,
        `kms-get-key-policy-${id}.json`,
      );
    expect(await levelOfRole(inbox, 'worker')).toBe('P3');
  });
});
