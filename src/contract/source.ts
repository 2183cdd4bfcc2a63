import { z } from 'zod';
import { countSchema } from './count.ts';

const instant = z.iso.datetime();

/** The newest accepted report of a source. */
const lastScanSchema = z.object({
  id: z.string(),
  file: z.string(),
  /** The report's own time; null where it has none. */
  at: instant.nullable(),
  importedAt: instant,
  /** Whether it may close what it does not show. */
  complete: z.boolean(),
  records: countSchema,
  findings: countSchema,
  rejects: countSchema,
});

export type LastScan = z.infer<typeof lastScanSchema>;

/** Findings that a scan would have closed and that wait for a person. */
const heldClosingSchema = z.object({
  scanId: z.string(),
  scope: z.record(z.string(), z.string()),
  at: instant,
  /** How many would close, of how many that are open in this scope. */
  count: countSchema,
  open: countSchema,
  /** Why they are held. */
  sentence: z.string(),
  /** The command that confirms the closing; a line to copy. */
  remedy: z.string(),
});

export type HeldClosing = z.infer<typeof heldClosingSchema>;

/** A configured origin of reports. */
export const sourceSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Folder name of the format of its last scan; null: nothing was read yet. */
  format: z.string().nullable(),
  /** Worked out here from what the others tell, as attack paths are: no report is read for it. */
  derived: z.boolean(),
  /** The scopes that it covers, one object of keys each. */
  scopes: z.array(z.record(z.string(), z.string())),
  openFindings: countSchema,
  /** The time of its latest report, the same bytes again included; null when there was none. */
  lastReportAt: instant.nullable(),
  /** For how many days it may be silent, and how that is known. */
  rhythm: z.object({ days: z.number().positive(), from: z.enum(['set', 'learned', 'default']) }),
  /** It has been silent for longer than that. */
  overdue: z.boolean(),
  lastScan: lastScanSchema.nullable(),
  /** Open findings where the latest reports of a scope did not look, as a check that did not run: since the first of these days. */
  notLookedAt: z.array(
    z.object({ scope: z.record(z.string(), z.string()), open: countSchema, since: instant }),
  ),
  held: z.array(heldClosingSchema),
  retired: z.boolean(),
});

export type Source = z.infer<typeof sourceSchema>;

/** `GET /api/v1/sources`, by name. */
export const sourceListSchema = z.object({ items: z.array(sourceSchema) });

export type SourceList = z.infer<typeof sourceListSchema>;
