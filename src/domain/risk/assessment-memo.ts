import { getOrMake } from '#base/get-or-make.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import type { ResourceContext } from './deployment.ts';

/**
 * Remembers how findings are assessed that share one summary and one resource, the very same objects: of a million findings
 * many are alike. Lives as long as its settings, for one assessment of many issues.
 */
export class AssessmentMemo<Assessed extends object> {
  readonly #known = new WeakMap<FindingSummary, WeakMap<ResourceContext, Map<string, Assessed>>>();
  readonly #remembered = new WeakSet<Assessed>();

  /** `otherwise`: all else that the assessment depends on, in words. */
  of(summary: FindingSummary, resource: ResourceContext, otherwise: string, make: () => Assessed): Assessed {
    const onResources = getOrMake(this.#known, summary, () => new WeakMap());
    const assessments = getOrMake(onResources, resource, () => new Map());
    return getOrMake(assessments, otherwise, () => {
      const assessed = make();
      this.#remembered.add(assessed);
      return assessed;
    });
  }

  /** Whether this is of a kind of findings, and not of one alone. */
  has(assessed: Assessed): boolean {
    return this.#remembered.has(assessed);
  }
}
