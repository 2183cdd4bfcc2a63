import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';

/** Names that come from records of DNS are told apart from those that an inventory of the resource itself gave. */
const BY_DNS = ':dns';
/** A record that leads to a name is as sure as a unique name. */
const CONFIDENCE_MAX = 0.9;
/** A record may lead to another one, so many times. */
const HOPS = 4;

/**
 * Gives resources the names that records of DNS lead to them by: `shop.example.com` is an alias of a load balancer, so
 * an attack on that host is one on the load balancer. Derived anew where records or the names that they lead to
 * changed; what no record says any more ends with this scan. Answers the names that came or went.
 */
export async function saveDnsNames(
  connection: Connection,
  shard: bigint,
  { resources, end }: AppliedScan,
  changed: ReadonlySet<string>,
): Promise<readonly string[]> {
  if (changed.size === 0 && !resources.some(({ type }) => type === 'dns-record')) return [];
  const at = new Date(end.reportAt);
  const known = await connection.query<{ name: string; target: string }>(
    `select distinct facts ->> 'Name' as name, target from resource, jsonb_array_elements_text(facts -> 'Targets') as led (target)
     where shard = $1 and type = 'dns-record' and gone_at is null`,
    [shard],
  );
  const pairs = known.rows.length === 0 ? [] : closed(known.rows);
  const values = [shard, JSON.stringify(pairs), BY_DNS, at];
  const LED = `select led.name as alias, bearer.key, max(least(bearer.confidence, ${CONFIDENCE_MAX})) as confidence
     from jsonb_to_recordset($2) as led (name text, target text)
     join resource_alias as bearer on bearer.shard = $1 and bearer.alias = led.target and bearer.until_at is null and bearer.source_id <> $3
     group by led.name, bearer.key`;
  const went = await connection.query<{ alias: string }>(
    `update resource_alias set until_at = $4 where shard = $1 and source_id = $3 and until_at is null
       and not exists (select from (${LED}) as led where led.alias = resource_alias.alias and led.key = resource_alias.key) returning alias`,
    values,
  );
  const came = await connection.query<{ alias: string }>(
    `insert into resource_alias (shard, alias, key, source_id, confidence, seen_at)
     select $1::bigint, led.alias, led.key, $3, led.confidence, $4 from (${LED}) as led
     where not exists (select from resource_alias as known where known.shard = $1 and known.alias = led.alias and known.key = led.key and known.until_at is null)
     on conflict (shard, alias, key, seen_at) do update set until_at = null returning alias`,
    values,
  );
  return [...went.rows, ...came.rows].map(({ alias }) => alias);
}

/** Each name with all that it leads to, over other records too. */
function closed(
  records: readonly { readonly name: string; readonly target: string }[],
): readonly { readonly name: string; readonly target: string }[] {
  const targets = Map.groupBy(records, ({ name }) => name);
  return [...targets.keys()].flatMap((name) => {
    const reached = new Set<string>();
    let next = [name];
    for (let hop = 0; hop < HOPS && next.length > 0; hop++) {
      next = next
        .flatMap((each) => (targets.get(each) ?? []).map(({ target }) => target))
        .filter((target) => target !== name && !reached.has(target));
      for (const target of next) reached.add(target);
    }
    return [...reached].map((target) => ({ name, target }));
  });
}
