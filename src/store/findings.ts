import type { Instant } from '#base/instant.ts';
import {
  type FindingSummary,
  type OpenSighting,
  type ScopeContext,
  summariseFinding,
} from '#domain/finding/finding-state.ts';
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

/** When and why findings close that have no open sighting left. */
export interface ClosingReasons {
  readonly at: Instant;
  readonly why: ReadonlyMap<string, string>;
}

/** A scan whose stage tells the identity of findings that are not stored yet. */
export interface StagedScan {
  readonly importId: bigint;
  readonly reportAt: Instant;
  /** Whether a finding was stored before. */
  isKnown(fingerprint: string): boolean;
}

/**
 * Derives findings from their open sightings: whether they are open, and what they say together. With
 * a staged scan, its findings are stored where they are new.
 */
export async function refreshFindings(
  connection: Connection,
  organisation: Organisation,
  fingerprints: readonly string[],
  closing: ClosingReasons,
  staged: StagedScan | null = null,
): Promise<RefreshedFindings> {
  const issueIds = new Set<string>();
  const open = new Set<string>();
  for (let from = 0; from < fingerprints.length; from += CHUNK) {
    const derived = await deriveChunk(
      connection,
      organisation,
      fingerprints.slice(from, from + CHUNK),
      closing,
    );
    for (const each of derived) if (each.summary !== null) open.add(each.fingerprint);
    for (const issueId of await saveDerived(connection, organisation, derived, closing.at, staged))
      issueIds.add(issueId);
  }
  return { issueIds, open };
}

interface DerivedFinding {
  readonly fingerprint: string;
  /** Null: no sighting is open. */
  readonly summary: FindingSummary | null;
  readonly why: string;
}

async function deriveChunk(
  connection: Connection,
  organisation: Organisation,
  fingerprints: readonly string[],
  closing: ClosingReasons,
): Promise<readonly DerivedFinding[]> {
  const summaries = await summariesOf(
    connection,
    organisation,
    fingerprints,
    'open-sightings',
    'and scope.is_counting and scope.retired_at is null',
  );
  return fingerprints.map((fingerprint) => ({
    fingerprint,
    summary: summaries.get(fingerprint) ?? null,
    why: closing.why.get(fingerprint) ?? 'no longer reported',
  }));
}

async function summariesOf(
  connection: Connection,
  { id, shard }: Organisation,
  fingerprints: readonly string[],
  name: string,
  condition: string,
): Promise<ReadonlyMap<string, FindingSummary>> {
  const result = await connection.query<SightingRow>({
    name,
    text: `select sighting.fingerprint, sighting.changed_at, sighting.content, source.name as source_name, scope.environment, scope.services, scope.team,
        scope.image_key, scope.image_digest, scope.image_id, scope.image_reference
      from sighting
      join scope on scope.organisation = $1 and scope.id = sighting.scope_id
      join source on source.organisation = $1 and source.id = scope.source_id
      where sighting.shard = $2 and sighting.fingerprint = any($3::uuid[]) and sighting.gone_at is null ${condition}`,
    values: [id, shard, fingerprints],
  });
  return new Map(
    [...Map.groupBy(result.rows, (row) => row.fingerprint)].map(([fingerprint, rows]) => [
      fingerprint,
      summariseFinding(rows.map(openSighting)),
    ]),
  );
}

const DERIVED = 'jsonb_to_recordset($2) as derived (fingerprint uuid, summary jsonb, why text)';
const TRANSITION = (summary: string, why: string) => `
  is_open = ${summary} is not null,
  summary = coalesce(${summary}, finding.summary),
  closed_at = case when ${summary} is not null then null when finding.is_open then $3 else finding.closed_at end,
  closed_why = case when ${summary} is not null then null when finding.is_open then ${why} else finding.closed_why end,
  reopened_at = case when ${summary} is not null and finding.closed_at is not null then $3 else finding.reopened_at end`;

/** Answers the issues of the findings. */
async function saveDerived(
  connection: Connection,
  organisation: Organisation,
  derived: readonly DerivedFinding[],
  at: Instant,
  staged: StagedScan | null,
): Promise<readonly string[]> {
  const { shard } = organisation;
  const known = staged === null ? derived : derived.filter((each) => staged.isKnown(each.fingerprint));
  const updated = await connection.query<{ issue_id: string }>({
    name: 'update-findings',
    text: `update finding set ${TRANSITION('derived.summary', 'derived.why')} from ${DERIVED}
      where finding.shard = $1 and finding.fingerprint = derived.fingerprint returning finding.issue_id`,
    values: [shard, JSON.stringify(known), new Date(at)],
  });
  const issueIds = updated.rows.map((row) => row.issue_id);
  if (staged === null || known.length === derived.length) return issueIds;
  const fresh = await withSummaries(
    connection,
    organisation,
    derived.filter((each) => !staged.isKnown(each.fingerprint)),
  );
  const inserted = await connection.query<{ issue_id: string }>({
    name: 'insert-findings',
    text: `insert into finding (shard, fingerprint, issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, is_open, first_seen, closed_at, closed_why, summary)
      select stage_sighting.shard, stage_sighting.fingerprint, issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place,
        derived.why is null, $3, case when derived.why is not null then $5::timestamptz end, derived.why, derived.summary
      from ${DERIVED} join stage_sighting on stage_sighting.shard = $1 and stage_sighting.import_id = $4 and stage_sighting.fingerprint = derived.fingerprint
      returning issue_id`,
    values: [shard, JSON.stringify(fresh), new Date(staged.reportAt), staged.importId, new Date(at)],
  });
  return [...issueIds, ...inserted.rows.map((row) => row.issue_id)];
}

/**
 * What a new image shows that does not count is closed from the start, with the reason; it can be looked at
 * all the same, so it says what its sightings say.
 */
async function withSummaries(
  connection: Connection,
  organisation: Organisation,
  derived: readonly DerivedFinding[],
): Promise<
  readonly {
    readonly fingerprint: string;
    readonly summary: FindingSummary | undefined;
    readonly why: string | null;
  }[]
> {
  const closed = derived.filter((each) => each.summary === null).map((each) => each.fingerprint);
  const summaries =
    closed.length === 0
      ? new Map<string, FindingSummary>()
      : await summariesOf(connection, organisation, closed, 'all-sightings', '');
  return derived.map(({ fingerprint, summary, why }) => ({
    fingerprint,
    summary: summary ?? summaries.get(fingerprint),
    why: summary === null ? why : null,
  }));
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
