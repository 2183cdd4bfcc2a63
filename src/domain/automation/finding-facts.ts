import type { Instant } from '#base/instant.ts';
import type { QueryFact, QueryFacts } from '../query/evaluate-query.ts';
import type { Assessment, FindingInput } from '../risk/assess-finding.ts';
import { DETECTED_RISKS, type DetectedRisk, type RiskState } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';

/** Where a resource is, as its inventory says; null: nobody says, or it is in none. */
export interface ResourcePlace {
  readonly region: string | null;
  readonly namespace: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a store tells of one finding for the conditions of rules, beside what it is assessed from. */
export interface ToldFinding {
  /** When a source first showed it; of several that count as one, the earliest. */
  readonly firstSeen: Instant;
  /** Since when it is known how to fix it; null or absent: it is not. */
  readonly fixSince?: Instant | null;
  /** What its report calls it; absent where its summary says that. */
  readonly title?: string | undefined;
  /** How many findings it stands for. */
  readonly findings: number;
  readonly issue: { readonly id: string; readonly key: string };
  readonly resource: { readonly key: string; readonly kind: string; readonly name: string };
  /** Where its resource is, and what runs it; absent where no rule asks for that. */
  readonly places?: readonly ResourcePlace[];
  /** The sources that show it now; empty also where no rule asks for them. */
  readonly sources: readonly { readonly name: string; readonly tool: string }[];
  /** When a condition on its time may change its answer, beside what follows from this; null: never. */
  readonly flipsAt?: Instant | null;
}

/** What the facts about one finding come from; what takes some working out is asked for only where a condition asks for it. */
interface FactsOf {
  readonly told: ToldFinding;
  readonly title: () => string;
  /** Whose it is. */
  readonly team: () => string | null;
  /** Null: what depends on how bad it is and where it is deployed is not known. */
  readonly assessed: {
    readonly finding: FindingInput;
    /** With the severity as it counts. */
    readonly assessment: Assessment;
    /** How bad it is before any rule. */
    readonly computed: { readonly severity: Severity; readonly score: number };
    /** Whether attackers are known to use it. */
    readonly exploited: () => RiskState;
  } | null;
}

type Fact = keyof QueryFacts;

/** How each fact is told; a rule asks a million findings for one or two of them. */
const FACTS: { readonly [Field in Fact]?: (of: FactsOf) => QueryFact | undefined } = {
  first_seen: ({ told }) => known(told.firstSeen),
  title: ({ title }) => known(title()),
  words: ({ title, told }) => known(`${title()}\n${told.issue.key}`),
  key: ({ told }) => known(told.issue.key),
  id: ({ told }) => known(told.issue.id),
  resource: ({ told }) => known(told.resource.key, told.resource.name),
  kind: ({ told }) => known(told.resource.kind),
  region: ({ told: { places = [] } }) => known(...places.map(({ region }) => region)),
  namespace: ({ told: { places = [] } }) => known(...places.map(({ namespace }) => namespace)),
  tag: ({ told: { places = [] } }) =>
    known(...places.flatMap(({ tags }) => Object.entries(tags).map(([key, value]) => `${key}=${value}`))),
  source: ({ told }) => known(...told.sources.map(({ name }) => name)),
  tool: ({ told }) => known(...told.sources.map(({ tool }) => tool)),
  team: ({ team }) => known(team()),
  type: ofAssessed(({ finding }) => known(finding.type)),
  severity: ofAssessed(({ assessment }) => known(assessment.severity)),
  score: ofAssessed(({ assessment }) => known(asListed(assessment.score))),
  computed_severity: ofAssessed(({ computed }) => known(computed.severity)),
  computed_score: ofAssessed(({ computed }) => known(asListed(computed.score))),
  risk: ofAssessed(({ assessment }) => ({
    values: inState(assessment, 'yes'),
    unknown: inState(assessment, 'unknown'),
  })),
  unknown: ofAssessed(({ assessment }) => known(...inState(assessment, 'unknown'))),
  risk_count: ofAssessed(({ assessment }) => known(assessment.riskCount)),
  advisory: ofAssessed(({ finding }) => known(finding.advisory?.id ?? null)),
  control: ofAssessed(({ finding }) => known(finding.control)),
  check: ofAssessed(({ finding }) => known(finding.toolCheck)),
  environment: ofAssessed(({ assessment: { deployments } }) => {
    const environments = deployments.flatMap(({ environment }) => environment ?? []);
    return { values: environments, mayBeMore: environments.length < deployments.length };
  }),
  service: ofAssessed(({ assessment }) =>
    known(...assessment.deployments.flatMap(({ services }) => services)),
  ),
  account: ofAssessed(({ assessment }) => known(...assessment.deployments.map(({ account }) => account))),
  known_exploited: ofAssessed(({ exploited }) => {
    const state = exploited();
    return state === 'unknown' ? { values: [], unknown: ['yes', 'no'] } : known(state);
  }),
};

function ofAssessed(
  tell: (assessed: NonNullable<FactsOf['assessed']>) => QueryFact,
): (of: FactsOf) => QueryFact | undefined {
  return ({ assessed }) => (assessed === null ? undefined : tell(assessed));
}

/** Tells each fact when it is asked for. */
const TELLING: object = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.entries(FACTS).map(([field, tell]) => [
      field,
      {
        get(this: { readonly of: FactsOf }) {
          return tell(this.of);
        },
      },
    ]),
  ),
);

/** The facts about one finding. */
export function findingFacts(of: FactsOf): QueryFacts {
  return Object.assign(Object.create(TELLING), { of }) as QueryFacts;
}

function inState({ risks }: Assessment, state: 'yes' | 'unknown'): readonly DetectedRisk[] {
  return DETECTED_RISKS.filter((risk) => risks[risk].state === state);
}

/** A score as lists show it, with one decimal. */
function asListed(score: number): number {
  return Math.floor(score * 10 + 0.5) / 10;
}

function known(...values: readonly (string | number | null)[]): QueryFact {
  return { values: values.filter((value) => value !== null) };
}
