import { type Instant, parseInstant } from '#base/instant.ts';
import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import { matchesAction, matchesGlob, matchesResource, type Statement } from './aws-policy-statement.ts';

/** How certain an answer is: `maybe` where it hangs on a condition that we cannot judge. */
export type Certainty = 'no' | 'maybe' | 'yes';

const ORDER: readonly Certainty[] = ['no', 'maybe', 'yes'];

export function atLeast(answer: Certainty, wanted: Certainty): boolean {
  return ORDER.indexOf(answer) >= ORDER.indexOf(wanted);
}

function lower(a: Certainty, b: Certainty): Certainty {
  return atLeast(a, b) ? b : a;
}

/** What somebody in IAM may do, before policies of the organisation, which no dump of an account holds. */
export interface Rights {
  readonly statements: readonly Statement[];
  /** The permissions boundary; null where there is none. */
  readonly boundary: readonly Statement[] | null;
  /** A role's sessions have a token with a time; a user's keys have none. */
  readonly isRole: boolean;
  /** When the account was described, for conditions on dates. */
  readonly now: Instant;
}

export interface Question {
  readonly action: string;
  /** An ARN; null asks whether there is any resource at all on which it is allowed. */
  readonly resource: string | null;
  /** Values of condition keys that the question fixes, in lower case: `iam:passedtoservice`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Whether the action is allowed: an Allow, no Deny, and the same in the boundary (design: attack paths, IAM). */
export function mayDo(rights: Rights, question: Question): Certainty {
  const granted = answerOf(rights.statements, rights, question);
  return rights.boundary === null || granted === 'no'
    ? granted
    : lower(granted, answerOf(rights.boundary, rights, question));
}

function answerOf(statements: readonly Statement[], rights: Rights, question: Question): Certainty {
  let allowed: Certainty = 'no';
  let denied: Certainty = 'no';
  for (const statement of statements) {
    const known: Certainty = statement.allows ? allowed : denied;
    if (
      known === 'yes' ||
      !matchesAction(statement, question.action) ||
      !isAbout(statement, question.resource)
    )
      continue;
    const holds = conditionHolds(statement.condition, rights, question, statement.allows);
    if (statement.allows) allowed = atLeast(holds, allowed) ? holds : allowed;
    else denied = atLeast(holds, denied) ? holds : denied;
  }
  if (denied === 'yes') return 'no';
  return denied === 'maybe' ? lower(allowed, 'maybe') : allowed;
}

/** Only a Deny of everything takes away all resources; an Allow of any leaves one. */
function isAbout(statement: Statement, resource: string | null): boolean {
  return resource === null
    ? statement.allows || matchesResource(statement, ANY_RESOURCE)
    : matchesResource(statement, resource);
}

const ANY_RESOURCE = 'arn:aws:~:~:~:~every~';

/** Keys whose value the caller chooses, or that the rightful holder of the credentials can bring about. */
const CALLERS_CHOICE = new Set([
  'aws:multifactorauthpresent',
  'aws:multifactorauthage',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:viaawsservice',
  'aws:calledvia',
  'aws:securetransport',
  'aws:useragent',
  'aws:referer',
  'aws:requestedregion',
  'aws:tagkeys',
  'ec2:instancetype',
  'sts:externalid',
  'sts:rolesessionname',
]);

/**
 * Whether a condition can hold for the caller. What the caller chooses counts as met in an Allow and
 * as avoided in a Deny: a second factor or an office's address weakens a privilege, it does not take it away.
 */
function conditionHolds(
  condition: JsonObject | null,
  rights: Rights,
  question: Question,
  isAllow: boolean,
): Certainty {
  let result: Certainty = 'yes';
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    for (const [written, value] of Object.entries(asObject(keys) ?? {})) {
      const values =
        typeof value === 'boolean' || typeof value === 'number' ? [String(value)] : asTexts(value);
      result = lower(
        result,
        testHolds(operator.toLowerCase(), written.toLowerCase(), values, rights, question, isAllow),
      );
    }
  }
  return result;
}

function testHolds(
  operator: string,
  key: string,
  values: readonly string[],
  rights: Rights,
  { context }: Question,
  isAllow: boolean,
): Certainty {
  const fixed = context?.[key];
  if (fixed !== undefined && operator.startsWith('string')) {
    const among = values.some((value) => matchesGlob(value.toLowerCase(), fixed));
    return among !== operator.includes('not') ? 'yes' : 'no';
  }
  if (operator.startsWith('date')) return dateHolds(operator, key, values, rights);
  if (CALLERS_CHOICE.has(key) || key.startsWith('aws:requesttag/')) return isAllow ? 'yes' : 'no';
  return 'maybe';
}

function dateHolds(
  operator: string,
  key: string,
  values: readonly string[],
  { now, isRole }: Rights,
): Certainty {
  const bound = parseInstant(values[0]);
  const isNow = key === 'aws:currenttime' || key === 'aws:epochtime';
  if (bound === null || values.length !== 1 || (!isNow && key !== 'aws:tokenissuetime')) return 'maybe';
  // A token is some hours old at most, so for bounds of another day its time is now. A user's key has none
  // until the user asks for one.
  if (operator.startsWith('dategreaterthan')) return now <= bound ? 'no' : isNow || isRole ? 'yes' : 'maybe';
  return operator.startsWith('datelessthan') ? (now < bound ? 'yes' : 'no') : 'maybe';
}
