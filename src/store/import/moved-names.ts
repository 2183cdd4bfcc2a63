import type { MovedNames, NamedIssues } from '#domain/scan/import-sentence.ts';
import type { Connection } from '../database.ts';
import { isReplaced } from './save-staged.ts';

/** Findings that closed, or are held, beside what the scan's own journal tells: of resources that are gone. */
export interface MovedElsewhere {
  readonly closed: readonly string[];
  readonly held: readonly string[];
}

const NAMED_MAX = 3;

/**
 * The issues of the findings that a scan closed, held and opened again: the titles of those that rank highest, and how
 * many there are beside them. To be asked once issues are assessed anew.
 */
export async function movedNames(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scanId: string,
  elsewhere: MovedElsewhere,
): Promise<MovedNames> {
  const result = await connection.query<{ what: keyof MovedNames; title: string; of: bigint }>(
    `select what, title, "of" from (
       select moved.what, issue.title, count(*) over (partition by moved.what) as of, row_number() over (partition by moved.what order by issue.rank desc, issue.id desc) as place
       from (
         select case when finding.is_open then 'regressed' else 'closed' end as what, finding.issue_id from scan_finding
         join lateral (select * from finding where shard = $1 and fingerprint = scan_finding.fingerprint limit 1) as finding on finding.is_open <> (scan_finding.before -> 'is_open')::boolean
         where scan_finding.shard = $1 and scan_finding.scope_id = $2 and scan_finding.scan_id = $3 and not coalesce(${isReplaced("scan_finding.before ->> 'closed_why'")}, false)
         union select 'held', finding.issue_id from scan_change
         join lateral (select from sighting where shard = $1 and scope_id = $2 and fingerprint = scan_change.fingerprint and held_since is not null limit 1) as held on true
         left join rekeyed on rekeyed.shard = $1 and rekeyed.own = scan_change.fingerprint
         join lateral (select issue_id from finding where shard = $1 and fingerprint = coalesce(rekeyed.fingerprint, scan_change.fingerprint) limit 1) as finding on true
         where scan_change.shard = $1 and scan_change.scope_id = $2 and scan_change.scan_id = $3
         union select told.what, finding.issue_id
         from (select 'closed' as what, fingerprint from unnest($4::uuid[]) as gone (fingerprint) union all select 'held', fingerprint from unnest($5::uuid[]) as gone (fingerprint)) as told
         join finding on finding.shard = $1 and finding.fingerprint = told.fingerprint) as moved
       join issue on issue.shard = $1 and issue.id = moved.issue_id) as named
     where place <= ${NAMED_MAX} order by what, place`,
    [shard, scopeId, scanId, elsewhere.closed, elsewhere.held],
  );
  const named = (what: keyof MovedNames): NamedIssues => {
    const rows = result.rows.filter((row) => row.what === what);
    return { titles: rows.map((row) => row.title), more: Number(rows[0]?.of ?? 0n) - rows.length };
  };
  return { regressed: named('regressed'), closed: named('closed'), held: named('held') };
}
