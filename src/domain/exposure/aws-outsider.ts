import { type Instant, instantText, parseInstant } from '#base/instant.ts';
import type { ConditionTest } from '../privilege/aws/condition.ts';
import { witnessOf } from '../privilege/aws/glob-witness.ts';
import type { Audience } from './audience.ts';

/**
 * Somebody outside who asks, and what a request of theirs may bring under each condition key (attack-paths §2.8). They
 * choose what is theirs to choose; fixed values of somebody else they never have.
 */

/** Who asks, widest first: unsigned, of any AWS account, a content network, somebody who was named, a member. */
export const OUTSIDERS = ['internet', 'any-aws-account', 'cdn-only', 'partner', 'org', 'corp'] as const;
export type Outsider = (typeof OUTSIDERS)[number];

/** What a request brings under a key; null where it does not have it. */
export type KeyValue = string | null;

/** Whose policy it is, and what its callers are known to bring. */
export interface Asker {
  /** Account of the resource; its own members are no outsiders. */
  readonly owner: string | null;
  readonly now: Instant;
  /** Keys (lower case) whose tests can be met: those of an access point that is open itself. */
  readonly met?: ReadonlySet<string>;
  /** Keys (lower case) of which the resource itself tells the one value: how its URL asks who calls. */
  readonly told?: ReadonlyMap<string, string>;
}

/** Keys that say who asks, and the widest audience that fixed values leave. A foreign caller lacks or fails them. */
const CALLER_KEYS: ReadonlyMap<string, Audience> = new Map([
  ['aws:principalorgid', 'org'],
  ['aws:principalorgpaths', 'org'],
  ['aws:sourceorgid', 'org'],
  ['aws:sourceorgpaths', 'org'],
  ['aws:vpceorgid', 'org'],
  ['aws:vpceorgpaths', 'org'],
  ['aws:principalarn', 'partner'],
  ['aws:principalaccount', 'partner'],
  ['aws:sourcearn', 'partner'],
  ['aws:sourceaccount', 'partner'],
  ['aws:sourceowner', 'partner'],
  ['aws:sourcevpc', 'partner'],
  ['aws:sourcevpce', 'partner'],
  ['aws:vpcsourceip', 'corp'],
  ['aws:vpceaccount', 'partner'],
  ['aws:userid', 'partner'],
  ['aws:principalservicename', 'partner'],
  ['kms:calleraccount', 'partner'],
  ['s3:dataaccesspointarn', 'partner'],
  ['s3:dataaccesspointaccount', 'partner'],
  ['s3:x-amz-server-side-encryption-aws-kms-key-id', 'partner'],
  ['sns:endpoint', 'partner'],
  ['sts:externalid', 'partner'],
]);

/** Those of the above that every signed request has. */
const ALWAYS_SIGNED = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:userid',
  'kms:calleraccount',
]);

/** Keys that everybody can meet, or that say nothing about who asks. */
const OPEN_KEYS = new Set([
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  's3:resourceaccount',
  'aws:securetransport',
  'aws:referer',
  'aws:useragent',
  's3:prefix',
  's3:delimiter',
  's3:max-keys',
  's3:versionid',
  's3:tlsversion',
  's3:authtype',
  'sns:protocol',
  'lambda:functionurlauthtype',
  'lambda:invokedviafunctionurl',
  'aws:requestedregion',
  'aws:tagkeys',
]);
const OPEN_PREFIXES = ['s3:x-amz-', 's3:requestobjecttag', 'aws:requesttag/'];

/** Those of the above that every request has. */
const ALWAYS_THERE = new Set([
  'aws:resourceaccount',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  's3:resourceaccount',
  'aws:securetransport',
  'aws:requestedregion',
]);

/** Keys that need a signed request and nothing that the owner gave out. */
const SIGNED_KEYS = [
  'aws:principaltype',
  'aws:principaltag/',
  'aws:multifactorauth',
  'aws:tokenissuetime',
  'aws:username',
  'kms:viaservice',
  's3:signatureversion',
  's3:signatureage',
];

const RESOURCE_ACCOUNT = new Set(['aws:resourceaccount', 's3:resourceaccount']);
const SWITCHES = new Set([
  'aws:securetransport',
  'lambda:invokedviafunctionurl',
  'aws:multifactorauthpresent',
]);

/** Not written by anybody in a policy. */
const OTHER = '~other';

/**
 * What an outsider can bring under a key, as far as tests tell it apart; null for a key that nobody can judge.
 * `tests` are all those of the policy on this key.
 */
export function valuesOf(
  key: string,
  tests: readonly ConditionTest[],
  outsider: Outsider,
  { owner, now, met, told }: Asker,
): readonly KeyValue[] | null {
  const only = told?.get(key);
  if (only !== undefined) return [only];
  const isStranger = outsider === 'internet' || outsider === 'any-aws-account';
  if (met?.has(key) === true) return [...written(key, tests), OTHER, null];
  if (RESOURCE_ACCOUNT.has(key) && owner !== null) return [owner];
  if (key === 'aws:currenttime') return [instantText(now)];
  if (key === 'aws:epochtime') return [String(Math.floor(now / 1_000))];
  if (key === 'aws:viaawsservice') return ['false'];
  if (key === 'aws:principalisawsservice')
    return outsider === 'internet' ? [null] : isStranger ? ['false'] : ['false', 'true', null];
  if (OPEN_KEYS.has(key) || (!CALLER_KEYS.has(key) && OPEN_PREFIXES.some((prefix) => key.startsWith(prefix))))
    return [...written(key, tests), ...(SWITCHES.has(key) ? ['true', 'false'] : [OTHER]), ...absent(key)];
  if (SIGNED_KEYS.some((prefix) => key.startsWith(prefix))) return signedValues(key, tests, outsider, now);
  const level = CALLER_KEYS.get(key);
  if (level === undefined) return null;
  if (outsider === 'internet') return [null];
  const isNamed =
    !isStranger && (outsider === 'cdn-only' || NARROWNESS[outsider] >= (NARROWNESS[level] ?? 0));
  const own = (value: string): boolean =>
    outsider !== 'cdn-only' && owner !== null && accountOf(value) === owner;
  const named = written(
    key,
    tests,
    (value, isPattern) =>
      // A star that means itself is in no name of anybody.
      (isPattern || !/[*?]/.test(value)) && (isNamed ? !own(value) : !isFixed(key, value)),
  );
  const isAlways = outsider === 'any-aws-account' && ALWAYS_SIGNED.has(key);
  return [...named, other(key), ...(isAlways ? [] : [null])];
}

const NARROWNESS: Readonly<Partial<Record<Audience, number>>> & Readonly<Record<Outsider, number>> = {
  internet: 0,
  'any-aws-account': 0,
  'cdn-only': 0,
  partner: 1,
  org: 2,
  corp: 3,
};

function absent(key: string): readonly null[] {
  return ALWAYS_THERE.has(key) ? [] : [null];
}

/** A token is some hours old at most, so for bounds of another day its time is now. */
function signedValues(
  key: string,
  tests: readonly ConditionTest[],
  outsider: Outsider,
  now: Instant,
): readonly KeyValue[] {
  const isType = key === 'aws:principaltype';
  if (outsider === 'internet') return [isType ? 'Anonymous' : null];
  if (key === 'aws:tokenissuetime') return [instantText(now), null];
  if (key === 'aws:multifactorauthpresent') return ['true', 'false', null];
  if (!isType) return [...written(key, tests), OTHER, null];
  const types = ['User', 'AssumedRole', 'FederatedUser', 'Account'];
  return outsider === 'any-aws-account' ? types : [...types, 'Anonymous'];
}

/** An account or ARN of somebody whom no policy names. */
const OTHER_ACCOUNT = '000000000000';

function other(key: string): string {
  if (key.endsWith('arn')) return `arn:aws:iam::${OTHER_ACCOUNT}:role/${OTHER}`;
  if (key.endsWith('account') || key.endsWith('owner')) return OTHER_ACCOUNT;
  return key === 'aws:vpcsourceip' ? '198.18.0.1' : OTHER;
}

const PATTERNS_MAX = 12;

/** Values that meet what is written, and that lie beside it where it is a number or a time. */
function written(
  key: string,
  tests: readonly ConditionTest[],
  isKept: (value: string, isPattern: boolean) => boolean = () => true,
): readonly string[] {
  const found = new Set<string>();
  const patterns: string[] = [];
  for (const { operator, values } of tests) {
    if (operator === 'null') continue;
    for (const value of values) {
      const isPattern = /like$|^arn/.test(operator);
      if (!isKept(value, isPattern)) continue;
      if (operator.startsWith('numeric')) for (const each of around(Number(value))) found.add(each);
      else if (operator.startsWith('date')) for (const each of aroundTime(value)) found.add(each);
      else if (operator.endsWith('ipaddress')) found.add(value.replace(/\/.*$/, ''));
      else if (isPattern && /[*?]/.test(value)) patterns.push(withAccount(value));
      else found.add(value);
    }
  }
  const some = patterns.slice(0, PATTERNS_MAX);
  for (const [index, a] of some.entries())
    for (const b of some.slice(index)) {
      const witness = witnessOf(a === b ? [a] : [a, b]);
      // Where a pattern leaves the account open, it is one that nobody means.
      if (typeof witness === 'string') found.add(witness);
    }
  if (SWITCHES.has(key)) return [...found].map((value) => value.toLowerCase());
  return [...found];
}

/** The account of an ARN that is left open is twelve digits, whoever has it. */
function withAccount(pattern: string): string {
  const parts = pattern.split(':');
  if (parts[0] !== 'arn' || parts.length < 6 || parts[4] !== '*') return pattern;
  return [...parts.slice(0, 4), OTHER_ACCOUNT, ...parts.slice(5)].join(':');
}

function around(value: number): readonly string[] {
  return Number.isFinite(value) ? [value, value - 1, value + 1].map(String) : [];
}

function aroundTime(value: string): readonly string[] {
  const at = parseInstant(value);
  return at === null ? [] : [at, at - 1_000, at + 1_000].map(instantText);
}

function accountOf(value: string): string | undefined {
  return /^\d{12}$/.test(value) ? value : value.startsWith('arn:') ? value.split(':')[4] : undefined;
}

/** A value that names somebody: no wildcard, but that an ARN may be open behind its account. */
function isFixed(key: string, value: string): boolean {
  // `AROA…:*` is every session of one role.
  if (key === 'aws:userid') return /^[^*?]+(?::\*)?$/.test(value);
  if (value.startsWith('arn:'))
    return /^\d{12}$/.test(value.split(':')[4] ?? '') || /^arn:[a-z-]+:s3:::[^*?]+$/.test(value);
  if (key === 'aws:principalorgpaths' || key === 'aws:sourceorgpaths') return /^o-[a-z0-9]+\//.test(value);
  if (key === 'sns:endpoint') return /@[^*?@]+$/.test(value) || !/[*?]/.test(value);
  return value !== '' && !/[*?]/.test(value);
}
