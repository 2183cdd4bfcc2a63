import type { Queryable } from '../database.ts';

/** How many attack paths lead through each of these issues; those without one are left out. */
export async function countPaths(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const result = await db.query<{ issue_id: string; paths: number }>(
    'select issue_id, count(*)::integer as paths from attack_path_gate where shard = $1 and issue_id = any($2::text[]) group by issue_id',
    [shard, issueIds],
  );
  return new Map(result.rows.map((row) => [row.issue_id, row.paths]));
}
