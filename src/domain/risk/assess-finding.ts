import { compareBytes } from '#base/compare.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';
import type { EffectiveControl, EffectiveControls } from '../control/effective-controls.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { type FindingType, isVulnerabilityOfComponent } from '../finding/finding-type.ts';
import type { PathSummary } from '../finding/path-summary.ts';
import type { OwnerCandidate } from '../resource/owner.ts';
import { type AdjustedSeverity, EPSS_FRESH_DAYS } from '../severity/adjust-vulnerability.ts';
import type { AdvisoryRating, AdvisoryRatings } from '../severity/advisory-rating.ts';
import type { ChosenRating, RatingClaim } from '../severity/choose-base-vector.ts';
import type { ScoreMemo } from '../severity/score-memo.ts';
import type { ScoringSettings } from '../severity/scoring-settings.ts';
import { type Severity, severityOfScore, severityRank, WORD_SCORE } from '../severity/severity.ts';
import { type AdvisoryFacts, type FeedDates, saysNothing } from './advisory-facts.ts';
import type { AssessmentMemo } from './assessment-memo.ts';
import { type Deployment, deploymentsOf, placesOf, type ResourceContext } from './deployment.ts';
import {
  DETECTED_RISKS,
  type DetectedRisk,
  type Evidence,
  type RiskVerdict,
  unknownRisk,
} from './detected-risk.ts';
import { type ExploitVerdict, exploitAvailable } from './exploit-available.ts';
import { byNature } from './nature.ts';

/** An open finding with everything that the assessment looks at. */
export interface FindingInput {
  readonly fingerprint: string;
  readonly type: FindingType;
  readonly control: string | null;
  /** The check that found it, `tool:check`; null for advisories. */
  readonly toolCheck: string | null;
  readonly summary: FindingSummary;
  readonly resource: ResourceContext;
  /** Workloads that run one of the open digests of an image finding. */
  readonly workloads: readonly ResourceContext[];
  /** Machines of the scaling group that it is on; absent where its resource is none, or nothing is known of them. */
  readonly machines?: readonly ResourceContext[] | undefined;
  /** Whose the files are in which it is, by CODEOWNERS; absent where none is about them. */
  readonly codeOwners?: readonly OwnerCandidate[] | undefined;
  /** What runs the services whose code it is in; empty where a finding is not in code. */
  readonly runners: readonly ResourceContext[];
  /** Of an attack path, with the evidence; where it is not given, its states alone are known. */
  readonly pathRisks?: Readonly<Record<DetectedRisk, RiskVerdict>> | undefined;
  /** Null where the finding is about no advisory. */
  readonly advisory: AdvisoryFacts | null;
}

export interface AssessmentSettings extends Omit<ScoringSettings, 'privilegedAccess'> {
  readonly now: Instant;
  readonly feeds: FeedDates;
  readonly scores: ScoreMemo;
  readonly assessments: AssessmentMemo<Assessment>;
  /** The controls as they count for the organisation. */
  readonly controls: EffectiveControls;
  /** How the organisation rates advisories itself. */
  readonly ratings: AdvisoryRatings;
}

/** How bad a finding is where it is deployed worst, and why. */
export interface Assessment {
  readonly severity: Severity;
  /** 0 to 10. */
  readonly score: number;
  readonly risks: Readonly<Record<DetectedRisk, RiskVerdict>>;
  readonly riskCount: number;
  /** The place whose risks these are. */
  readonly deployment: Deployment;
  readonly scoring: Scoring;
  /** All places, for the impact: each counts its resource and its services. */
  readonly deployments: readonly Deployment[];
}

/** Where the score comes from. */
export type Scoring =
  | {
      readonly by: 'advisory';
      readonly adjusted: AdjustedSeverity;
      readonly provider: string | null;
      readonly staleSince: Instant | null;
      /** Which of the two scores counts, as the organisation chose. */
      readonly basis: ScoringSettings['severityBasis'];
      /** What somebody of the organisation says about the advisory; null where nobody does. */
      readonly rating: AdvisoryRating | null;
    }
  | { readonly by: 'control'; readonly control: EffectiveControl }
  | { readonly by: 'word'; readonly word: Severity }
  | { readonly by: 'path'; readonly why: string }
  | { readonly by: 'unrated' }
  | { readonly by: 'not security' };

/** Assesses a finding at each place where it is deployed; the place with the most risks counts (design: identity, three things). */
export function assessFinding(input: FindingInput, settings: AssessmentSettings): Assessment {
  const make = () => assessAnew(input, settings);
  if (!isToldByItsParts(input, settings.ratings)) return make();
  const { summary, resource, type, control, advisory } = input;
  const otherwise = `${type} ${advisory !== null} ${control ?? ''}`;
  return settings.assessments.of(summary, resource, otherwise, make);
}

/** Whether nothing tells anything of it but its summary, its resource and what it is. */
function isToldByItsParts(
  { summary: { path }, workloads, machines = [], runners, advisory }: FindingInput,
  ratings: AdvisoryRatings,
): boolean {
  return (
    path === undefined &&
    workloads.length + machines.length + runners.length === 0 &&
    (advisory === null || (saysNothing(advisory) && !ratings.has(advisory.id)))
  );
}

function assessAnew(input: FindingInput, settings: AssessmentSettings): Assessment {
  if (input.summary.path !== undefined) return assessPath(input, input.summary.path);
  const deployments = deploymentsOf(input.summary, placesOf(input), input.workloads, input.runners);
  const exploit =
    isVulnerabilityOfComponent(input.type) && input.advisory !== null
      ? exploitAvailable(input.advisory, input.summary, settings.feeds, settings.now)
      : null;
  const rating = exploit === null ? null : baseRating(input, settings);
  const assessed = deployments.map((deployment) => {
    const risks = risksAt(deployment, input, exploit);
    const scored = score(input, risks, rating, exploit, settings);
    return {
      ...scored,
      risks,
      riskCount: DETECTED_RISKS.filter((risk) => risks[risk].state === 'yes').length,
      deployment,
    };
  });
  const [worst] = assessed.sort(
    (a, b) =>
      b.riskCount - a.riskCount ||
      severityRank(b.severity) - severityRank(a.severity) ||
      b.score - a.score ||
      compareBytes(a.deployment.name, b.deployment.name),
  );
  return { ...(worst as (typeof assessed)[number]), deployments };
}

/** A path is assessed as a whole, by what it goes through (attack-paths §4.7): each thing on it counts for its impact. */
function assessPath({ summary, resource, pathRisks }: FindingInput, path: PathSummary): Assessment {
  const risks = pathRisks ?? mapRisks((risk) => ({ state: path.states[risk], evidence: [], missing: [] }));
  const severity = summary.severity ?? 'medium';
  const whole: Deployment = {
    resourceKey: null,
    name: resource.name,
    owners: path.owners,
    nature: resource.nature,
    environment: resource.environment,
    services: path.services,
    account: resource.account ?? null,

    publiclyAccessible: risks.publicly_accessible,
    privilegedAccess: risks.privileged_access,
    underAttack: risks.under_attack,
    production: risks.in_production,
  };
  return {
    severity,
    score: WORD_SCORE[severity],
    scoring: { by: 'path', why: path.why },
    risks,
    riskCount: DETECTED_RISKS.filter((risk) => risks[risk].state === 'yes').length,
    deployment: whole,
    deployments: [
      whole,
      ...path.resources.map(({ key, name }) => ({ ...whole, resourceKey: key, name, services: [] })),
    ],
  };
}

function mapRisks(verdictOf: (risk: DetectedRisk) => RiskVerdict): Record<DetectedRisk, RiskVerdict> {
  return Object.fromEntries(DETECTED_RISKS.map((risk) => [risk, verdictOf(risk)])) as Record<
    DetectedRisk,
    RiskVerdict
  >;
}

function risksAt(
  deployment: Deployment,
  input: FindingInput,
  exploit: ExploitVerdict | null,
): Record<DetectedRisk, RiskVerdict> {
  const told = (verdict: RiskVerdict) => (verdict.state === 'unknown' ? (ofFile(input) ?? verdict) : verdict);
  return {
    publicly_accessible: byNature(
      withImplied(told(deployment.publiclyAccessible), 'publicly_accessible', input),
      deployment.nature.isNoPlace,
    ),
    privileged_access: byNature(
      withImplied(told(deployment.privilegedAccess), 'privileged_access', input),
      deployment.nature.actsAsNobody,
    ),
    under_attack:
      input.type === 'iac_misconfiguration' ? told(deployment.underAttack) : deployment.underAttack,
    exploit_available: exploit ?? DOES_NOT_APPLY,
    in_production: deployment.production,
  };
}

/**
 * What takes the place of an unknown risk of what stays in a file of code, wherever that is deployed: of a secret, and
 * of infrastructure that is only written down. Null for everything else.
 */
function ofFile({ type, resource: { kind } }: FindingInput): RiskVerdict | null {
  if (kind !== 'repository' && kind !== 'artifact') return null;
  if (type === 'secret')
    return unknownRisk('who can read this code, and what the secret opens: no report tells that');
  if (type !== 'iac_misconfiguration') return null;
  const sentence = 'Does not apply: this is code; what is made of it is a resource of its own.';
  return {
    state: 'no',
    evidence: [{ sentence, provenance: 'type of finding', at: null }],
    missing: [],
  };
}

const DOES_NOT_APPLY: RiskVerdict = {
  state: 'no',
  evidence: [
    {
      sentence: 'Does not apply: this is no published flaw of a component.',
      provenance: 'type of finding',
      at: null,
    },
  ],
  missing: [],
};

/** A failed check can itself say that its resource is public or privileged; the inventory, where it knows, decides. */
function withImplied(
  verdict: RiskVerdict,
  risk: 'publicly_accessible' | 'privileged_access',
  input: FindingInput,
): RiskVerdict {
  if (verdict.state === 'no' || input.summary.implies.length === 0) return verdict;
  const evidence: Evidence[] = input.summary.implies
    .filter((implied) => implied.risk === risk && implied.state === 'yes')
    .map(({ sentence, source }) => ({ sentence, provenance: source, at: null }));
  return evidence.length === 0
    ? verdict
    : { state: 'yes', evidence: [...verdict.evidence, ...evidence], missing: [] };
}

function baseRating(
  { advisory, summary, type }: FindingInput,
  { scores, ratings }: AssessmentSettings,
): ChosenRating {
  const vector = ratings.get(advisory?.id ?? '')?.vector ?? null;
  const person: RatingClaim[] = vector === null ? [] : [{ provider: 'person', vector, word: null }];
  const claims = [...person, ...(advisory?.claims ?? []), ...summary.vectors] as readonly RatingClaim[];
  const own: RatingClaim[] =
    summary.severity === null ? [] : [{ provider: 'scanner:reported', vector: null, word: summary.severity }];
  const distribution = summary.distribution?.split(' ')[0]?.toLowerCase() ?? null;
  return scores.choose(
    [...claims, ...own],
    type === 'infrastructure_vulnerability' ? { kind: 'os', distribution } : { kind: 'library' },
  );
}

function score(
  input: FindingInput,
  risks: Record<DetectedRisk, RiskVerdict>,
  rating: ChosenRating | null,
  exploit: ExploitVerdict | null,
  { now, epssRule, severityBasis, scores, controls, ratings }: AssessmentSettings,
): { readonly severity: Severity; readonly score: number; readonly scoring: Scoring } {
  if (input.summary.about === 'other') return { severity: 'info', score: 0, scoring: { by: 'not security' } };
  if (rating !== null && exploit !== null) {
    const published = input.advisory?.publishedAt ?? input.summary.publishedAt;
    const epss = input.advisory?.epss ?? null;
    const adjusted = scores.adjust(
      rating,
      {
        public: risks.publicly_accessible.state,
        production: risks.in_production.state,
        exploit: exploit.answer.scored,
        epss: epss?.score ?? null,
        epssAt: epss?.at ?? null,
        publishedDaysAgo: published == null ? null : (epssTellsUntil(epss, now) - published) / DAY_MS,
      },
      { epssRule },
    );
    const provider = adjusted.baseVector === null ? rating.wordProvider : rating.vectorProvider;
    const counts = severityBasis === 'base' ? adjusted.base : adjusted.adjusted;
    const computed = severityBasis === 'base' ? severityOfScore(counts) : adjusted.severity;
    const own = ratings.get(input.advisory?.id ?? '') ?? null;
    const severity = own?.severity ?? computed;
    return {
      severity,
      score: severity === computed ? counts : WORD_SCORE[severity],
      scoring: {
        by: 'advisory',
        adjusted,
        provider,
        staleSince: staleSince(exploit, adjusted, epss, now),
        basis: severityBasis,
        rating: own,
      },
    };
  }
  const control = input.control === null ? undefined : controls.get(input.control);
  if (control !== undefined)
    return {
      severity: control.severity,
      score: WORD_SCORE[control.severity],
      scoring: { by: 'control', control },
    };
  const word = input.summary.severity;
  if (word !== null) return { severity: word, score: WORD_SCORE[word], scoring: { by: 'word', word } };
  return { severity: 'medium', score: WORD_SCORE.medium, scoring: { by: 'unrated' } };
}

/** Until when the latest score speaks of an advisory: one that is old said nothing of what has happened since. */
function epssTellsUntil(epss: AdvisoryFacts['epss'], now: Instant): Instant {
  return epss === null ? now : Math.min(now, epss.at + EPSS_FRESH_DAYS * DAY_MS);
}

/** Since when what lowered the score rests on an old reading of its feed; null where none does. */
function staleSince(
  exploit: ExploitVerdict,
  { factors }: AdjustedSeverity,
  epss: AdvisoryFacts['epss'],
  now: Instant,
): Instant | null {
  const isLoweredByEpss = factors.some(({ key, effect }) => key === 'epss' && effect === 'safer');
  const epssSince = epss === null || !isLoweredByEpss ? now : epssTellsUntil(epss, now);
  const since = Math.min(exploit.answer.staleSince ?? now, epssSince);
  return since < now ? since : null;
}
