import type { Connection } from '../database.ts';
import type { IssueIds } from '../issue-ids.ts';

const CHUNK = 5_000;

/** Issues that hold a finding on one of these resources, or on an image that one of them runs. */
export async function addIssuesTouching(
  connection: Connection,
  shard: bigint,
  keys: ReadonlySet<string>,
  issueIds: IssueIds,
): Promise<void> {
  if (keys.size === 0) return;
  const running = await connection.query<{ key: string }>(
    `select distinct to_key as key from relation where shard = $1 and kind = 'runs-image' and from_key = any($2::text[])`,
    [shard, [...keys]],
  );
  const all = [...new Set([...keys, ...running.rows.map((row) => row.key)])];
  for (let from = 0; from < all.length; from += CHUNK) {
    const result = await connection.query<{ issue_id: string }>({
      name: 'issues-on-resources',
      text: 'select distinct issue_id from finding where shard = $1 and resource_key = any($2::text[]) and is_open',
      values: [shard, all.slice(from, from + CHUNK)],
    });
    for (const { issue_id } of result.rows) issueIds.add(issue_id);
  }
}
