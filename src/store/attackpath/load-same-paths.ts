import type { SamePath } from '#domain/ports/path-store.ts';
import type { Queryable } from '../database.ts';
import { CappedRows } from './capped-rows.ts';

interface PairRow {
  readonly own: string;
  readonly own_title: string;
  readonly own_sources: readonly string[];
  readonly other: string;
  readonly other_title: string;
  readonly other_sources: readonly string[];
}

/** Pairs that a list shows. */
const PAIRS_MAX = 2000;

/** Attack paths beside each other, by the issue of either, and what was left out of them, in sentences. */
export interface SamePaths {
  readonly byIssue: ReadonlyMap<string, readonly SamePath[]>;
  readonly notes: readonly string[];
}

/**
 * Attack paths of other engines that are about a resource which one of our own goes through, each beside the other, by the
 * issue of either. They stay issues of their own: nobody knows that both mean the same steps.
 */
export async function loadSamePaths(
  db: Queryable,
  shard: bigint,
  pairsMax: number = PAIRS_MAX,
): Promise<SamePaths> {
  const caps = new CappedRows();
  const rows = caps.take(
    await loadPairs(db, shard, null, pairsMax + 1),
    pairsMax,
    'pairs of attack paths that stand beside each other',
  );
  return { byIssue: besideEachOther(rows), notes: caps.notes };
}

/** All that stand beside the attack path of one issue. */
export async function loadSamePathsOf(
  db: Queryable,
  shard: bigint,
  issueId: string,
): Promise<readonly SamePath[]> {
  return besideEachOther(await loadPairs(db, shard, issueId, null)).get(issueId) ?? [];
}

async function loadPairs(
  db: Queryable,
  shard: bigint,
  issueId: string | null,
  limit: number | null,
): Promise<readonly PairRow[]> {
  const { rows } = await db.query<PairRow>({
    name: 'paths-beside-each-other',
    text: `with open_path as (
        select finding.fingerprint, issue.id, finding.resource_key, finding.summary ->> 'title' as title, finding.summary -> 'sources' as sources
        from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open
        where issue.shard = $1 and issue.type = 'attack_path'),
      other as (
        select * from open_path
        where not exists (select from attack_path where attack_path.shard = $1 and attack_path.fingerprint = open_path.fingerprint)),
      own as (
        select open_path.*, body -> 'resources' as resources, body -> 'pivot' ->> 'key' as pivot
        from open_path join attack_path on attack_path.shard = $1 and attack_path.fingerprint = open_path.fingerprint
        where exists (select from other))
      select distinct own.id as own, own.title as own_title, own.sources as own_sources, other.id as other, other.title as other_title, other.sources as other_sources
      from own join other on own.resources ? other.resource_key or own.pivot = other.resource_key
      where $2::text is null or own.id = $2 or other.id = $2
      order by own, other limit $3`,
    values: [shard, issueId, limit],
  });
  return rows;
}

function besideEachOther(rows: readonly PairRow[]): ReadonlyMap<string, readonly SamePath[]> {
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
