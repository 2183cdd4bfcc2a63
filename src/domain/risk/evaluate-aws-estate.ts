import { AwsEstate } from '../exposure/aws-estate.ts';
import { awsExposure } from '../exposure/aws-exposure.ts';
import { publicAccessibility } from '../exposure/exposure-record.ts';
import {
  awsPrivilegedAccess,
  hasIdentity,
  type KnownPrivileges,
  type PrivilegedAccess,
  privilegesOf,
} from './aws-privileged-access.ts';
import { NOT_DESCRIBED } from './deployment.ts';
import type { EstateResource, InventoryRisks, Surroundings } from './estate.ts';

/**
 * Exposure and privilege of the resources of one AWS account (design: attack paths, public accessibility and IAM).
 * `privileges` are those of everybody in all accounts; without them the account is all there is. Answers for the
 * resources of `only` (keys) where it is given: the others are as they were.
 */
export function evaluateAwsEstate(
  resources: readonly EstateResource[],
  surroundings: Surroundings = {},
  privileges = privilegesOf(resources, surroundings.now),
  only: ReadonlySet<string> | null = null,
): ReadonlyMap<string, InventoryRisks> {
  const estate = new AwsEstate([...resources, ...(surroundings.organisation ?? [])], surroundings);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    if (only !== null && !only.has(resource.key)) continue;
    const exposure = awsExposure(estate, resource);
    if (exposure === undefined && !hasIdentity(resource.type)) continue;
    const records = exposure ?? [];
    const { verdict, privilege } = awsPrivilegedAccess(estate, resource, privileges);
    risks.set(resource.key, {
      publiclyAccessible: exposure === undefined ? NOT_DESCRIBED : publicAccessibility(records),
      privilegedAccess: verdict,
      exposure: records,
      privilege,
    });
  }
  return risks;
}

/** The privileges alone of what is somebody or acts as somebody, in one account. */
export function evaluateAwsPrivileges(
  resources: readonly EstateResource[],
  privileges: KnownPrivileges,
): ReadonlyMap<string, PrivilegedAccess> {
  const estate = new AwsEstate(resources);
  return new Map(
    resources.flatMap((resource): [string, PrivilegedAccess][] =>
      hasIdentity(resource.type) ? [[resource.key, awsPrivilegedAccess(estate, resource, privileges)]] : [],
    ),
  );
}
