import { COST_MAX } from '#graph/graph.ts';

/** Costs count tenths of a halving: ten of them halve a likelihood. */
const COSTS_OF_A_HALVING = 10;

/** What a step costs that succeeds with this probability, above 0 and up to 1 (attack-paths §4.4). */
export function costOfProbability(probability: number): number {
  const cost = Math.round(-COSTS_OF_A_HALVING * Math.log2(probability));
  return Math.min(COST_MAX, Math.max(1, cost));
}

/** How likely a path is to succeed, from the sum of its costs: the product of its steps, as far as costs tell them apart. */
export function likelihoodOfCost(cost: number): number {
  return 2 ** (-cost / COSTS_OF_A_HALVING);
}
