import type {
  EndpointsFacts,
  ObjectFacts,
  ServiceFacts,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { selectsPods } from '../resource/facts/kubernetes-selector.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';

/** Why a service leads to pods of a workload of its namespace (attack-paths §2.7, 5); null where it does not. */
export function leadsTo(
  service: Placed<ServiceFacts>,
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): Evidence | null {
  const { facts, resource } = service;
  const { facts: own } = workload;
  const name = nameOf(workload.resource);
  if (selectsPods(facts.selector, own.name, own.podLabels))
    return evidence(`${nameOf(resource)} selects ${name}.`, resource);
  const written = endpointsOf(facts, estate).find(({ facts: { pods } }) =>
    pods.some((pod) => isPodOf(pod, own)),
  );
  return written === undefined
    ? null
    : evidence(`${nameOf(resource)} leads to ${name}, by its endpoints.`, written.resource);
}

/**
 * Whether what a service without a selector leads to was not supplied: its endpoints, which somebody wrote. A name
 * for something else leads nowhere by itself.
 */
export function lacksEndpoints(facts: ServiceFacts, estate: KubernetesEstate): boolean {
  if (!writesItsOwn(facts) || endpointsOf(facts, estate).length > 0) return false;
  return !estate.looked('EndpointSlice', facts.namespace) && !estate.looked('Endpoints', facts.namespace);
}

/** The service of the same cluster that a name for another stands for: `web.shop.svc.cluster.local`; null for names outside it. */
export function namesake({ serviceType, externalName }: ServiceFacts): ObjectFacts | null {
  if (serviceType !== 'ExternalName') return null;
  const [, name, namespace] =
    /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?$/.exec(externalName?.toLowerCase() ?? '') ?? [];
  return name === undefined || namespace === undefined ? null : { objectKind: 'Service', namespace, name };
}

function endpointsOf(facts: ServiceFacts, estate: KubernetesEstate): readonly Placed<EndpointsFacts>[] {
  return writesItsOwn(facts)
    ? estate.within(estate.endpoints, facts.namespace).filter((each) => each.facts.service === facts.name)
    : [];
}

function writesItsOwn({ selector, serviceType }: ServiceFacts): boolean {
  return serviceType !== 'ExternalName' && Object.keys(selector).length === 0;
}

/** What controllers put behind their own name to name a pod. */
const SUFFIXES: Readonly<Record<string, RegExp>> = {
  Deployment: /^[a-z0-9]{1,10}-[a-z0-9]{5}$/,
  Rollout: /^[a-z0-9]{1,10}-[a-z0-9]{5}$/,
  StatefulSet: /^\d{1,6}$/,
  CronJob: /^\d+-[a-z0-9]{5}$/,
};

function isPodOf(pod: string, { objectKind, name }: WorkloadFacts): boolean {
  if (pod === name) return true;
  if (!pod.startsWith(`${name}-`)) return false;
  return (SUFFIXES[objectKind] ?? /^[a-z0-9]{5}$/).test(pod.slice(name.length + 1));
}
