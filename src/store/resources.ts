import type { Instant } from '#base/instant.ts';
import type { OwnerCandidate } from '#domain/resource/owner.ts';
import { countedPrivilege } from '#domain/risk/counted-privilege.ts';
import { goneResource, type ResourceContext, toldOf } from '#domain/risk/deployment.ts';
import type { RiskState, RiskVerdict } from '#domain/risk/detected-risk.ts';
import { natureOf } from '#domain/risk/nature.ts';
import { attackValidUntil, attackWindowStart, underAttack } from '#domain/risk/under-attack.ts';
import { loadAttacks, type SeenOnResource } from './attacks.ts';
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
  readonly owners: readonly OwnerCandidate[] | null;
  readonly gone_at: Instant | null;
  readonly production: RiskVerdict;
  readonly publicly_accessible: RiskVerdict;
  readonly privileged_access: RiskVerdict;
  /** Whether the organisation counts P4 as privileged; null where it may do more than that, less, or nobody knows. */
  readonly is_counted: boolean | null;
}

const IS_COUNTED = `case when resource.privilege ->> 'level' = 'P4' then organisation.privileged_access = 'P0-P4' end as is_counted`;

/** Whether there is anything to ask of attacks, the same in each row. */
interface Watched {
  readonly has_signals: boolean;
  readonly has_coverage: boolean;
}

const WATCHED = `exists (select from signal where signal.shard = $1 and signal.last_at >= $4) as has_signals,
        exists (select from signal_coverage where signal_coverage.organisation = $3) as has_coverage`;

const NO_ATTACKS: ReadonlyMap<string, SeenOnResource> = new Map();
const NO_COVERAGE: ReadonlyMap<string, readonly CoverageRow[]> = new Map();

interface CoverageRow {
  readonly place: string;
  readonly source_name: string;
  readonly at: Instant;
}

interface ResourceStateRow
  extends Omit<ResourceRow, 'production' | 'publicly_accessible' | 'privileged_access'> {
  readonly production: RiskState;
  readonly publicly_accessible: RiskState;
  readonly privileged_access: RiskState;
}

/** A resource as the roll-up looks at it, with a number that is the same for resources alike in all but their name. */
export interface ResourceLikeness {
  readonly context: ResourceContext;
  readonly likeness: number;
}

/** A machine that no inventory has stands in none of the accounts that tell of it: whoever watches those saw nothing of it. */
const STANDS_IN = `case when resource.type <> 'outside-machine' then estate end as estate`;

/**
 * The states of these resources without the evidence, which no row of the inbox holds: of many thousands
 * most are alike. Those never described are left out.
 */
export async function loadResourceLikenesses(
  db: Queryable,
  { id, shard }: Organisation,
  now: Instant,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResourceLikeness>> {
  if (keys.length === 0) return new Map();
  const resources = await db.query<ResourceStateRow & Watched>({
    name: 'resource-states',
    text: `select key, kind, resource.name, account, ${STANDS_IN}, environment, services, team, attribution -> 'owners' as owners, gone_at, production ->> 'state' as production,
        publicly_accessible ->> 'state' as publicly_accessible, resource.privileged_access ->> 'state' as privileged_access, ${IS_COUNTED}, ${WATCHED}
      from resource join organisation on organisation.id = $3 where shard = $1 and key = any($2::text[])`,
    values: [shard, keys, id, new Date(attackWindowStart(now))],
  });
  const [first] = resources.rows;
  const attacks = first?.has_signals ? await loadAttacks(db, { id, shard }, now, resources.rows) : NO_ATTACKS;
  const coverage = first?.has_coverage ? await loadCoverage(db, id) : NO_COVERAGE;
  const likenesses = new Map<string, ResourceLikeness>();
  return new Map(
    resources.rows.map((row) => {
      const seen = attacks.get(row.key) ?? UNSEEN;
      const { isNoPlace, actsAsNobody } = natureOf(row.key, row.kind);
      const text = [
        row.kind,
        isNoPlace === null,
        actsAsNobody === null,
        row.account,
        row.estate,
        row.environment,
        row.team,
        row.owners?.[0]?.confidence ?? '',
        row.gone_at ?? '',
        row.production,
        row.publicly_accessible,
        row.privileged_access,
        row.is_counted,
        // No two resources with signals are looked on as one.
        seen === UNSEEN ? '' : row.key,
        row.services.join('\n'),
      ].join('\n');
      const alike = likenesses.get(text);
      if (alike !== undefined) {
        const context = { ...alike.context, key: row.key, name: row.name };
        return [row.key, { context, likeness: alike.likeness }];
      }
      const context = resourceContext(
        {
          ...row,
          production: verdictOf(row.production),
          publicly_accessible: verdictOf(row.publicly_accessible),
          privileged_access: verdictOf(row.privileged_access),
        },
        seen,
        coverage,
        now,
      );
      const first = { context, likeness: likenesses.size };
      likenesses.set(text, first);
      return [row.key, first];
    }),
  );
}

const UNSEEN: SeenOnResource = { attacks: [], looked: [] };

function verdictOf(state: RiskState): RiskVerdict {
  return { state, evidence: [], missing: [] };
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
    text: `select key, kind, resource.name, account, ${STANDS_IN}, environment, services, team, attribution -> 'owners' as owners, gone_at, production, publicly_accessible, resource.privileged_access, ${IS_COUNTED}
      from resource join organisation on organisation.id = $3 where shard = $1 and key = any($2::text[])`,
    values: [shard, keys, id],
  });
  const attacks = await loadAttacks(db, { id, shard }, now, resources.rows);
  const coverage = await loadCoverage(db, id);
  return new Map(
    resources.rows.map((row) => [
      row.key,
      resourceContext(row, attacks.get(row.key) ?? UNSEEN, coverage, now),
    ]),
  );
}

/** A team that was known before candidates were kept is one. */
function ownersOf({ team, owners }: Pick<ResourceRow, 'team' | 'owners'>): readonly OwnerCandidate[] {
  if (owners !== null && owners.length > 0) return owners;
  return team === null ? [] : [{ name: team, confidence: 1, reason: 'declared' }];
}

function resourceContext(
  row: ResourceRow,
  seen: SeenOnResource,
  coverage: ReadonlyMap<string, readonly CoverageRow[]>,
  now: Instant,
): ResourceContext {
  const places = [row.estate, row.account, ...row.services.map((service) => `service:${service}`)].flatMap(
    (place) => (place === null ? [] : (coverage.get(place) ?? [])),
  );
  const covered = [...places.map((place) => ({ source: place.source_name, at: place.at })), ...seen.looked];
  const context: ResourceContext = {
    key: row.key,
    kind: row.kind,
    name: row.name,
    nature: natureOf(row.key, row.kind),
    publiclyAccessible: toldOf(row.key, row.kind, row.publicly_accessible),
    privilegedAccess:
      row.is_counted === null
        ? toldOf(row.key, row.kind, row.privileged_access)
        : countedPrivilege(row.privileged_access, row.is_counted),
    underAttack: underAttack(seen.attacks, covered, now),
    environment: row.environment,
    production: row.production,
    services: row.services,
    account: row.account ?? row.estate,
    team: row.team,
    owners: ownersOf(row),
    goneAt: null,
    validUntil: attackValidUntil(seen.attacks, covered, now),
  };
  return row.gone_at === null ? context : goneResource(context, row.gone_at);
}

/** Which accounts, clusters and services the sources of signals look at, and when they did last. */
async function loadCoverage(db: Queryable, id: bigint): Promise<ReadonlyMap<string, readonly CoverageRow[]>> {
  const coverage = await db.query<CoverageRow>({
    name: 'signal-coverage',
    text: 'select signal_coverage.place, coalesce(source.name, signal_coverage.source_id) as source_name, signal_coverage.at from signal_coverage left join source on source.organisation = $1 and source.id = signal_coverage.source_id where signal_coverage.organisation = $1 and source.retired_at is null',
    values: [id],
  });
  return Map.groupBy(coverage.rows, (row) => row.place);
}
