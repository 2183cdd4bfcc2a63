/**
 * A slow evaluator that follows AWS's words on policies literally and knows only true and false. It imports nothing: no
 * pattern, condition or name is looked at by the code that it is compared with. What depends on nothing that is known
 * becomes true or false as a world says: with everything against the caller, with the surroundings for it, or with all
 * for it. Since every such test stands for itself, the answers of the three worlds are the chain of certainties.
 */

export type Json = string | boolean | number | null | readonly Json[] | { readonly [member: string]: Json };
export type Tags = Readonly<Record<string, string>>;
export type Statement = Readonly<Record<string, Json>>;

export interface Policy {
  readonly Version?: string;
  readonly Statement: readonly Statement[];
}

export interface LiteralCase {
  readonly caller: {
    readonly arn: string;
    readonly account: string;
    readonly kind: 'user' | 'role';
    readonly name: string;
    readonly uniqueId: string | null;
    readonly tags: Tags | null;
    readonly choosesItsTags: boolean;
    readonly isBounded: boolean;
    readonly organisation: string | null | undefined;
    readonly organisationPath: string | null | undefined;
  };
  readonly identity: readonly Policy[];
  readonly boundary: Policy | null;
  readonly controls: readonly (readonly Policy[])[];
  readonly resourceControls: readonly (readonly Policy[])[];
  readonly resourcePolicy: Policy | null;
  /** Grants of a key: an ARN, and names of operations. */
  readonly grants: readonly { readonly grantee: string; readonly operations: readonly string[] }[];
  readonly resourceAccount: string;
  readonly action: string;
  readonly resource: string;
  readonly target: {
    readonly arn: string;
    readonly account: string;
    readonly tags: Tags | null;
    readonly boundary: string | null;
    readonly isTaggable: boolean;
    readonly organisation: string | null | undefined;
    readonly organisationPath: string | null | undefined;
  } | null;
  /** What the request fixes, by keys in lower case; null is known to be absent. */
  readonly request: Readonly<Record<string, readonly string[] | null>>;
  readonly now: number;
}

interface World {
  /** Up to which kind of open test the caller is favoured. */
  readonly favour: 'nothing' | 'environment' | 'everything';
}

/** 3 where the request is allowed, 2 in some surroundings, 1 where something that nobody knows decides, 0 denied. */
export function literalCertainty(c: LiteralCase): 0 | 1 | 2 | 3 {
  if (isAllowed(c, { favour: 'nothing' })) return 3;
  if (isAllowed(c, { favour: 'environment' })) return 2;
  return isAllowed(c, { favour: 'everything' }) ? 1 : 0;
}

function isAllowed(c: LiteralCase, world: World): boolean {
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
    if (
      s['NotPrincipal'] === undefined ? isNamed(c, s['Principal']) : isNotSpared(c, s['NotPrincipal'], world)
    )
      return false;
  }
  // 2. and 3. Every level of control policies, of the resource's account and of the caller's.
  if (![...c.resourceControls, ...c.controls].every((level) => allows(level))) return false;
  // 4. to 9.
  const identity = allows(c.identity);
  const bounded = c.boundary === null || allows([c.boundary]);
  let [directly, asRole, asAccount] = [false, false, false];
  for (const s of c.resourcePolicy?.Statement ?? []) {
    if (s['Effect'] !== 'Allow' || !applies(c.resourcePolicy as Policy, s, true)) continue;
    const { account, own, session, everybody } = ways(c, s['Principal'] ?? s['NotPrincipal']);
    if (s['NotPrincipal'] !== undefined) {
      asRole ||= !account && !own && !session && !everybody;
      continue;
    }
    directly ||= session || (own && c.caller.kind === 'user');
    asRole ||= everybody || (own && c.caller.kind === 'role');
    asAccount ||= account;
  }
  // 8. and 9. "A grant allows the grantee principal"; in which account it is makes no difference.
  const isGranted = c.grants.some(({ grantee, operations }) => {
    const { own, session } = ways(c, { AWS: grantee });
    const isEnough = session || (own && (c.caller.kind === 'user' || bounded));
    return isEnough && operations.some((each) => c.action === `kms:${each}`);
  });
  if (isGranted) return true;
  if (c.caller.account !== c.resourceAccount) return identity && bounded && (directly || asRole || asAccount);
  if (directly || (asRole && bounded)) return true;
  const needsPolicy = c.action === 'sts:AssumeRole' || c.action.startsWith('kms:');
  return identity && bounded && (asAccount || !needsPolicy);
}

// ---- Principals

/** In which ways a principal element names the caller, who asks as its account, its role and itself at once. */
function ways(
  { caller }: LiteralCase,
  principal: Json | undefined,
): {
  readonly account: boolean;
  readonly own: boolean;
  readonly session: boolean;
  readonly everybody: boolean;
} {
  const named = principal === '*' ? ['*'] : texts((principal as Record<string, Json>)['AWS']);
  const isSession = (name: string): boolean =>
    caller.kind === 'role' && name.startsWith(`arn:aws:sts::${caller.account}:assumed-role/${caller.name}/`);
  return {
    account: named.includes(caller.account) || named.includes(`arn:aws:iam::${caller.account}:root`),
    own: named.includes(caller.arn) || (caller.uniqueId !== null && named.includes(caller.uniqueId)),
    session: named.some(isSession),
    everybody: named.includes('*'),
  };
}

function isNamed(c: LiteralCase, principal: Json | undefined): boolean {
  return Object.values(ways(c, principal)).includes(true);
}

/**
 * "NotPrincipal with Deny … will always deny any IAM principal that has a permissions boundary"; it spares whom it
 * specifies, and "you must also specify the account ARN of the not-denied principal. Otherwise, the policy might deny";
 * AWS "might validate the account first, then the role, and then the assumed-role user".
 */
function isNotSpared(c: LiteralCase, principal: Json | undefined, { favour }: World): boolean {
  if (c.caller.isBounded) return true;
  const { account, own, session, everybody } = ways(c, principal);
  if (everybody) return false;
  if (!own && !session) return true;
  const isWhole = c.caller.kind === 'user' ? account && own : account && own && session;
  return !isWhole && favour !== 'everything';
}

// ---- Actions and resources

function aboutAction(c: LiteralCase, s: Statement): boolean {
  const matches = (patterns: readonly string[]): boolean =>
    patterns.some((each) => globRegExp(each.toLowerCase()).test(c.action.toLowerCase()));
  return s['Action'] !== undefined ? matches(texts(s['Action'])) : !matches(texts(s['NotAction']));
}

/** An open pattern that could match is for the caller or against, as the world says. */
function aboutResource(
  c: LiteralCase,
  s: Statement,
  version: string | undefined,
  world: World,
  good: boolean,
): boolean {
  const isAny = (patterns: readonly string[], open: boolean): boolean =>
    patterns.some((each) => {
      // "Some actions do not support resource-level permissions": these need a star.
      if (/^(?:lambda:CreateEventSourceMapping|ec2:DescribeInstances)$/.test(c.action)) return each === '*';
      const filled = fill(c, each, version);
      return filled !== null && (!filled.open || open) && filled.pattern.test(c.resource);
    });
  const favoured = world.favour === 'everything' ? good : !good;
  if (s['Resource'] !== undefined) return isAny(texts(s['Resource']), favoured);
  if (s['NotResource'] !== undefined) return !isAny(texts(s['NotResource']), !favoured);
  return true;
}

/** AWS's patterns as a regular expression. */
function globRegExp(pattern: string): RegExp {
  return regExp([...pattern].map(globPart).join(''));
}

const MADE = new Map<string, RegExp>();

function regExp(source: string): RegExp {
  const made = MADE.get(source) ?? new RegExp(`^${source}$`);
  MADE.set(source, made);
  return made;
}

function globPart(c: string): string {
  return c === '*' ? '[^]*' : c === '?' ? '[^]' : quoted(c);
}

function quoted(text: string): string {
  return text.replace(/[.*?+^${}()|[\]\\]/g, '\\$&');
}

function texts(value: Json | undefined): readonly string[] {
  return value === undefined || value === null
    ? []
    : typeof value === 'string'
      ? [value]
      : (value as readonly string[]);
}

// ---- Variables

interface Filled {
  /** What is compared whole. */
  readonly text: string;
  readonly pattern: RegExp;
  /** The same for each part between colons, as sources. */
  readonly parts: readonly string[];
  /** Whether it stands for anything. */
  readonly open: boolean;
}

/** A text with its variables; null never matches. */
function fill(c: LiteralCase, written: string, version: string | undefined): Filled | null {
  let text = '';
  let source = '';
  const parts: string[] = [''];
  let open = false;
  const put = (plain: string, glob: string): void => {
    text += plain;
    source += glob;
    if (plain === ':') parts.push('');
    else parts[parts.length - 1] += glob;
  };
  const putLiterally = (value: string): void => {
    for (const letter of value) put(letter, quoted(letter));
  };
  for (let at = 0; at < written.length; ) {
    const variable = version === '2012-10-17' ? /^\$\{([^}]*)\}/.exec(written.slice(at)) : null;
    if (variable === null) {
      put(written[at] as string, globPart(written[at] as string));
      at++;
      continue;
    }
    at += variable[0].length;
    const inner = variable[1] as string;
    if (inner === '*' || inner === '?' || inner === '$') {
      putLiterally(inner);
      continue;
    }
    const [, name = inner, fallback] = /^([^,]*),\s*'([^']*)'$/.exec(inner) ?? [];
    const known = isClock(c, name.trim()) ? 'undecided' : lookUp(c, name.trim());
    if (typeof known === 'string' && known !== 'absent') {
      open = true;
      put('*', '[^]*');
    } else if (typeof known === 'object' && known.values.length === 1)
      putLiterally(known.values[0] as string);
    else if (fallback === undefined) return null;
    else putLiterally(fallback);
  }
  return {
    text,
    pattern: regExp(source),
    parts,
    open,
  };
}

// ---- Conditions

type Known =
  | { readonly values: readonly string[] }
  | 'absent'
  | 'untrue'
  | 'environment'
  | 'chosen'
  | 'undecided';

/** What the caller writes into its request as it likes. */
const OF_CALLER = [
  'aws:requesttag/x',
  'aws:tagkeys',
  'aws:securetransport',
  'aws:useragent',
  'aws:referer',
  'ec2:instancetype',
  'iam:passedtoservice',
  'iam:policyarn',
  'lambda:functionurlauthtype',
  's3:prefix',
  's3:max-keys',
];
const OF_SURROUNDINGS = [
  'aws:multifactorauthpresent',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:viaawsservice',
  'aws:calledvia',
  'sts:externalid',
];

function lookUp(c: LiteralCase, written: string): Known {
  const key = written.toLowerCase();
  const { caller, target } = c;
  const fixed = c.request[key];
  if (fixed !== undefined) return fixed === null ? 'absent' : { values: fixed };
  if (OF_CALLER.includes(key)) return 'chosen';
  // "The temporary credentials returned by AssumeRole do not include MFA information".
  if (key === 'aws:multifactorauthpresent' && caller.kind === 'role') return 'untrue';
  if (key === 'aws:multifactorauthage') return caller.kind === 'role' ? 'absent' : 'environment';
  if (OF_SURROUNDINGS.includes(key)) return 'environment';
  const one = (value: string | null | undefined): Known =>
    value === undefined ? 'undecided' : value === null ? 'absent' : { values: [value] };
  const tagOf = (tags: Tags | null, name: string, isChosen: boolean): Known => {
    if (isChosen) return 'chosen';
    if (tags === null) return 'undecided';
    return one(Object.entries(tags).find(([tag]) => tag.toLowerCase() === name)?.[1] ?? null);
  };
  const [prefix, tag = ''] = key.split('/');
  if (prefix === 'aws:principaltag') return tagOf(caller.tags, tag, caller.choosesItsTags);
  if (prefix === 'aws:resourcetag' || prefix === 'iam:resourcetag' || prefix === 'ec2:resourcetag')
    return target === null ? 'undecided' : tagOf(target.tags, tag, target.isTaggable);
  switch (key) {
    case 'aws:principalarn':
      return one(caller.arn);
    case 'aws:principalaccount':
      return one(caller.account);
    case 'aws:principalorgid':
      return one(caller.organisation);
    case 'aws:principalorgpaths':
      return one(caller.organisationPath);
    case 'aws:resourceorgid':
    case 'aws:resourceorgpaths': {
      const which = key.endsWith('id') ? 'organisation' : 'organisationPath';
      const owner = target === null ? c.resource.split(':')[4] : target.account;
      if (owner === caller.account) return one(caller[which]);
      return one(target === null ? undefined : target[which]);
    }
    case 'aws:principaltype':
      return one(caller.kind === 'user' ? 'User' : 'AssumedRole');
    case 'aws:principalisawsservice':
      return one('false');
    case 'aws:username':
      return one(caller.kind === 'user' ? caller.name : null);
    case 'aws:userid':
      if (caller.uniqueId === null) return 'undecided';
      return one(caller.kind === 'user' ? caller.uniqueId : `${caller.uniqueId}:session`);
    case 'aws:sourceaccount':
    case 'aws:sourcearn':
    case 's3:dataaccesspointaccount':
      return 'absent';
    case 'iam:permissionsboundary':
      return target === null ? 'undecided' : one(target.boundary);
    case 'aws:resourceaccount': {
      const own = c.resource.split(':')[4] ?? '';
      return target === null ? (own.length === 12 ? one(own) : 'undecided') : one(target.account);
    }
    case 'aws:requestedregion': {
      if (c.action.startsWith('iam:')) return one('us-east-1');
      const region = c.resource.split(':')[3] ?? '';
      return region.includes('-') ? one(region) : 'chosen';
    }
    case 'aws:currenttime':
      return one(new Date(c.now).toISOString());
    case 'aws:epochtime':
      return one(String(Math.floor(c.now / 1_000)));
    default:
      return 'undecided';
  }
}

/** Whether a key is the time of the clock, and not one that the request fixes. */
function isClock(c: LiteralCase, written: string): boolean {
  const key = written.toLowerCase();
  return (key === 'aws:currenttime' || key === 'aws:epochtime') && c.request[key] === undefined;
}

/** Each operator without what negates it, by how a value compares with what is wanted. */
const OPERATORS: Readonly<Record<string, (value: string, wanted: Filled) => boolean>> = {
  stringequals: (value, { text }) => value === text,
  stringequalsignorecase: (value, { text }) => value.toLowerCase() === text.toLowerCase(),
  stringlike: (value, { pattern }) => pattern.test(value),
  bool: (value, { text }) => value.toLowerCase() === text.toLowerCase(),
  binaryequals: (value, { text }) => value === text,
  arnequals: isLikeArn,
  arnlike: isLikeArn,
  ipaddress: (value, { text }) => isWithin(value, text),
  numericequals: numbers((a, b) => a === b),
  numericlessthan: numbers((a, b) => a < b),
  numericlessthanequals: numbers((a, b) => a <= b),
  numericgreaterthan: numbers((a, b) => a > b),
  numericgreaterthanequals: numbers((a, b) => a >= b),
  dateequals: dates((a, b) => a === b),
  datelessthan: dates((a, b) => a < b),
  datelessthanequals: dates((a, b) => a <= b),
  dategreaterthan: dates((a, b) => a > b),
  dategreaterthanequals: dates((a, b) => a >= b),
};

/** "The ARN is made up of six components, each compared by itself"; the last may hold colons. */
function isLikeArn(value: string, { parts }: Filled): boolean {
  const own = value.split(':');
  if (own.length < 6 || parts.length < 6) return false;
  return (
    own.slice(0, 5).every((part, index) => regExp(parts[index] as string).test(part)) &&
    regExp(parts.slice(5).join(':')).test(own.slice(5).join(':'))
  );
}

function numbers(test: (a: number, b: number) => boolean): (value: string, wanted: Filled) => boolean {
  return (value, { text }) =>
    /^-?\d+(?:\.\d+)?$/.test(value) && /^-?\d+(?:\.\d+)?$/.test(text) && test(Number(value), Number(text));
}

function dates(test: (a: number, b: number) => boolean): (value: string, wanted: Filled) => boolean {
  return (value, { text }) => {
    const [a, b] = [timeOf(value), timeOf(text)];
    return !Number.isNaN(a) && !Number.isNaN(b) && test(a, b);
  };
}

/** A date in ISO 8601, or seconds since 1970. */
function timeOf(text: string): number {
  if (/^\d{10}$/.test(text)) return Number(text) * 1_000;
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
}

/** Addresses of version 4 alone. */
function isWithin(inner: string, outer: string): boolean {
  const read = (text: string): readonly [number, number] | null => {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
    if (match === null) return null;
    const bytes = match.slice(1, 5).map(Number);
    const size = 2 ** (32 - Number(match[5] ?? 32));
    const first = Math.floor(bytes.reduce((sum, byte) => sum * 256 + byte, 0) / size) * size;
    return [first, first + size];
  };
  const [own, range] = [read(inner), read(outer)];
  return own !== null && range !== null && own[0] >= range[0] && own[1] <= range[1];
}

/** Whether a condition holds; what is open is as the world says, for (`good`) or against the caller. */
function conditionHolds(
  c: LiteralCase,
  condition: Json | undefined,
  version: string | undefined,
  world: World,
  good: boolean,
): boolean {
  const open = (kind: 'environment' | 'undecided'): boolean => {
    const isFavoured =
      world.favour === 'everything' || (world.favour === 'environment' && kind === 'environment');
    return isFavoured ? good : !good;
  };
  const test = (written: string, key: string, wanted: readonly string[]): boolean => {
    const [, set, named = '', ifExists] =
      /^(?:for(all|any)values?:)?(.*?)(ifexists)?$/.exec(written.toLowerCase()) ?? [];
    const isNegated = /^(?:string|arn|numeric|date)not|^not/.test(named);
    const operator = named.replace(/^not/, '').replace(/^(string|arn|numeric|date)not/, '$1');
    const compare = OPERATORS[operator];
    if (compare === undefined && operator !== 'null') return open('undecided');
    const known = lookUp(c, key);
    if (known === 'chosen') return good;
    // The clock is compared with dates and numbers; of variables with a tag of the caller's alone.
    if (isClock(c, key) && operator !== 'null') {
      const isFixed = (value: string): boolean =>
        version !== '2012-10-17' || !value.includes(`\${`) || /^\$\{aws:principaltag[^}]*\}$/i.test(value);
      if (!/^(?:date|numeric)/.test(operator) || !wanted.every(isFixed)) return open('undecided');
    }
    // Every address is within all of them.
    if (known === 'environment' && operator === 'ipaddress' && key.toLowerCase() === 'aws:sourceip')
      if (wanted.includes('0.0.0.0/0')) return !isNegated;
    if (known === 'environment' || known === 'undecided') return open(known);
    if (known !== 'untrue') return holds(known);
    const [ifAbsent, ifFalse] = [holds('absent'), holds({ values: ['false'] })];
    return ifAbsent === ifFalse ? ifAbsent : open('undecided');

    function holds(known: 'absent' | { readonly values: readonly string[] }): boolean {
      if (operator === 'null') return /^true$/i.test(wanted[0] ?? '') === (known === 'absent');
      if (known === 'absent')
        return ifExists !== undefined || set === 'all' || (isNegated && set === undefined);
      const filled = wanted.map((each) => fill(c, each, version));
      if (filled.some((each) => each?.open === true)) return open('undecided');
      const isMatched = (value: string): boolean =>
        filled.some((each) => each !== null && (compare as NonNullable<typeof compare>)(value, each));
      const passes = (value: string): boolean => isMatched(value) !== isNegated;
      return set === 'all' ? known.values.every(passes) : known.values.some(passes);
    }
  };
  return Object.entries((condition ?? {}) as Record<string, Json>).every(([written, keys]) =>
    Object.entries(keys as Record<string, Json>).every(([key, wanted]) => test(written, key, texts(wanted))),
  );
}
