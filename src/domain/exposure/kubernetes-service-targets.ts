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

/** Whether a service leads to pods of a workload, and why it is said so. */
export interface Led {
  readonly isLed: boolean;
  readonly why: Evidence;
}

/** Lists of one collection are imported within this time of each other. */
const ONE_LOOK_MS = 3_600_000;

/**
 * Whether a service leads to pods of a workload of its namespace (attack-paths §2.7, 5); null where nothing links them.
 * Its endpoints win over its selector: those of a slice whose every pod is of other workloads show that none of this one is
 * behind it. Pods that nothing describes show nothing, and neither do slices from before the workload was described.
 */
export function leadsTo(
  service: Placed<ServiceFacts>,
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): Led | null {
  const { facts, resource } = service;
  const { facts: own } = workload;
  const name = nameOf(workload.resource);
  const isSelected = selectsPods(facts.selector, own.name, own.podLabels);
  const written = endpointsOf(facts, estate);
  const naming = written.find(({ facts: { pods } }) => pods.some((pod) => isPodOf(pod, own)));
  if (naming === undefined && !isSelected) return null;
  const of = `${nameOf(resource)} selects ${name}`;
  if (naming === undefined && namesOnlyOthers(written, workload, estate))
    return {
      isLed: false,
      why: evidence(`${of}, and its endpoints are pods of others.`, written[0]?.resource ?? resource),
    };
  return {
    isLed: true,
    why:
      isSelected || naming === undefined
        ? evidence(`${of}.`, resource)
        : evidence(`${nameOf(resource)} leads to ${name}, by its endpoints.`, naming.resource),
  };
}

function namesOnlyOthers(
  written: readonly Placed<EndpointsFacts>[],
  { resource, facts }: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): boolean {
  const pods = written.flatMap((each) => each.facts.pods);
  const others = estate.within(estate.workloads, facts.namespace);
  return (
    pods.length > 0 &&
    written.every((each) => each.resource.seenAt >= resource.seenAt - ONE_LOOK_MS) &&
    pods.every((pod) => others.some((other) => isPodOf(pod, other.facts)))
  );
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
  return facts.serviceType === 'ExternalName'
    ? []
    : estate.within(estate.endpoints, facts.namespace).filter((each) => each.facts.service === facts.name);
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
