import type { Queryable } from '../database.ts';

/** The attack paths that lead through each of these issues, by their own issues; those without one are left out. */
export async function loadPathsThrough(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const result = await db.query<{ issue_id: string; paths: readonly string[] }>(
    'select issue_id, array_agg(path_issue_id order by path_issue_id) as paths from attack_path_gate where shard = $1 and issue_id = any($2::text[]) group by issue_id',
    [shard, issueIds],
  );
  return new Map(result.rows.map((row) => [row.issue_id, row.paths]));
}
