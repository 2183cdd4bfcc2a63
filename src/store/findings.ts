import { smallest } from '#base/extremes.ts';
import { type Instant, instantTextOrNull } from '#base/instant.ts';
import {
  type FindingSummary,
  likenessOf,
  type OpenSighting,
  type ScopeContext,
  summariseFinding,
} from '#domain/finding/finding-state.ts';
import type { SightingContent } from '#domain/finding/sighting.ts';
import type { Connection } from './database.ts';
import type { Organisation } from './organisation.ts';
import { findingsOfSightings, sightingsOfFindings } from './rekey/rekeyed.ts';

export interface RefreshedFindings {
  /** Issues that hold any of them. */
  readonly issueIds: ReadonlySet<string>;
  /** Those that are open now. */
  readonly open: ReadonlySet<string>;
}

/** One finding before and after it was derived anew. */
export interface RefreshedFinding {
  /** The one that was asked for: of the finding, or of a sighting that an alias gives to it. */
  readonly fingerprint: string;
  readonly issueId: string;
  readonly wasOpen: boolean;
  readonly isOpen: boolean;
}

interface SightingRow {
  readonly fingerprint: string;
  readonly first_seen: Instant;
  readonly changed_at: Instant;
  readonly content: SightingContent;
  readonly source_name: string;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly image_key: string | null;
  readonly image_digest: string | null;
  readonly image_id: string | null;
  readonly image_reference: string | null;
}

const CHUNK = 2_000;

/** When and why findings close that have no open sighting left. */
export interface ClosingReasons {
  readonly at: Instant;
  readonly why: ReadonlyMap<string, string>;
}

/** Derives stored findings from their open sightings: whether they are open, and what they say together. */
export async function refreshFindings(
  connection: Connection,
  organisation: Organisation,
  fingerprints: readonly string[],
  { at, why }: ClosingReasons,
): Promise<RefreshedFindings> {
  const issueIds = new Set<string>();
  const open = new Set<string>();
  await refreshEach(
    connection,
    organisation,
    fingerprints,
    at,
    (fingerprint) => why.get(fingerprint) ?? null,
    (each) => {
      issueIds.add(each.issueId);
      if (each.isOpen) open.add(each.fingerprint);
    },
  );
  return { issueIds, open };
}

/** The same for any number of findings, by their fingerprints or those of their sightings: nothing is held of those that were told. */
export async function refreshEach(
  connection: Connection,
  organisation: Organisation,
  fingerprints: Iterable<string>,
  at: Instant,
  whyOf: (fingerprint: string) => string | null,
  tell: (each: RefreshedFinding) => void,
): Promise<void> {
  let chunk: string[] = [];
  const refresh = async () => {
    for (const each of await refreshChunk(connection, organisation, chunk, at, whyOf)) tell(each);
    chunk = [];
  };
  for (const fingerprint of fingerprints) {
    chunk.push(fingerprint);
    if (chunk.length >= CHUNK) await refresh();
  }
  if (chunk.length > 0) await refresh();
}

async function refreshChunk(
  connection: Connection,
  organisation: Organisation,
  fingerprints: readonly string[],
  at: Instant,
  whyOf: (fingerprint: string) => string | null,
): Promise<readonly RefreshedFinding[]> {
  const findings = await findingsOfSightings(connection, organisation.shard, fingerprints);
  const askedFor = new Map(
    fingerprints.toReversed().map((asked): [string, string] => [findings.get(asked) ?? asked, asked]),
  );
  const summaries = await openSummaries(connection, organisation, [...askedFor.keys()]);
  const derived = [...askedFor].map(([fingerprint, asked]) => {
    const { summary, firstSeen } = summaries.get(fingerprint) ?? { summary: null, firstSeen: null };
    return {
      fingerprint,
      summary,
      first_seen: instantTextOrNull(firstSeen),
      likeness: summary === null ? null : String(likenessOf(summary)),
      why: whyOf(asked) ?? 'no longer reported',
    };
  });
  const updated = await connection.query<{
    fingerprint: string;
    issue_id: string;
    was_open: boolean;
    is_open: boolean;
  }>({
    name: 'update-findings',
    text: `update finding set
        is_open = derived.summary is not null,
        summary = coalesce(derived.summary, finding.summary),
        likeness = coalesce(derived.likeness, finding.likeness),
        first_seen = least(finding.first_seen, derived.first_seen),
        closed_at = case when derived.summary is not null then null when finding.is_open then $3 else finding.closed_at end,
        closed_why = case when derived.summary is not null then null when finding.is_open then derived.why else finding.closed_why end,
        reopened_at = case when derived.summary is not null and finding.closed_at is not null then $3 else finding.reopened_at end
      from jsonb_to_recordset($2) as derived (fingerprint uuid, summary jsonb, first_seen timestamptz, likeness bigint, why text)
      join finding as before on before.shard = $1 and before.fingerprint = derived.fingerprint
      where finding.shard = $1 and finding.fingerprint = before.fingerprint
      returning finding.fingerprint, finding.issue_id, before.is_open as was_open, finding.is_open`,
    values: [organisation.shard, JSON.stringify(derived), new Date(at)],
  });
  return updated.rows.map((row) => ({
    fingerprint: askedFor.get(row.fingerprint) ?? row.fingerprint,
    issueId: row.issue_id,
    wasOpen: row.was_open,
    isOpen: row.is_open,
  }));
}

async function openSummaries(
  connection: Connection,
  { id, shard }: Organisation,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, { readonly summary: FindingSummary; readonly firstSeen: Instant | null }>> {
  const rekeyed = await sightingsOfFindings(connection, shard, fingerprints);
  const result = await connection.query<SightingRow>({
    name: 'open-sightings',
    text: `select sighting.fingerprint, sighting.first_seen, sighting.changed_at, sighting.content, source.name as source_name, scope.environment, scope.services, scope.team,
        scope.image_key, scope.image_digest, scope.image_id, scope.image_reference
      from sighting
      join scope on scope.organisation = $1 and scope.id = sighting.scope_id
      join source on source.organisation = $1 and source.id = scope.source_id
      where sighting.shard = $2 and sighting.fingerprint = any($3::uuid[]) and sighting.gone_at is null and scope.is_counting and scope.retired_at is null`,
    values: [id, shard, [...fingerprints, ...rekeyed.keys()]],
  });
  return new Map(
    [...Map.groupBy(result.rows, (row) => rekeyed.get(row.fingerprint) ?? row.fingerprint)].map(
      ([fingerprint, rows]) => [
        fingerprint,
        {
          summary: summariseFinding(rows.map(openSighting)),
          firstSeen: smallest(rows.map((row) => row.first_seen)),
        },
      ],
    ),
  );
}

function openSighting(row: SightingRow): OpenSighting {
  const scope: ScopeContext = {
    environment: row.environment,
    services: row.services,
    team: row.team,
    image:
      row.image_key === null
        ? null
        : { digest: row.image_digest, imageId: row.image_id, reference: row.image_reference },
  };
  return { source: row.source_name, scope, seenAt: row.changed_at, content: row.content };
}
