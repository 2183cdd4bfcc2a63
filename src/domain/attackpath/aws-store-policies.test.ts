import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsEstate } from '../exposure/aws-estate.ts';
import type { Caller } from '../privilege/aws/caller.ts';
import { ACCOUNT, allow, deny, document, iam, resource } from '../privilege/aws/iam-principal.test-sample.ts';
import { StorePolicies } from './aws-store-policies.ts';

const CALLER = {
  kind: 'role',
  arn: iam('role', 'path/web'),
  account: ACCOUNT,
  uniqueId: 'AROA1',
} as unknown as Caller;

/** A bucket of which this is the policy. */
function policies(...statements: readonly JsonObject[]) {
  const bucket = resource('s3-bucket', 'arn:aws:s3:::customers', {
    Name: 'customers',
    Policy: document(...statements),
  });
  const estate = new AwsEstate([bucket]);
  return { bucket, found: new StorePolicies([bucket], () => estate) };
}

describe('a policy of a store of data', () => {
  test.each<[string, JsonObject, boolean]>([
    ['everybody', { Principal: '*' }, true],
    ['the account by its number', { Principal: { AWS: ACCOUNT } }, true],
    ['the account by its root', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, true],
    ['the role', { Principal: { AWS: iam('role', 'path/web') } }, true],
    ['the role by its unique id', { Principal: { AWS: 'AROA1' } }, true],
    [
      'a session of the role',
      { Principal: { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/web/session` } },
      true,
    ],
    ['everybody but somebody', { NotPrincipal: { AWS: iam('role', 'other') } }, true],
    ['another role', { Principal: { AWS: iam('role', 'other') } }, false],
    ['another account', { Principal: { AWS: '222222222222' } }, false],
  ])('that allows %s names the role or does not', (_whom, named, isNamed) => {
    const { bucket, found } = policies({ ...allow('s3:GetObject'), ...named });
    expect(found.namingInAllow(CALLER)).toEqual(isNamed ? [bucket] : []);
  });

  test('that refuses names nobody whom it allows something', () => {
    const { found } = policies({ ...deny('s3:*'), Principal: '*' });
    expect(found.namingInAllow(CALLER)).toEqual([]);
  });

  const PERSONAL = { Condition: { StringNotEquals: { 'aws:PrincipalArn': iam('role', 'web') } } };
  const PLACE = { Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } };
  test.each<[string, readonly JsonObject[], boolean, boolean]>([
    ['nobody', [{ ...allow('s3:GetObject'), Principal: '*' }], false, true],
    ['everybody alike', [{ ...deny('s3:*', PLACE), Principal: '*' }], true, true],
    ['one role', [{ ...deny('s3:*'), Principal: { AWS: iam('role', 'web') } }], true, false],
    ['all but one', [{ ...deny('s3:*'), NotPrincipal: { AWS: iam('role', 'web') } }], true, false],
    ['whoever is not one, by a condition', [{ ...deny('s3:*', PERSONAL), Principal: '*' }], true, false],
  ])('that refuses %s', (_whom, statements, refuses, isImpersonal) => {
    const { bucket, found } = policies(...statements);
    expect(found.holderOf(bucket)).toMatchObject({ refuses, isImpersonal });
  });
});
