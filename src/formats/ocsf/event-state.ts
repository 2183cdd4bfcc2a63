import { asText, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';

/** What a check found: `pass`, `fail`, or that a person has to look (Prowler's `MANUAL`, a warning, no answer). */
export type Verdict = 'pass' | 'fail' | 'neither';

/** The verdict of a check; undefined for an event that is no result of a check. */
export function verdictOf(event: JsonObject): Verdict | undefined {
  const compliance =
    asText(at(event, 'compliance', 'status')) ?? asText(at(event, 'compliance', 'status_code'));
  const word = (asText(event['status_code']) ?? compliance)?.toUpperCase();
  if (word === undefined) return undefined;
  if (word === 'PASS' || word === 'PASSED') return 'pass';
  // Prowler 3 wrote the outcome of the check as the status of the event.
  if (word === 'FAIL' || word === 'FAILED' || word === 'FAILURE') return 'fail';
  return word === 'SUCCESS' ? 'pass' : 'neither';
}

const RESOLVED = 4;
const ARCHIVED = 5;
const DELETED = 6;
const SUPPRESSED = 3;

const CLOSE = 3;

/** How far people and the product have dealt with a finding, from the status of its event. */
export function lifecycleOf(event: JsonObject): ObservedState {
  const word = asText(event['status'])?.toLowerCase();
  // Prowler writes the number of another status beside the right word.
  const id = word === undefined || word === 'other' ? event['status_id'] : undefined;
  if (event['activity_id'] === CLOSE || event['activity_name'] === 'Close')
    return { is: 'ended', why: 'The product closed the finding.', passed: false };
  if (word === 'resolved' || id === RESOLVED)
    return { is: 'ended', why: 'The finding is resolved.', passed: false };
  if (word === 'archived' || id === ARCHIVED || at(event, 'unmapped', 'RecordState') === 'ARCHIVED')
    return { is: 'ended', why: 'The finding is archived.', passed: false };
  if (word === 'deleted' || id === DELETED)
    return { is: 'ended', why: 'The finding is deleted.', passed: false };
  if (word === 'suppressed' || word === 'muted' || id === SUPPRESSED)
    return { is: 'suppressed', reason: asText(event['comment']) ?? 'Suppressed in the product.' };
  return OPEN;
}

const LEVELS: readonly (Severity | null)[] = [null, 'info', 'low', 'medium', 'high', 'critical', 'critical'];

/** The word, else the number from 1 (informational) to 6 (fatal); null for 0 and 99, which rate nothing. */
export function severityOf(event: JsonObject): Severity | null {
  const word = asText(event['severity']);
  const named = word?.toLowerCase() === 'fatal' ? 'critical' : severityOfWord(word);
  const id = event['severity_id'];
  return named ?? (typeof id === 'number' ? (LEVELS[id] ?? null) : null);
}
