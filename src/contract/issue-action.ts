import { z } from 'zod';
import { issueRowSchema } from './issue.ts';

const reason = z.string().trim().max(2000);

/** Body of `POST /api/v1/issues/:id/admit`: take the issue in by hand. */
export const admitBodySchema = z.object({ reason: reason.optional() });

export type AdmitBody = z.infer<typeof admitBodySchema>;

/** Body of `POST /api/v1/issues/:id/mute`. `until` is a UTC instant; without it, until unmuted. */
export const muteBodySchema = z.object({ reason: reason.min(1), until: z.iso.datetime().optional() });

export type MuteBody = z.infer<typeof muteBodySchema>;

/** Body of `POST /api/v1/issues/:id/snooze`: until a UTC instant, until it gets worse, or until the first of both. */
export const snoozeBodySchema = z.object({
  until: z.iso.datetime().optional(),
  untilWorse: z.boolean().default(false),
});

/** Body of `POST /api/v1/issues/:id/assign`: the name of a person; null: nobody any more. */
export const assignBodySchema = z.object({ assignee: z.string().trim().min(1).max(200).nullable() });

/** Body of `POST /api/v1/issues/:id/due`: a UTC instant, which may be past; null: no due date any more. */
export const dueBodySchema = z.object({ due: z.iso.datetime().nullable() });

/** `GET /api/v1/assignees`: the names of the people to whom an issue can be assigned. */
export const assigneesSchema = z.object({ items: z.array(z.string()) });

/** Answer of admit, mute, snooze, start, assign, due and what takes them back: the row as it is after the change. */
export const issueActionResultSchema = z.object({ issue: issueRowSchema });

export type IssueActionResult = z.infer<typeof issueActionResultSchema>;
