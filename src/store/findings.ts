import type { Instant } from '#base/instant.ts';
import { type OpenSighting, type ScopeContext, summariseFinding } from '#domain/finding/finding-state.ts';
import type { SightingContent } from '#domain/finding/sighting.ts';
import type { Connection } from './database.ts';
import type { Organisation } from './organisation.ts';

export interface RefreshedFindings {
  /** Issues that hold any of them. */
  readonly issueIds: ReadonlySet<string>;
  /** Those that are open now. */
  readonly open: ReadonlySet<string>;
}

interface SightingRow {
  readonly fingerprint: string;
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

const CHUNK = 5_000;

/**
 * Derives findings from their open sightings: whether they are open, and what they say together.
 * `closing` tells when and why those close that have no open sighting left.
 */
export async function refreshFindings(
  connection: Connection,
  organisation: Organisation,
  fingerprints: readonly string[],
  closing: { readonly at: Instant; readonly why: ReadonlyMap<string, string> },
): Promise<RefreshedFindings> {
  const issueIds = new Set<string>();
  const open = new Set<string>();
  for (let from = 0; from < fingerprints.length; from += CHUNK) {
    await refreshChunk(connection, organisation, fingerprints.slice(from, from + CHUNK), closing, issueIds, open);
  }
  return { issueIds, open };
}

async function refreshChunk(
  connection: Connection,
  { id, shard }: Organisation,
  fingerprints: readonly string[],
  closing: { readonly at: Instant; readonly why: ReadonlyMap<string, string> },
  issueIds: Set<string>,
  open: Set<string>,
): Promise<void> {
  const result = await connection.query<SightingRow>({
    name: 'open-sightings',
    text: `select sighting.fingerprint, sighting.changed_at, sighting.content, source.name as source_name, scope.environment, scope.services, scope.team,
        scope.image_key, scope.image_digest, scope.image_id, scope.image_reference
      from sighting
      join scope on scope.organisation = $1 and scope.id = sighting.scope_id
      join source on source.organisation = $1 and source.id = scope.source_id
      where sighting.shard = $2 and sighting.fingerprint = any($3::uuid[]) and sighting.gone_at is null and scope.is_counting and scope.retired_at is null`,
    values: [id, shard, fingerprints],
  });
  const sightings = Map.groupBy(result.rows, (row) => row.fingerprint);
  const summaries = fingerprints.map((fingerprint) => {
    const rows = sightings.get(fingerprint);
    if (rows === undefined) return null;
    open.add(fingerprint);
    return JSON.stringify(summariseFinding(rows.map(openSighting)));
  });
  const updated = await connection.query<{ issue_id: string }>({
    name: 'refresh-findings',
    text: `update finding set
        is_open = refreshed.summary is not null,
        summary = coalesce(refreshed.summary, finding.summary),
        closed_at = case when refreshed.summary is not null then null when finding.is_open then $3 else finding.closed_at end,
        closed_why = case when refreshed.summary is not null then null when finding.is_open then refreshed.why else finding.closed_why end,
        reopened_at = case when refreshed.summary is not null and finding.closed_at is not null then $3 else finding.reopened_at end
      from unnest($2::uuid[], $4::jsonb[], $5::text[]) as refreshed (fingerprint, summary, why)
      where finding.shard = $1 and finding.fingerprint = refreshed.fingerprint
      returning finding.issue_id`,
    values: [shard, fingerprints, new Date(closing.at), summaries, fingerprints.map((fingerprint) => closing.why.get(fingerprint) ?? 'replaced by a newer image')],
  });
  for (const row of updated.rows) issueIds.add(row.issue_id);
}

function openSighting(row: SightingRow): OpenSighting {
  const scope: ScopeContext = {
    environment: row.environment,
    services: row.services,
    team: row.team,
    image: row.image_key === null ? null : { digest: row.image_digest, imageId: row.image_id, reference: row.image_reference },
  };
  return { source: row.source_name, scope, seenAt: row.changed_at, content: row.content };
}
