import { z } from 'zod';
import { detectedRiskSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { severitySchema } from './severity.ts';

const plainFacts = [
  'known exploited',
  'listed as emerging',
  'control marked for the inbox',
  'secret not known to be inactive',
  'about security',
] as const;

const plainSchema = z.strictObject({ fact: z.enum(plainFacts) });
const atomSchema = z.discriminatedUnion('fact', [
  z.strictObject({ fact: z.literal('severity'), atLeast: severitySchema }),
  z.strictObject({ fact: z.literal('risk'), risk: detectedRiskSchema, is: z.enum(['yes', 'not no']) }),
  z.strictObject({ fact: z.literal('published'), withinDays: z.int().min(1).max(3_650) }),
  plainSchema,
]);
const listOf = <T extends z.ZodType>(schema: T) => z.array(schema).min(1).max(20);
const groupSchema = z.discriminatedUnion('fact', [
  z.strictObject({ fact: z.literal('any of'), conditions: listOf(atomSchema) }),
  z.strictObject({ fact: z.literal('all of'), conditions: listOf(atomSchema) }),
]);
const innerSchema = z.union([atomSchema, groupSchema]);

/** One condition of a rule; groups hold groups of plain conditions, and no deeper. */
const conditionSchema = z.union([
  innerSchema,
  z.strictObject({ fact: z.literal('any of'), conditions: listOf(innerSchema) }),
  z.strictObject({ fact: z.literal('all of'), conditions: listOf(innerSchema) }),
]);

export const conditionsSchema = z.array(conditionSchema).max(20);

/** A rule that takes findings into the inbox, as it counts for the organisation. */
export const inboxRuleSchema = z.object({
  id: z.string(),
  title: z.string(),
  sentence: z.string(),
  types: z.array(findingTypeSchema),
  when: conditionsSchema,
  /** Ships with the product: it can be switched off and cloned. */
  default: z.boolean(),
  enabled: z.boolean(),
  clonedFrom: z.string().nullable(),
  /** Who made it or switched it last; null: nobody touched it. */
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
});

export type InboxRule = z.infer<typeof inboxRuleSchema>;

/** `GET /api/v1/rules`, the default ones first. */
export const inboxRuleListSchema = z.object({ items: z.array(inboxRuleSchema) });

/** Body of `POST /api/v1/rules/:id/clone`: what is absent is as in the original. */
export const cloneRuleBodySchema = z.object({
  title: z.string().trim().min(1).max(200),
  sentence: z.string().trim().min(1).max(500).optional(),
  types: z.array(findingTypeSchema).min(1).optional(),
  when: conditionsSchema.optional(),
});

export type CloneRuleBody = z.infer<typeof cloneRuleBodySchema>;

/** `GET` and `POST /api/v1/scoring`: how findings of the organisation count. */
export const scoringSchema = z.object({
  severityBasis: z.enum(['adjusted', 'base']),
  epssRule: z.enum(['ours', 'reference']),
  privilegedAccess: z.enum(['P0-P3', 'P0-P4']),
});

export type Scoring = z.infer<typeof scoringSchema>;

export const scoringBodySchema = scoringSchema.partial();
