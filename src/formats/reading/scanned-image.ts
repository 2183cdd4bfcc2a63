import type { ImageDescription } from '#domain/resource/resource-description.ts';

/** What a scanner tells about the image that it scanned. Empty texts and lists mean absent. */
export interface ScannedImage {
  /** What the scan was asked for, best first: references, or paths of archives. */
  readonly names?: readonly (string | undefined)[] | undefined;
  /** `name@sha256:…`, one per registry that has it. */
  readonly repoDigests?: readonly string[] | undefined;
  /** Whole references. */
  readonly repoTags?: readonly string[] | undefined;
  readonly imageId?: string | undefined;
  readonly os?: string | undefined;
  readonly architecture?: string | undefined;
  readonly variant?: string | undefined;
}

const ARCHIVE = /\.(?:tar|tgz|txz|img|oci)(?:\.[a-z0-9]{1,4})?$|^[./~]|^[a-z]:\\/i;
const DIGEST = /@(sha256:[0-9a-f]{64})$/i;

/**
 * The image that was scanned: under the reference that was asked for, else (an archive, nothing)
 * under the smallest of its tags, else under its registry name. Null when nothing names it.
 */
export function scannedImage(scanned: ScannedImage): ImageDescription | null {
  const repoDigests = (scanned.repoDigests ?? []).filter((each) => DIGEST.test(each));
  const tags = [...(scanned.repoTags ?? [])].sort();
  const names = (scanned.names ?? []).filter((name) => name !== undefined);
  const reference =
    names.find((name) => !ARCHIVE.test(name)) ?? tags[0] ?? repoDigests[0] ?? names[0] ?? scanned.imageId;
  if (reference === undefined) return null;
  const repository = repositoryOf(reference);
  const repoDigest = repoDigests.find((each) => repositoryOf(each) === repository) ?? repoDigests[0];
  return {
    kind: 'image',
    reference,
    digest: DIGEST.exec(reference)?.[1] ?? DIGEST.exec(repoDigest ?? '')?.[1],
    imageId: scanned.imageId,
    tags: tags.length === 0 ? undefined : tags,
    platform: platformOf(scanned),
    inRegistry: repoDigests.length > 0 ? true : undefined,
  };
}

function repositoryOf(reference: string): string {
  const at = reference.indexOf('@');
  const name = at < 0 ? reference : reference.slice(0, at);
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}

function platformOf({ os, architecture, variant }: ScannedImage): string | undefined {
  if (os === undefined || architecture === undefined) return undefined;
  return variant === undefined ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}
