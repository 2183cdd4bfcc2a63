import { type AddressSet, parseAddresses, subtractAddresses, unionAddresses } from '#base/address-set.ts';
import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import { type Audience, audienceOfSources, INTERNET, isPublic, narrowerAudience } from './audience.ts';

/**
 * Conditions of resource policies, as they look to somebody outside: anonymous, or of any other AWS
 * account (design: attack paths, resource policies). Only fixed values restrict: a condition is no lock by
 * being there.
 */

/** Who still passes a condition of an Allow; `unknown` names the key that we cannot judge. */
export type Narrowing = { readonly audience: Audience } | { readonly unknown: string };

interface Test {
  /** Lower case, without `IfExists` and the words for sets. */
  readonly operator: string;
  readonly ifExists: boolean;
  readonly forAll: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/** Keys that say who asks, and the widest audience that fixed values leave. A foreign caller lacks or fails them. */
const CALLER_KEYS: ReadonlyMap<string, Audience> = new Map([
  ['aws:principalorgid', 'org'],
  ['aws:principalorgpaths', 'org'],
  ['aws:sourceorgid', 'org'],
  ['aws:sourceorgpaths', 'org'],
  ['aws:vpceorgid', 'org'],
  ['aws:principalarn', 'partner'],
  ['aws:principalaccount', 'partner'],
  ['aws:sourcearn', 'partner'],
  ['aws:sourceaccount', 'partner'],
  ['aws:sourceowner', 'partner'],
  ['aws:sourcevpc', 'partner'],
  ['aws:sourcevpce', 'partner'],
  ['aws:vpceaccount', 'partner'],
  ['aws:userid', 'partner'],
  ['aws:principalisawsservice', 'partner'],
  ['aws:principalservicename', 'partner'],
  ['kms:calleraccount', 'partner'],
  ['s3:dataaccesspointarn', 'partner'],
  ['s3:dataaccesspointaccount', 'partner'],
  ['sns:endpoint', 'partner'],
  ['sts:externalid', 'partner'],
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
  'aws:currenttime',
  'aws:epochtime',
  's3:prefix',
  's3:delimiter',
  's3:max-keys',
  's3:x-amz-acl',
  's3:x-amz-server-side-encryption',
  's3:tlsversion',
  's3:authtype',
  'sns:protocol',
  'lambda:functionurlauthtype',
  'lambda:invokedviafunctionurl',
  'aws:requestedregion',
]);

/** Keys that need a signed request and nothing that the owner gave out. */
const SIGNED_KEYS = [
  'aws:principaltype',
  'aws:principaltag/',
  'aws:multifactorauth',
  'aws:tokenissuetime',
  'aws:username',
];

/** Who passes the condition of an Allow. All tests must hold, so one that restricts is enough. */
export function narrowedAudience(condition: JsonObject | null): Narrowing {
  let audience: Audience = 'internet';
  let unknown: string | null = null;
  for (const test of testsOf(condition)) {
    const one = passing(test);
    if ('unknown' in one) unknown = one.unknown;
    else audience = narrowerAudience(audience, one.audience);
  }
  // What nobody can judge does not matter where another test already closes.
  return unknown !== null && isPublic(audience) ? { unknown } : { audience };
}

function passing(test: Test): Narrowing {
  const { operator, key, values } = test;
  if (key === 'aws:sourceip') {
    const ranges = rangesOf(values);
    if (ranges === null) return { unknown: key };
    return {
      audience: audienceOfSources(operator === 'notipaddress' ? subtractAddresses(INTERNET, ranges) : ranges),
    };
  }
  // An empty set of values passes, and so does an absent key.
  if (test.forAll || test.ifExists || isNegated(operator) || operator === 'null')
    return { audience: passingWithoutKey(key, operator, values) };
  if (OPEN_KEYS.has(key)) return { audience: 'internet' };
  if (SIGNED_KEYS.some((prefix) => key.startsWith(prefix))) return { audience: 'any-aws-account' };
  const closes = CALLER_KEYS.get(key);
  if (closes === undefined) return { unknown: key };
  if (key === 'aws:principalisawsservice' && !values.every((value) => value.toLowerCase() === 'true'))
    return { audience: 'internet' };
  return { audience: values.every((value) => isFixed(key, value)) ? closes : 'any-aws-account' };
}

/** `Null: false` asks for a key that only signed requests have; every other test of this kind lets all pass. */
function passingWithoutKey(key: string, operator: string, values: readonly string[]): Audience {
  return operator === 'null' && key.startsWith('aws:principal') && values.includes('false')
    ? 'any-aws-account'
    : 'internet';
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

/** Whether a Deny with this condition turns away everybody outside; `unknown` where that cannot be judged. */
export function deniesOutsiders(condition: JsonObject | null): 'yes' | 'no' | 'unknown' {
  let unknown = false;
  for (const test of testsOf(condition)) {
    const meets = outsiderMeets(test);
    if (meets === 'no') return 'no';
    if (meets === 'unknown') unknown = true;
  }
  return unknown ? 'unknown' : 'yes';
}

/** Whether a test holds for every caller from outside. */
function outsiderMeets({ operator, key, values, ifExists }: Test): 'yes' | 'no' | 'unknown' {
  if (key === 'aws:sourceip') {
    const ranges = rangesOf(values);
    if (ranges === null) return 'unknown';
    // Denied outside of narrow ranges: what is left is no public audience.
    if (operator === 'notipaddress') return isPublic(audienceOfSources(ranges)) ? 'no' : 'yes';
    return isPublic(audienceOfSources(subtractAddresses(INTERNET, ranges))) ? 'no' : 'yes';
  }
  const closes = CALLER_KEYS.get(key);
  if (key === 'aws:principalisawsservice' || key === 'aws:viaawsservice')
    return values.includes('false') ? 'yes' : 'no';
  // A negated test holds where the key is absent, and for every value but the named ones.
  if (closes !== undefined && isNegated(operator))
    return values.every((value) => isFixed(key, value)) ? 'yes' : 'unknown';
  if (operator === 'null') return 'no';
  if (closes !== undefined) return ifExists ? 'unknown' : 'no';
  return OPEN_KEYS.has(key) ? 'no' : 'unknown';
}

function isNegated(operator: string): boolean {
  return operator.includes('not') && operator !== 'null';
}

function rangesOf(values: readonly string[]): AddressSet | null {
  const ranges = values.map(parseAddresses);
  return ranges.length === 0 || ranges.includes(null) ? null : unionAddresses(...(ranges as AddressSet[]));
}

function* testsOf(condition: JsonObject | null): Generator<Test> {
  for (const [written, keys] of Object.entries(condition ?? {})) {
    const lower = written.toLowerCase();
    const forAll = lower.startsWith('forallvalues:');
    const bare = lower.replace(/^forallvalues:|^foranyvalue:/, '');
    const ifExists = bare.endsWith('ifexists');
    const operator = ifExists ? bare.slice(0, -'ifexists'.length) : bare;
    for (const [key, values] of Object.entries(asObject(keys) ?? {})) {
      yield {
        operator,
        ifExists,
        forAll,
        key: key.toLowerCase(),
        values:
          typeof values === 'boolean' || typeof values === 'number' ? [String(values)] : asTexts(values),
      };
    }
  }
}
