import type { Queryable } from './database.ts';
import { fixOfIssue } from './fix-of-issue.ts';
import { ROLLED_COLUMNS, type RolledIssue } from './rolled-columns.ts';

/** An issue as it is stored. */
export interface StoredIssue extends RolledIssue {
  /** Whether an attack path is opened otherwise than is stored: what mends any other issue follows from its lead. */
  readonly is_mended_otherwise: boolean;
}

/** How these issues are stored, by their ids; those that are not there yet are left out. */
export async function loadStoredIssues(
  db: Queryable,
  shard: bigint,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredIssue>> {
  const result = await db.query<StoredIssue>({
    name: 'issues-as-stored',
    text: `select id, key, type, first_seen, ${ROLLED_COLUMNS.join(', ')}, type = 'attack_path' and fix is distinct from ${fixOfIssue('issue')} as is_mended_otherwise
      from issue where shard = $1 and id = any($2::text[])`,
    values: [shard, ids],
  });
  return new Map(result.rows.map((row) => [row.id, row]));
}
