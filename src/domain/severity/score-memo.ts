import {
  type AdjustedSeverity,
  type AdjustOptions,
  adjustVulnerability,
  type VulnerabilityContext,
} from './adjust-vulnerability.ts';
import {
  type ChosenRating,
  chooseBaseVector,
  type RatedPackage,
  type RatingClaim,
} from './choose-base-vector.ts';

/**
 * Remembers what was chosen and scored: the findings of one advisory share few ratings and few contexts,
 * and a score takes longer than everything around it. Lives for one assessment of many issues.
 */
export class ScoreMemo {
  readonly #chosen = new Map<string, ChosenRating>();
  readonly #adjusted = new Map<string, AdjustedSeverity>();

  choose(claims: readonly RatingClaim[], rated: RatedPackage): ChosenRating {
    return remember(this.#chosen, JSON.stringify([claims, rated]), () => chooseBaseVector(claims, rated));
  }

  adjust(rating: ChosenRating, context: VulnerabilityContext, options: AdjustOptions): AdjustedSeverity {
    const key = JSON.stringify([rating.vector?.text, rating.word, rating.wordCap, context, options]);
    return remember(this.#adjusted, key, () => adjustVulnerability(rating, context, options));
  }
}

function remember<T>(memory: Map<string, T>, key: string, make: () => T): T {
  let value = memory.get(key);
  if (value === undefined) {
    value = make();
    memory.set(key, value);
  }
  return value;
}
