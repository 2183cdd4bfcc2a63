import { z } from 'zod';

/** What a person may do: look; decide about issues; change people, rules and sources. */
export const roleSchema = z.enum(['read', 'triage', 'administer']);

export type Role = z.infer<typeof roleSchema>;

/** `GET /api/v1/session` and the answer of its POST. Signed out is a problem of status 401. */
export const sessionSchema = z.object({ name: z.string(), role: roleSchema });

export type Session = z.infer<typeof sessionSchema>;

/** Body of `POST /api/v1/session`: the secret part of a sign-in link. It works once. */
export const signInBodySchema = z.object({ token: z.string().min(1).max(500) });
