import type { Connection } from './database.ts';
import { dropEmptyTallies, talliedStatement } from './issue-tally.ts';

const DELETE = talliedStatement({
  before: (kinds) =>
    `delete from issue where shard = $1 and id = any($2::text[]) and not exists (select from finding where finding.shard = $1 and finding.issue_id = issue.id) returning ${kinds}`,
  after: null,
  answer: 'select id from before',
});

/** Of these issues those without any finding go, from the counts and the words of the inbox too. Answers which went. */
export async function dropEmptyIssues(
  connection: Connection,
  shard: bigint,
  ids: readonly string[],
): Promise<readonly string[]> {
  const result = await connection.query<{ id: string }>(DELETE, [shard, ids]);
  const gone = result.rows.map((row) => row.id);
  if (gone.length > 0) await dropEmptyTallies(connection, shard);
  await connection.query('delete from issue_text where shard = $1 and id = any($2::text[])', [shard, gone]);
  return gone;
}
