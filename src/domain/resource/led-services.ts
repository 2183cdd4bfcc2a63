import { KubernetesEstate } from '../exposure/kubernetes-estate.ts';
import { leadsTo } from '../exposure/kubernetes-service-targets.ts';
import type { EstateResource } from '../risk/estate.ts';
import { objectFacts, routeFacts, serviceFacts } from './facts/kubernetes-facts.ts';

/** Types that lead to others, and are a part of what those are. */
export const LEADING_TYPES: readonly string[] = [
  'service',
  'ingress',
  'route',
  'http-route',
  'virtual-service',
];

/** Types at which a way ends. */
export const LED_TYPES: readonly string[] = ['service', 'workload', 'pod'];

/** What says which pods a service leads to, beside its selector. */
export const ENDPOINT_TYPES: readonly string[] = ['endpoint-slice', 'endpoints'];

/** A resource with the services that it is a part of by itself. */
export interface PlacedObject extends EstateResource {
  readonly services: readonly string[];
}

/**
 * The services behind what leads to workloads in one cluster (attack-paths §7.4: host, route, service): a service is a part of what
 * it leads to, by its endpoints before its selector (§2.7), an ingress or a route of what its rules name. What names a
 * service itself is asked first.
 */
export class LedServices {
  readonly #estate: KubernetesEstate;
  readonly #services = new Map<string, PlacedObject>();
  readonly #servicesOf = new Map<string, readonly string[]>();

  constructor(objects: readonly PlacedObject[]) {
    this.#estate = new KubernetesEstate(objects.map(named));
    for (const object of objects) {
      const { namespace, name } = objectFacts(named(object).facts);
      if (object.type === 'service') this.#services.set(`${namespace} ${name}`, object);
      else this.#servicesOf.set(object.key, object.services);
    }
  }

  /** Empty where it leads nowhere that is known. */
  behind(object: EstateResource): readonly string[] {
    if (object.type === 'service') return this.#ledFrom(object);
    const { rules } = routeFacts(object.facts);
    const names = rules.flatMap(({ backend }) => {
      const service = this.#services.get(`${backend.namespace} ${backend.name}`);
      if (service === undefined) return [];
      return service.services.length > 0 ? service.services : this.#ledFrom(service);
    });
    return [...new Set(names)].sort();
  }

  #ledFrom(service: EstateResource): readonly string[] {
    const facts = serviceFacts(named(service).facts);
    const led = this.#estate
      .within(this.#estate.workloads, facts.namespace)
      .filter((workload) => leadsTo({ resource: service, facts }, workload, this.#estate)?.isLed === true);
    return [...new Set(led.flatMap(({ resource }) => this.#servicesOf.get(resource.key) ?? []))].sort();
  }
}

/** An object whose description has no name is known by that of its resource. */
function named<Resource extends EstateResource>(resource: Resource): Resource {
  const { facts, name } = resource;
  return objectFacts(facts).name === '' ? { ...resource, facts: { ...facts, name } } : resource;
}
