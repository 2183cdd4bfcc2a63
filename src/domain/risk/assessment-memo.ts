import { getOrMake } from '#base/get-or-make.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import type { AdvisoryRatings } from '../severity/advisory-rating.ts';
import { saysNothing } from './advisory-facts.ts';
import type { Assessment, FindingInput } from './assess-finding.ts';
import type { ResourceContext } from './deployment.ts';

/**
 * Remembers how findings are assessed that share one summary and one resource, the very same objects, and of which nothing
 * else tells anything: of a million findings many are alike. Lives as long as its settings, for one assessment of many issues.
 */
export class AssessmentMemo {
  readonly #known = new WeakMap<FindingSummary, WeakMap<ResourceContext, Map<string, Assessment>>>();

  assess(input: FindingInput, ratings: AdvisoryRatings, make: () => Assessment): Assessment {
    if (!isToldByThese(input, ratings)) return make();
    const { summary, resource, type, control, advisory } = input;
    const onResources = getOrMake(this.#known, summary, () => new WeakMap());
    const assessments = getOrMake(onResources, resource, () => new Map());
    return getOrMake(assessments, `${type} ${advisory !== null} ${control ?? ''}`, make);
  }
}

function isToldByThese(
  { summary: { path }, workloads, machines = [], runners, advisory }: FindingInput,
  ratings: AdvisoryRatings,
): boolean {
  return (
    path === undefined &&
    workloads.length + machines.length + runners.length === 0 &&
    (advisory === null || (saysNothing(advisory) && !ratings.has(advisory.id)))
  );
}
