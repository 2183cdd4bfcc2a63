import { z } from 'zod';

/** What kind of hole a finding is. All findings of one issue have the same type. */
export const findingTypeSchema = z.enum([
  'misconfiguration',
  'identity_risk',
  'library_vulnerability',
  'code_vulnerability',
  'infrastructure_vulnerability',
  'attack_path',
  'secret',
  'iac_misconfiguration',
  'api_finding',
]);

export type FindingType = z.infer<typeof findingTypeSchema>;
