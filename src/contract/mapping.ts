import { z } from 'zod';

/** The name of a kept mapping: small letters, digits and hyphens. */
const mappingNameSchema = z.string().min(1).max(60);

const mappingSchema = z.object({
  name: z.string(),
  /** Whose reports it is for. */
  tool: z.string(),
  /** Members or columns by which a file that no format knows is read by it; null: only where it is named. */
  when: z.array(z.string()).nullable(),
  /** YAML. */
  text: z.string(),
  keptBy: z.string(),
  keptAt: z.iso.datetime(),
});

export type Mapping = z.infer<typeof mappingSchema>;

/** `GET /api/v1/mappings`: how reports of tools are read that no format knows, by name. */
export const mappingListSchema = z.object({ items: z.array(mappingSchema) });

/** Body of `POST /api/v1/mappings`; a mapping of that name is replaced. */
export const mappingBodySchema = z.object({ name: mappingNameSchema, text: z.string().max(64 * 1024) });

/** Body of `POST /api/v1/mappings/remove`. */
export const mappingRemovalSchema = z.object({ name: mappingNameSchema });
