import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { asObject, asTexts, type JsonValue } from '#base/json-value.ts';
import { matchesAction, type Statement, statementsOf } from '../privilege/aws-policy-statement.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type Audience, audienceOfSources, isPublic, narrowerAudience, widerAudience } from './audience.ts';
import {
  type Asker,
  type Passing,
  passingOutsiders,
  type Sparing,
  sparedOutsiders,
} from './aws-outsider-condition.ts';
import { EVERYWHERE } from './passage.ts';

/** What a resource policy gives to people outside. */
export interface PolicyOpening {
  readonly action: string;
  /** The widest audience that may take it. */
  readonly audience: Audience;
  /** The statements that give it: their `Sid`, else their place (`statement 2`). */
  readonly gates: readonly string[];
}

export interface PolicyVerdict {
  /** Actions of those asked for that somebody outside may take; narrow audiences too. */
  readonly openings: readonly PolicyOpening[];
  /** Condition keys that would decide about further actions. */
  readonly undecided: readonly string[];
  /** Denials that turn strangers away from what an Allow gives. */
  readonly denials: readonly string[];
  /** AWS services that may act for anybody's resource: no source account or ARN is asked for. */
  readonly deputies: readonly string[];
}

export interface PolicyQuestion extends Asker {
  /** Ranges that are the organisation's own. */
  readonly corporate?: AddressSet;
  readonly isAbout?: (statement: Statement) => boolean;
}

interface Allowing {
  readonly gate: string;
  readonly statement: Statement;
  /** The widest that its principals are. */
  readonly who: Audience;
  readonly passing: Passing;
}

interface Denying {
  readonly gate: string;
  readonly statement: Statement;
  readonly sparing: Sparing;
}

/**
 * Which of the actions a resource policy lets people outside take (attack-paths §2.8). `unsigned` says
 * that the service answers requests without a signature; where it does not, the widest audience is any
 * AWS account.
 */
export function openingsOf(
  policy: PolicyFacts,
  actions: readonly string[],
  unsigned: boolean,
  question: PolicyQuestion,
): PolicyVerdict {
  const { corporate = NO_ADDRESSES, isAbout = () => true } = question;
  const allows: Allowing[] = [];
  const denies: Denying[] = [];
  const deputies = new Set<string>();
  for (const [index, facts] of policy.Statement.entries()) {
    const [statement] = statementsOf({ Statement: [facts] });
    if (statement === undefined || !isAbout(statement)) continue;
    const gate = facts.Sid ?? `statement ${index + 1}`;
    if (!statement.allows) {
      const sparing = denialOf(statement, question);
      if (sparing !== null) denies.push({ gate, statement, sparing });
      continue;
    }
    const passing = passingOutsiders(statement.condition, question);
    const who = principalsOf(statement, question.owner);
    if (who !== 'none') allows.push({ gate, statement, who, passing });
    if (isPublic(passing.audience) && actions.some((action) => matchesAction(statement, action)))
      for (const service of asTexts(asObject(statement.principal)?.['Service'])) deputies.add(service);
  }
  const openings: PolicyOpening[] = [];
  const undecided = new Set<string>();
  const denials = new Set<string>();
  for (const action of actions) {
    const given = allows.filter(({ statement }) => matchesAction(statement, action));
    const taken = denies.filter(({ statement }) => matchesAction(statement, action));
    const { audience, gates } = widest(given, taken, unsigned, corporate);
    if (isPublic(audience) && taken.some(({ sparing }) => sparing.isUnknown)) {
      undecided.add('a Deny of it');
      continue;
    }
    if (audience !== 'none') openings.push({ action, audience, gates });
    if (isPublic(audience)) continue;
    for (const { passing, who } of given)
      if (passing.unknown !== null && isPublic(who) && isPublic(passing.audience))
        undecided.add(passing.unknown);
    if (isPublic(widest(given, [], unsigned, corporate).audience))
      for (const { gate, sparing } of taken) if (!isPublic(sparing.audience)) denials.add(gate);
  }
  return { openings, undecided: [...undecided], denials: [...denials], deputies: [...deputies] };
}

/** Callers of one kind, from some addresses. */
interface Callers {
  readonly audience: Audience;
  readonly sources: AddressSet;
  readonly gate: string;
}

/** Who is left of those that statements allow, after those that others deny. */
function widest(
  given: readonly Allowing[],
  taken: readonly Denying[],
  unsigned: boolean,
  corporate: AddressSet,
): Pick<PolicyOpening, 'audience' | 'gates'> {
  let callers: readonly Callers[] = given
    .filter(({ passing }) => passing.unknown === null)
    .map(({ who, passing, gate }) => ({
      // What names the distribution that asks does not make it less of a content network.
      audience:
        who === 'cdn-only'
          ? who
          : narrowerAudience(
              narrowerAudience(who, passing.audience),
              unsigned ? 'internet' : 'any-aws-account',
            ),
      sources: passing.sources ?? EVERYWHERE,
      gate,
    }));
  for (const { sparing } of taken)
    if (!sparing.isUnknown) callers = callers.flatMap((each) => afterDeny(each, sparing));
  let audience: Audience = 'none';
  const gates: string[] = [];
  for (const [kind, own] of Map.groupBy(callers, (each) => each.audience)) {
    const from = audienceOfSources(unionAddresses(...own.map((each) => each.sources)), corporate);
    const reached = kind === 'internet' ? from : isPublic(from) ? kind : narrowerAudience(kind, from);
    const wider = widerAudience(audience, reached);
    if (wider !== audience) gates.splice(0, gates.length, ...own.map((each) => each.gate));
    audience = wider;
  }
  return { audience, gates: [...new Set(gates)] };
}

/** Those that a Deny hits stay as far as it spares them; from other addresses they stay as they are. */
function afterDeny(callers: Callers, { audience, sources }: Sparing): readonly Callers[] {
  const hit = sources === null ? callers.sources : intersectAddresses(callers.sources, sources);
  const rest = sources === null ? NO_ADDRESSES : subtractAddresses(callers.sources, sources);
  return [
    { ...callers, sources: rest },
    {
      ...callers,
      sources: hit,
      audience:
        callers.audience === 'cdn-only' && audience !== 'none'
          ? callers.audience
          : narrowerAudience(callers.audience, audience),
    },
  ].filter((each) => each.audience !== 'none' && hasAddresses(each.sources));
}

/** The widest audience that the principals of an Allow stand for. */
function principalsOf({ principal, notPrincipal }: Statement, owner: string | null): Audience {
  if (notPrincipal !== undefined || isStar(principal)) return 'internet';
  const named = asObject(principal);
  let audience: Audience = 'none';
  for (const text of asTexts(named?.['AWS']))
    audience = widerAudience(audience, audienceOfPrincipal(text, owner));
  // AWS names an origin access identity so; else it is another account.
  if (asTexts(named?.['CanonicalUser']).length > 0) audience = widerAudience(audience, 'partner');
  if (asTexts(named?.['Service']).includes('cloudfront.amazonaws.com'))
    audience = widerAudience(audience, 'cdn-only');
  return audience;
}

function audienceOfPrincipal(text: string, owner: string | null): Audience {
  if (/^arn:[a-z-]+:iam::cloudfront:user\/CloudFront Origin Access Identity /.test(text)) return 'cdn-only';
  const account = /^\d{12}$/.test(text) ? text : text.split(':')[4];
  if (account === undefined || !/^\d{12}$/.test(account) || owner === null || account === owner)
    return 'none';
  return 'partner';
}

/** Whom a Deny leaves alone; null for one that is about named principals and so about no stranger. */
function denialOf(statement: Statement, asker: Asker): Sparing | null {
  const { principal, notPrincipal, condition } = statement;
  const spared = sparedOutsiders(condition, asker);
  if (notPrincipal === undefined) return isStar(principal) ? spared : null;
  return isStar(notPrincipal) ? null : { ...spared, audience: widerAudience(spared.audience, 'partner') };
}

function isStar(principal: JsonValue | undefined): boolean {
  if (principal === '*') return true;
  return asTexts(asObject(principal)?.['AWS']).includes('*');
}
