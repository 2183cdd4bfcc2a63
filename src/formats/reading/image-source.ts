import { asText, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';

const SOURCE = 'org.opencontainers.image.source';
const ADDRESS_MAX = 500;

/**
 * What an image's labels say of the repository that it was built from (attack-paths §7.3); null where they say nothing.
 * Its vendor and authors are not read: images have them from those that they were built on.
 */
export function imageSource(
  image: ResourceDescription,
  labels: JsonObject | undefined,
): ResourceObservation | null {
  const source = asText(labels?.[SOURCE])?.trim() ?? '';
  if (image.kind !== 'image' || source === '' || source.length > ADDRESS_MAX) return null;
  return {
    kind: 'resource',
    resource: image,
    type: 'image',
    name: '',
    tags: { [SOURCE]: source },
    facts: {},
  };
}
