import type { NodeFacts } from '../resource/facts/kubernetes-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { evidence } from '../risk/estate.ts';
import { isInternetAddress } from './audience.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { type AskedPort, reachOfDoor } from './kubernetes-cloud-door.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { closedReach, onward, type Reach, throughAny, unsureReach } from './kubernetes-way.ts';

/** How the clouds tell whom they let through to a node, by the provider in its id. */
const FIREWALLS: Readonly<Record<string, string>> = {
  aws: 'aws ec2 describe-instances, describe-security-groups, describe-network-interfaces, describe-route-tables, describe-network-acls',
  azure:
    'az vm list, az vmss list, az network nsg list, az network nic list, az network vnet list, az network public-ip list',
  gce: assetCall(
    projectPlace(null),
    'resource',
    'compute.googleapis.com/Instance',
    'compute.googleapis.com/Firewall',
  ),
};

const NODES_TOLD = 3;

/**
 * Who reaches a port that is open on the nodes themselves (attack-paths §2.7, 4): theirs is the exposure, as far as
 * the cloud's firewall lets it, which no cluster knows. Where the cloud's inventory has the machine, its answer counts.
 */
export function reachOfNodes(
  estate: KubernetesEstate,
  asked: AskedPort,
  nodes: readonly Placed<NodeFacts>[] = estate.nodes,
): Reach {
  const known = nodes.filter(({ facts }) => estate.machineOf(facts) !== undefined);
  if (known.length === 0) return byAddresses(nodes);
  const others = nodes.filter((node) => !known.includes(node));
  const reaches = known.map((node) => reachOfMachine(node, estate.machineOf(node.facts) as CloudDoor, asked));
  return throughAny(others.length === 0 ? reaches : [...reaches, byAddresses(others)]);
}

function reachOfMachine({ resource }: Placed<NodeFacts>, machine: CloudDoor, asked: AskedPort): Reach {
  const name = nameOf(resource);
  return onward(reachOfDoor(machine, asked), {
    via: name,
    fact: evidence(`${name} is the ${machine.name}.`, resource),
  });
}

/** The ways in to one node, as its cloud tells them, port by port; null where it does not. */
export function waysToMachine(
  node: Placed<NodeFacts>,
  estate: KubernetesEstate,
): readonly ExposureRecord[] | null {
  const machine = estate.machineOf(node.facts);
  if (machine === undefined) return null;
  const name = nameOf(node.resource);
  const fact = evidence(`${name} is the ${machine.name}.`, node.resource);
  return machine.ways.map((way) => ({
    ...way,
    via: [...way.via, machine.name, name],
    evidence: [fact, ...way.evidence],
  }));
}

function byAddresses(nodes: readonly Placed<NodeFacts>[]): Reach {
  const [first] = nodes;
  if (first === undefined) return unsureReach('nodes of the cluster: kubectl get nodes -o json');
  const open = nodes.filter((node) => addressOf(node) !== undefined);
  const [node] = open;
  if (node !== undefined) {
    const facts = open
      .slice(0, NODES_TOLD)
      .map((each) =>
        evidence(
          `${nameOf(each.resource)} has the address ${addressOf(each)} on the internet.`,
          each.resource,
        ),
      );
    return onward(unsureReach(firewallOf(node.facts), facts), {
      via: `${nameOf(node.resource)} at ${addressOf(node)}`,
      gate: `${nameOf(node.resource)}: external address`,
    });
  }
  const silent = nodes.find(
    ({ facts }) => facts.externalAddresses.length + facts.internalAddresses.length === 0,
  );
  if (silent !== undefined)
    return unsureReach(`addresses of ${nameOf(silent.resource)}: kubectl get nodes -o json`);
  const others = nodes.length > 1 ? ` and ${nodes.length - 1} more have` : ' has';
  return closedReach(`${nameOf(first.resource)}${others} no address on the internet.`, first.resource);
}

/** Whether a node is known to have an address on the internet. */
export function hasOpenNode(estate: KubernetesEstate): boolean {
  return estate.nodes.some((node) => addressOf(node) !== undefined);
}

function addressOf({ facts }: Placed<NodeFacts>): string | undefined {
  return [...facts.externalAddresses, ...facts.internalAddresses].find(isInternetAddress);
}

function firewallOf({ providerId }: NodeFacts): string {
  const provider = providerId?.slice(0, providerId.indexOf(':')) ?? '';
  const command = Object.hasOwn(FIREWALLS, provider)
    ? FIREWALLS[provider]
    : `${Object.values(FIREWALLS).join(' or ')}, by the cloud that they are in`;
  return `firewall rules of the nodes' network in the cloud: ${command}`;
}
