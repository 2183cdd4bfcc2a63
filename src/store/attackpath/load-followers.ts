import type { Connection } from '../database.ts';

/** The clusters in which Argo CD or Flux follows one of these repositories, by the keys of both. */
export async function loadFollowers(
  connection: Connection,
  shard: bigint,
  repositories: readonly string[],
): Promise<readonly string[]> {
  if (repositories.length === 0) return [];
  const { rows } = await connection.query<{ estate: string }>({
    name: 'clusters-that-follow',
    text: `select distinct estate from resource
      where shard = $1 and gone_at is null and estate like 'k8s:%'
        and (type = 'argo-application' and facts -> 'repositories' ?| $2::text[] or type = 'flux-git-repository' and facts ->> 'repository' = any($2::text[]))
      order by estate`,
    values: [shard, repositories.map((key) => key.replace(/^repo:/, ''))],
  });
  return rows.map(({ estate }) => estate);
}
