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
  Labels,
  NetworkPolicyFacts,
  PolicyPeer,
  PolicyPort,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { selects } from '../resource/facts/kubernetes-selector.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import { EVERYWHERE } from './passage.ts';

/** Where a pod sees a request come from that entered by a front. */
export type TrafficSource =
  /** `keepsAddress`: the client's own address; else possibly that of a node or a load balancer. */
  | { readonly is: 'outside'; readonly keepsAddress: boolean }
  | { readonly is: 'pods'; readonly namespace: string; readonly labels: Labels }
  | { readonly is: 'unknown' };

/** Where a request goes to at the pod: a port by number or name. */
export interface PodPort {
  readonly protocol: string;
  readonly port: string;
}

/** Which clients network policies let through to a port of a workload. */
export interface PolicyPassage {
  readonly certain: AddressSet;
  readonly possible: AddressSet;
  /** The policies that isolate the workload; empty when none does. */
  readonly policies: readonly Placed<NetworkPolicyFacts>[];
  /** Those with a rule that admits somebody. */
  readonly admitting: readonly Placed<NetworkPolicyFacts>[];
}

/**
 * What the network policies of a workload's namespace make of traffic from outside to a port of it
 * (attack-paths §2.7, 5). Without a policy that selects it everything passes; with one, only what some rule of some
 * policy admits. `port` null: which port it is, is not known.
 */
export function passageTo(
  workload: WorkloadFacts,
  port: PodPort | null,
  source: TrafficSource,
  estate: KubernetesEstate,
): PolicyPassage {
  // Policies do not apply to pods on the node's own network.
  const policies = workload.hostNetwork
    ? []
    : estate
        .within(estate.policies, workload.namespace)
        .filter(({ facts }) => facts.isolatesIngress && selects(facts.podSelector, workload.podLabels));
  if (policies.length === 0)
    return { certain: EVERYWHERE, possible: EVERYWHERE, policies, admitting: policies };
  const admitted: Admitted[] = [];
  const admitting = new Set<Placed<NetworkPolicyFacts>>();
  for (const policy of policies) {
    for (const rule of policy.facts.ingress) {
      const ports = portsAdmit(rule.ports, workload, port);
      if (ports === 'no') continue;
      const peers =
        rule.from.length === 0
          ? [EVERYBODY]
          : rule.from.map((peer) => peerAdmits(peer, policy, source, estate));
      if (peers.some((peer) => peer.isPossible)) admitting.add(policy);
      admitted.push(...(ports === 'yes' ? peers : peers.map(inDoubt)));
    }
  }
  return { ...clientsOf(admitted, source, estate), policies, admitting: [...admitting] };
}

type Answer = 'yes' | 'no' | 'unknown';

/** Whom a peer of a rule admits: blocks of addresses as the pod sees them, or everybody who comes from the source. */
interface Admitted {
  readonly block: AddressSet;
  readonly isCertain: boolean;
  readonly isPossible: boolean;
}

const EVERYBODY: Admitted = { block: EVERYWHERE, isCertain: true, isPossible: true };
const NOBODY: Admitted = { block: NO_ADDRESSES, isCertain: false, isPossible: false };

function inDoubt(admitted: Admitted): Admitted {
  return { ...admitted, isCertain: false };
}

/**
 * The clients behind the addresses that are admitted. Where the pod may see a node's address in place of the
 * client's, a client is certain only when both are admitted, and out only when neither is.
 */
function clientsOf(
  admitted: readonly Admitted[],
  source: TrafficSource,
  estate: KubernetesEstate,
): { readonly certain: AddressSet; readonly possible: AddressSet } {
  const possible = unionAddresses(...admitted.filter((each) => each.isPossible).map((each) => each.block));
  const certain = unionAddresses(...admitted.filter((each) => each.isCertain).map((each) => each.block));
  if (source.is !== 'outside' || source.keepsAddress) return { certain, possible };
  return {
    certain: nodesWithin(certain, estate) === 'yes' ? certain : NO_ADDRESSES,
    possible: nodesWithin(possible, estate) === 'no' ? possible : EVERYWHERE,
  };
}

function portsAdmit(ports: readonly PolicyPort[], workload: WorkloadFacts, target: PodPort | null): Answer {
  if (ports.length === 0) return 'yes';
  if (target === null) return 'unknown';
  const containerPorts = workload.containers.flatMap((container) => container.ports);
  const named = containerPorts.find((port) => port.name !== '' && port.name === target.port);
  const number = named?.port ?? (isNumber(target.port) ? Number(target.port) : null);
  const answers = ports.map((port): Answer => {
    if (port.protocol !== target.protocol) return 'no';
    if (port.port === '' || port.port === target.port) return 'yes';
    if (number === null) return 'unknown';
    if (!isNumber(port.port))
      return containerPorts.some((each) => each.name === port.port && each.port === number) ? 'yes' : 'no';
    return number >= Number(port.port) && number <= (port.endPort ?? Number(port.port)) ? 'yes' : 'no';
  });
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

function peerAdmits(
  peer: PolicyPeer,
  policy: Placed<NetworkPolicyFacts>,
  source: TrafficSource,
  estate: KubernetesEstate,
): Admitted {
  if (peer.is === 'block') {
    if (parseAddresses(peer.cidr) === null) return inDoubt(EVERYBODY);
    const block = addressesOf(peer);
    // A hole that cannot be read may be anywhere in it.
    const isCertain = peer.except.every((text) => parseAddresses(text) !== null);
    if (source.is === 'outside') return { block, isCertain, isPossible: true };
    // The address of a controller's pod is not known.
    return coversAddresses(block, ALL_V4) ? EVERYBODY : inDoubt(EVERYBODY);
  }
  if (source.is === 'unknown') return inDoubt(EVERYBODY);
  // Neither a client nor a node is a pod.
  if (source.is === 'outside' || !selects(peer.pods, source.labels)) return NOBODY;
  const inNamespace = namespaceAdmits(peer.namespaces, policy.facts.namespace, source.namespace, estate);
  return inNamespace === 'yes' ? EVERYBODY : inNamespace === 'no' ? NOBODY : inDoubt(EVERYBODY);
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

function nodesWithin(block: AddressSet, estate: KubernetesEstate): Answer {
  if (coversAddresses(block, ALL_V4)) return 'yes';
  const addresses = estate.nodeAddresses;
  if (addresses.length === 0) return block.v4.length + block.v6.length === 0 ? 'no' : 'unknown';
  const within = addresses.filter((address) => coversAddresses(block, address)).length;
  return within === addresses.length ? 'yes' : within === 0 ? 'no' : 'unknown';
}

function addressesOf(peer: PolicyPeer & { is: 'block' }): AddressSet {
  const block = parseAddresses(peer.cidr) ?? NO_ADDRESSES;
  const holes = peer.except.map((text) => parseAddresses(text) ?? NO_ADDRESSES);
  return holes.length === 0 ? block : subtractAddresses(block, unionAddresses(...holes));
}

function isNumber(text: string): boolean {
  return /^\d{1,5}$/.test(text);
}
