import { oneLine } from '#base/text.ts';
import { WEAKENED } from './certainty.ts';
import type { Answer } from './decide.ts';
import type { EscalationMethod } from './escalation-method.ts';
import type { IamIndex, JudgedPrincipal } from './iam-index.ts';
import type { OwnEscalation } from './own-escalation.ts';

/** Whoever made a thing named it, so names are cleaned and cut (attack-paths §4.11). */
const NAME_MAX = 80;

/** Condition keys as people call what they ask for. */
const WORDS: readonly (readonly [key: RegExp, words: string])[] = [
  [/^aws:multifactorauth/, 'a session with a second factor'],
  [/^aws:(?:vpc)?sourceip$/, 'certain addresses'],
  [/^aws:(?:sourcevpc|vpce)/, 'certain networks'],
  [/^sts:externalid$/, 'the external id'],
  [/^aws:(?:viaawsservice|calledvia)|^kms:viaservice$/, 'a service that calls for it'],
];

/** How a principal could give itself any right. */
export function ownSentence({ method, on }: OwnEscalation): string {
  const actions = method.requires.map(({ name }) => name).join(' and ');
  const what = shortName(on);
  switch (method.id) {
    case 'iam-001':
    case 'iam-001-full':
      return `may rewrite its own policy ${what} with ${actions}`;
    case 'rhino-2':
      return `may bring back an older version of its own policy ${what} with ${actions}`;
    default:
  }
  if (method.id.startsWith('own-boundary')) return `may take off its own boundary with ${actions}`;
  if (method.id.startsWith('own-deny')) return `may take off what denies it with ${actions}`;
  if (method.id.startsWith('own-tag')) return `may give itself the tags that open everything with ${actions}`;
  if (method.id === 'org-detach-policy')
    return `may take off the policies of the organisation with ${actions}`;
  return `may give itself any right with ${actions} on ${what}`;
}

/** What a principal may do to another, and what it takes besides; `answers` are those that the step rests on. */
export function escalationSentence(
  from: JudgedPrincipal,
  method: EscalationMethod,
  to: JudgedPrincipal,
  answers: readonly Answer[],
): string {
  return `${bare(from, method, to)}${needs(answers)}`;
}

function bare(from: JudgedPrincipal, method: EscalationMethod, { principal }: JudgedPrincipal): string {
  const name = oneLine(principal.resource.name, NAME_MAX);
  const names = method.requires.map((requirement) => requirement.name);
  if (method.gains === 'admin') return `may give ${name} any right with ${names[0]} and become it`;
  switch (method.target) {
    case 'user':
      return `may take over ${name} with ${names.join(' and ')}`;
    case 'group':
      return `may join ${name} with ${names.join(' and ')}`;
    case 'role':
      if (method.id === 'sts-001') return `may assume ${name}${otherAccount(from, principal.caller.account)}`;
      if (method.id === 'iam-012') return `may make ${name} trust it with ${names[0]}`;
      return `may become ${name} with ${names.join(' and ')}`;
    case 'passed-role':
      return `may run code as ${name} with ${names[0]} and ${names.slice(1).join(', ')}`;
    default:
      return `may run code as ${name}${through(from, method, principal.caller.arn)} with ${names.join(', ')}`;
  }
}

function otherAccount(from: JudgedPrincipal, account: string): string {
  return account === from.principal.caller.account ? '' : ` of account ${account}`;
}

/** Names what runs as the role. */
function through(
  { class: { account, of } }: JudgedPrincipal,
  method: EscalationMethod,
  role: string,
): string {
  const { list, principals, resources } = account.workloads(method.target.replace('workload:', ''));
  const number = account.numberOf(role);
  const [first] = method.requires.filter(({ on }) => on === 'target');
  const levels = first === undefined ? null : of.vector(first.action, list).levels;
  const place = principals.findIndex(
    (each, index) => each === number && (levels === null || (levels[index] as number) > 0),
  );
  return place < 0 ? '' : ` through ${oneLine(resources[place]?.name ?? '', NAME_MAX)}`;
}

/** What in the surroundings the answers hang on, in words; empty where on nothing. */
function needs(answers: readonly Answer[]): string {
  const keys = answers.flatMap((answer) =>
    answer.is === 'conditional'
      ? answer.residue.flatMap(({ is, key }) => (is === 'environment' ? [key] : []))
      : [],
  );
  if (keys.length === 0) return '';
  const words = new Set(
    WORDS.flatMap(([pattern, text]) => (keys.some((key) => pattern.test(key)) ? [text] : [])),
  );
  return words.size === 0 ? '' : ` (needs ${[...words].join(' and ')})`;
}

/** The same for everything that an administrator may do. */
export function weakenedBy(from: JudgedPrincipal, index: IamIndex): string {
  const { account, isAdmin } = from.class;
  if (isAdmin !== WEAKENED) return '';
  const role = `arn:${account.partition}:iam::${account.id}:role/~`;
  return needs([index.answer(from, 'iam:attachrolepolicy', role)]);
}

function shortName(arn: string): string {
  return oneLine(arn.slice(arn.lastIndexOf('/') + 1), NAME_MAX);
}
