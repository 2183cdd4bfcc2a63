import type { AddressSet } from '#base/address-set.ts';
import { asText } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { type FactFields, type Facts, readFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { addressesOfNetworks, type CorporateNetwork } from './corporate-network.ts';

const ID_KEPT = 200;

/**
 * The resources of a subscription or project, and what lies above it, so that they can be looked up as
 * their descriptions name each other. What is not found was not described.
 */
export class CloudEstate {
  readonly #byType = new Map<string, EstateResource[]>();
  readonly #byId = new Map<string, EstateResource>();
  readonly #facts = new Map<EstateResource, Map<FactFields, unknown>>();
  readonly #derived = new Map<(estate: this) => unknown, unknown>();
  readonly #spell: (id: string) => string;

  /** `spell` gives an id the one spelling that keys have behind their provider. */
  /** Ranges that the organisation calls its own. */
  readonly networks: readonly CorporateNetwork[];
  readonly corporate: AddressSet;

  constructor(
    resources: readonly EstateResource[],
    { networks = [] }: Surroundings,
    spell: (id: string) => string,
  ) {
    this.networks = networks;
    this.corporate = addressesOfNetworks(networks);
    this.#spell = spell;
    for (const resource of resources) {
      addToList(this.#byType, resource.type, resource);
      this.#byId.set(resource.key.slice(resource.key.indexOf(':') + 1), resource);
      // A key may be too long to be kept whole; the description holds its id.
      const id = asText(resource.facts['id']);
      if (id !== undefined && id.length > ID_KEPT) this.#byId.set(spell(id), resource);
    }
  }

  ofType(...types: readonly string[]): readonly EstateResource[] {
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  /** The resource of an id, however it is spelled. */
  find(id: string | undefined): EstateResource | undefined {
    return id === undefined ? undefined : this.#byId.get(this.#spell(id));
  }

  spell(id: string): string {
    return this.#spell(id);
  }

  facts<S extends FactFields>(shape: S, resource: EstateResource): Facts<S> {
    const byShape = this.#facts.get(resource) ?? new Map<FactFields, unknown>();
    this.#facts.set(resource, byShape);
    let facts = byShape.get(shape) as Facts<S> | undefined;
    if (facts === undefined) {
      facts = readFacts(shape, resource.facts);
      byShape.set(shape, facts);
    }
    return facts;
  }

  /** What a function makes of the estate, made once. */
  derived<T>(derive: (estate: this) => T): T {
    if (!this.#derived.has(derive)) this.#derived.set(derive, derive(this));
    return this.#derived.get(derive) as T;
  }
}
