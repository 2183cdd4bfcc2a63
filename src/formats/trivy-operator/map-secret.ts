import { asText, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { secretFinding } from '../reading/code-finding.ts';
import type { OperatorReport } from './operator-report.ts';

/** A secret in a file of the image, whose value the report masks; a sentence where it lacks what it needs. */
export function mapSecret(entry: JsonObject, report: OperatorReport): readonly FindingObservation[] | string {
  const check = asText(entry.ruleID);
  if (check === undefined) return 'a text in ruleID was expected';
  return [
    {
      ...secretFinding({
        tool: 'trivy',
        check,
        path: asText(entry.target) ?? '',
        line: undefined,
        severity: severityOfWord(asText(entry.severity)),
        title: asText(entry.title),
        value: undefined,
        secretState: 'unknown',
        resource: report.image ?? report.object,
      }),
      cover: report.cover,
    },
  ];
}
