import type { ServiceFacts, ServicePort, WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { administers } from './kubernetes-admin-port.ts';
import { anonymousExposure } from './kubernetes-anonymous.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { KubernetesFronts } from './kubernetes-fronts.ts';
import { reachOfNodes, waysToMachine } from './kubernetes-node-exposure.ts';
import { throughPolicies } from './kubernetes-passage.ts';
import { type FrontWay, surfaceOf } from './kubernetes-service-front.ts';
import { lacksEndpoints, leadsTo } from './kubernetes-service-targets.ts';
import { type ClusterWay, distinctRecords, onward, recordOf } from './kubernetes-way.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, unsureWay } from './way-in.ts';

type Exposures = ReadonlyMap<string, readonly ExposureRecord[]>;

/**
 * The ways in to the workloads, services, ingresses, gateways, routes and nodes of a cluster, and to its API for
 * callers without a login (attack-paths §2.7). *No* for a workload needs the services of its namespace, and its ingresses
 * where a service selects it. Network policies, Gateway API and meshes are off unless the inventory shows them: the evidence says so.
 */
export function kubernetesExposure(estate: KubernetesEstate): Exposures {
  const records = new Map<string, readonly ExposureRecord[]>();
  const fronts = new KubernetesFronts(estate);
  const told = (way: ClusterWay): ExposureRecord => recordOf(way, estate.audienceOf);
  const put = (resource: EstateResource, own: readonly ExposureRecord[]): void => {
    records.set(resource.key, distinctRecords(own));
  };
  for (const workload of estate.workloads) put(workload.resource, exposeWorkload(workload, estate, fronts));
  for (const { resource, facts } of estate.services) {
    const ways = fronts.to(facts).map((way) => noting(way, facts.name, resource, [way.port], estate));
    const own = [...ways.map(told), ...missingFronts(facts.namespace, estate)];
    put(resource, assumingNoGateways(own, resource, estate));
  }
  for (const { resource } of [...estate.ingresses, ...estate.gateways])
    put(resource, fronts.at(resource).map(told));
  for (const route of estate.routes) {
    const ways = fronts.at(route.resource).map(told);
    const detached = evidence(`${nameOf(route.resource)} is attached to no gateway.`, route.resource);
    put(route.resource, ways.length === 0 ? [closedWay({ evidence: [detached] })] : ways);
  }
  for (const node of estate.nodes) {
    const reach = reachOfNodes(estate, null, [node]);
    put(node.resource, waysToMachine(node, estate) ?? [told({ ...reach, surface: 'any', auth: 'app' })]);
  }
  for (const binding of estate.bindings) {
    const own = anonymousExposure(binding, estate);
    if (own !== undefined) put(binding.resource, own);
  }
  return records;
}

function exposeWorkload(
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
  fronts: KubernetesFronts,
): readonly ExposureRecord[] {
  const { facts, resource } = workload;
  const name = nameOf(resource);
  const others = estate.within(estate.services, facts.namespace);
  const linked = others.flatMap((service) => {
    const led = leadsTo(service, workload, estate);
    return led === null ? [] : [{ service, ...led }];
  });
  const services = linked.filter(({ isLed }) => isLed);
  const ways: ClusterWay[] = services.flatMap(({ service, why }) =>
    fronts.to(service.facts).map((way) => {
      const led = throughPolicies(onward(way, { fact: why }), workload, estate);
      return noting(led, facts.name, resource, [way.port], estate);
    }),
  );
  ways.push(...onNodes(workload, estate));
  const records = ways.map((way) => recordOf(way, estate.audienceOf));
  if (!estate.looked('Service', facts.namespace))
    records.push(
      unsureWay([`services of the namespace ${facts.namespace}: kubectl get services -A -o json`]),
    );
  else if (linked.length === 0) {
    const sentence = `No service of the namespace ${facts.namespace} selects ${name}.`;
    records.push(closedWay({ via: [name], evidence: [evidence(sentence, resource)] }));
  } else if (services.length > 0) records.push(...missingFronts(facts.namespace, estate));
  for (const { service, isLed, why } of linked)
    if (!isLed) records.push(closedWay({ via: [nameOf(service.resource)], evidence: [why] }));
  records.push(...missingEndpoints(others, fronts, estate));
  const complete = services.length === 0 ? records : assumingNoGateways(records, resource, estate);
  return facts.replicas === 0 ? asleep(complete, resource) : complete;
}

/** Scaled down, suspended or finished: closed, and whatever was open or in doubt comes back when it starts. */
function asleep(records: readonly ExposureRecord[], resource: EstateResource): readonly ExposureRecord[] {
  const fact = evidence(`${nameOf(resource)} runs no pod: dormant, exposed when started.`, resource);
  const still = evidence(`${nameOf(resource)} runs no pod.`, resource);
  return records.map((record): ExposureRecord => {
    const isClosed = record.verdict === 'no' || (record.verdict === 'yes' && !isPublic(record.audience));
    const closed = { ...record, audience: 'internet', verdict: 'no', missing: [] } as const;
    return isClosed && record.isDormant !== true
      ? { ...closed, evidence: [still, ...record.evidence] }
      : { ...closed, evidence: [fact, ...record.evidence], isDormant: true };
  });
}

/** The ports that a workload takes of its nodes (attack-paths §2.7, 4). */
function onNodes(workload: Placed<WorkloadFacts>, estate: KubernetesEstate): readonly ClusterWay[] {
  const { facts, resource } = workload;
  const name = nameOf(resource);
  const ports = facts.containers.flatMap((container) => container.ports);
  const taken = ports.flatMap((port) => {
    const onNode = facts.hostNetwork ? port.port : port.hostPort;
    return onNode === null ? [] : [{ ...port, onNode }];
  });
  const step = (port: number | null) => ({
    gate: facts.hostNetwork ? `${name}: hostNetwork` : `${name}: hostPort ${port}`,
    fact: evidence(
      facts.hostNetwork
        ? `${name} listens on its node's own network.`
        : `${name} takes port ${port} of its node.`,
      resource,
    ),
  });
  if (facts.hostNetwork && taken.length === 0) {
    const reach = onward(onward(reachOfNodes(estate, null), step(null)), { via: name });
    return [{ ...reach, surface: 'any', auth: 'app' }];
  }
  return taken.map(({ name: portName, port, protocol, onNode }) => {
    const target: ServicePort = { name: portName, port, protocol, targetPort: String(port), nodePort: null };
    const way: FrontWay = {
      ...onward(reachOfNodes(estate, { protocol, port: onNode }), step(onNode)),
      surface: surfaceOf(target, onNode),
      auth: 'app',
      login: null,
      source: { is: 'outside', keepsAddress: false },
      port: target,
    };
    const passed = throughPolicies(way, workload, estate);
    return noting(passed, facts.name, resource, [{ ...target, nodePort: onNode }], estate);
  });
}

/** A way that leads to what administers the cluster says so, as long as it is not closed. */
function noting<Way extends ClusterWay>(
  way: Way,
  name: string,
  resource: EstateResource,
  ports: readonly (ServicePort | null)[],
  estate: KubernetesEstate,
): Way {
  if (!isPublic(estate.audienceOf(way.possible))) return way;
  const numbers = ports.flatMap((port) => (port === null ? [] : [port.port, port.targetPort, port.nodePort]));
  const found = administers(name, numbers);
  if (found === null) return way;
  const led = onward(way, { fact: evidence(`${nameOf(resource)} is ${found.what}.`, resource) });
  return found.runsCode ? { ...led, hands: 'exec' } : led;
}

/** Gateways are an extension that most clusters lack and cannot be asked for: without one in the inventory there is none. */
function assumingNoGateways(
  records: readonly ExposureRecord[],
  resource: EstateResource,
  estate: KubernetesEstate,
): readonly ExposureRecord[] {
  if (estate.gateways.length > 0 || estate.looked('Gateway', null)) return records;
  const fact = evidence('Assumes that the cluster has no gateways: none was supplied.', resource);
  return records.map((record) =>
    record.verdict === 'no' ? { ...record, evidence: [...record.evidence, fact] } : record,
  );
}

/** What could still lead to the services of a namespace and was not supplied, or cannot be read. */
function missingFronts(namespace: string, estate: KubernetesEstate): readonly ExposureRecord[] {
  const missing: ExposureRecord[] = [];
  if (!estate.looked('Ingress', namespace))
    missing.push(
      unsureWay([
        `ingresses of the namespace ${namespace}: kubectl get services,ingresses -A -o json > services,ingresses.json`,
      ]),
    );
  const [unread] = estate.unreadFronts;
  if (unread !== undefined) missing.push(unsureWay([noInventoryTells(`where ${unread} and its kind lead`)]));
  return missing;
}

/** An open service of a namespace without a selector may lead to any of its pods. */
function missingEndpoints(
  services: readonly Placed<ServiceFacts>[],
  fronts: KubernetesFronts,
  estate: KubernetesEstate,
): readonly ExposureRecord[] {
  const open = services.find(
    ({ facts }) =>
      lacksEndpoints(facts, estate) &&
      fronts.to(facts).some((way) => isPublic(estate.audienceOf(way.possible))),
  );
  if (open === undefined) return [];
  return [
    unsureWay([`what ${nameOf(open.resource)} leads to: kubectl get endpointslices,endpoints -A -o json`]),
  ];
}

/** Kinds that no packet can be sent to: the answer is certain without any input. */
export function unreachable(resource: EstateResource): readonly ExposureRecord[] {
  const sentence = `${nameOf(resource)} is an entry in the API server and has no address of its own.`;
  return [closedWay({ evidence: [evidence(sentence, resource)] })];
}
