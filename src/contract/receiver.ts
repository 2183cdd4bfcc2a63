import { z } from 'zod';
import { severitySchema } from './severity.ts';

const name = z.string().trim().min(1).max(64);

/** A tracker, in which tickets are made, or what takes signed messages. */
const receiverKindSchema = z.enum(['github', 'jira', 'webhook']);

const receiverSchema = z.object({
  /** Small letters, digits and dashes. */
  name: z.string(),
  kind: receiverKindSchema,
  /** Of GitHub and Jira the root of the API, such as `https://api.github.com`; of a webhook the address itself. */
  address: z.string(),
  /** `owner/repository`, or the key of a project in Jira; null: a webhook has none. */
  project: z.string().nullable(),
  /** Of Jira; null: `Task`. */
  ticketType: z.string().nullable(),
  /** Of Jira Cloud the account of the token; null: the token stands for itself. */
  account: z.string().nullable(),
  /** Addresses of the server's own machine and network are allowed. */
  allowPrivate: z.boolean(),
  /** A webhook that gets what happens to issues. */
  events: z.boolean(),
  /** It gets only what happens to issues of this severity and above, as they stand when it is sent; null: of any. */
  leastSeverity: severitySchema.nullable(),
  /** What happened in so many minutes is one message of type `digest`; null: each thing is one, as it happens. */
  digestMinutes: z.int().nullable(),
  addedBy: z.string(),
  addedAt: z.iso.datetime(),
  /** The last delivery that was tried; `failure` null: it arrived. */
  last: z.object({ at: z.iso.datetime(), failure: z.string().nullable() }).nullable(),
});

export type Receiver = z.infer<typeof receiverSchema>;

/** `GET /api/v1/receivers`, and the answer of what changes them. No secret is ever answered. */
export const receiverListSchema = z.object({ items: z.array(receiverSchema) });

/** Body of `POST /api/v1/receivers`: in the place of one of that name, if there is one. */
export const receiverBodySchema = z.strictObject({
  name,
  kind: receiverKindSchema,
  address: z.string().trim().max(2_000),
  project: z.string().trim().max(200).nullable().optional(),
  ticketType: z.string().trim().max(200).nullable().optional(),
  account: z.string().trim().max(200).nullable().optional(),
  allowPrivate: z.boolean().optional(),
  events: z.boolean().optional(),
  /** Of what happens to issues: from which severity on, and how many minutes of it are one message. */
  leastSeverity: severitySchema.nullable().optional(),
  digestMinutes: z.int().min(1).max(10_080).nullable().optional(),
  /** A token of the tracker, or what messages of the webhook are signed with (16 characters at least). */
  secret: z.string().max(4_000),
});

export type ReceiverBody = z.infer<typeof receiverBodySchema>;

/** Body of `POST /api/v1/receivers/remove`. */
export const receiverRemovalSchema = z.strictObject({ name });
