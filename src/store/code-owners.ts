import { filesOfFinding } from '#domain/finding/finding-files.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Location } from '#domain/finding/observation.ts';
import type { CatalogueEntry } from '#domain/resource/catalogue.ts';
import { CodeLocations } from '#domain/resource/code-locations.ts';
import {
  CodeOwners,
  type CodeOwnersFile,
  followedFile,
  ownersOfWhole,
} from '#domain/resource/code-owners.ts';
import { Committers, type CommittersFile } from '#domain/resource/committers.ts';
import { type DescribedPlace, fileOfStack } from '#domain/resource/described-place.ts';
import { keysOfCode } from '#domain/resource/nameless-code.ts';
import {
  allowedOwners,
  type DeclaredOwner,
  type OwnerCandidate,
  rankOwners,
} from '#domain/resource/owner.ts';
import { OwnerPreferences } from '#domain/resource/owner-preferences.ts';
import type { Queryable } from './database.ts';
import { loadToldOwners } from './owner-preferences.ts';

/** A finding, as far as it says in which files it is. */
export interface FindingInFiles {
  readonly type: FindingType;
  readonly resource_key: string;
  readonly place: string;
  readonly locations: readonly Location[];
}

/** Says whose the files of a finding are; empty where nobody names owners of them. */
export type OwnersOfFiles = (finding: FindingInFiles) => readonly OwnerCandidate[];

/** What catalogues, CODEOWNERS and logs say of the files of these repositories, by the keys of their resources. */
export async function loadCodeOwners(
  db: Queryable,
  shard: bigint,
  resourceKeys: readonly string[],
): Promise<OwnersOfFiles> {
  const owners = await loadFiles(db, shard, [...new Set(resourceKeys.flatMap(repositoryOf))]);
  const preferences = owners.size === 0 ? undefined : new OwnerPreferences(await loadToldOwners(db, shard));
  return ({ type, resource_key, place, locations }) => {
    const [repository = ''] = repositoryOf(resource_key);
    const ofRepository = owners.get(repository);
    if (ofRepository === undefined) return [];
    const named = filesOfFinding(type, place, locations).flatMap((path) => ofRepository.ownersOf(path));
    return rankOwners(allowedOwners(named, preferences));
  };
}

/** Whose what is made from the code of these repositories is. */
export interface OwnersOfMade {
  /** Of an image that was built from one, by the key of the repository. */
  built(repository: string | null): readonly DeclaredOwner[];
  /** Of what a stack of Terraform describes. */
  described(place: DescribedPlace): readonly DeclaredOwner[];
}

export async function loadOwnersOfMade(
  db: Queryable,
  shard: bigint,
  repositories: readonly string[],
): Promise<OwnersOfMade> {
  const owners = await loadFiles(db, shard, repositories);
  return {
    built: (repository) =>
      (owners.get(repository ?? '')?.ofWhole() ?? []).map((owner) => ({
        ...owner,
        confidence: Math.min(owner.confidence, BUILT_CONFIDENCE),
        reason: `${owner.reason} (the image's label names ${repository?.slice('repo:'.length)})`,
      })),
    described: (place) =>
      (owners.get(place.repository ?? '')?.ownersOf(fileOfStack(place)) ?? []).map((owner) => ({
        ...owner,
        reason: `${owner.reason} (Terraform describes it in ${place.path})`,
      })),
  };
}

/** A label tells of which repository an image was built (attack-paths §7.3). */
const BUILT_CONFIDENCE = 0.6;

/** Whom catalogues, one repository's CODEOWNERS and its log name, the surer first. */
interface OwnersOfRepository {
  ownersOf(path: string): readonly DeclaredOwner[];
  ofWhole(): readonly DeclaredOwner[];
}

async function loadFiles(
  db: Queryable,
  shard: bigint,
  repositories: readonly string[],
): Promise<ReadonlyMap<string, OwnersOfRepository>> {
  if (repositories.length === 0) return new Map();
  const files = await db.query<{ repository: string; body: CodeOwnersFile | CommittersFile }>({
    name: 'code-owners',
    text: `select body ->> 'repository' as repository, body from catalogue_entry
      where shard = $1 and kind = 'code-owners' and not is_retired and body ->> 'repository' = any($2::text[]) order by source_id, scope_id, file`,
    values: [shard, repositories],
  });
  const entries = await db.query<{ repository: string; source_id: string; body: CatalogueEntry }>({
    name: 'code-locations',
    text: `select distinct 'repo:' || (location ->> 'repository') as repository, source_id, body from catalogue_entry, jsonb_array_elements(body -> 'codeLocations') as location
      where shard = $1 and kind = 'service' and not is_retired and 'repo:' || (location ->> 'repository') = any($2::text[]) order by source_id, body`,
    values: [shard, repositories],
  });
  const filesOf = Map.groupBy(files.rows, ({ repository }) => repository);
  const entriesOf = Map.groupBy(entries.rows, ({ repository }) => repository);
  return new Map(
    [...new Set([...filesOf.keys(), ...entriesOf.keys()])].map((repository) => {
      const located = (entriesOf.get(repository) ?? []).map(({ source_id, body }) => ({
        ...body,
        sourceId: source_id,
      }));
      return [
        repository,
        ownersOfRepository(
          (filesOf.get(repository) ?? []).map(({ body }) => body),
          new CodeLocations(located, repository.slice('repo:'.length)),
        ),
      ];
    }),
  );
}

function ownersOfRepository(
  files: readonly (CodeOwnersFile | CommittersFile)[],
  locations: CodeLocations,
): OwnersOfRepository {
  const followed = followedFile(files.filter((file) => file.dialect !== 'commits'));
  const owners = followed === undefined ? null : new CodeOwners(followed);
  const logs = files.flatMap((file) => (file.dialect === 'commits' ? [new Committers(file)] : []));
  return {
    ownersOf: (path) => [
      ...locations.ownersOf(path),
      ...(owners?.ownersOf(path) ?? []),
      ...logs.flatMap((log) => log.ownersOf(path)),
    ],
    ofWhole: () => [
      ...(owners === null ? [] : ownersOfWhole(owners)),
      ...logs.flatMap((log) => log.ownersOf('')),
    ],
  };
}

function repositoryOf(resourceKey: string): readonly string[] {
  return keysOfCode(resourceKey).filter((key) => key.startsWith('repo:'));
}
