import { z } from 'zod';

const tagMeaningSchema = z.object({
  tag: z.string(),
  /** `*` stands for any text. */
  value: z.string(),
  owner: z.string(),
  note: z.string().nullable(),
});

const exclusionSchema = z.object({
  owner: z.string(),
  /** Null: by no kind of source. */
  from: z.string().nullable(),
  note: z.string().nullable(),
});

const acceptedSchema = z.object({ resource: z.string(), owner: z.string(), by: z.string() });

/** `GET /api/v1/owners`: what the organisation says about owners. */
export const toldOwnersSchema = z.object({
  tags: z.array(tagMeaningSchema),
  exclusions: z.array(exclusionSchema),
  accepted: z.array(acceptedSchema),
});

/** Body of `POST /api/v1/owners`: each row stands for itself, so they are looked at one by one. */
export const ownerRowsBodySchema = z.object({
  tags: z.array(z.unknown()).default([]),
  exclusions: z.array(z.unknown()).default([]),
});

/** Its answer: what counts now, and what is wrong with the rows that were left out. */
export const ownerRowsAnswerSchema = z.object({
  tags: z.int(),
  exclusions: z.int(),
  faults: z.array(z.object({ at: z.string(), message: z.string() })),
});

/** Body of `POST /api/v1/owners/accept`; an owner of null takes it back. */
export const acceptOwnerBodySchema = z.object({
  resource: z.string().trim().min(1).max(2_000),
  owner: z.string().trim().min(1).max(100).nullable(),
});
