import type { Instant } from '#base/instant.ts';
import { derivePaths } from '#domain/attackpath/derive-paths.ts';
import { pathFinding } from '#domain/attackpath/path-finding.ts';

import { type Connection, lockOrganisation } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import { hasSignatureEnded } from './load-credentials.ts';
import { enteredKeys, loadPathFacts } from './load-path-facts.ts';
import { areOnWorkloads } from './load-weaknesses.ts';
import { pathRulesVersion } from './path-rules-version.ts';
import { savePaths } from './save-paths.ts';

/**
 * Derives the attack paths of an organisation anew from what is stored, and rolls up the issues that they are: within the
 * transaction of whatever changed something, so that no path is shown whose condition is gone.
 */
export async function refreshPaths(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
): Promise<void> {
  await lockOrganisation(connection, organisation.id);
  const { facts, notes } = await loadPathFacts(connection, organisation, now);
  const found = derivePaths(facts);
  const findings = found.paths.map((path) => pathFinding(path, facts));
  const issueIds = await savePaths(connection, organisation, now, findings, {
    notes: [...notes, ...found.notes],
    rules: pathRulesVersion(),
  });
  if (issueIds.size > 0) await rollUpIssues(connection, organisation, now, issueIds);
}

/**
 * The same after findings of these issues changed and nothing else did: where none of them is on anything that outsiders
 * reach, nothing is derived.
 */
export async function refreshPathsOfFindings(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: Iterable<string>,
): Promise<void> {
  const ids = [...issueIds];
  if (ids.length === 0) return;
  const entered = await enteredKeys(connection, organisation.shard);
  if (!(await areOnWorkloads(connection, organisation.shard, ids, entered))) return;
  await refreshPaths(connection, organisation, now);
}

/**
 * Whether paths were never looked for, or by rules that are not those of this program, or before an address that was
 * signed until a time ran out.
 */
export async function isPathSearchDue(
  connection: Connection,
  { id, shard }: Organisation,
  now: Instant,
): Promise<boolean> {
  const searched = await connection.query<{ at: Instant }>(
    'select at from attack_path_search where organisation = $1 and rules = $2',
    [id, pathRulesVersion()],
  );
  const [last] = searched.rows;
  return last === undefined || (await hasSignatureEnded(connection, shard, last.at, now));
}

/** Paths are looked for by whoever comes next. */
export async function postponePathSearch(connection: Connection, { id }: Organisation): Promise<void> {
  await connection.query("update attack_path_search set rules = '' where organisation = $1", [id]);
}
