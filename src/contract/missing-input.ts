import { z } from 'zod';
import { countSchema } from './count.ts';
import { detectedRiskSchema } from './detected-risk.ts';

const missingInputSchema = z.object({
  /** The risk that is unknown. */
  risk: detectedRiskSchema,
  /** What nobody supplied, in words: the one that most resources lack. */
  what: z.string(),
  /** How many others the same command supplies. */
  others: countSchema,
  /** A line to copy; null where no command is known. */
  command: z.string().nullable(),
  /** Of how many resources the risk is unknown for want of it. */
  resources: countSchema,
});

/**
 * `GET /api/v1/missing`: those of most resources first, at most 20; of each risk 20,000 unknown resources are looked at.
 * `countedAt`: as of when it holds; over very much the last count is told while a new one is made.
 */
export const missingInputListSchema = z.object({
  items: z.array(missingInputSchema),
  countedAt: z.iso.datetime(),
});

export type MissingInputList = z.infer<typeof missingInputListSchema>;
