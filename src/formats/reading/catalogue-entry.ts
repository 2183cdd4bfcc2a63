import type { CatalogueObservation } from '#domain/finding/observation.ts';
import { repositoryName } from '#domain/resource/resource-key.ts';

const LIST_MAX = 100;
const TEXT_MAX = 500;

/** An entry as a format found it; bounds it, and gives repositories their one spelling. */
export function catalogueEntry(
  entry: Omit<CatalogueObservation, 'kind' | 'repositories'> & { readonly repositories: readonly string[] },
): CatalogueObservation {
  const bounded = (list: readonly string[]) =>
    [
      ...new Set(list.map((each) => each.trim()).filter((each) => each !== '' && each.length <= TEXT_MAX)),
    ].slice(0, LIST_MAX);
  return {
    kind: 'catalogue',
    ...entry,
    entity: entry.entity.slice(0, TEXT_MAX).toLowerCase(),
    repositories: bounded(entry.repositories.map(repositoryOf)),
    resources: bounded(entry.resources),
    kubernetesIds: bounded(entry.kubernetesIds),
    links: bounded(entry.links),
  };
}

/** `https://github.com/acme/shop/tree/main/cart` is in the repository `github.com/acme/shop`. */
function repositoryOf(address: string): string {
  const name = repositoryName(address.replace(/^url:/, ''));
  const inside = /^([^/]+(?:\/[^/]+){2,}?)(?:\/-)?\/(?:tree|blob|raw|src|browse)\/.*$/.exec(name);
  return inside?.[1] ?? name;
}
