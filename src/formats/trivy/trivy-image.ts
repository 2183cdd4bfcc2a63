import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { ImageDescription } from '#domain/resource/resource-description.ts';
import { type Distribution, distributionOf } from '../reading/distribution.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import { isSystemType } from '../reading/trivy-package-types.ts';

/** Name, family and release in `redis:6.0.5 (debian 10.4)`. */
const TARGET_WITH_OS = /^(.{1,1000}) \(([a-z][\w. -]{0,60}?) ([\w.:~+-]{1,40})\)$/;

/** The image that Trivy's `Metadata` describes, under the name that was asked for; null when nothing names it. */
export function imageOfMetadata(metadata: JsonObject, asked: string | undefined): ImageDescription | null {
  const config = asObject(metadata['ImageConfig']);
  return scannedImage({
    names: [asked, asText(metadata['Reference'])],
    repoDigests: asTexts(metadata['RepoDigests']),
    repoTags: asTexts(metadata['RepoTags']),
    imageId: asText(metadata['ImageID']),
    os: asText(config?.['os']),
    architecture: asText(config?.['architecture']),
    variant: asText(config?.['variant']),
  });
}

/** The image that the target of an operating system's packages names; null for a file or a language. */
export function imageOfTarget(target: string, resultType: string): ImageDescription | null {
  const name = isSystemType(resultType) ? TARGET_WITH_OS.exec(target)?.[1] : undefined;
  return name === undefined ? null : scannedImage({ names: [name] });
}

/** The distribution that `Metadata` tells; null when it tells none. */
export function distributionOfMetadata(metadata: JsonObject | undefined): Distribution | null {
  const os = asObject(metadata?.['OS']);
  return distributionOf(asText(os?.['Family']), asText(os?.['Name']));
}

/** The distribution that a target tells; null when it tells none. */
export function distributionOfTarget(target: string): Distribution | null {
  const match = TARGET_WITH_OS.exec(target);
  return match === null ? null : distributionOf(match[2], match[3]);
}
