import type { Instant } from '#base/instant.ts';
import type {
  InventoryRisk,
  ListedResource,
  ResourcePage,
  ResourceRequest,
} from '#domain/ports/explorer-store.ts';
import { byNature } from '#domain/risk/nature.ts';
import type { Queryable } from '../database.ts';
import { ACCOUNT_SETTINGS, NO_RESOURCES } from '../estate/rows-of-no-resource.ts';
import type { Organisation } from '../organisation.ts';
import { loadResourceContexts } from '../resources.ts';
import { containsPattern } from './contains-pattern.ts';
import { FINDING_PLACES, findingPlaces, IS_AT_PLACE } from './finding-places.ts';
import { severityOf } from './severity-of.ts';

interface ResourceRecord {
  readonly key: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly privilege: string;
  readonly gone_at: Instant | null;
}

interface IssuesOn {
  readonly resource_key: string;
  readonly issues: number;
  readonly severity: number;
}

const STORED: Readonly<Record<InventoryRisk, string>> = {
  publicly_accessible: 'publicly_accessible',
  privileged_access: 'privileged_access',
  in_production: 'production',
};
const TYPES_MAX = 50;
/** Of more, so many are counted: a page is answered as fast over a million. */
const COUNTED_MAX = 50_000;
const NO_THINGS = [...NO_RESOURCES, ...ACCOUNT_SETTINGS];

/** Resources by key: the walk goes along the primary key and stops when the page is full. */
export async function listResources(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  request: ResourceRequest,
): Promise<ResourcePage> {
  const { shard } = organisation;
  const values: unknown[] = [shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const parts = [
    `type <> all('{${NO_THINGS.join(',')}}'::text[])`,
    `gone_at is ${request.isGone ? 'not ' : ''}null`,
    ...request.risks.map((risk) => `${STORED[risk]} ->> 'state' = 'yes'`),
    // What is known by another name has its findings there. Asked once for all rows.
    `key not in (select name from alias where organisation = ${bind(organisation.id)} and kind = 'resource' and withdrawn_at is null group by name having count(*) = 1)`,
  ];
  if (request.owner !== null) parts.push(`team = ${bind(request.owner)}`);
  if (request.text !== null) {
    const pattern = bind(containsPattern(request.text));
    parts.push(`(key ilike ${pattern} or name ilike ${pattern})`);
  }
  // In no order: in that of the keys each row would be looked up by itself.
  const types = await db.query<{ type: string; count: number }>(
    `select type, count(*)::integer as count from (select type from resource where shard = $1 and ${parts.join(' and ')} limit ${COUNTED_MAX + 1}) as counted group by type order by count(*) desc, type`,
    values,
  );
  if (request.types.length > 0) parts.push(`type = any(${bind(request.types)}::text[])`);
  if (request.after !== null) parts.push(`key > ${bind(request.after)}`);
  const found = await db.query<ResourceRecord>(
    `select key, kind, type, name, account, region, privilege ->> 'level' as privilege, gone_at from resource
     where shard = $1 and ${parts.join(' and ')} order by key limit ${bind(request.limit + 1)}`,
    values,
  );
  const keys = found.rows.map(({ key }) => key);
  const contexts = await loadResourceContexts(db, organisation, now, keys);
  const issues = await issuesOn(db, shard, keys);
  const chosen = types.rows.filter(({ type }) => request.types.length === 0 || request.types.includes(type));
  return {
    types: types.rows.slice(0, TYPES_MAX),
    total: Math.min(
      COUNTED_MAX,
      chosen.reduce((sum, { count }) => sum + count, 0),
    ),
    isMore: types.rows.reduce((sum, { count }) => sum + count, 0) > COUNTED_MAX,
    rows: found.rows.flatMap((record) => {
      const context = contexts.get(record.key);
      return context === undefined ? [] : [listed(record, context, issues.get(record.key))];
    }),
  };
}

type Context =
  Awaited<ReturnType<typeof loadResourceContexts>> extends ReadonlyMap<string, infer C> ? C : never;

function listed(record: ResourceRecord, context: Context, on: IssuesOn | undefined): ListedResource {
  const { nature } = context;
  return {
    key: record.key,
    kind: record.kind,
    type: record.type,
    name: record.name,
    account: record.account,
    region: record.region,
    environment: context.environment,
    services: context.services,
    owner: context.team,
    riskStates: {
      publicly_accessible: byNature(context.publiclyAccessible, nature.isNoPlace).state,
      privileged_access: byNature(context.privilegedAccess, nature.actsAsNobody).state,
      under_attack: context.underAttack.state,
      in_production: context.production.state,
    },
    privilege: record.privilege === 'unknown' && nature.actsAsNobody !== null ? 'none' : record.privilege,
    issues: on?.issues ?? 0,
    severity: on === undefined ? null : severityOf(on.severity),
    goneAt: record.gone_at,
  };
}

/** Open issues by resource, those of the images that it runs among them. */
async function issuesOn(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, IssuesOn>> {
  const places = await findingPlaces(db, shard, keys);
  const found = await db.query<IssuesOn>({
    name: 'issues-on-listed-resources',
    text: `select places.resource_key, count(distinct finding.issue_id)::integer as issues, max(issue.severity) as severity
      from ${FINDING_PLACES} join finding on finding.shard = $1 and ${IS_AT_PLACE}
      join issue on issue.shard = $1 and issue.id = finding.issue_id
      group by places.resource_key`,
    values: [shard, places.resources, places.foundOn, places.scopes],
  });
  return new Map(found.rows.map((row) => [row.resource_key, row]));
}
