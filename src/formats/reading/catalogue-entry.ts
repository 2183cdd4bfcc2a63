import type { CatalogueObservation } from '#domain/finding/observation.ts';
import { repositoryOfPage } from './repository-of-page.ts';

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
    repositories: bounded(entry.repositories.map(repositoryOfPage)),
    resources: bounded(entry.resources),
    kubernetesIds: bounded(entry.kubernetesIds),
    links: bounded(entry.links),
  };
}
