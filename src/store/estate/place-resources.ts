import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#base/instant.ts';
import { asText, type JsonObject } from '#base/json-value.ts';
import {
  BALANCED_TYPES,
  BALANCER_TYPES,
  BALANCING_TYPES,
  behindBalancers,
} from '#domain/resource/balanced-services.ts';
import { builtFrom, SOURCE_LABEL } from '#domain/resource/catalogue.ts';
import { CODE_RUNNERS } from '#domain/resource/code-runner.ts';
import { describedPlace, stackName } from '#domain/resource/described-place.ts';
import { ENDPOINT_TYPES, LEADING_TYPES, LED_TYPES, LedServices } from '#domain/resource/led-services.ts';
import { OwnerPreferences } from '#domain/resource/owner-preferences.ts';
import {
  type Attribution,
  type DeclaredPlace,
  NOTHING_DECLARED,
  type Placement,
  placeResource,
} from '#domain/resource/place-resource.ts';
import {
  ecsService,
  type JoinedServices,
  servicesBehind,
  servicesOfImages,
} from '#domain/resource/service-name.ts';
import { ORGANISATION_NAME_TYPES, SURROUNDING_TYPES, Surroundings } from '#domain/resource/surroundings.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import { loadOwnersOfMade } from '../code-owners.ts';
import type { Connection } from '../database.ts';
import { loadToldOwners } from '../owner-preferences.ts';
import { NO_RESOURCES } from './rows-of-no-resource.ts';
import { loadCatalogue } from './save-catalogue.ts';
import { loadCreators } from './save-creators.ts';
import { loadDataClues } from './save-data.ts';

interface PlacedRow {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly estate: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  /** Null of what no inventory described. */
  readonly seen_at: Instant | null;
  readonly declared: Partial<DeclaredPlace> | null;
  readonly environment: string | null;
  readonly production: RiskVerdict;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly attribution: Attribution | null;
  readonly described_in: string | null;
}

/** Types that are a part of what they lead to, and those that a way ends at. */
const LEADING = [...LEADING_TYPES, ...BALANCER_TYPES];
const LED = [...LED_TYPES, ...BALANCED_TYPES];

/** Of the facts only those by which a description names what it is in, and all of what balances. */
const COLUMNS = `key, type, name, account, region, estate, tags, seen_at, declared, environment, production, services, team, attribution, described_in,
  case when type in (${BALANCING_TYPES.map((type) => `'${type}'`).join(', ')}) then coalesce(facts, '{}') else jsonb_strip_nulls(jsonb_build_object('namespace', facts -> 'namespace', 'name', facts -> 'name', 'objectKind', facts -> 'objectKind', 'serviceType', facts -> 'serviceType', 'service', facts -> 'service', 'pods', facts -> 'pods', 'selector', facts -> 'selector', 'podLabels', facts -> 'podLabels', 'rules', facts -> 'rules', 'group', facts -> 'group', 'VpcId', facts -> 'VpcId', 'ancestors', facts -> 'ancestors', 'LaunchTemplateName', facts -> 'LaunchTemplateName',
    'InstanceId', facts -> 'InstanceId', 'PrivateIpAddress', facts -> 'PrivateIpAddress', 'NetworkInterfaces', case when type = 'ec2-instance' then facts -> 'NetworkInterfaces' end, 'attachments', facts -> 'attachments', 'loadBalancers', facts -> 'loadBalancers', 'lastStatus', facts -> 'lastStatus',
    'FunctionArn', facts -> 'FunctionArn', 'createdBy', facts -> 'createdBy', 'networkProfile', facts -> 'networkProfile',
    'Id', facts -> 'Id', 'Name', facts -> 'Name', 'Child', facts -> 'Child', 'Parent', facts -> 'Parent')) end as facts`;

/** What moved when it was placed anew. */
export interface PlacedAnew {
  /** Of those whose environment, services or team are other ones now. */
  readonly keys: readonly string[];
  /** Services that one of them was a part of and is no longer. */
  readonly leftServices: ReadonlySet<string>;
}

/** Derives anew where the resources of these estates and those under these keys belong (attack-paths §7). */
export async function placeResources(
  connection: Connection,
  shard: bigint,
  estates: ReadonlySet<string>,
  keys: ReadonlySet<string>,
): Promise<PlacedAnew> {
  const result = await connection.query<PlacedRow>(
    `select ${COLUMNS} from resource
     where shard = $1 and gone_at is null and type <> all($4::text[]) and (estate = any($2::text[]) or key = any($3::text[])) order by key`,
    [shard, [...estates], [...keys], NO_RESOURCES],
  );
  const around = await surroundingRows(connection, shard, estates, result.rows);
  const above = await rowsAbove(connection, shard, result.rows);
  const catalogue = await loadCatalogue(connection, shard);
  const preferences = new OwnerPreferences(await loadToldOwners(connection, shard));
  const made = await loadOwnersOfMade(connection, shard, [
    ...new Set(
      result.rows
        .flatMap(({ tags, described_in }) => [
          builtFrom(tags) ?? [],
          describedPlace(described_in ?? '').repository ?? [],
        ])
        .flat(),
    ),
  ]);
  const placedKeys = result.rows.map((row) => row.key);
  const clues = await loadDataClues(connection, shard, placedKeys);
  const creators = await loadCreators(connection, shard, placedKeys);
  const images = await repositoriesOfImages(connection, shard, result.rows);
  const changed: string[] = [];
  const leftServices = new Set<string>();
  const rows: (Placement & { readonly key: string })[] = [];
  for (const [estate, members] of Map.groupBy(result.rows, (row) => row.estate)) {
    const surroundings = new Surroundings(
      [...members, ...(around.get(estate) ?? []), ...(above.get(cloudOf(estate)) ?? [])].map(estateResource),
      estate,
    );
    const placed = (row: PlacedRow, joined: readonly JoinedServices[]): Placement => {
      const described = describedPlace(row.described_in ?? '');
      return placeResource(
        {
          ...row,
          path: row.described_in === null ? null : stackName(described),
          scanned: clues.get(row.key),
          joined: [
            ...ecsService(row.type, row.name, asText(row.facts['group'])),
            servicesOfImages((images.get(row.key) ?? []).flatMap((each) => catalogue.builtFrom(each))),
            ...joined,
          ],
        },
        { ...NOTHING_DECLARED, ...row.declared },
        surroundings.of(estateResource(row)),
        (services) => {
          const word = catalogue.about(row.key, row.tags, services);
          return {
            ...word,
            owners: [
              ...word.owners,
              ...made.described(described),
              ...made.built(builtFrom(row.tags)),
              ...(creators.get(row.key) ?? []),
            ],
          };
        },
        preferences,
      );
    };
    const placements = new Map(members.map((row) => [row, placed(row, [])]));
    const leading = members.filter(
      (row) => LEADING.includes(row.type) && placements.get(row)?.services.length === 0,
    );
    if (leading.length > 0) {
      const own = [...placements].map(([row, { services }]) => ({ ...row, services }));
      const others =
        estate !== null && estates.has(estate) ? [] : await ledRows(connection, shard, estate, members);
      const all = [...own, ...others];
      const led = new LedServices(all.map((row) => ({ ...estateResource(row), services: row.services })));
      const balanced = behindBalancers(all.map(estateResource));
      const servicesOf = new Map(all.map((row) => [row.key, row.services]));
      for (const row of leading) {
        const services = BALANCER_TYPES.includes(row.type)
          ? [...new Set((balanced.get(row.key) ?? []).flatMap((key) => servicesOf.get(key) ?? []))].sort()
          : led.behind(estateResource(row));
        if (services.length > 0) placements.set(row, placed(row, [servicesBehind(services)]));
      }
    }
    for (const [row, placement] of placements) {
      if (isMoved(placement, row)) changed.push(row.key);
      for (const service of row.services)
        if (!placement.services.includes(service)) leftServices.add(service);
      if (!isSame(placement, row)) rows.push({ key: row.key, ...placement });
    }
  }
  if (rows.length > 0)
    await connection.query(
      `update resource set environment = row.environment, production = row.production, services = row.services, team = row.team, attribution = row.attribution
       from jsonb_to_recordset($2) as row (key text, environment text, production jsonb, services text[], team text, attribution jsonb)
       where resource.shard = $1 and resource.key = row.key`,
      [shard, JSON.stringify(rows)],
    );
  const leading = await leadingKeys(connection, shard, estates, result.rows, rows);
  if (leading.size === 0) return { keys: changed, leftServices };
  const more = await placeResources(connection, shard, new Set(), leading);
  return {
    keys: [...new Set([...changed, ...more.keys])],
    leftServices: new Set([...leftServices, ...more.leftServices]),
  };
}

/** What leads to something whose services are other ones now, of estates that were not placed anew as a whole. */
async function leadingKeys(
  connection: Connection,
  shard: bigint,
  estates: ReadonlySet<string>,
  before: readonly PlacedRow[],
  after: readonly (Placement & { readonly key: string })[],
): Promise<ReadonlySet<string>> {
  const services = new Map(after.map((row) => [row.key, row.services]));
  const clusters = before.flatMap(({ key, type, estate, services: known }) => {
    const now = services.get(key);
    if (estate === null || estates.has(estate) || !LED.includes(type) || now === undefined) return [];
    return isDeepStrictEqual(now, known) ? [] : [estate];
  });
  if (clusters.length === 0) return new Set();
  const result = await connection.query<{ key: string }>(
    'select key from resource where shard = $1 and estate = any($2::text[]) and type = any($3::text[]) and gone_at is null',
    [shard, [...new Set(clusters)], LEADING],
  );
  return new Set(result.rows.map(({ key }) => key));
}

/** The repositories from which the images were built that these workloads run, by the labels of the images. */
async function repositoriesOfImages(
  connection: Connection,
  shard: bigint,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const workloads = rows.flatMap(({ key, type }) => (CODE_RUNNERS.includes(type) ? [key] : []));
  if (workloads.length === 0) return new Map();
  const found = await connection.query<{ key: string; tags: Readonly<Record<string, string>> }>({
    name: 'images-with-repositories',
    text: `select relation.from_key as key, image.tags from relation
        join resource as image on image.shard = relation.shard and image.key = relation.to_key and image.gone_at is null and image.tags ? $3
      where relation.shard = $1 and relation.kind = 'runs-image' and relation.from_key = any($2::text[]) order by relation.from_key, image.key`,
    values: [shard, workloads, SOURCE_LABEL],
  });
  return new Map(
    [...Map.groupBy(found.rows, ({ key }) => key)].map(([key, images]) => [
      key,
      images.flatMap(({ tags }) => builtFrom(tags) ?? []),
    ]),
  );
}

/** What the ways of an estate end at, and what says so, beside those that are placed anew. */
async function ledRows(
  connection: Connection,
  shard: bigint,
  estate: string | null,
  members: readonly PlacedRow[],
): Promise<readonly PlacedRow[]> {
  if (estate === null) return [];
  const result = await connection.query<PlacedRow>(
    `select ${COLUMNS} from resource where shard = $1 and estate = $2 and type = any($3::text[]) and gone_at is null and key <> all($4::text[]) order by key`,
    [shard, estate, [...LED, ...ENDPOINT_TYPES, ...BALANCING_TYPES], members.map(({ key }) => key)],
  );
  return result.rows;
}

/** What the resources of the other estates are in; of `estates` everything is there already. */
async function surroundingRows(
  connection: Connection,
  shard: bigint,
  estates: ReadonlySet<string>,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string | null, readonly PlacedRow[]>> {
  const others = new Set(
    rows.flatMap(({ estate }) => (estate === null || estates.has(estate) ? [] : [estate])),
  );
  if (others.size === 0) return new Map();
  const result = await connection.query<PlacedRow>(
    `select ${COLUMNS} from resource where shard = $1 and estate = any($2::text[]) and type = any($3::text[]) and gone_at is null`,
    [shard, [...others], SURROUNDING_TYPES],
  );
  return Map.groupBy(result.rows, (row) => row.estate);
}

/** What lies in other estates than what is in it: projects and folders of Google Cloud, accounts and units of AWS. By cloud. */
const ABOVE: ReadonlyMap<string, readonly string[]> = new Map([
  ['gcp', ['gcp-project', 'gcp-folder']],
  ['aws', ORGANISATION_NAME_TYPES],
]);

async function rowsAbove(
  connection: Connection,
  shard: bigint,
  rows: readonly PlacedRow[],
): Promise<ReadonlyMap<string, readonly PlacedRow[]>> {
  const found = new Map<string, readonly PlacedRow[]>();
  for (const [cloud, types] of ABOVE) {
    if (!rows.some(({ estate }) => cloudOf(estate) === cloud)) continue;
    const result = await connection.query<PlacedRow>(
      `select ${COLUMNS} from resource
       where shard = $1 and estate >= $3 || ':' and estate < $3 || ';' and type = any($2::text[]) and gone_at is null order by key`,
      [shard, types, cloud],
    );
    found.set(cloud, result.rows);
  }
  return found;
}

function cloudOf(estate: string | null): string {
  return estate?.slice(0, estate.indexOf(':')) ?? '';
}

function estateResource(row: PlacedRow): EstateResource {
  const { key, type, name, account, region, tags, facts, seen_at } = row;
  return { key, type, name, account, region, tags, facts, seenAt: seen_at ?? 0, provenance: '' };
}

function isMoved(placement: Placement, row: PlacedRow): boolean {
  return (
    placement.environment !== row.environment ||
    placement.team !== row.team ||
    // How sure it is decides against the owners of files.
    placement.attribution.owners[0]?.confidence !== row.attribution?.owners[0]?.confidence ||
    placement.production.state !== row.production.state ||
    !isDeepStrictEqual(placement.services, row.services)
  );
}

function isSame(placement: Placement, row: PlacedRow): boolean {
  return (
    !isMoved(placement, row) &&
    isDeepStrictEqual(placement.production, row.production) &&
    isDeepStrictEqual(placement.attribution, row.attribution)
  );
}
