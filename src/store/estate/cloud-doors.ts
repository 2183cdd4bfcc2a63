import type { Instant } from '#base/instant.ts';
import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { RUN_BY_CLOUDS, refusalOfStrangers } from '#domain/exposure/api-server.ts';
import type { ApiServer, CloudDoor, CloudDoors } from '#domain/exposure/cloud-door.ts';
import type { ExposureRecord } from '#domain/exposure/exposure-record.ts';
import { clusterService } from '#domain/exposure/gcp-cluster-service.ts';
import { exposedGroups } from '#domain/exposure/kubernetes-endpoint-groups.ts';
import { machineName } from '#domain/exposure/node-machine.ts';
import { aliasText } from '#domain/resource/alias-text.ts';
import { serviceFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { clusterName, IN_CLOUDS, namesInCloud } from './cluster-name.ts';
import type { evaluatedWith } from './estate-of.ts';

/** Objects of a cluster that have addresses of load balancers, and its machines. */
const WITH_DOORS = ['service', 'ingress', 'gateway', 'node'];

/** What answers at an address for a cluster, by its words in a sentence. */
const BALANCERS: Readonly<Record<string, string>> = {
  'load-balancer': 'load balancer',
  'classic-load-balancer': 'load balancer',
  'gcp-forwarding-rule': 'forwarding rule',
  'azure-public-ip': 'public address',
};

const MACHINES: Readonly<Record<string, string>> = {
  'ec2-instance': 'instance',
  'gcp-instance': 'instance',
  'azure-vm': 'machine',
  'azure-vmss': 'scale set',
};

/** Types of what a node of a cluster may be in its cloud. */
export const MACHINE_TYPES: readonly string[] = Object.keys(MACHINES);

/** Names under which the clouds may know what a cluster uses. */
interface DoorNames {
  readonly addresses: readonly string[];
  readonly providerIds: readonly string[];
}

/** What the clouds' own inventories say of the load balancers and machines of a cluster, as they were evaluated last. */
export async function doorsOfCluster(
  connection: Connection,
  shard: bigint,
  estate: string,
  resources: readonly EstateResource[],
): Promise<CloudDoors> {
  const names = namesOf(resources.filter(({ type }) => WITH_DOORS.includes(type)).map(({ facts }) => facts));
  const machines = new Map<string, CloudDoor>();
  const known = await machinesNamed(connection, shard, names.providerIds);
  for (const [providerId, row] of known)
    if (isDescribed(row)) machines.set(providerId, doorOf([row], MACHINES));
  const found = Map.groupBy(await balancersNamed(connection, shard, names.addresses), ({ alias }) => alias);
  const balancers = new Map<string, CloudDoor>();
  for (const [alias, rows] of found) {
    const described = (await throughAddresses(connection, shard, rows)).filter(isDescribed);
    if (described.length > 0) balancers.set(alias, doorOf(described, BALANCERS));
  }
  for (const [service, row] of await balancersTagged(connection, shard, estate, resources))
    balancers.set(service, doorOf([row], BALANCERS));
  const apiServer = await apiServerOf(connection, shard, estate);
  const groups = await groupsOf(connection, shard, estate, resources);
  return { balancers, machines, groups, ...(apiServer === null ? {} : { apiServer }) };
}

/** What leads to the groups of endpoints that services of a cluster make for load balancers of Google Cloud (`CloudDoors.groups`). */
async function groupsOf(
  connection: Connection,
  shard: bigint,
  estate: string,
  resources: readonly EstateResource[],
): Promise<ReadonlyMap<string, CloudDoor>> {
  const wanted = resources
    .filter(({ type }) => type === 'service')
    .flatMap(({ facts }) => {
      const service = serviceFacts(facts);
      const place = `${service.namespace}/${service.name}`;
      return exposedGroups(service).flatMap(({ group }) => (group === null ? [] : [{ place, group }]));
    });
  if (wanted.length === 0) return new Map();
  const described = await connection.query<DoorRow>(
    `select ${COLUMNS} from resource r where r.shard = $1 and r.type = 'gcp-endpoint-group' and r.name = any($2::text[])
       and ($3::text[] = '{}' or r.estate = any($3::text[])) and r.facts is not null and r.gone_at is null order by r.key`,
    [shard, wanted.map(({ group }) => group), projectsOf(estate, resources)],
  );
  const rules = await connection.query<DoorRow>(
    `select ${COLUMNS} from resource r where r.shard = $1 and r.type = 'gcp-forwarding-rule' and r.facts is not null and r.gone_at is null
       and jsonb_path_exists(r.exposure, '$[*].behind.groups') order by r.key`,
    [shard],
  );
  const groups = new Map<string, CloudDoor>();
  for (const { place, group } of wanted) {
    const own = described.rows.filter(
      ({ name, facts }) =>
        name === group && clusterService({ description: asText(facts?.['description']) })?.service === place,
    );
    const [first] = own;
    if (first === undefined) continue;
    const ids = new Set(own.map(({ facts }) => asText(facts?.['id'])));
    const leads = ({ behind }: ExposureRecord): boolean => behind?.groups?.some((id) => ids.has(id)) === true;
    const rows = rules.rows.filter(({ exposure }) => exposure.some(leads));
    groups.set(`${place} ${group}`, {
      name: rows.length === 0 ? `group of endpoints ${group}` : doorOf(rows, BALANCERS).name,
      ways: rows.flatMap(({ exposure }) => exposure.filter(leads)),
      provenance: first.source_id,
      at: first.seen_at,
    });
  }
  return groups;
}

/** The projects of Google Cloud that a cluster is in, as contexts of kubectl and its nodes name them. */
function projectsOf(estate: string, resources: readonly EstateResource[]): readonly string[] {
  const named = /^k8s:gke_([^_]+)_/.exec(estate)?.[1];
  const nodes = resources.flatMap(({ type, facts }) =>
    type === 'node' ? (/^gce:\/\/([^/]+)\//.exec(asText(facts['providerId']) ?? '')?.[1] ?? []) : [],
  );
  return [...new Set([...(named === undefined ? [] : [named]), ...nodes])].map((project) => `gcp:${project}`);
}

/** The cluster as the cloud that runs it tells it: by its id there, else as the only one of its name. */
async function apiServerOf(connection: Connection, shard: bigint, estate: string): Promise<ApiServer | null> {
  const { keys, name } = namesInCloud(estate);
  const result = await connection.query<DoorRow>(
    `select ${COLUMNS} from resource r
     where r.shard = $1 and (r.key = any($2::text[]) or (r.name = $3 and r.estate like any($4::text[])))
       and r.type = any($5::text[]) and r.gone_at is null order by r.key`,
    [shard, keys, name, IN_CLOUDS, Object.keys(RUN_BY_CLOUDS)],
  );
  const described = result.rows.filter(isDescribed);
  const row = described.find(({ key }) => keys.includes(key)) ?? described[0];
  if (row === undefined || (described.length > 1 && !keys.includes(row.key))) return null;
  return { ...doorOf([row], RUN_BY_CLOUDS), refusal: refusalOfStrangers(row.type, row.facts ?? {}) };
}

/** Which of these clusters run in these accounts of clouds. */
async function clustersRunIn(
  connection: Connection,
  shard: bigint,
  clouds: readonly ReturnType<typeof evaluatedWith>[],
): Promise<readonly string[]> {
  const run = await connection.query<{ key: string; name: string }>(
    `select key, name from resource where shard = $1 and estate like any($2::text[]) and type = any($3::text[])`,
    [
      shard,
      clouds.map(({ estate, isPrefix }) => (isPrefix ? `${estate}%` : estate)),
      Object.keys(RUN_BY_CLOUDS),
    ],
  );
  if (run.rows.length === 0) return [];
  const bound = await connection.query<{ estate: string }>(
    `select distinct estate from resource
     where shard = $1 and estate like 'k8s:%' and type in ('cluster-role-binding', 'role-binding') and gone_at is null`,
    [shard],
  );
  return bound.rows.flatMap(({ estate }) => {
    const own = namesInCloud(estate);
    return run.rows.some(({ key, name }) => own.keys.includes(key) || own.name === name) ? [estate] : [];
  });
}

/** Tags by which controllers of AWS say for which service of which cluster they made a load balancer. */
const OF_SERVICE = ['kubernetes.io/service-name', 'service.k8s.aws/stack'];
const OF_CLUSTER = 'elbv2.k8s.aws/cluster';

/**
 * Load balancers of AWS of services that do not tell their address, by `namespace/name`; of two in different accounts
 * nobody knows which one it is.
 */
async function balancersTagged(
  connection: Connection,
  shard: bigint,
  estate: string,
  resources: readonly EstateResource[],
): Promise<ReadonlyMap<string, DoorRow>> {
  const silent = resources.flatMap(({ type, facts }) =>
    type === 'service' && facts['serviceType'] === 'LoadBalancer' && asTexts(facts['addresses']).length === 0
      ? [`${asText(facts['namespace'])}/${asText(facts['name'])}`]
      : [],
  );
  if (silent.length === 0) return new Map();
  const result = await connection.query<DoorRow & { service: string }>(
    `select coalesce(r.tags ->> $4, r.tags ->> $5) as service, ${COLUMNS} from resource r
     where r.shard = $1 and r.estate like 'aws:%' and r.type in ('load-balancer', 'classic-load-balancer') and r.gone_at is null
       and coalesce(r.tags ->> $4, r.tags ->> $5) = any($2::text[])
       and (r.tags ->> $6 = $3 or r.tags ? ('kubernetes.io/cluster/' || $3)) order by r.key`,
    [shard, silent, clusterName(estate), ...OF_SERVICE, OF_CLUSTER],
  );
  const byService = Map.groupBy(result.rows.filter(isDescribed), ({ service }) => service);
  return new Map(
    [...byService].flatMap(([service, rows]) => (rows.length === 1 ? [[service, rows[0] as DoorRow]] : [])),
  );
}

/** The names of clusters for which controllers made load balancers in these accounts of AWS. */
async function clustersTagged(
  connection: Connection,
  shard: bigint,
  estates: readonly string[],
): Promise<ReadonlySet<string>> {
  if (estates.length === 0) return new Set();
  const result = await connection.query<{ name: string }>(
    `select distinct coalesce(r.tags ->> $3, substr(tag.key, length('kubernetes.io/cluster/') + 1)) as name from resource r
     left join lateral jsonb_object_keys(r.tags) as tag (key) on tag.key like 'kubernetes.io/cluster/%'
     where r.shard = $1 and r.estate = any($2::text[]) and r.type in ('load-balancer', 'classic-load-balancer')
       and (r.tags ? $3 or tag.key is not null)`,
    [shard, estates, OF_CLUSTER],
  );
  return new Set(result.rows.map(({ name }) => name));
}

/** Clusters that run in one of these accounts, or use a load balancer or machine there, what is gone of them included. */
export async function clustersAtDoors(
  connection: Connection,
  shard: bigint,
  clouds: readonly ReturnType<typeof evaluatedWith>[],
): Promise<readonly string[]> {
  if (clouds.length === 0) return [];
  const objects = await connection.query<{ estate: string; addresses: JsonObject; provider: string | null }>(
    `select estate, facts -> 'addresses' as addresses, facts ->> 'providerId' as provider from resource
     where shard = $1 and estate like 'k8s:%' and type = any($2::text[]) and gone_at is null
       and (facts ->> 'providerId' is not null or facts -> 'addresses' <> '[]')`,
    [shard, WITH_DOORS],
  );
  const names = namesOf(
    objects.rows.map(({ addresses, provider }) => ({ addresses, providerId: provider ?? '' })),
  );
  const isOfThese = ({ estate }: DoorRow): boolean =>
    clouds.some((cloud) => estate === cloud.estate || (cloud.isPrefix && estate.startsWith(cloud.estate)));
  const own = new Set([
    ...[...(await machinesNamed(connection, shard, names.providerIds))].flatMap(([providerId, row]) =>
      isOfThese(row) ? [providerId] : [],
    ),
    ...(await balancersNamed(connection, shard, names.addresses)).flatMap((row) =>
      isOfThese(row) ? [row.alias] : [],
    ),
  ]);
  const tagged = await clustersTagged(
    connection,
    shard,
    clouds.flatMap(({ estate }) => (estate.startsWith('aws:') ? [estate] : [])),
  );
  const all =
    tagged.size === 0
      ? []
      : await connection
          .query<{ estate: string }>(
            `select distinct estate from resource where shard = $1 and estate like 'k8s:%' and type = 'service' and gone_at is null`,
            [shard],
          )
          .then(({ rows }) => rows);
  const clusters = new Set([
    ...(await clustersRunIn(connection, shard, clouds)),
    ...(clouds.some(({ estate }) => estate.startsWith('gcp:'))
      ? await clustersWithGroups(connection, shard)
      : []),
    ...all.flatMap(({ estate }) => (tagged.has(clusterName(estate)) ? [estate] : [])),
    ...objects.rows.flatMap(({ estate, addresses, provider }) =>
      [provider ?? '', ...asTexts(addresses).map((each) => aliasText(each) ?? '')].some((name) =>
        own.has(name),
      )
        ? [estate]
        : [],
    ),
  ]);
  return [...clusters].sort();
}

/** Clusters with services that make groups of endpoints for load balancers of somebody's own. */
async function clustersWithGroups(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ estate: string }>(
    `select distinct estate from resource where shard = $1 and estate like 'k8s:%' and type = 'service' and gone_at is null
       and facts -> 'annotations' ->> 'cloud.google.com/neg' like '%exposed_ports%'`,
    [shard],
  );
  return result.rows.map(({ estate }) => estate);
}

function namesOf(facts: readonly JsonObject[]): DoorNames {
  return {
    addresses: [
      ...new Set(
        facts.flatMap((each) => asTexts(each['addresses']).flatMap((text) => aliasText(text) ?? [])),
      ),
    ],
    providerIds: [...new Set(facts.flatMap((each) => asText(each['providerId']) ?? []))],
  };
}

interface DoorRow {
  readonly key: string;
  readonly estate: string;
  readonly type: string;
  readonly name: string;
  readonly facts: JsonObject | null;
  readonly exposure: readonly ExposureRecord[];
  readonly seen_at: Instant;
  readonly source_id: string;
  readonly is_gone: boolean;
}

const COLUMNS =
  'r.key, r.estate, r.type, r.name, r.facts, r.exposure, r.seen_at, r.source_id, r.gone_at is not null as is_gone';

function isDescribed({ exposure, facts, is_gone }: DoorRow): boolean {
  return !is_gone && facts !== null && exposure.length > 0;
}

function doorOf(rows: readonly DoorRow[], words: Readonly<Record<string, string>>): CloudDoor {
  const [first] = rows as readonly [DoorRow, ...DoorRow[]];
  return {
    name: rows.map(({ type, name }) => `${words[type] ?? type} ${name}`).join(' and the '),
    ways: rows.flatMap(({ exposure }) => exposure),
    provenance: first.source_id,
    at: first.seen_at,
  };
}

/** The machines of clouds that nodes of clusters are, by what these call their provider's id. */
export async function machinesNamed(
  connection: Connection,
  shard: bigint,
  providerIds: readonly string[],
): Promise<ReadonlyMap<string, DoorRow>> {
  const byKey = new Map<string, string[]>();
  const byAlias = new Map<string, string[]>();
  for (const providerId of providerIds) {
    const name = machineName(providerId);
    if (name !== null) addToList(name.by === 'key' ? byKey : byAlias, name.text, providerId);
  }
  if (byKey.size + byAlias.size === 0) return new Map();
  const result = await connection.query<DoorRow & { name_of: string }>(
    `select ${COLUMNS}, r.key as name_of from resource r
       where r.shard = $1 and r.key = any($2::text[]) and r.type = any($4::text[]) and r.estate is not null
     union all select ${COLUMNS}, a.alias from resource_alias a join resource r on r.shard = a.shard and r.key = a.key
       where a.shard = $1 and a.until_at is null and a.alias = any($3::text[]) and r.type = any($4::text[]) and r.estate is not null`,
    [shard, [...byKey.keys()], [...byAlias.keys()], MACHINE_TYPES],
  );
  return new Map(
    result.rows.flatMap((row) =>
      [...(byKey.get(row.name_of) ?? []), ...(byAlias.get(row.name_of) ?? [])].map(
        (providerId): [string, DoorRow] => [providerId, row],
      ),
    ),
  );
}

async function balancersNamed(
  connection: Connection,
  shard: bigint,
  aliases: readonly string[],
): Promise<readonly (DoorRow & { readonly alias: string })[]> {
  if (aliases.length === 0) return [];
  const result = await connection.query<DoorRow & { alias: string }>(
    `select a.alias, ${COLUMNS} from resource_alias a join resource r on r.shard = a.shard and r.key = a.key
     where a.shard = $1 and a.until_at is null and a.alias = any($2::text[]) and r.type = any($3::text[]) and r.estate is not null order by a.alias, r.key`,
    [shard, aliases, Object.keys(BALANCERS)],
  );
  return result.rows;
}

/** A public address of Azure leads to what has it as a frontend, and tells no ways in of its own. */
async function throughAddresses(
  connection: Connection,
  shard: bigint,
  rows: readonly DoorRow[],
): Promise<readonly DoorRow[]> {
  const addresses = rows.filter((row) => row.type === 'azure-public-ip' && !row.is_gone);
  if (addresses.length === 0) return rows;
  const fronts = await connection.query<DoorRow>(
    `select ${COLUMNS} from resource r
     where r.shard = $1 and r.estate = any($2::text[]) and r.type in ('azure-load-balancer', 'azure-app-gateway') and r.facts is not null and r.gone_at is null order by r.key`,
    [shard, addresses.map(({ estate }) => estate)],
  );
  return addresses.flatMap((address) => {
    const id = address.key.slice('azure:'.length);
    return fronts.rows.flatMap((front): DoorRow[] => {
      const frontends = asObjects(front.facts?.['frontendIPConfigurations']);
      const isItsOwn = frontends.some(
        (each) => asText(at(each, 'publicIPAddress', 'id'))?.toLowerCase() === id,
      );
      if (!isItsOwn) return [];
      // A load balancer of many addresses is many doors.
      const own = front.exposure.filter(
        ({ via }) =>
          !via.some((step) => step.startsWith('public address ')) ||
          via.includes(`public address ${id.slice(id.lastIndexOf('/') + 1)}`) ||
          via.includes(`public address ${address.name}`),
      );
      // The ways of a load balancer tell the ports of its members, and the service asks for its own.
      const exposure = own.map((way) => ({ ...way, surface: 'any' }));
      return [{ ...front, type: address.type, name: `${address.name} of ${front.name}`, exposure }];
    });
  });
}
