import { compareBytes } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import { pathTo, shortestPaths, UNREACHED } from '#graph/shortest-paths.ts';
import type { DataType } from '../resource/data-class.ts';
import { DATA_WORDS } from '../resource/data-words.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import { administratorOf } from './administrator.ts';
import type { PathStep } from './attack-path.ts';
import { type Implication, implicationsOf } from './compliance-implications.ts';
import { estateOfAsset } from './estate-of-asset.ts';
import { likelihoodOfCost } from './likelihood.ts';
import { ParallelSteps } from './parallel-steps.ts';
import type { PathFacts } from './path-facts.ts';
import { includesState, type State } from './state.ts';
import { StateGraph } from './state-graph.ts';
import { type Target, type TargetClass, targetsOf } from './target.ts';
import { stepsTold } from './tell-path.ts';

/** Something that is wanted and within reach. */
export interface ReachedTarget {
  readonly asset: string;
  readonly name: string;
  readonly class: TargetClass;
  readonly tier: Target['tier'];
  /** Of the likeliest way there; 1 for what is taken itself. */
  readonly likelihood: number;
  /** Of that way. */
  readonly steps: readonly PathStep[];
  readonly dataClass: string | null;
  readonly dataTypes: readonly DataType[];
  /** Account or cluster: `aws:111111111111`; null where it is in none. */
  readonly estate: string | null;
  readonly environment: string | null;
  readonly production: RiskState;
  readonly team: string | null;
  readonly services: readonly string[];
}

/** How many of the targets are of one kind. */
export interface Share {
  /** Null for those of which nobody knows. */
  readonly name: string | null;
  readonly targets: number;
}

/** What whoever takes something gets to (attack-paths §4.9). */
export interface BlastRadius {
  /** In a sentence, without a subject. */
  readonly sentence: string;
  /** Worth most first. */
  readonly targets: readonly ReachedTarget[];
  /** Resources that somebody holds more of than the way to them, what is taken among them. */
  readonly controlled: readonly string[];
  readonly byDataType: readonly Share[];
  readonly byAccount: readonly Share[];
  readonly byEnvironment: readonly Share[];
  readonly byService: readonly Share[];
  readonly byTeam: readonly Share[];
  /** What it would affect. */
  readonly implications: readonly Implication[];
}

/**
 * What somebody gets to who has these states, by the steps of these facts. `controls` are those that fail on the way to
 * these states: what governs them would be affected too (attack-paths §4.11).
 */
export function blastRadius(
  facts: PathFacts,
  taken: readonly State[],
  controls: readonly string[] = [],
): BlastRadius {
  const wanted = targetsOf(facts);
  const graph = new StateGraph(facts.steps, taken);
  const parallel = new ParallelSteps(graph);
  const roots = taken.flatMap((state) => graph.nodeOf(state) ?? []);
  const found = shortestPaths(graph.graph, roots);
  const costOf = (state: State): number => {
    const node = graph.nodeOf(state);
    return node === null ? UNREACHED : (found.costs[node] as number);
  };
  const targets = wanted
    .flatMap((target): ReachedTarget[] => {
      const [best] = [
        ...graph.statesOf(target.state.asset).filter((held) => includesState(held, target.state)),
        ...holdersOf(target.state.asset, facts),
      ]
        .filter((held) => costOf(held) !== UNREACHED)
        .toSorted((a, b) => costOf(a) - costOf(b));
      if (best === undefined) return [];
      const path = pathTo(graph.graph, found, graph.nodeOf(best) as number) as Int32Array;
      const steps = [...path].map((edge) => graph.stepAt(edge));
      return [reached(facts, target, likelihoodOfCost(costOf(best)), stepsTold(steps, parallel))];
    })
    .sort((a, b) => a.tier - b.tier || b.likelihood - a.likelihood || compareBytes(a.asset, b.asset));
  const controlled = new Set(targets.flatMap(({ asset }) => (facts.assets.has(asset) ? [asset] : [])));
  for (let node = 0; node < graph.graph.nodeCount; node++) {
    const { asset, capability, family } = graph.stateAt(node);
    const isHeld = found.costs[node] !== UNREACHED && capability !== 'reach' && family !== 'origin';
    if (isHeld && facts.assets.has(asset)) controlled.add(asset);
  }
  const isObserved = [...controlled].some(
    (key) => facts.assets.get(key)?.context.underAttack.state === 'yes',
  );
  const gates = targets.flatMap(({ steps }) => steps.flatMap((step) => step.gates));
  return {
    sentence: sentenceOf(targets),
    targets,
    controlled: [...controlled].sort(compareBytes),
    byDataType: shares(targets, ({ dataTypes }) => dataTypes),
    byAccount: shares(targets, ({ estate }) => [estate]),
    byEnvironment: shares(targets, ({ environment }) => [environment]),
    byService: shares(targets, ({ services }) => (services.length === 0 ? [null] : services)),
    byTeam: shares(targets, ({ team }) => [team]),
    implications: implicationsOf(
      targets.flatMap(({ dataTypes }) => dataTypes),
      [...controls, ...gates.flatMap(({ control }) => control ?? [])],
      isObserved,
    ),
  };
}

/** Who administers the account or cluster that a resource is in has the resource, though no step says so. */
function holdersOf(asset: string, { assets }: PathFacts): readonly State[] {
  const estate = assets.get(asset)?.estate ?? null;
  return estate === null ? [] : [administratorOf(estate)];
}

function reached(
  { assets }: PathFacts,
  target: Target,
  likelihood: number,
  steps: readonly PathStep[],
): ReachedTarget {
  const { asset } = target.state;
  const known = assets.get(asset);
  const data = (known?.copyOf ?? known)?.data ?? null;
  return {
    asset,
    name: target.name,
    class: target.class,
    tier: target.tier,
    likelihood,
    steps,
    dataClass: data?.dataClass ?? null,
    dataTypes: target.class === 'sensitive-data' ? (data?.types ?? []) : [],
    estate: known?.estate ?? estateOfAsset(asset),
    environment: known?.context.environment ?? (target.production === 'yes' ? 'production' : null),
    production: target.production,
    team: known?.context.team ?? null,
    services: known?.context.services ?? [],
  };
}

/** Most first; those of which nobody knows last. */
function shares(
  targets: readonly ReachedTarget[],
  namesOf: (target: ReachedTarget) => readonly (string | null)[],
): readonly Share[] {
  const counts = new Map<string | null, number>();
  for (const target of targets)
    for (const name of new Set(namesOf(target))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, targets: count }))
    .sort(
      (a, b) =>
        Number(a.name === null) - Number(b.name === null) ||
        b.targets - a.targets ||
        compareBytes(a.name ?? '', b.name ?? ''),
    );
}

const CLASS_WORDS: readonly (readonly [of: TargetClass, verb: string, one: string, many: string])[] = [
  ['account-admin', 'administers', 'account', 'accounts'],
  ['cluster-admin', 'administers', 'cluster', 'clusters'],
  ['cluster-secrets', 'reads the secrets of', 'cluster', 'clusters'],
  ['cluster-node', 'has a node of', 'cluster', 'clusters'],
  ['sensitive-data', 'reads', 'store of sensitive data', 'stores of sensitive data'],
  ['production-data', 'reads', 'store of production data', 'stores of production data'],
  ['service-data', 'reads what is kept by', 'other service', 'other services'],
  ['served-content', 'changes what is served by', 'site', 'sites'],
  ['delivery', 'has', 'build server', 'build servers'],
  ['source-code', 'changes', 'repository of code', 'repositories of code'],
  ['vital-service', 'runs code on', 'vital service', 'vital services'],
  ['backups', 'may delete', 'vault of backups', 'vaults of backups'],
];

function sentenceOf(targets: readonly ReachedTarget[]): string {
  if (targets.length === 0) return 'gets to nothing that matters, as far as inventories and findings tell';
  const parts = CLASS_WORDS.flatMap(([of, verb, one, many]) => {
    const own = targets.filter((target) => target.class === of);
    if (own.length === 0) return [];
    const types = shares(own, ({ dataTypes }) => dataTypes.map((type) => DATA_WORDS[type])).map(
      ({ name, targets: count }) => (own.length === 1 ? name : `${count} with ${name}`),
    );
    return [`${verb} ${counted(own.length, one, many)}${types.length === 0 ? '' : ` (${types.join(', ')})`}`];
  });
  const [last] = parts.slice(-1);
  const all = parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
  const teams = new Set(targets.flatMap(({ team }) => team ?? []));
  return `${all}${teams.size === 0 ? '' : `, of ${counted(teams.size, 'team')}`}`;
}
