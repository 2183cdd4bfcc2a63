import type { Json, LiteralCase, Policy, Statement } from './decide.literal.test-sample.ts';

const ACCOUNTS = ['111111111111', '222222222222'];
const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  'iam:PassRole',
  'sts:AssumeRole',
  'kms:Decrypt',
  // Is about no resource, and one that no privilege is judged by.
  'lambda:CreateEventSourceMapping',
  'sqs:ListDeadLetterSourceQueues',
];
const ACTION_PATTERNS = [...ACTIONS, '*', 's3:*', 'S3:get*', 'iam:Pass?ole', 'kms:*', '*:*Role', 'lambda:*'];
const RESOURCES = [
  'arn:aws:s3:::logs/a',
  'arn:aws:s3:::logs/ann/x',
  'arn:aws:s3:::logs/w*',
  'arn:aws:iam::111111111111:role/app',
  'arn:aws:kms:eu-west-1:222222222222:key/1',
  'arn:aws:sqs:eu-west-1:111111111111:orders',
];
const RESOURCE_PATTERNS = [
  ...RESOURCES,
  '*',
  'arn:aws:s3:::*',
  `arn:aws:s3:::logs/\${aws:username}/*`,
  'arn:aws:iam::*:role/a??',
  'arn:aws:*:*:222222222222:*',
  `arn:aws:s3:::logs/\${aws:PrincipalTag/team, 'a'}`,
  `arn:aws:s3:::logs/\${aws:SourceIdentity}`,
  `arn:aws:s3:::logs/w\${*}`,
  `arn:aws:sqs:*:\${aws:PrincipalAccount}:*`,
];
const COMPARED = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
];
/** Some are more usual than others. */
const OPERATORS = [
  ...COMPARED,
  ...['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike', 'ArnLike', 'ArnNotLike'],
  ...['Null', 'Null', 'Bool', 'Nonsense'],
];
const PREFIXES = ['', '', '', 'ForAllValues:', 'ForAnyValue:'];
const VALUES = [
  'ann',
  'ANN',
  'a',
  'w*',
  'true',
  'false',
  'admins',
  '*',
  'a*',
  'arn:aws:iam::111111111111:user/ann',
  'arn:aws:iam::*:user/*',
  'arn:*:role/ann',
  '111111111111',
  'o-1',
  'AIDA1',
  'AIDA1:*',
  'User',
  'us-east-1',
  'eu-west-1',
  '10.0.0.0/8',
  '0.0.0.0/0',
  '2020-01-01T00:00:00Z',
  '2026-10-01T00:00:00Z',
  '2030-01-01T00:00:00Z',
  '1790812800',
  '1893456000',
  '10',
  `\${aws:username}`,
  `\${aws:PrincipalTag/team, 'a'}`,
  `\${aws:SourceIdentity}`,
  `\${aws:CurrentTime}`,
  `w\${*}`,
  'ec2.amazonaws.com',
];
const OF_TAGS = ['ann', 'a', 'admins', 'w*', `\${aws:PrincipalTag/team}`, `\${aws:username}`];
const ARNS = ['arn:aws:iam::111111111111:user/ann', 'arn:aws:iam::*:user/*', 'arn:aws:iam::*:role/a??', '*'];
const TIMES = [
  '2020-01-01T00:00:00Z',
  '2026-10-01T00:00:00Z',
  '2030-01-01T00:00:00Z',
  '1790812800',
  `\${aws:PrincipalTag/until, '2030-01-01T00:00:00Z'}`,
  `\${aws:PrincipalTag/until, '2030-01-01'}T00:00:00Z`,
];
const RANGES = ['10.0.0.0/8', '0.0.0.0/0', '192.168.1.1', '10.1.2.3/32'];
const PATHS = ['o-1/r-1/ou-1/', 'o-1/*', 'o-2/*', '*/ou-1/*'];
/** Keys, with values and kinds of operators that mean something for them. */
const KEYS: readonly (readonly [key: string, values: readonly string[], operators: RegExp])[] = [
  ['aws:PrincipalArn', ARNS, /^Arn|^String/],
  ['aws:PrincipalAccount', ACCOUNTS, /^String/],
  ['aws:PrincipalOrgID', ['o-1', 'o-2'], /^String/],
  ['aws:PrincipalOrgPaths', PATHS, /^String/],
  ['aws:ResourceOrgID', ['o-1', 'o-2', `\${aws:PrincipalOrgID}`], /^String/],
  ['aws:ResourceOrgPaths', PATHS, /^String/],
  ['aws:PrincipalTag/team', OF_TAGS, /^String/],
  ['aws:PrincipalType', ['User', 'AssumedRole'], /^String/],
  ['aws:PrincipalIsAWSService', ['true', 'false'], /^Bool/],
  ['aws:username', ['ann', 'bob', 'a*', 'ANN'], /^String/],
  ['aws:userid', ['AIDA1', 'AIDA1:*', '*'], /^String/],
  ['aws:MultiFactorAuthPresent', ['true', 'false'], /^Bool|^Null/],
  ['aws:MultiFactorAuthAge', ['3600'], /^Numeric|^Null/],
  ['aws:SourceIp', RANGES, /Ip/],
  ['aws:SourceVpce', ['vpce-1'], /^String/],
  ['aws:CalledVia', ['athena.amazonaws.com', 'x'], /^String/],
  ['sts:ExternalId', ['x'], /^String/],
  ['aws:RequestTag/x', ['ann'], /^String|^Null/],
  ['aws:TagKeys', ['a', 'admins'], /^String|^Null/],
  ['aws:SecureTransport', ['true', 'false'], /^Bool/],
  ['s3:prefix', ['a', 'ann', `\${aws:username}`], /^String/],
  ['s3:max-keys', ['10', '2000'], /^Numeric/],
  ['aws:ResourceTag/team', OF_TAGS, /^String|^Null/],
  ['iam:ResourceTag/Team', OF_TAGS, /^String/],
  ['iam:PermissionsBoundary', ['arn:aws:iam::111111111111:policy/cap'], /^String|^Arn|^Null/],
  ['aws:ResourceAccount', ACCOUNTS, /^String/],
  ['aws:RequestedRegion', ['eu-west-1', 'us-east-1'], /^String/],
  ['aws:CurrentTime', TIMES, /^Date/],
  ['aws:EpochTime', [...TIMES, '1890000000'], /^Date|^Numeric/],
  ['aws:SourceIdentity', ['ann'], /^String/],
  ['aws:SourceAccount', ['111111111111'], /^String|^Null/],
  ['s3:DataAccessPointAccount', ACCOUNTS, /^String|^Null/],
  ['iam:PassedToService', ['ec2.amazonaws.com', 'lambda.amazonaws.com'], /^String/],
];
/** What a request may fix, by key. */
const FIXED: readonly (readonly [string, readonly (readonly string[] | null)[]])[] = [
  ['iam:passedtoservice', [['ec2.amazonaws.com']]],
  ['aws:tagkeys', [['a', 'admins'], ['a'], [], null]],
  ['s3:prefix', [['ann'], ['a'], null]],
  ['s3:max-keys', [['10'], ['100'], ['ann'], null]],
  ['aws:sourceip', [['10.1.2.3'], ['192.168.1.1']]],
  ['aws:multifactorauthpresent', [['true'], ['false'], null]],
  ['aws:calledvia', [['athena.amazonaws.com', 'x'], null]],
  ['s3:dataaccesspointaccount', [['111111111111']]],
  ['aws:currenttime', [['2021-01-01T00:00:00Z']]],
];
const NOW = Date.UTC(2026, 9, 1);
const FULL_ACCESS: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** The same numbers from 0 to 1 for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A request of somebody, with all policies that decide it. */
export function randomRequest(random: () => number): LiteralCase {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = <T>(list: readonly T[], max: number): T[] =>
    Array.from({ length: 1 + Math.floor(random() * max) }, () => pick(list));
  const action = pick(ACTIONS);
  const condition = (): Json => {
    const made: Record<string, Json> = {};
    for (let index = 0; index < 1 + Math.floor(random() * 2); index++) {
      const [key, values, fitting] = pick(KEYS);
      // Mostly what somebody would write, and sometimes anything.
      const isWild = random() < 0.2;
      const operator = pick(isWild ? OPERATORS : OPERATORS.filter((each) => fitting.test(each)));
      const wanted =
        operator === 'Null' ? [pick(['true', 'false', 'True', 'FALSE'])] : some(isWild ? VALUES : values, 2);
      made[`${pick(PREFIXES)}${operator}${random() < 0.2 ? 'IfExists' : ''}`] = { [key]: wanted };
    }
    return made;
  };
  // Else nearly everything would be about something else, and denied.
  const actions = (max: number): readonly string[] =>
    random() < 0.4 ? [action] : random() < 0.2 ? ['*'] : some(ACTION_PATTERNS, max);
  const resources = (max: number): readonly string[] =>
    random() < 0.4 ? ['*'] : some(RESOURCE_PATTERNS, max);
  const ownNames = (): readonly string[] => [
    caller.arn,
    `arn:aws:iam::${caller.account}:root`,
    caller.account,
    `arn:aws:sts::${caller.account}:assumed-role/${caller.name}/s`,
  ];
  const principal = (): Json =>
    pick<Json>([
      '*',
      { AWS: '*' },
      { AWS: caller.arn },
      { AWS: `arn:aws:iam::${caller.account}:root` },
      { AWS: [caller.account] },
      { AWS: 'arn:aws:iam::333333333333:root' },
      { AWS: 'AIDA1' },
      { Service: 'ec2.amazonaws.com' },
      { AWS: `arn:aws:sts::${caller.account}:assumed-role/${caller.name}/s` },
      { AWS: some(ownNames(), 4) },
      { AWS: some([...ownNames(), `arn:aws:iam::${caller.account}:user/bob`], 3) },
    ]);
  const statement = (ofResource: boolean): Statement => ({
    Effect: random() < 0.75 ? 'Allow' : 'Deny',
    ...(random() < 0.85 ? { Action: actions(3) } : { NotAction: some(ACTION_PATTERNS, 2) }),
    ...(ofResource && random() < 0.4
      ? {}
      : random() < 0.85
        ? { Resource: resources(3) }
        : { NotResource: some(RESOURCE_PATTERNS, 2) }),
    ...(random() < 0.45 ? { Condition: condition() } : {}),
    ...(ofResource ? (random() < 0.8 ? { Principal: principal() } : { NotPrincipal: principal() }) : {}),
  });
  const policy = (ofResource = false): Policy => ({
    ...(random() < 0.8 ? { Version: '2012-10-17' } : random() < 0.5 ? { Version: '2008-10-17' } : {}),
    Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, () => statement(ofResource)),
  });
  const kind = pick(['user', 'role'] as const);
  const account = pick(ACCOUNTS);
  const isBounded = random() < 0.3;
  const caller: LiteralCase['caller'] = {
    arn: `arn:aws:iam::${account}:${kind}/ann`,
    account,
    kind,
    name: 'ann',
    uniqueId: pick([null, 'AIDA1']),
    tags: pick([{ team: 'admins' }, { Team: 'a' }, { team: 'w*' }, {}, {}, null]),
    choosesItsTags: random() < 0.1,
    isBounded,
    organisation: pick([undefined, null, 'o-1', 'o-1']),
    organisationPath: pick([undefined, null, 'o-1/r-1/ou-1/', 'o-1/r-1/']),
  };
  const resource = action.startsWith('lambda') ? '*' : pick(RESOURCES);
  const resourceAccount = pick(ACCOUNTS);
  return {
    caller,
    identity: Array.from({ length: Math.floor(random() * 3) }, () => policy()),
    boundary: isBounded ? policy() : null,
    controls: random() < 0.3 ? [[policy()], [policy(), policy()]] : [],
    resourceControls: random() < 0.2 ? [[policy()], [FULL_ACCESS, policy()]] : [],
    resourcePolicy: random() < 0.5 ? policy(true) : null,
    grants:
      action.startsWith('kms:') && random() < 0.3
        ? [{ grantee: pick(ownNames()), operations: [pick(['Decrypt', 'Encrypt']), 'DescribeKey'] }]
        : [],
    resourceAccount,
    action,
    resource,
    target:
      random() < 0.5
        ? null
        : {
            arn: resource,
            account: resourceAccount,
            tags: pick([{ team: 'a' }, { Team: 'admins' }, {}, null]),
            boundary: pick([null, 'arn:aws:iam::111111111111:policy/cap']),
            isTaggable: random() < 0.1,
            organisation: pick([undefined, null, 'o-1', 'o-2']),
            organisationPath: pick([undefined, null, 'o-1/r-1/ou-1/', 'o-2/r-2/']),
          },
    request:
      random() < 0.5 ? {} : Object.fromEntries(some(FIXED, 3).map(([key, values]) => [key, pick(values)])),
    now: NOW,
  };
}
