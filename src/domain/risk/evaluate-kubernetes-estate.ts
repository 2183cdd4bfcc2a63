import { publicAccessibility } from '../exposure/exposure-record.ts';
import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import { kubernetesExposure, unreachable } from '../exposure/kubernetes-exposure.ts';
import { holdsNothing, kubernetesPrivilege } from '../privilege/kubernetes-privilege.ts';
import { unknownRisk } from './detected-risk.ts';
import type { EvaluateEstate, InventoryRisks } from './estate.ts';

/** Entries of the API server to which no packet can be sent. */
const UNREACHABLE = new Set([
  'service-account',
  'role',
  'cluster-role',
  'role-binding',
  'cluster-role-binding',
  'network-policy',
  'namespace',
  'reference-grant',
  'endpoint-slice',
  'endpoints',
  'backend-config',
  'gcp-backend-policy',
]);

/** Objects that run nothing and hold no credential. */
const WITHOUT_RIGHTS = new Set([
  'service',
  'ingress',
  'route',
  'gateway',
  'istio-gateway',
  'http-route',
  'virtual-service',
  'network-policy',
  'namespace',
  'reference-grant',
  'endpoint-slice',
  'endpoints',
  'backend-config',
  'gcp-backend-policy',
]);

/**
 * What the inventory of one cluster says about its resources. Besides the resources the lead hands over what was
 * listed: resources of the type `inventory-coverage`, `facts: { cover: 'Ingress' | 'Ingress/shop' }` (`kubernetesCover`), whatever
 * their key; they get no answer.
 */
export const evaluateKubernetesEstate: EvaluateEstate = (resources, surroundings) => {
  const estate = new KubernetesEstate(resources, surroundings);
  const exposures = kubernetesExposure(estate);
  const privileges = kubernetesPrivilege(estate, surroundings?.cloud);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const { key, type } = resource;
    if (type === 'inventory-coverage') continue;
    const exposure = exposures.get(key) ?? (UNREACHABLE.has(type) ? unreachable(resource) : undefined);
    const judgement = privileges.get(key) ?? (WITHOUT_RIGHTS.has(type) ? holdsNothing(resource) : undefined);
    if (exposure === undefined && judgement === undefined) continue;
    risks.set(key, {
      publiclyAccessible: exposure === undefined ? unknownRisk() : publicAccessibility(exposure),
      privilegedAccess: judgement?.verdict ?? unknownRisk(),
      exposure: exposure ?? [],
      privilege: judgement?.privilege ?? { level: 'unknown', reasons: [] },
    });
  }
  return risks;
};
