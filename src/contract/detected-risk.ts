import { z } from 'zod';

/** The five detected risks, in the order in which every list, file and page shows them. */
export const detectedRiskSchema = z.enum([
  'publicly_accessible',
  'privileged_access',
  'under_attack',
  'exploit_available',
  'in_production',
]);

export type DetectedRisk = z.infer<typeof detectedRiskSchema>;

/**
 * What is known about one risk. `no` means that one looked and it is not so; `unknown` means that an
 * input is missing. Unknown is never shown, counted or filtered as no.
 */
export const riskStateSchema = z.enum(['yes', 'no', 'unknown']);

export type RiskState = z.infer<typeof riskStateSchema>;

/** The state of each of the five; always all five. */
export const riskStatesSchema = z.record(detectedRiskSchema, riskStateSchema);

export type RiskStates = z.infer<typeof riskStatesSchema>;
