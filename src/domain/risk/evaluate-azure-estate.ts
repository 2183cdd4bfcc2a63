import { withAnswers } from '../exposure/answered-ways.ts';
import { AzureEstate } from '../exposure/azure-estate.ts';
import { azureExposure } from '../exposure/azure-exposure.ts';
import { publicAccessibility } from '../exposure/exposure-record.ts';
import { AzurePrivileges } from '../privilege/azure-privilege.ts';
import { judgePrivilege } from './cloud-judgement.ts';
import type { EvaluateEstate, InventoryRisks } from './estate.ts';

/**
 * Exposure and privilege of everything in Azure that was described: roles are inherited from management groups, and
 * an identity of one subscription has rights in another, so all subscriptions are evaluated together.
 */
export const evaluateAzureEstate: EvaluateEstate = (resources, surroundings) => {
  const estate = new AzureEstate(resources, surroundings);
  const privileges = new AzurePrivileges(estate);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const described = azureExposure(estate, resource);
    if (described === undefined) continue;
    const exposure = withAnswers(resource, described, surroundings?.answers?.get(resource.key) ?? []);
    const own = privileges.ofPrincipal(resource);
    const { verdict, privilege } =
      own === undefined
        ? judgePrivilege(
            resource,
            privileges.ofWorkload(resource),
            `${resource.name} runs as an identity that`,
          )
        : judgePrivilege(resource, own, resource.name);
    risks.set(resource.key, {
      publiclyAccessible: publicAccessibility(exposure),
      privilegedAccess: verdict,
      exposure,
      privilege,
    });
  }
  return risks;
};
