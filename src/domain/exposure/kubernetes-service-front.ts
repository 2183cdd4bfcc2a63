import type { Labels, ServiceFacts, ServicePort } from '../resource/facts/kubernetes-facts.ts';
import { evidence } from '../risk/estate.ts';
import { isInternetAddress } from './audience.ts';
import { balancerReach } from './kubernetes-balancer.ts';
import type { AskedPort } from './kubernetes-cloud-door.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import { nameOf } from './kubernetes-estate.ts';
import { internalBy } from './kubernetes-internal-balancer.ts';
import type { Login } from './kubernetes-login.ts';
import type { TrafficSource } from './kubernetes-network-policy.ts';
import { hasOpenNode, reachOfNodes } from './kubernetes-node-exposure.ts';
import { isOpenAddress } from './kubernetes-open-address.ts';
import {
  type ClusterWay,
  closedReach,
  INSIDE,
  onward,
  type Reach,
  reachOf,
  withinRanges,
} from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

/** One way to a front, which answers the outside for a service: a load balancer, an ingress, a gateway. */
export interface FrontWay extends ClusterWay {
  /** The login without which nothing passes the front; null when it asks for none. */
  readonly login: Login | null;
  readonly source: TrafficSource;
  /** Which of the service's ports it leads to; null where that is not known. */
  readonly port: ServicePort | null;
}

/** The addresses of a service itself (attack-paths §2.7, 2 and 4), port by port. */
export function serviceFront(service: Placed<ServiceFacts>, estate: KubernetesEstate): readonly FrontWay[] {
  const { facts, resource } = service;
  const source: TrafficSource = { is: 'outside', keepsAddress: facts.keepsClientAddress };
  const nodes =
    facts.serviceType === 'NodePort' || (facts.serviceType === 'LoadBalancer' && hasOpenNode(estate));
  const ways: FrontWay[] = [];
  for (const port of facts.ports.length === 0 ? [null] : facts.ports) {
    const by = (reach: Reach, surface: string): FrontWay => ({
      ...onward(reach, { via: `${nameOf(resource)}${port === null ? '' : `:${port.port}`}` }),
      surface,
      auth: 'app',
      login: null,
      source,
      port,
    });
    for (const door of doorsOf(service, port, estate)) ways.push(by(door, surfaceOf(port, port?.port)));
    if (!nodes || (facts.serviceType === 'LoadBalancer' && port?.nodePort == null)) continue;
    const on = port?.nodePort == null ? '' : ` on port ${port.nodePort}`;
    const reach = onward(reachOfNodes(estate, askedOf(port, port?.nodePort)), {
      gate: `${nameOf(resource)}: type ${facts.serviceType}`,
      fact: evidence(`${nameOf(resource)} answers on every node${on}.`, resource),
    });
    ways.push(by(reach, surfaceOf(port, port?.nodePort)));
  }
  return ways;
}

/** `tcp/443`; `any` where the port is not known. */
export function surfaceOf(
  port: Pick<ServicePort, 'protocol'> | null,
  number: number | null | undefined,
): string {
  return port === null || number == null ? 'any' : `${port.protocol.toLowerCase()}/${number}`;
}

/** The annotations' lists of addresses that are admitted, as one. */
export function rangesOf(annotations: Labels, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => (annotations[key] ?? '').split(/[\s,]+/)).filter((range) => range !== '');
}

function askedOf(port: ServicePort | null, number: number | null | undefined): AskedPort {
  return port === null || number == null ? null : { protocol: port.protocol, port: number };
}

/** By which addresses a service is reached, whatever the port; the ports of nodes apart. */
function doorsOf(
  service: Placed<ServiceFacts>,
  port: ServicePort | null,
  estate: KubernetesEstate,
): readonly Reach[] {
  const { facts, resource } = service;
  const name = nameOf(resource);
  const doors: Reach[] = [];
  const external = facts.externalIps.find(isInternetAddress);
  if (external !== undefined) {
    const reach = reachOf(EVERYWHERE, `${name} answers on the external address ${external}.`, resource);
    doors.push(onward(reach, { via: `address ${external}`, gate: `${name}: externalIPs` }));
  }
  if (facts.serviceType === 'LoadBalancer')
    doors.push(loadBalancer(service, askedOf(port, port?.port), estate));
  else if (facts.serviceType !== 'NodePort' && external === undefined)
    doors.push(
      closedReach(
        `${name} has no address outside the cluster (${facts.serviceType.slice(0, 60)}).`,
        resource,
      ),
    );
  return doors;
}

/** By what its cloud says of it, else by what the service says. */
function loadBalancer(service: Placed<ServiceFacts>, asked: AskedPort, estate: KubernetesEstate): Reach {
  const { facts, resource } = service;
  const name = nameOf(resource);
  const ranges =
    facts.sourceRanges.length > 0
      ? facts.sourceRanges
      : rangesOf(facts.annotations, ['service.beta.kubernetes.io/load-balancer-source-ranges']);
  // What a service does not tell, a load balancer may by its tags.
  const names = facts.addresses.length > 0 ? facts.addresses : [`${facts.namespace}/${facts.name}`];
  const told = balancerReach(service, names, asked, estate);
  const reach = told.reach ?? onward(balancerByAddress(service), { fact: told.doubt });
  if (reach.isDormant && told.reach === null) return reach;
  return withinRanges(onward(reach, { gate: `${name}: type LoadBalancer` }), ranges, name, resource);
}

function balancerByAddress({ facts, resource }: Placed<ServiceFacts>): Reach {
  const { addresses } = facts;
  const name = nameOf(resource);
  const internal = internalBy(facts);
  const [first] = addresses;
  if (first === undefined && internal === null)
    return {
      ...closedReach(
        `The load balancer of ${name} has no address yet: dormant, exposed when started.`,
        resource,
      ),
      isDormant: true,
    };
  const open = addresses.find(isOpenAddress);
  const reach =
    internal !== null
      ? reachOf(INSIDE, `The load balancer of ${name} is internal (${internal}).`, resource)
      : open === undefined
        ? reachOf(
            INSIDE,
            `The load balancer of ${name} has no address on the internet (${addresses.slice(0, 3).join(', ')}).`,
            resource,
          )
        : reachOf(EVERYWHERE, `${name} is a load balancer that answers at ${open}.`, resource);
  const address = (internal === null ? open : undefined) ?? first;
  return onward(reach, { via: address === undefined ? 'LoadBalancer' : `LoadBalancer ${address}` });
}
