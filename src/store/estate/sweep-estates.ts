import type { Instant } from '#base/instant.ts';
import { ORGANISATION_TYPES } from '#domain/privilege/aws/aws-organisation.ts';
import type { Connection } from '../database.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { addIssuesTouching } from './add-issues-touching.ts';
import { awsEstates } from './aws-organisation.ts';
import { evaluateEstates } from './evaluate-estates.ts';

const ESTATES_MAX = 20;

/**
 * Evaluates the estates anew in which a date has passed that a policy or a rule of a cloud names. Answers how many;
 * issues whose resources have other risks now are added.
 */
export async function sweepEstates(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: IssueIds,
): Promise<number> {
  const { shard } = organisation;
  const due = await connection.query<{ estate: string; is_above: boolean }>(
    `select estate, bool_or(type = any($4::text[])) as is_above from resource
     where shard = $1 and valid_until <= $2 and estate is not null and facts is not null and gone_at is null group by estate order by estate limit $3`,
    [shard, new Date(now), ESTATES_MAX, ORGANISATION_TYPES],
  );
  const estates = new Set(due.rows.map((row) => row.estate));
  if (estates.size === 0) return 0;
  const moved = estates.size;
  // A date in a policy of the organisation passes for all accounts.
  if (due.rows.some((row) => row.is_above))
    for (const estate of await awsEstates(connection, shard)) estates.add(estate);
  const changed = await evaluateEstates(connection, organisation, now, estates, 'all');
  await addIssuesTouching(connection, organisation, new Set(changed), issueIds);
  return moved;
}
