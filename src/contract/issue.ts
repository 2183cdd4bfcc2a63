import { z } from 'zod';
import { countSchema } from './count.ts';
import { detectedRiskSchema, riskStatesSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { severitySchema } from './severity.ts';

/** Where the work on an issue stands. Snoozed and resolved issues appear only when asked for. */
export const issueStatusSchema = z.enum(['open', 'in_progress', 'snoozed', 'resolved']);

export type IssueStatus = z.infer<typeof issueStatusSchema>;

/**
 * What `admittedBy` holds, beside ids of rules, for an issue that a person took in by hand.
 */
export const ADMITTED_BY_HAND = 'by-hand';

/** A ticket of an issue in a tracker; its key and its address are null until it is made. */
const issueTicketSchema = z.object({
  receiver: z.string(),
  state: z.enum(['waiting', 'made', 'failed']),
  /** `#12`, `SEC-12`. */
  key: z.string().nullable(),
  url: z.string().nullable(),
});

/**
 * One row of the ranked list (design: `list --json`). The order of rows is the server's; nothing here
 * lets a reader compute another one.
 */
export const issueRowSchema = z.object({
  /** Made from the hash of `key`: the same on every machine and in every import order. */
  id: z.string(),
  key: z.string(),
  title: z.string(),
  type: findingTypeSchema,
  severity: severitySchema,
  /** Adjusted score of the lead finding, 0.0 to 10.0; null where its type has no score. */
  score: z.number().min(0).max(10).nullable(),
  /** The risks of the lead finding that are *yes*, in the order of the five. */
  risks: z.array(detectedRiskSchema),
  riskStates: riskStatesSchema,
  riskCount: countSchema,
  /** Distinct resources, distinct services, and their sum, over the members that count. */
  resources: countSchema,
  services: countSchema,
  impact: countSchema,
  /** Ids of the rules that admit it, `by-hand` for a person. Empty: not admitted. */
  admittedBy: z.array(z.string()),
  status: issueStatusSchema,
  muted: z.boolean(),
  /** UTC instant (RFC 3339); null: no due date. */
  dueAt: z.iso.datetime().nullable(),
  assignee: z.string().nullable(),
  team: z.string().nullable(),
  /** How many attack paths go through it. */
  attackPaths: countSchema,
  /** Of a snoozed issue: the UTC instant at which it wakes; null: it is not, or until it gets worse. */
  snoozedUntil: z.iso.datetime().nullable(),
  /** When a source first showed one of its findings. */
  firstSeen: z.iso.datetime(),
  /** When one of its findings that was closed was last seen again; null: none ever was. */
  regressedAt: z.iso.datetime().nullable(),
  /** Tickets that were made for it, or are to be, the oldest first. */
  tickets: z.array(issueTicketSchema),
});

export type IssueRow = z.infer<typeof issueRowSchema>;
