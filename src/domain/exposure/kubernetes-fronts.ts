import { addToList } from '#base/list-map.ts';
import type {
  ObjectFacts,
  RouteFacts,
  ServiceFacts,
  ServicePort,
  TrafficRule,
} from '../resource/facts/kubernetes-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { askingBackend } from './kubernetes-backend-settings.ts';
import { groupFront } from './kubernetes-endpoint-groups.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { type Entry, gatewayEntries, ingressEntry } from './kubernetes-ingress-front.ts';
import { led } from './kubernetes-led.ts';
import { acrossNamespaces, takingRoute } from './kubernetes-route-reach.ts';
import { type FrontWay, serviceFront, surfaceOf } from './kubernetes-service-front.ts';
import { namesake } from './kubernetes-service-targets.ts';
import { type ClusterWay, onward, unsureReach } from './kubernetes-way.ts';

const SURFACES_TOLD = 4;

/** Every front of a cluster, decided once, and which services stand behind it. */
export class KubernetesFronts {
  readonly #estate: KubernetesEstate;
  readonly #services = new Map<string, Placed<ServiceFacts>>();
  readonly #own = new Map<string, FrontWay[]>();
  readonly #behind = new Map<string, FrontWay[]>();
  readonly #gateways = new Map<string, readonly Entry[]>();
  readonly #at = new Map<string, readonly ClusterWay[]>();

  constructor(estate: KubernetesEstate) {
    this.#estate = estate;
    for (const service of estate.services) {
      this.#services.set(placeOf(service.facts), service);
      for (const way of [...serviceFront(service, estate), ...groupFront(service, estate)])
        addToList(this.#own, placeOf(service.facts), way);
    }
    for (const ingress of estate.ingresses) {
      const entry = ingressEntry(ingress, estate);
      this.#at.set(ingress.resource.key, this.#waysAt(entry, ingress.facts.rules, ingress.resource));
      this.#lead([entry], ingress.facts.rules, ingress.resource, undefined);
    }
    // What leads to the pods of an Istio gateway has to be known before it.
    for (const kind of ['gateway', 'istio-gateway']) {
      for (const gateway of estate.gateways.filter(({ resource }) => resource.type === kind)) {
        const entries = gatewayEntries(gateway, estate, (service) => this.to(service.facts));
        this.#gateways.set(`${kind}/${placeOf(gateway.facts)}`, entries);
        this.#at.set(
          gateway.resource.key,
          entries.map((entry) => wayTo(entry, listenerText(entry))),
        );
      }
      for (const route of estate.routes)
        if ((route.resource.type === 'virtual-service') === (kind === 'istio-gateway')) this.#addRoute(route);
    }
  }

  /** The ways to an ingress, a gateway or a route itself. */
  at(resource: EstateResource): readonly ClusterWay[] {
    return this.#at.get(resource.key) ?? [];
  }

  /** The ways to a service: by its own addresses, and by whatever leads to it. */
  to(service: ServiceFacts): readonly FrontWay[] {
    return [...(this.#own.get(placeOf(service)) ?? []), ...(this.#behind.get(placeOf(service)) ?? [])];
  }

  /** The ways to a front itself, one for each of its surfaces and what stands behind that: one service may ask for a login, and the next one not. */
  #waysAt(entry: Entry, rules: readonly TrafficRule[], by: EstateResource): readonly ClusterWay[] {
    if (rules.length === 0) return [wayTo(entry, 'any')];
    const distinct = new Map(
      rules.map((rule) => [`${ruleText(rule)} ${placeOf(rule.backend)}:${rule.port}`, rule]),
    );
    return [...distinct.values()].map((rule) => {
      const service = this.#services.get(placeOf(rule.backend));
      if (service === undefined || rule.backend.objectKind !== 'Service') return wayTo(entry, ruleText(rule));
      const [port = null] = portsOf(service.facts, rule.port, by.type === 'route');
      return wayTo(askingBackend(entry, by, service, port, this.#estate), ruleText(rule));
    });
  }

  #addRoute(route: Placed<RouteFacts>): void {
    const name = nameOf(route.resource);
    const entries = route.facts.parents
      .flatMap((parent) => this.#entriesOf(parent, route))
      .map((entry): Entry => ({ ...entry, reach: onward(entry.reach, { via: name }) }));
    this.#at.set(
      route.resource.key,
      entries.flatMap((entry) => this.#waysAt(entry, route.facts.rules, route.resource)),
    );
    this.#lead(entries, route.facts.rules, route.resource, name);
  }

  #entriesOf(parent: ObjectFacts, route: Placed<RouteFacts>): readonly Entry[] {
    const kind = parent.objectKind === 'IstioGateway' ? 'istio-gateway' : 'gateway';
    if (kind === 'gateway' && parent.objectKind !== 'Gateway') return [];
    const known = this.#gateways.get(`${kind}/${placeOf(parent)}`);
    if (known !== undefined)
      return known.flatMap((entry) => takingRoute(entry, parent.namespace, route, this.#estate) ?? []);
    const plural = kind === 'gateway' ? 'gateways' : 'gateways.networking.istio.io';
    return [
      {
        reach: unsureReach(
          `the Gateway ${parent.namespace}/${parent.name}: kubectl get services,${plural} -A -o json`,
        ),
        login: null,
        source: { is: 'unknown' },
        listener: null,
      },
    ];
  }

  /** Adds the ways behind a front, one for each port of a service that its rules lead to. */
  #lead(
    entries: readonly Entry[],
    rules: readonly TrafficRule[],
    by: EstateResource,
    gateOf: string | undefined,
  ): void {
    const targets = Map.groupBy(rules, ({ backend, port }) => `${placeOf(backend)}:${port}`);
    for (const own of targets.values()) {
      const [rule] = own;
      const service = rule === undefined ? undefined : this.#services.get(placeOf(rule.backend));
      if (rule === undefined || service === undefined || rule.backend.objectKind !== 'Service') continue;
      const surfaces = [...new Set(own.map(ruleText))];
      const more = surfaces.length > SURFACES_TOLD ? ` and ${surfaces.length - SURFACES_TOLD} more` : '';
      const surface = `${surfaces.slice(0, SURFACES_TOLD).join(', ')}${more}`;
      const gate = `${gateOf ?? nameOf(by)}: ${surface} to ${rule.backend.name}`;
      for (const entry of entries)
        for (const port of portsOf(service.facts, rule.port, by.type === 'route')) {
          const asked = askingBackend(entry, by, service, port, this.#estate);
          const way = acrossNamespaces(led(asked, surface, by, gate), by, service.facts, this.#estate);
          const via = `${nameOf(service.resource)}${port === null ? '' : `:${port.port}`}`;
          const here = { ...onward(way, { via }), port };
          addToList(this.#behind, placeOf(service.facts), here);
          this.#leadOn(here, service, rule);
        }
    }
  }

  /** A service that is a name for another of the cluster passes on what comes through a front. */
  #leadOn(way: FrontWay, service: Placed<ServiceFacts>, rule: TrafficRule): void {
    const other = namesake(service.facts);
    const target = other === null ? undefined : this.#services.get(placeOf(other));
    if (target === undefined) return;
    const fact = evidence(
      `${nameOf(service.resource)} is a name for ${nameOf(target.resource)}.`,
      service.resource,
    );
    for (const port of portsOf(target.facts, rule.port, false)) {
      const via = `${nameOf(target.resource)}${port === null ? '' : `:${port.port}`}`;
      addToList(this.#behind, placeOf(target.facts), { ...onward(way, { via, fact }), port });
    }
  }
}

/** The ports of a service that a rule means; null where it names none and the service is not told in full. */
function portsOf(service: ServiceFacts, port: string, byTarget: boolean): readonly (ServicePort | null)[] {
  if (service.ports.length === 0) return [null];
  if (port === '') return service.ports;
  return service.ports.filter(
    (each) => each.name === port || String(each.port) === port || (byTarget && each.targetPort === port),
  );
}

function wayTo({ reach, login }: Entry, surface: string): ClusterWay {
  return { ...reach, surface, auth: login?.auth ?? 'app' };
}

/** `shop.example.com/cart`; `any host` where a rule names none. */
function ruleText({ host, path }: TrafficRule): string {
  return `${host === '' ? 'any host' : host}${path === '' ? '' : path}`.slice(0, 300);
}

function listenerText({ listener }: Entry): string {
  if (listener === null || listener.port === 0) return 'any';
  return surfaceOf({ protocol: listener.protocol === 'UDP' ? 'udp' : 'tcp' }, listener.port);
}

function placeOf({ namespace, name }: ObjectFacts): string {
  return `${namespace}/${name}`;
}
