import { getOrMake } from '#base/get-or-make.ts';
import {
  type AdjustedSeverity,
  type AdjustOptions,
  adjustVulnerability,
  isTooYoungForEpss,
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
  readonly #adjusted = new WeakMap<ChosenRating, Map<string, AdjustedSeverity>>();

  choose(claims: readonly RatingClaim[], rated: RatedPackage): ChosenRating {
    return getOrMake(this.#chosen, JSON.stringify([claims, rated]), () => chooseBaseVector(claims, rated));
  }

  adjust(rating: ChosenRating, context: VulnerabilityContext, options: AdjustOptions): AdjustedSeverity {
    const ofRating = getOrMake(this.#adjusted, rating, () => new Map());
    const { public: exposed, production, exploit, epss, epssAt } = context;
    const key = `${exposed} ${production} ${exploit} ${epss} ${epssAt} ${isTooYoungForEpss(context)} ${options.epssRule}`;
    return getOrMake(ofRating, key, () => adjustVulnerability(rating, context, options));
  }
}
