import { z } from 'zod';
import { countSchema } from './count.ts';
import { inboxFilterSchema } from './inbox-page.ts';
import { issueRowSchema } from './issue.ts';

const reason = z.string().trim().max(2000);

/** Why people mute. A risk that is accepted has an end. */
const muteReasonSchema = z.enum([
  'false_positive',
  'risk_accepted',
  'pending_fix',
  'no_fix',
  'duplicate',
  'other',
]);

/** Body of `POST /api/v1/issues/:id/admit`: take the issue in by hand. */
export const admitBodySchema = z.object({ reason: reason.optional() });

/** Body of `POST /api/v1/issues/:id/mute`. `until` is a UTC instant; without it, until unmuted. */
export const muteBodySchema = z.object({
  reason: reason.min(1),
  because: muteReasonSchema.optional(),
  until: z.iso.datetime().optional(),
});

export type MuteBody = z.infer<typeof muteBodySchema>;

/** Body of `POST /api/v1/issues/:id/snooze`: until a UTC instant, until it gets worse, or until the first of both. */
export const snoozeBodySchema = z.object({
  until: z.iso.datetime().optional(),
  untilWorse: z.boolean().optional(),
});

export type SnoozeBody = z.infer<typeof snoozeBodySchema>;

/** Body of `POST /api/v1/issues/:id/assign`: the name of a person; null: nobody any more. */
export const assignBodySchema = z.object({ assignee: z.string().trim().min(1).max(200).nullable() });

/** Body of `POST /api/v1/issues/:id/team`: whose it is; null: whoever rules, tags and catalogues say. */
export const teamBodySchema = z.object({ team: z.string().trim().min(1).max(200).nullable() });

/** Body of `POST /api/v1/issues/:id/due`: a UTC instant, which may be past; null: no due date any more. */
export const dueBodySchema = z.object({ due: z.iso.datetime().nullable() });

/** Body of `POST /api/v1/issues/:id/comments` and of `POST /api/v1/comments/:id/edit`: 64 KB at most. */
export const commentBodySchema = z.object({ text: z.string().max(100_000) });

/** `GET /api/v1/assignees`: the names of the people to whom an issue can be assigned. */
export const assigneesSchema = z.object({ items: z.array(z.string()) });

/**
 * Answer of admit, mute, snooze, start, assign, due and what takes them back: the row as it is after the change, and by
 * which name `POST /api/v1/actions/:id/undo` takes the change back. Null: a second person has to agree first.
 */
export const issueActionResultSchema = z.object({ issue: issueRowSchema, action: z.string().nullable() });

export type IssueActionResult = z.infer<typeof issueActionResultSchema>;

/** One thing to do to many issues, with what that needs. */
const issueActionSchema = z.discriminatedUnion('do', [
  muteBodySchema.extend({ do: z.literal('mute') }),
  admitBodySchema.extend({ do: z.literal('admit') }),
  snoozeBodySchema.extend({ do: z.literal('snooze') }),
  assignBodySchema.extend({ do: z.literal('assign') }),
  teamBodySchema.extend({ do: z.literal('team') }),
  dueBodySchema.extend({ do: z.literal('due') }),
  z.object({ do: z.enum(['unmute', 'unadmit', 'wake', 'start', 'stop']) }),
]);

export type IssueActionBody = z.infer<typeof issueActionSchema>;

/**
 * Body of `POST /api/v1/issues/actions`: issues by their ids, or all that a listing holds, with the parameters of
 * `GET /api/v1/issues`. `expected`: nothing is done unless they are so many. `tell`: nothing is done, only counted.
 */
export const bulkActionBodySchema = z.object({
  ids: z.array(z.string().min(1).max(100)).max(10_000).optional(),
  listing: inboxFilterSchema.optional(),
  action: issueActionSchema,
  expected: countSchema.optional(),
  tell: z.boolean().optional(),
});

export type BulkActionBody = z.infer<typeof bulkActionBodySchema>;

/** How many issues were meant, of how many it was decided, and by which name all of it is taken back. */
export const bulkActionResultSchema = z.object({
  matched: countSchema,
  changed: countSchema,
  action: z.string().nullable(),
  /** Why it stopped on the way; null: it did not. */
  stopped: z.string().nullable(),
});

export type BulkActionResult = z.infer<typeof bulkActionResultSchema>;

/** Answer of `POST /api/v1/actions/:id/undo`: `kept` findings were decided of otherwise since, which stays. */
export const undoneActionSchema = z.object({ issues: countSchema, kept: countSchema });

/** Answer of what adds, changes or deletes a comment. */
export const commentResultSchema = z.object({ id: z.string() });
