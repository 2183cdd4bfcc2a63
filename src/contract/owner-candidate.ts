import { z } from 'zod';

/** Somebody or something that a thing may belong to, where that was read, and how sure that kind of place is, 0 to 1. */
export const ownerCandidateSchema = z.object({
  name: z.string(),
  confidence: z.number(),
  reason: z.string(),
});
