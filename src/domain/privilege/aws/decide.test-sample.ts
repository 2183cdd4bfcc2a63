import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { Caller, Question, Target } from './caller.ts';
import { certaintyOf, type ResourceSide } from './decide.ts';
import { PolicyCompiler, type PolicyDocument } from './policy-document.ts';
import { PrincipalClass } from './principal-class.ts';
import type { Rights } from './rights.ts';
import { SharedAnswers } from './shared-answers.ts';
import { TargetList } from './target-list.ts';

/**
 * Random policies against a slow evaluator that follows AWS's words literally and knows only true and false. What
 * depends on nothing that is known becomes true or false three times: with everything against the caller, with the
 * surroundings for it, with all for it. Since every such test stands for itself, the three answers are the chain of
 * certainties. More cases: `tools/fuzz-policies.ts`.
 */

interface World {
  /** Up to which kind of open test the caller is favoured. */
  readonly favour: 'nothing' | 'environment' | 'everything';
}
type Statement = Readonly<Record<string, JsonValue>>;
interface Case {
  readonly caller: Caller;
  readonly identity: readonly Policy[];
  readonly boundary: Policy | null;
  readonly controls: readonly Policy[][];
  readonly resourceControls: readonly Policy[][];
  readonly resourcePolicy: Policy | null;
  readonly resourceAccount: string;
  readonly action: string;
  readonly resource: string;
  readonly target: Target | null;
}
interface Policy {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

const ACCOUNTS = ['111111111111', '222222222222'];
const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  'iam:PassRole',
  'sts:AssumeRole',
  'kms:Decrypt',
  'lambda:CreateEventSourceMapping',
];
const ACTION_PATTERNS = [...ACTIONS, '*', 's3:*', 'S3:get*', 'iam:Pass?ole', 'kms:*', '*:*Role', 'lambda:*'];
const RESOURCES = [
  'arn:aws:s3:::logs/a',
  'arn:aws:s3:::logs/ann/x',
  'arn:aws:iam::111111111111:role/app',
  'arn:aws:kms:eu-west-1:222222222222:key/1',
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
];
const OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringLike',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'ArnLike',
  'ArnNotEquals',
  'Bool',
  'Null',
  'DateLessThan',
  'NumericLessThan',
  'IpAddress',
  'Nonsense',
];
const PREFIXES = ['', '', '', 'ForAllValues:', 'ForAnyValue:'];
const KEYS = [
  'aws:PrincipalArn',
  'aws:PrincipalAccount',
  'aws:PrincipalTag/team',
  'aws:username',
  'aws:MultiFactorAuthPresent',
  'aws:SourceIp',
  'aws:RequestTag/x',
  'aws:ResourceTag/team',
  'aws:CurrentTime',
  'aws:SourceIdentity',
  'iam:PassedToService',
  'aws:PrincipalIsAWSService',
];
const VALUES = [
  'ann',
  'a',
  'true',
  'false',
  'admins',
  '*',
  'arn:aws:iam::111111111111:user/ann',
  'arn:aws:iam::*:user/*',
  '111111111111',
  '10.0.0.0/8',
  '2020-01-01T00:00:00Z',
  '2030-01-01T00:00:00Z',
  `\${aws:username}`,
  'ec2.amazonaws.com',
];
const NOW = Date.UTC(2026, 9, 1);
const FULL_ACCESS: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function makeCase(random: () => number): Case {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const some = <T>(list: readonly T[], max: number): T[] =>
    Array.from({ length: 1 + Math.floor(random() * max) }, () => pick(list));
  const condition = (): JsonObject => {
    const made: Record<string, JsonObject> = {};
    for (let index = 0; index < 1 + Math.floor(random() * 2); index++)
      made[`${pick(PREFIXES)}${pick(OPERATORS)}${random() < 0.2 ? 'IfExists' : ''}`] = {
        [pick(KEYS)]: some(VALUES, 2),
      };
    return made;
  };
  const principal = (): JsonValue =>
    pick<JsonValue>([
      '*',
      { AWS: '*' },
      { AWS: caller.arn },
      { AWS: `arn:aws:iam::${caller.account}:root` },
      { AWS: [caller.account] },
      { AWS: 'arn:aws:iam::333333333333:root' },
      { Service: 'ec2.amazonaws.com' },
      { AWS: `arn:aws:sts::${caller.account}:assumed-role/${caller.name}/s` },
    ]);
  const statement = (ofResource: boolean): Statement => ({
    Effect: random() < 0.75 ? 'Allow' : 'Deny',
    ...(random() < 0.85 ? { Action: some(ACTION_PATTERNS, 3) } : { NotAction: some(ACTION_PATTERNS, 2) }),
    ...(ofResource && random() < 0.4
      ? {}
      : random() < 0.85
        ? { Resource: some(RESOURCE_PATTERNS, 3) }
        : { NotResource: some(RESOURCE_PATTERNS, 2) }),
    ...(random() < 0.45 ? { Condition: condition() } : {}),
    ...(ofResource ? (random() < 0.85 ? { Principal: principal() } : { NotPrincipal: principal() }) : {}),
  });
  const policy = (ofResource = false): Policy => ({
    ...(random() < 0.8 ? { Version: '2012-10-17' } : random() < 0.5 ? { Version: '2008-10-17' } : {}),
    Statement: Array.from({ length: 1 + Math.floor(random() * 3) }, () => statement(ofResource)),
  });
  const kind = pick(['user', 'role'] as const);
  const account = pick(ACCOUNTS);
  const isBounded = random() < 0.3;
  const caller: Caller = {
    arn: `arn:aws:iam::${account}:${kind}/ann`,
    account,
    kind,
    name: 'ann',
    uniqueId: null,
    tags: random() < 0.5 ? { team: 'admins' } : {},
    choosesItsTags: false,
    isBounded,
    organisation: undefined,
  };
  const action = pick(ACTIONS);
  const resource = action.startsWith('lambda') ? '*' : pick(RESOURCES);
  const resourceAccount = pick(ACCOUNTS);
  return {
    caller,
    identity: Array.from({ length: Math.floor(random() * 3) }, () => policy()),
    boundary: isBounded ? policy() : null,
    controls: random() < 0.3 ? [[policy()], [policy(), policy()]] : [],
    resourceControls: random() < 0.2 ? [[policy()], [FULL_ACCESS, policy()]] : [],
    resourcePolicy: random() < 0.5 ? policy(true) : null,
    resourceAccount,
    action,
    resource,
    target:
      random() < 0.5
        ? null
        : { arn: resource, account: resourceAccount, tags: { team: 'a' }, boundary: null, isTaggable: false },
  };
}

// ---- The literal evaluator: nothing of it is shared with the product.

/** AWS's patterns as a regular expression. */
function globRegExp(pattern: string): RegExp {
  return new RegExp(
    `^${[...pattern].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : c.replace(/[.+^${}()|[\]\\]/g, '\\$&'))).join('')}$`,
  );
}

type Known = { readonly values: readonly string[] } | 'absent' | 'environment' | 'chosen' | 'undecided';

function lookUp(c: Case, key: string): Known {
  const lower = key.toLowerCase();
  const tagOf = (tags: Readonly<Record<string, string>> | null, name: string): Known => {
    if (tags === null) return 'undecided';
    const value = tags[name];
    return value === undefined ? 'absent' : { values: [value] };
  };
  if (lower === 'aws:principalarn') return { values: [c.caller.arn] };
  if (lower === 'aws:principalaccount') return { values: [c.caller.account] };
  if (lower === 'aws:principaltag/team') return tagOf(c.caller.tags, 'team');
  if (lower === 'aws:username') return c.caller.kind === 'user' ? { values: [c.caller.name] } : 'absent';
  if (lower === 'aws:multifactorauthpresent' || lower === 'aws:sourceip') return 'environment';
  if (lower === 'aws:requesttag/x' || lower === 'iam:passedtoservice') return 'chosen';
  if (lower === 'aws:resourcetag/team') return c.target === null ? 'undecided' : tagOf(c.target.tags, 'team');
  if (lower === 'aws:currenttime') return { values: [new Date(NOW).toISOString()] };
  if (lower === 'aws:principalisawsservice') return { values: ['false'] };
  return 'undecided';
}

/** A text with its variables; null never matches, `open` stands for anything. */
function fill(
  c: Case,
  text: string,
  version: string | undefined,
): { readonly text: string; readonly open: boolean } | null {
  if (version !== '2012-10-17') return { text, open: false };
  let open = false;
  let gone = false;
  const filled = text.replace(
    /\$\{([^,}]+)(?:,\s*'([^']*)')?\}/g,
    (_, name: string, fallback: string | undefined) => {
      const known = lookUp(c, name.trim());
      if (typeof known === 'object') return known.values[0] as string;
      if (known !== 'absent') {
        open = true;
        return '*';
      }
      if (fallback === undefined) gone = true;
      return fallback ?? '';
    },
  );
  return gone ? null : { text: filled, open };
}

function matchOne(operator: string, value: string, wanted: string): boolean {
  switch (operator) {
    case 'stringequals':
    case 'stringnotequals':
      return value === wanted;
    case 'stringequalsignorecase':
    case 'bool':
      return value.toLowerCase() === wanted.toLowerCase();
    case 'stringlike':
    case 'stringnotlike':
      return globRegExp(wanted).test(value);
    case 'arnlike':
    case 'arnnotequals': {
      const [a, b] = [value.split(':'), wanted.split(':')];
      return (
        a.length >= 6 &&
        b.length >= 6 &&
        b.slice(0, 5).every((part, i) => globRegExp(part).test(a[i] as string)) &&
        globRegExp(b.slice(5).join(':')).test(a.slice(5).join(':'))
      );
    }
    case 'datelessthan':
      return /^\d{4}-/.test(value) && /^\d{4}-/.test(wanted) && Date.parse(value) < Date.parse(wanted);
    case 'numericlessthan':
      return Number(value) < Number(wanted);
    default:
      return false;
  }
}

const IMPLEMENTED = new Set([
  'stringequals',
  'stringnotequals',
  'stringlike',
  'stringnotlike',
  'stringequalsignorecase',
  'arnlike',
  'arnnotequals',
  'bool',
  'null',
  'datelessthan',
  'numericlessthan',
  'ipaddress',
]);

/** Whether a condition holds; what is open is as the world says, for (`good`) or against the caller. */
function conditionHolds(
  c: Case,
  condition: JsonValue | undefined,
  version: string | undefined,
  world: World,
  good: boolean,
): boolean {
  const open = (kind: 'environment' | 'undecided'): boolean => {
    const isFavoured =
      world.favour === 'everything' || (world.favour === 'environment' && kind === 'environment');
    return isFavoured ? good : !good;
  };
  for (const [written, keys] of Object.entries((condition ?? {}) as JsonObject)) {
    for (const [key, raw] of Object.entries(keys as JsonObject)) {
      const wanted = raw as string[];
      let operator = written.toLowerCase();
      const set = operator.startsWith('forallvalues:')
        ? 'all'
        : operator.startsWith('foranyvalue:')
          ? 'any'
          : 'one';
      operator = operator.replace(/^for\w+:/, '');
      const ifExists = operator.endsWith('ifexists');
      operator = operator.replace(/ifexists$/, '');
      const negated = operator.includes('not');
      const known = lookUp(c, key);
      let holds: boolean;
      if (!IMPLEMENTED.has(operator)) holds = open('undecided');
      else if (operator === 'datelessthan' && key.toLowerCase() === 'aws:currenttime')
        holds = wanted.some((each) => matchOne(operator, new Date(NOW).toISOString(), each));
      else if (known === 'chosen') holds = good;
      else if (known === 'environment' || known === 'undecided') holds = open(known);
      else if (operator === 'null') holds = wanted.includes('true') ? known === 'absent' : known !== 'absent';
      else if (known === 'absent') holds = ifExists || set === 'all' || (negated && set === 'one');
      else {
        const filled = wanted.map((each) => fill(c, each, version));
        if (filled.some((each) => each?.open === true)) holds = open('undecided');
        else {
          const list = filled.flatMap((each) => each?.text ?? []);
          const passes = (value: string): boolean =>
            negated
              ? !list.some((each) => matchOne(operator, value, each))
              : list.some((each) => matchOne(operator, value, each));
          holds = set === 'all' ? known.values.every(passes) : known.values.some(passes);
        }
      }
      if (!holds) return false;
    }
  }
  return true;
}

function list(value: JsonValue | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : (value as string[]);
}

function aboutAction(c: Case, s: Statement): boolean {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((each) => globRegExp(each.toLowerCase()).test(c.action.toLowerCase()));
  return s['Action'] !== undefined ? matches(list(s['Action'])) : !matches(list(s['NotAction']));
}

/** An open pattern that could match is for the caller or against, as the world says. */
function aboutResource(
  c: Case,
  s: Statement,
  version: string | undefined,
  world: World,
  good: boolean,
): boolean {
  const isAny = (patterns: readonly string[], open: boolean): boolean =>
    patterns.some((each) => {
      if (c.action.startsWith('lambda')) return each === '*';
      const filled = fill(c, each, version);
      return filled !== null && (!filled.open || open) && globRegExp(filled.text).test(c.resource);
    });
  const favoured = world.favour === 'everything' ? good : !good;
  if (s['Resource'] !== undefined) return isAny(list(s['Resource']), favoured);
  if (s['NotResource'] !== undefined) return !isAny(list(s['NotResource']), !favoured);
  return true;
}

function names(c: Case, principal: JsonValue | undefined): readonly string[] {
  const aws = principal === '*' ? ['*'] : list((principal as JsonObject)['AWS']);
  return aws.flatMap((name) => {
    if (name === '*') return ['everyone'];
    if (name === c.caller.arn) return [c.caller.kind];
    if (name === c.caller.account || name === `arn:aws:iam::${c.caller.account}:root`) return ['account'];
    return c.caller.kind === 'role' &&
      name.startsWith(`arn:aws:sts::${c.caller.account}:assumed-role/${c.caller.name}/`)
      ? ['session']
      : [];
  });
}

function literally(c: Case, world: World): boolean {
  const applies = (policy: Policy, s: Statement, good: boolean): boolean =>
    aboutAction(c, s) &&
    aboutResource(c, s, policy.Version, world, good) &&
    conditionHolds(c, s['Condition'], policy.Version, world, good);
  const allows = (policies: readonly Policy[]): boolean =>
    policies.some((policy) =>
      policy.Statement.some((s) => s['Effect'] === 'Allow' && applies(policy, s, true)),
    );
  const denies = (policies: readonly Policy[]): boolean =>
    policies.some((policy) =>
      policy.Statement.some((s) => s['Effect'] === 'Deny' && applies(policy, s, false)),
    );
  // 1. An explicit Deny anywhere.
  const boundaries = c.boundary === null ? [] : [c.boundary];
  if (denies([...c.identity, ...boundaries, ...c.controls.flat(), ...c.resourceControls.flat()]))
    return false;
  for (const s of c.resourcePolicy?.Statement ?? []) {
    if (s['Effect'] !== 'Deny' || !applies(c.resourcePolicy as Policy, s, false)) continue;
    if (s['NotPrincipal'] === undefined) {
      if (names(c, s['Principal']).length > 0) return false;
      continue;
    }
    const excepted = names(c, s['NotPrincipal']);
    if (c.caller.isBounded || excepted.length === 0) return false;
    const onlyRole =
      excepted.every((each) => each === 'role' || each === 'account' || each === 'everyone') &&
      excepted.includes('role');
    if (onlyRole && world.favour !== 'everything') return false;
  }
  // 2. and 3. Every level of control policies, of the resource's account and of the caller's.
  if (![...c.resourceControls, ...c.controls].every((level) => allows(level))) return false;
  // 4. to 9.
  const identity = allows(c.identity);
  const bounded = c.boundary === null || allows([c.boundary]);
  const granted = new Set<string>();
  for (const s of c.resourcePolicy?.Statement ?? []) {
    if (s['Effect'] !== 'Allow' || !applies(c.resourcePolicy as Policy, s, true)) continue;
    const named =
      s['NotPrincipal'] === undefined
        ? names(c, s['Principal'])
        : names(c, s['NotPrincipal']).length === 0
          ? ['everyone']
          : [];
    // The most exact name counts.
    for (const way of ['user', 'session', 'role', 'everyone', 'account'])
      if (named.includes(way)) {
        granted.add(way);
        break;
      }
  }
  if (c.caller.account !== c.resourceAccount) return identity && bounded && granted.size > 0;
  if (granted.has('user') || granted.has('session')) return true;
  if ((granted.has('role') || granted.has('everyone')) && bounded) return true;
  const needsPolicy = c.action === 'sts:AssumeRole' || c.action.startsWith('kms:');
  return identity && bounded && (!needsPolicy || granted.has('account'));
}

function expected(c: Case): number {
  if (literally(c, { favour: 'nothing' })) return 3;
  if (literally(c, { favour: 'environment' })) return 2;
  return literally(c, { favour: 'everything' }) ? 1 : 0;
}

function actual(c: Case): number {
  const compiler = new PolicyCompiler();
  const compile = (policy: Policy): PolicyDocument => compiler.compile(policy as never);
  const question: Question = {
    caller: c.caller,
    action: c.action.toLowerCase(),
    resource: c.resource,
    target: c.target,
    request: new Map(),
    now: NOW,
  };
  const rights: Rights = {
    caller: c.caller,
    identity: c.identity.flatMap((each) => compile(each).statements),
    boundary: c.boundary === null ? null : compile(c.boundary).statements,
    controls: c.controls.map((level) => level.flatMap((each) => compile(each).statements)),
    missing: [],
  };
  const side: ResourceSide = {
    account: c.resourceAccount,
    policy: c.resourcePolicy === null ? null : compile(c.resourcePolicy),
    command: '',
    controls: c.resourceControls.map((level) => level.flatMap((each) => compile(each).statements)),
    missing: [],
  };
  const certainty = certaintyOf(rights, question, side);
  if (c.target !== null && c.action !== 'lambda:CreateEventSourceMapping') {
    // The vector of a class answers what a single question answers.
    const list = new TargetList([c.target]);
    const of = new PrincipalClass(rights, 'aws', NOW, new SharedAnswers());
    const single = of.on(question.action, c.resource, c.caller, { target: c.target });
    const vector = of.vector(question.action, list).levels[0];
    if (vector !== single) throw new Error(`vector ${vector}, single ${single}: ${JSON.stringify(c)}`);
  }
  return certainty;
}

/** How often each certainty was the answer; fails at the first case where the two evaluators differ. */
export function compareDecisions(cases: number, seed: number): readonly number[] {
  const random = numbers(seed);
  const seen = [0, 0, 0, 0];
  for (let index = 0; index < cases; index++) {
    const c = makeCase(random);
    const [got, wanted] = [actual(c), expected(c)];
    seen[wanted] = (seen[wanted] as number) + 1;
    if (got !== wanted)
      throw new Error(`case ${index}: ${got}, where ${wanted} is right: ${JSON.stringify(c)}`);
  }
  return seen;
}
