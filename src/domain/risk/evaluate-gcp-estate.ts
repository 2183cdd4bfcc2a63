import { withAnswers } from '../exposure/answered-ways.ts';
import { publicAccessibility } from '../exposure/exposure-record.ts';
import { GcpEstate } from '../exposure/gcp-estate.ts';
import { gcpExposure } from '../exposure/gcp-exposure.ts';
import { GcpPrivileges } from '../privilege/gcp-privilege.ts';
import { judgePrivilege } from './cloud-judgement.ts';
import type { EvaluateEstate, InventoryRisks } from './estate.ts';

/**
 * Exposure and privilege of everything in Google Cloud that was described: policies are inherited from folders and
 * the organisation, and networks are shared between projects, so all projects are evaluated together.
 */
export const evaluateGcpEstate: EvaluateEstate = (resources, surroundings) => {
  const estate = new GcpEstate(resources, surroundings);
  const privileges = new GcpPrivileges(estate);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const described = gcpExposure(estate, resource);
    if (described === undefined) continue;
    const exposure = withAnswers(resource, described, surroundings?.answers?.get(resource.key) ?? []);
    const own = privileges.ofPrincipal(resource);
    const { verdict, privilege } =
      own === undefined
        ? judgePrivilege(
            resource,
            privileges.ofWorkload(resource),
            `${resource.name} runs as a service account that`,
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
