import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, part, recordsOf, resource, stateOf } from '../../../test/support/aws-world.ts';
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
    [
      'a policy for all but a folder',
      'yes',
      policy({ ...read, Resource: null, NotResource: 'arn:aws:s3:::shop/secret/*' }),
    ],
    [
      'a policy for all but what is in it',
      'no',
      policy({ ...read, Resource: null, NotResource: 'arn:aws:s3:::shop/*' }),
    ],
    ['a policy for everything', 'yes', policy({ ...read, Resource: '*' })],
    ['a policy of another partition', 'yes', policy({ ...read, Resource: 'arn:aws-cn:s3:::shop/*' })],
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

  const grant = (Permission: string, group = 'AllUsers'): JsonObject => ({
    Grantee: { URI: `http://acs.amazonaws.com/groups/global/${group}` },
    Permission,
  });
  type Granted = readonly [title: string, expected: readonly string[], ...grants: JsonObject[]];
  it.each<Granted>([
    ['READ', ['list by internet'], grant('READ')],
    ['WRITE', ['write by internet'], grant('WRITE')],
    ['READ_ACP', [], grant('READ_ACP')],
    ['WRITE_ACP', ['admin by internet'], grant('WRITE_ACP')],
    ['FULL_CONTROL', ['list by internet', 'write by internet', 'admin by internet'], grant('FULL_CONTROL')],
    ['READ for every account', ['list by any-aws-account'], grant('READ', 'AuthenticatedUsers')],
    ['READ for logs', [], grant('READ', '../s3/LogDelivery')],
    [
      'READ for both',
      ['list by internet', 'list by any-aws-account'],
      grant('READ'),
      grant('READ', 'AuthenticatedUsers'),
    ],
  ])('its list gives by %s: %j', (...row) => {
    const [, expected, ...grants] = row as unknown as Granted;
    const facts = { PublicAccessBlock: OFF, Policy: { Statement: [] }, ObjectOwnership: 'ObjectWriter' };
    const given = (block: JsonObject): readonly string[] =>
      expose([ACCOUNT_OFF], bucket({ ...facts, ...block, Grants: grants })).surfaces.map(
        ({ surface, audience }) => `${surface} by ${audience}`,
      );
    expect(given({})).toEqual(expected);
    // What blocks new lists leaves those that are there.
    expect(given({ PublicAccessBlock: { ...OFF, BlockPublicAcls: true } })).toEqual(expected);
  });

  const POINT = 'arn:aws:s3:eu-west-1:111111111111:accesspoint/ap';
  const point = (facts: JsonObject, arn: string | null = POINT): EstateResource => ({
    ...resource('s3-access-point', 'ap', {
      Name: 'ap',
      ...(arn === null ? {} : { AccessPointArn: arn }),
      Bucket: 'shop',
      NetworkOrigin: 'Internet',
      PublicAccessBlock: OFF,
      ...facts,
    }),
    key: `aws:${POINT}`,
  });
  const opened = (more: JsonObject = {}, arn = POINT): JsonObject => ({
    Policy: { Statement: [{ ...read, Resource: `${arn}/object/*`, ...more }] },
  });
  const delegates: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: '*',
    Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'],
    Condition: { StringEquals: { 's3:DataAccessPointAccount': '111111111111' } },
  };
  const POLICY = `the policy of the access point ap: aws s3control get-access-point-policy --account-id 111111111111 --name ap > s3control-get-access-point-policy-ap.json 2>&1`;
  const BLOCK = `Block Public Access of ap: aws s3control get-access-point --account-id 111111111111 --name ap > s3control-get-access-point-ap.json 2>&1`;
  const GOV = POINT.replace('arn:aws:', 'arn:aws-us-gov:');

  it.each<readonly [title: string, expected: string, point: EstateResource, bucket: JsonObject]>([
    ['that both policies open', 'yes: read', point(opened()), policy(delegates)],
    ['of which only the key tells its ARN', 'yes: read', point(opened({}), null), policy(delegates)],
    ['in another partition', 'yes: read', point(opened({}, GOV), GOV), policy(delegates)],
    [
      'for its listing',
      'yes: list',
      point(opened({ Action: 's3:ListBucket', Resource: POINT })),
      policy(delegates),
    ],
    ['that the policy of the bucket does not open', 'no', point(opened()), policy()],
    [
      'that the policy of the bucket opens for listing alone',
      'no',
      point(opened()),
      policy({ ...delegates, Action: 's3:ListBucket' }),
    ],
    ['for another point', 'no', point(opened({}, `${POINT}2`)), policy(delegates)],
    ['that its own policy does not open', 'no', point({ Policy: { Statement: [] } }), policy(delegates)],
    ['of a VPC', 'no', point({ ...opened(), NetworkOrigin: 'VPC' }), policy(delegates)],
    [
      'with Block Public Access of its own',
      'no',
      point({ ...opened(), PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } }),
      policy(delegates),
    ],
    [
      'with that of its bucket',
      'no',
      point(opened()),
      { ...policy(delegates), PublicAccessBlock: { ...OFF, RestrictPublicBuckets: true } },
    ],
    ['whose policy nobody told', `unknown: ${POLICY}`, point({}), policy(delegates)],
    [
      'of a bucket whose policy nobody told',
      'unknown: the policy of S3 bucket shop: aws s3api get-bucket-policy --bucket shop > s3api-get-bucket-policy-shop.json 2>&1',
      point(opened()),
      { PublicAccessBlock: OFF },
    ],
    [
      'whose Block Public Access nobody told',
      `unknown: ${BLOCK}`,
      point({ ...opened(), PublicAccessBlock: null }),
      policy(delegates),
    ],
    [
      'that reads what is encrypted',
      'no',
      point(opened()),
      { ...policy(delegates), DefaultEncryption: 'aws:kms' },
    ],
  ])('an access point %s: %s', (_title, expected, of, facts) => {
    const told = ({ state, missing, surfaces }: ReturnType<typeof expose>): string =>
      [state, ...(state === 'yes' ? surfaces.map(({ surface }) => surface) : missing)].join(': ');
    expect(told(expose([ACCOUNT_OFF, bucket(facts)], of))).toBe(expected);
  });

  it('is open through its access points, and through none that is another bucket’s', () => {
    expect(stateOf([ACCOUNT_OFF, point(opened())], bucket(policy(delegates)))).toBe('yes');
    expect(stateOf([ACCOUNT_OFF, point({ ...opened(), Bucket: 'other' })], bucket(policy(delegates)))).toBe(
      'no',
    );
    expect(stateOf([ACCOUNT_OFF], point(opened()))).toBe('unknown');
  });

  const SIGNED: JsonObject = { ...read, Condition: { Null: { 'aws:PrincipalArn': 'false' } } };
  const key = (...statements: readonly JsonObject[]): EstateResource =>
    resource('kms-key', 'k-1', { Policy: { Statement: [...statements] } });
  const DECRYPT: JsonObject = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' };
  const OWN = { AWS: 'arn:aws:iam::111111111111:root' };
  const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/k-1';

  // Attack-paths §2.4, step 7: whoever signs can decrypt where the key lets them.
  type Encrypted = readonly [
    title: string,
    expected: string,
    keyId: string | null,
    ...others: EstateResource[],
  ];
  it.each<Encrypted>([
    ['AWS keeps', 'no', 'alias/aws/s3', key(DECRYPT)],
    ['nobody told, so AWS keeps it', 'no', null, key(DECRYPT)],
    ['nobody described', 'unknown', KEY],
    ['whose policy nobody told', 'unknown', KEY, resource('kms-key', 'k-1', {})],
    ['admits the account alone', 'no', KEY, key({ ...DECRYPT, Principal: OWN })],
    ['lets everybody encrypt alone', 'no', KEY, key({ ...DECRYPT, Action: 'kms:Encrypt' })],
    ['lets everybody decrypt', 'yes', KEY, key(DECRYPT)],
    [
      'lets the account do all and everybody decrypt',
      'yes',
      KEY,
      key({ ...DECRYPT, Principal: OWN, Action: 'kms:*' }, DECRYPT),
    ],
  ])('read by every account, and encrypted with a key that %s: %s', (...row) => {
    const [, expected, EncryptionKey, ...others] = row as unknown as Encrypted;
    const of = bucket({ ...policy(SIGNED), DefaultEncryption: 'aws:kms', EncryptionKey });
    const exposure = expose([ACCOUNT_OFF, ...others], of);
    expect(exposure.state).toBe(expected);
    if (expected === 'unknown')
      expect(exposure.missing).toEqual([
        'the policy of the key arn:aws:kms:eu-west-1:111111111111:key/k-1: aws kms get-key-policy --key-id k-1 > kms-get-key-policy-k-1.json 2>&1',
      ]);
  });

  it('with a key that everybody may decrypt with stays shut to who does not sign', () => {
    const of = bucket({ ...policy(read), DefaultEncryption: 'aws:kms', EncryptionKey: KEY });
    expect(stateOf([ACCOUNT_OFF, key(DECRYPT)], of)).toBe('no');
  });

  const group = (name: 'AllUsers' | 'AuthenticatedUsers', Permission = 'READ'): JsonObject => ({
    Permission,
    Grantee: { URI: `http://acs.amazonaws.com/groups/global/${name}` },
  });
  const object = (Key: string, ...Grants: readonly JsonObject[]): EstateResource =>
    resource('s3-object-acl', `shop/${Key}`, { Bucket: 'shop', Key, Grants: [...Grants] }, null);
  const inForce = (facts: JsonObject = {}): EstateResource =>
    bucket({ ...policy(), ObjectOwnership: 'ObjectWriter', ...facts });
  it.each<readonly [surface: string, of: 'objects' | 'bucket', actions: string]>([
    [
      'read',
      'objects',
      'GetObject GetObjectVersion GetObjectTorrent GetObjectAttributes GetObjectVersionAttributes',
    ],
    ['read', 'objects', 'GetObjectAcl GetObjectVersionAcl GetObjectTagging GetObjectVersionTagging'],
    ['write', 'objects', 'PutObject DeleteObject DeleteObjectVersion AbortMultipartUpload RestoreObject'],
    [
      'write',
      'objects',
      'PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging',
    ],
    ['write', 'objects', 'PutObjectRetention PutObjectLegalHold'],
    ['admin', 'objects', 'PutObjectAcl PutObjectVersionAcl'],
    ['list', 'bucket', 'ListBucket ListBucketVersions ListBucketMultipartUploads'],
    [
      'admin',
      'bucket',
      'PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketPublicAccessBlock DeleteBucket',
    ],
    ['admin', 'bucket', 'PutBucketOwnershipControls PutReplicationConfiguration PutLifecycleConfiguration'],
  ])('lets everybody %s its %s by each of %s', (surface, what, actions) => {
    const Resource = what === 'objects' ? 'arn:aws:s3:::shop/*' : 'arn:aws:s3:::shop';
    for (const action of actions.split(' ')) {
      const of = bucket(policy({ ...read, Action: `s3:${action}`, Resource }));
      const open = recordsOf([ACCOUNT_OFF], of).filter(({ verdict }) => verdict === 'yes');
      expect([action, open.map((way) => [way.surface, way.audience])]).toEqual([
        action,
        [[surface, 'internet']],
      ]);
    }
  });

  type Sampled = readonly [title: string, state: string, of: EstateResource, ...others: EstateResource[]];
  it.each<Sampled>([
    ['nobody looked at', 'unknown', inForce()],
    ['of another bucket', 'unknown', inForce(), { ...object('a'), facts: { Bucket: 'other', Grants: [] } }],
    ['that give nothing', 'no', inForce(), object('a'), object('b')],
    [
      'that give nothing where nobody told Block Public Access',
      'no',
      inForce({ PublicAccessBlock: null }),
      object('a'),
    ],
    ['of which one is for everybody', 'yes', inForce(), object('a'), object('b', group('AllUsers'))],
    [
      'of which one is for every account',
      'yes',
      inForce(),
      object('b', group('AuthenticatedUsers', 'FULL_CONTROL')),
    ],
    [
      'of which everybody may read the list alone',
      'no',
      inForce(),
      object('b', group('AllUsers', 'READ_ACP')),
    ],
    [
      'that are ignored',
      'no',
      inForce({ PublicAccessBlock: { ...OFF, IgnorePublicAcls: true } }),
      object('b', group('AllUsers')),
    ],
    ['that may be ignored', 'unknown', inForce({ PublicAccessBlock: null }), object('b', group('AllUsers'))],
    ['that are switched off', 'no', bucket(policy()), object('b', group('AllUsers'))],
    [
      'for everybody, encrypted with KMS',
      'no',
      inForce({ DefaultEncryption: 'aws:kms' }),
      object('b', group('AllUsers')),
    ],
  ])('lists of objects %s: %s', (...row) => {
    const [, expected, of, ...others] = row as unknown as Sampled;
    expect(stateOf([ACCOUNT_OFF, ...others], of)).toBe(expected);
  });

  it('tells the widest of the lists of objects, and the object', () => {
    const others = [object('a', group('AuthenticatedUsers')), object('b', group('AllUsers'))];
    expect(recordsOf([ACCOUNT_OFF, ...others], inForce())).toContainEqual(
      expect.objectContaining({
        surface: 'read',
        audience: 'internet',
        auth: 'none',
        verdict: 'yes',
        gates: ['ACL of object b'],
        evidence: [
          expect.objectContaining({
            sentence: 'An object of S3 bucket shop (b) has a list of its own that names everybody.',
          }),
          expect.anything(),
        ],
      }),
    );
  });

  type Shown = readonly [title: string, ...statements: JsonObject[]];
  it.each<Shown>([
    ['listed by everybody', { ...read, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop' }],
    ['read by an office', { ...read, Condition: { IpAddress: { 'aws:SourceIp': '1.1.1.1/32' } } }],
    ['read by nobody'],
  ])('%s has no surface of a website', (...row) => {
    const [, ...statements] = row as unknown as Shown;
    const surfaces = expose([ACCOUNT_OFF], bucket({ ...policy(...statements), Website: true })).surfaces;
    expect(surfaces.map(({ surface }) => surface)).not.toContain('http website');
  });

  it('read over an access point alone has no surface of a website', () => {
    const of = bucket({ ...policy(delegates), Website: true });
    const surfaces = expose([ACCOUNT_OFF, point(opened())], of).surfaces.map(({ surface }) => surface);
    expect(surfaces).toContain('read');
    expect(surfaces).not.toContain('http website');
  });

  it('that everybody may write to shows nobody what is copied into it', () => {
    const copy = { ...resource('s3-bucket', 'copy', { Name: 'copy', ...policy() }, null) };
    const into = (Action: string): string =>
      stateOf(
        [
          ACCOUNT_OFF,
          {
            ...copy,
            facts: { ...copy.facts, Policy: { Statement: [{ ...read, Action, Resource: '*' }] } },
          },
        ],
        bucket({ ...policy(), ReplicatesTo: ['arn:aws:s3:::copy'] }),
      );
    expect(into('s3:GetObject')).toBe('yes');
    expect(into('s3:PutObject')).toBe('no');
    expect(into('s3:PutBucketPolicy')).toBe('no');
  });

  it('that a distribution reads keeps what its policy gives other accounts', () => {
    const oac = { ...read, Principal: { Service: 'cloudfront.amazonaws.com' } };
    const partner = { ...read, Action: 's3:PutObject', Principal: { AWS: '222222222222' } };
    const audiences = (...statements: readonly JsonObject[]): readonly string[] =>
      recordsOf([ACCOUNT_OFF], bucket(policy(...statements))).flatMap(({ verdict, audience, via }) =>
        verdict === 'yes' && via.length === 0 ? audience : [],
      );
    expect(audiences(oac, partner)).toContain('partner');
    expect(audiences(oac)).not.toContain('cdn-only');
    // Nobody but Cloudflare sends from there, and no distribution of CloudFront stands in front.
    expect(audiences({ ...read, Condition: { IpAddress: { 'aws:SourceIp': '104.16.0.0/13' } } })).toContain(
      'cdn-only',
    );
  });
});
