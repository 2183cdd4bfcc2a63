import { oneLine } from '#base/text.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ImportedFile } from './import-result.ts';

/** No cloud gives a resource more (AWS and Azure 50, Google Cloud 64). */
const TAGS_MAX = 64;

/** The description with its first 64 tags or labels; what is left out is told among the rejects (reliability §6.1). */
export function boundTags(
  observation: ResourceObservation,
  rejects: ImportedFile['rejects'][number][],
): ResourceObservation {
  const tags = Object.entries(observation.tags ?? {});
  if (tags.length <= TAGS_MAX) return observation;
  rejects.push({
    at: oneLine(observation.name, 300),
    code: 'too_large',
    message: `The resource has ${tags.length} tags; the first ${TAGS_MAX} are kept.`,
  });
  return { ...observation, tags: Object.fromEntries(tags.slice(0, TAGS_MAX)) };
}
