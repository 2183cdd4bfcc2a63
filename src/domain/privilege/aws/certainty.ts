/**
 * How certain an answer is, as a chain: not at all; on something that nobody described; only in surroundings that an
 * attacker has to be in (a second factor, an address), which weakens it (attack-paths §3.1); certainly.
 * Alternatives are joined by the greater, what is needed together by the lesser.
 */
export type Certainty = 0 | 1 | 2 | 3;

export const NO: Certainty = 0;
export const UNDECIDED: Certainty = 1;
export const WEAKENED: Certainty = 2;
export const CERTAIN: Certainty = 3;

/** The certainty that something that is met so certainly does not happen. */
export function opposite(certainty: Certainty): Certainty {
  return certainty === NO ? CERTAIN : certainty === CERTAIN ? NO : certainty;
}

export function weaker(a: Certainty, b: Certainty): Certainty {
  return a < b ? a : b;
}

export function stronger(a: Certainty, b: Certainty): Certainty {
  return a > b ? a : b;
}
