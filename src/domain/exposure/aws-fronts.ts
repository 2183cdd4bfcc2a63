import { addToList } from '#base/list-map.ts';
import type { EstateResource } from '../risk/estate.ts';
import { acceleratorFronts } from './aws-accelerator-exposure.ts';
import { apiFronts, bucketBehindApis } from './aws-api-exposure.ts';
import { distributionFronts } from './aws-distribution-exposure.ts';
import { endpointServiceFronts } from './aws-endpoint-service.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Front, FrontOf } from './aws-front.ts';
import { textsOf } from './aws-text-holders.ts';

const allFronts = (estate: AwsEstate): readonly FrontOf[] => [
  ...acceleratorFronts(estate),
  ...distributionFronts(estate),
  ...apiFronts(estate),
  ...endpointServiceFronts(estate),
];

const frontsByTarget = (estate: AwsEstate) => {
  const fronts = new Map<string, Front[]>();
  for (const [target, front] of estate.derived(allFronts)) addToList(fronts, target.toLowerCase(), front);
  return fronts;
};

/** What each front names as standing behind it, in lower case, by the key of the front. */
export const targetsByFront = (estate: AwsEstate): ReadonlyMap<string, readonly string[]> => {
  const targets = new Map<string, string[]>();
  for (const [target, { resource }] of estate.derived(allFronts))
    addToList(targets, resource.key, target.toLowerCase());
  return targets;
};

const BEHIND: ReadonlySet<string> = new Set([
  'load-balancer',
  'ec2-instance',
  's3-bucket',
  'lambda-function',
  'sqs-queue',
]);

/** Names in lower case by which fronts may know a resource; empty for what stands behind none. */
export function namesBehindFronts(estate: AwsEstate, resource: EstateResource): readonly string[] {
  if (!BEHIND.has(resource.type)) return [];
  const { key, name } = resource;
  return [
    key.replace(/^aws:/, ''),
    `${name}.s3.amazonaws.com`,
    bucketBehindApis(name),
    ...textsOf(estate.described(resource)),
  ].map((text) => text.toLowerCase().replace(/^https?:\/\/([^/]*)\/?$/, '$1'));
}

/** The fronts of a resource, by any of its names. */
export function frontsOf(estate: AwsEstate, names: readonly (string | undefined)[]): readonly Front[] {
  const known = estate.derived(frontsByTarget);
  if (known.size === 0) return [];
  return [
    ...new Set(names.flatMap((name) => (name === undefined ? [] : (known.get(name.toLowerCase()) ?? [])))),
  ];
}
