import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { ImageDescription } from '#domain/resource/resource-description.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import { isSystemType } from './package-types.ts';

/** Name, family and release in `redis:6.0.5 (debian 10.4)`. */
const TARGET_WITH_OS = /^(.{1,1000}) \(([a-z][\w. -]{0,60}?) ([\w.:~+-]{1,40})\)$/;

/** An operating system as Trivy tells it. */
export interface TrivyOs {
  readonly family: string;
  readonly release: string | undefined;
}

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

/** The operating system that `Metadata` tells; null when it tells none. */
export function osOfMetadata(metadata: JsonObject | undefined): TrivyOs | null {
  const os = asObject(metadata?.['OS']);
  const family = asText(os?.['Family']);
  return family === undefined ? null : { family, release: asText(os?.['Name']) };
}

/** The operating system that a target tells; null when it tells none. */
export function osOfTarget(target: string): TrivyOs | null {
  const match = TARGET_WITH_OS.exec(target);
  return match === null ? null : { family: match[2] as string, release: match[3] };
}
