import { asObject, asTexts, type JsonValue } from '#base/json-value.ts';
import { matchesAction, type Statement, statementsOf } from '../privilege/aws-policy-statement.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type Audience, isPublic, narrowerAudience, widerAudience } from './audience.ts';
import { deniesOutsiders, narrowedAudience } from './aws-outsider-condition.ts';

/** What a resource policy gives to people outside. */
export interface PolicyOpening {
  readonly action: string;
  readonly audience: Audience;
}

export interface PolicyVerdict {
  /** Actions of those asked for that a public audience may take. */
  readonly open: readonly PolicyOpening[];
  /** Condition keys that would decide about further actions. */
  readonly undecided: readonly string[];
}

/**
 * Which of the actions a resource policy lets everybody take (design: attack paths, resource
 * policies). `unsigned` says that the service answers requests without a signature; where it does
 * not, the widest audience is any AWS account.
 */
export function openingsOf(
  policy: PolicyFacts,
  actions: readonly string[],
  unsigned: boolean,
  isAbout: (statement: Statement) => boolean = () => true,
): PolicyVerdict {
  const statements = statementsOf(policy).filter(isAbout);
  const open: PolicyOpening[] = [];
  const undecided = new Set<string>();
  for (const action of actions) {
    let audience: Audience = 'none';
    const doubts: string[] = [];
    for (const statement of statements) {
      if (!statement.allows || !matchesAction(statement, action) || !namesEverybody(statement)) continue;
      const narrowed = narrowedAudience(statement.condition);
      if ('unknown' in narrowed) doubts.push(narrowed.unknown);
      else audience = widerAudience(audience, narrowed.audience);
    }
    if (!unsigned) audience = narrowerAudience(audience, 'any-aws-account');
    const denials = statements
      .filter(
        (statement) => !statement.allows && matchesAction(statement, action) && deniesEverybody(statement),
      )
      .map((statement) => deniesOutsiders(statement.condition));
    if (denials.includes('yes')) continue;
    if (isPublic(audience) && !denials.includes('unknown')) open.push({ action, audience });
    else if (isPublic(audience)) undecided.add('a Deny of it');
    else for (const doubt of doubts) undecided.add(doubt);
  }
  return { open, undecided: [...undecided] };
}

/** `*`, `{"AWS": "*"}`, or everybody but a few. */
function namesEverybody({ principal, notPrincipal }: Statement): boolean {
  if (notPrincipal !== undefined) return true;
  return isStar(principal);
}

/** A Deny for everybody but a few turns strangers away as well. */
function deniesEverybody({ principal, notPrincipal }: Statement): boolean {
  return notPrincipal !== undefined ? !isStar(notPrincipal) : isStar(principal);
}

function isStar(principal: JsonValue | undefined): boolean {
  if (principal === '*') return true;
  return asTexts(asObject(principal)?.['AWS']).includes('*');
}
