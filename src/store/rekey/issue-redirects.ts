import type { Instant } from '#base/instant.ts';
import type { Connection, Queryable } from '../database.ts';
import { dropEmptyIssues } from '../drop-empty-issues.ts';
import { moveDeliveries } from '../move-deliveries.ts';

const STEPS_MAX = 20;

/** The id that answers in the place of this one: of an issue that went on under another key, the one in use; else itself. */
export async function currentIssueId(db: Queryable, shard: bigint, id: string): Promise<string> {
  let current = id;
  for (let step = 0; step < STEPS_MAX; step++) {
    const result = await db.query<{ target: string }>({
      name: 'issue-redirect',
      text: `select target from issue_redirect where shard = $1 and id = $2 and not exists (select from issue where issue.shard = $1 and issue.id = $2)`,
      values: [shard, current],
    });
    const target = result.rows[0]?.target;
    if (target === undefined) break;
    current = target;
  }
  return current;
}

/** Of these issues those without any finding go, and their ids answer with the issues given for them. */
export async function redirectEmptied(
  connection: Connection,
  shard: bigint,
  targets: ReadonlyMap<string, string>,
  at: Instant,
): Promise<void> {
  const gone = await dropEmptyIssues(connection, shard, [...targets.keys()]);
  const ids = gone.filter((id) => targets.get(id) !== id);
  await connection.query(
    `insert into issue_redirect (shard, id, target, at) select $1, id, target, $4 from unnest($2::text[], $3::text[]) as moved (id, target)
     on conflict (shard, id) do update set target = excluded.target, at = excluded.at`,
    [shard, ids, ids.map((id) => targets.get(id)), new Date(at)],
  );
  await moveDeliveries(
    connection,
    shard,
    ids,
    ids.map((id) => targets.get(id)),
  );
  await connection.query(
    `update acceptance set issue_id = moved.target from unnest($2::text[], $3::text[]) as moved (id, target)
     where acceptance.shard = $1 and acceptance.issue_id = moved.id`,
    [shard, ids, ids.map((id) => targets.get(id))],
  );
  await connection.query('delete from issue_redirect where shard = $1 and id = any($2::text[])', [
    shard,
    [...new Set(targets.values())],
  ]);
}
