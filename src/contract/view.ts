import { z } from 'zod';
import { detectedRiskSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { issueGroupingSchema } from './inbox-page.ts';
import { severitySchema } from './severity.ts';

/** What a list is narrowed and grouped by, as the address of the inbox has it; what is absent does not narrow. */
const viewSearchSchema = z.strictObject({
  all: z.literal(true).optional(),
  severity: z.array(severitySchema).min(1).max(10).optional(),
  type: z.array(findingTypeSchema).min(1).max(20).optional(),
  risk: z.array(detectedRiskSchema).min(1).max(5).optional(),
  q: z.string().min(1).max(2_000).optional(),
  by: issueGroupingSchema.optional(),
});

/** Body of `POST /api/v1/views`: in the place of a view of that name. */
export const viewBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(60),
  search: viewSearchSchema,
});

export type ViewBody = z.infer<typeof viewBodySchema>;

/** Body of `POST /api/v1/views/remove`. */
export const viewRemovalSchema = viewBodySchema.pick({ name: true });

/** `GET /api/v1/views`, by name: lists that all of the organisation sees. */
export const viewListSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      search: viewSearchSchema,
      sharedBy: z.string(),
      sharedAt: z.iso.datetime(),
    }),
  ),
});

export type ViewList = z.infer<typeof viewListSchema>;
