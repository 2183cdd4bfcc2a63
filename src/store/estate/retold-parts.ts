import type { JsonObject } from '#base/json-value.ts';
import type { Connection } from '../database.ts';

/** What one answer says about a resource of AWS that another answer lists. */
export interface ToldPart {
  readonly key: string;
  readonly estate: string | null;
  /** Of the shape of a resource part. */
  readonly facts: JsonObject;
}

/**
 * The keys of those parts that take the place of what another answer told of the same resource since they were told last, or
 * with them: a policy, and that there is none. In the same words as before they count again, and by themselves they may seem to say
 * nothing. Asked before they are stored. A name that ends alike may be taken for the same one, which costs an evaluation.
 */
export async function retoldParts(
  connection: Connection,
  shard: bigint,
  parts: readonly ToldPart[],
): Promise<readonly string[]> {
  if (parts.length === 0) return [];
  const result = await connection.query<{ key: string }>(
    `with told as (select row.key, row.estate, row.facts ->> 'OfType' as type, substring(row.facts ->> 'Of' from '[^:/]*$') as name, row.facts -> 'Facts' as facts,
         coalesce(stored.described_at, '-infinity') as told_at
         from jsonb_to_recordset($2) as row (key text, estate text, facts jsonb)
         left join resource as stored on stored.shard = $1 and stored.key = row.key and stored.facts is not null and stored.gone_at is null),
       others as (select key, estate, facts ->> 'OfType' as type, substring(facts ->> 'Of' from '[^:/]*$') as name, facts -> 'Facts' as facts, described_at
         from resource where shard = $1 and type = 'resource-part' and facts is not null and gone_at is null and estate in (select estate from told))
     select distinct told.key from told join others using (estate, type, name)
     where others.key <> told.key and (others.described_at > told.told_at or others.described_at = told.told_at and others.key not in (select key from told))
       and exists (select from jsonb_object_keys(told.facts) as member where others.facts ? member)`,
    [shard, JSON.stringify(parts)],
  );
  return result.rows.map(({ key }) => key);
}
