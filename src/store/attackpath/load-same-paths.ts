import type { SamePath } from '#domain/ports/path-store.ts';
import type { Queryable } from '../database.ts';

interface PairRow {
  readonly own: string;
  readonly own_title: string;
  readonly own_sources: readonly string[];
  readonly other: string;
  readonly other_title: string;
  readonly other_sources: readonly string[];
}

/**
 * Attack paths of other engines that are about a resource which one of our own goes through, each beside the other, by the
 * issue of either. They stay issues of their own: nobody knows that both mean the same steps.
 */
export async function loadSamePaths(
  db: Queryable,
  shard: bigint,
): Promise<ReadonlyMap<string, readonly SamePath[]>> {
  const { rows } = await db.query<PairRow>({
    name: 'paths-beside-each-other',
    text: `with open_path as (
        select finding.fingerprint, issue.id, finding.resource_key, finding.summary ->> 'title' as title, finding.summary -> 'sources' as sources, attack_path.body
        from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open
          left join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
        where issue.shard = $1 and issue.type = 'attack_path')
      select distinct own.id as own, own.title as own_title, own.sources as own_sources, other.id as other, other.title as other_title, other.sources as other_sources
      from open_path as own join open_path as other on own.body is not null and other.body is null
        and (own.body -> 'resources' ? other.resource_key or own.body -> 'pivot' ->> 'key' = other.resource_key)
      order by own, other limit 2000`,
    values: [shard],
  });
  const same = new Map<string, SamePath[]>();
  const add = (id: string, path: SamePath): void => {
    const known = same.get(id) ?? [];
    if (!known.some(({ issueId }) => issueId === path.issueId)) same.set(id, [...known, path]);
  };
  for (const row of rows) {
    add(row.own, { issueId: row.other, title: row.other_title, sources: row.other_sources });
    add(row.other, { issueId: row.own, title: row.own_title, sources: row.own_sources });
  }
  return same;
}
