import type { Instant } from '#base/instant.ts';
import type { ResourceContext } from '#domain/risk/deployment.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import { type AttackOnResource, attackValidUntil, underAttack } from '#domain/risk/under-attack.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

interface ResourceRow {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly account: string | null;
  readonly estate: string | null;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly production: RiskVerdict;
  readonly publicly_accessible: RiskVerdict;
  readonly privileged_access: RiskVerdict;
}

interface AttackRow {
  readonly resource_key: string;
  readonly title: string;
  readonly source_name: string;
  readonly last_at: Instant;
  readonly count: bigint;
}

interface CoverageRow {
  readonly place: string;
  readonly source_name: string;
  readonly at: Instant;
}

/** What is known about these resources; those never described are left out. */
export async function loadResourceContexts(
  db: Queryable,
  { id, shard }: Organisation,
  now: Instant,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResourceContext>> {
  if (keys.length === 0) return new Map();
  const resources = await db.query<ResourceRow>({
    name: 'resource-contexts',
    text: `select key, kind, name, account, estate, environment, services, team, production, publicly_accessible, privileged_access
      from resource where shard = $1 and key = any($2::text[])`,
    values: [shard, keys],
  });
  const attacks = await db.query<AttackRow>({
    name: 'attacks-on-resources',
    text: `select signal.resource_key, signal.title, coalesce(source.name, signal.source_id) as source_name, signal.last_at, signal.count
      from signal left join source on source.organisation = $3 and source.id = signal.source_id
      where signal.shard = $1 and signal.resource_key = any($2::text[]) and signal.is_attack
      order by signal.resource_key, signal.last_at desc`,
    values: [shard, keys, id],
  });
  const coverage = await db.query<CoverageRow>({
    name: 'signal-coverage',
    text: 'select signal_coverage.place, coalesce(source.name, signal_coverage.source_id) as source_name, signal_coverage.at from signal_coverage left join source on source.organisation = $1 and source.id = signal_coverage.source_id where signal_coverage.organisation = $1',
    values: [id],
  });
  const attacksOn = Map.groupBy(attacks.rows, (row) => row.resource_key);
  const coveredPlaces = Map.groupBy(coverage.rows, (row) => row.place);
  return new Map(
    resources.rows.map((row) => {
      const seen: AttackOnResource[] = (attacksOn.get(row.key) ?? []).map((attack) => ({
        lastAt: attack.last_at,
        title: attack.title,
        source: attack.source_name,
        count: Number(attack.count),
      }));
      const places = [
        row.estate,
        row.account,
        ...row.services.map((service) => `service:${service}`),
      ].flatMap((place) => (place === null ? [] : (coveredPlaces.get(place) ?? [])));
      const covered = places.map((place) => ({ source: place.source_name, at: place.at }));
      return [
        row.key,
        {
          key: row.key,
          kind: row.kind,
          name: row.name,
          publiclyAccessible: row.publicly_accessible,
          privilegedAccess: row.privileged_access,
          underAttack: underAttack(seen, covered, now),
          environment: row.environment,
          production: row.production,
          services: row.services,
          team: row.team,
          validUntil: attackValidUntil(seen, covered, now),
        },
      ];
    }),
  );
}
