import { hash64 } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { PathFinding } from '#domain/attackpath/path-finding.ts';
import { likenessOf, summariseFinding } from '#domain/finding/finding-state.ts';
import { contentHash, contentText } from '#domain/finding/sighting.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { refreshFindings } from '../findings.ts';
import { forgetDigests } from '../import/sighting-digest.ts';
import type { Organisation } from '../organisation.ts';
import { goingPaths, inheritDecisions } from './inherit-decisions.ts';

/** The source of what is worked out here, and its one scope. */
const SOURCE = 'attack-paths';
const SOURCE_NAME = 'Attack paths';
/** The tool of what is worked out here. */
export const OWN_TOOL = 'security-inbox';
const WHY_GONE = 'nothing leads there any more';

/**
 * Makes the findings of attack paths what was found now: new ones are opened, those that are back reopened, those that
 * are not among them closed. Decisions stay with their finding. Answers the issues that are touched, snoozed ones among
 * them through which a path leads that did not.
 */
export async function savePaths(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  found: readonly PathFinding[],
  { notes, rules }: { readonly notes: readonly string[]; readonly rules: string },
): Promise<ReadonlySet<string>> {
  const { id, shard } = organisation;
  const scopeId = BigInt.asUintN(62, hash64(`${id}|${SOURCE}|`));
  const known = await connection.query<{
    fingerprint: string;
    content_hash: bigint;
    gone_at: Instant | null;
  }>('select fingerprint, content_hash, gone_at from sighting where shard = $1 and scope_id = $2', [
    shard,
    scopeId,
  ]);
  await connection.query(
    `insert into attack_path_search (organisation, at, rules, notes) values ($1, $2, $3, $4)
     on conflict (organisation) do update set at = excluded.at, rules = excluded.rules, notes = excluded.notes`,
    [id, new Date(now), rules, notes],
  );
  if (found.length === 0 && known.rows.length === 0) return new Set();
  await saveSource(connection, organisation, now, scopeId);
  const before = new Map(known.rows.map((row) => [row.fingerprint, row]));
  const rows = found.map(({ identity, content, path }) => {
    const text = contentText(content);
    return { identity, content, path, hash: contentHash(text) };
  });
  const moved = rows.filter(({ identity, hash }) => {
    const row = before.get(identity.fingerprint);
    return row === undefined || row.gone_at !== null || BigInt(row.content_hash) !== hash;
  });
  const shown = new Set(rows.map(({ identity }) => identity.fingerprint));
  const gone = known.rows.flatMap(({ fingerprint, gone_at }) =>
    gone_at === null && !shown.has(fingerprint) ? [fingerprint] : [],
  );
  const isThere = ({ identity }: PathRow): boolean => before.get(identity.fingerprint)?.gone_at === null;
  const going = await goingPaths(connection, shard, gone, moved.filter(isThere));
  const snoozed = await saveBodies(connection, shard, rows, gone);
  if (moved.length === 0 && gone.length === 0) return new Set(snoozed);
  await saveSightings(connection, shard, now, scopeId, moved, gone);
  await insertFindings(connection, shard, now, moved);
  const coming = moved.filter((row) => !isThere(row));
  await inheritDecisions(connection, shard, now, coming, going);
  const touched = [...moved.map(({ identity }) => identity.fingerprint), ...gone];
  const refreshed = await refreshFindings(connection, organisation, touched, {
    at: now,
    why: new Map(gone.map((fingerprint) => [fingerprint, WHY_GONE])),
  });
  return new Set([...refreshed.issueIds, ...snoozed]);
}

interface PathRow extends PathFinding {
  readonly hash: bigint;
}

/** A source that somebody retired stays so: its paths are not shown. */
async function saveSource(
  connection: Connection,
  { id }: Organisation,
  now: Instant,
  scopeId: bigint,
): Promise<void> {
  await connection.query(
    `insert into source (organisation, id, name, tool, is_named, created_at) values ($1, $2, $3, $4, true, $5) on conflict (organisation, id) do nothing`,
    [id, SOURCE, SOURCE_NAME, OWN_TOOL, new Date(now)],
  );
  await connection.query(
    `insert into scope (organisation, id, source_id, key, keys, first_report_at, last_report_at) values ($1, $2, $3, '', '{}', $4, $4)
     on conflict (organisation, id) do update set last_report_at = excluded.last_report_at`,
    [id, scopeId, SOURCE, new Date(now)],
  );
}

/** What is told of each path, and which issues it goes through. Answers the snoozed ones through which one did not go. */
async function saveBodies(
  connection: Connection,
  shard: bigint,
  rows: readonly PathRow[],
  gone: readonly string[],
): Promise<readonly string[]> {
  await connection.query('delete from attack_path where shard = $1 and fingerprint = any($2::uuid[])', [
    shard,
    gone,
  ]);
  await connection.query(
    `insert into attack_path (shard, fingerprint, body)
     select $1, fingerprint, body from jsonb_to_recordset($2) as row (fingerprint uuid, body jsonb)
     on conflict (shard, fingerprint) do update set body = excluded.body`,
    [
      shard,
      JSON.stringify(rows.map(({ identity, path }) => ({ fingerprint: identity.fingerprint, body: path }))),
    ],
  );
  const gates = rows.flatMap(({ identity, path }) =>
    [...new Set(path.gateIssues)].map((issueId) => ({ issue_id: issueId, path_issue_id: identity.issueId })),
  );
  await connection.query(
    `delete from attack_path_gate as known where shard = $1
       and not exists (select from jsonb_to_recordset($2) as row (issue_id text, path_issue_id text) where row.issue_id = known.issue_id and row.path_issue_id = known.path_issue_id)`,
    [shard, JSON.stringify(gates)],
  );
  const snoozed = await connection.query<{ id: string }>(
    `with added as (insert into attack_path_gate (shard, issue_id, path_issue_id)
       select distinct $1::bigint, issue_id, path_issue_id from jsonb_to_recordset($2) as row (issue_id text, path_issue_id text) on conflict do nothing
       returning issue_id)
     select distinct issue.id from issue join added on added.issue_id = issue.id where issue.shard = $1 and issue.status = 'snoozed'`,
    [shard, JSON.stringify(gates)],
  );
  return snoozed.rows.map((row) => row.id);
}

async function saveSightings(
  connection: Connection,
  shard: bigint,
  now: Instant,
  scopeId: bigint,
  moved: readonly PathRow[],
  gone: readonly string[],
): Promise<void> {
  await connection.query(
    `insert into sighting (shard, scope_id, fingerprint, content_hash, occurrences, cover, severity, first_seen, changed_at, content)
     select $1, $2, fingerprint, content_hash, 1, 0, severity, $3, $3, content
     from jsonb_to_recordset($4) as row (fingerprint uuid, content_hash bigint, severity smallint, content jsonb)
     on conflict (shard, scope_id, fingerprint) do update set content_hash = excluded.content_hash, severity = excluded.severity, changed_at = excluded.changed_at,
       content = excluded.content, gone_at = null, gone_why = null`,
    [
      shard,
      scopeId,
      new Date(now),
      JSON.stringify(
        moved.map(({ identity, content, hash }) => ({
          fingerprint: identity.fingerprint,
          content_hash: String(hash),
          severity: content.severity === null ? null : severityRank(content.severity),
          content,
        })),
      ),
    ],
  );
  await forgetDigests(connection, shard, [scopeId]);
  await connection.query(
    'update sighting set gone_at = $4, gone_why = $5 where shard = $1 and scope_id = $2 and fingerprint = any($3::uuid[])',
    [shard, scopeId, gone, new Date(now), WHY_GONE],
  );
}

async function insertFindings(
  connection: Connection,
  shard: bigint,
  now: Instant,
  moved: readonly PathRow[],
): Promise<void> {
  const rows = moved.map(({ identity, content }) => {
    const summary = summariseFinding([{ source: SOURCE_NAME, scope: NO_SCOPE, seenAt: now, content }]);
    const { fingerprint, issueId, issueKey, type, toolCheck, resource, place } = identity;
    return {
      fingerprint,
      issue_id: issueId,
      issue_key: issueKey,
      type,
      tool_check: toolCheck,
      resource_key: resource.key,
      resource_kind: resource.kind,
      resource_name: resource.name,
      place,
      summary,
      likeness: String(likenessOf(summary)),
    };
  });
  await connection.query(
    `insert into finding (shard, fingerprint, issue_id, issue_key, type, tool_check, resource_key, resource_kind, resource_name, place, is_open, first_seen, summary, likeness)
     select $1, fingerprint, issue_id, issue_key, type, tool_check, resource_key, resource_kind, resource_name, place, true, $2, summary, likeness
     from jsonb_to_recordset($3) as row (fingerprint uuid, issue_id text, issue_key text, type text, tool_check text, resource_key text, resource_kind text, resource_name text, place text, summary jsonb, likeness bigint)
     on conflict (shard, fingerprint) do nothing`,
    [shard, new Date(now), JSON.stringify(rows)],
  );
}

const NO_SCOPE = { environment: null, services: [], team: null, image: null };
