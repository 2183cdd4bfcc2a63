import { TYPES_OF_SERVICE_CODE } from '#domain/finding/finding-type.ts';
import { clustersTouchedBy } from '../clusters-in-clouds.ts';
import type { Connection } from '../database.ts';
import type { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';

const CHUNK = 5_000;

/**
 * Issues that hold a finding on one of these resources, on an image that one of them runs, on the scaling group of which
 * one is a member, on the cluster that one is to its cloud, or in the code of a service that one of them is a part of. `left` names services of which one of them was a part.
 */
export async function addIssuesTouching(
  connection: Connection,
  organisation: Organisation,
  keys: ReadonlySet<string>,
  issueIds: IssueIds,
  left: Iterable<string> = [],
): Promise<void> {
  if (keys.size === 0) return;
  const { shard } = organisation;
  const held = await connection.query<{ key: string }>(
    `select distinct to_key as key from relation where shard = $1 and kind in ('runs-image', 'part-of') and from_key = any($2::text[])`,
    [shard, [...keys]],
  );
  const services = await connection.query<{ service: string }>(
    'select distinct unnest(services) as service from resource where shard = $1 and key = any($2::text[])',
    [shard, [...keys]],
  );
  const ofCode = await addIssuesInCode(
    connection,
    organisation,
    [...new Set([...left, ...services.rows.map((row) => row.service)])],
    issueIds,
  );
  const clusters = await clustersTouchedBy(connection, shard, [...keys]);
  const all = [...new Set([...keys, ...clusters, ...held.rows.map((row) => row.key), ...ofCode])];
  for (let from = 0; from < all.length; from += CHUNK) {
    const result = await connection.query<{ issue_id: string }>({
      name: 'issues-on-resources',
      text: 'select distinct issue_id from finding where shard = $1 and resource_key = any($2::text[]) and is_open',
      values: [shard, all.slice(from, from + CHUNK)],
    });
    for (const { issue_id } of result.rows) issueIds.add(issue_id);
  }
}

/**
 * Issues of scopes that are about one of these services; answers the repositories that are. What the scan of an image
 * shows is on the image, however large it is, and in no file.
 */
async function addIssuesInCode(
  connection: Connection,
  { id, shard }: Organisation,
  services: readonly string[],
  issueIds: IssueIds,
): Promise<readonly string[]> {
  if (services.length === 0) return [];
  const scopes = await connection.query<{ id: bigint }>(
    'select id from scope where organisation = $1 and image_key is null and services && $2::text[]',
    [id, services],
  );
  if (scopes.rows.length > 0) {
    const shown = await connection.query<{ issue_id: string }>(
      `select distinct finding.issue_id from sighting join finding on finding.shard = sighting.shard and finding.fingerprint = sighting.fingerprint
       where sighting.shard = $1 and sighting.scope_id = any($2::bigint[]) and sighting.gone_at is null and finding.type = any($3::text[]) and finding.is_open`,
      [shard, scopes.rows.map((scope) => scope.id), TYPES_OF_SERVICE_CODE],
    );
    for (const { issue_id } of shown.rows) issueIds.add(issue_id);
  }
  const repositories = await connection.query<{ key: string }>(
    `select key from resource where shard = $1 and services && $2::text[] and kind in ('repository', 'artifact')`,
    [shard, services],
  );
  return repositories.rows.map((row) => row.key);
}
