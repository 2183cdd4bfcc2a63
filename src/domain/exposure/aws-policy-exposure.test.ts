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
  return judgeAt(NOW, ...statements);
}

function judgeAt(now: number, ...statements: readonly JsonObject[]): PolicyVerdict {
  return openingsOf({ Statement: [...statements] }, ['s3:GetObject'], true, {
    name: 'shop',
    owner: OWNER,
    now,
  });
}

const tls = (is: 'true' | 'false'): JsonObject => ({ Bool: { 'aws:SecureTransport': is } });
const expires = (at: string): JsonObject => ({ DateLessThan: { 'aws:CurrentTime': at } });

it.each([
  ['from', [allow({ IpAddress: { 'aws:SourceIp': ['8.8.8.0/24', 'office'] } })]],
  ['denied from', [allow(), deny({ IpAddress: { 'aws:SourceIp': ['8.8.8.0/24', 'office'] } })]],
])('what is %s ranges of which one cannot be read is not decided', (_, statements) => {
  const { openings, undecided } = judge(...statements);
  expect([openings.length, undecided.length > 0]).toEqual([0, true]);
});

describe('the time', () => {
  const OF_A_TAG = ['$', '{aws:PrincipalTag/until}'].join('');
  it.each<readonly [title: string, statements: readonly JsonObject[]]>([
    ['as a text', [allow({ StringLike: { 'aws:CurrentTime': '2026-11-*' } })]],
    ['as a text that it is not', [allow({ StringNotEquals: { 'aws:EpochTime': '1795824000' } })]],
    ['as a text that is denied', [allow(), deny({ StringLike: { 'aws:CurrentTime': '2026-12-*' } })]],
    ['of a tag', [allow({ DateLessThan: { 'aws:CurrentTime': OF_A_TAG } })]],
    ['of a token, as a text', [allow({ StringLike: { 'aws:TokenIssueTime': '2026-11-*' } })]],
  ])('%s is not decided', (_, statements) => {
    const { openings, undecided } = judge(...statements);
    expect([openings.length, undecided]).toEqual([
      0,
      [expect.stringMatching(/ by its condition on aws:\w+time: /)],
    ]);
  });

  it.each<readonly [title: string, openings: number, statements: readonly JsonObject[]]>([
    [
      'of a token as a text is none of unsigned requests, which stay',
      1,
      [allow(), deny({ StringLike: { 'aws:TokenIssueTime': '2026-*' } })],
    ],
    ['as a text that is there', 1, [allow({ Null: { 'aws:CurrentTime': 'false' } })]],
    [
      'since this second, as a date, by its other name',
      1,
      [allow({ DateGreaterThan: { 'aws:EpochTime': '2026-11-28T00:00:00Z' } })],
    ],
    [
      'until this second, as a date, by its other name',
      0,
      [allow({ DateLessThanEquals: { 'aws:EpochTime': '2026-11-28T00:00:00Z' } })],
    ],
  ])('%s', (_, count, statements) => {
    // A moment after the second that dates spell.
    const { openings, undecided } = judgeAt(NOW + 1, ...statements);
    expect([openings.length, undecided]).toEqual([count, []]);
  });
});

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
    ['from outside a range', 'internet', [allow({ NotIpAddress: { 'aws:SourceIp': '8.0.0.0/8' } })]],
    ['from outside everything', 'none', [allow({ NotIpAddress: { 'aws:SourceIp': ['0.0.0.0/0', '::/0'] } })]],
    [
      'what comes from elsewhere denied',
      'partner',
      [allow(), deny({ NotIpAddress: { 'aws:SourceIp': '8.8.8.0/24' } })],
    ],
    ['from nowhere', 'none', [allow({ Null: { 'aws:SourceIp': 'true' } })]],
    ['from somewhere', 'internet', [allow({ Null: { 'aws:SourceIp': 'false' } })]],
    ['what comes from nowhere denied', 'internet', [allow(), deny({ Null: { 'aws:SourceIp': 'true' } })]],
    ['what comes from somewhere denied', 'none', [allow(), deny({ Null: { 'aws:SourceIp': 'false' } })]],
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

describe('who is left by a condition', () => {
  const KEY = 'arn:aws:kms:eu-west-1:222222222222:key/1';
  const like = (key: string, value: string): JsonObject => ({ StringLike: { [key]: value } });

  // A fixed value names somebody; one that is open lets everybody in who can bring the key.
  it.each<readonly [key: string, fixed: string, audience: string, open: string, widest: string]>([
    [
      'aws:SourceArn',
      'arn:aws:sns:eu-west-1:222222222222:news',
      'partner',
      'arn:aws:sns:*:*:news',
      'any-aws-account',
    ],
    ['aws:SourceAccount', '222222222222', 'partner', '*', 'any-aws-account'],
    ['aws:SourceOwner', '222222222222', 'partner', '2*', 'any-aws-account'],
    ['aws:SourceVpc', 'vpc-1', 'partner', 'vpc-*', 'any-aws-account'],
    ['aws:SourceVpce', 'vpce-1', 'partner', 'vpce-*', 'any-aws-account'],
    ['aws:VpceAccount', '222222222222', 'partner', '*', 'any-aws-account'],
    ['aws:VpceOrgID', 'o-1', 'org', 'o-*', 'any-aws-account'],
    ['aws:VpceOrgPaths', 'o-1', 'org', 'o-*', 'any-aws-account'],
    ['aws:SourceOrgID', 'o-1', 'org', 'o-*', 'any-aws-account'],
    ['aws:SourceOrgPaths', 'o-1/r-1/*', 'org', 'o-*', 'any-aws-account'],
    ['aws:PrincipalOrgID', 'o-1', 'org', 'o-*', 'any-aws-account'],
    ['aws:PrincipalOrgPaths', 'o-1/r-1/*', 'org', 'o-*', 'any-aws-account'],
    ['aws:PrincipalAccount', '222222222222', 'partner', '*', 'any-aws-account'],
    [
      'aws:PrincipalArn',
      'arn:aws:iam::222222222222:role/*',
      'partner',
      'arn:aws:iam::*:role/x',
      'any-aws-account',
    ],
    ['aws:PrincipalServiceName', 'sns.amazonaws.com', 'partner', '*', 'any-aws-account'],
    ['aws:userid', 'AROA1:*', 'partner', 'AROA*', 'any-aws-account'],
    ['kms:CallerAccount', '222222222222', 'partner', '*', 'any-aws-account'],
    [
      's3:DataAccessPointArn',
      'arn:aws:s3:eu-west-1:222222222222:accesspoint/p',
      'partner',
      '*',
      'any-aws-account',
    ],
    ['s3:DataAccessPointAccount', '222222222222', 'partner', '*', 'any-aws-account'],
    ['s3:x-amz-server-side-encryption-aws-kms-key-id', KEY, 'partner', '*', 'any-aws-account'],
    ['sns:Endpoint', '*@shop.example', 'partner', '*', 'any-aws-account'],
    ['sts:ExternalId', 'shop', 'partner', '*', 'any-aws-account'],
  ])('%s is %s: %s; %s: %s', (key, fixed, audience, open, widest) => {
    expect(judge(allow(like(key, fixed))).openings[0]?.audience).toBe(audience);
    expect(judge(allow(like(key, open))).openings[0]?.audience).toBe(widest);
  });

  it.each<readonly [key: string, value: string]>([
    ['aws:ResourceAccount', OWNER],
    ['s3:ResourceAccount', OWNER],
    ['aws:ResourceOrgID', 'o-1'],
    ['aws:ResourceOrgPaths', 'o-1/r-1/*'],
    ['aws:UserAgent', 'shop'],
    ['s3:prefix', 'public/'],
    ['s3:delimiter', '/'],
    ['s3:max-keys', '10'],
    ['s3:VersionId', '1'],
    ['s3:TlsVersion', '1.2'],
    ['s3:authType', 'REST-QUERY-STRING'],
    ['s3:x-amz-acl', 'public-read'],
    ['s3:RequestObjectTag/public', 'yes'],
    ['sns:Protocol', 'https'],
    ['aws:RequestedRegion', 'eu-west-1'],
    ['aws:RequestTag/team', 'shop'],
    ['aws:TagKeys', 'team'],
    ['lambda:FunctionUrlAuthType', 'NONE'],
  ])('%s leaves everybody', (key, value) => {
    expect(judge(allow({ StringEquals: { [key]: value } })).openings[0]?.audience).toBe('internet');
    // A Deny of the same is got around by whoever brings something else.
    const audience = judge(allow(), deny({ StringEquals: { [key]: value } })).openings[0]?.audience;
    expect(audience).toBe(value === OWNER ? undefined : 'internet');
  });

  // Whoever signs brings them, so that `…IfExists` lets no stranger by.
  it.each([
    ['aws:PrincipalArn', 'arn:aws:iam::222222222222:role/ci'],
    ['aws:PrincipalAccount', '222222222222'],
    ['aws:userid', 'AROA1:ci'],
    ['kms:CallerAccount', '222222222222'],
  ])('%s is in every signed request', (key, value) => {
    const signed = {
      Null: { 'aws:PrincipalType': 'false' },
      StringNotEquals: { 'aws:PrincipalType': 'Anonymous' },
    };
    const only = { ...signed, StringEqualsIfExists: { [key]: value } };
    expect(judge(allow(only)).openings[0]?.audience).toBe('partner');
  });

  type Left = readonly [title: string, audience: string | undefined, ...statements: JsonObject[]];
  it.each<Left>([
    [
      'a request without the key, where it is always there',
      undefined,
      allow({ Null: { 'aws:ResourceOrgID': 'true' } }),
    ],
    ['a request without a referer', 'internet', allow({ Null: { 'aws:Referer': 'true' } })],
    [
      'a call of no service of AWS',
      'any-aws-account',
      allow({ Bool: { 'aws:PrincipalIsAWSService': 'false' } }),
    ],
    ['a call of a service of AWS', 'partner', allow({ Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    [
      'a call that no service makes for somebody',
      'internet',
      allow({ Bool: { 'aws:ViaAWSService': 'false' } }),
    ],
    ['a call that a service makes for somebody', undefined, allow({ Bool: { 'aws:ViaAWSService': 'true' } })],
    [
      'whoever has a second factor',
      'any-aws-account',
      allow({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    ],
    ['whoever has none', 'any-aws-account', allow({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } })],
    [
      'a Deny of whoever has no second factor',
      'any-aws-account',
      allow(),
      deny({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }),
      deny({ Null: { 'aws:MultiFactorAuthPresent': 'true' } }),
    ],
    ['a role', 'any-aws-account', allow({ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } })],
    ['whoever has a tag', 'any-aws-account', allow({ StringEquals: { 'aws:PrincipalTag/team': 'shop' } })],
    ['a name', 'any-aws-account', allow({ StringEquals: { 'aws:username': 'jane' } })],
    [
      'a token of these days',
      'any-aws-account',
      allow({ DateGreaterThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } }),
    ],
    [
      'a token of another year',
      undefined,
      allow({ DateLessThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:00Z' } }),
    ],
    ['who has a second factor', 'any-aws-account', allow({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })],
    [
      'who has a second factor of no kind',
      undefined,
      allow({ StringEquals: { 'aws:MultiFactorAuthPresent': 'perhaps' } }),
    ],
    [
      'a signature of a kind',
      'any-aws-account',
      allow({ StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } }),
    ],
    [
      'an account that is no account',
      undefined,
      allow({
        StringNotLike: { 'aws:PrincipalAccount': '????????????' },
        Null: { 'aws:PrincipalAccount': 'false' },
      }),
    ],
    ['a number below a bound', 'internet', allow({ NumericLessThan: { 's3:max-keys': '10' } })],
    ['a number above a bound', 'internet', allow({ NumericGreaterThan: { 's3:max-keys': '10' } })],
    [
      'a number between bounds',
      'internet',
      allow({ NumericLessThan: { 's3:max-keys': '12' } }),
      deny({ NumericLessThan: { 's3:max-keys': '11' } }),
      deny({ Null: { 's3:max-keys': 'true' } }),
    ],
    [
      'a time that the caller writes, before a bound',
      'internet',
      allow({ DateLessThan: { 'aws:RequestTag/until': '2026-01-01T00:00:00Z' } }),
    ],
    [
      'a time that the caller writes, after a bound',
      'internet',
      allow({ DateGreaterThan: { 'aws:RequestTag/until': '2026-01-01T00:00:00Z' } }),
    ],
    [
      'an address that is no range',
      'corp',
      allow({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }),
      deny({ StringLike: { 'aws:VpcSourceIp': '*/*' } }),
    ],
    [
      'a switch that no request spells so',
      undefined,
      allow({ StringEquals: { 'aws:SecureTransport': 'True' } }),
    ],
    ['an address inside a VPC', 'corp', allow({ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } })],
    ['a range of a /8', 'partner', allow({ IpAddress: { 'aws:SourceIp': '8.0.0.0/8' } })],
    [
      'more than a /8',
      'internet-wide',
      allow({ IpAddress: { 'aws:SourceIp': ['8.0.0.0/8', '9.0.0.1/32'] } }),
    ],
    ['a /32 of IPv6', 'partner', allow({ IpAddress: { 'aws:SourceIp': '2600:1f18::/32' } })],
    ['more than a /32 of IPv6', 'internet-wide', allow({ IpAddress: { 'aws:SourceIp': '2600::/31' } })],
    [
      'the ranges of Cloudflare',
      'cdn-only',
      allow({ IpAddress: { 'aws:SourceIp': ['104.16.0.0/13', '2a06:98c0::/29'] } }),
    ],
    ['private addresses', 'corp', allow({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    [
      'an identity of CloudFront',
      'cdn-only',
      allow({}, { Principal: { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' } }),
    ],
    ['CloudFront itself', 'cdn-only', allow({}, { Principal: { Service: 'cloudfront.amazonaws.com' } })],
    ['its own account', undefined, allow({}, { Principal: { AWS: `arn:aws:iam::${OWNER}:root` } })],
    ['an identity that is gone', undefined, allow({}, { Principal: { AWS: 'AIDAEXAMPLE' } })],
    ['whoever signs in elsewhere', undefined, allow({}, { Principal: { Federated: 'accounts.google.com' } })],
  ])('%s: %s', (...row) => {
    const [, audience, ...statements] = row as unknown as Left;
    expect(judge(...statements).openings[0]?.audience).toBe(audience);
  });
});

describe('who is told beside a content network', () => {
  const cloudfront = allow({}, { Sid: 'cdn', Principal: { Service: 'cloudfront.amazonaws.com' } });
  const cloudflare = allow(
    { IpAddress: { 'aws:SourceIp': '104.16.0.0/13' } },
    { Sid: 'cdn', Principal: '*' },
  );
  const account = allow({}, { Sid: 'account', Principal: { AWS: 'arn:aws:iam::222222222222:root' } });
  const members = allow({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, { Sid: 'members' });

  it.each<readonly [string, readonly (readonly [string, readonly string[]])[], readonly JsonObject[]]>([
    ['CloudFront alone', [['cdn-only', ['cdn']]], [cloudfront]],
    [
      'CloudFront and an account',
      [
        ['cdn-only', ['cdn']],
        ['partner', ['account']],
      ],
      [cloudfront, account],
    ],
    [
      'Cloudflare and an account',
      [
        ['cdn-only', ['cdn']],
        ['partner', ['account']],
      ],
      [cloudflare, account],
    ],
    [
      'CloudFront and an organisation',
      [
        ['cdn-only', ['cdn']],
        ['org', ['members']],
      ],
      [cloudfront, members],
    ],
    [
      'CloudFront, an account and an organisation: the wider of the two',
      [
        ['cdn-only', ['cdn']],
        ['partner', ['account']],
      ],
      [cloudfront, members, account],
    ],
    ['CloudFront and everybody', [['internet', ['allow']]], [cloudfront, allow()]],
    ['Cloudflare alone', [['cdn-only', ['cdn']]], [cloudflare]],
    [
      'CloudFront and an account in one statement',
      [
        ['cdn-only', ['both']],
        ['partner', ['both']],
      ],
      [
        allow(
          {},
          {
            Sid: 'both',
            Principal: { Service: 'cloudfront.amazonaws.com', AWS: 'arn:aws:iam::222222222222:root' },
          },
        ),
      ],
    ],
  ])('%s', (_title, told, statements) => {
    expect(judge(...statements).openings.map(({ audience, gates }) => [audience, gates])).toEqual(told);
  });
});

const means = (key: string): string =>
  `what the policy of shop means by its condition on ${key}: aws accessanalyzer list-findings --analyzer-arn ARN`;

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
  expect(judge(to({ StringEquals: { 'custom:key': 'x' } })).deputies).toEqual(['sns.amazonaws.com']);
  expect(judge(to({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } })).deputies).toEqual([
    'sns.amazonaws.com',
  ]);
});
