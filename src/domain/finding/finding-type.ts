/** The nine types of finding; a type never influences the rank (source page, prioritization). */
export const FINDING_TYPES = [
  'misconfiguration',
  'identity_risk',
  'library_vulnerability',
  'code_vulnerability',
  'infrastructure_vulnerability',
  'attack_path',
  'secret',
  'iac_misconfiguration',
  'api_finding',
] as const;

export type FindingType = (typeof FINDING_TYPES)[number];

/** A known flaw of a published component, named by an advisory. */
export function isVulnerabilityOfComponent(type: FindingType): boolean {
  return type === 'library_vulnerability' || type === 'infrastructure_vulnerability';
}

/** Flaws of what a service is made of: they are wherever the service runs (reference behaviour, inclusion). */
export const TYPES_OF_SERVICE_CODE: readonly FindingType[] = ['library_vulnerability', 'code_vulnerability'];

/** Whether checks of this type mean controls of the catalogue. */
export function isAboutControls(type: FindingType): boolean {
  return type === 'misconfiguration' || type === 'identity_risk' || type === 'iac_misconfiguration';
}
