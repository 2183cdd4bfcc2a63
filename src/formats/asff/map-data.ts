import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { macieCount, macieReason, macieWords } from '../reading/aws/macie-data.ts';
import type { FoundResource } from './finding-base.ts';
import { severityOf } from './finding-state.ts';

/**
 * What a finding of Macie says that its bucket holds. Its object tells what was found; the types of the finding tell the
 * rest where the object does not. Empty for all other findings.
 */
export function dataOf(finding: JsonObject, found: readonly FoundResource[]): readonly DataObservation[] {
  const types = asTexts(finding['Types']).filter((type) => type.startsWith('Sensitive Data Identifications'));
  const id = asText(finding['Id']);
  if (types.length === 0 || id === undefined || finding['Sample'] === true) return [];
  const results = found.map(({ raw }) => at(asObject(raw['DataClassification']), 'Result'));
  const words = [...new Set(results.flatMap(macieWords))];
  const count = results.reduce<number>((sum, result) => sum + macieCount(result), 0);
  const clue = sensitiveDataClue(
    [...words, ...types.map((type) => type.replace(/^.*\//, ''))],
    severityOf(finding),
    'content',
    macieReason(words, count),
  );
  const isGone =
    finding['RecordState'] === 'ARCHIVED' ||
    ['RESOLVED', 'SUPPRESSED'].includes(asText(at(finding, 'Workflow', 'Status')) ?? '');
  return found.flatMap(({ resource }) =>
    resource.kind === 'cloud' && /^arn:aws[a-z-]*:s3:::[^/]+$/.test(resource.id)
      ? [{ kind: 'data', resource, id: `macie:${id.slice(id.lastIndexOf('/') + 1)}`, isGone, clue }]
      : [],
  );
}
