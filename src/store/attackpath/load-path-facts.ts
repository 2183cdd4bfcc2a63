import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { counted } from '#base/text.ts';
import { DATASTORE_TYPES, ENTERED_TYPES, familyOfType } from '#domain/attackpath/asset-family.ts';
import type { AttackStep } from '#domain/attackpath/attack-step.ts';
import { awsSteps } from '#domain/attackpath/aws-steps.ts';
import { clusterSteps } from '#domain/attackpath/cluster-steps.ts';
import { entrySteps } from '#domain/attackpath/entry-steps.ts';
import { exploitSteps } from '#domain/attackpath/exploit-steps.ts';
import type { PathAsset, PathEstate, PathFacts } from '#domain/attackpath/path-facts.ts';
import { dataTarget } from '#domain/attackpath/target.ts';
import { workloadIdentitySteps } from '#domain/attackpath/workload-steps.ts';
import { AWS_PRIVILEGE_TYPES } from '#domain/risk/aws-privileged-access.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { identitiesOfCluster } from '../estate/cloud-identities.ts';
import { withCompleteLists } from '../estate/complete-lists.ts';
import { type EstateRow, estateResource } from '../estate/estate-row.ts';
import type { Organisation } from '../organisation.ts';
import { loadAssets } from './load-assets.ts';
import { loadPathEstates } from './load-path-estates.ts';
import { loadWeaknesses } from './load-weaknesses.ts';

/** Everything that attack paths are derived from, and what of it was left out, in sentences. */
export interface LoadedPathFacts {
  readonly facts: PathFacts;
  readonly notes: readonly string[];
}

/**
 * Loads what attackers could use: first where they get in and what has flaws there; then, of clusters and accounts in
 * which somebody gets anywhere, who is who. An organisation in which nobody gets in costs two look-ups.
 */
export async function loadPathFacts(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
): Promise<LoadedPathFacts> {
  const { shard } = organisation;
  const entered = await loadAssets(connection, organisation, now, await enteredKeys(connection, shard));
  if (entered.size === 0) return { facts: { assets: entered, estates: new Map(), steps: [] }, notes: [] };
  const wanted = await loadAssets(connection, organisation, now, await wantedKeys(connection, shard));
  const workloads = [...entered.values()].filter(({ type }) => familyOfType(type) === 'workload');
  const weaknesses = await loadWeaknesses(
    connection,
    organisation,
    now,
    workloads.map(({ context }) => context.key),
  );
  const entries = entrySteps(entered.values());
  const exploits = exploitSteps(weaknesses, entered);
  const own = workloadIdentitySteps(entered.values(), new Map());
  const taken = takenBy([...entries, ...exploits.steps]);
  const clusters = estatesOf(
    workloads.filter(({ context }) => taken.has(context.key)),
    'k8s:',
  );
  const inClusters: AttackStep[] = [];
  const clusterEstates = await loadPathEstates(connection, shard, clusters);
  for (const estate of clusters)
    inClusters.push(...(await stepsOfCluster(connection, shard, estate, clusterEstates.get(estate))));
  const held = heldBy([...entries, ...inClusters]);
  const aws = await stepsInAws(connection, shard, now, { taken, held, wanted });
  const steps = [...entries, ...exploits.steps, ...inClusters, ...aws.steps, ...own];
  const estates = new Map([
    ...clusterEstates,
    ...(await loadPathEstates(connection, shard, [
      ...aws.accounts,
      ...estatesOf(
        workloads.filter(({ context }) => taken.has(context.key)),
        'azure:',
      ),
      ...estatesOf(
        workloads.filter(({ context }) => taken.has(context.key)),
        'gcp:',
      ),
    ])),
  ]);
  const known = new Map([...wanted, ...entered]);
  const missing = new Set(
    steps.flatMap(({ from, to }) => [from.asset, to.asset]).filter((key) => !known.has(key)),
  );
  const assets = new Map([...(await loadAssets(connection, organisation, now, [...missing])), ...known]);
  return {
    facts: { assets, estates, steps },
    notes: [
      ...(exploits.leftOut === 0
        ? []
        : [
            `${counted(exploits.leftOut, 'less likely flaw')} of workloads that have more than enough are left out.`,
          ]),
      ...(aws.leftOut === 0
        ? []
        : [`${counted(aws.leftOut, 'way')} from principals of AWS that have more than enough are left out.`]),
    ],
  };
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

/** What holds data that is called sensitive, or lies in production. */
async function wantedKeys(connection: Connection, shard: bigint): Promise<readonly string[]> {
  const result = await connection.query<{ key: string }>({
    name: 'wanted-resources',
    text: `select key from resource
      where shard = $1 and gone_at is null and facts is not null and type = any($2::text[])
        and (production ->> 'state' = 'yes' or attribution -> 'data' ->> 'dataClass' in ('confidential', 'restricted') or jsonb_array_length(attribution -> 'data' -> 'types') > 0)
      order by key`,
    values: [shard, DATASTORE_TYPES],
  });
  return result.rows.map(({ key }) => key);
}

/** Workloads on which some step runs code. */
function takenBy(steps: readonly AttackStep[]): ReadonlySet<string> {
  const reached = new Set(steps.flatMap(({ to }) => (to.capability === 'reach' ? [to.asset] : [])));
  return new Set(
    steps.flatMap(({ from, to }) => (to.capability === 'exec' && reached.has(from.asset) ? [to.asset] : [])),
  );
}

/** Principals that some step leads to. */
function heldBy(steps: readonly AttackStep[]): ReadonlySet<string> {
  return new Set(steps.flatMap(({ to }) => (to.family === 'principal' ? [to.asset] : [])));
}

function estatesOf(assets: readonly PathAsset[], prefix: string): readonly string[] {
  return [...new Set(assets.flatMap(({ estate }) => (estate?.startsWith(prefix) ? [estate] : [])))].sort();
}

const DESCRIPTION = 'key, type, name, account, region, tags, facts, seen_at, source_id';

async function stepsOfCluster(
  connection: Connection,
  shard: bigint,
  estate: string,
  about: PathEstate | undefined,
): Promise<readonly AttackStep[]> {
  const rows = await connection.query<EstateRow>(
    `select ${DESCRIPTION} from resource where shard = $1 and estate = $2 and facts is not null and gone_at is null order by key`,
    [shard, estate],
  );
  const resources = rows.rows.map(estateResource);
  const cloud = await identitiesOfCluster(connection, shard, estate, resources);
  return about === undefined ? [] : clusterSteps({ estate, resources, cloud, about });
}

/** Who may become whom in AWS, where somebody is somebody there, or runs code. */
async function stepsInAws(
  connection: Connection,
  shard: bigint,
  now: Instant,
  {
    taken,
    held,
    wanted,
  }: {
    readonly taken: ReadonlySet<string>;
    readonly held: ReadonlySet<string>;
    readonly wanted: ReadonlyMap<string, PathAsset>;
  },
): Promise<{
  readonly steps: readonly AttackStep[];
  readonly accounts: readonly string[];
  readonly leftOut: number;
}> {
  if (![...taken, ...held].some((key) => key.startsWith('aws:')))
    return { steps: [], accounts: [], leftOut: 0 };
  const rows = await connection.query<EstateRow & { readonly estate: string; readonly facts: JsonObject }>(
    `select estate, ${DESCRIPTION} from resource
     where shard = $1 and estate like 'aws:%' and type = any($2::text[]) and facts is not null and gone_at is null order by key`,
    [shard, AWS_PRIVILEGE_TYPES],
  );
  const described = rows.rows.map(
    (row): EstateResource => ({
      ...estateResource(row),
      // An account is evaluated under the name that it is filed under.
      account: row.account ?? row.estate.slice('aws:'.length),
    }),
  );
  const accounts = [...new Set(rows.rows.map(({ estate }) => estate))].sort();
  const estates = await loadPathEstates(connection, shard, accounts);
  const resources = await withCompleteLists(connection, shard, null, described);
  const targets = [...wanted.values()].filter((asset) => dataTarget(asset) !== null);
  const { steps, leftOut } = awsSteps({
    resources,
    now,
    estates,
    taken,
    held,
    wanted: new Set(targets.map(({ context }) => context.key)),
  });
  return { steps, accounts, leftOut };
}
