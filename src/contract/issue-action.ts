import { z } from 'zod';
import { issueRowSchema } from './issue.ts';

const reason = z.string().trim().max(2000);

/** Body of `POST /api/v1/issues/:id/admit`: take the issue in by hand. */
export const admitBodySchema = z.object({ reason: reason.optional() });

export type AdmitBody = z.infer<typeof admitBodySchema>;

/** Body of `POST /api/v1/issues/:id/mute`. `until` is a UTC instant; without it, until unmuted. */
export const muteBodySchema = z.object({ reason: reason.min(1), until: z.iso.datetime().optional() });

export type MuteBody = z.infer<typeof muteBodySchema>;

/** Answer of admit, mute and unmute: the row as it is after the change. */
export const issueActionResultSchema = z.object({ issue: issueRowSchema });

export type IssueActionResult = z.infer<typeof issueActionResultSchema>;
