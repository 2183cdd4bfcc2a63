import type { Instant } from '#base/instant.ts';
import { Aliases } from '#domain/finding/aliases.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import { inTransaction, lockImports, type Pool } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { rekeyFindings } from './rekey-findings.ts';
import { loadAliases } from './stored-aliases.ts';

/** Findings under a name of their resource that a newer program spells otherwise. */
const LEFT_BEHIND = `select from alias join finding on finding.shard = $2 and finding.resource_key = alias.name
  where alias.organisation = $1 and alias.kind = 'resource' and alias.origin = 'program' limit 1`;

/**
 * Gives findings to the resources that a migration knows under another spelling, as after a newer program starts. One
 * process does it, in one transaction; run again it changes nothing. Answers how many identities moved.
 */
export async function followAliases(pool: Pool, organisation: Organisation, now: Instant): Promise<number> {
  const values = [organisation.id, organisation.shard];
  if ((await pool.query(LEFT_BEHIND, values)).rowCount === 0) return 0;
  return inTransaction(pool, async (connection) => {
    await lockImports(connection, organisation.id);
    const aliases = await loadAliases(connection, organisation);
    const moved = await rekeyFindings(connection, organisation, now, new Aliases([]), aliases, 'program');
    if (moved > 0) await refreshPaths(connection, organisation, now);
    return moved;
  });
}
