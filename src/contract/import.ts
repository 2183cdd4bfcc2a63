import { z } from 'zod';
import { countSchema } from './count.ts';

const flag = z.enum(['true', 'false']).optional();
const service = z.string().min(1).max(200);

/**
 * The query of `POST /api/v1/imports`; the body is the file's bytes. Each parameter is the flag of
 * the same name of `security-inbox import`.
 */
export const importQuerySchema = z.object({
  /** The file's name, shown and used to tell formats apart; no path. */
  name: z.string().min(1).max(255),
  format: z.string().max(100).optional(),
  /** How to read reports of a tool that no format knows: YAML, or the name of a kept mapping (`import --mapping`). */
  mapping: z.string().max(4000).optional(),
  source: z.string().max(200).optional(),
  /** `k=v`, several separated by commas. */
  scope: z.string().max(1000).optional(),
  /** The report is all that there is in its scope. */
  complete: flag,
  /** Closings that were held are accepted. */
  confirm: flag,
  /** Every member of an archive is a scan of its own. */
  separate: flag,
  root: z.string().max(1000).optional(),
  account: z.string().max(200).optional(),
  region: z.string().max(100).optional(),
  env: z.string().max(100).optional(),
  /** May be repeated. */
  service: z.union([service.transform((name) => [name]), z.array(service).max(100)]).optional(),
  team: z.string().max(200).optional(),
});

export type ImportQuery = z.infer<typeof importQuerySchema>;

/** A record that could not be read: its place in the report, a code, a sentence. */
const rejectSchema = z.object({ at: z.string(), code: z.string(), message: z.string() });

const errorSchema = z.object({ code: z.string(), message: z.string() });

/**
 * A file, or a member of an archive (`archive.zip!member`), that was read (design: `import --json`), to its
 * end or as far as it went.
 */
const importReadSchema = z.object({
  file: z.string(),
  format: z.string(),
  /** Null: the report broke off before it said what was scanned. */
  source: z.string().nullable(),
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
  /** Where the report broke off, and all that stood before it counts; null: it was read to its end. */
  error: errorSchema.nullable(),
  /** What moved and why, and which flag would make a partial scan complete. */
  sentences: z.array(z.string()),
});

export type ImportRead = z.infer<typeof importReadSchema>;

/** A file of which nothing was read: not recognised (`format` null), or not to be opened. */
const importFailedSchema = z.object({
  file: z.string(),
  format: z.string().nullable(),
  error: errorSchema,
});

/** Only what was read has counts. It is tried first: it holds every member of a failure too, and would be cut down to one. */
export const importResultSchema = z.union([importReadSchema, importFailedSchema]);

export type ImportResult = z.infer<typeof importResultSchema>;

export function isImportRead(result: ImportResult): result is ImportRead {
  return 'records' in result;
}

/** Answer of `POST /api/v1/imports`: one result per file or member, in the archive's order. */
export const importAnswerSchema = z.object({ results: z.array(importResultSchema) });

export type ImportAnswer = z.infer<typeof importAnswerSchema>;

/** Answer of `POST /api/v1/scans/{id}/undo`: what was taken back with the scan. */
export const undoneImportSchema = z.object({
  scanId: z.string(),
  files: z.array(z.string()),
  /** Findings that only this scan showed. */
  removed: countSchema,
  /** Findings that it closed and that are open again. */
  reopened: countSchema,
  /** Findings that it opened again and that are closed again. */
  closed: countSchema,
});

export type UndoneImport = z.infer<typeof undoneImportSchema>;

const runningImportSchema = z.object({
  /** As its sender called it. */
  name: z.string(),
  /** Its bytes, as its sender said; null: unsaid. */
  size: countSchema.nullable(),
  /** How many of them came so far. */
  received: countSchema,
  /** How many bytes were read, after decompression; null: it waits for its turn. */
  read: countSchema.nullable(),
  begunAt: z.iso.datetime(),
});

export type RunningImport = z.infer<typeof runningImportSchema>;

/** `GET /api/v1/imports`: uploads that this server is at work on, the oldest first, whoever sent them. */
export const runningImportListSchema = z.object({ items: z.array(runningImportSchema) });

export type RunningImportList = z.infer<typeof runningImportListSchema>;
