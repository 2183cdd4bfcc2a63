import {
  type AddressSet,
  ALL_V4,
  ALL_V6,
  intersectAddresses,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import { matchesGlob } from '../privilege/aws-policy-statement.ts';
import { type Audience, narrowerAudience, widerAudience } from './audience.ts';

/**
 * Conditions of resource policies, as they look to somebody outside: anonymous, or of any other AWS
 * account (design: attack paths, resource policies). Only fixed values restrict: a condition is no lock by
 * being there.
 */

/** Who still passes the condition of an Allow. */
export interface Passing {
  /** The widest audience, addresses aside. */
  readonly audience: Audience;
  /** Only from these addresses; null where it does not ask. */
  readonly sources: AddressSet | null;
  /** A key that we cannot judge and that could close it; null where every key is known. */
  readonly unknown: string | null;
}

/** Whom the condition of a Deny leaves alone. */
export interface Sparing {
  /** The widest audience of callers that it does not hit; `internet` where everybody can keep out of it. */
  readonly audience: Audience;
  /** It hits from these addresses only; null for all. */
  readonly sources: AddressSet | null;
  readonly isUnknown: boolean;
}

/** Whose policy it is, and what its callers are known to bring. */
export interface Asker {
  /** Account of the resource; its own members are no outsiders. */
  readonly owner: string | null;
  /** Keys (lower case) whose tests are known to be met: those of an access point that is open itself. */
  readonly met?: ReadonlySet<string>;
}

const EVERYBODY: AddressSet = unionAddresses(ALL_V4, ALL_V6);

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
  ['aws:vpcsourceip', 'corp'],
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
export function passingOutsiders(condition: JsonObject | null, { owner, met }: Asker): Passing {
  let audience: Audience = 'internet';
  let sources: AddressSet | null = null;
  let unknown: string | null = null;
  for (const test of testsOf(condition)) {
    if (met?.has(test.key) === true) continue;
    if (test.key === 'aws:sourceip') {
      const ranges = rangesOf(test.values);
      if (ranges === null) unknown = test.key;
      else {
        const allowed = test.operator === 'notipaddress' ? subtractAddresses(EVERYBODY, ranges) : ranges;
        sources = sources === null ? allowed : intersectAddresses(sources, allowed);
      }
      continue;
    }
    const one = passing(test, owner);
    if (one === null) unknown = test.key;
    else audience = narrowerAudience(audience, one);
  }
  return { audience, sources, unknown };
}

/** Keys that say whose resource is asked for. */
const RESOURCE_ACCOUNT = new Set(['aws:resourceaccount', 's3:resourceaccount']);

/** Whether a test on the resource's account holds, whoever asks; null where it is about another key or not known. */
function holdsOfResource({ operator, key, values }: Test, owner: string | null): boolean | null {
  if (!RESOURCE_ACCOUNT.has(key) || owner === null || operator === 'null') return null;
  return values.some((value) => matchesGlob(value, owner)) !== isNegated(operator);
}

/** Null for a key that we cannot judge. */
function passing(test: Test, owner: string | null): Audience | null {
  const { operator, key, values, forAll, ifExists } = test;
  if (holdsOfResource(test, owner) === false) return 'none';
  // An empty set of values passes, and so does an absent key.
  if (forAll || ifExists || isNegated(operator) || operator === 'null')
    return passingWithoutKey(key, operator, values);
  if (OPEN_KEYS.has(key)) return 'internet';
  if (SIGNED_KEYS.some((prefix) => key.startsWith(prefix))) return 'any-aws-account';
  const closes = CALLER_KEYS.get(key);
  if (closes === undefined) return null;
  if (key === 'aws:principalisawsservice' && !values.every((value) => value.toLowerCase() === 'true'))
    return 'internet';
  if (!values.every((value) => isFixed(key, value))) return 'any-aws-account';
  return owner !== null && values.every((value) => accountOf(value) === owner) ? 'none' : closes;
}

function accountOf(value: string): string | undefined {
  return /^\d{12}$/.test(value) ? value : value.startsWith('arn:') ? value.split(':')[4] : undefined;
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

/** Whom a Deny with this condition spares. It hits where all its tests hold, so one test that spares is enough. */
export function sparedOutsiders(condition: JsonObject | null, { owner, met }: Asker): Sparing {
  let audience: Audience = 'none';
  let sources: AddressSet | null = null;
  let isUnknown = false;
  for (const test of testsOf(condition)) {
    if (test.key === 'aws:sourceip') {
      const ranges = rangesOf(test.values);
      if (ranges === null) {
        isUnknown = true;
        continue;
      }
      const hit = test.operator === 'notipaddress' ? subtractAddresses(EVERYBODY, ranges) : ranges;
      sources = sources === null ? hit : intersectAddresses(sources, hit);
      continue;
    }
    const one = met?.has(test.key) === true ? 'internet' : spared(test, owner);
    if (one === null) isUnknown = true;
    else audience = widerAudience(audience, one);
  }
  return { audience, sources, isUnknown };
}

/** Who fails a test and so is left alone; null where that cannot be judged. */
function spared(test: Test, owner: string | null): Audience | null {
  const { operator, key, values, ifExists } = test;
  const always = holdsOfResource(test, owner);
  if (always !== null) return always ? 'none' : 'internet';
  if (key === 'aws:principalisawsservice' || key === 'aws:viaawsservice')
    return values.includes('false') ? 'none' : 'internet';
  const closes = CALLER_KEYS.get(key);
  const isSigned = SIGNED_KEYS.some((prefix) => key.startsWith(prefix));
  // A key that is absent is what a test for absence asks for; whoever brings one keeps out.
  if (operator === 'null')
    return values.includes('true') && (closes !== undefined || isSigned) ? 'any-aws-account' : 'internet';
  // A negated test holds where the key is absent, and for every value but the named ones.
  if (closes !== undefined && isNegated(operator))
    return values.every((value) => isFixed(key, value)) ? closes : null;
  if (isSigned)
    return ifExists || isNegated(operator) || key === 'aws:principaltype' ? 'any-aws-account' : 'internet';
  if (closes !== undefined) return ifExists ? 'any-aws-account' : 'internet';
  return OPEN_KEYS.has(key) ? 'internet' : null;
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
