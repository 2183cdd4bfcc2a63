import { compareBytes, compareInOrder } from '#base/compare.ts';
import { hash64 } from '#base/digest.ts';
import { distinctValues } from '#base/distinct-values.ts';
import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { type Severity, severityRank } from '../severity/severity.ts';
import type { Location, VectorClaim } from './observation.ts';
import type { PathSummary } from './path-summary.ts';
import type { SightingContent } from './sighting.ts';

/** A sighting that is open, of an image that counts. */
export interface OpenSighting {
  readonly source: string;
  readonly scope: ScopeContext;
  readonly seenAt: Instant;
  readonly content: SightingContent;
}

/** What the scope of a sighting says about where its finding is deployed. */
export interface ScopeContext {
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly image: {
    readonly digest: string | null;
    readonly imageId: string | null;
    readonly reference: string | null;
  } | null;
}

/** A finding as its open sightings tell it together. */
export interface FindingSummary {
  readonly title: string;
  readonly severity: Severity | null;
  readonly fix: string | null;
  readonly fixable: boolean | null;
  readonly vectors: readonly VectorClaim[];
  readonly distribution: string | null;
  readonly publishedAt: Instant | null;
  readonly exploits: readonly {
    readonly source: string;
    readonly kind: 'known_exploited' | 'exploit_published';
    readonly sentence: string;
  }[];
  readonly implies: readonly {
    readonly source: string;
    readonly risk: 'publicly_accessible' | 'privileged_access';
    readonly state: 'yes' | 'no';
    readonly sentence: string;
  }[];
  readonly secretState: 'active' | 'inactive' | 'unknown' | null;
  readonly about: 'security' | 'other';
  readonly locations: readonly Location[];
  readonly scopes: readonly ScopeContext[];
  readonly sources: readonly string[];
  /** Of attack paths only. */
  readonly path?: PathSummary | undefined;
  /** Of secrets that say whose they are: all that any source says. */
  readonly opens?: readonly string[];
  /** Of secrets that strangers have, as some source says. */
  readonly isLeaked?: true;
  /** Where everybody reads the repository, as some source says. */
  readonly inPublicRepository?: true;
}

/** Newest first; of equally new ones the worse, then by the source's name (design: identity, three things). */
const byLead = compareInOrder<OpenSighting>([
  (a, b) => b.seenAt - a.seenAt,
  (a, b) => weight(b.content.severity) - weight(a.content.severity),
  (a, b) => compareBytes(a.source, b.source),
  (a, b) => compareBytes(JSON.stringify(a.scope), JSON.stringify(b.scope)),
]);

function weight(severity: Severity | null): number {
  return severity === null ? -1 : severityRank(severity);
}

/** Scanners without titles of their own print `CVE-… in package`: another one's words say more. */
function saysMore(title: string): boolean {
  return title !== '' && !/^\S+ in \S+$/.test(title);
}

const LOCATIONS_MAX = 20;

/**
 * What a finding is, from its open sightings: severity word and fix of the newest, the title of the
 * newest that has one of its own; ratings, exploit facts and deployments of all. At least one sighting
 * is expected.
 */
export function summariseFinding(sightings: readonly OpenSighting[]): FindingSummary {
  const ordered = sightings.length === 1 ? sightings : sightings.toSorted(byLead);
  const lead = (ordered[0] as OpenSighting).content;
  return {
    title: (ordered.find((each) => saysMore(each.content.title))?.content ?? lead).title,
    severity: lead.severity,
    fix: lead.fix,
    fixable: lead.fixable,
    vectors: distinctValues(ordered.flatMap((each) => each.content.vectors)),
    distribution: lead.distribution,
    publishedAt: smallest(ordered.map((each) => each.content.publishedAt)),
    exploits: distinctValues(
      ordered.flatMap(({ source, content }) =>
        content.exploit === null || content.exploit === undefined ? [] : [{ source, ...content.exploit }],
      ),
    ),
    implies: distinctValues(
      ordered.flatMap(({ source, content }) => content.implies.map((implied) => ({ source, ...implied }))),
    ),
    secretState: strongest(ordered),
    about: ordered.some((each) => each.content.about === 'security') ? 'security' : 'other',
    locations: distinctValues(ordered.flatMap((each) => each.content.locations)).slice(0, LOCATIONS_MAX),
    scopes: distinctValues(ordered.map((each) => each.scope)),
    sources: [...new Set(ordered.map((each) => each.source))].sort(compareBytes),
    ...(lead.path === undefined ? {} : { path: lead.path }),
    ...credentialOf(ordered),
    ...(ordered.some(({ content }) => content.inPublicRepository === true)
      ? { inPublicRepository: true }
      : {}),
  };
}

function credentialOf(sightings: readonly OpenSighting[]): Pick<FindingSummary, 'opens' | 'isLeaked'> {
  const opens = [...new Set(sightings.flatMap(({ content }) => content.opens ?? []))].sort(compareBytes);
  return {
    ...(opens.length === 0 ? {} : { opens }),
    ...(sightings.some(({ content }) => content.isLeaked === true) ? { isLeaked: true } : {}),
  };
}

/**
 * A number that is the same for all findings of an issue that are assessed alike where they are deployed
 * alike: of everything in a summary that severity, risks and rules look at, and of nothing that only people read.
 */
export function likenessOf(summary: FindingSummary): bigint {
  return hash64(
    JSON.stringify([
      summary.severity,
      summary.vectors,
      summary.distribution,
      summary.publishedAt,
      summary.exploits,
      summary.implies,
      summary.secretState,
      summary.about,
      summary.scopes,
      ...(summary.path === undefined ? [] : [summary.path]),
    ]),
  );
}

/** One tool that saw the secret work outweighs another that could not try it. */
function strongest(sightings: readonly OpenSighting[]): FindingSummary['secretState'] {
  const states = sightings.map((each) => each.content.secretState);
  for (const state of ['active', 'inactive', 'unknown'] as const) if (states.includes(state)) return state;
  return null;
}
