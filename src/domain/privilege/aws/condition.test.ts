import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { Caller, Question } from './caller.ts';
import { CERTAIN, NO, UNDECIDED, WEAKENED } from './certainty.ts';
import { allowMeets, denyMisses, isComparison, type Outcome, outcomeOf, testsOf } from './condition.ts';
import { iam } from './iam-principal.test-sample.ts';

const USER: Caller = {
  arn: iam('user', 'team/ann'),
  account: '111111111111',
  kind: 'user',
  name: 'ann',
  uniqueId: 'AIDA1',
  tags: { Team: 'web' },
  choosesItsTags: false,
  isBounded: false,
  organisation: 'o-1',
  organisationPath: 'o-1/r-1/ou-1/ou-2/',
};
const ALONE: Caller = { ...USER, organisation: null, organisationPath: null };
const UNPLACED: Caller = { ...USER, organisationPath: undefined };
const ROLE: Caller = { ...USER, arn: iam('role', 'app'), kind: 'role', name: 'app', uniqueId: 'AROA1' };
const GROUP: Caller = { ...USER, kind: 'group' };
const NOW = Date.UTC(2026, 9, 1, 12);
const NOW_TEXT = new Date(NOW).toISOString();

interface About extends Partial<Omit<Question, 'request'>> {
  readonly request?: Readonly<Record<string, readonly string[] | null>>;
  /** Of the policy; 2012-10-17 fills in variables. */
  readonly hasVariables?: boolean;
}

function question({ request = {}, hasVariables: _, ...about }: About): Question {
  return {
    caller: USER,
    action: 's3:getobject',
    resource: 'arn:aws:s3:::logs/a',
    target: null,
    now: NOW,
    ...about,
    request: new Map(Object.entries(request)),
  };
}

const tests = (condition: JsonObject, about: About = {}) => testsOf(condition, about.hasVariables ?? true);

function outcome(operator: string, key: string, value: JsonValue, about: About = {}): Outcome {
  const [only, ...others] = tests({ [operator]: { [key]: value } }, about);
  if (only === undefined || others.length > 0) throw new Error('expected one test');
  return outcomeOf(only, question(about));
}

const TARGET: NonNullable<Question['target']> = {
  arn: iam('role', 'admin'),
  account: '222222222222',
  tags: { Env: 'prod' },
  boundary: iam('policy', 'cap'),
  isTaggable: false,
};
const OWN: typeof TARGET = { ...TARGET, account: USER.account };
const asked = (...values: readonly string[]): About => ({ request: { 's3:key': values } });
const ABSENT: About = { request: { 's3:key': null } };

describe('operators', () => {
  test.each<[string, JsonValue, readonly string[], Outcome]>([
    ['StringEquals', 'a', ['a'], 'met'],
    ['StringEquals', 'A', ['a'], 'unmet'],
    ['StringEquals', ['b', 'a'], ['a'], 'met'],
    ['StringEquals', 'a*', ['ab'], 'unmet'],
    ['stringnotequals', 'a', ['a'], 'unmet'],
    ['StringNotEquals', ['b', 'a'], ['a'], 'unmet'],
    ['StringNotEquals', ['b', 'c'], ['a'], 'met'],
    ['StringEqualsIgnoreCase', 'A', ['a'], 'met'],
    ['StringEqualsIgnoreCase', 'a', ['A'], 'met'],
    ['StringEqualsIgnoreCase', 'A', ['b'], 'unmet'],
    ['StringNotEqualsIgnoreCase', 'A', ['a'], 'unmet'],
    ['StringNotEqualsIgnoreCase', 'B', ['a'], 'met'],
    ['StringLike', 'a*c', ['a:b/c'], 'met'],
    ['StringLike', 'a?c', ['abbc'], 'unmet'],
    ['StringNotLike', 'a*', ['abc'], 'unmet'],
    ['StringNotLike', 'b*', ['abc'], 'met'],
    ['ArnLike', 'arn:aws:iam::*:role/*', ['arn:aws:iam::1:role/a/b'], 'met'],
    ['ArnLike', 'arn:*:role/a', ['arn:aws:iam::1:role/a'], 'unmet'],
    ['ArnLike', 'arn:aws:logs:*:*:log-group:x:*', ['arn:aws:logs:eu-west-1:1:log-group:x:y:z'], 'met'],
    ['ArnLike', 'arn:aws:logs:*:*:log-group:y:*', ['arn:aws:logs:eu-west-1:1:log-group:x:y:z'], 'unmet'],
    ['ArnLike', '*', ['arn:aws:iam::1:role/a'], 'unmet'],
    ['ArnLike', 'arn:aws:iam::1', ['arn:aws:iam::1'], 'unmet'],
    ['ArnEquals', 'arn:aws:iam::1:role/*', ['arn:aws:iam::1:role/a'], 'met'],
    ['ArnNotEquals', 'arn:aws:iam::1:role/*', ['arn:aws:iam::1:role/a'], 'unmet'],
    ['ArnNotLike', 'arn:aws:iam::1:user/*', ['arn:aws:iam::1:role/a'], 'met'],
    ['Bool', 'true', ['True'], 'met'],
    ['Bool', true, ['true'], 'met'],
    ['Bool', false, ['true'], 'unmet'],
    ['BinaryEquals', 'QQ==', ['QQ=='], 'met'],
    ['IpAddress', '10.0.0.0/8', ['10.1.2.3'], 'met'],
    ['IpAddress', ['192.168.0.0/16', '10.0.0.0/8'], ['10.1.2.3/32'], 'met'],
    ['IpAddress', '10.0.0.0/8', ['11.1.2.3'], 'unmet'],
    ['IpAddress', '10.1.2.3/32', ['10.0.0.0/8'], 'unmet'],
    ['IpAddress', 'nowhere', ['10.1.2.3'], 'unmet'],
    ['IpAddress', '10.0.0.0/8', ['nowhere'], 'unmet'],
    ['IpAddress', '2001:db8::/32', ['2001:db8::1'], 'met'],
    ['NotIpAddress', '10.0.0.0/8', ['10.1.2.3'], 'unmet'],
    ['NotIpAddress', '10.0.0.0/8', ['11.1.2.3'], 'met'],
    ['NumericEquals', 3, ['3.0'], 'met'],
    ['NumericEquals', '3', ['4'], 'unmet'],
    ['NumericNotEquals', 3, ['3'], 'unmet'],
    ['NumericNotEquals', 3, ['4'], 'met'],
    ['NumericLessThan', 3, ['2'], 'met'],
    ['NumericLessThan', 3, ['3'], 'unmet'],
    ['NumericLessThanEquals', 3, ['3'], 'met'],
    ['NumericLessThanEquals', 3, ['4'], 'unmet'],
    ['NumericGreaterThan', 3, ['4'], 'met'],
    ['NumericGreaterThan', 3, ['3'], 'unmet'],
    ['NumericGreaterThanEquals', 3, ['3'], 'met'],
    ['NumericGreaterThanEquals', 3, ['2'], 'unmet'],
    ['NumericLessThan', 'many', ['2'], 'unmet'],
    ['NumericGreaterThan', 3, ['many'], 'unmet'],
    ['DateEquals', '2026-10-01T00:00:00Z', ['2026-10-01T02:00:00+02:00'], 'met'],
    ['DateNotEquals', '2026-10-01T00:00:00Z', ['2026-10-01T00:00:00Z'], 'unmet'],
    ['DateNotEquals', '2026-10-01T00:00:00Z', ['2026-10-02T00:00:00Z'], 'met'],
    ['DateLessThan', '2026-10-01T00:00:00Z', ['2026-09-30T00:00:00Z'], 'met'],
    ['DateLessThan', '2026-10-01T00:00:00Z', ['2026-10-01T00:00:00Z'], 'unmet'],
    ['DateLessThanEquals', '2026-10-01T00:00:00Z', ['2026-10-01T00:00:00Z'], 'met'],
    ['DateLessThanEquals', '2026-10-01T00:00:00Z', ['2026-10-02T00:00:00Z'], 'unmet'],
    ['DateGreaterThan', '2026-10-01T00:00:00Z', ['2026-10-02T00:00:00Z'], 'met'],
    ['DateGreaterThan', '2026-10-01T00:00:00Z', ['2026-10-01T00:00:00Z'], 'unmet'],
    ['DateGreaterThanEquals', '2026-10-01T00:00:00Z', ['2026-10-01T00:00:00Z'], 'met'],
    ['DateGreaterThanEquals', '2026-10-01T00:00:00Z', ['2026-09-30T00:00:00Z'], 'unmet'],
    ['DateLessThan', 'some day', ['2026-09-30T00:00:00Z'], 'unmet'],
    ['DateGreaterThan', '2026-10-01T00:00:00Z', ['some day'], 'unmet'],
    ['Null', 'true', ['a'], 'unmet'],
    ['Null', false, ['a'], 'met'],
    ['Null', 'True', ['a'], 'unmet'],
    ['null', 'FALSE', ['a'], 'met'],
    ['StringSomething', 'a', ['a'], 'undecided'],
    ['StringEquals', [], ['a'], 'unmet'],
    ['StringEquals', { a: 'a' }, ['a'], 'unmet'],
    ['StringEquals', [['a']], ['a'], 'met'],
  ])('%s %j on %j is %s', (operator, value, values, expected) => {
    expect(outcome(operator, 's3:Key', value, asked(...values))).toBe(expected);
  });

  test.each<[string, JsonValue, Outcome]>([
    ['StringEquals', 'a', 'unmet'],
    ['StringNotEquals', 'a', 'met'],
    ['ArnNotLike', 'a', 'met'],
    ['NotIpAddress', '10.0.0.0/8', 'met'],
    ['StringEqualsIfExists', 'a', 'met'],
    ['StringNotEqualsIfExists', 'a', 'met'],
    ['ForAllValues:StringEquals', 'a', 'met'],
    ['ForAllValues:StringNotEquals', 'a', 'met'],
    ['ForAnyValue:StringEquals', 'a', 'unmet'],
    ['ForAnyValue:StringNotEquals', 'a', 'unmet'],
    ['ForAnyValue:StringEqualsIfExists', 'a', 'met'],
    ['Null', 'true', 'met'],
    ['Null', 'TRUE', 'met'],
    ['Null', 'false', 'unmet'],
    ['Null', 'False', 'unmet'],
  ])('%s %j on a key that is not there is %s', (operator, value, expected) => {
    expect(outcome(operator, 's3:key', value, ABSENT)).toBe(expected);
  });

  test.each<[string, JsonValue, Outcome]>([
    ['ForAllValues:StringEquals', ['a', 'b'], 'met'],
    ['ForAllValues:StringEquals', 'a', 'unmet'],
    ['ForAnyValue:StringEquals', 'a', 'met'],
    ['ForAnyValue:StringEquals', 'c', 'unmet'],
    ['ForAllValues:StringNotEquals', 'a', 'unmet'],
    ['ForAnyValue:StringNotEquals', 'a', 'met'],
    ['StringEquals', 'b', 'met'],
    ['StringEqualsIfExists', 'c', 'unmet'],
  ])('%s %j on a key of two values is %s', (operator, value, expected) => {
    expect(outcome(operator, 's3:key', value, asked('a', 'b'))).toBe(expected);
  });

  test('several tests: each must let an Allow apply, and one keeps a Deny from it', () => {
    const met = { StringEquals: { 's3:key': 'a' } };
    const unmet = { StringEquals: { 's3:key': 'b' } };
    const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    const nobodyKnows = { StringEquals: { 'service:thing': 'a' } };
    const chosen = { StringEquals: { 'aws:RequestTag/a': 'b' } };
    const both = (...conditions: readonly JsonObject[]) => {
      const all = conditions.flatMap((condition) => tests(condition));
      return [allowMeets(all, question(asked('a'))), denyMisses(all, question(asked('a')))];
    };
    expect(both()).toEqual([CERTAIN, NO]);
    expect(both(met)).toEqual([CERTAIN, NO]);
    expect(both(unmet)).toEqual([NO, CERTAIN]);
    expect(both(chosen)).toEqual([CERTAIN, CERTAIN]);
    expect(both(mfa)).toEqual([WEAKENED, WEAKENED]);
    expect(both(nobodyKnows)).toEqual([UNDECIDED, UNDECIDED]);
    for (const order of [
      [met, mfa, nobodyKnows],
      [nobodyKnows, mfa, met],
    ])
      expect(both(...order)).toEqual([UNDECIDED, WEAKENED]);
    for (const order of [
      [met, mfa, unmet],
      [unmet, mfa, met],
    ])
      expect(both(...order)).toEqual([NO, CERTAIN]);
    expect(both({ StringEquals: { 's3:key': 'a', 's3:other': 'a' } })).toEqual([UNDECIDED, UNDECIDED]);
  });

  test('null compares nothing, all others do', () => {
    expect(['stringequals', 'null', 'stringsomething'].map(isComparison)).toEqual([true, false, false]);
  });
});

describe('keys', () => {
  const eu = { resource: 'arn:aws:sqs:eu-west-1:333333333333:orders', action: 'sqs:sendmessage' };
  test.each<[string, string, JsonValue, Outcome, About]>([
    ['aws:PrincipalArn', 'StringEquals', USER.arn, 'met', {}],
    ['aws:PrincipalArn', 'ArnLike', 'arn:aws:iam::*:user/team/*', 'met', {}],
    ['aws:PrincipalAccount', 'StringEquals', '111111111111', 'met', {}],
    ['aws:PrincipalAccount', 'StringEquals', '222222222222', 'unmet', {}],
    ['aws:PrincipalOrgID', 'StringEquals', 'o-1', 'met', {}],
    ['aws:PrincipalOrgID', 'StringEquals', 'o-2', 'unmet', {}],
    ['aws:PrincipalOrgID', 'StringNotEquals', 'o-1', 'met', { caller: { ...USER, organisation: null } }],
    [
      'aws:PrincipalOrgID',
      'StringEquals',
      'o-1',
      'undecided',
      { caller: { ...USER, organisation: undefined } },
    ],
    ['aws:PrincipalOrgPaths', 'ForAnyValue:StringLike', 'o-1/r-1/ou-1/*', 'met', {}],
    ['aws:PrincipalOrgPaths', 'ForAnyValue:StringEquals', 'o-1/r-1/ou-1/', 'unmet', {}],
    ['aws:PrincipalOrgPaths', 'ForAnyValue:StringLike', 'o-1/*', 'unmet', { caller: ALONE }],
    ['aws:PrincipalOrgPaths', 'ForAnyValue:StringLike', 'o-1/*', 'undecided', { caller: UNPLACED }],
    ['aws:ResourceOrgID', 'StringEquals', 'o-1', 'met', { target: OWN }],
    ['aws:ResourceOrgID', 'StringEquals', 'o-1', 'met', { resource: 'arn:aws:sns:eu-west-1:111111111111:a' }],
    ['aws:ResourceOrgID', 'StringEquals', `\${aws:PrincipalOrgID}`, 'met', { target: OWN }],
    ['aws:ResourceOrgID', 'StringEquals', 'o-1', 'undecided', { target: TARGET }],
    ['aws:ResourceOrgID', 'StringEquals', 'o-1', 'undecided', {}],
    ['aws:ResourceOrgID', 'StringEquals', 'o-1', 'unmet', { target: { ...TARGET, organisation: 'o-2' } }],
    ['aws:ResourceOrgID', 'StringNotEquals', 'o-1', 'met', { target: { ...TARGET, organisation: null } }],
    ['aws:ResourceOrgPaths', 'ForAnyValue:StringLike', 'o-1/r-1/*', 'met', { target: OWN }],
    ['aws:ResourceOrgPaths', 'ForAnyValue:StringLike', 'o-1/r-1/*', 'undecided', { target: TARGET }],
    [
      'aws:ResourceOrgPaths',
      'ForAnyValue:StringLike',
      'o-2/r-2/*',
      'met',
      { target: { ...TARGET, organisationPath: 'o-2/r-2/' } },
    ],
    ['aws:PrincipalType', 'StringEquals', 'User', 'met', {}],
    ['aws:PrincipalType', 'StringEquals', 'AssumedRole', 'met', { caller: ROLE }],
    ['aws:PrincipalType', 'StringEquals', 'User', 'undecided', { caller: GROUP }],
    ['aws:PrincipalIsAWSService', 'Bool', 'false', 'met', {}],
    ['aws:username', 'StringEquals', 'ann', 'met', {}],
    ['aws:username', 'StringEquals', 'app', 'unmet', { caller: ROLE }],
    ['aws:username', 'StringEquals', 'ann', 'undecided', { caller: GROUP }],
    ['aws:userid', 'StringEquals', 'AIDA1', 'met', {}],
    ['aws:userid', 'StringLike', 'AROA1:*', 'met', { caller: ROLE }],
    ['aws:userid', 'StringEquals', 'AROA1', 'unmet', { caller: ROLE }],
    ['aws:userid', 'StringEquals', 'AIDA1', 'undecided', { caller: GROUP }],
    ['aws:userid', 'StringEquals', 'AIDA1', 'undecided', { caller: { ...USER, uniqueId: null } }],
    ['aws:PrincipalTag/team', 'StringEquals', 'web', 'met', {}],
    ['aws:PrincipalTag/Team', 'StringEquals', 'app', 'unmet', {}],
    ['aws:PrincipalTag/other', 'StringNotEquals', 'web', 'met', {}],
    ['aws:PrincipalTag/team', 'StringEquals', 'app', 'chosen', { caller: { ...USER, choosesItsTags: true } }],
    ['aws:PrincipalTag/team', 'StringEquals', 'app', 'undecided', { caller: { ...USER, tags: null } }],
    ['aws:ResourceTag/env', 'StringEquals', 'prod', 'met', { target: TARGET }],
    ['iam:ResourceTag/env', 'StringEquals', 'test', 'unmet', { target: TARGET }],
    ['ssm:resourceTag/Env', 'StringEquals', 'prod', 'met', { target: TARGET }],
    ['ec2:ResourceTag/x', 'Null', 'true', 'met', { target: TARGET }],
    ['ec2:ResourceTag/x', 'StringEquals', 'y', 'chosen', { target: { ...TARGET, isTaggable: true } }],
    ['ec2:ResourceTag/x', 'StringEquals', 'y', 'undecided', {}],
    ['other:ResourceTag/env', 'StringEquals', 'prod', 'undecided', { target: TARGET }],
    ['iam:PermissionsBoundary', 'StringEquals', iam('policy', 'cap'), 'met', { target: TARGET }],
    ['iam:PermissionsBoundary', 'Null', 'true', 'met', { target: { ...TARGET, boundary: null } }],
    ['iam:PermissionsBoundary', 'Null', 'true', 'undecided', {}],
    ['aws:ResourceAccount', 'StringEquals', '222222222222', 'met', { target: TARGET }],
    ['aws:ResourceAccount', 'StringEquals', '333333333333', 'met', eu],
    ['aws:ResourceAccount', 'StringEquals', '333333333333', 'undecided', {}],
    ['aws:RequestedRegion', 'StringEquals', 'eu-west-1', 'met', eu],
    ['aws:RequestedRegion', 'StringEquals', 'us-east-1', 'unmet', eu],
    [
      'aws:RequestedRegion',
      'StringEquals',
      'eu-west-1',
      'chosen',
      { action: 'ec2:runinstances', resource: '*' },
    ],
    ['aws:RequestedRegion', 'StringEquals', 'us-east-1', 'met', { action: 'iam:createuser', resource: '*' }],
    [
      'aws:RequestedRegion',
      'StringEquals',
      'eu-west-1',
      'unmet',
      { action: 'iam:createuser', resource: '*' },
    ],
    ['aws:SourceAccount', 'StringEquals', '1', 'unmet', {}],
    ['aws:SourceAccount', 'StringNotEquals', '1', 'met', {}],
    ['aws:SourceArn', 'Null', 'true', 'met', {}],
    ['aws:TagKeys', 'ForAllValues:StringEquals', 'a', 'chosen', {}],
    ['aws:RequestTag/Team', 'StringEquals', 'a', 'chosen', {}],
    ['aws:SecureTransport', 'Bool', 'false', 'chosen', {}],
    ['aws:MultiFactorAuthPresent', 'Bool', 'true', 'environment', {}],
    ['aws:MultiFactorAuthPresent', 'Bool', 'true', 'environment', { caller: GROUP }],
    ['aws:MultiFactorAuthPresent', 'Bool', 'true', 'unmet', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'StringEquals', 'true', 'unmet', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'BoolIfExists', 'false', 'met', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'StringNotEquals', 'true', 'met', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'Bool', ['true', 'false'], 'undecided', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'Bool', 'false', 'undecided', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'BoolIfExists', 'true', 'undecided', { caller: ROLE }],
    ['aws:MultiFactorAuthPresent', 'Null', 'true', 'undecided', { caller: ROLE }],
    [
      'aws:MultiFactorAuthPresent',
      'Bool',
      'true',
      'met',
      { caller: ROLE, request: { 'aws:multifactorauthpresent': ['true'] } },
    ],
    ['aws:MultiFactorAuthAge', 'NumericLessThan', '3600', 'unmet', { caller: ROLE }],
    ['aws:MultiFactorAuthAge', 'NumericGreaterThanIfExists', '3600', 'met', { caller: ROLE }],
    ['aws:MultiFactorAuthAge', 'Null', 'true', 'met', { caller: ROLE }],
    ['sts:ExternalId', 'StringEquals', 'x', 'environment', {}],
    ['aws:SourceIp', 'IpAddress', '10.0.0.0/8', 'environment', {}],
    ['aws:SourceIp', 'IpAddress', '0.0.0.0/0', 'met', {}],
    ['aws:SourceIp', 'IpAddress', ['0.0.0.0/1', '128.0.0.0/1'], 'met', {}],
    ['aws:SourceIp', 'IpAddress', ['0.0.0.0/1', 'x'], 'environment', {}],
    ['aws:SourceIp', 'IpAddress', [], 'environment', {}],
    ['aws:SourceIp', 'NotIpAddress', '0.0.0.0/0', 'unmet', {}],
    ['aws:SourceIp', 'StringLike', '0.0.0.0/0', 'environment', {}],
    ['aws:VpcSourceIp', 'IpAddress', '0.0.0.0/0', 'environment', {}],
    ['service:Thing', 'StringEquals', 'a', 'undecided', {}],
  ])('%s %s %j is %s', (key, operator, value, expected, about) => {
    expect(outcome(operator, key, value, about)).toBe(expected);
  });

  test.each<[Outcome, readonly string[]]>([
    [
      'chosen',
      [
        'aws:RequestTag/x',
        'aws:TagKeys',
        'aws:SecureTransport',
        'aws:UserAgent',
        'aws:Referer',
        'ec2:InstanceType',
        'ec2:MetadataHttpTokens',
        'iam:AWSServiceName',
        'iam:AssociatedResourceArn',
        'iam:PassedToService',
        'iam:PolicyARN',
        'lambda:FunctionUrlAuthType',
        'lambda:Principal',
        's3:prefix',
        's3:delimiter',
        's3:max-keys',
        's3:x-amz-acl',
        'sts:RoleSessionName',
        'sts:SourceIdentity',
      ],
    ],
    [
      'environment',
      [
        'aws:MultiFactorAuthPresent',
        'aws:MultiFactorAuthAge',
        'aws:SourceIp',
        'aws:VpcSourceIp',
        'aws:SourceVpc',
        'aws:SourceVpce',
        'aws:SourceVpcArn',
        'aws:VpceAccount',
        'aws:VpceOrgID',
        'aws:VpceOrgPaths',
        'aws:ViaAWSService',
        'aws:CalledVia',
        'aws:CalledViaFirst',
        'aws:CalledViaLast',
        'kms:ViaService',
        'sts:ExternalId',
      ],
    ],
    [
      'unmet',
      [
        'aws:SourceArn',
        'aws:SourceAccount',
        'aws:SourceOrgID',
        'aws:SourceOrgPaths',
        'aws:PrincipalServiceName',
        'aws:PrincipalServiceNamesList',
        's3:DataAccessPointArn',
        's3:DataAccessPointAccount',
        's3:AccessPointNetworkOrigin',
      ],
    ],
    ['undecided', ['aws:SourceIdentity', 'ec2:Owner', 's3:ExistingObjectTag/x']],
  ])('a principal by itself finds %s: %j', (expected, keys) => {
    for (const key of keys) expect([key, outcome('StringEquals', key, 'x')]).toEqual([key, expected]);
  });

  test.each<[string, string, JsonValue, Outcome, About]>([
    ['aws:CurrentTime', 'DateLessThan', '2026-10-01T12:00:01Z', 'met', {}],
    ['aws:CurrentTime', 'DateLessThan', '2026-10-01T12:00:00Z', 'unmet', {}],
    ['aws:EpochTime', 'DateGreaterThan', '2026-10-01T11:59:59Z', 'met', {}],
    ['aws:EpochTime', 'NumericEquals', NOW / 1_000, 'met', {}],
    ['aws:CurrentTime', 'StringEquals', '2026-10-01T12:00:00.000Z', 'undecided', {}],
    ['aws:CurrentTime', 'StringLike', '2026-10-*', 'undecided', {}],
    ['aws:CurrentTime', 'StringLike', '2026-10-*', 'met', { request: { 'aws:currenttime': [NOW_TEXT] } }],
    ['aws:CurrentTime', 'Null', 'true', 'unmet', {}],
    ['aws:CurrentTime', 'NumericLessThan', '2026-10-02', 'unmet', {}],
    ['aws:EpochTime', 'NumericLessThan', `\${aws:ResourceTag/until}`, 'undecided', {}],
    ['aws:EpochTime', 'NumericLessThan', `\${aws:PrincipalTag/until, '1890000000'}`, 'met', {}],
    ['aws:CurrentTime', 'DateLessThan', `\${aws:PrincipalTag/until}T00:00:00Z`, 'undecided', {}],
    ['aws:username', 'StringLike', `\${aws:CurrentTime}`, 'undecided', {}],
    ['aws:username', 'StringLike', `\${aws:CurrentTime}`, 'unmet', { request: { 'aws:currenttime': ['x'] } }],
    [
      'aws:CurrentTime',
      'DateLessThan',
      '2026-10-01T12:00:00Z',
      'met',
      { request: { 'aws:currenttime': ['2026-01-01T00:00:00Z'] } },
    ],
    ['aws:TokenIssueTime', 'DateLessThan', '2026-01-01T00:00:00Z', 'unmet', {}],
    ['aws:TokenIssueTime', 'DateLessThan', '2027-01-01T00:00:00Z', 'undecided', {}],
    ['aws:TokenIssueTime', 'DateNotEquals', NOW_TEXT, 'undecided', {}],
    ['aws:TokenIssueTime', 'DateLessThanIfExists', '2026-01-01T00:00:00Z', 'undecided', {}],
    ['aws:TokenIssueTime', 'ForAllValues:DateLessThan', '2026-01-01T00:00:00Z', 'undecided', {}],
    ['aws:TokenIssueTime', 'DateLessThan', '2027-01-01T00:00:00Z', 'met', { caller: ROLE }],
    [
      'aws:TokenIssueTime',
      'DateLessThan',
      '2026-01-01T00:00:00Z',
      'met',
      { request: { 'aws:tokenissuetime': ['2025-01-01T00:00:00Z'] } },
    ],
    [
      'aws:CurrentTime',
      'DateLessThan',
      `\${aws:PrincipalTag/until}`,
      'met',
      { caller: { ...USER, tags: { Until: '2027-01-01T00:00:00Z' } } },
    ],
    [
      'aws:CurrentTime',
      'DateLessThan',
      `\${aws:PrincipalTag/until}`,
      'unmet',
      { caller: { ...USER, tags: { until: '2026-01-01T00:00:00Z' } } },
    ],
    ['aws:CurrentTime', 'DateLessThan', `\${aws:PrincipalTag/until}`, 'unmet', {}],
    [
      'aws:CurrentTime',
      'DateLessThan',
      `\${aws:PrincipalTag/until}`,
      'undecided',
      { caller: { ...USER, tags: null } },
    ],
  ])('the time: %s %s %j is %s', (key, operator, value, expected, about) => {
    expect(outcome(operator, key, value, about)).toBe(expected);
  });
});

describe('variables', () => {
  test.each<[JsonValue, Outcome, About]>([
    [`home/\${aws:username}`, 'met', asked('home/ann')],
    [`home/\${AWS:Username }`, 'met', asked('home/ann')],
    [`home/\${aws:username}`, 'unmet', asked('home/bob')],
    [`home/\${aws:username}`, 'unmet', { ...asked(`home/\${aws:username}`), hasVariables: true }],
    [`home/\${aws:username}`, 'met', { ...asked(`home/\${aws:username}`), hasVariables: false }],
    [`home/\${aws:username}`, 'unmet', { ...asked('home/'), caller: ROLE }],
    [`home/\${aws:username, 'guest'}`, 'met', { ...asked('home/guest'), caller: ROLE }],
    [`home/\${aws:username}`, 'undecided', { ...asked('home/ann'), caller: GROUP }],
    [['other', `home/\${aws:username}`], 'undecided', { ...asked('other'), caller: GROUP }],
    [['other', `home/\${aws:username}`], 'met', { ...asked('other'), caller: ROLE }],
    [`\${*}`, 'met', asked('*')],
    [`\${?}`, 'met', asked('?')],
    [`\${$}`, 'met', asked('$')],
  ])('StringEquals %j is %s', (value, expected, about) => {
    expect(outcome('StringEquals', 's3:key', value, about)).toBe(expected);
  });

  test.each<[string, string, Outcome]>([
    [`a\${*}`, 'a*', 'met'],
    [`a\${*}`, 'ab', 'unmet'],
    [`a\${?}*`, 'a?b', 'met'],
    [`a\${?}*`, 'abb', 'unmet'],
    [`\${aws:PrincipalTag/team}*`, 'w*b', 'unmet'],
    [`\${aws:PrincipalTag/team}*`, 'website', 'met'],
  ])('StringLike %s on %s is %s', (value, text, expected) => {
    expect(outcome('StringLike', 's3:key', value, asked(text))).toBe(expected);
  });

  test('a value with wildcards of its own is compared as it stands', () => {
    const caller = { ...USER, tags: { Team: 'w*?' } };
    expect(outcome('StringLike', 's3:key', `\${aws:PrincipalTag/team}`, { ...asked('w*?'), caller })).toBe(
      'met',
    );
    expect(outcome('StringLike', 's3:key', `\${aws:PrincipalTag/team}`, { ...asked('wxy'), caller })).toBe(
      'unmet',
    );
    expect(outcome('StringEquals', 's3:key', `\${aws:PrincipalTag/team}`, { ...asked('w*?'), caller })).toBe(
      'met',
    );
  });
});
