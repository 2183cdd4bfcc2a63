import { z } from 'zod';
import { countSchema } from './count.ts';
import { importQuerySchema } from './import.ts';

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

/** Body of `POST /api/v1/watches`: a place, how often it is looked at, and what an upload of its reports would say. */
export const watchBodySchema = z.strictObject({
  location: z.string().trim().min(1).max(2_000),
  everyMinutes: countSchema,
  /** The address may be one of this machine or network. */
  allowPrivate: z.boolean().optional(),
  reports: z
    .strictObject(
      importQuerySchema.pick({
        format: true,
        mapping: true,
        source: true,
        scope: true,
        complete: true,
        account: true,
        region: true,
        env: true,
        service: true,
        team: true,
      }).shape,
    )
    .optional(),
});

export type WatchBody = z.input<typeof watchBodySchema>;

/** Body of `POST /api/v1/watches/remove`. */
export const watchRemovalSchema = z.strictObject({ id: z.string().min(1).max(100) });
