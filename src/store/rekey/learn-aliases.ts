import type { Instant } from '#base/instant.ts';
import type { Alias, Aliases } from '#domain/finding/aliases.ts';
import { postponePathSearch } from '../attackpath/refresh-paths.ts';
import { begin, type Connection, commit, lockOrganisation, rollback } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { rekeyFindings } from './rekey-findings.ts';
import { loadAliases, saveAliases } from './stored-aliases.ts';

/**
 * Keeps exact aliases, and re-keys what they are about, in a transaction of its own; attack paths are looked for once the
 * import that brought them is applied, as that tells what the names mean, or by the next sweep. Answers the aliases that
 * stand afterwards; null where none of these was new.
 */
export async function learnAliases(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  learned: readonly Alias[],
  actor: string,
): Promise<Aliases | null> {
  if (learned.length === 0) return null;
  await begin(connection);
  try {
    await lockOrganisation(connection, organisation.id);
    const before = await loadAliases(connection, organisation);
    const count = await saveAliases(connection, organisation, learned, actor, now);
    const aliases = count === 0 ? null : await loadAliases(connection, organisation);
    const moved =
      aliases === null ? 0 : await rekeyFindings(connection, organisation, now, before, aliases, actor);
    if (moved > 0) await postponePathSearch(connection, organisation);
    await commit(connection);
    return aliases;
  } catch (error) {
    await rollback(connection);
    throw error;
  }
}
