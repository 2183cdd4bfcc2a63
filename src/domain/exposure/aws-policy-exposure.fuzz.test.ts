import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import { openingsOf } from './aws-policy-exposure.ts';

/**
 * Resource policies against every request that somebody outside could make, one by one: signed or not, over TLS or
 * not, from here or there, under this name or that. The two share no code. Raise `RUNS` to look longer.
 */
const RUNS = 1_500;
const NOW = Date.UTC(2026, 0, 1);
const OWNER = '111111111111';

interface Request {
  readonly signed: boolean;
  readonly keys: Readonly<Record<string, string | undefined>>;
}

const ROLES = ['x', 'admin-1'];
const REQUESTS: readonly Request[] = ['8.8.8.8', '44.0.0.1', '200.1.2.3', '129.0.0.1'].flatMap((ip) =>
  ['true', 'false'].flatMap((transport) =>
    [undefined, 'shop', 'shoe', 'elsewhere'].flatMap((referer) => {
      const keys = {
        'aws:sourceip': ip,
        'aws:securetransport': transport,
        'aws:referer': referer,
        'aws:currenttime': '2026-01-01T00:00:00Z',
        'aws:resourceaccount': OWNER,
        'aws:viaawsservice': 'false',
      };
      const anonymous: Request = { signed: false, keys: { ...keys, 'aws:principaltype': 'Anonymous' } };
      const signed = ROLES.flatMap((role) =>
        [undefined, 'o-other'].flatMap((organisation) =>
          [undefined, 'vpce-other'].map(
            (endpoint): Request => ({
              signed: true,
              keys: {
                ...keys,
                'aws:principaltype': 'AssumedRole',
                'aws:principalisawsservice': 'false',
                'aws:principalorgid': organisation,
                'aws:sourcevpce': endpoint,
                'aws:principalaccount': '999999999999',
                'aws:principalarn': `arn:aws:iam::999999999999:role/${role}`,
              },
            }),
          ),
        ),
      );
      return [anonymous, ...signed];
    }),
  ),
);

const CONDITIONS: readonly JsonObject[] = [
  {},
  { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
  { IpAddress: { 'aws:SourceIp': ['128.0.0.0/1', '::/0'] } },
  { IpAddress: { 'aws:SourceIp': '200.1.2.3/32' } },
  { NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
  { NotIpAddress: { 'aws:SourceIp': '200.1.2.3/32' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
  { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
  { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': ['o-1'] } },
  { 'ForAnyValue:StringNotEquals': { 'aws:PrincipalOrgID': ['o-1'] } },
  { Null: { 'aws:PrincipalOrgID': 'true' } },
  { Null: { 'aws:PrincipalOrgID': 'false' } },
  { Null: { 'aws:SourceVpce': 'false' } },
  { Null: { 'aws:PrincipalArn': 'true' } },
  { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
  { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
  { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } },
  { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin-*' } },
  { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin-*' } },
  { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/*' } },
  { StringEquals: { 'aws:PrincipalAccount': '222222222222' } },
  { StringEquals: { 'aws:PrincipalType': 'Anonymous' } },
  { StringNotEquals: { 'aws:PrincipalType': 'Anonymous' } },
  { Bool: { 'aws:PrincipalIsAWSService': 'false' } },
  { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  { Bool: { 'aws:ViaAWSService': 'false' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringEquals: { 'aws:Referer': 'shop' } },
  { StringNotEquals: { 'aws:Referer': 'shop' } },
  { StringNotLikeIfExists: { 'aws:Referer': 'sho*' } },
  { Null: { 'aws:Referer': 'true' } },
  { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:Referer': 'shop' } },
  { Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 'aws:Referer': 'shop' } },
  { Bool: { 'aws:SecureTransport': 'true' }, IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
  { StringEquals: { 'aws:ResourceAccount': OWNER } },
  { DateLessThan: { 'aws:CurrentTime': '2025-12-31T00:00:00Z' } },
  { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
  { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' }, NotIpAddress: { 'aws:SourceIp': '0.0.0.0/1' } },
  { StringEquals: { 'aws:PrincipalOrgID': 'o-1' }, IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } },
];

/** The bits of an address of version 4, as a number. */
function bits(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isIn(address: string, block: string): boolean {
  if (block.includes(':')) return false;
  const [base = '', length = '0'] = block.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(bits(address) / size) === Math.floor(bits(base) / size);
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
}

/** Whether a request meets one test, operator by operator as AWS documents them. */
function meetsOne(operator: string, own: string | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return /^true$/i.test(wanted[0] ?? '') === (own === undefined);
  if (operator.startsWith('ForAllValues:') && own === undefined) return true;
  if (operator.startsWith('ForAnyValue:') && own === undefined) return false;
  if (operator.endsWith('IfExists') && own === undefined) return true;
  switch (operator.replace('IfExists', '').replace(/^For(?:All|Any)Values?:/, '')) {
    case 'IpAddress':
      return wanted.some((each) => isIn(own ?? '', each));
    case 'NotIpAddress':
      return !wanted.some((each) => isIn(own ?? '', each));
    case 'StringNotEquals':
      return own === undefined || !wanted.includes(own);
    case 'StringNotLike':
    case 'ArnNotLike':
      return own === undefined || !wanted.some((each) => glob(each).test(own));
    case 'StringLike':
    case 'ArnLike':
      return own !== undefined && wanted.some((each) => glob(each).test(own));
    case 'DateLessThan':
      return own !== undefined && wanted.some((each) => Date.parse(own) < Date.parse(each));
    case 'DateGreaterThanEquals':
      return own !== undefined && wanted.some((each) => Date.parse(own) >= Date.parse(each));
    default:
      return own !== undefined && wanted.includes(own);
  }
}

function meets(condition: JsonObject, { keys }: Request): boolean {
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests as JsonObject).every(([key, values]) =>
      meetsOne(operator, keys[key.toLowerCase()], [values].flat() as string[]),
    ),
  );
}

type Whom = 'everybody' | 'a named account' | 'all but a named account';
interface Line {
  readonly allow: boolean;
  readonly whom: Whom;
  readonly action: string;
  readonly condition: JsonObject;
}
const line: fc.Arbitrary<Line> = fc.record({
  allow: fc.oneof(fc.constant(true), fc.boolean()),
  whom: fc.oneof(
    { weight: 6, arbitrary: fc.constant('everybody' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('a named account' as const, 'all but a named account' as const),
    },
  ),
  action: fc.constantFrom('sqs:*', 'sqs:SendMessage', '*', 'sqs:Receive*'),
  condition: fc.constantFrom(...CONDITIONS),
});

const PRINCIPALS: Readonly<Record<Whom, Record<string, JsonValue>>> = {
  everybody: { Principal: '*' },
  'a named account': { Principal: { AWS: '222222222222' } },
  'all but a named account': { NotPrincipal: { AWS: '222222222222' } },
};

function audienceOf(lines: readonly Line[]): string {
  const policy = {
    Statement: lines.map(({ allow, whom, action, condition }) => ({
      Effect: allow ? 'Allow' : 'Deny',
      ...PRINCIPALS[whom],
      Action: action,
      Resource: '*',
      ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    })),
  };
  const { openings, undecided } = openingsOf(policy, ['sqs:SendMessage'], true, {
    name: 'shop',
    owner: OWNER,
    now: NOW,
  });
  expect(undecided).toEqual([]);
  return openings[0]?.audience ?? 'none';
}

const ORDER = ['none', 'corp', 'org', 'partner', 'cdn-only', 'any-aws-account', 'internet-wide', 'internet'];

describe('a resource policy', () => {
  it('is judged as for every request from outside it would be', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        // A named account is no stranger, so what is for it alone is for none of these requests.
        const about = lines.filter(
          ({ action, whom }) => action !== 'sqs:Receive*' && whom !== 'a named account',
        );
        const mayAsk = (request: Request): boolean =>
          about.some(({ allow, condition }) => allow && meets(condition, request)) &&
          !about.some(({ allow, condition }) => !allow && meets(condition, request));
        const audience = audienceOf(lines);
        seen.set(audience, (seen.get(audience) ?? 0) + 1);
        // 200.1.2.3/32 alone is a partner, so a public verdict needs more of them.
        const isWide = (signed: boolean): boolean =>
          REQUESTS.some(
            (request) =>
              request.signed === signed && request.keys['aws:sourceip'] !== '200.1.2.3' && mayAsk(request),
          );
        if (isWide(false)) expect(['internet', 'internet-wide']).toContain(audience);
        else if (isWide(true)) expect(audience).toBe('any-aws-account');
        else expect(['partner', 'org', 'corp', 'none']).toContain(audience);
      }),
      { numRuns: RUNS },
    );
    expect([...seen.keys()].sort()).toEqual(
      expect.arrayContaining(['any-aws-account', 'internet', 'internet-wide', 'none', 'org', 'partner']),
    );
  });

  it('never becomes less public by another Allow, nor more by another Deny', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), line, (lines, more) => {
        const before = ORDER.indexOf(audienceOf(lines));
        const after = ORDER.indexOf(audienceOf([...lines, more]));
        if (more.allow) expect(after).toBeGreaterThanOrEqual(before);
        else expect(after).toBeLessThanOrEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('says the same in whatever order its statements stand', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 5 }), (lines, swaps) => {
        const moved = [...lines];
        for (const [index, by] of swaps.entries()) {
          if (index >= moved.length) break;
          const [one] = moved.splice(by % moved.length, 1);
          if (one !== undefined) moved.splice(index % (moved.length + 1), 0, one);
        }
        expect(audienceOf(moved)).toBe(audienceOf(lines));
      }),
      { numRuns: RUNS / 5 },
    );
  });
});
