import { z } from 'zod';

/** One field of the query language (docs/reference/query-language.md). */
const queryFieldSchema = z.object({
  /** What stands before the colon. */
  name: z.string(),
  /** Other names for the same. */
  aliases: z.array(z.string()),
  /**
   * `choice`: words of a closed list. `name`: a whole text, in which `*` stands for anything. `text`: contained.
   * `number` and `time`: compared.
   */
  kind: z.enum(['choice', 'name', 'text', 'number', 'time']),
  /** The words of a choice, or the values that there are now; empty where anything may stand. */
  values: z.array(z.string()),
  /** What commas between values mean. */
  list: z.enum(['any', 'all']),
  /** Whether the issue has it itself, or any of its open findings; `rules`: only conditions of rules have it. */
  of: z.enum(['issue', 'findings', 'rules']),
  sentence: z.string(),
  example: z.string(),
});

export type QueryField = z.infer<typeof queryFieldSchema>;

/** The answer of `GET /api/v1/query/fields`, in the order in which they are shown. */
export const queryFieldListSchema = z.object({ items: z.array(queryFieldSchema) });

export type QueryFieldList = z.infer<typeof queryFieldListSchema>;
