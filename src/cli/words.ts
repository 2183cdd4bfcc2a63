import type { DetectedRisk } from '#contract/detected-risk.ts';
import type { FindingType } from '#contract/finding-type.ts';

/** Short words for the types, where a table has no room. */
export const SHORT_TYPES: Readonly<Record<FindingType, string>> = {
  misconfiguration: 'misconfig',
  identity_risk: 'identity',
  library_vulnerability: 'library',
  code_vulnerability: 'code',
  infrastructure_vulnerability: 'infra',
  attack_path: 'path',
  secret: 'secret',
  iac_misconfiguration: 'iac',
  api_finding: 'api',
};

/** The letter of each risk in tables: upper case where it is there. */
export const RISK_LETTERS: Readonly<Record<DetectedRisk, string>> = {
  publicly_accessible: 'P',
  privileged_access: 'V',
  under_attack: 'A',
  exploit_available: 'E',
  in_production: 'R',
};

/** `in_production` as a person reads it. */
export function readable(name: string): string {
  return name.replaceAll('_', ' ');
}
