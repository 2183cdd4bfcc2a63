import type { Instant } from '#base/instant.ts';
import { asText, type JsonObject } from '#base/json-value.ts';
import {
  DATASTORE_TYPES,
  ENTERED_TYPES,
  familyOfType,
  INNER_TYPES,
} from '#domain/attackpath/asset-family.ts';
import type { ClusterFacts } from '#domain/attackpath/cluster-steps.ts';
import { asksDatabase } from '#domain/attackpath/exploit-steps.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import { withManagementAccounts } from '#domain/attackpath/management-account.ts';
import { withObserved } from '#domain/attackpath/observed-steps.ts';
import type { PathAsset, PathEstate, PathFacts } from '#domain/attackpath/path-facts.ts';
import { givenSteps, heldStates, isWritten, stepsOfWorld } from '#domain/attackpath/path-world.ts';
import type { State } from '#domain/attackpath/state.ts';
import type { TakenThing } from '#domain/attackpath/taken.ts';
import {
  GATE_CONTROLS,
  settingKeys,
  type ToldSetting,
  withToldGates,
} from '#domain/attackpath/told-gates.ts';
import { AWS_PRIVILEGE_TYPES } from '#domain/risk/aws-privileged-access.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { machinesNamed } from '../estate/cloud-doors.ts';
import { identitiesOfCluster } from '../estate/cloud-identities.ts';
import { withCompleteLists } from '../estate/complete-lists.ts';
import { ESTATE_COLUMNS, type EstateRow, estateResource } from '../estate/estate-row.ts';
import type { Organisation } from '../organisation.ts';
import { loadResourceContexts } from '../resources.ts';
import { CappedRows } from './capped-rows.ts';
import { loadAssets } from './load-assets.ts';
import { loadCodeWeaknesses } from './load-code-weaknesses.ts';
import { loadCredentials } from './load-credentials.ts';
import { loadDangling } from './load-dangling.ts';
import { EKS_TYPES, loadEksClusters } from './load-eks-clusters.ts';
import { loadFollowers } from './load-followers.ts';
import { loadPathEstates } from './load-path-estates.ts';
import { loadBuilds, loadPipelines } from './load-pipelines.ts';
import { loadMachineFlaws, loadWeaknesses } from './load-weaknesses.ts';
import { loadServedBuckets } from './served-buckets.ts';

/** Everything that attack paths are derived from, and what of it was left out, in sentences. */
export interface LoadedPathFacts {
  readonly facts: PathFacts;
  readonly notes: readonly string[];
}

/** What paths in AWS rest on beside identities: networks, copies of data, machines of clusters. */
const NETWORK_TYPES: readonly string[] = [
  'security-group',
  'security-group-rule',
  'network-acl',
  'subnet',
  'route-table',
  'vpc',
  'vpc-peering-connection',
  'prefix-list',
  'ecs-container-instance',
  'ecr-repository',
  'rds-snapshot',
  'beanstalk-environment',
  'sqs-queue',
  'sns-topic',
  'event-source-mapping',
  'efs-file-system',
  'backup-vault',
  ...EKS_TYPES,
];

/** Machines inside whose flaws are looked at where somebody gets near them. */
const INNER_MAX = 2_000;

/**
 * Loads what attackers could use: first where they get in and what has flaws there; then, of clusters and accounts in
 * which somebody gets anywhere, who is who. An organisation in which nobody gets in costs three look-ups. What is taken
 * is had by somebody from the start, however they came by it.
 */
export async function loadPathFacts(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  lens: Lens = 'outside',
  takenKeys: readonly string[] = [],
): Promise<LoadedPathFacts> {
  const { shard } = organisation;
  const caps = new CappedRows();
  const credentials = await loadCredentials(connection, organisation, now, caps);
  const opened = credentials.flatMap(({ opens }) => opens);
  const keys = await startingKeys(connection, shard, lens);
  const pipelines = lens === 'outside' ? await loadPipelines(connection, shard, caps) : [];
  const dangling = lens === 'outside' ? await loadDangling(connection, shard, caps) : [];
  if (
    keys.length + takenKeys.length + pipelines.length + dangling.length === 0 &&
    !credentials.some(({ isLeaked }) => isLeaked)
  )
    return { facts: { assets: new Map(), estates: new Map(), steps: [] }, notes: caps.notes };
  const entered = await loadAssets(connection, organisation, now, [
    ...new Set([...keys, ...opened, ...takenKeys]),
  ]);
  const wanted = await loadAssets(connection, organisation, now, await wantedKeys(connection, shard));
  const known = new Map([...wanted, ...entered]);
  const builds = await loadBuilds(connection, shard, [
    ...new Set(pipelines.map(({ repository }) => repository.key)),
  ]);
  const workloads = [...entered.values()].filter(({ type }) => familyOfType(type) === 'workload');
  const weaknessesOf = async (on: readonly string[]) => [
    ...(await loadWeaknesses(connection, organisation, now, on)),
    ...(await loadCodeWeaknesses(connection, organisation, now, on, caps)),
  ];
  const reachable = workloads.map(({ context }) => context.key);
  const world = {
    lens,
    taken: [
      ...takenKeys.flatMap((key) => entered.get(key) ?? []),
      ...(await takenCode(connection, organisation, now, takenKeys)),
    ],
    assets: known,
    estates: new Map<string, PathEstate>(),
    weaknesses: await weaknessesOf(reachable),
    credentials,
    pipelines,
    builds,
    dangling,
    clusters: [] as readonly ClusterFacts[],
  };
  const entries = heldStates(givenSteps(world).given);
  const clusters = [
    ...new Set([
      ...estatesOf(entries, known, 'k8s:'),
      ...(await loadFollowers(
        connection,
        shard,
        entries.filter(isWritten).map(({ asset }) => asset),
      )),
    ]),
  ].sort();
  const clusterEstates = await loadPathEstates(connection, shard, clusters);
  const described: ClusterFacts[] = [];
  for (const estate of clusters)
    described.push(...(await clusterOf(connection, shard, estate, clusterEstates.get(estate))));
  const nodes = described.flatMap(({ resources, machineOf }) => [
    ...resources.flatMap(({ type, key }) => (type === 'node' ? [key] : [])),
    ...(machineOf?.values() ?? []),
  ]);
  const inClusters = {
    ...world,
    clusters: described,
    weaknesses: [...world.weaknesses, ...(await loadMachineFlaws(connection, organisation, now, nodes))],
  };
  const held = heldStates(givenSteps(inClusters).given);
  const isInAws =
    held.some(
      (state) =>
        isWritten(state) ||
        (state.asset.startsWith('aws:') && state.capability !== 'reach' && state.capability !== 'list'),
    ) || world.weaknesses.some((flaw) => asksDatabase(flaw) && flaw.on.some((key) => key.startsWith('aws:')));
  const aws = isInAws ? await resourcesInAws(connection, shard) : null;
  const inside = (aws?.resources ?? []).flatMap(({ type, key }) =>
    INNER_TYPES.includes(type) && !known.has(key) ? [key] : [],
  );
  const inner = caps.take(inside, INNER_MAX, 'machines inside');
  const azure = await resourcesOfCloud(connection, shard, held, known, 'azure:');
  const gcp = await resourcesOfCloud(connection, shard, held, known, 'gcp:');
  const eks = await loadEksClusters(connection, organisation, now, aws?.resources ?? [], described);
  const estates = withManagementAccounts(
    new Map([
      ...clusterEstates,
      ...eks.estates,
      ...(await loadPathEstates(connection, shard, [
        ...(aws?.accounts ?? []),
        ...azure.accounts,
        ...gcp.accounts,
      ])),
    ]),
    aws?.resources ?? [],
  );
  const { steps, notes } = stepsOfWorld({
    ...inClusters,
    clusters: [...described, ...eks.clusters],
    eks: eks.estateOf,
    estates,
    weaknesses: [
      ...inClusters.weaknesses,
      ...(await weaknessesOf(inner)),
      ...(await loadMachineFlaws(connection, organisation, now, machinesOfTasks(aws?.resources ?? []))),
    ],
    azure: azure.resources,
    gcp: gcp.resources.length === 0 ? null : { resources: gcp.resources, now },
    aws: aws === null ? null : { resources: aws.resources, now },
    runners: await runnersOf(connection, shard, aws?.resources ?? []),
  });
  const missing = new Set(
    steps.flatMap(({ from, to }) => [from.asset, to.asset]).filter((key) => !known.has(key)),
  );
  const assets = new Map([...(await loadAssets(connection, organisation, now, [...missing])), ...known]);
  const told = withToldGates(
    withObserved(steps, assets),
    await toldSettings(connection, shard, settingKeys(steps)),
  );
  return { facts: { assets, estates, steps: told }, notes: [...notes, ...caps.notes] };
}

/** Repositories among these that no inventory describes: what lies in them findings tell. */
async function takenCode(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  keys: readonly string[],
): Promise<readonly TakenThing[]> {
  const contexts = await loadResourceContexts(connection, organisation, now, keys);
  return [...contexts.values()]
    .filter(({ kind }) => kind === 'repository')
    .map((context) => ({ context, type: context.kind }));
}

/** Open findings that are about a setting on which a step may rest. */
async function toldSettings(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<readonly ToldSetting[]> {
  if (keys.length === 0) return [];
  const result = await connection.query<ToldSetting>({
    name: 'findings-of-gates',
    text: `select fingerprint, resource_key as resource, control, issue_id as "issueId" from finding
      where shard = $1 and is_open and resource_key = any($2::text[]) and control = any($3::text[]) order by resource_key, control, issue_id, fingerprint`,
    values: [shard, keys, GATE_CONTROLS],
  });
  return result.rows;
}

function startingKeys(connection: Connection, shard: bigint, lens: Lens): Promise<readonly string[]> {
  switch (lens) {
    case 'outside':
      return enteredKeys(connection, shard);
    case 'insider':
      return keysWhere(connection, shard, 'insiders', "type = 'iam-user'");
    case 'vendor':
      return keysWhere(
        connection,
        shard,
        'trusting-roles',
        "type = 'iam-role' and privilege::text like '%can be assumed from account %'",
      );
  }
}

async function keysWhere(
  connection: Connection,
  shard: bigint,
  name: string,
  condition: string,
): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>({
    name,
    text: `select key from resource where shard = $1 and gone_at is null and facts is not null and ${condition} order by key`,
    values: [shard],
  });
  return result.rows.map(({ key }) => key);
}

/** What somebody may enter; the words of the condition are those of the index `resource_entered`. */
export async function enteredKeys(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>({
    name: 'entered-resources',
    text: `select key from resource
      where shard = $1 and gone_at is null and (publicly_accessible ->> 'state' = 'yes' or privilege::text like '%can be assumed % any%')
        and facts is not null and type = any($2::text[]) order by key`,
    values: [shard, ENTERED_TYPES],
  });
  return result.rows.map(({ key }) => key);
}

/** What holds data that is called sensitive, or lies in production, with its copies, and buckets that serve a site. */
async function wantedKeys(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>({
    name: 'wanted-resources',
    text: `select key from resource
      where shard = $1 and gone_at is null and facts is not null and type = any($2::text[])
        and (production ->> 'state' = 'yes' or attribution -> 'data' ->> 'dataClass' in ('confidential', 'restricted') or jsonb_array_length(attribution -> 'data' -> 'types') > 0
          or type = 'rds-snapshot' or type = 'backup-vault' and facts ->> 'NumberOfRecoveryPoints' > '0' or facts -> 'Website' = 'true'::jsonb or key = any($3::text[]))
      order by key`,
    values: [shard, DATASTORE_TYPES, await loadServedBuckets(connection, shard)],
  });
  return result.rows.map(({ key }) => key);
}

/** The clusters or accounts of what somebody holds more of than the way to it. */
function estatesOf(
  held: readonly State[],
  assets: ReadonlyMap<string, PathAsset>,
  prefix: string,
): readonly string[] {
  const estates = held.flatMap(({ asset, capability, family }) => {
    const estate =
      capability === 'reach' || !HELD_FAMILIES.includes(family) ? null : assets.get(asset)?.estate;
    return estate?.startsWith(prefix) ? [estate] : [];
  });
  return [...new Set(estates)].sort();
}

const HELD_FAMILIES: readonly State['family'][] = ['workload', 'principal'];

async function clusterOf(
  connection: Connection,
  shard: bigint,
  estate: string,
  about: PathEstate | undefined,
): Promise<readonly ClusterFacts[]> {
  if (about === undefined) return [];
  const rows = await connection.query<EstateRow>(
    `select ${ESTATE_COLUMNS} from resource where shard = $1 and estate = $2 and facts is not null and gone_at is null order by key`,
    [shard, estate],
  );
  const resources = rows.rows.map(estateResource);
  const cloud = await identitiesOfCluster(connection, shard, estate, resources);
  const nodes = resources.filter(({ type }) => type === 'node');
  const machines = await machinesNamed(
    connection,
    shard,
    nodes.flatMap(({ facts }) => asText(facts['providerId']) ?? []),
  );
  const machineOf = new Map(
    nodes.flatMap(({ key, facts }): [string, string][] => {
      const machine = machines.get(asText(facts['providerId']) ?? '');
      return machine === undefined ? [] : [[key, machine.key]];
    }),
  );
  return [{ estate, resources, cloud, about, machineOf }];
}

/** Keys of the instances of AWS that clusters of ECS run their containers on. */
function machinesOfTasks(resources: readonly EstateResource[]): readonly string[] {
  const ids = new Set(
    resources.flatMap(({ type, facts }) =>
      type === 'ecs-container-instance' ? (facts['ec2InstanceId'] ?? []) : [],
    ),
  );
  return resources.flatMap(({ type, key, facts }) =>
    type === 'ec2-instance' && ids.has(facts['InstanceId'] ?? '') ? [key] : [],
  );
}

/** Resources of a cloud, and the accounts that they are in: rights in one may come from another. */
interface CloudResources {
  readonly resources: readonly EstateResource[];
  readonly accounts: readonly string[];
}

/** Everything in AWS that says who may become whom, and what reaches what. */
async function resourcesInAws(connection: Connection, shard: bigint): Promise<CloudResources> {
  const rows = await connection.query<EstateRow & { readonly estate: string; readonly facts: JsonObject }>(
    `select estate, ${ESTATE_COLUMNS} from resource
     where shard = $1 and estate like 'aws:%' and type = any($2::text[]) and facts is not null and gone_at is null order by key`,
    [shard, [...AWS_PRIVILEGE_TYPES, ...NETWORK_TYPES]],
  );
  const described = rows.rows.map(
    (row): EstateResource => ({
      ...estateResource(row),
      // An account is evaluated under the name that it is filed under.
      account: row.account ?? row.estate.slice('aws:'.length),
    }),
  );
  return {
    resources: await withCompleteLists(connection, shard, null, described),
    accounts: [...new Set(rows.rows.map(({ estate }) => estate))].sort(),
  };
}

/** Everything that was described of a cloud in which somebody runs code: its accounts are looked at together. */
async function resourcesOfCloud(
  connection: Connection,
  shard: bigint,
  held: readonly State[],
  assets: ReadonlyMap<string, PathAsset>,
  prefix: 'azure:' | 'gcp:',
): Promise<CloudResources> {
  const isPipeline = held.some(isWritten);
  // Pods of a cluster may be somebody there.
  const isSomebody = held.some(({ asset, family }) => family === 'principal' && asset.startsWith(prefix));
  // Applications of Azure may trust a pipeline.
  if (estatesOf(held, assets, prefix).length === 0 && !isSomebody && !(isPipeline && prefix === 'azure:'))
    return { resources: [], accounts: [] };
  const rows = await connection.query<EstateRow & { readonly estate: string }>(
    `select estate, ${ESTATE_COLUMNS} from resource where shard = $1 and estate like $2 and facts is not null and gone_at is null order by key`,
    [shard, `${prefix}%`],
  );
  return {
    resources: rows.rows.map(estateResource),
    accounts: [...new Set(rows.rows.map(({ estate }) => estate))].filter((each) => each !== prefix).sort(),
  };
}

/** What runs images of the repositories of AWS, by the key of the image. */
async function runnersOf(
  connection: Connection,
  shard: bigint,
  resources: readonly EstateResource[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!resources.some(({ type }) => type === 'ecr-repository')) return new Map();
  const result = await connection.query<{ image: string; keys: readonly string[] }>({
    name: 'runners-of-registries',
    text: `select to_key as image, array_agg(distinct from_key order by from_key) as keys from relation
      where shard = $1 and kind = 'runs-image' and to_key like 'image:%.dkr.ecr.%' group by to_key`,
    values: [shard],
  });
  return new Map(result.rows.map(({ image, keys }) => [image, keys]));
}
