import { z } from 'zod';
import { countSchema } from './count.ts';

const watchSchema = z.object({
  id: z.string(),
  /** A folder of the server's machine, or an address. */
  location: z.string(),
  everyMinutes: countSchema,
  nextAt: z.iso.datetime(),
  addedBy: z.string(),
  /** The last look, in a sentence; null: there was none. */
  last: z
    .object({ at: z.iso.datetime(), state: z.enum(['read', 'same', 'failed']), sentence: z.string() })
    .nullable(),
});

/** `GET /api/v1/watches`: folders and addresses that are looked at for reports, by place. */
export const watchListSchema = z.object({ items: z.array(watchSchema) });

export type WatchList = z.infer<typeof watchListSchema>;
