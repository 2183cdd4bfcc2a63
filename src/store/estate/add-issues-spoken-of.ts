import type { Connection } from '../database.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { loadAliases } from '../rekey/stored-aliases.ts';

/** Adds the issues about these advisories, by whichever of their names they are called. */
export async function addIssuesSpokenOf(
  connection: Connection,
  organisation: Organisation,
  advisories: readonly string[],
  issueIds: IssueIds,
): Promise<void> {
  if (advisories.length === 0) return;
  const aliases = await loadAliases(connection, organisation);
  const names = new Set(advisories.flatMap((name) => [name, aliases.advisory(name)]));
  const result = await connection.query<{ id: string }>(
    "select id from issue where shard = $1 and advisory = any($2::text[]) and status <> 'resolved'",
    [organisation.shard, [...names]],
  );
  issueIds.addAll(result.rows.map((row) => row.id));
}
