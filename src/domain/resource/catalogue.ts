import { addToList } from '#base/list-map.ts';
import type { CatalogueObservation } from '../finding/observation.ts';
import { CATALOGUE_CONFIDENCE, type DeclaredOwner, type OwnerCandidate } from './owner.ts';
import { repositoryName } from './resource-key.ts';

/** An entry of a catalogue, with the source that told it. */
export type CatalogueEntry = Omit<CatalogueObservation, 'kind'> & { readonly sourceId: string };

/** What the catalogues of an organisation say of one resource. */
export interface CatalogueWord {
  /** Services whose entries name the resource itself. */
  readonly services: readonly string[];
  readonly owners: readonly DeclaredOwner[];
}

/**
 * The service catalogues of an organisation (attack-paths §7.3, §7.4). An entry is about a resource by its ARN, its
 * repository or its `backstage.io/kubernetes-id`; it owns what belongs to a service of its name too, and so does whoever is
 * called for it at night. Its lifecycle is no environment.
 */
export class Catalogue {
  readonly #byService = new Map<string, CatalogueEntry[]>();
  readonly #byResource = new Map<string, CatalogueEntry[]>();
  readonly #byKubernetesId = new Map<string, CatalogueEntry[]>();
  readonly #byOnCall = new Map<string, CatalogueEntry[]>();
  readonly #byEntity = new Map<string, CatalogueEntry>();

  constructor(entries: readonly CatalogueEntry[]) {
    for (const entry of entries) {
      this.#byEntity.set(entry.entity, entry);
      if (entry.isService)
        for (const name of new Set([entry.service, ...(entry.alsoNamed ?? [])].map(spelledService)))
          addToList(this.#byService, name, entry);
      for (const arn of entry.resources) addToList(this.#byResource, `aws:${arn}`, entry);
      for (const repository of entry.repositories) addToList(this.#byResource, `repo:${repository}`, entry);
      for (const id of entry.kubernetesIds) addToList(this.#byKubernetesId, id, entry);
      for (const id of entry.onCall ?? []) addToList(this.#byOnCall, id, entry);
    }
  }

  /** `services` are those that its tags name. */
  about(key: string, tags: Readonly<Record<string, string>>, services: readonly string[]): CatalogueWord {
    const repository = builtFrom(tags);
    const named = [
      ...(this.#byResource.get(key) ?? []),
      ...(repository === null ? [] : (this.#byResource.get(repository) ?? [])),
      ...(this.#byKubernetesId.get(tags['backstage.io/kubernetes-id'] ?? '') ?? []),
    ];
    const ofServices = services.flatMap((service) => this.#byService.get(spelledService(service)) ?? []);
    const owning = [...named.filter((entry) => this.#ownsWhole(entry, key)), ...ofServices];
    const calling = owning.flatMap((entry) =>
      (entry.onCall ?? []).flatMap((id) => this.#byOnCall.get(id) ?? []),
    );
    return {
      services: [...new Set(named.flatMap((entry) => (entry.isService ? [entry.service] : [])))],
      owners: [...new Set([...owning, ...calling])].flatMap((entry) => this.#ownersOf(entry)),
    };
  }

  /** The services that are built from a repository, by its key. */
  builtFrom(repository: string): readonly string[] {
    const built = this.#byResource.get(repository) ?? [];
    return [...new Set(built.flatMap((entry) => (entry.isService ? [entry.service] : [])))];
  }

  /** Whoever owns some paths of a repository that others name too does not own it as a whole. */
  #ownsWhole({ codeLocations = [] }: CatalogueEntry, key: string): boolean {
    const isShared = (this.#byResource.get(key) ?? []).length > 1;
    return !isShared || codeLocations.every(({ repository }) => key !== `repo:${repository}`);
  }

  #ownersOf(entry: CatalogueEntry): readonly OwnerCandidate[] {
    const { owner, ownedBy, moreOwners = [], confidence = CATALOGUE_CONFIDENCE, sourceId, service } = entry;
    const team = ownedBy === undefined ? null : (this.#byEntity.get(ownedBy)?.service ?? null);
    return [owner ?? team, ...moreOwners].flatMap((name) =>
      name === null ? [] : [{ name, confidence, reason: `${sourceId}: ${service}` }],
    );
  }
}

/** The spelling by which names of services are compared: catalogues write `Order Processor` where tags write `order-processor`. */
export function spelledService(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

/** The label by which an image says of which repository it was built. */
export const SOURCE_LABEL = 'org.opencontainers.image.source';

/** The key of the repository that something was built from, by its labels; null where they tell none. */
export function builtFrom(tags: Readonly<Record<string, string>>): string | null {
  const source = tags[SOURCE_LABEL];
  return source === undefined ? null : `repo:${repositoryName(source)}`;
}
