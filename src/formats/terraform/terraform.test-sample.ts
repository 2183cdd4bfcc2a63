import type { ResourceObservation } from '#domain/finding/observation.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { terraform } from './terraform.ts';

const NAMING = { sourceId: 'terraform', cluster: null, repository: null, artifact: null };

/** What a state or plan tells of resources. */
export async function resourcesIn(
  text: string,
  name = 'envs/prod/network.json',
): Promise<readonly ResourceObservation[]> {
  const found = await observationsOf(terraform, text, { name });
  return found.filter((each) => each.kind === 'resource');
}

export const keyOf = ({ resource }: ResourceObservation) => identifyResource(resource, NAMING).key;

/** Whether each of them is open to strangers, and whether it is privileged. */
export function verdicts(
  resources: readonly ResourceObservation[],
): Readonly<Record<string, readonly [string, string]>> {
  const risks = evaluateAwsEstate(
    resources.map((each) => ({
      key: keyOf(each),
      type: each.type,
      name: each.name,
      account: each.account ?? null,
      region: each.region ?? null,
      tags: each.tags ?? {},
      facts: each.facts,
      seenAt: 0,
      provenance: 'terraform',
    })),
  );
  return Object.fromEntries(
    [...risks].map(([key, { publiclyAccessible, privilegedAccess }]) => [
      key,
      [publiclyAccessible.state, privilegedAccess.state],
    ]),
  );
}
