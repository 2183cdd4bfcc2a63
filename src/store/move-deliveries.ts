import type { Queryable } from './database.ts';

/** What was to be delivered about issues that went on as others is of those, where they have not the same already. */
export async function moveDeliveries(
  db: Queryable,
  shard: bigint,
  ids: readonly string[],
  targets: readonly (string | undefined)[],
): Promise<void> {
  await db.query(
    `update delivery set issue_id = moved.target from unnest($2::text[], $3::text[]) as moved (id, target)
     where delivery.shard = $1 and delivery.issue_id = moved.id
       and not exists (select from delivery as there where there.shard = $1 and there.issue_id = moved.target and there.origin = delivery.origin)`,
    [shard, ids, targets],
  );
}
