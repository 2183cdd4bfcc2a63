import type { ScopeContext } from '#domain/finding/finding-state.ts';
import type { Queryable } from '../database.ts';
import { loadRunningWorkloads, runningOf } from '../workloads.ts';

/** Where open findings are that a resource has, column by column for `unnest`. */
export interface FindingPlaces {
  readonly resources: readonly string[];
  /** The resource itself, what is a part of it, the images that it runs. */
  readonly foundOn: readonly string[];
  /** Of an image the scopes of those of its findings that are in what the resource runs, as JSON; null for all. */
  readonly scopes: readonly (string | null)[];
}

/** `$2` to `$4` of a statement, and how a finding joins them. */
export const FINDING_PLACES =
  'unnest($2::text[], $3::text[], $4::jsonb[]) as places (resource_key, found_on, scopes)';
export const IS_AT_PLACE = `finding.resource_key = places.found_on and finding.is_open
  and (places.scopes is null or finding.summary -> 'scopes' = places.scopes)`;

/** Where findings are that these resources have. Of an image only what was found in what a resource runs is its own. */
export async function findingPlaces(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<FindingPlaces> {
  const around = await db.query<{ from_key: string; to_key: string; kind: string }>({
    name: 'places-around-resources',
    text: `select distinct from_key, to_key, kind from relation where shard = $1 and kind in ('runs-image', 'part-of') and from_key = any($2::text[])`,
    values: [shard, keys],
  });
  const images = [...new Set(around.rows.flatMap((row) => (row.kind === 'runs-image' ? [row.to_key] : [])))];
  const workloads = await loadRunningWorkloads(db, shard, images);
  const asked = new Set(keys);
  const scanned = await scopesOf(db, shard, images);
  const rows: (readonly [string, string, string | null])[] = [
    ...keys.map((key) => [key, key, null] as const),
    ...around.rows.flatMap((row) =>
      row.kind === 'part-of' ? [[row.from_key, row.to_key, null] as const] : [],
    ),
    ...scanned.flatMap(({ resource_key, scopes }) =>
      runningOf(workloads.get(resource_key), scopes)
        .filter(({ key }) => asked.has(key))
        .map(({ key }) => [key, resource_key, JSON.stringify(scopes)] as const),
    ),
  ];
  return {
    resources: rows.map(([resource]) => resource),
    foundOn: rows.map(([, foundOn]) => foundOn),
    scopes: rows.map(([, , scopes]) => scopes),
  };
}

interface ScannedRow {
  readonly resource_key: string;
  readonly scopes: readonly ScopeContext[];
}

/** The scopes that show open findings of images: few, as all findings of one scan have the same. */
async function scopesOf(
  db: Queryable,
  shard: bigint,
  images: readonly string[],
): Promise<readonly ScannedRow[]> {
  if (images.length === 0) return [];
  const found = await db.query<ScannedRow>({
    name: 'scopes-of-images',
    text: `select distinct resource_key, summary -> 'scopes' as scopes from finding where shard = $1 and is_open and resource_key = any($2::text[])`,
    values: [shard, images],
  });
  return found.rows;
}
