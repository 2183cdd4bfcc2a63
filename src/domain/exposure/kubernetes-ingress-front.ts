import type {
  GatewayFacts,
  IngressFacts,
  Listener,
  ServiceFacts,
  ServicePort,
} from '../resource/facts/kubernetes-facts.ts';
import { selectsPods } from '../resource/facts/kubernetes-selector.ts';
import { evidence } from '../risk/estate.ts';
import { balancerReach, balancerTowards } from './kubernetes-balancer.ts';
import type { AskedPort } from './kubernetes-cloud-door.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { CLIENT_CERTIFICATE, type Login, loginOf } from './kubernetes-login.ts';
import type { TrafficSource } from './kubernetes-network-policy.ts';
import { reachOfNodes } from './kubernetes-node-exposure.ts';
import { isOpenAddress } from './kubernetes-open-address.ts';
import { throughPolicies } from './kubernetes-passage.ts';
import { type FrontWay, rangesOf, serviceFront } from './kubernetes-service-front.ts';
import {
  closedReach,
  INSIDE,
  onward,
  type Reach,
  reachOf,
  throughAny,
  unsureReach,
  withinRanges,
} from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

/** A door of an ingress or gateway: who gets there, and what is asked of him before anything behind is reached. */
export interface Entry {
  readonly reach: Reach;
  readonly login: Login | null;
  /** What it does for one port of a service behind it, where its cloud tells that by itself. */
  readonly towards?: (service: ServiceFacts, port: ServicePort | null) => Toward | null;
  readonly source: TrafficSource;
  /** Null for an ingress, whose rules tell its surfaces. */
  readonly listener: Listener | null;
}

type Toward = Pick<Entry, 'reach' | 'login'>;

/** Of a front that a load balancer of a cloud is, with what more the front asks for. */
function towardsOf(
  front: Entrance,
  asked: AskedPort,
  estate: KubernetesEstate,
  past: (told: Toward) => Toward,
): NonNullable<Entry['towards']> {
  return ({ namespace, name }, port) => {
    const backend = { service: `${namespace}/${name}`, port: port === null ? null : String(port.port) };
    const told = balancerTowards(front, front.facts.addresses, asked, backend, estate);
    return told === null ? null : past(told);
  };
}

type Entrance = Placed<IngressFacts | GatewayFacts>;

const RANGES = [
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'haproxy.router.openshift.io/ip_allowlist',
  'haproxy.router.openshift.io/ip_whitelist',
];

/** An ingress, or a route of OpenShift (attack-paths §2.7, 3): its address, whom its controller admits, and the login that it asks for. */
export function ingressEntry(ingress: Placed<IngressFacts>, estate: KubernetesEstate): Entry {
  const { facts, resource } = ingress;
  const name = nameOf(resource);
  const isAlb = facts.className === 'alb';
  const isOfCloud = isAlb || facts.className === 'gce' || facts.className === 'gce-internal';
  const controllers =
    resource.type === 'route' ? routersOf(facts, estate) : estate.servicesAt(facts.addresses);
  const internal = internalBy(facts);
  const balancer =
    controllers.length === 0
      ? balancerReach(ingress, facts.addresses, null, estate)
      : { reach: null, login: null };
  let reach: Reach;
  if (balancer.reach !== null) reach = balancer.reach;
  else if (internal !== null)
    reach = reachOf(INSIDE, `The load balancer of ${name} is internal (${internal}).`, resource);
  else if (facts.addresses.length === 0) reach = unaddressed(ingress);
  // An internal load balancer's name begins with internal-, so another name shows that class parameters opened it.
  else if (isAlb && !facts.addresses.some(isOpenAddress))
    reach = reachOf(INSIDE, `The load balancer of ${name} is internal.`, resource);
  else if (resource.type === 'route' && controllers.length === 0)
    reach = unsureReach('the router of OpenShift: kubectl get services,pods -n openshift-ingress -o json', [
      evidence(`${name} is admitted by the router ${facts.className ?? 'default'}.`, resource),
    ]);
  else reach = entrance(ingress, controllers, isOfCloud, estate);
  if (balancer.reach === null) reach = onward(reach, { fact: balancer.doubt });
  const entered = (through: Reach): Reach =>
    onward(withinRanges(through, rangesOf(facts.annotations, RANGES), name, resource), {
      via: facts.className === null ? name : `${name} (${facts.className})`,
    });
  const own = loginOf(facts.annotations);
  return {
    reach: entered(reach),
    login: own ?? balancer.login,
    ...(controllers.length > 0
      ? {}
      : {
          towards: towardsOf(ingress, null, estate, (told) => ({
            reach: entered(told.reach),
            login: own ?? told.login,
          })),
        }),
    source: isOfCloud ? { is: 'outside', keepsAddress: false } : sourceOf(controllers, estate),
    listener: null,
  };
}

/**
 * The doors of a gateway, one for each listener: of the Gateway API by its own addresses, of Istio by the services in
 * front of the pods that answer for it (`waysTo`).
 */
export function gatewayEntries(
  gateway: Placed<GatewayFacts>,
  estate: KubernetesEstate,
  waysTo: (service: Placed<ServiceFacts>) => readonly FrontWay[],
): readonly Entry[] {
  const { facts, resource } = gateway;
  const via = facts.className === null ? nameOf(resource) : `${nameOf(resource)} (${facts.className})`;
  const listeners = facts.listeners.length === 0 ? [null] : facts.listeners;
  if (facts.podSelector !== null) {
    const carriers = carriersOf(facts.podSelector, estate);
    return listeners.map((listener): Entry => {
      const reach = reachOfListener(gateway, listener, carriers, estate, waysTo);
      return {
        reach: onward(reach, { via }),
        login: listener?.asksForCertificate === true ? CLIENT_CERTIFICATE : null,
        source: sourceOf(carriers, estate),
        listener,
      };
    });
  }
  const controllers = estate.servicesAt(facts.addresses);
  const isInternal = INTERNAL_CLASS.test(facts.className ?? '');
  const reach = isInternal
    ? reachOf(INSIDE, `${nameOf(resource)} is of the class ${facts.className}.`, resource)
    : facts.addresses.length === 0
      ? unaddressed(gateway)
      : entrance(gateway, controllers, facts.className?.startsWith('gke-l7-') === true, estate);
  return listeners.map((listener) => {
    const asked = listener === null || listener.port === 0 ? null : listener;
    const door = asked && { protocol: carriedBy(asked), port: asked.port };
    const balancer =
      controllers.length === 0
        ? balancerReach(gateway, facts.addresses, door, estate)
        : { reach: null, login: null };
    return {
      reach: onward(balancer.reach ?? onward(reach, { fact: balancer.doubt }), { via }),
      login: balancer.login,
      ...(controllers.length > 0
        ? {}
        : {
            towards: towardsOf(gateway, door, estate, (told) => ({
              ...told,
              reach: onward(told.reach, { via }),
            })),
          }),
      source: sourceOf(controllers, estate),
      listener,
    };
  });
}

/** Classes of GKE whose gateways have addresses of their network alone, of one cluster or of many. */
const INTERNAL_CLASS = /^gke-l7-(?:rilb|cross-regional-internal-managed)(?:-mc)?$/;

/** What carries a listener's protocol: HTTP, TLS and the rest are TCP. */
function carriedBy({ protocol }: Listener): string {
  return protocol === 'UDP' ? 'UDP' : 'TCP';
}

/** What makes the load balancer of an ingress internal, in words. */
function internalBy({ className, annotations }: IngressFacts): string | null {
  if (className === 'gce-internal') return 'class gce-internal';
  if (className === 'alb' && annotations['alb.ingress.kubernetes.io/scheme'] === 'internal')
    return 'alb.ingress.kubernetes.io/scheme: internal';
  return annotations['appgw.ingress.kubernetes.io/use-private-ip'] === 'true'
    ? 'appgw.ingress.kubernetes.io/use-private-ip: true'
    : null;
}

/** A front by its addresses: those of a controller's service or of a node answer as that does, others by themselves. */
function entrance(
  { facts, resource }: Entrance,
  controllers: readonly Placed<ServiceFacts>[],
  isOfCloud: boolean,
  estate: KubernetesEstate,
): Reach {
  const { addresses } = facts;
  const name = nameOf(resource);
  if (controllers.length > 0)
    return throughAny(
      controllers.map((service) =>
        onward(throughAny(pastController(serviceFront(service, estate), service, estate)), {
          fact: evidence(`${name} is served by ${nameOf(service.resource)}.`, resource),
        }),
      ),
    );
  if (estate.hasNodeAt(addresses))
    return onward(reachOfNodes(estate, null), {
      fact: evidence(`${name} is served on the nodes' own addresses.`, resource),
    });
  const open = addresses.find(isOpenAddress);
  if (open === undefined)
    return reachOf(
      INSIDE,
      `${name} has no address on the internet (${addresses.slice(0, 3).join(', ')}).`,
      resource,
    );
  const answers = reachOf(EVERYWHERE, `${name} answers at ${open}.`, resource);
  const via = `LoadBalancer ${open}`;
  if (resource.type === 'ingress' && !isOfCloud && !hasController(facts, estate))
    return onward(
      unsureReach(
        `which controller serves ${name}: kubectl get ingressclasses -o json > ingressclasses.json`,
        answers.evidence,
      ),
      { via },
    );
  return onward(
    isOfCloud || estate.looked('Service', null)
      ? answers
      : unsureReach(
          'services of all namespaces, among them the ingress controller’s: kubectl get services -A -o json',
          answers.evidence,
        ),
    { via, gate: `${name}: address` },
  );
}

/** A class that is named by annotation, as clusters did before there were objects for it, needs none. */
function hasController({ className, annotations }: Entrance['facts'], estate: KubernetesEstate): boolean {
  if (annotations['kubernetes.io/ingress.class'] !== undefined) return true;
  return className !== null && estate.has('IngressClass', className) !== false;
}

function unaddressed({ resource }: Entrance): Reach {
  const name = nameOf(resource);
  return unsureReach(
    `an address in the status of ${name}: kubectl get ${resource.type === 'istio-gateway' ? 'gateways.networking.istio.io' : resource.type} -A -o json`,
    [evidence(`${name} has no address: no controller serves it, or none has yet.`, resource)],
  );
}

/** What of the ways to a controller's service gets to its pods. */
function pastController(
  ways: readonly FrontWay[],
  service: Placed<ServiceFacts>,
  estate: KubernetesEstate,
): readonly FrontWay[] {
  const pods = podsOf(service, estate);
  return pods === undefined ? ways : ways.map((way) => throughPolicies(way, pods, estate));
}

function reachOfListener(
  { resource }: Placed<GatewayFacts>,
  listener: Listener | null,
  carriers: readonly Placed<ServiceFacts>[],
  estate: KubernetesEstate,
  waysTo: (service: Placed<ServiceFacts>) => readonly FrontWay[],
): Reach {
  const name = nameOf(resource);
  if (carriers.length === 0)
    return unsureReach(`services and pods that answer for ${name}: kubectl get services,pods -A -o json`);
  const ways = carriers.flatMap((service) =>
    pastController(
      waysTo(service).filter(
        ({ port }) =>
          port === null ||
          listener === null ||
          port.port === listener.port ||
          port.targetPort === String(listener.port),
      ),
      service,
      estate,
    ),
  );
  if (ways.length === 0)
    return closedReach(`No service leads to port ${listener?.port} of ${name}.`, resource);
  return onward(throughAny(ways), {
    fact: evidence(
      `${name} is served by ${carriers
        .slice(0, 3)
        .map((service) => nameOf(service.resource))
        .join(', ')}.`,
      resource,
    ),
  });
}

/** The services in front of pods with these labels. */
function carriersOf(
  labels: Readonly<Record<string, string>>,
  estate: KubernetesEstate,
): readonly Placed<ServiceFacts>[] {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return [];
  const hasAll = (others: Readonly<Record<string, string>>): boolean =>
    wanted.every(([key, value]) => Object.hasOwn(others, key) && others[key] === value);
  const pods = estate.workloads.filter(({ facts }) => hasAll(facts.podLabels));
  return estate.services.filter(
    ({ facts: { selector, namespace } }) =>
      hasAll(selector) ||
      pods.some(
        ({ facts }) => facts.namespace === namespace && selectsPods(selector, facts.name, facts.podLabels),
      ),
  );
}

/** The services of the router of OpenShift that admitted a route. */
function routersOf({ className }: IngressFacts, estate: KubernetesEstate): readonly Placed<ServiceFacts>[] {
  return estate
    .within(estate.services, 'openshift-ingress')
    .filter(({ facts }) => facts.name === `router-${className ?? 'default'}`);
}

/** The controller's pods, which the pods behind it see as the source. */
function sourceOf(controllers: readonly Placed<ServiceFacts>[], estate: KubernetesEstate): TrafficSource {
  const [service] = controllers;
  const pods = service === undefined ? undefined : podsOf(service, estate);
  if (pods === undefined) return { is: 'unknown' };
  return pods.facts.hostNetwork
    ? { is: 'outside', keepsAddress: false }
    : { is: 'pods', namespace: pods.facts.namespace, labels: pods.facts.podLabels };
}

function podsOf(
  service: Placed<ServiceFacts>,
  estate: KubernetesEstate,
): KubernetesEstate['workloads'][number] | undefined {
  const { namespace, selector } = service.facts;
  return estate
    .within(estate.workloads, namespace)
    .find(({ facts }) => selectsPods(selector, facts.name, facts.podLabels));
}
