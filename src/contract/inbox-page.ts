import { z } from 'zod';
import { commaList } from './comma-list.ts';
import { countSchema } from './count.ts';
import { detectedRiskSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { issueRowSchema, issueStatusSchema } from './issue.ts';
import { severitySchema } from './severity.ts';

const yesOrNo = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true');

/**
 * The query of `GET /api/v1/issues`, as the parameters arrive in the address.
 *
 * - `all`: issues that no rule admitted are listed too, at the same rank that they would have.
 * - `severity`, `type`: any of the words. `risk`: all of the risks are *yes*.
 * - `status`: any of the words, `open` and `in_progress` unless given. `muted`: muted issues, and no others.
 * - `q`: words that title and key contain, in any case.
 * - `query`: what has to hold besides, in the query language (docs/reference/query-language.md). Where it names status,
 *   muted or admitted, it decides that alone unless the parameter is given too.
 */
export const inboxQuerySchema = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  all: yesOrNo,
  severity: commaList(severitySchema).optional(),
  type: commaList(findingTypeSchema).optional(),
  risk: commaList(detectedRiskSchema).optional(),
  status: commaList(issueStatusSchema).optional(),
  muted: yesOrNo,
  q: z.string().max(200).optional(),
  query: z.string().max(10_000).optional(),
});

/** The same question without pages, as a body has it. */
export const inboxFilterSchema = z.object({
  all: z.boolean().optional(),
  severity: z.array(severitySchema).optional(),
  type: z.array(findingTypeSchema).optional(),
  risk: z.array(detectedRiskSchema).optional(),
  status: z.array(issueStatusSchema).optional(),
  muted: z.boolean().optional(),
  q: z.string().max(200).optional(),
  query: z.string().max(10_000).optional(),
});

/** One condition of admission that nobody has answered yet, and what would answer it. */
const holdingBackSchema = z.object({
  /** A stable name, such as a risk's key. */
  condition: z.string(),
  /** What is not known, in words: "Whether it runs in production". */
  sentence: z.string(),
  /** How many waiting findings it holds back. A finding that lacks two inputs counts at both. */
  count: countSchema,
  /** The flag, file or command that supplies the answer; a line to copy. */
  remedy: z.string(),
});

export type HoldingBack = z.infer<typeof holdingBackSchema>;

/**
 * How many issues of this listing each choice would leave. The choice of a facet itself is not
 * applied to its own counts, so that a second severity can be weighed against the first.
 */
export const facetsSchema = z.object({
  severity: z.record(severitySchema, countSchema),
  type: z.record(findingTypeSchema, countSchema),
  risk: z.record(detectedRiskSchema, z.object({ yes: countSchema, unknown: countSchema })),
});

export type Facets = z.infer<typeof facetsSchema>;

/** One page of the ranked list, by keyset. */
export const inboxPageSchema = z.object({
  items: z.array(issueRowSchema),
  /** The query as it was understood, in its one spelling; null where it asks for everything. */
  query: z.string().nullable(),
  /** What to send as `cursor` for the page after this one; null: this was the last. */
  nextCursor: z.string().nullable(),
  /** Issues in this listing, with its filters, over all pages. */
  total: countSchema,
  /** Issues in the inbox without any filter: admitted, open or in progress, not muted. */
  admittedTotal: countSchema,
  /** Open findings that no rule admits and no person took in, without any filter. */
  waiting: countSchema,
  /**
   * The three conditions that hold back most, most first, while the inbox admits little; empty
   * otherwise. The server decides; a page that gets some shows them (design: the first report).
   */
  holdingBack: z.array(holdingBackSchema).max(3),
  facets: facetsSchema,
});

export type InboxPage = z.infer<typeof inboxPageSchema>;

export const issueGroupingSchema = z.enum(['fix', 'owner', 'service', 'account']);

export type IssueGrouping = z.infer<typeof issueGroupingSchema>;

/** The query of `GET /api/v1/issue-groups`: that of a listing, and what its issues are grouped by. */
export const issueGroupQuerySchema = inboxQuerySchema
  .omit({ cursor: true, limit: true })
  .extend({ by: issueGroupingSchema });

const issueGroupSchema = z.object({
  /** What its issues share; null: those without any. */
  name: z.string().nullable(),
  /** The same for people: of a fix, what to do. */
  title: z.string(),
  /** What lists its issues, and them alone: the `query` of `GET /api/v1/issues`, the other parameters as here. */
  query: z.string(),
  issues: countSchema,
  bySeverity: z.record(severitySchema, countSchema),
  overdue: countSchema,
  /** Its first issues, at most three, with their places in the whole list, from 1. */
  first: z.array(z.object({ issue: issueRowSchema, place: z.int().min(1) })),
  /** The place of the one after them; null: those were all. */
  nextPlace: z.int().min(1).nullable(),
});

export type IssueGroup = z.infer<typeof issueGroupSchema>;

/**
 * Answer of `GET /api/v1/issue-groups`: the group of the highest ranked issue first, the one without a name last, at most
 * 100. An issue has one fix (that of its lead finding) and one owner; it stands in the group of every service and account
 * that it touches.
 */
export const issueGroupsSchema = z.object({
  groups: z.array(issueGroupSchema),
  /** How many groups there are. */
  total: countSchema,
  /** Issues of the listing, each once. */
  issues: countSchema,
});

export type IssueGroups = z.infer<typeof issueGroupsSchema>;
