import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, part, resource, stateOf } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

describe('a bucket', () => {
  const OFF: JsonObject = {
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  };
  const ON: JsonObject = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const ACCOUNT_OFF = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
  const ENFORCED: JsonObject = { ObjectOwnership: 'BucketOwnerEnforced', Grants: [] };

  function bucket(facts: JsonObject): EstateResource {
    return resource('s3-bucket', 'shop', { Name: 'shop', ...facts }, null);
  }
  function policy(...statements: readonly JsonObject[]): JsonObject {
    return { PublicAccessBlock: OFF, ...ENFORCED, Policy: { Statement: [...statements] } };
  }
  const read: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::shop/*',
  };

  it.each<[string, string, JsonObject]>([
    ['an open policy', 'yes', policy(read)],
    ['a policy for a folder', 'yes', policy({ ...read, Resource: 'arn:aws:s3:::shop/public/*' })],
    ['a policy for another bucket', 'no', policy({ ...read, Resource: 'arn:aws:s3:::other/*' })],
    [
      'everybody but one',
      'yes',
      policy({ ...read, Principal: null, NotPrincipal: { AWS: 'arn:aws:iam::111111111111:root' } }),
    ],
    ['listing alone', 'yes', policy({ ...read, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop' })],
    ['listing given for objects means nothing', 'no', policy({ ...read, Action: 's3:ListBucket' })],
    [
      '21 BlockPublicPolicy over an old policy',
      'yes',
      { ...policy(read), PublicAccessBlock: { ...OFF, BlockPublicPolicy: true } },
    ],
    [
      'RestrictPublicBuckets',
      'no',
      { ...policy(read), PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } },
    ],
    ['22 Block Public Access known to be absent', 'yes', { ...policy(read), PublicAccessBlock: OFF }],
    ['Block Public Access not told', 'unknown', { ...ENFORCED, Policy: { Statement: [read] } }],
    [
      '24 a source address of everybody',
      'yes',
      policy({ ...read, Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }),
    ],
    [
      'a source address of one office',
      'no',
      policy({ ...read, Condition: { IpAddress: { 'aws:SourceIp': ['1.1.1.1/32'] } } }),
    ],
    [
      '25 an organisation',
      'no',
      policy({ ...read, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
    ],
    [
      '26 a role of any account',
      'yes',
      policy({ ...read, Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } } }),
    ],
    [
      'a role of one account',
      'no',
      policy({
        ...read,
        Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/*' } },
      }),
    ],
    [
      '27 a condition that holds without its key',
      'yes',
      policy({ ...read, Condition: { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } } }),
    ],
    [
      'a VPC endpoint',
      'no',
      policy({ ...read, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }),
    ],
    [
      'all of a set, which may be empty',
      'yes',
      policy({ ...read, Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': ['o-1'] } } }),
    ],
    [
      '28 a Deny for all outside of the organisation',
      'no',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'],
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    ],
    [
      'a Deny without encryption in transit',
      'yes',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
    [
      'a Deny for one folder',
      'yes',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/secret/*',
      }),
    ],
    [
      'a Deny that nobody can judge',
      'unknown',
      policy(read, {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/*',
        Condition: { StringNotEquals: { 'custom:key': 'x' } },
      }),
    ],
    [
      '48 the account of the resource',
      'yes',
      policy({ ...read, Condition: { StringEquals: { 'aws:ResourceAccount': '111111111111' } } }),
    ],
    [
      'a referer can be made up',
      'yes',
      policy({ ...read, Condition: { StringLike: { 'aws:Referer': 'https://shop.example/*' } } }),
    ],
    [
      'a condition that nobody can judge',
      'unknown',
      policy({ ...read, Condition: { StringEquals: { 'custom:key': 'x' } } }),
    ],
    [
      '29 encrypted with KMS, unsigned readers cannot decrypt',
      'no',
      { ...policy(read), DefaultEncryption: 'aws:kms' },
    ],
    ['one named account', 'no', policy({ ...read, Principal: { AWS: 'arn:aws:iam::222222222222:root' } })],
    ['a service', 'no', policy({ ...read, Principal: { Service: 'cloudfront.amazonaws.com' } })],
    ['all four flags on', 'no', { PublicAccessBlock: ON }],
    ['nothing told', 'unknown', {}],
    [
      '23 a public list where lists are disabled',
      'no',
      {
        PublicAccessBlock: OFF,
        Policy: { Statement: [] },
        ObjectOwnership: 'BucketOwnerEnforced',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'a public list in force',
      'yes',
      {
        PublicAccessBlock: OFF,
        Policy: { Statement: [] },
        ObjectOwnership: 'ObjectWriter',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'a public list that is ignored',
      'no',
      {
        PublicAccessBlock: { ...OFF, IgnorePublicAcls: true },
        Policy: { Statement: [] },
        ObjectOwnership: 'ObjectWriter',
        Grants: [{ Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' }],
      },
    ],
    [
      'lists in force, whose objects nobody looked at',
      'unknown',
      { PublicAccessBlock: OFF, Policy: { Statement: [] }, ObjectOwnership: 'ObjectWriter', Grants: [] },
    ],
  ])('%s: %s', (_, state, facts) => {
    expect(stateOf([ACCOUNT_OFF], bucket(facts))).toBe(state);
  });

  it('is closed by the account alone', () => {
    expect(
      stateOf(
        [resource('s3-account-public-access-block', 'account', { PublicAccessBlock: ON }, null)],
        bucket(policy(read)),
      ),
    ).toBe('no');
    expect(stateOf([], bucket(policy(read)))).toBe('unknown');
    expect(stateOf([], bucket({ PublicAccessBlock: ON }))).toBe('no');
  });

  it('is one thing with what other calls say about it', () => {
    const parts = [
      part('s3-bucket', 'shop', { Policy: { Statement: [read] } }),
      part('s3-bucket', 'shop', { PublicAccessBlock: OFF }),
      part('s3-bucket', 'shop', { ObjectOwnership: 'BucketOwnerEnforced' }),
      part('s3-bucket', 'other', { PublicAccessBlock: ON }),
    ];
    const exposure = expose([ACCOUNT_OFF, ...parts], bucket({}));
    expect(exposure.state).toBe('yes');
    expect(exposure.surfaces).toEqual([{ surface: 'read', audience: 'internet', auth: 'none' }]);
  });

  it('served as a website has a surface of its own where everybody may read, and opens nothing by it', () => {
    const website = { Website: true };
    const surfaces = (facts: JsonObject): readonly string[] =>
      expose([ACCOUNT_OFF], bucket(facts)).surfaces.map((each) => each.surface);
    expect(surfaces({ ...policy(read), ...website })).toEqual(['read', 'http website']);
    expect(surfaces(policy(read))).toEqual(['read']);
    expect(surfaces({ ...policy(), ...website })).toEqual([]);
    // The endpoint of a website answers nobody who must sign, and decrypts nothing.
    const signed = { ...read, Condition: { Null: { 'aws:PrincipalArn': 'false' } } };
    expect(surfaces({ ...policy(signed), ...website })).toEqual(['read']);
    expect(surfaces({ ...policy(read), ...website, DefaultEncryption: 'aws:kms' })).toEqual([]);
  });
});
