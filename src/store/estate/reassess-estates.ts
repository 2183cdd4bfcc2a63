import type { Instant } from '#base/instant.ts';
import { refreshPaths } from '../attackpath/refresh-paths.ts';
import type { Connection } from '../database.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { rollUpIssues } from '../roll-up.ts';
import { addIssuesTouching } from './add-issues-touching.ts';
import { evaluateEstates } from './evaluate-estates.ts';
import { saveOutsideMachines } from './outside-machines.ts';

/** Judges everything that inventories described anew, and the issues of what moved. */
export async function reassessEstates(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
): Promise<void> {
  const { shard } = organisation;
  const estates = await connection.query<{ estate: string }>(
    'select distinct estate from resource where shard = $1 and estate is not null and facts is not null and gone_at is null',
    [shard],
  );
  const all = new Set(estates.rows.map(({ estate }) => estate));
  const changed = await evaluateEstates(connection, organisation, now, all, 'exposure');
  const issueIds = new IssueIds();
  await addIssuesTouching(connection, organisation, new Set(changed), issueIds);
  await rollUpIssues(connection, organisation, now, issueIds);
  await refreshPaths(connection, organisation, now);
}

/** A source was retired, or taken up again: machines that its targets alone tell of go and come with it. */
export async function reassessOutsideMachines(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
): Promise<void> {
  const { told, estates } = await saveOutsideMachines(connection, organisation);
  if (told.size > 0) await evaluateEstates(connection, organisation, now, estates, 'exposure', told);
}
