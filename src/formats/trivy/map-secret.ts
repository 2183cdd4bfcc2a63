import { asNumber, asText, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import type { ResultContext } from './result-context.ts';

/** A secret of a result; a sentence where it lacks what it needs to be a finding. Trivy masks every value. */
export function mapSecret(secret: JsonObject, result: ResultContext): FindingObservation | string {
  const check = asText(secret['RuleID']);
  if (check === undefined) return 'a text in RuleID was expected';
  const line = asNumber(secret['StartLine']);
  return {
    kind: 'finding',
    type: 'secret',
    subject: { is: 'check', tool: 'trivy', check },
    resource: result.resource,
    place: { is: 'secret', path: result.target, line },
    state: OPEN,
    title: asText(secret['Title']) ?? check,
    severity: severityOfWord(asText(secret['Severity'])),
    locations: [{ path: result.target, line }],
    secretState: 'unknown',
    cover: result.cover,
    findingClass: 'secrets',
  };
}
