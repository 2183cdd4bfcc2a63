import { asText, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { type Severity, severityOfScore, severityOfWord } from '#domain/severity/severity.ts';

/**
 * Whether a finding is open; null where it asks a person to look, or could not be evaluated (compliance
 * `WARNING`, `NOT_AVAILABLE`, Prowler's `INFOED`): such a record is counted and is no finding.
 */
export function stateOf(finding: JsonObject): ObservedState | null {
  const compliance = asText(at(finding, 'Compliance', 'Status'));
  const workflow = asText(at(finding, 'Workflow', 'Status')) ?? asText(finding['WorkflowState']);
  const inspector = asText(at(finding, 'ProductFields', 'aws/inspector/FindingStatus'));
  if (compliance === 'PASSED') return { is: 'ended', why: 'The check passed.', passed: true };
  if (finding['RecordState'] === 'ARCHIVED')
    return { is: 'ended', why: 'The record is archived in Security Hub.', passed: false };
  if (workflow === 'RESOLVED')
    return { is: 'ended', why: 'The record is resolved in Security Hub.', passed: false };
  if (inspector === 'CLOSED') return { is: 'ended', why: 'Inspector closed the finding.', passed: false };
  if (compliance !== undefined && compliance !== 'FAILED') return null;
  if (workflow === 'SUPPRESSED')
    return { is: 'suppressed', reason: asText(at(finding, 'Note', 'Text')) ?? 'Suppressed in Security Hub.' };
  if (inspector === 'SUPPRESSED') return { is: 'suppressed', reason: 'Suppressed by a rule of Inspector.' };
  return OPEN;
}

/** `Severity.Label`, else the number from 0 to 100 that Security Hub normalises to. */
export function severityOf(finding: JsonObject): Severity | null {
  const word = severityOfWord(asText(at(finding, 'Severity', 'Label')));
  if (word !== null) return word;
  const normalized = at(finding, 'Severity', 'Normalized');
  return typeof normalized === 'number' && normalized >= 0 && normalized <= 100
    ? severityOfScore(normalized / 10)
    : null;
}
