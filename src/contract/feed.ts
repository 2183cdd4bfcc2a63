import { z } from 'zod';
import { countSchema } from './count.ts';

const instant = z.iso.datetime();

/** An intelligence feed and how old what it says is. */
const feedSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `missing`: never read. `stale`: older than it may be for its *no* to count. */
  state: z.enum(['fresh', 'stale', 'missing']),
  /** The date that the feed gives itself; null: never read, or it gives none. */
  asOf: instant.nullable(),
  fetchedAt: instant.nullable(),
  entries: countSchema,
  /** What its state means for the list, and what to do about it. */
  sentence: z.string(),
});

export type Feed = z.infer<typeof feedSchema>;

/** `GET /api/v1/feeds`, by name. */
export const feedListSchema = z.object({ items: z.array(feedSchema) });

export type FeedList = z.infer<typeof feedListSchema>;
