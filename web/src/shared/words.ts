import type { DetectedRisk, RiskState } from '../../../src/contract/detected-risk.ts';
import type { FindingType } from '../../../src/contract/finding-type.ts';
import type { IssueStatus } from '../../../src/contract/issue.ts';
import type { Severity } from '../../../src/contract/severity.ts';

/** The words that a person reads for the words of the API. */
export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

/** Short, for a column and a facet. */
export const typeWords: Record<FindingType, string> = {
  misconfiguration: 'Misconfiguration',
  identity_risk: 'Identity',
  library_vulnerability: 'Library',
  code_vulnerability: 'Code',
  infrastructure_vulnerability: 'Infrastructure',
  attack_path: 'Attack path',
  secret: 'Secret',
  iac_misconfiguration: 'IaC',
  api_finding: 'API',
};

/** Whole, where the type stands alone. */
export const typeSentences: Record<FindingType, string> = {
  misconfiguration: 'Misconfiguration',
  identity_risk: 'Identity risk',
  library_vulnerability: 'Library vulnerability',
  code_vulnerability: 'Code vulnerability',
  infrastructure_vulnerability: 'Infrastructure vulnerability',
  attack_path: 'Attack path',
  secret: 'Secret',
  iac_misconfiguration: 'Infrastructure as code',
  api_finding: 'API finding',
};

export const riskWords: Record<DetectedRisk, string> = {
  publicly_accessible: 'Public',
  privileged_access: 'Privileged',
  under_attack: 'Under attack',
  exploit_available: 'Exploit available',
  in_production: 'In production',
};

export const statusWords: Record<IssueStatus, string> = {
  open: 'Open',
  in_progress: 'In progress',
  snoozed: 'Snoozed',
  resolved: 'Resolved',
};

/** One risk of one state, as a tooltip says it. */
export function riskSentence(risk: DetectedRisk, state: RiskState): string {
  const word = riskWords[risk].toLowerCase();
  if (state === 'yes') return riskWords[risk];
  return state === 'no' ? `Not ${word}` : `Unknown whether ${word}`;
}

/** All five at once, for whoever hears the row instead of seeing its marks. */
export function risksSentence(states: Record<DetectedRisk, RiskState>): string {
  const of = (state: RiskState) =>
    (Object.keys(riskWords) as DetectedRisk[])
      .filter((risk) => states[risk] === state)
      .map((risk) => riskWords[risk].toLowerCase());
  const yes = of('yes');
  const unknown = of('unknown');
  const said = `${yes.length === 0 ? 'no' : yes.length} detected ${yes.length === 1 ? 'risk' : 'risks'}`;
  return [
    yes.length === 0 ? said : `${said}: ${yes.join(', ')}`,
    ...(unknown.length === 0 ? [] : [`unknown: ${unknown.join(', ')}`]),
  ].join('; ');
}
