import type { Instant } from '#base/instant.ts';
import type { Connection } from '../database.ts';
import { refreshEach } from '../findings.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { eachOpenSighting, refreshImageScopes } from './image-scopes.ts';

/** The inventory told which images run: which scans of them count is decided anew, as of a time. */
export async function recountImage(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  imageKey: string,
  at: Instant,
  issueIds: IssueIds,
): Promise<void> {
  const sources = await connection.query<{ source_id: string }>(
    'select distinct source_id from scope where organisation = $1 and image_key = $2',
    [organisation.id, imageKey],
  );
  for (const { source_id } of sources.rows)
    for (const { scopeId, why } of await refreshImageScopes(
      connection,
      organisation,
      now,
      source_id,
      imageKey,
    ))
      for await (const chunk of eachOpenSighting(connection, organisation.shard, scopeId))
        await refreshEach(
          connection,
          organisation,
          chunk,
          at,
          () => why,
          (each) => issueIds.add(each.issueId),
        );
}
