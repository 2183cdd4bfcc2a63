import { z } from 'zod';

/** Every error of the API (RFC 9457, `application/problem+json`). */
export const problemSchema = z.object({
  /** Address of the documentation line of `code`. */
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  /** A word of the closed list of refusals. */
  code: z.string(),
  /** What was expected, what was found, what to do. */
  detail: z.string(),
  requestId: z.string(),
  /** Where the query cannot be read, in UTF-16 units of its text; `to` is behind the place. */
  queryPlace: z.object({ from: z.int().min(0), to: z.int().min(0) }).optional(),
  /** All that is wrong in a rules file, lines and columns from 1. */
  faults: z.array(z.object({ line: z.int().min(1), column: z.int().min(1), message: z.string() })).optional(),
});

export type Problem = z.infer<typeof problemSchema>;
