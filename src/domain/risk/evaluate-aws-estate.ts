import { withAnswers } from '../exposure/answered-ways.ts';
import { affectedByChanges, type ChangedResource } from '../exposure/aws-affected.ts';
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
 * `privileges` are those of everybody in all accounts; without them the account is all there is.
 */
export function evaluateAwsEstate(
  resources: readonly EstateResource[],
  surroundings: Surroundings = {},
  privileges = privilegesOf(resources, surroundings.now),
): ReadonlyMap<string, InventoryRisks> {
  return judge(estateOf(resources, surroundings), resources, privileges, surroundings);
}

/** What changes of an account affect (keys; null for all of it), and how that is judged now. */
interface AwsChangesJudged {
  readonly affected: ReadonlySet<string> | null;
  readonly risks: ReadonlyMap<string, InventoryRisks>;
}

/** The same after changes: answers for the resources that they affect, as the others are judged as they were. */
export function evaluateAwsChanges(
  resources: readonly EstateResource[],
  changes: readonly ChangedResource[],
  surroundings: Surroundings,
  privileges: KnownPrivileges,
): AwsChangesJudged {
  const now = estateOf(resources, surroundings);
  let before: AwsEstate | null = null;
  const then = (): AwsEstate => {
    before ??= estateOf(undone(resources, changes), surroundings);
    return before;
  };
  const affected = affectedByChanges({ resources, now, then, changes });
  const judged = affected === null ? resources : resources.filter(({ key }) => affected.has(key));
  return { affected, risks: judge(now, judged, privileges, surroundings) };
}

function undone(
  resources: readonly EstateResource[],
  changes: readonly ChangedResource[],
): readonly EstateResource[] {
  const before = new Map(changes.map((each) => [each.after.key, each.before]));
  return resources.flatMap((resource) => {
    const old = before.get(resource.key);
    return old === undefined ? [resource] : (old ?? []);
  });
}

function estateOf(resources: readonly EstateResource[], surroundings: Surroundings): AwsEstate {
  return new AwsEstate([...resources, ...(surroundings.organisation ?? [])], surroundings);
}

function judge(
  estate: AwsEstate,
  resources: readonly EstateResource[],
  privileges: KnownPrivileges,
  { answers }: Surroundings,
): ReadonlyMap<string, InventoryRisks> {
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const exposure = awsExposure(estate, resource);
    if (exposure === undefined && !hasIdentity(resource.type)) continue;
    const records = withAnswers(resource, exposure ?? [], answers?.get(resource.key) ?? []);
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
