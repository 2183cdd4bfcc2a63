import type { Instant } from '#base/instant.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { Location } from '#domain/finding/observation.ts';
import type { SightingContent } from '#domain/finding/sighting.ts';
import type { FindingView, SightingView } from '#domain/ports/inbox-store.ts';
import { mayHaveMembers } from '#domain/resource/scaling-group.ts';
import { isOverdue, isSameLook, rhythmOf } from '#domain/scan/source-rhythm.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';
import { sightingsOfFindings } from './rekey/rekeyed.ts';
import { type LooksRow, looksOf } from './source-looks.ts';

interface FindingRow {
  readonly fingerprint: string;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  readonly place: string;
  readonly is_open: boolean;
  readonly first_seen: Instant;
  readonly closed_at: Instant | null;
  readonly closed_why: string | null;
  readonly summary: FindingSummary;
}

interface SightingRow extends LooksRow {
  readonly fingerprint: string;
  readonly source_name: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly scope_report_at: Instant;
  /** Null: the latest report of its scope looked at it. */
  readonly looked_at: Instant | null;
  readonly rhythm_days: number | null;
  readonly retired_at: Instant | null;
  readonly first_seen: Instant;
  readonly gone_at: Instant | null;
  readonly gone_why: string | null;
  readonly held_why: string | null;
  readonly content: SightingContent;
  /** The resource under the name that its report gives, where it is another one than that of the finding. */
  readonly own_resource: string | null;
}

/** The findings of an issue with their sightings, open ones first, and how many there are in all. */
export async function loadFindingViews(
  db: Queryable,
  { id, shard }: Organisation,
  now: Instant,
  issueId: string,
  limit: number,
): Promise<{ readonly findings: readonly FindingView[]; readonly count: number }> {
  const counted = await db.query<{ count: bigint }>(
    'select count(*) from finding where shard = $1 and issue_id = $2',
    [shard, issueId],
  );
  const findings = await db.query<FindingRow>(
    `select fingerprint, resource_key, resource_kind, resource_name, place, is_open, first_seen, closed_at, closed_why, summary
     from finding where shard = $1 and issue_id = $2 order by is_open desc, resource_key, fingerprint limit $3`,
    [shard, issueId, limit],
  );
  const shown = findings.rows.map((row) => row.fingerprint);
  const rekeyed = await sightingsOfFindings(db, shard, shown);
  const sightings = await db.query<SightingRow>(
    `select sighting.fingerprint, source.name as source_name, source.last_report_at, source.looks::text[] as looks, source.rhythm_days, source.retired_at,
       scope.keys, scope.last_report_at as scope_report_at, sighting.first_seen, sighting.gone_at, sighting.gone_why, sighting.held_why, sighting.content,
       (select identity ->> 'resource_name' from rekeyed where rekeyed.shard = sighting.shard and rekeyed.own = sighting.fingerprint) as own_resource,
       (select case when count(*) = count(unlisted_unit.cover) then max(unlisted_unit.looked_at) end
        from (select sighting.cover union select cover from sighting_cover where sighting_cover.shard = sighting.shard and sighting_cover.scope_id = sighting.scope_id and sighting_cover.fingerprint = sighting.fingerprint) as unit
        left join unlisted_unit on unlisted_unit.shard = sighting.shard and unlisted_unit.scope_id = sighting.scope_id and unlisted_unit.cover = unit.cover) as looked_at
     from sighting
     join scope on scope.organisation = $1 and scope.id = sighting.scope_id
     join source on source.organisation = $1 and source.id = scope.source_id
     where sighting.shard = $2 and sighting.fingerprint = any($3::uuid[])
     order by sighting.gone_at nulls first, source.name, scope.key`,
    [id, shard, [...shown, ...rekeyed.keys()]],
  );
  const byFinding = Map.groupBy(sightings.rows, ({ fingerprint }) => rekeyed.get(fingerprint) ?? fingerprint);
  return {
    findings: findings.rows.map((row) => ({
      fingerprint: row.fingerprint,
      resourceKey: row.resource_key,
      resourceKind: row.resource_kind,
      resourceName: row.resource_name,
      place: row.place,
      isOpen: row.is_open,
      firstSeen: row.first_seen,
      closedAt: row.closed_at,
      closedWhy: row.closed_why,
      summary: row.summary,
      sightings: (byFinding.get(row.fingerprint) ?? []).map((sighting) =>
        sightingView(sighting, mayHaveMembers(row.resource_key) ? sighting.own_resource : null, now),
      ),
    })),
    count: Number(counted.rows[0]?.count ?? 0n),
  };
}

/** `machine`: which one of a scaling group shows it. */
function sightingView(row: SightingRow, machine: string | null, now: Instant): SightingView {
  const { title, severity, fix, description, references, locations } = row.content;
  const isShown = row.gone_at === null;
  return {
    source: row.source_name,
    scope: row.keys,
    firstSeen: row.first_seen,
    lastConfirmed: isShown && row.held_why === null ? (row.looked_at ?? row.scope_report_at) : null,
    notLookedAtSince:
      isShown && row.looked_at !== null && !isSameLook(row.looked_at, row.scope_report_at)
        ? row.looked_at
        : null,
    isOverdue:
      row.retired_at === null && isOverdue(looksOf(row), rhythmOf(looksOf(row), row.rhythm_days), now),
    goneAt: row.gone_at,
    goneWhy: row.gone_why,
    heldWhy: row.held_why,
    locations: machine === null ? locations : onMachine(locations, machine),
    title,
    severity,
    fix,
    description,
    references,
  };
}

function onMachine(locations: readonly Location[], machine: string): readonly Location[] {
  return (locations.length === 0 ? [{}] : locations).map((location) => ({ ...location, machine }));
}
