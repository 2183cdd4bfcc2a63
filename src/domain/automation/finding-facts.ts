import type { Instant } from '#base/instant.ts';
import type { QueryFact, QueryFacts } from '../query/evaluate-query.ts';
import type { Assessment, FindingInput } from '../risk/assess-finding.ts';
import { DETECTED_RISKS, type RiskState } from '../risk/detected-risk.ts';
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

/** The facts that do not depend on how bad a finding is and where it is deployed. */
export function toldFacts(told: ToldFinding, title: string, team: string | null): QueryFacts {
  const { places = [] } = told;
  return {
    first_seen: known(told.firstSeen),
    title: known(title),
    words: known(`${title}\n${told.issue.key}`),
    key: known(told.issue.key),
    id: known(told.issue.id),
    resource: known(told.resource.key, told.resource.name),
    kind: known(told.resource.kind),
    region: known(...places.map(({ region }) => region)),
    namespace: known(...places.map(({ namespace }) => namespace)),
    tag: known(
      ...places.flatMap(({ tags }) => Object.entries(tags).map(([key, value]) => `${key}=${value}`)),
    ),
    source: known(...told.sources.map(({ name }) => name)),
    tool: known(...told.sources.map(({ tool }) => tool)),
    team: known(team),
  };
}

/** The facts that an assessment gives, with the severity as it counts. */
export function assessedFacts(
  finding: FindingInput,
  assessment: Assessment,
  computed: { readonly severity: Severity; readonly score: number },
  exploited: RiskState,
): QueryFacts {
  const { risks, riskCount, deployments } = assessment;
  const inState = (state: 'yes' | 'unknown') => DETECTED_RISKS.filter((risk) => risks[risk].state === state);
  const environments = deployments.flatMap(({ environment }) => environment ?? []);
  return {
    type: known(finding.type),
    severity: known(assessment.severity),
    score: known(asListed(assessment.score)),
    computed_severity: known(computed.severity),
    computed_score: known(asListed(computed.score)),
    risk: { values: inState('yes'), unknown: inState('unknown') },
    unknown: known(...inState('unknown')),
    risk_count: known(riskCount),
    advisory: known(finding.advisory?.id ?? null),
    control: known(finding.control),
    check: known(finding.toolCheck),
    environment: { values: environments, mayBeMore: environments.length < deployments.length },
    service: known(...deployments.flatMap(({ services }) => services)),
    account: known(...deployments.map(({ account }) => account)),
    known_exploited: exploited === 'unknown' ? { values: [], unknown: ['yes', 'no'] } : known(exploited),
  };
}

/** A score as lists show it, with one decimal. */
function asListed(score: number): number {
  return Math.floor(score * 10 + 0.5) / 10;
}

function known(...values: readonly (string | number | null)[]): QueryFact {
  return { values: values.filter((value) => value !== null) };
}
