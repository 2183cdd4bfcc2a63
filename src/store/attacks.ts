import type { Instant } from '#base/instant.ts';
import { type AttackOnResource, attackWindowStart } from '#domain/risk/under-attack.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

interface AttackRow {
  readonly place: string;
  readonly tool: string;
  readonly rule: string;
  readonly title: string;
  readonly source_name: string;
  readonly last_at: Instant;
  readonly count: bigint;
  readonly is_attack: boolean;
  readonly alias: string | null;
  readonly confidence: number;
}

/** What the signals of the last 15 days say of one resource. */
export interface SeenOnResource {
  readonly attacks: readonly AttackOnResource[];
  /** What was seen and is no attack: it tells that somebody looks. */
  readonly looked: readonly { readonly source: string; readonly at: Instant }[];
}

/** A resource with the services that it is a part of. */
interface AskedResource {
  readonly key: string;
  readonly services: readonly string[];
}

/**
 * The resources that a name means, for rows of `signal` whose key is `name:…`: all that bore it when the attack was seen
 * last, where no two of one type did. Whoever bears it first, as far as inventories tell, bore it before they looked. An instance, its interface and its node are one machine; two instances with one address are two, and then
 * the name means nobody. Routes share a host by its paths, so a host means all of its routes. A signal that states its
 * account means resources of that account.
 */
const NAMED = `resource_alias as named
  join resource as bearer on bearer.shard = named.shard and bearer.key = named.key`;
const isBorne = (name: string, bearer: string) =>
  `(coalesce(least(${name}.until_at, ${bearer}.gone_at), 'infinity') > signal.last_at and (${name}.seen_at <= signal.last_at
    or not exists (select from resource_alias as earlier join resource as holder on holder.shard = earlier.shard and holder.key = earlier.key and holder.type = ${bearer}.type
      where earlier.shard = ${name}.shard and earlier.alias = ${name}.alias and earlier.seen_at < ${name}.seen_at
        and coalesce(least(earlier.until_at, holder.gone_at), 'infinity') > signal.last_at)))`;
const BORNE_IN_ITS_ACCOUNT = `${isBorne('named', 'bearer')}
    and (signal.account is null or bearer.account is null or bearer.account = signal.account)`;
const UNAMBIGUOUS = `not exists (select from resource_alias as other
    join resource as twin on twin.shard = other.shard and twin.key = other.key
    where other.shard = signal.shard and other.alias = named.alias and ${isBorne('other', 'twin')}
      and (signal.account is null or twin.account is null or twin.account = signal.account)
      and twin.type <> all('{ingress,http-route,route,virtual-service}')
    group by twin.type having count(distinct twin.key) > 1)`;

const SAID = `signal.tool, signal.rule, signal.title, signal.last_at, signal.count, signal.is_attack, coalesce(source.name, signal.source_id) as source_name`;
/** What a retired source saw counts no longer. */
const COUNTS = 'source.retired_at is null';
const SOURCE = 'left join source on source.organisation = $2 and source.id = signal.source_id';

/** What the signals of the last 15 days say of each of these resources, newest first; those of which they say nothing are left out. */
export async function loadAttacks(
  db: Queryable,
  { id, shard }: Organisation,
  now: Instant,
  resources: readonly AskedResource[],
): Promise<ReadonlyMap<string, SeenOnResource>> {
  const since = new Date(attackWindowStart(now));
  const own = await db.query<AttackRow>({
    name: 'attacks-on-resources',
    text: `select signal.resource_key as place, ${SAID}, null as alias, 1::real as confidence
      from signal ${SOURCE}
      where signal.shard = $1 and signal.resource_key = any($3::text[]) and signal.last_at >= $4 and ${COUNTS}
      union all
      select named.key, ${SAID}, named.alias, named.confidence
      from ${NAMED} join signal on signal.shard = named.shard and signal.resource_key = 'name:' || named.alias and signal.last_at >= $4 ${SOURCE}
      where named.shard = $1 and named.key = any($3::text[]) and ${COUNTS} and ${BORNE_IN_ITS_ACCOUNT} and ${UNAMBIGUOUS}`,
    values: [shard, id, resources.map(({ key }) => key), since],
  });
  const ofServices = await loadAttacksOnServices(db, { id, shard }, since, [
    ...new Set(resources.flatMap(({ services }) => services)),
  ]);
  const ofResources = Map.groupBy(own.rows, (row) => row.place);
  const seen = new Map<string, SeenOnResource>();
  for (const { key, services } of resources) {
    const rows = ofResources.get(key) ?? [];
    const attacks = [
      ...rows.filter((row) => row.is_attack).map((row) => attackOf(row, null)),
      ...services.flatMap((service) => (ofServices.get(service) ?? []).map((row) => attackOf(row, service))),
    ];
    const looked = rows
      .filter((row) => !row.is_attack)
      .map((row) => ({ source: row.source_name, at: row.last_at }));
    if (attacks.length + looked.length > 0) seen.set(key, { attacks: distinct(attacks), looked });
  }
  return seen;
}

/** Attacks on applications, by service: what they are aimed at tells it, or the person who imported them. */
async function loadAttacksOnServices(
  db: Queryable,
  { id, shard }: Organisation,
  since: Date,
  services: readonly string[],
): Promise<ReadonlyMap<string, readonly AttackRow[]>> {
  if (services.length === 0) return new Map();
  const result = await db.query<AttackRow>({
    name: 'attacks-on-services',
    text: `select distinct on (faced.service, signal.id) faced.service as place, ${SAID}, faced.alias, faced.confidence
      from signal
      cross join lateral (
        select substr(signal.resource_key, 9) as service, null::text as alias, 1::real as confidence where signal.resource_key like 'service:%'
        union all
        select unnest(resource.services), null, 1 from resource where resource.shard = signal.shard and resource.key = signal.resource_key
        union all
        select unnest(bearer.services), named.alias, named.confidence from ${NAMED}
        where named.shard = signal.shard and named.alias = substr(signal.resource_key, 6) and signal.resource_key like 'name:%'
          and ${BORNE_IN_ITS_ACCOUNT} and ${UNAMBIGUOUS}
      ) as faced
      ${SOURCE}
      where signal.shard = $1 and signal.is_on_service and signal.is_attack and signal.last_at >= $4 and ${COUNTS} and faced.service = any($3::text[])
      order by faced.service, signal.id, faced.confidence desc, signal.last_at desc`,
    values: [shard, id, services, since],
  });
  return Map.groupBy(result.rows, (row) => row.place);
}

function attackOf(row: AttackRow, service: string | null): AttackOnResource {
  return {
    lastAt: row.last_at,
    tool: row.tool,
    rule: row.rule,
    title: row.title,
    source: row.source_name,
    count: Number(row.count),
    joinedBy: row.alias === null ? null : { alias: row.alias, confidence: row.confidence },
    service,
  };
}

/** One event may reach a resource by itself, by its name and by its service: the surest way counts. */
function distinct(attacks: readonly AttackOnResource[]): readonly AttackOnResource[] {
  const sure = (attack: AttackOnResource) =>
    (attack.service === null ? 1 : 0) + (attack.joinedBy?.confidence ?? 1);
  const byEvent = new Map<string, AttackOnResource>();
  for (const attack of attacks) {
    const event = JSON.stringify([attack.tool, attack.rule, attack.title, attack.lastAt, attack.source]);
    const other = byEvent.get(event);
    if (other === undefined || sure(attack) > sure(other)) byEvent.set(event, attack);
  }
  return [...byEvent.values()].sort((a, b) => b.lastAt - a.lastAt);
}
