import { z } from 'zod';
import { severitySchema } from './severity.ts';

/** How the organisation rates an advisory itself. */
export const advisoryRatingSchema = z.object({
  advisory: z.string(),
  vector: z.string().nullable(),
  severity: severitySchema.nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});

export type AdvisoryRatingView = z.infer<typeof advisoryRatingSchema>;

/** `GET /api/v1/advisories/ratings` */
export const advisoryRatingListSchema = z.object({ items: z.array(advisoryRatingSchema) });

/** Body of `POST /api/v1/advisories/:id/rate`: a severity, a vector or both. */
export const rateAdvisoryBodySchema = z.object({
  vector: z.string().max(300).nullish(),
  severity: severitySchema.nullish(),
  reason: z.string().trim().min(1).max(500),
});
