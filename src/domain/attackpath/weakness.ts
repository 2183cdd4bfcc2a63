import type { Instant } from '#base/instant.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { type FindingType, isVulnerabilityOfComponent } from '../finding/finding-type.ts';
import type { AdvisoryFacts, FeedDates } from '../risk/advisory-facts.ts';
import { exploitAvailable } from '../risk/exploit-available.ts';
import type { AdvisoryRatings } from '../severity/advisory-rating.ts';
import { chooseBaseVector, type RatingClaim } from '../severity/choose-base-vector.ts';
import type { CvssVector } from '../severity/cvss-vector.ts';
import type { Weakness } from './path-facts.ts';

/** A finding about an advisory, as it is stored. */
export interface FlawedFinding {
  readonly fingerprint: string;
  readonly issueId: string;
  readonly type: FindingType;
  readonly advisory: AdvisoryFacts;
  readonly summary: FindingSummary;
  readonly flawed: Weakness['flawed'];
  /** Keys of what runs it. */
  readonly on: readonly string[];
}

/** Likelihoods by what is known of an exploit (attack-paths §4.4). */
const EXPLOITED = 0.85;
const WEAPONISED = 0.7;
const PROOF_OF_CONCEPT = 0.45;
const CRITICAL_UNEXPLOITED = 0.05;
const HIGH_UNEXPLOITED = 0.03;

/** What a login, or somebody who has to click, makes of a likelihood (attack-paths §4.3, C2). */
const WITH_LOGIN = 0.4;
const WITH_USER = 0.5;

const CRITICAL_SCORE = 9;
const HIGH_SCORE = 7;

/**
 * The flaw that a finding is, where it lets somebody run code over the network; null where it does not, or where nobody
 * rated it with a vector. Its vector has to say that it is reached over the network and that it breaks confidentiality
 * and integrity altogether, and a vector of the organisation's own counts before all others (attack-paths §4.3, C1).
 */
export function weaknessOf(
  finding: FlawedFinding,
  feeds: FeedDates,
  ratings: AdvisoryRatings,
  now: Instant,
): Weakness | null {
  const { advisory, summary, type } = finding;
  if (!isVulnerabilityOfComponent(type) || summary.about === 'other') return null;
  const distribution = summary.distribution?.split(' ')[0]?.toLowerCase() ?? null;
  const { vector } = chooseBaseVector(
    [
      { provider: 'person', vector: ratings.get(advisory.id)?.vector ?? null, word: null },
      ...advisory.claims,
      ...summary.vectors,
    ] as readonly RatingClaim[],
    type === 'infrastructure_vulnerability' ? { kind: 'os', distribution } : { kind: 'library' },
  );
  if (vector === null || !runsCodeOverNetwork(vector)) return null;
  const exploit = exploitAvailable(advisory, summary, feeds, now);
  const known = likelihood(advisory, summary, vector, exploit.answer.scored);
  const needs = conditionsOf(vector);
  const where = summary.locations[0];
  return {
    gives: 'exec',
    isOwnCode: false,
    fingerprint: finding.fingerprint,
    issueId: finding.issueId,
    name: where?.version === undefined ? advisory.id : `${advisory.id} in version ${where.version}`,
    flawed: finding.flawed,
    on: finding.on,
    probability: known.probability * needs.factor,
    why: needs.words.length === 0 ? known.why : `${known.why}, but ${needs.words.join(' and ')}`,
    exploit,
    evidence: [
      {
        sentence: `${advisory.id} (${vector.text}): ${summary.title || advisory.id}.`,
        provenance: summary.sources.join(', '),
        at: advisory.publishedAt ?? summary.publishedAt,
      },
      ...(exploit.state === 'yes' ? exploit.evidence : []),
    ],
    assumptions: [
      type === 'library_vulnerability'
        ? 'What is reached uses the flawed library; nobody looked whether it is loaded.'
        : 'What is reached uses the flawed package; nobody looked whether it listens.',
    ],
  };
}

function runsCodeOverNetwork({ version, metrics }: CvssVector): boolean {
  const is = (name: string, ...values: readonly string[]): boolean =>
    values.includes(metrics.get(name) ?? '');
  if (version === '2.0') return is('AV', 'N') && is('Au', 'N', 'S') && is('C', 'C') && is('I', 'C');
  const [confidentiality, integrity] = version === '4.0' ? ['VC', 'VI'] : ['C', 'I'];
  return (
    is('AV', 'N') && is('PR', 'N', 'L') && is(confidentiality as string, 'H') && is(integrity as string, 'H')
  );
}

function conditionsOf({ version, metrics }: CvssVector): {
  readonly factor: number;
  readonly words: readonly string[];
} {
  const login = version === '2.0' ? metrics.get('Au') === 'S' : metrics.get('PR') === 'L';
  const user = ['R', 'P', 'A'].includes(metrics.get('UI') ?? 'N');
  return {
    factor: (login ? WITH_LOGIN : 1) * (user ? WITH_USER : 1),
    words: [...(login ? ['needs a login'] : []), ...(user ? ['needs somebody inside to do something'] : [])],
  };
}

function likelihood(
  advisory: AdvisoryFacts,
  summary: FindingSummary,
  vector: CvssVector,
  state: 'weaponised' | 'poc' | 'none' | 'unknown',
): { readonly probability: number; readonly why: string } {
  const isExploited =
    advisory.knownExploited !== null || summary.exploits.some(({ kind }) => kind === 'known_exploited');
  if (isExploited) return { probability: EXPLOITED, why: 'is known to be exploited' };
  if (state === 'weaponised') return { probability: WEAPONISED, why: 'has a ready exploit' };
  if (state === 'poc') return { probability: PROOF_OF_CONCEPT, why: 'has a proof of concept' };
  const floor =
    vector.baseScore >= CRITICAL_SCORE
      ? CRITICAL_UNEXPLOITED
      : vector.baseScore >= HIGH_SCORE
        ? HIGH_UNEXPLOITED
        : LEAST;
  const score = advisory.epss?.score ?? 0;
  if (score <= floor) return { probability: floor, why: 'has no exploit that is known of' };
  return {
    probability: score,
    why: `has no exploit that is known of, and EPSS expects one with ${Math.round(score * 100)} %`,
  };
}

const LEAST = 0.01;
