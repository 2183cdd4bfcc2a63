import { addToList } from '#base/list-map.ts';
import type { RouteFacts, ServiceFacts, WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { selectsPods } from '../resource/facts/kubernetes-selector.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { type Front, gatewayFront, ingressFront, nodesVerdict, serviceFront } from './kubernetes-front.ts';
import { passageTo } from './kubernetes-network-policy.ts';
import { anyOf, no, unknown, withFact } from './kubernetes-verdict.ts';

/**
 * Which workloads, services, ingresses, gateways, routes and nodes of a cluster the internet reaches (design:
 * attack-paths, Kubernetes). *No* for a workload needs the services of its namespace, and its ingresses where a
 * service selects it. Network policies, Gateway API and meshes are off unless the inventory shows them: the evidence says so.
 */
export function kubernetesExposure(estate: KubernetesEstate): ReadonlyMap<string, RiskVerdict> {
  const verdicts = new Map<string, RiskVerdict>();
  const fronts = new Fronts(estate);
  for (const workload of estate.workloads)
    verdicts.set(workload.resource.key, workloadVerdict(workload, estate, fronts));
  for (const service of estate.services)
    verdicts.set(service.resource.key, serviceVerdict(service, estate, fronts));
  for (const ingress of estate.ingresses)
    verdicts.set(ingress.resource.key, fronts.of(ingress.resource)?.verdict ?? unknown('an address'));
  for (const gateway of estate.gateways)
    verdicts.set(gateway.resource.key, fronts.of(gateway.resource)?.verdict ?? unknown('an address'));
  for (const route of estate.routes) {
    const attached = fronts.ofRoute(route).map((front) => front.verdict);
    verdicts.set(
      route.resource.key,
      attached.length === 0
        ? no(`${nameOf(route.resource)} is attached to no gateway.`, route.resource)
        : anyOf(attached),
    );
  }
  for (const node of estate.nodes) verdicts.set(node.resource.key, nodesVerdict(estate, [node]));
  return verdicts;
}

/** Every front of the cluster, decided once, and which services stand behind it. */
class Fronts {
  readonly #byKey = new Map<string, Front>();
  readonly #behind = new Map<string, Front[]>();
  readonly #gateways = new Map<string, Front>();

  constructor(estate: KubernetesEstate) {
    for (const service of estate.services)
      this.#byKey.set(service.resource.key, serviceFront(service, estate));
    for (const gateway of estate.gateways) {
      const front = gatewayFront(gateway, estate);
      this.#byKey.set(gateway.resource.key, front);
      this.#gateways.set(`${gateway.facts.namespace}/${gateway.facts.name}`, front);
    }
    for (const ingress of estate.ingresses) {
      const front = ingressFront(ingress, estate);
      this.#byKey.set(ingress.resource.key, front);
      for (const backend of ingress.facts.backends)
        this.#add(`${ingress.facts.namespace}/${backend}`, leadingBy(front, ingress.resource));
    }
    for (const route of estate.routes) {
      const fronts = this.ofRoute(route).map((front) => leadingBy(front, route.resource));
      for (const backend of route.facts.backends)
        for (const front of fronts) this.#add(`${backend.namespace}/${backend.name}`, front);
    }
  }

  of(resource: EstateResource): Front | undefined {
    return this.#byKey.get(resource.key);
  }

  /** Fronts that lead to a service, its own address apart. */
  behind(service: Placed<ServiceFacts>): readonly Front[] {
    return this.#behind.get(`${service.facts.namespace}/${service.facts.name}`) ?? [];
  }

  ofRoute(route: Placed<RouteFacts>): readonly Front[] {
    return route.facts.parents
      .filter((parent) => parent.objectKind === 'Gateway')
      .map((parent): Front => {
        const known = this.#gateways.get(`${parent.namespace}/${parent.name}`);
        return (
          known ?? {
            verdict: unknown(
              `the Gateway ${parent.namespace}/${parent.name}: kubectl get gateways -A -o json`,
            ),
            login: null,
            source: { is: 'unknown' },
          }
        );
      });
  }

  #add(service: string, front: Front): void {
    addToList(this.#behind, service, front);
  }
}

/** A front as what stands behind it sees it: with the object that leads there, and closed by a login. */
function leadingBy(front: Front, by: EstateResource): Front {
  if (front.verdict.state !== 'yes') return front;
  if (front.login !== null)
    return { ...front, verdict: no(`Reachable behind ${front.login} at ${nameOf(by)} only.`, by) };
  return { ...front, verdict: withFact(front.verdict, `${nameOf(by)} leads there.`, by) };
}

function serviceVerdict(
  service: Placed<ServiceFacts>,
  estate: KubernetesEstate,
  fronts: Fronts,
): RiskVerdict {
  const own = fronts.of(service.resource);
  const ways = [
    ...(own === undefined ? [] : [own.verdict]),
    ...fronts.behind(service).map((front) => front.verdict),
  ];
  return assumingNoGateways(
    anyOf([...ways, ...missingFronts(service.facts.namespace, estate)]),
    service.resource,
    estate,
  );
}

function workloadVerdict(
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
  fronts: Fronts,
): RiskVerdict {
  const { facts, resource } = workload;
  const name = nameOf(resource);
  if (facts.replicas === 0) return no(`${name} runs no pod: dormant, exposed when started.`, resource);
  const services = estate
    .within(estate.services, facts.namespace)
    .filter((service) => selectsPods(service.facts.selector, facts.name, facts.podLabels));
  const ways: RiskVerdict[] = [];
  for (const service of services) {
    for (const front of [fronts.of(service.resource), ...fronts.behind(service)]) {
      if (front !== undefined) ways.push(through(front, service, workload, estate));
    }
  }
  const hostPorts = facts.containers
    .flatMap((container) => container.ports)
    .flatMap((port) => port.hostPort ?? []);
  if (facts.hostNetwork)
    ways.push(withFact(nodesVerdict(estate), `${name} listens on its node's own network.`, resource));
  else if (hostPorts.length > 0)
    ways.push(
      withFact(
        nodesVerdict(estate),
        `${name} takes port ${hostPorts.slice(0, 8).join(', ')} of its node.`,
        resource,
      ),
    );
  if (!estate.looked('Service', facts.namespace))
    ways.push(unknown(`services of the namespace ${facts.namespace}: kubectl get services -A -o json`));
  else if (services.length === 0)
    ways.push(no(`No service of the namespace ${facts.namespace} selects ${name}.`, resource));
  else ways.push(...missingFronts(facts.namespace, estate));
  const verdict = anyOf(ways);
  return services.length === 0 ? verdict : assumingNoGateways(verdict, resource, estate);
}

/** Gateways are an extension that most clusters lack and cannot be asked for: without one in the inventory there is none. */
function assumingNoGateways(
  verdict: RiskVerdict,
  resource: EstateResource,
  estate: KubernetesEstate,
): RiskVerdict {
  if (verdict.state !== 'no' || estate.gateways.length > 0 || estate.looked('Gateway', null)) return verdict;
  return withFact(verdict, 'Assumes that the cluster has no gateways: none was supplied.', resource);
}

/** What could still lead to the services of a namespace and was not supplied, or cannot be read. */
function missingFronts(namespace: string, estate: KubernetesEstate): readonly RiskVerdict[] {
  const missing: RiskVerdict[] = [];
  if (!estate.looked('Ingress', namespace))
    missing.push(unknown(`ingresses of the namespace ${namespace}: kubectl get ingresses -A -o json`));
  const [unread] = estate.unreadFronts;
  if (unread !== undefined) missing.push(unknown(`where ${unread} and its kind lead: they are not read`));
  return missing;
}

/** What of a front's traffic reaches the workload behind a service. */
function through(
  front: Front,
  service: Placed<ServiceFacts>,
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): RiskVerdict {
  const { verdict } = front;
  if (verdict.state === 'no') return verdict;
  const { facts, resource } = workload;
  const { is, policies } = passageTo(workload, service.facts, front.source, estate);
  const [policy] = policies;
  const selected = withFact(
    verdict,
    `${nameOf(service.resource)} selects ${nameOf(resource)}.`,
    service.resource,
  );
  if (policy === undefined) {
    if (facts.hostNetwork || estate.looked('NetworkPolicy', facts.namespace)) return selected;
    return withFact(selected, 'Assumes that no network policy isolates it: none was supplied.', resource);
  }
  const policyName = nameOf(policy.resource);
  if (is === 'closed')
    return no(
      `${policyName} keeps traffic from outside away from ${nameOf(resource)}; assumes that the cluster's network enforces policies.`,
      policy.resource,
    );
  if (is === 'unknown')
    return unknown(
      `which addresses ${nameOf(resource)} sees behind ${policyName} (nodes, ingress controller, namespaces)`,
      selected.evidence,
    );
  return withFact(selected, `${policyName} admits it.`, policy.resource);
}

/** Kinds that no packet can be sent to: the answer is certain without any input. */
export function unreachable(resource: EstateResource): RiskVerdict {
  return no(`${nameOf(resource)} is an entry in the API server and has no address of its own.`, resource);
}

/** Kinds that hold no credential and run nothing. */
export function holdsNothing(resource: EstateResource): RiskVerdict {
  return no(`${nameOf(resource)} runs nothing and holds no credential.`, resource);
}
