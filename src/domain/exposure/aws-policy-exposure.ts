import { type AddressSet, hasAddresses, NO_ADDRESSES, unionAddresses } from '#base/address-set.ts';
import { asObject, asTexts, type JsonValue } from '#base/json-value.ts';
import { testsOf } from '../privilege/aws/condition.ts';
import { matchesAction, type Statement, statementsOf } from '../privilege/aws-policy-statement.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type Audience, audienceOfSources, isPublic, narrowerAudience, widerAudience } from './audience.ts';
import { type Asker, OUTSIDERS, type Outsider } from './aws-outsider.ts';
import { askedOfCaller, type Conditions, OutsiderRequests } from './aws-outsider-requests.ts';
import { EVERYWHERE } from './passage.ts';

/** What a resource policy gives to people outside. */
export interface PolicyOpening {
  readonly action: string;
  /** The widest audience that may take it. */
  readonly audience: Audience;
  /** The statements that give it: their `Sid`, else their place (`statement 2`). */
  readonly gates: readonly string[];
  /** From where. */
  readonly sources?: AddressSet | undefined;
}

export interface PolicyVerdict {
  /** Actions of those asked for that somebody outside may take; narrow audiences too. */
  readonly openings: readonly PolicyOpening[];
  /** What would decide about further actions: conditions that nobody can judge, policies that nobody described. */
  readonly undecided: readonly string[];
  /** Denials that turn strangers away from what an Allow gives. */
  readonly denials: readonly string[];
  /** AWS services that may act for anybody's resource: no source account or ARN is asked for. */
  readonly deputies: readonly string[];
}

export interface PolicyQuestion extends Asker {
  /** What sentences call the resource. */
  readonly name: string;
  /** Denials of the organisation's resource control policies. */
  readonly perimeter?: readonly Statement[];
  /** Policies of that kind that bind it and were not described, with their commands. */
  readonly perimeterMissing?: readonly string[];
  /** Ranges that are the organisation's own. */
  readonly corporate?: AddressSet;
  readonly isAbout?: (statement: Statement) => boolean;
}

interface Line {
  readonly place: number;
  readonly gate: string;
  readonly statement: Statement;
  readonly conditions: Conditions;
}

interface Allowing extends Line {
  /** The widest that its principals are. */
  readonly who: Audience;
}

interface Denying extends Line {
  /** It leaves somebody alone by name, who may be outside. */
  readonly sparesNamed: boolean;
}

/**
 * Which of the actions a resource policy lets people outside take (attack-paths §2.8): those for which one request
 * exists that a statement allows and none denies. `unsigned` says that the service answers requests without a
 * signature; where it does not, the widest audience is any AWS account.
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
  const perimeter: Denying[] = [];
  const services: Line[] = [];
  for (const [index, facts] of policy.Statement.entries()) {
    const [statement] = statementsOf({ Statement: [facts] });
    if (statement === undefined || !isAbout(statement)) continue;
    const conditions = testsOf(statement.condition, false).map(askedOfCaller);
    const line = { place: index, gate: facts.Sid ?? `statement ${index + 1}`, statement, conditions };
    if (!statement.allows) {
      if (isOfStrangers(statement))
        denies.push({ ...line, sparesNamed: statement.notPrincipal !== undefined });
      continue;
    }
    for (const who of principalsOf(statement, question.owner)) allows.push({ ...line, who });
    if (asTexts(asObject(statement.principal)?.['Service']).length > 0) services.push(line);
  }
  for (const [index, statement] of (question.perimeter ?? []).entries()) {
    if (!isOfStrangers(statement) || !isAbout(statement)) continue;
    const conditions = testsOf(statement.condition, false).map(askedOfCaller);
    const gate = `resource control policy ${statement.sid ?? index + 1}`;
    perimeter.push({
      place: -1 - index,
      gate,
      statement,
      conditions,
      sparesNamed: statement.notPrincipal !== undefined,
    });
  }
  const callers = callersOf([...allows, ...denies, ...perimeter, ...services], unsigned, corporate, question);
  const openings: PolicyOpening[] = [];
  const undecided = new Set<string>();
  const denials = new Set<string>();
  const known = new Map<string, ReturnType<Callers['widest']>>();
  for (const action of actions) {
    const given = allows.filter(({ statement }) => matchesAction(statement, action));
    const taken = [...denies, ...(isBound(action) ? perimeter : [])].filter(({ statement }) =>
      matchesAction(statement, action),
    );
    const about = [...given, ...taken].map(({ place }) => place).join();
    const found = known.get(about) ?? callers.widest(given, taken);
    known.set(about, found);
    if (isPublic(found.audience) && isBound(action) && (question.perimeterMissing ?? []).length > 0) {
      for (const each of question.perimeterMissing ?? []) undecided.add(each);
      continue;
    }
    for (const { audience, gates, sources } of [found, ...found.beside])
      if (audience !== 'none') openings.push({ action, audience, gates, sources });
    for (const key of found.undecided)
      undecided.add(
        `what the policy of ${question.name} means by its condition on ${key}: aws accessanalyzer list-findings --analyzer-arn ARN`,
      );
    for (const gate of found.denials) denials.add(gate);
  }
  return {
    openings,
    undecided: [...undecided],
    denials: [...denials],
    deputies: callers.deputies(
      services.filter(({ statement }) => actions.some((each) => matchesAction(statement, each))),
    ),
  };
}

/** Services whose resources the organisation's resource control policies bind. */
const BOUND = /^(?:s3|sts|kms|sqs|secretsmanager|ecr|aoss):/;

function isBound(action: string): boolean {
  return BOUND.test(action);
}

interface Reached extends Omit<PolicyOpening, 'action'> {
  /** Named outsiders beside a content network, who are no part of its audience: at most one. */
  readonly beside: readonly Omit<PolicyOpening, 'action'>[];
}

/** Who is outside, and what of a policy lets whom of them in. */
interface Callers {
  widest(
    given: readonly Allowing[],
    taken: readonly Denying[],
  ): Reached & Pick<PolicyVerdict, 'undecided' | 'denials'>;
  deputies(services: readonly Line[]): readonly string[];
}

function callersOf(lines: readonly Line[], unsigned: boolean, corporate: AddressSet, asker: Asker): Callers {
  const tests = lines.flatMap(({ conditions }) => conditions);
  const requests = new Map(OUTSIDERS.map((each) => [each, new OutsiderRequests(tests, each, asker)]));
  const of = (outsider: Outsider): OutsiderRequests => requests.get(outsider) as OutsiderRequests;

  const reached = (
    given: readonly Allowing[],
    taken: readonly Denying[],
    unknown: 'closes' | 'opens',
  ): Reached => {
    const found = OUTSIDERS.flatMap((outsider) => {
      if (outsider === 'internet' && !unsigned) return [];
      const denials = taken
        .filter(({ sparesNamed }) => !sparesNamed || isPublic(outsider))
        .map(({ conditions }) => conditions);
      const ways = given.flatMap((by) => {
        if (!standsFor(by.who, outsider)) return [];
        const sources =
          of(outsider).allowedFrom(by.conditions, denials, unknown) ??
          (unknown === 'opens' ? EVERYWHERE : NO_ADDRESSES);
        return hasAddresses(sources) ? [{ by, sources }] : [];
      });
      return [{ outsider, ways }];
    });
    const widest = widestOf(found, corporate);
    if (widest.audience !== 'cdn-only') return { ...widest, beside: [] };
    const others = found.map(({ outsider, ways }) => ({
      outsider,
      ways: ways.filter(({ by }) => !widest.by.includes(by)),
    }));
    const other = widestOf(others, corporate);
    return { ...widest, beside: other.audience === 'none' ? [] : [other] };
  };

  return {
    widest(given, taken) {
      const certain = reached(given, taken, 'closes');
      if (isPublic(certain.audience)) return { ...certain, undecided: [], denials: [] };
      if (isPublic(reached(given, taken, 'opens').audience))
        return {
          ...certain,
          undecided: undecidedOf([...given, ...taken], of('any-aws-account')),
          denials: [],
        };
      const closing = isPublic(reached(given, [], 'closes').audience)
        ? taken.filter((each) => !isPublic(reached(given, [each], 'closes').audience))
        : [];
      // Where no Deny closes it alone, all of them do.
      const isClosed = closing.length > 0 || !isPublic(reached(given, [], 'closes').audience);
      return { ...certain, undecided: [], denials: (isClosed ? closing : taken).map(({ gate }) => gate) };
    },
    deputies(services) {
      const open = services.filter(({ conditions }) => {
        const sources = of('any-aws-account').allowedFrom(conditions, [], 'opens');
        return sources === undefined || isPublic(audienceOfSources(sources, corporate));
      });
      return [
        ...new Set(open.flatMap(({ statement }) => asTexts(asObject(statement.principal)?.['Service']))),
      ];
    },
  };
}

/** What lets one kind of outsider in, and from where each does. */
interface OutsiderWays {
  readonly outsider: Outsider;
  readonly ways: readonly { readonly by: Allowing; readonly sources: AddressSet }[];
}

/** The first of the widest of whom these let in; nobody where they let nobody in. */
function widestOf(
  found: readonly OutsiderWays[],
  corporate: AddressSet,
): Omit<PolicyOpening, 'action'> & { readonly by: readonly Allowing[] } {
  let audience: Audience = 'none';
  let widest: OutsiderWays['ways'] = [];
  for (const { outsider, ways } of found) {
    if (ways.length === 0) continue;
    const from = audienceOfSources(unionAddresses(...ways.map(({ sources }) => sources)), corporate);
    const own = outsider === 'internet' ? from : isPublic(from) ? outsider : narrowerAudience(outsider, from);
    if (widerAudience(audience, own) === audience) continue;
    audience = own;
    widest = ways;
  }
  return {
    audience,
    gates: [...new Set(widest.map(({ by }) => by.gate))],
    sources: unionAddresses(NO_ADDRESSES, ...widest.map(({ sources }) => sources)),
    by: widest.map(({ by }) => by),
  };
}

/** Keys that nobody can judge, else that there are too many ways to ask. */
function undecidedOf(lines: readonly Line[], requests: OutsiderRequests): readonly string[] {
  const keys = lines.flatMap(({ conditions }) =>
    conditions.filter((test) => !requests.isKnown(test)).map(({ key }) => key),
  );
  return keys.length === 0 ? ['so many keys at once'] : [...new Set(keys)];
}

/** Whether an outsider can be one of those that an Allow is for. */
function standsFor(who: Audience, outsider: Outsider): boolean {
  if (who === 'cdn-only' || outsider === 'cdn-only') return who === outsider;
  return narrowerAudience(who, outsider) === outsider;
}

/** The widest audience that the principals of an Allow stand for, and a content network beside it. */
function principalsOf({ principal, notPrincipal }: Statement, owner: string | null): readonly Audience[] {
  if (notPrincipal !== undefined || isStar(principal)) return ['internet'];
  const named = asObject(principal);
  const audiences = asTexts(named?.['AWS']).map((text) => audienceOfPrincipal(text, owner));
  // AWS names an origin access identity so; else it is another account.
  if (asTexts(named?.['CanonicalUser']).length > 0) audiences.push('partner');
  if (asTexts(named?.['Service']).includes('cloudfront.amazonaws.com')) audiences.push('cdn-only');
  const others = audiences.filter((each) => each !== 'cdn-only').reduce(widerAudience, 'none');
  return [
    ...(audiences.includes('cdn-only') ? (['cdn-only'] as const) : []),
    ...(others === 'none' ? [] : [others]),
  ];
}

function audienceOfPrincipal(text: string, owner: string | null): Audience {
  if (/^arn:[a-z-]+:iam::cloudfront:user\/CloudFront Origin Access Identity /.test(text)) return 'cdn-only';
  const account = /^\d{12}$/.test(text) ? text : text.split(':')[4];
  if (account === undefined || !/^\d{12}$/.test(account) || owner === null || account === owner)
    return 'none';
  return 'partner';
}

/** A Deny of named principals is about no stranger. */
function isOfStrangers({ principal, notPrincipal }: Statement): boolean {
  return notPrincipal === undefined ? isStar(principal) : !isStar(notPrincipal);
}

function isStar(principal: JsonValue | undefined): boolean {
  if (principal === '*') return true;
  return asTexts(asObject(principal)?.['AWS']).includes('*');
}
