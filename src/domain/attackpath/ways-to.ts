import { administratorOf } from './administrator.ts';
import type { RepresentativePath } from './attack-path.ts';
import type { AttackStep } from './attack-step.ts';
import { WaySearch } from './find-paths.ts';
import { costOfProbability } from './likelihood.ts';
import { ParallelSteps } from './parallel-steps.ts';
import type { PathFacts } from './path-facts.ts';
import type { Capability, State } from './state.ts';
import { shownName } from './step-text.ts';
import type { Target } from './target.ts';
import { representative } from './tell-path.ts';
import { byLikelihood, type Way } from './way.ts';

/** The best way from one entry to a resource. */
export interface WayIn extends RepresentativePath {
  /** What outsiders hold first. */
  readonly through: string;
  /** As steps name it. */
  readonly throughName: string;
  /** What is held of the resource at the end. */
  readonly gains: Capability;
}

/** Who can reach a resource (attack-paths §4.9), in likelihood. */
export interface WaysTo {
  readonly ways: readonly WayIn[];
  /** How many more entries there are. */
  readonly more: number;
  readonly notes: readonly string[];
}

const WAYS_MAX = 50;

/** Who asks waits for one answer, and wants every entry: half a second or so. */
const VISITS_MAX = 40_000_000;

/**
 * The best way from each entry over each pivot to a resource: to holding anything of it, which whoever administers the account
 * or cluster that it is in does too, or, where nobody holds anything by itself, to sending it requests.
 */
export function waysTo(facts: PathFacts, asset: string, estate: string | null = null): WaysTo {
  const held = new Map<string, State>();
  for (const { to } of facts.steps) if (to.asset === asset) held.set(to.capability, to);
  const own = [...held.values()].filter(({ capability }) => capability !== 'reach');
  const owner = facts.assets.get(asset)?.estate ?? estate;
  const targets = [...own, ...(owner === null ? [] : [administratorOf(owner)])].map((state) =>
    targetOf(state, nameOf(asset, facts)),
  );
  const search = new WaySearch(facts.steps, targets, VISITS_MAX);
  const { ways, notes } = search.ways();
  const found = [...bestOf(ways), ...(ways.some(endsAt(asset)) ? [] : knocks(facts, asset))].sort(
    byLikelihood,
  );
  const parallel = new ParallelSteps(search.states);
  return {
    ways: found.slice(0, WAYS_MAX).map((way) => {
      const through = (way.steps[0] as AttackStep).to.asset;
      return {
        ...representative(way, parallel),
        through,
        throughName: nameOf(through, facts),
        gains: (way.steps.at(-1) as AttackStep).to.capability,
      };
    }),
    more: Math.max(0, found.length - WAYS_MAX),
    notes,
  };
}

function endsAt(asset: string): (way: Way) => boolean {
  return ({ steps }) => steps.at(-1)?.to.asset === asset;
}

/** Of each entry and pivot the likeliest, whatever of the resource it leads to. */
function bestOf(ways: readonly Way[]): readonly Way[] {
  const best = new Map<string, Way>();
  for (const way of ways.toSorted(byLikelihood)) {
    const key = `${way.pivot}\n${(way.steps[0] as AttackStep).to.asset}`;
    if (!best.has(key)) best.set(key, way);
  }
  return [...best.values()];
}

/** Outsiders who get no further than to its door. */
function knocks(facts: PathFacts, asset: string): readonly Way[] {
  return facts.steps
    .filter(({ from, to }) => from.family === 'origin' && to.asset === asset)
    .map((step) => ({
      pivot: asset,
      target: targetOf(step.to, nameOf(asset, facts)),
      cost: costOfProbability(step.probability),
      steps: [step],
    }));
}

/** Whatever is asked about is wanted by whoever asks. */
function targetOf(state: State, name: string): Target {
  return {
    state,
    class: 'production-data',
    tier: 3,
    name,
    production: 'unknown',
    evidence: [],
  };
}

function nameOf(asset: string, { assets }: PathFacts): string {
  return shownName(assets.get(asset)?.context.name ?? asset);
}
