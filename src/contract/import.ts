import { z } from 'zod';
import { countSchema } from './count.ts';

/**
 * The query of `POST /api/v1/imports`; the body is the file's bytes. Each parameter is the flag of
 * the same name of `security-inbox import`.
 */
export const importQuerySchema = z.object({
  /** The file's name, shown and used to tell formats apart; no path. */
  name: z.string().min(1).max(255),
  format: z.string().max(100).optional(),
  source: z.string().max(200).optional(),
  /** `k=v`, several separated by commas. */
  scope: z.string().max(1000).optional(),
  complete: z.enum(['true', 'false']).optional(),
  root: z.string().max(1000).optional(),
  account: z.string().max(200).optional(),
  region: z.string().max(100).optional(),
  env: z.string().max(100).optional(),
  service: z.string().max(200).optional(),
  team: z.string().max(200).optional(),
});

export type ImportQuery = z.infer<typeof importQuerySchema>;

/** A record that could not be read: its place in the report, a code, a sentence. */
export const rejectSchema = z.object({ at: z.string(), code: z.string(), message: z.string() });

export type Reject = z.infer<typeof rejectSchema>;

/** A file, or a member of an archive (`archive.zip!member`), that was read (design: `import --json`). */
export const importReadSchema = z.object({
  file: z.string(),
  format: z.string(),
  source: z.string(),
  scope: z.record(z.string(), z.string()),
  complete: z.boolean(),
  /** Entries of the report, by the format's own unit. */
  records: countSchema,
  findings: countSchema,
  passed: countSchema,
  resources: countSchema,
  relations: countSchema,
  signals: countSchema,
  rejects: z.array(rejectSchema),
  created: countSchema,
  changed: countSchema,
  unchanged: countSchema,
  /** Findings that no sighting shows any more because of this import. */
  closed: countSchema,
  /** Findings that it would have closed and that a person is asked about. */
  held: countSchema,
  /** Findings that were closed and are open again; not in `created`. */
  regressed: countSchema,
});

export type ImportRead = z.infer<typeof importReadSchema>;

/** A file that was not recognised (`format` null), or known and broken. */
export const importFailedSchema = z.object({
  file: z.string(),
  format: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }),
});

export type ImportFailed = z.infer<typeof importFailedSchema>;

export const importResultSchema = z.union([importFailedSchema, importReadSchema]);

export type ImportResult = z.infer<typeof importResultSchema>;

/** Answer of `POST /api/v1/imports`: one result per file or member, in the archive's order. */
export const importAnswerSchema = z.object({ results: z.array(importResultSchema) });

export type ImportAnswer = z.infer<typeof importAnswerSchema>;
