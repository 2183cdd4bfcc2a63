import type { CatalogueObservation } from '#domain/finding/observation.ts';
import { repositoryOfPage } from './repository-of-page.ts';

const LIST_MAX = 100;
const TEXT_MAX = 500;
const NAME_MAX = 200;

/** What every entry tells; the rest only where its catalogue does. */
type ToldEntry = Pick<CatalogueObservation, 'entity' | 'service' | 'isService' | 'owner'> &
  Partial<Omit<CatalogueObservation, 'kind'>>;

/** An entry as a format found it; bounds it, and gives repositories their one spelling. */
export function catalogueEntry({
  entity,
  service,
  isService,
  owner,
  lifecycle = null,
  tier = null,
  system = null,
  repositories = [],
  codeLocations = [],
  resources = [],
  kubernetesIds = [],
  links = [],
  confidence,
  moreOwners = [],
  ownedBy,
  alsoNamed = [],
  onCall = [],
}: ToldEntry): CatalogueObservation {
  const lists = { moreOwners: bounded(moreOwners), alsoNamed: bounded(alsoNamed), onCall: bounded(onCall) };
  const located = codeLocations
    .map(({ repository, paths }) => ({
      repository: repositoryOfPage(repository.trim()),
      paths: bounded(paths),
    }))
    .filter(({ repository, paths }) => repository !== '' && repository.length <= TEXT_MAX && paths.length > 0)
    .slice(0, LIST_MAX);
  return {
    kind: 'catalogue',
    entity: spelledEntity(entity),
    service: service.slice(0, NAME_MAX),
    isService,
    owner,
    lifecycle,
    tier,
    system,
    repositories: bounded(repositories.map(repositoryOfPage)),
    ...(located.length === 0 ? {} : { codeLocations: located }),
    resources: bounded(resources),
    kubernetesIds: bounded(kubernetesIds),
    links: bounded(links),
    ...(confidence === undefined ? {} : { confidence }),
    ...(ownedBy === undefined ? {} : { ownedBy: spelledEntity(ownedBy) }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

function spelledEntity(entity: string): string {
  return entity.slice(0, TEXT_MAX).toLowerCase();
}

function bounded(list: readonly string[]): readonly string[] {
  return [
    ...new Set(list.map((each) => each.trim()).filter((each) => each !== '' && each.length <= TEXT_MAX)),
  ].slice(0, LIST_MAX);
}
