import type { EstateResource } from '../risk/estate.ts';
import { objectFacts, routeFacts, serviceFacts, workloadFacts } from './facts/kubernetes-facts.ts';
import { selectsPods } from './facts/kubernetes-selector.ts';

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

/** A resource with the services that it is a part of by itself. */
export interface PlacedObject extends Pick<EstateResource, 'key' | 'type' | 'name' | 'facts'> {
  readonly services: readonly string[];
}

/**
 * The services behind what leads to workloads in one cluster (attack-paths §7.4: host, route, service): a service is a part of what its
 * selector selects, an ingress or a route of what its rules name. What names a service itself is asked first.
 */
export class LedServices {
  readonly #services = new Map<string, PlacedObject>();
  readonly #workloads = new Map<string, PlacedObject[]>();

  constructor(objects: readonly PlacedObject[]) {
    for (const object of objects) {
      const { namespace, name } = objectFacts(object.facts);
      if (object.type === 'service') this.#services.set(`${namespace} ${name || object.name}`, object);
      else if (LED_TYPES.includes(object.type)) {
        const found = this.#workloads.get(namespace) ?? [];
        found.push(object);
        this.#workloads.set(namespace, found);
      }
    }
  }

  /** Empty where it leads nowhere that is known. */
  behind(object: Omit<PlacedObject, 'services'>): readonly string[] {
    if (object.type === 'service') return this.#selectedBy(object);
    const { rules } = routeFacts(object.facts);
    const names = rules.flatMap(({ backend }) => {
      const service = this.#services.get(`${backend.namespace} ${backend.name}`);
      if (service === undefined) return [];
      return service.services.length > 0 ? service.services : this.#selectedBy(service);
    });
    return [...new Set(names)].sort();
  }

  #selectedBy({ facts }: Pick<PlacedObject, 'facts'>): readonly string[] {
    const { namespace, selector } = serviceFacts(facts);
    const selected = (this.#workloads.get(namespace) ?? []).filter(({ facts: own, name }) =>
      selectsPods(selector, workloadFacts(own).name || name, workloadFacts(own).podLabels),
    );
    return [...new Set(selected.flatMap(({ services }) => services))].sort();
  }
}
