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
      /** What it moved of the issue, as it was before and after: `status` from `open` to `snoozed`. */
      changes: z.array(
        z.object({
          field: z.enum(['status', 'muted', 'admitted', 'assignee', 'team', 'due', 'severity']),
          before: z.string().nullable(),
          after: z.string().nullable(),
        }),
      ),
      /** What was said, of a comment that is still there. */
      comment: z
        .object({ id: z.string(), text: z.string(), editedAt: z.iso.datetime().nullable() })
        .nullable(),
    }),
  ),
});

export type IssueHistory = z.infer<typeof issueHistorySchema>;
