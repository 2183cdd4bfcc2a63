import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ImageDescription, ResourceDescription } from '#domain/resource/resource-description.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';

/** What the entries of a tested project share. */
export interface SnykProject {
  readonly scan: ScanDescription;
  readonly resource: ResourceDescription;
  /** The lock file or manifest; undefined for an image. */
  readonly path: string | undefined;
  /** Unit of coverage; undefined where the scan covers all of its scope. */
  readonly cover: string | undefined;
}

/**
 * A project that was tested: an image, or the packages of one manifest. Snyk names the manifest and not what it lies in,
 * so such a scan covers the manifests that it lists (design: identity, scope).
 */
export function describeProject(project: JsonObject): SnykProject {
  const image = imageOf(project);
  if (image !== null)
    return {
      scan: { tool: 'snyk', time: null, scope: { is: 'image', image }, coverage: 'all' },
      resource: image,
      path: undefined,
      cover: undefined,
    };
  const path = (asText(project.displayTargetFile) ?? asText(project.targetFile))?.replaceAll('\\', '/');
  const failed = asText(project.error) !== undefined;
  return {
    scan: { tool: 'snyk', time: null, scope: { is: 'artifact', name: null }, coverage: 'listed' },
    resource: { kind: 'artifact', name: null },
    path,
    cover: failed ? undefined : `${asText(project.projectName) ?? ''} ${path ?? ''}`,
  };
}

const IMAGE = 'docker-image|';

/** The name of an image stands in its project's, its tag in the path: `acme/shop:1.2/package.json`. */
function imageOf(project: JsonObject): ImageDescription | null {
  const name = asText(project.projectName);
  if (name?.startsWith(IMAGE) !== true && asObject(project.docker) === undefined) return null;
  const repository = (name?.startsWith(IMAGE) === true ? name.slice(IMAGE.length) : name) ?? '';
  const path = asText(project.path) ?? '';
  const tag = path.startsWith(`${repository}:`)
    ? path.slice(repository.length + 1).split('/', 1)[0]
    : undefined;
  return {
    kind: 'image',
    reference:
      tag === undefined || tag === '' || repository === '' ? repository || path : `${repository}:${tag}`,
    platform: asText(project.platform),
  };
}
