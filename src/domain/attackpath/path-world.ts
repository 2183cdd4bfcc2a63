import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { counted } from '#base/text.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AttackStep } from './attack-step.ts';
import { awsSteps } from './aws-steps.ts';
import { azureSteps } from './azure-steps.ts';
import { type Arrival, type ClusterFacts, clusterSteps } from './cluster-steps.ts';
import { credentialSteps } from './credential-steps.ts';
import { type DanglingName, danglingSteps } from './dangling-steps.ts';
import { ACCOUNTS_MAX, deliverySteps } from './delivery-steps.ts';
import { entrySteps } from './entry-steps.ts';
import { asksDatabase, exploitSteps, fileSteps } from './exploit-steps.ts';
import { gcpSteps } from './gcp-steps.ts';
import { type Lens, lensSteps } from './lens-steps.ts';
import { FLAWS_MAX, nodeFlawSteps } from './machine-flaw-steps.ts';
import { managedCredentials } from './managed-credential.ts';
import { neededSteps } from './needed-steps.ts';
import type { Credential, PathAsset, PathEstate, PipelineFlaw, Weakness } from './path-facts.ts';
import { BUILDS_MAX, type Builds, pipelineSteps } from './pipeline-steps.ts';
import { includesState, type State, stateKey } from './state.ts';
import { type TakenThing, takenSteps } from './taken.ts';
import { dataTarget, isServed } from './target.ts';

/** Everything that the rules of steps look at. */
export interface PathWorld {
  readonly lens: Lens;
  /** What somebody is taken to have, beside where the lens looks; for asking what follows. */
  readonly taken?: readonly TakenThing[];
  /** What is entered, what is wanted, and who may be somebody from the start. */
  readonly assets: ReadonlyMap<string, PathAsset>;
  readonly estates: ReadonlyMap<string, PathEstate>;
  readonly weaknesses: readonly Weakness[];
  readonly credentials: readonly Credential[];
  readonly pipelines: readonly PipelineFlaw[];
  readonly builds: Builds;
  readonly dangling?: readonly DanglingName[];
  /** Clusters in which somebody gets anywhere. */
  readonly clusters: readonly ClusterFacts[];
  /** All accounts of AWS; null where nobody gets anywhere there. */
  readonly aws: { readonly resources: readonly EstateResource[]; readonly now: Instant } | null;
  /** All subscriptions of Azure; empty where nobody gets anywhere there. */
  readonly azure: readonly EstateResource[];
  /** All projects of Google Cloud; null where nobody gets anywhere there. */
  readonly gcp: { readonly resources: readonly EstateResource[]; readonly now: Instant } | null;
  /** Keys of workloads by the key of the image that they run. */
  readonly runners: ReadonlyMap<string, readonly string[]>;
  /** What clusters of EKS are called among the clusters, by their keys in their accounts; those that are not here go by their ARN. */
  readonly eks?: ReadonlyMap<string, string>;
}

/** The steps that the rules find, and what they left out, in sentences. */
export interface FoundSteps {
  readonly steps: readonly AttackStep[];
  readonly notes: readonly string[];
}

/** All steps of a world (attack-paths §4.2). */
export function stepsOfWorld(world: PathWorld): FoundSteps {
  const credentials = [...world.credentials, ...managedCredentials(world.aws?.resources ?? [])];
  const { given, notes } = givenSteps({ ...world, credentials });
  const wanted = [...world.assets.values()].filter((asset) => dataTarget(asset) !== null);
  const wantedKeys = new Set(wanted.map(({ context }) => context.key));
  const azure =
    world.azure.length === 0 ? NO_STEPS : azureSteps({ resources: world.azure, given, wanted: wantedKeys });
  const gcp = world.gcp === null ? NO_STEPS : gcpSteps({ ...world.gcp, given, wanted: wantedKeys });
  const others = [...azure.steps, ...gcp.steps];
  const told = [
    ...notes,
    ...leftOutOf(azure.leftOut, 'way', 'from identities of Azure that have more than enough'),
    ...leftOutOf(gcp.leftOut, 'way', 'from accounts of Google Cloud that have more than enough'),
  ];
  if (world.aws === null) return { steps: neededSteps([...given, ...others]), notes: told };
  const served = [...world.assets.values()].filter(isServed);
  const aws = awsSteps({
    ...world.aws,
    estates: world.estates,
    given,
    wanted: wantedKeys,
    served: new Set(served.map(({ context }) => context.key)),
    credentials,
    queries: world.weaknesses.filter(asksDatabase),
    machineFlaws: world.weaknesses.filter(({ gives }) => gives === 'root'),
    runners: world.runners,
    eks: { clusters: world.clusters, estateOf: world.eks ?? new Map() },
    machines: new Map(world.clusters.map((cluster) => [cluster.estate, machineIdsOf(cluster)])),
  });
  return {
    steps: neededSteps([...given, ...others, ...aws.steps]),
    notes: [
      ...told,
      ...leftOutOf(
        aws.flawsLeftOut,
        'flaw',
        `of machines beyond the likeliest ${FLAWS_MAX} of a cluster of ECS`,
      ),
      ...leftOutOf(aws.leftOut, 'way', 'from principals of AWS that have more than enough'),
      ...aws.untold,
    ],
  };
}

const NO_STEPS = { steps: [], leftOut: 0 } as const;

/** A sentence for what a cap left out; none where it left out nothing. */
function leftOutOf(count: number, noun: string, of: string): readonly string[] {
  return count === 0 ? [] : [`${counted(count, noun)} ${of} ${count === 1 ? 'is' : 'are'} left out.`];
}

/** All but those of AWS, which begin where these lead. */
export function givenSteps({
  lens,
  taken = [],
  assets,
  weaknesses,
  credentials,
  pipelines,
  builds,
  dangling = [],
  clusters,
}: Omit<PathWorld, 'aws' | 'azure' | 'gcp' | 'estates' | 'runners'>): {
  readonly given: readonly AttackStep[];
  readonly notes: readonly string[];
} {
  const exploits = exploitSteps(weaknesses, assets);
  const shipped = lens === 'outside' ? pipelineSteps(pipelines, builds, assets) : NO_STEPS;
  const inwards = [
    ...(lens === 'outside' ? entrySteps(assets.values()) : lensSteps(lens, assets.values(), credentials)),
    ...takenSteps(taken),
    ...shipped.steps,
    ...(lens === 'outside' ? danglingSteps(dangling) : []),
    ...exploits.steps,
  ];
  const found = credentialSteps(lens === 'outside' ? credentials : credentials.map(unleaked), assets);
  const arrivals = new Map<string, Arrival[]>();
  for (const step of [...inwards, ...found]) if (runsCode(step.to)) addToList(arrivals, step.to.asset, step);
  // Flaws that are left out as steps lead there too.
  for (const flaw of weaknesses)
    if (flaw.gives === 'exec') for (const key of flaw.on) addToList(arrivals, key, flaw);
  const written = new Set(inwards.flatMap(({ to }) => (isWritten(to) ? [to.asset] : [])));
  const delivered = clusters.map((cluster) => deliverySteps(cluster, written));
  const flawed = clusters.map((cluster) => nodeFlawSteps(weaknesses, cluster));
  const onward = [
    ...found,
    ...delivered.flatMap(({ steps }) => steps),
    ...clusters.flatMap((cluster) => clusterSteps(cluster, arrivals)),
    ...flawed.flatMap(({ steps }) => steps),
  ];
  return {
    given: [...inwards, ...onward, ...fileSteps(weaknesses, onward, assets)],
    notes: [
      ...leftOutOf(exploits.leftOut, 'less likely flaw', 'of workloads that have more than enough'),
      ...leftOutOf(
        flawed.reduce((sum, { leftOut }) => sum + leftOut, 0),
        'flaw',
        `of machines beyond the likeliest ${FLAWS_MAX} of a cluster`,
      ),
      ...leftOutOf(shipped.leftOut, 'workload', `beyond the first ${BUILDS_MAX} of a repository`),
      ...leftOutOf(
        delivered.reduce((sum, { leftOut }) => sum + leftOut, 0),
        'service account',
        `beyond the first ${ACCOUNTS_MAX} that an application of Argo CD reaches`,
      ),
      ...delivered.flatMap(({ untold }) => untold),
    ],
  };
}

/** Whether somebody writes to a repository. */
export function isWritten({ family, capability }: State): boolean {
  return family === 'repository' && capability === 'write';
}

function runsCode({ family, capability }: State): boolean {
  return family === 'workload' && (capability === 'exec' || capability === 'root');
}

/** Somebody inside, or a vendor, is no stranger who comes by what is public: that is the question of the other lens. */
function unleaked(credential: Credential): Credential {
  return { ...credential, isLeaked: false };
}

/** The states that somebody may hold by these steps, beginning at origins. */
export function heldStates(steps: readonly AttackStep[]): readonly State[] {
  const byAsset = Map.groupBy(steps, ({ from }) => from.asset);
  const held = new Map<string, State>();
  const waiting = steps.flatMap(({ from }) => (from.family === 'origin' ? [from] : []));
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (held.has(stateKey(state))) continue;
    held.set(stateKey(state), state);
    for (const step of byAsset.get(state.asset) ?? [])
      if (includesState(state, step.from)) waiting.push(step.to);
  }
  return [...held.values()];
}

const MACHINE = /^aws:\/\/\/[a-z0-9-]*\/(i-[0-9a-f]+)$/;

/** Ids of the instances of AWS that are the nodes of a cluster; empty where a node is anything else, or nobody told. */
function machineIdsOf({ resources }: ClusterFacts): readonly string[] {
  const nodes = resources.filter(({ type }) => type === 'node');
  const ids = nodes.flatMap(({ facts }) => MACHINE.exec(String(facts['providerId'] ?? ''))?.[1] ?? []);
  return ids.length === nodes.length ? ids : [];
}
