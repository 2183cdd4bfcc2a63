import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, recordsOf, resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** What is set above a bucket, beside it and below it: Block Public Access, access points, keys (attack-paths §2.4). */
const OFF: JsonObject = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const READ: JsonObject = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::shop/*',
};

function account(facts: JsonObject): EstateResource {
  return resource('s3-account-public-access-block', 'account', facts, null);
}
function bucket(facts: JsonObject): EstateResource {
  return resource(
    's3-bucket',
    'shop',
    { Name: 'shop', ObjectOwnership: 'BucketOwnerEnforced', Grants: [], ...facts },
    null,
  );
}

describe('a bucket that its policy opens', () => {
  it.each<readonly [title: string, missing: readonly string[], own: JsonObject, above: JsonObject]>([
    ['its own', ['Block Public Access of shop'], {}, { PublicAccessBlock: OFF }],
    ['the account’s', ['Block Public Access of the account'], { PublicAccessBlock: OFF }, {}],
    ['both', ['Block Public Access of shop', 'Block Public Access of the account'], {}, {}],
    [
      'this flag of its own',
      ['Block Public Access of shop'],
      { PublicAccessBlock: { BlockPublicPolicy: false } },
      { PublicAccessBlock: OFF },
    ],
    ['nothing', [], { PublicAccessBlock: OFF }, { PublicAccessBlock: OFF }],
  ])('asks for Block Public Access where nobody told it alone: %s', (_title, missing, own, above) => {
    const open = bucket({ Policy: { Statement: [READ] }, ...own });
    const told = recordsOf([account(above)], open).flatMap((way) =>
      way.missing.map((each) => each.split(':')[0]),
    );
    expect(told).toEqual(missing);
  });

  it.each([
    ['aws:kms', 'no'],
    ['aws:kms:dsse', 'no'],
    ['AES256', 'yes'],
    [null, 'yes'],
  ])('and encrypts with %s is read by strangers: %s', (DefaultEncryption, state) => {
    const open = bucket({ PublicAccessBlock: OFF, Policy: { Statement: [READ] }, DefaultEncryption });
    expect(expose([account({ PublicAccessBlock: OFF })], open).state).toBe(state);
  });
});

describe('an access point for everybody', () => {
  const ARN = 'arn:aws:s3:eu-west-1:111111111111:accesspoint/ap';
  const point: EstateResource = {
    ...resource('s3-access-point', 'ap', {
      Name: 'ap',
      AccessPointArn: ARN,
      Bucket: 'shop',
      NetworkOrigin: 'Internet',
      PublicAccessBlock: OFF,
      Policy: { Statement: [{ ...READ, Resource: `${ARN}/object/*` }] },
    }),
    key: `aws:${ARN}`,
  };
  const leaves = (Condition: JsonObject): EstateResource =>
    bucket({
      PublicAccessBlock: OFF,
      Policy: {
        Statement: [
          { ...READ, Action: '*', Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'], Condition },
        ],
      },
    });

  it.each<readonly [key: string, state: string, condition: JsonObject]>([
    ['s3:DataAccessPointAccount', 'yes', { StringEquals: { 's3:DataAccessPointAccount': '111111111111' } }],
    ['s3:DataAccessPointArn', 'yes', { ArnEquals: { 's3:DataAccessPointArn': ARN } }],
    ['s3:AccessPointNetworkOrigin', 'yes', { StringEquals: { 's3:AccessPointNetworkOrigin': 'Internet' } }],
    ['aws:SourceVpc', 'no', { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }],
  ])('of a bucket whose policy leaves it to %s: %s', (_key, state, condition) => {
    expect(expose([account({ PublicAccessBlock: OFF }), leaves(condition)], point).state).toBe(state);
  });

  it('is closed by the account too', () => {
    const delegating = leaves({ StringEquals: { 's3:DataAccessPointAccount': '111111111111' } });
    const above = account({ PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } });
    expect(expose([above, delegating], point).state).toBe('no');
  });
});
