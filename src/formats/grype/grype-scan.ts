import { parseInstant } from '#base/instant.ts';
import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { ScanDescription, ScopeDescription } from '#domain/scan/scan-description.ts';
import { artifactName } from '../reading/artifact-name.ts';
import { type Distribution, distributionOf } from '../reading/distribution.ts';
import { imageSource } from '../reading/image-source.ts';
import { parsePackageUrl } from '../reading/package-url.ts';
import { scannedImage } from '../reading/scanned-image.ts';

/** What all matches of a report share. */
export interface MatchContext {
  readonly resource: ResourceDescription;
  /** Null where none was found. */
  readonly distribution: Distribution | null;
  /** The scan covers what it lists, and not all of its scope. */
  readonly isListed: boolean;
}

/** A report's scan, with what its matches share. */
export interface GrypeScan extends MatchContext {
  readonly description: ScanDescription;
  /** What labels say of the image; null where they say nothing. */
  readonly builtFrom: ResourceObservation | null;
}

/** Says what a report is about and what it covers (design: identity, scope). */
export function describeScan(root: JsonObject): GrypeScan {
  const descriptor = asObject(root['descriptor']);
  const source = asObject(root['source']);
  const { scope, resource } =
    asText(source?.['type']) === 'image'
      ? aboutImage(asObject(source?.['target']) ?? {})
      : aboutArtifact(source);
  const isListed = scope.is === 'artifact' && scope.name === null;
  return {
    description: {
      tool: 'grype',
      toolVersion: asText(descriptor?.['version']),
      time: parseInstant(descriptor?.['timestamp']),
      scope,
      coverage: isListed ? 'listed' : 'all',
    },
    isListed,
    resource,
    builtFrom: imageSource(resource, asObject(at(source, 'target', 'labels'))),
    distribution: distributionOf(asText(at(root, 'distro', 'name')), asText(at(root, 'distro', 'version'))),
  };
}

interface About {
  readonly scope: ScopeDescription;
  readonly resource: ResourceDescription;
}

/** `manifestDigest` is not read: from a local image store it is no digest that a registry knows. */
function aboutImage(target: JsonObject): About {
  const image = scannedImage({
    names: [asText(target['userInput'])],
    repoDigests: asTexts(target['repoDigests']),
    repoTags: asTexts(target['tags']),
    imageId: asText(target['imageID']),
    os: asText(target['os']),
    architecture: asText(target['architecture']),
  }) ?? { kind: 'image', reference: '' };
  return { scope: { is: 'image', image }, resource: image };
}

function aboutArtifact(source: JsonObject | undefined): About {
  const target = source?.['target'];
  const path = asText(target) ?? asText(asObject(target)?.['path']);
  const purl = parsePackageUrl(path);
  const name =
    purl === null
      ? artifactName(path)
      : `pkg:${purl.type}/${purl.namespace === '' ? '' : `${purl.namespace}/`}${purl.name}`;
  return { scope: { is: 'artifact', name }, resource: { kind: 'artifact', name } };
}
