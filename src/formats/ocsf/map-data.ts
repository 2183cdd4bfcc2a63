import { asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { macieReason } from '../reading/aws/macie-data.ts';
import { infoOf } from './event-finding.ts';
import type { EventResource } from './event-resource.ts';
import { lifecycleOf, severityOf } from './event-state.ts';

/** What an event of Macie says that its buckets hold, by the types of its finding; empty for all other events. */
export function dataOf(event: JsonObject, resources: readonly EventResource[]): readonly DataObservation[] {
  const info = infoOf(event);
  const types = asTexts(info['types']).filter((type) =>
    /^(?:Sensitive Data Identifications|SensitiveData:)/.test(type),
  );
  const id = asText(info['uid']);
  if (types.length === 0 || id === undefined) return [];
  const words = types.map((type) => type.replace(/^.*[/-]/, ''));
  const clue = sensitiveDataClue(words, severityOf(event), 'content', macieReason(words, 0));
  return resources.flatMap(({ resource }) =>
    resource.kind === 'cloud' && /^arn:aws[a-z-]*:s3:::[^/]+$/.test(resource.id)
      ? [
          {
            kind: 'data',
            resource,
            id: `macie:${id.slice(id.lastIndexOf('/') + 1)}`,
            isGone: lifecycleOf(event).is === 'ended',
            clue,
          },
        ]
      : [],
  );
}
