import type { Instant } from '#base/instant.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { type FindingType, isVulnerabilityOfComponent } from '../finding/finding-type.ts';
import type { AdvisoryFacts, FeedDates } from '../risk/advisory-facts.ts';
import { exploitAvailable } from '../risk/exploit-available.ts';
import type { AdvisoryRatings } from '../severity/advisory-rating.ts';
import { chooseBaseVector, type RatingClaim } from '../severity/choose-base-vector.ts';
import type { CvssVector } from '../severity/cvss-vector.ts';
import type { JoinedWorkloads } from './joined-workload.ts';
import type { Weakness } from './path-facts.ts';

/** A finding about an advisory, as it is stored. */
export interface FlawedFinding extends JoinedWorkloads {
  readonly fingerprint: string;
  readonly issueId: string;
  readonly type: FindingType;
  readonly advisory: AdvisoryFacts;
  readonly summary: FindingSummary;
  readonly flawed: Weakness['flawed'];
  /** The package, as findings spell it (`maven/org.yaml/snakeyaml`); absent or empty where none is told. */
  readonly place?: string;
}

/** Likelihoods by what is known of an exploit (attack-paths §4.4). */
const EXPLOITED = 0.85;
const WEAPONISED = 0.7;
const PROOF_OF_CONCEPT = 0.45;
const CRITICAL_UNEXPLOITED = 0.05;
const HIGH_UNEXPLOITED = 0.03;
/** What EPSS says below that changes no path. */
export const LEAST_LIKELIHOOD = 0.01;

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
  const vector = vectorOf(finding, ratings);
  if (vector === null || !runsCodeOverNetwork(vector)) return null;
  const exploit = exploitAvailable(advisory, summary, feeds, now);
  const known = likelihood(advisory, summary, vector, exploit.answer.scored);
  return {
    ...told(finding, vector, exploit, known),
    gives: 'exec',
    assumptions: [
      type === 'library_vulnerability'
        ? 'What is reached uses the flawed library; nobody looked whether it is loaded.'
        : 'What is reached uses the flawed package; nobody looked whether it listens.',
    ],
  };
}

/** Packages that are what containers of a machine share: its kernel, and what runs them; what is only compiled against is none. */
const SHARED =
  /^[a-z]+\/(?:.*\/)?(?:linux|linux-(?:image|modules|aws|azure|gcp|gke|oracle)(?:-.*)?|kernel|kernel-(?:core|default|modules|uek|rt|lt|ml)(?:-.*)?|bottlerocket-kernel.*|runc|crun|containerd(?:\.io)?|cri-o|docker(?:-ce|\.io|-engine)?|moby-(?:engine|runc|containerd))$/i;

/**
 * The flaw of a machine that a finding is, where it lets code in any container out onto the machine (attack-paths §4.3,
 * C8): one of its kernel or of what runs containers, whose vector says that it is used from the machine and breaks
 * confidentiality and integrity altogether. `place` is the package, as findings spell it. Null of any other.
 */
export function machineFlawOf(
  finding: FlawedFinding & { readonly place: string },
  feeds: FeedDates,
  ratings: AdvisoryRatings,
  now: Instant,
): Weakness | null {
  if (finding.type !== 'infrastructure_vulnerability' || !SHARED.test(finding.place)) return null;
  const vector = vectorOf(finding, ratings);
  if (vector === null || !isLocal(vector)) return null;
  const { advisory, summary } = finding;
  const exploit = exploitAvailable(advisory, summary, feeds, now);
  const known = likelihood(advisory, summary, vector, exploit.answer.scored);
  const hasExploit = known.probability >= PROOF_OF_CONCEPT;
  return {
    ...told(finding, vector, exploit, {
      ...known,
      probability: hasExploit ? LOCAL_WITH_EXPLOIT : LOCAL_WITHOUT,
    }),
    gives: 'root',
    assumptions: ['The flawed package is the one that the machine runs.'],
  };
}

/** That a flaw of a machine lets code out of a container (attack-paths §4.4). */
const LOCAL_WITH_EXPLOIT = 0.4;
const LOCAL_WITHOUT = 0.05;

/** The vector that a finding is judged by; null of what is no vulnerability of a component. */
function vectorOf({ advisory, summary, type }: FlawedFinding, ratings: AdvisoryRatings): CvssVector | null {
  if (!isVulnerabilityOfComponent(type) || summary.about === 'other') return null;
  const distribution = summary.distribution?.split(' ')[0]?.toLowerCase() ?? null;
  return chooseBaseVector(
    [
      { provider: 'person', vector: ratings.get(advisory.id)?.vector ?? null, word: null },
      ...advisory.claims,
      ...summary.vectors,
    ] as readonly RatingClaim[],
    type === 'infrastructure_vulnerability' ? { kind: 'os', distribution } : { kind: 'library' },
  ).vector;
}

/** What is told of every such flaw. */
function told(
  { advisory, summary, fingerprint, issueId, flawed, on, assumedJoins, place = '' }: FlawedFinding,
  vector: CvssVector,
  exploit: ReturnType<typeof exploitAvailable>,
  known: ReturnType<typeof likelihood>,
): Omit<Weakness, 'gives' | 'assumptions'> {
  const needs = conditionsOf(vector);
  return {
    isOwnCode: false,
    fingerprint,
    issueId,
    name: nameOfFlaw(advisory.id, packageWords(place), summary.locations[0]?.version),
    flawed,
    on,
    ...(assumedJoins === undefined ? {} : { assumedJoins }),
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
  };
}

function nameOfFlaw(advisory: string, name: string, version = ''): string {
  const words = [name === '' && version !== '' ? 'version' : name, version].filter((each) => each !== '');
  return words.length === 0 ? advisory : `${advisory} in ${words.join(' ')}`;
}

/** Kinds of packages whose names are not told apart by their ends. */
const WHOLE_NAMES = ['golang', 'npm', 'composer', 'swift', 'github'];

/** What people call a package: of most kinds the end of its name. */
function packageWords(place: string): string {
  const [, kind = '', name = ''] = /^([a-z][a-z0-9.+-]*)\/(.+)$/.exec(place) ?? [];
  return WHOLE_NAMES.includes(kind) ? name : name.slice(name.lastIndexOf('/') + 1);
}

/** Used from the machine itself, by somebody who has an account there at most: code in a container has. */
function isLocal({ version, metrics }: CvssVector): boolean {
  const is = (name: string, value: string): boolean => metrics.get(name) === value;
  if (version === '2.0') return is('AV', 'L') && is('C', 'C') && is('I', 'C');
  const [confidentiality, integrity] = version === '4.0' ? ['VC', 'VI'] : ['C', 'I'];
  return (
    is('AV', 'L') && !is('PR', 'H') && is(confidentiality as string, 'H') && is(integrity as string, 'H')
  );
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

/** Of what is used over the network; an account on the machine is what code on it has. */
function conditionsOf({ version, metrics }: CvssVector): {
  readonly factor: number;
  readonly words: readonly string[];
} {
  const isRemote = metrics.get('AV') !== 'L';
  const login = isRemote && (version === '2.0' ? metrics.get('Au') === 'S' : metrics.get('PR') === 'L');
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
        : LEAST_LIKELIHOOD;
  const score = advisory.epss?.score ?? 0;
  if (score <= floor) return { probability: floor, why: 'has no exploit that is known of' };
  return {
    probability: score,
    why: `has no exploit that is known of, and EPSS expects one with ${Math.round(score * 100)} %`,
  };
}
