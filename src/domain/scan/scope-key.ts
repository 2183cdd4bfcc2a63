import { compareBytes } from '#base/compare.ts';
import { boundedKey } from '#base/digest.ts';
import { tagLine } from '../resource/image-line.ts';
import { type ImageName, parseImageName } from '../resource/image-name.ts';
import { clusterKey, identifyResource, type Naming, repositoryName } from '../resource/resource-key.ts';
import type { ScanDescription } from './scan-description.ts';

/** What a person said about a scan on the command line or in the request. */
export interface DeclaredScope {
  /** `--source` was given: the person vouches that its reports are of one thing. */
  readonly isSourceNamed: boolean;
  /** `--scope k=v`, spelled as given. */
  readonly keys: Readonly<Record<string, string>>;
  /** `--env`. */
  readonly environment: string | null;
}

/** The scope of a scan under its one spelling (design: identity, scope). */
export interface ScopeIdentity {
  /** Unique within the source. */
  readonly key: string;
  /** As it is printed: an object of its keys. */
  readonly keys: Readonly<Record<string, string>>;
  /** The flags that would name what the report does not. Not empty: the scan is partial. */
  readonly borrowed: readonly string[];
  /**
   * Whether all its scans are of one thing: an image, a repository, a cluster, whatever `--scope` names. Others share one over
   * all accounts and hosts, so that what a person says of one import there is no word about the next.
   */
  readonly isOfOneThing: boolean;
  /** For images only. */
  readonly image: ImageScope | null;
}

export interface ImageScope {
  readonly resourceKey: string;
  /** Builds that share a line replace each other (design: identity, images). */
  readonly line: string;
  /** Registry digest, where the report tells. */
  readonly digest: string | null;
  readonly imageId: string | null;
  /** `docker.io/library/redis:7`: how the inventory may know it when no digest is told. */
  readonly reference: string | null;
}

/** Keys that name things; any other key of `--scope` only tells scans apart. */
const NAMING_KEYS = new Set(['cluster', 'repository', 'artifact']);

/** What a scope is called that names nothing beyond the tool. */
const NAMELESS_KEYS = new Set(['inventory', 'catalogue', 'posture', 'feed', 'events']);

export function namingFrom(sourceId: string, declared: DeclaredScope): Naming {
  return {
    sourceId,
    cluster: declared.keys['cluster'] ?? null,
    repository: declared.keys['repository'] ?? null,
    artifact: declared.keys['artifact'] ?? null,
  };
}

/** Names the scope of a scan, and tells which flags would name what it had to borrow from its source. */
export function identifyScope(scan: ScanDescription, naming: Naming, declared: DeclaredScope): ScopeIdentity {
  const { scope } = scan;
  const borrowed: string[] = [];
  const keys: Record<string, string> = {};
  let image: ImageScope | null = null;
  let isNameless = false;
  const borrow = (flag: string, evenWhenNamed = false) => {
    if (!declared.isSourceNamed || evenWhenNamed) borrowed.push(flag);
  };

  switch (scope.is) {
    case 'image': {
      const resource = identifyResource(scope.image, naming);
      if (resource.key.startsWith('image:@')) borrow('--source NAME');
      const name = parseImageName(scope.image.reference) ?? smallestTag(scope.image.tags);
      const tag = name?.tag ?? '';
      // Whoever asks for no tag pulls `latest`, where the report says that the image has that tag.
      const pulled =
        tag === '' && name?.digest === null && hasLatest(name, scope.image.tags) ? 'latest' : tag;
      const digest = scope.image.digest ?? name?.digest ?? null;
      const platform = scope.image.platform ?? '';
      keys['image'] = tag === '' ? resource.name : `${resource.name}:${tag}`;
      if (digest !== null) keys['digest'] = digest;
      if (platform !== '') keys['platform'] = platform;
      if (declared.environment !== null) keys['environment'] = declared.environment;
      const line = [
        resource.key,
        platform,
        declared.environment ?? '',
        extraKeys(declared),
        tagLine(tag),
      ].join('|');
      image = {
        resourceKey: resource.key,
        line,
        digest,
        imageId: scope.image.imageId ?? null,
        reference: pulled === '' ? null : `${resource.name}:${pulled}`,
      };
      break;
    }
    case 'artifact': {
      const resource = identifyResource({ kind: 'artifact', name: scope.name }, naming);
      if (resource.kind === 'repository') {
        keys['tool'] = scan.tool;
        keys['repository'] = resource.key.replace(/^repo:/, '');
        break;
      }
      if (scope.name === null && naming.artifact === null) borrow('--source NAME or --scope artifact=NAME');
      keys['artifact'] = scope.name ?? naming.artifact ?? '.';
      isNameless = scope.name === null && naming.artifact === null && !declared.isSourceNamed;
      if (resource.key.startsWith('artifact:@') && scope.name !== null)
        borrow('--source NAME or --scope artifact=NAME');
      break;
    }
    case 'code': {
      const resource = identifyResource({ kind: 'repository', name: scope.repository }, naming);
      if (scope.repository === null && naming.repository === null)
        borrow('--source NAME or --scope repository=HOST/OWNER/NAME');
      keys['tool'] = scan.tool;
      keys['repository'] = resource.key.replace(/^repo:/, '');
      if (scope.branch !== undefined && declared.keys['branch'] === undefined) keys['branch'] = scope.branch;
      if (scope.category !== undefined) keys['category'] = scope.category;
      break;
    }
    case 'cluster':
    case 'inventory': {
      if (scope.is === 'inventory') keys['inventory'] = scan.tool;
      if (scope.cluster !== undefined) {
        if (scope.cluster === null && naming.cluster === null) borrow('--scope cluster=NAME', true);
        keys['cluster'] = clusterKey(scope.cluster, naming);
      }
      break;
    }
    case 'catalogue':
      keys['catalogue'] = scan.tool;
      if (naming.repository === null) borrow('--source NAME or --scope repository=HOST/OWNER/NAME');
      else keys['repository'] = repositoryName(naming.repository);
      break;
    case 'posture':
      keys['posture'] = scan.tool;
      break;
    case 'feed':
      keys['feed'] = scan.tool;
      break;
    case 'events':
      keys['events'] = scan.tool;
      break;
  }
  const extra = Object.entries(declared.keys).filter(([key]) => !NAMING_KEYS.has(key));
  const isNamed = !isNameless && Object.keys(keys).some((key) => !NAMELESS_KEYS.has(key));
  const isOfOneThing = isNamed || extra.length > 0;
  for (const [key, value] of extra) keys[key] = value;
  const key = `${scope.is}|${Object.entries(keys)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('|')}`;
  return { key: boundedKey(key), keys, borrowed, isOfOneThing, image };
}

function extraKeys(declared: DeclaredScope): string {
  return Object.entries(declared.keys)
    .filter(([key]) => !NAMING_KEYS.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function hasLatest({ registry, repository }: ImageName, tags: readonly string[] = []): boolean {
  return tags.some((reference) => {
    const other = parseImageName(reference);
    return other?.registry === registry && other.repository === repository && other.tag === 'latest';
  });
}

function smallestTag(tags: readonly string[] | undefined): ReturnType<typeof parseImageName> {
  const smallest = (tags ?? []).toSorted(compareBytes)[0];
  return smallest === undefined ? null : parseImageName(smallest);
}
