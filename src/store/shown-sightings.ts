import type { Instant } from '#base/instant.ts';
import type { Queryable } from './database.ts';

/** What a scope shows: how many of its sightings are open, and of those the ones that are held. */
export interface ShownSightings {
  readonly open: number;
  readonly held: number;
  /** Since when the first of them is held, and why; null where none is. */
  readonly heldSince: Instant | null;
  readonly heldWhy: string | null;
}

export const NOTHING_SHOWN: ShownSightings = { open: 0, held: 0, heldSince: null, heldWhy: null };

/**
 * What each of these scopes shows, without those that show nothing: as its latest scan counted it, however many there
 * are, unless something else changed them since.
 */
export async function loadShownSightings(
  db: Queryable,
  shard: bigint,
  scopeIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, ShownSightings>> {
  const counted = await db.query<{ scope_id: bigint; open: number | null; held: number | null }>({
    name: 'counted-sightings',
    text: 'select distinct on (scope_id) scope_id, open, held from sighting_digest where shard = $1 order by scope_id, part desc',
    values: [shard],
  });
  const shown = new Map<bigint, ShownSightings>();
  for (const { scope_id: scopeId, open, held } of counted.rows)
    if (open !== null && held !== null) shown.set(scopeId, { ...NOTHING_SHOWN, open, held });
  const held = await db.query<{ scope_id: bigint; since: Instant; why: string }>({
    name: 'held-sightings',
    text: `select scope_id, min(held_since) as since, min(held_why) as why from sighting
      where shard = $1 and scope_id = any($2::bigint[]) and gone_at is null and held_since is not null group by scope_id`,
    values: [shard, [...shown].filter(([, each]) => each.held > 0).map(([scopeId]) => scopeId)],
  });
  for (const { scope_id: scopeId, since, why } of held.rows)
    shown.set(scopeId, { ...(shown.get(scopeId) ?? NOTHING_SHOWN), heldSince: since, heldWhy: why });
  const others = await db.query<ShownSightings & { readonly scope_id: bigint }>({
    name: 'uncounted-sightings',
    text: `select scope_id, count(*)::integer as open, count(held_since)::integer as held, min(held_since) as "heldSince", min(held_why) as "heldWhy"
      from sighting where shard = $1 and scope_id = any($2::bigint[]) and gone_at is null group by scope_id`,
    values: [shard, scopeIds.filter((scopeId) => !shown.has(scopeId))],
  });
  for (const { scope_id: scopeId, ...each } of others.rows) shown.set(scopeId, each);
  return shown;
}
