import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { openingsOf, type PolicyVerdict } from './aws-policy-exposure.ts';

const OWNER = '111111111111';
const NOW = Date.UTC(2026, 10, 28);
/** A variable of policies, and none of this file. */
const ORG_OF_CALLER = ['$', '{aws:PrincipalOrgID}'].join('');

function statement(effect: 'Allow' | 'Deny', condition: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    Sid: effect.toLowerCase(),
    Effect: effect,
    Principal: '*',
    Action: 's3:GetObject',
    Resource: '*',
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    ...more,
  };
}
const allow = (condition?: JsonObject, more?: JsonObject): JsonObject => statement('Allow', condition, more);
const deny = (condition?: JsonObject, more?: JsonObject): JsonObject => statement('Deny', condition, more);

function judge(...statements: readonly JsonObject[]): PolicyVerdict {
  return openingsOf({ Statement: [...statements] }, ['s3:GetObject'], true, {
    name: 'shop',
    owner: OWNER,
    now: NOW,
  });
}

const tls = (is: 'true' | 'false'): JsonObject => ({ Bool: { 'aws:SecureTransport': is } });
const expires = (at: string): JsonObject => ({ DateLessThan: { 'aws:CurrentTime': at } });

describe('one request decides', () => {
  it.each<readonly [title: string, audience: string, statements: readonly JsonObject[]]>([
    ['over TLS, and TLS denied', 'none', [allow(tls('true')), deny(tls('true'))]],
    ['over TLS, and the rest denied', 'internet', [allow(tls('true')), deny(tls('false'))]],
    ['TLS and the rest, each denied', 'none', [allow(), deny(tls('true')), deny(tls('false'))]],
    [
      'two names, each denied to who bears it',
      'internet',
      [
        allow(),
        deny({ StringLike: { 'aws:UserAgent': 'a*' } }),
        deny({ StringLike: { 'aws:UserAgent': 'b*' } }),
      ],
    ],
    [
      'a name that two patterns share',
      'internet',
      [
        allow({ StringLike: { 'aws:UserAgent': 'shop*' } }),
        deny({ StringNotLike: { 'aws:UserAgent': '*v2' } }),
      ],
    ],
    [
      'signed requests allowed, and denied whoever is signed',
      'none',
      [allow({ Null: { 'aws:PrincipalArn': 'false' } }), deny({ Null: { 'aws:PrincipalArn': 'false' } })],
    ],
    [
      'unsigned requests denied: whoever has an account is left',
      'any-aws-account',
      [allow(), deny({ StringEquals: { 'aws:PrincipalType': 'Anonymous' } })],
    ],
    [
      'a role of any account, and every other role denied',
      'any-aws-account',
      [
        allow({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/build-*' } }),
        deny({ ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*-prod' } }),
      ],
    ],
    [
      'a star that means itself is in no name',
      'none',
      [allow({ StringEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } })],
    ],
    [
      'two halves of the internet over TLS, one of them denied',
      'internet-wide',
      [
        allow({ ...tls('true'), IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }),
        deny({ IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }),
      ],
    ],
    ['an Allow that ended', 'none', [allow(expires('2026-11-01T00:00:00Z'))]],
    ['an Allow that ends tomorrow', 'internet', [allow(expires('2026-11-29T00:00:00Z'))]],
    [
      'a Deny that begins tomorrow',
      'internet',
      [allow(), deny({ DateGreaterThan: { 'aws:CurrentTime': '2026-11-29T00:00:00Z' } })],
    ],
    [
      'a Deny since yesterday, in seconds',
      'none',
      [allow(), deny({ NumericGreaterThan: { 'aws:EpochTime': '1795737600' } })],
    ],
    [
      'the organisation of whoever asks is that of the resource',
      'org',
      [allow({ StringEquals: { 'aws:ResourceOrgID': ORG_OF_CALLER } })],
    ],
    [
      'a Deny of whoever is not of the resource’s organisation',
      'org',
      [allow(), deny({ StringNotEquals: { 'aws:ResourceOrgID': ORG_OF_CALLER } })],
    ],
    [
      'through a service, for everybody who has an account',
      'any-aws-account',
      [allow({ StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } })],
    ],
    [
      'a named account, and everybody else denied',
      'partner',
      [
        allow({}, { Principal: { AWS: 'arn:aws:iam::222222222222:root' } }),
        deny({}, { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::222222222222:root' } }),
      ],
    ],
    [
      'a named account, and everybody denied',
      'none',
      [allow({}, { Principal: { AWS: '222222222222' } }), deny()],
    ],
    [
      'a Deny of one named account leaves everybody else',
      'internet',
      [allow(), deny({}, { Principal: { AWS: '222222222222' } })],
    ],
    [
      'an Allow for all but one account is for everybody',
      'internet',
      [allow({}, { Principal: undefined, NotPrincipal: { AWS: '222222222222' } })],
    ],
    [
      'an account that is a pattern is none',
      'none',
      [allow({}, { Principal: { AWS: 'arn:aws:iam::*:root' } })],
    ],
    ['a canonical user is another account', 'partner', [allow({}, { Principal: { CanonicalUser: '79a5' } })]],
    [
      'a service that signs for one account',
      'none',
      [allow({ StringEquals: { 'aws:SourceAccount': OWNER } })],
    ],
    [
      'the key of a fixed account',
      'partner',
      [allow({ StringEquals: { 'kms:CallerAccount': '222222222222' } })],
    ],
    [
      'a named key of encryption',
      'partner',
      [
        allow({
          StringEquals: {
            's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:222222222222:key/1',
          },
        }),
      ],
    ],
    ['a referer', 'internet', [allow({ StringLike: { 'aws:Referer': 'https://shop.example/*' } })]],
    ['any value at all', 'any-aws-account', [allow({ StringLike: { 'aws:PrincipalOrgID': '*' } })]],
  ])('%s: %s', (_title, audience, statements) => {
    const { openings, undecided } = judge(...statements);
    expect(openings[0]?.audience ?? 'none').toBe(audience);
    expect(undecided).toEqual([]);
  });
});

const means = (key: string): string =>
  `what the policy of shop means by its condition on ${key}: aws accessanalyzer get-finding-v2`;

describe('what nobody can judge', () => {
  const TAG: JsonObject = { StringEquals: { 's3:ExistingObjectTag/public': 'yes' } };

  it('leaves an Allow open, with the key', () => {
    expect(judge(allow(TAG))).toMatchObject({
      openings: [],
      undecided: [means('s3:existingobjecttag/public')],
    });
  });

  it('leaves open what a Deny takes away, with the key', () => {
    expect(judge(allow(), deny(TAG))).toMatchObject({
      openings: [],
      undecided: [means('s3:existingobjecttag/public')],
    });
  });

  it('plays no part where the rest of a Deny is kept out of, or the rest of an Allow closes', () => {
    expect(judge(allow(), deny({ ...TAG, ...tls('false') }))).toMatchObject({
      openings: [{ audience: 'internet' }],
      undecided: [],
    });
    expect(judge(allow({ ...TAG, StringLike: { 'aws:PrincipalOrgID': 'o-1' } }))).toMatchObject({
      openings: [],
      undecided: [],
    });
  });

  it('is a policy with so many ways around its denials that nobody follows them', () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      deny({
        StringEquals: { [`aws:RequestTag/a${index}`]: 'x' },
        StringNotEquals: { [`aws:RequestTag/b${index}`]: 'y' },
      }),
    );
    expect(judge(allow(), ...many)).toMatchObject({
      openings: [],
      undecided: [means('so many keys at once')],
    });
  });
});

describe('the denials that close a policy', () => {
  it('are those that do alone, else all of them', () => {
    const ours = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } };
    expect(judge(allow(), deny(ours, { Sid: 'ours' }), deny(tls('false'), { Sid: 'tls' })).denials).toEqual([
      'ours',
    ]);
    expect(judge(allow(), deny(tls('true'), { Sid: 'a' }), deny(tls('false'), { Sid: 'b' })).denials).toEqual(
      ['a', 'b'],
    );
    expect(judge(allow(ours), deny(ours)).denials).toEqual(['deny']);
    expect(
      judge(allow({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), deny(tls('false'))).denials,
    ).toEqual([]);
  });
});

it('a service that acts for anybody is a confused deputy, and one that names its source is none', () => {
  const to = (condition: JsonObject): JsonObject =>
    allow(condition, { Principal: { Service: 'sns.amazonaws.com' } });
  expect(judge(to({}))).toMatchObject({ openings: [], deputies: ['sns.amazonaws.com'] });
  expect(judge(to({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111111111111:*' } })).deputies).toEqual([]);
  expect(judge(to({ StringEquals: { 'aws:SourceOrgID': 'o-1' } })).deputies).toEqual([]);
  expect(judge(to({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } })).deputies).toEqual([
    'sns.amazonaws.com',
  ]);
});
