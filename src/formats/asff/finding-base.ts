import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';

/** A resource of a finding, described and as it stands in the record. */
export interface FoundResource {
  readonly resource: ResourceDescription;
  readonly raw: JsonObject;
  readonly region: string | undefined;
}

/** What all findings made of one record share. */
export type FindingBase = Pick<
  FindingObservation,
  'kind' | 'state' | 'title' | 'severity' | 'description' | 'fix' | 'references'
>;

export const MOST_REFERENCES = 5;

/** The references of a record with more of them, each once. */
export function withReferences(base: FindingBase, more: readonly string[]): readonly string[] {
  return [...new Set([...(base.references ?? []), ...more])].slice(0, MOST_REFERENCES);
}
