import type { Connection } from '../database.ts';

/** Issues from which findings went are as old as those that are left. */
export async function redateIssues(
  connection: Connection,
  shard: bigint,
  issueIds: readonly string[],
): Promise<void> {
  await connection.query(
    `update issue set first_seen = left_over.first_seen from (
       select issue_id, min(first_seen) as first_seen from finding where shard = $1 and issue_id = any($2::text[]) group by issue_id) as left_over
     where issue.shard = $1 and issue.id = left_over.issue_id`,
    [shard, issueIds],
  );
}
