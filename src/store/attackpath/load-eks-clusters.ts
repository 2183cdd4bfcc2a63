import type { Instant } from '#base/instant.ts';
import type { ClusterFacts } from '#domain/attackpath/cluster-steps.ts';
import { outerSubject } from '#domain/attackpath/cluster-subject.ts';
import { estateOfEks } from '#domain/attackpath/eks-logins.ts';
import type { PathEstate } from '#domain/attackpath/path-facts.ts';
import { RUN_BY_CLOUDS } from '#domain/exposure/api-server.ts';
import { bindingFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { identitiesOfCluster } from '../estate/cloud-identities.ts';
import { IN_CLOUDS, namesInCloud } from '../estate/cluster-name.ts';
import { ESTATE_COLUMNS, type EstateRow, estateResource } from '../estate/estate-row.ts';
import type { Organisation } from '../organisation.ts';
import { loadAssets } from './load-assets.ts';
import { loadPathEstates } from './load-path-estates.ts';

/** What accounts tell of whom their clusters let in. */
export const EKS_TYPES: readonly string[] = [
  'eks-access-entry',
  'eks-access-entry-list',
  'eks-access-policies',
];

/** Of a cluster that nobody is in yet: whom it lets in, what they may do, and which roles its accounts are. */
const ACCESS_TYPES = [
  'config-map',
  'role',
  'cluster-role',
  'role-binding',
  'cluster-role-binding',
  'service-account',
];

/** What runs there, which may be a great deal: as whom, somebody may become who may do anything in a namespace. */
const RUNNING_TYPES = ['workload', 'pod'];

/** By one of these a cluster is found that somebody described; of them there are few in each. */
const TELLING_TYPES = ['config-map', 'cluster-role-binding', 'namespace', 'node'];

/** Clusters of EKS that let principals of AWS in. */
export interface LoadedEks {
  /** What they are called among the clusters, by their keys in their accounts. */
  readonly estateOf: ReadonlyMap<string, string>;
  readonly estates: ReadonlyMap<string, PathEstate>;
  /** As far as they matter to who is let in; those that are described already are left out. */
  readonly clusters: readonly ClusterFacts[];
}

/**
 * Loads the clusters that these accounts of AWS run. The one that kubectl describes is found by its ARN, else as the only
 * one of its name in all clouds (attack-paths §1.1).
 */
export async function loadEksClusters(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  resources: readonly EstateResource[],
  described: readonly ClusterFacts[],
): Promise<LoadedEks> {
  const { shard } = organisation;
  const keys = resources.filter(({ type }) => type === 'eks-cluster').map(({ key }) => key);
  if (keys.length === 0) return { estateOf: new Map(), estates: new Map(), clusters: [] };
  const estateOf = await estatesOfEks(
    connection,
    shard,
    keys,
    described.map(({ estate }) => estate),
  );
  const others = [...new Set(estateOf.values())].filter(
    (estate) => !described.some((each) => each.estate === estate),
  );
  const estates = new Map(await loadPathEstates(connection, shard, others));
  const clusters: ClusterFacts[] = [];
  for (const [estate, about] of estates) {
    const ofTypes = async (types: readonly string[]) => {
      const { rows } = await connection.query<EstateRow>(
        `select ${ESTATE_COLUMNS} from resource
         where shard = $1 and estate = $2 and type = any($3::text[]) and (type <> 'config-map' or name = 'aws-auth') and facts is not null and gone_at is null order by key`,
        [shard, estate, types],
      );
      return rows.map(estateResource);
    };
    const access = await ofTypes(ACCESS_TYPES);
    const own = access.some(bindsOuter) ? [...access, ...(await ofTypes(RUNNING_TYPES))] : access;
    clusters.push({
      estate,
      resources: own,
      cloud: await identitiesOfCluster(connection, shard, estate, own),
      about,
    });
  }
  const untold = keys.filter((key) => !estateOf.has(key));
  for (const [key, { context }] of await loadAssets(connection, organisation, now, untold)) {
    const { name, production } = context;
    estates.set(estateOfEks(key), {
      name: `cluster ${name}`,
      production: production.state,
      evidence: production.evidence,
    });
  }
  return { estateOf, estates, clusters };
}

/** Whether it gives anything in one namespace to a name that a login from outside may have. */
function bindsOuter({ type, facts }: EstateResource): boolean {
  return (
    type === 'role-binding' && bindingFacts(facts).subjects.some((subject) => outerSubject(subject) !== null)
  );
}

async function estatesOfEks(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
  described: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const clusters = await connection.query<{ estate: string }>({
    name: 'clusters-with-access',
    text: `select distinct estate from resource
      where shard = $1 and estate like 'k8s:%' and type = any($2::text[]) and (type <> 'config-map' or name = 'aws-auth') and facts is not null and gone_at is null`,
    values: [shard, TELLING_TYPES],
  });
  const run = await connection.query<{ key: string; name: string }>({
    name: 'clusters-in-clouds',
    text: `select key, name from resource
      where shard = $1 and estate like any($2::text[]) and type = any($3::text[]) and facts is not null and gone_at is null`,
    values: [shard, IN_CLOUDS, Object.keys(RUN_BY_CLOUDS)],
  });
  const found = new Map<string, string>();
  for (const estate of [...new Set([...described, ...clusters.rows.map((row) => row.estate)])].sort()) {
    const own = namesInCloud(estate);
    const named = run.rows.filter(({ name }) => name === own.name);
    const key =
      run.rows.find((each) => own.keys.includes(each.key))?.key ??
      (named.length === 1 ? named[0]?.key : undefined);
    // Of two that kubectl describes the one by its ARN is surer.
    if (key !== undefined && keys.includes(key) && (own.keys.includes(key) || !found.has(key)))
      found.set(key, estate);
  }
  return found;
}
