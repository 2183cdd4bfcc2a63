import { addToList } from '#base/list-map.ts';
import { acceleratorFronts } from './aws-accelerator-exposure.ts';
import { apiFronts } from './aws-api-exposure.ts';
import { distributionFronts } from './aws-distribution-exposure.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Front } from './aws-front.ts';

const frontsByTarget = (estate: AwsEstate) => {
  const fronts = new Map<string, Front[]>();
  for (const [target, front] of [
    ...acceleratorFronts(estate),
    ...distributionFronts(estate),
    ...apiFronts(estate),
  ])
    addToList(fronts, target.toLowerCase(), front);
  return fronts;
};

/** The fronts of a resource, by any of its names. */
export function frontsOf(estate: AwsEstate, names: readonly (string | undefined)[]): readonly Front[] {
  const known = estate.derived(frontsByTarget);
  if (known.size === 0) return [];
  return [
    ...new Set(names.flatMap((name) => (name === undefined ? [] : (known.get(name.toLowerCase()) ?? [])))),
  ];
}
