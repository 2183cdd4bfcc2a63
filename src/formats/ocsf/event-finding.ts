import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { lifecycleOf, severityOf } from './event-state.ts';

/** What all findings made of one event share. */
export type FindingBase = Pick<
  FindingObservation,
  'kind' | 'state' | 'title' | 'severity' | 'description' | 'fix' | 'references'
>;

const LONGEST_TEXT = 4_000;
export const MOST_REFERENCES = 5;

/** `finding_info`, which was called `finding` before OCSF 1.1. */
export function infoOf(event: JsonObject): JsonObject {
  return asObject(event['finding_info']) ?? asObject(event['finding']) ?? {};
}

export function findingBase(event: JsonObject): FindingBase {
  const info = infoOf(event);
  const remediation = asObject(event['remediation']) ?? asObject(info['remediation']);
  const detail = asText(event['status_detail']) ?? asText(at(event, 'compliance', 'status_detail'));
  const about = asText(info['desc']);
  return {
    kind: 'finding',
    state: lifecycleOf(event),
    title: asText(info['title']) ?? asText(event['message']) ?? '',
    severity: severityOf(event),
    description:
      [detail, about]
        .filter((text) => text !== undefined)
        .join('\n\n')
        .slice(0, LONGEST_TEXT) || undefined,
    fix: asText(remediation?.['desc'])?.slice(0, LONGEST_TEXT),
    // Prowler lists commands among the references.
    references: addressesOf([
      ...asTexts(remediation?.['references']),
      ...asTexts(at(event, 'unmapped', 'related_url')),
      ...asTexts(info['src_url']),
    ]),
  };
}

function addressesOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => /^https?:\/\//.test(text)))].slice(0, MOST_REFERENCES);
}
