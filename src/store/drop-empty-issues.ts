import type { Connection } from './database.ts';
import { dropEmptyTallies, talliedStatement } from './issue-tally.ts';

const deleteWhere = (condition: string) =>
  talliedStatement({
    before: (kinds) =>
      `delete from issue where shard = $1 and id = any($2::text[]) and ${condition} returning ${kinds}`,
    after: null,
    answer: 'select id from before',
  });

const DROP_EMPTY = deleteWhere(
  'not exists (select from finding where finding.shard = $1 and finding.issue_id = issue.id)',
);
const DROP_RESOLVED = deleteWhere("status = 'resolved'");

/** Of these issues those without any finding go, from the counts and the words of the inbox too. Answers which went. */
export async function dropEmptyIssues(
  connection: Connection,
  shard: bigint,
  ids: readonly string[],
): Promise<readonly string[]> {
  return drop(connection, shard, ids, DROP_EMPTY);
}

/** Of these issues those that are resolved go: they were never open, but for a scan that was taken back. */
export async function dropResolvedIssues(
  connection: Connection,
  shard: bigint,
  ids: readonly string[],
): Promise<void> {
  await drop(connection, shard, ids, DROP_RESOLVED);
}

async function drop(
  connection: Connection,
  shard: bigint,
  ids: readonly string[],
  statement: string,
): Promise<readonly string[]> {
  const result = await connection.query<{ id: string }>(statement, [shard, ids]);
  const gone = result.rows.map((row) => row.id);
  if (gone.length > 0) await dropEmptyTallies(connection, shard);
  await connection.query('delete from rule_match where shard = $1 and issue_id = any($2::text[])', [
    shard,
    gone,
  ]);
  await connection.query('delete from issue_text where shard = $1 and id = any($2::text[])', [shard, gone]);
  return gone;
}
