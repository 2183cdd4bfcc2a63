import {
  type AddressSet,
  ALL_V4,
  coversAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import type {
  NetworkPolicyFacts,
  PolicyPeer,
  PolicyPort,
  PolicyRule,
  ServiceFacts,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { selects } from '../resource/facts/kubernetes-selector.ts';
import { audienceOfSources, isPublic } from './audience.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import type { TrafficSource } from './kubernetes-front.ts';

/** Whether network policies let traffic through to a workload. */
export interface Passage {
  readonly is: 'open' | 'closed' | 'unknown';
  /** The policies that isolate the workload; empty when none does. */
  readonly policies: readonly Placed<NetworkPolicyFacts>[];
}

/**
 * What the network policies of a workload's namespace make of traffic from outside that comes by a service
 * (design: attack-paths, Kubernetes, 5). Without a policy that selects it everything passes; with one, only what a rule admits.
 */
export function passageTo(
  workload: Placed<WorkloadFacts>,
  service: ServiceFacts,
  source: TrafficSource,
  estate: KubernetesEstate,
): Passage {
  // Policies do not apply to pods on the node's own network.
  if (workload.facts.hostNetwork) return { is: 'open', policies: [] };
  const policies = estate
    .within(estate.policies, workload.facts.namespace)
    .filter(({ facts }) => facts.isolatesIngress && selects(facts.podSelector, workload.facts.podLabels));
  if (policies.length === 0) return { is: 'open', policies };
  const answers = policies.flatMap(({ facts }) =>
    facts.ingress.map((rule) => ruleAdmits(rule, facts.namespace, workload.facts, service, source, estate)),
  );
  return {
    is: answers.includes('yes') ? 'open' : answers.includes('unknown') ? 'unknown' : 'closed',
    policies,
  };
}

type Answer = 'yes' | 'no' | 'unknown';

function ruleAdmits(
  rule: PolicyRule,
  namespace: string,
  workload: WorkloadFacts,
  service: ServiceFacts,
  source: TrafficSource,
  estate: KubernetesEstate,
): Answer {
  const ports = portsAdmit(rule.ports, workload, service);
  if (ports === 'no') return 'no';
  if (rule.from.length === 0) return ports;
  const peers = rule.from.map((peer) => peerAdmits(peer, namespace, source, estate));
  if (!peers.includes('yes')) return peers.includes('unknown') ? 'unknown' : 'no';
  return ports;
}

function portsAdmit(ports: readonly PolicyPort[], workload: WorkloadFacts, service: ServiceFacts): Answer {
  if (ports.length === 0) return 'yes';
  const containerPorts = workload.containers.flatMap((container) => container.ports);
  const answers = service.ports.flatMap((target): Answer[] => {
    const named = containerPorts.find((port) => port.name !== '' && port.name === target.targetPort);
    const number = named?.port ?? (/^\d{1,5}$/.test(target.targetPort) ? Number(target.targetPort) : null);
    return ports.map((port) => {
      if (port.protocol !== target.protocol) return 'no';
      if (port.port === '' || port.port === target.targetPort) return 'yes';
      if (number === null) return 'unknown';
      if (!/^\d{1,5}$/.test(port.port))
        return containerPorts.some((each) => each.name === port.port && each.port === number) ? 'yes' : 'no';
      return number >= Number(port.port) && number <= (port.endPort ?? Number(port.port)) ? 'yes' : 'no';
    });
  });
  return answers.includes('yes')
    ? 'yes'
    : answers.includes('unknown') || service.ports.length === 0
      ? 'unknown'
      : 'no';
}

function peerAdmits(
  peer: PolicyPeer,
  namespace: string,
  source: TrafficSource,
  estate: KubernetesEstate,
): Answer {
  if (peer.is === 'block') return blockAdmits(addressesOf(peer), source, estate);
  if (source.is === 'unknown') return 'unknown';
  // Neither a client nor a node is a pod.
  if (source.is === 'outside') return 'no';
  const inNamespace = namespaceAdmits(peer.namespaces, namespace, source.namespace, estate);
  return selects(peer.pods, source.labels) ? inNamespace : 'no';
}

function namespaceAdmits(
  selector: (PolicyPeer & { is: 'pods' })['namespaces'],
  own: string,
  of: string,
  estate: KubernetesEstate,
): Answer {
  if (selector === null) return own === of ? 'yes' : 'no';
  const labels = estate.namespaceLabels(of);
  if (labels !== null) return selects(selector, labels) ? 'yes' : 'no';
  return Object.keys(selector.labels).length === 0 && selector.expressions.length === 0 ? 'yes' : 'unknown';
}

/**
 * Where the pod may see a node's address in place of the client's, a block counts only when both give the same
 * answer. The address of a controller's pod is not known.
 */
function blockAdmits(block: AddressSet, source: TrafficSource, estate: KubernetesEstate): Answer {
  if (source.is !== 'outside') return coversAddresses(block, ALL_V4) ? 'yes' : 'unknown';
  const client: Answer = isPublic(audienceOfSources(block)) ? 'yes' : 'no';
  if (source.keepsAddress) return client;
  const node = nodesWithin(block, estate);
  return client === node ? client : 'unknown';
}

function nodesWithin(block: AddressSet, estate: KubernetesEstate): Answer {
  if (coversAddresses(block, ALL_V4)) return 'yes';
  const addresses = estate.nodeAddresses;
  if (addresses.length === 0) return 'unknown';
  const within = addresses.filter((address) => coversAddresses(block, address)).length;
  return within === addresses.length ? 'yes' : within === 0 ? 'no' : 'unknown';
}

function addressesOf(peer: PolicyPeer & { is: 'block' }): AddressSet {
  const block = parseAddresses(peer.cidr) ?? NO_ADDRESSES;
  const holes = peer.except.map((text) => parseAddresses(text) ?? NO_ADDRESSES);
  return holes.length === 0 ? block : subtractAddresses(block, unionAddresses(...holes));
}
