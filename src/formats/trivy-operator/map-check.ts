import { asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { isIdentityKind } from '../reading/kubernetes-kinds.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { OperatorReport } from './operator-report.ts';

/** A check of an object; a sentence where it lacks what it needs. */
export function mapCheck(entry: JsonObject, report: OperatorReport): readonly FindingObservation[] | string {
  const check = asText(entry.checkID);
  if (check === undefined) return 'a text in checkID was expected';
  const { object } = report;
  const messages = asTexts(entry.messages).slice(0, 20);
  return [
    postureFinding({
      tool: 'trivy',
      check,
      resource: object,
      resourceKind: object.objectKind,
      isIdentity: isIdentityKind(object.objectKind),
      title: asText(entry.title),
      severity: severityOfWord(asText(entry.severity)),
      description: [...messages, ...asTexts(entry.description)].join('\n\n'),
      fix: asText(entry.remediation),
      state: entry.success === true ? PASSED : OPEN,
      cover: report.cover,
    }),
  ];
}
