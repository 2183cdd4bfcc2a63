import { z } from 'zod';
import { countSchema } from './count.ts';
import { severitySchema } from './severity.ts';

/** How far back an overview goes. */
export const OVERVIEW_WEEKS = [4, 26, 52] as const;

export const overviewQuerySchema = z.object({
  weeks: z
    .enum(['4', '26', '52'])
    .default('26')
    .transform((word) => Number(word)),
});

/** `GET /api/v1/overview`: where the risk is, and whether it falls. */
export const overviewSchema = z.object({
  /** Issues that are to be fixed, by owner and severity; an owner is a person, else a team, else null. */
  load: z.array(
    z.object({
      owner: z.string().nullable(),
      severity: severitySchema,
      issues: countSchema,
      overdue: countSchema,
    }),
  ),
  /** Findings, condition by condition. */
  funnel: z.object({
    all: countSchema,
    open: countSchema,
    /** Of issues with a detected risk. */
    risky: countSchema,
    /** Of issues in the inbox. */
    admitted: countSchema,
    /** Of issues of the inbox that open the way for an attack path, or are one. */
    onPaths: countSchema,
  }),
  /** The oldest first; the last ends now. */
  weeks: z.array(
    z.object({
      end: z.iso.datetime(),
      /** Issues with an open finding at its end, admitted or not, by the severity that they have now. */
      open: z.record(severitySchema, countSchema),
      /** Findings that closed in it. */
      closed: countSchema,
      /** After how many days from when they were first seen: the median, and 9 of 10. */
      medianDays: z.number().nullable(),
      ninthDays: z.number().nullable(),
      /** Attack paths that were first seen in it, and those of which the last way closed in it. */
      pathsFound: countSchema,
      pathsCut: countSchema,
    }),
  ),
  /** As of when it holds: over very much the last count is told while a new one is made. */
  countedAt: z.iso.datetime(),
});

export type Overview = z.infer<typeof overviewSchema>;
