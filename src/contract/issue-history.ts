import { z } from 'zod';

/** `GET /api/v1/issues/:id/history`: what happened to it, newest first, at most 200. */
export const issueHistorySchema = z.object({
  items: z.array(
    z.object({
      at: z.iso.datetime(),
      /** Who did it; `security-inbox` for what nobody did. */
      by: z.string(),
      /** What they did, as it goes on after their name: "muted it until 8 Dec 2026: pending fix". */
      sentence: z.string(),
    }),
  ),
});

export type IssueHistory = z.infer<typeof issueHistorySchema>;
