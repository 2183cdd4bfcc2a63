import { compareBytes } from '#base/compare.ts';
import { hash64 } from '#base/digest.ts';
import { distinctValues } from '#base/distinct-values.ts';
import type { Instant } from '#base/instant.ts';
import { storableJson } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import { type Severity, severityRank } from '../severity/severity.ts';
import { boundedText, boundedTitle } from './bounded-text.ts';
import type { FindingObservation, Location, VectorClaim } from './observation.ts';
import { openedBy } from './opened-by.ts';
import type { PathSummary } from './path-summary.ts';

/**
 * One finding as one scope of one source shows it: everything that a scanner says about it and that
 * is not its identity. It holds cleaned text only.
 */
export interface SightingContent {
  readonly title: string;
  readonly severity: Severity | null;
  readonly description: string | null;
  readonly fix: string | null;
  readonly fixable: boolean | null;
  readonly vectors: readonly VectorClaim[];
  readonly references: readonly string[];
  readonly locations: readonly Location[];
  readonly distribution: string | null;
  readonly publishedAt: Instant | null;
  readonly exploit: FindingObservation['exploit'] | null;
  readonly implies: NonNullable<FindingObservation['implies']>;
  readonly suppressed: string | null;
  readonly secretState: 'active' | 'inactive' | 'unknown' | null;
  readonly about: 'security' | 'other';
  readonly bulletins: readonly string[];
  /** Of attack paths only. */
  readonly path?: PathSummary | undefined;
  /** Of secrets, and of credentials in code, that say whose they are (`openedBy`). */
  readonly opens?: readonly string[];
  /** Of secrets that strangers have already. */
  readonly isLeaked?: true;
  /** Where everybody reads the repository. */
  readonly inPublicRepository?: true;
  /** Of findings from a tool that keeps them: what people decided there, and since when it knows them. */
  readonly history?: FindingHistory;
}

/** What came along with a finding from a tool that keeps findings; instants. */
interface FindingHistory {
  readonly firstSeenAt: Instant | null;
  readonly dueAt: Instant | null;
  /** Of the suppression: who, when, until when. */
  readonly by: string | null;
  readonly at: Instant | null;
  readonly until: Instant | null;
  readonly because: 'risk_accepted' | 'false_positive' | null;
  readonly notes: readonly { readonly by: string; readonly at: Instant | null; readonly text: string }[];
}

const NOTES_MAX = 50;

/** More places of one finding than anybody looks through (reliability §6.1); which are kept depends on no order. */
const LOCATIONS_MAX = 1_000;
const REFERENCES_MAX = 5;

/** Makes the content of a sighting out of one observation; `implied` are the risks that its control implies. */
export function sightingContent(
  observation: FindingObservation,
  implied: SightingContent['implies'] = [],
): SightingContent {
  const { subject } = observation;
  return {
    title: boundedTitle(observation.title),
    severity: observation.severity,
    description: observation.description === undefined ? null : boundedText(observation.description),
    fix: observation.fix === undefined ? null : boundedText(observation.fix),
    fixable: observation.fixable ?? null,
    vectors: (observation.vectors ?? []).map(storedClaim),
    references: (observation.references ?? [])
      .slice(0, REFERENCES_MAX)
      .map((reference) => oneLine(reference, 500)),
    locations: keptLocations(observation.locations ?? []),
    distribution: observation.distribution ?? null,
    publishedAt: observation.publishedAt ?? null,
    exploit: observation.exploit == null ? null : storedExploit(observation.exploit),
    implies: [...(observation.implies ?? []), ...implied].map(storedImplied),
    suppressed: observation.state.is === 'suppressed' ? oneLine(observation.state.reason, 500) : null,
    secretState: observation.secretState ?? null,
    about: observation.about ?? 'security',
    bulletins:
      subject.is === 'advisory'
        ? (subject.bulletins ?? []).slice(0, 20).map((bulletin) => oneLine(bulletin, 100))
        : [],
    ...credentialOf(observation),
    ...(observation.inPublicRepository === true ? { inPublicRepository: true } : {}),
    ...historyOf(observation),
  };
}

function historyOf({
  firstSeenAt,
  dueAt,
  notes,
  state,
}: FindingObservation): Pick<SightingContent, 'history'> {
  const { by, at, until, because } = state.is === 'suppressed' ? state : {};
  if ([firstSeenAt, dueAt, notes, by, at, until, because].every((each) => each === undefined)) return {};
  return {
    history: {
      firstSeenAt: firstSeenAt ?? null,
      dueAt: dueAt ?? null,
      by: by === undefined ? null : oneLine(by, 100),
      at: at ?? null,
      until: until ?? null,
      because: because ?? null,
      notes: (notes ?? []).slice(0, NOTES_MAX).map((note) => ({
        by: oneLine(note.by, 100),
        at: note.at ?? null,
        text: boundedText(note.text),
      })),
    },
  };
}

function credentialOf(observation: FindingObservation): Pick<SightingContent, 'opens' | 'isLeaked'> {
  if (observation.type !== 'secret' && observation.type !== 'code_vulnerability') return {};
  const opens = openedBy(observation);
  return {
    ...(opens.length === 0 ? {} : { opens }),
    ...(observation.isLeaked === true ? { isLeaked: true } : {}),
  };
}

function keptLocations(locations: readonly Location[]): readonly Location[] {
  const clean = locations.map(cleanLocation);
  return clean.length > LOCATIONS_MAX ? distinctValues(clean).slice(0, LOCATIONS_MAX) : clean;
}

// Members stand in the order in which PostgreSQL gives them back (shorter names first, then by bytes), so that
// what is compared by its JSON text is the same before and after it was stored.

function storedClaim({ provider, vector, word }: VectorClaim): VectorClaim {
  return { word, vector, provider };
}

function storedExploit({
  kind,
  sentence,
}: NonNullable<FindingObservation['exploit']>): FindingObservation['exploit'] {
  return { kind, sentence };
}

function storedImplied({
  risk,
  state,
  sentence,
}: SightingContent['implies'][number]): SightingContent['implies'][number] {
  return { risk, state, sentence };
}

const LOCATION_MEMBERS = ['tag', 'url', 'line', 'path', 'port', 'digest', 'version'] as const;

function cleanLocation(location: Location): Location {
  const clean: Record<string, string | number> = {};
  for (const key of LOCATION_MEMBERS) {
    const value: unknown = location[key];
    if (typeof value === 'string' && value !== '') clean[key] = oneLine(value, 500);
    else if (typeof value === 'number' && Number.isSafeInteger(value)) clean[key] = value;
  }
  return clean;
}

/**
 * Several entries of one scan about the same finding are one sighting: the worst severity, its title
 * and its texts, and the locations of all. The answer does not depend on their order.
 */
export function mergeSightings(contents: readonly SightingContent[]): SightingContent {
  const [lead, ...others] = contents.toSorted(byWeight) as [SightingContent, ...SightingContent[]];
  if (others.length === 0) return lead;
  return {
    ...lead,
    fix: lead.fix ?? firstOf(others, 'fix'),
    // One vulnerable copy without a fix keeps the finding unfixed.
    fixable: contents.some((content) => content.fixable === false)
      ? false
      : (lead.fixable ?? firstOf(others, 'fixable')),
    locations: distinctValues(contents.flatMap((content) => content.locations)).slice(0, LOCATIONS_MAX),
    vectors: distinctValues(contents.flatMap((content) => content.vectors)),
    implies: distinctValues(contents.flatMap((content) => content.implies)),
    // Suppressed only where every entry is.
    suppressed: contents.every((content) => content.suppressed !== null) ? lead.suppressed : null,
    ...(contents.some(({ isLeaked }) => isLeaked === true) ? { isLeaked: true } : {}),
    ...(contents.some((content) => content.inPublicRepository === true) ? { inPublicRepository: true } : {}),
  };
}

function byWeight(a: SightingContent, b: SightingContent): number {
  return weight(b) - weight(a) || compareBytes(JSON.stringify(a), JSON.stringify(b));
}

function weight(content: SightingContent): number {
  return content.severity === null ? -1 : severityRank(content.severity);
}

function firstOf<K extends keyof SightingContent>(
  contents: readonly SightingContent[],
  key: K,
): SightingContent[K] {
  return (contents.find((content) => content[key] !== null) ?? (contents[0] as SightingContent))[key];
}

const MEMBERS = [
  'title',
  'severity',
  'description',
  'fix',
  'fixable',
  'vectors',
  'references',
  'locations',
  'distribution',
  'publishedAt',
  'exploit',
  'implies',
  'suppressed',
  'secretState',
  'about',
  'bulletins',
] as const satisfies readonly (keyof SightingContent)[];

/** A content that was stored, with its members in the order in which an observation gives them: its text is the same again. */
export function contentAsObserved(stored: SightingContent): SightingContent {
  const { opens, isLeaked, inPublicRepository } = stored;
  return {
    ...(Object.fromEntries(MEMBERS.map((name) => [name, stored[name]])) as unknown as SightingContent),
    ...(opens === undefined ? {} : { opens }),
    ...(isLeaked === undefined ? {} : { isLeaked }),
    ...(inPublicRepository === undefined ? {} : { inPublicRepository }),
  };
}

/** The content as it is stored and compared: equal contents have equal texts. */
export function contentText(content: SightingContent): string {
  return storableJson(JSON.stringify(content));
}

/** 64 bits that differ when anything that a person could see differs. */
export function contentHash(text: string): bigint {
  return hash64(text);
}
