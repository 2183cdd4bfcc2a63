import { hasAddresses, parseAddresses, unionAddresses } from '#base/address-set.ts';
import type {
  GatewayFacts,
  IngressFacts,
  Labels,
  NodeFacts,
  ServiceFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { selectsPods } from '../resource/facts/kubernetes-selector.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import { audienceOfSources, isInternetAddress, isPublic } from './audience.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { anyOf, no, unknown, withFact, yes } from './kubernetes-verdict.ts';

/** Where a pod sees a request come from that entered by a front. */
export type TrafficSource =
  /** `keepsAddress`: the client's own address; else possibly that of a node or a load balancer. */
  | { readonly is: 'outside'; readonly keepsAddress: boolean }
  | { readonly is: 'pods'; readonly namespace: string; readonly labels: Labels }
  | { readonly is: 'unknown' };

/** What answers the internet for a service: a load balancer, an ingress, a gateway. */
export interface Front {
  /** Whether the internet gets an answer from the front itself. */
  readonly verdict: RiskVerdict;
  /** The login without which nothing passes the front; null when it asks for none. */
  readonly login: string | null;
  readonly source: TrafficSource;
}

type Entrance = Placed<IngressFacts | GatewayFacts>;

/** The address of a service itself (design: attack-paths, Kubernetes, 2 and 4). */
export function serviceFront(service: Placed<ServiceFacts>, estate: KubernetesEstate): Front {
  const { facts, resource } = service;
  const ways: RiskVerdict[] = [];
  const external = facts.externalIps.find(isInternetAddress);
  if (external !== undefined)
    ways.push(yes(`${nameOf(resource)} answers on the external address ${external}.`, resource));
  if (facts.serviceType === 'LoadBalancer') ways.push(loadBalancer(service));
  else if (facts.serviceType === 'NodePort') ways.push(nodePorts(service, estate));
  else
    ways.push(no(`${nameOf(resource)} has no address outside the cluster (${facts.serviceType}).`, resource));
  return {
    verdict: anyOf(ways),
    login: null,
    source: { is: 'outside', keepsAddress: facts.keepsClientAddress },
  };
}

/** An ingress (3): its address, whom its controller admits, and the login that it asks for. */
export function ingressFront(ingress: Placed<IngressFacts>, estate: KubernetesEstate): Front {
  const { facts } = ingress;
  const isInternalClass = facts.className === 'gce-internal';
  const isAlb = facts.className === 'alb';
  const scheme = facts.annotations['alb.ingress.kubernetes.io/scheme'];
  const albName = facts.addresses.find((address) => !isIp(address) && !address.startsWith('internal-'));
  const login = loginOf(facts.annotations);
  const source: TrafficSource =
    isAlb || isInternalClass || facts.className === 'gce'
      ? { is: 'outside', keepsAddress: false }
      : controllerSource(ingress, estate);
  const ranges = rangesOf(facts.annotations, [
    'alb.ingress.kubernetes.io/inbound-cidrs',
    'nginx.ingress.kubernetes.io/whitelist-source-range',
    'nginx.ingress.kubernetes.io/allowlist-source-range',
  ]);
  const { resource } = ingress;
  let verdict: RiskVerdict;
  if (facts.addresses.length === 0) verdict = unaddressed(ingress);
  else if (isInternalClass) verdict = no(`${nameOf(resource)} is of the class gce-internal.`, resource);
  // An internal load balancer's name begins with internal-, so another name shows that class parameters opened it.
  else if (isAlb && (scheme === 'internal' || albName === undefined))
    verdict = no(
      `The load balancer of ${nameOf(resource)} is internal${scheme === 'internal' ? ' (alb.ingress.kubernetes.io/scheme)' : ''}.`,
      resource,
    );
  else verdict = entrance(ingress, estate, isAlb || facts.className === 'gce');
  return { verdict: withinRanges(verdict, ranges, resource), login, source };
}

/** A gateway: its addresses. */
export function gatewayFront(gateway: Placed<GatewayFacts>, estate: KubernetesEstate): Front {
  const { facts, resource } = gateway;
  const isInternal = facts.className?.startsWith('gke-l7-rilb') === true;
  const verdict =
    facts.addresses.length === 0
      ? unaddressed(gateway)
      : isInternal
        ? no(`${nameOf(resource)} is of the class ${facts.className}.`, resource)
        : entrance(gateway, estate, facts.className?.startsWith('gke-l7-') === true);
  return { verdict, login: null, source: controllerSource(gateway, estate) };
}

/** Ports that are open on the nodes themselves: theirs is the exposure, as far as the cloud's firewall lets it. */
export function nodesVerdict(
  estate: KubernetesEstate,
  nodes: readonly Placed<NodeFacts>[] = estate.nodes,
): RiskVerdict {
  if (nodes.length === 0) return unknown('nodes of the cluster: kubectl get nodes -o json');
  const ways = nodes.map((node): RiskVerdict => {
    const { externalAddresses, internalAddresses } = node.facts;
    const address = [...externalAddresses, ...internalAddresses].find(isInternetAddress);
    if (address !== undefined) {
      return unknown("firewall rules of the nodes' network in the cloud", [
        evidence(`${nameOf(node.resource)} has the address ${address} on the internet.`, node.resource),
      ]);
    }
    if (externalAddresses.length + internalAddresses.length === 0)
      return unknown(`addresses of ${nameOf(node.resource)}`);
    return no(`${nameOf(node.resource)} has no address on the internet.`, node.resource);
  });
  return anyOf(ways);
}

function loadBalancer(service: Placed<ServiceFacts>): RiskVerdict {
  const { facts, resource } = service;
  const { addresses } = facts;
  const name = nameOf(resource);
  const internal = internalBy(facts);
  if (internal !== null) return no(`The load balancer of ${name} is internal (${internal}).`, resource);
  if (addresses.length === 0)
    return no(`The load balancer of ${name} has no address yet: dormant, exposed when started.`, resource);
  const open = addresses.find(
    (address) => isInternetAddress(address) || (!isIp(address) && !isInternalName(address)),
  );
  if (open === undefined)
    return no(
      `The load balancer of ${name} has no address on the internet (${addresses.slice(0, 3).join(', ')}).`,
      resource,
    );
  const ranges =
    facts.sourceRanges.length > 0
      ? facts.sourceRanges
      : rangesOf(facts.annotations, ['service.beta.kubernetes.io/load-balancer-source-ranges']);
  const ports = facts.ports
    .map((port) => `${port.protocol.toLowerCase()}/${port.port}`)
    .slice(0, 8)
    .join(', ');
  return withinRanges(
    yes(`${name} is a load balancer that answers at ${open}${ports === '' ? '' : ` on ${ports}`}.`, resource),
    ranges,
    resource,
  );
}

function nodePorts(service: Placed<ServiceFacts>, estate: KubernetesEstate): RiskVerdict {
  const ports = service.facts.ports
    .flatMap((port) => port.nodePort ?? [])
    .slice(0, 8)
    .join(', ');
  return withFact(
    nodesVerdict(estate),
    `${nameOf(service.resource)} answers on every node${ports === '' ? '' : ` on port ${ports}`}.`,
    service.resource,
  );
}

/** Annotations that make a load balancer internal, by their value. */
const INTERNAL_VALUES: Readonly<Record<string, readonly string[]>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', '0.0.0.0/0'],
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/oci-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/do-loadbalancer-network': ['internal'],
  'networking.gke.io/load-balancer-type': ['internal'],
  'cloud.google.com/load-balancer-type': ['internal'],
};

/** What makes a load balancer internal; null when nothing does. AWS's own controller does where no scheme is given, the one in the tree does not. */
function internalBy(facts: ServiceFacts): string | null {
  for (const [key, values] of Object.entries(INTERNAL_VALUES)) {
    const value = facts.annotations[key]?.trim().toLowerCase();
    if (value !== undefined && values.includes(value)) return `${key}: ${value}`;
  }
  const type = facts.annotations['service.beta.kubernetes.io/aws-load-balancer-type'];
  const isOfController =
    facts.loadBalancerClass?.startsWith('service.k8s.aws/') === true ||
    type === 'external' ||
    type === 'nlb-ip';
  const scheme = facts.annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'];
  const notInternal =
    facts.annotations['service.beta.kubernetes.io/aws-load-balancer-internal']?.trim().toLowerCase() ===
    'false';
  return isOfController && scheme !== 'internet-facing' && !notInternal
    ? "the AWS Load Balancer Controller's default"
    : null;
}

/** A front by its addresses: those of a controller's service or of a node answer as that does, others by themselves. */
function entrance(front: Entrance, estate: KubernetesEstate, isOfCloud: boolean): RiskVerdict {
  const { addresses } = front.facts;
  const { resource } = front;
  const name = nameOf(resource);
  const controllers = estate.servicesAt(front.facts.addresses);
  if (controllers.length > 0) {
    return anyOf(
      controllers.map((service) =>
        withFact(
          serviceFront(service, estate).verdict,
          `${name} is served by ${nameOf(service.resource)}.`,
          resource,
        ),
      ),
    );
  }
  if (estate.hasNodeAt(addresses))
    return withFact(nodesVerdict(estate), `${name} is served on the nodes' own addresses.`, resource);
  const open = addresses.find(
    (address) => isInternetAddress(address) || (!isIp(address) && !isInternalName(address)),
  );
  if (open === undefined)
    return no(`${name} has no address on the internet (${addresses.slice(0, 3).join(', ')}).`, resource);
  const answers = yes(`${name} answers at ${open}.`, resource);
  if (isOfCloud || estate.looked('Service', null)) return answers;
  return unknown(
    'services of all namespaces, among them the ingress controller’s: kubectl get services -A -o json',
    answers.evidence,
  );
}

function unaddressed(front: Entrance): RiskVerdict {
  const { resource } = front;
  return unknown(`an address in the status of ${nameOf(resource)}`, [
    evidence(`${nameOf(resource)} has no address: no controller serves it, or none has yet.`, resource),
  ]);
}

/** The controller's pods, which the pods behind it see as the source. */
function controllerSource(front: Entrance, estate: KubernetesEstate): TrafficSource {
  const [service] = estate.servicesAt(front.facts.addresses);
  if (service === undefined) return { is: 'unknown' };
  const { namespace, selector } = service.facts;
  const pods = estate
    .within(estate.workloads, namespace)
    .find(({ facts }) => selectsPods(selector, facts.name, facts.podLabels));
  if (pods === undefined) return { is: 'unknown' };
  return pods.facts.hostNetwork
    ? { is: 'outside', keepsAddress: false }
    : { is: 'pods', namespace, labels: pods.facts.podLabels };
}

/** A verdict with the front's own list of admitted sources. */
function withinRanges(
  verdict: RiskVerdict,
  ranges: readonly string[],
  resource: Placed<unknown>['resource'],
): RiskVerdict {
  if (verdict.state === 'no' || ranges.length === 0) return verdict;
  const sets = ranges.map((range) => parseAddresses(range.trim()));
  const unread = ranges.find((_, index) => sets[index] === null);
  const union = unionAddresses(...sets.filter((set) => set !== null));
  const admitted = `${nameOf(resource)} admits ${ranges.slice(0, 5).join(', ')}${ranges.length > 5 ? ' and others' : ''}`;
  if (hasAddresses(union) && isPublic(audienceOfSources(union)))
    return withFact(verdict, `${admitted}.`, resource);
  if (unread !== undefined)
    return unknown(
      `a range of addresses in place of "${unread.slice(0, 60)}" at ${nameOf(resource)}`,
      verdict.evidence,
    );
  return no(`${admitted} only.`, resource);
}

function rangesOf(annotations: Labels, keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => (annotations[key] ?? '').split(',')).filter((range) => range.trim() !== '');
}

/** The login that an ingress asks everybody for, in words; null when it asks for none. */
function loginOf(annotations: Labels): string | null {
  const alb = annotations['alb.ingress.kubernetes.io/auth-type'];
  if (alb === 'oidc' || alb === 'cognito') return alb;
  if ((annotations['nginx.ingress.kubernetes.io/auth-url'] ?? '') !== '')
    return 'an external login (auth-url)';
  const nginx = annotations['nginx.ingress.kubernetes.io/auth-type'];
  if (nginx === 'basic' || nginx === 'digest') return `a password (${nginx})`;
  const verify = annotations['nginx.ingress.kubernetes.io/auth-tls-verify-client'] ?? 'on';
  return (annotations['nginx.ingress.kubernetes.io/auth-tls-secret'] ?? '') !== '' && verify === 'on'
    ? 'a client certificate'
    : null;
}

function isIp(address: string): boolean {
  return parseAddresses(address) !== null;
}

/** Internal load balancers of AWS have names of this kind; clusters on a laptop are called `localhost`. */
function isInternalName(name: string): boolean {
  return (
    name.startsWith('internal-') ||
    name === 'localhost' ||
    name.endsWith('.local') ||
    name.endsWith('.internal')
  );
}
