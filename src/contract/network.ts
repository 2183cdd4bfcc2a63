import { z } from 'zod';

/** A range of addresses that the organisation calls its own. */
const networkSchema = z.object({
  cidr: z.string(),
  label: z.string(),
  addedBy: z.string(),
  addedAt: z.iso.datetime(),
});

/** `GET /api/v1/networks`. */
export const networkListSchema = z.object({ items: z.array(networkSchema) });

/** Body of `POST /api/v1/networks`. */
export const networkBodySchema = z.object({
  label: z.string().trim().min(1).max(80),
  cidr: z.string().trim().min(1).max(64),
});

/** Body of `POST /api/v1/networks/remove`. */
export const networkRemovalSchema = networkBodySchema.pick({ cidr: true });
