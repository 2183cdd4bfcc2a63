import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import { holdsNothing, kubernetesExposure, unreachable } from '../exposure/kubernetes-exposure.ts';
import { kubernetesPrivilege } from '../privilege/kubernetes-privilege.ts';
import { PRIVILEGE_LEVELS, type Privilege } from '../privilege/privilege.ts';
import { type RiskVerdict, unknownRisk } from './detected-risk.ts';
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
]);

/** Objects that run nothing and hold no credential. */
const WITHOUT_RIGHTS = new Set([
  'service',
  'ingress',
  'gateway',
  'http-route',
  'network-policy',
  'namespace',
]);

/**
 * What the inventory of one cluster says about its resources. Besides the resources the lead hands over what was
 * listed: resources of the type `inventory-coverage`, `facts: { cover: 'Ingress' | 'Ingress/shop' }` (`kubernetesCover`), whatever
 * their key; they get no answer.
 */
export const evaluateKubernetesEstate: EvaluateEstate = (resources) => {
  const estate = new KubernetesEstate(resources);
  const exposure = kubernetesExposure(estate);
  const privilege = kubernetesPrivilege(estate);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const { key, type } = resource;
    if (type === 'inventory-coverage') continue;
    const publiclyAccessible =
      exposure.get(key) ?? (UNREACHABLE.has(type) ? unreachable(resource) : undefined);
    const privilegedAccess =
      privilege.get(key) ?? (WITHOUT_RIGHTS.has(type) ? holdsNothing(resource) : undefined);
    if (publiclyAccessible === undefined && privilegedAccess === undefined) continue;
    const exposed = publiclyAccessible ?? unknownRisk();
    const privileged = privilegedAccess ?? unknownRisk();
    risks.set(key, {
      publiclyAccessible: exposed,
      privilegedAccess: privileged,
      exposure: [wayIn(exposed)],
      privilege: privilegeOf(privileged),
    });
  }
  return risks;
};

function wayIn({ state, evidence, missing }: RiskVerdict): ExposureRecord {
  return {
    surface: 'any',
    audience: 'internet',
    auth: 'app',
    verdict: state,
    via: [],
    gates: [],
    evidence,
    missing,
  };
}

/** The evidence names the level that it proves. */
function privilegeOf({ state, evidence }: RiskVerdict): Privilege {
  if (state !== 'yes') return { level: state === 'no' ? 'none' : 'unknown', reasons: [] };
  const reasons = evidence.map((each) => each.sentence);
  const level = PRIVILEGE_LEVELS.find((each) => reasons.some((reason) => reason.includes(`(${each})`)));
  return { level: level ?? 'unknown', reasons };
}
