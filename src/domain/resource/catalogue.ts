import { addToList } from '#base/list-map.ts';
import type { CatalogueObservation } from '../finding/observation.ts';
import type { OwnerCandidate } from './owner.ts';
import { repositoryName } from './resource-key.ts';

/** An entry of a catalogue, with the source that told it. */
export type CatalogueEntry = Omit<CatalogueObservation, 'kind'> & { readonly sourceId: string };

/** What the catalogues of an organisation say of one resource. */
export interface CatalogueWord {
  /** Services whose entries name the resource itself. */
  readonly services: readonly string[];
  readonly owners: readonly OwnerCandidate[];
}

const CONFIDENCE = 0.9;

/**
 * The service catalogues of an organisation (attack-paths §7.3, §7.4). An entry is about a resource by its ARN, its
 * repository or its `backstage.io/kubernetes-id`; it owns what belongs to a service of its name too. Its lifecycle is no environment.
 */
export class Catalogue {
  readonly #byService = new Map<string, CatalogueEntry[]>();
  readonly #byResource = new Map<string, CatalogueEntry[]>();
  readonly #byKubernetesId = new Map<string, CatalogueEntry[]>();

  constructor(entries: readonly CatalogueEntry[]) {
    for (const entry of entries) {
      if (entry.isService) addToList(this.#byService, entry.service.toLowerCase(), entry);
      for (const arn of entry.resources) addToList(this.#byResource, `aws:${arn}`, entry);
      for (const repository of entry.repositories) addToList(this.#byResource, `repo:${repository}`, entry);
      for (const id of entry.kubernetesIds) addToList(this.#byKubernetesId, id, entry);
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
    const ofServices = services.flatMap((service) => this.#byService.get(service.toLowerCase()) ?? []);
    return {
      services: [...new Set(named.flatMap((entry) => (entry.isService ? [entry.service] : [])))],
      owners: [...named, ...ofServices].flatMap(({ owner, service, sourceId }) =>
        owner === null ? [] : [{ name: owner, confidence: CONFIDENCE, reason: `${sourceId}: ${service}` }],
      ),
    };
  }
}

/** The label by which an image says of which repository it was built. */
export const SOURCE_LABEL = 'org.opencontainers.image.source';

/** The key of the repository that something was built from, by its labels; null where they tell none. */
export function builtFrom(tags: Readonly<Record<string, string>>): string | null {
  const source = tags[SOURCE_LABEL];
  return source === undefined ? null : `repo:${repositoryName(source)}`;
}
