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

/**
 * How likely a path of this likelihood is at most: where its steps have one cause, all of them succeed as often as the
 * least likely one does (attack-paths §4.4, Lmax).
 */
export function mostOfPath(likelihood: number, probabilities: readonly number[]): number {
  // Costs are whole numbers, so a path of one step may come out a little likelier than that step.
  return Math.max(likelihood, Math.min(1, ...probabilities));
}
