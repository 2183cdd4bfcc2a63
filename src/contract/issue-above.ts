import { z } from 'zod';

/**
 * `GET /api/v1/issues/:id/above/:other`: whether the first ranks above the other, and the first of
 * the three keys that differs. `equal`: all three are the same, and only the id orders them.
 */
export const issueAboveSchema = z.object({
  above: z.boolean(),
  firstDifferingKey: z.enum(['severity', 'detected risks', 'impact', 'equal']),
  sentence: z.string(),
});

export type IssueAbove = z.infer<typeof issueAboveSchema>;
