import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { ASKING_TYPES, passwordPorts } from '#domain/attackpath/asked-password.ts';
import type { PathAsset } from '#domain/attackpath/path-facts.ts';
import { isVitalTier } from '#domain/attackpath/target.ts';
import { wholeOf } from '#domain/attackpath/whole-of.ts';
import { spelledService } from '#domain/resource/catalogue.ts';
import type { Attribution } from '#domain/resource/place-resource.ts';
import type { InventoryRisks } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { loadResourceContexts } from '../resources.ts';
import { loadServedBuckets } from './served-buckets.ts';

interface AssetRow {
  readonly key: string;
  readonly type: string;
  readonly estate: string | null;
  readonly exposure: InventoryRisks['exposure'];
  readonly privilege: InventoryRisks['privilege'];
  readonly data: Attribution['data'] | null;
  readonly serves: boolean | null;
  readonly copy_of: string | null;
  readonly machine: JsonObject | null;
  readonly source_id: string | null;
  readonly seen_at: Instant | null;
}

/** These resources as the rules of steps look at them; those never described, or gone, are left out. */
export async function loadAssets(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  keys: readonly string[],
): Promise<ReadonlyMap<string, PathAsset>> {
  if (keys.length === 0) return new Map();
  const rows = await connection.query<AssetRow>({
    name: 'path-assets',
    text: `select key, type, estate, exposure, privilege, attribution -> 'data' as data, facts -> 'Website' = 'true'::jsonb or key = any($4::text[]) as serves,
        case when type = 'rds-snapshot' then regexp_replace(key, ':snapshot:.*$', ':db:') || (facts ->> 'DBInstanceIdentifier') end as copy_of,
        case when type = any($3::text[]) then facts end as machine, source_id, seen_at
      from resource where shard = $1 and key = any($2::text[]) and gone_at is null and facts is not null order by key`,
    values: [organisation.shard, keys, ASKING_TYPES, await loadServedBuckets(connection, organisation.shard)],
  });
  const contexts = await loadResourceContexts(
    connection,
    organisation,
    now,
    rows.rows.map(({ key }) => key),
  );
  const vital = await vitalServices(connection, organisation.shard);
  const others: ReadonlyMap<string, PathAsset> = await loadAssets(connection, organisation, now, [
    ...new Set(rows.rows.flatMap(({ key, copy_of }) => [copy_of ?? [], wholeOf(key) ?? []].flat())),
  ]);
  return new Map(
    rows.rows.flatMap(
      ({ key, type, estate, exposure, privilege, data, serves, copy_of, machine, source_id, seen_at }) => {
        const context = contexts.get(key);
        if (context === undefined) return [];
        const described =
          source_id === null || seen_at === null ? null : { provenance: source_id, at: seen_at };
        const ports = machine === null ? [] : passwordPorts(type, machine);
        const copyOf = others.get(copy_of ?? '');
        const partOf = others.get(wholeOf(key) ?? '');
        const served = context.services.flatMap((service) => vital.get(spelledService(service)) ?? []);
        return [
          [
            key,
            {
              context: partOf === undefined ? context : withServices(context, partOf.context),
              type,
              estate,
              exposure,
              privilege,
              data,
              described,
              ...(copyOf === undefined ? {} : { copyOf }),
              ...(partOf === undefined ? {} : { partOf }),
              ...(serves ? { serves } : {}),
              ...(served[0] === undefined ? {} : { vital: served[0] }),
              ...(ports.length === 0 ? {} : { asksPassword: ports }),
            },
          ] as const,
        ];
      },
    ),
  );
}

/** A part is of the services of its whole, where nobody said so of the part. */
function withServices(part: PathAsset['context'], whole: PathAsset['context']): PathAsset['context'] {
  return part.services.length > 0 ? part : { ...part, services: whole.services };
}

/** The services that catalogues call vital, by each of their names. */
async function vitalServices(
  connection: Connection,
  shard: bigint,
): Promise<ReadonlyMap<string, NonNullable<PathAsset['vital']>>> {
  const result = await connection.query<{
    source: string;
    service: string;
    tier: string;
    others: readonly string[] | null;
  }>({
    name: 'vital-services',
    text: `select source_id as source, body ->> 'service' as service, body ->> 'tier' as tier, body -> 'alsoNamed' as others
      from catalogue_entry where shard = $1 and kind = 'service' and not is_retired and body ->> 'tier' is not null
        and body -> 'isService' = 'true'::jsonb order by source_id, entity`,
    values: [shard],
  });
  return new Map(
    result.rows
      .filter(({ tier }) => isVitalTier(tier))
      .flatMap(({ source, service, tier, others }) =>
        [service, ...(others ?? [])].map(
          (name) => [spelledService(name), { source, service, tier }] as const,
        ),
      ),
  );
}
