import { z } from 'zod';

/** `GET /api/v1/acceptances`: risks that somebody wants to accept and nobody agreed to yet, the oldest first. */
export const acceptanceListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      issue: z.string(),
      title: z.string(),
      reason: z.string(),
      until: z.iso.datetime(),
      askedBy: z.string(),
      askedAt: z.iso.datetime(),
    }),
  ),
});

export type AcceptanceList = z.infer<typeof acceptanceListSchema>;

/** How long risks are accepted at most, in days, and whether another administrator has to agree. */
export const acceptanceRulesSchema = z.object({ daysMax: z.number().int(), needsApproval: z.boolean() });
