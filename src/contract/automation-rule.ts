import { z } from 'zod';
import { findingTypeSchema } from './finding-type.ts';
import { severitySchema } from './severity.ts';

export const ruleTypeSchema = z.enum(['severity', 'mute', 'due_date', 'inbox', 'assign', 'ticket']);

const days = z.int().min(1).max(3_650);

/** What a rule does to the findings that it matches. */
const ruleActionSchema = z.union([
  z.strictObject({ type: z.literal('severity'), set: severitySchema }),
  z.strictObject({ type: z.literal('severity'), shift: z.enum(['up_one', 'down_one']) }),
  z.strictObject({
    type: z.literal('mute'),
    reason: z.enum(['false_positive', 'risk_accepted', 'pending_fix', 'no_fix', 'duplicate', 'other']),
    /** Then it mutes no longer; null: for as long as the rule stands there. */
    until: z.iso.datetime().nullable(),
    description: z.string().max(500).nullable(),
  }),
  z.strictObject({
    type: z.literal('due_date'),
    /** Per severity; those without are not due. */
    days: z.partialRecord(severitySchema, days),
    from: z.enum(['first_seen', 'fix_available', 'kev']),
  }),
  z.strictObject({ type: z.literal('inbox'), reason: z.string().max(500) }),
  z.strictObject({
    type: z.literal('assign'),
    team: z.string().max(200).nullable(),
    person: z.string().max(200).nullable(),
  }),
  z.strictObject({
    type: z.literal('ticket'),
    /** The name of a tracker, as `GET /api/v1/receivers` lists it. */
    receiver: z.string().max(64),
    /** In a day of UTC; what is over it waits for the next one. */
    perDay: z.int().min(1).max(500),
    /** For issues too that match when the rule is made or changed. */
    existing: z.boolean(),
    /** For issues too that are not in the inbox. */
    all: z.boolean(),
    /** Its tickets are told when their issue is resolved, and are not closed. */
    keepsOpen: z.literal(true).optional(),
  }),
]);

/** A rule as a person writes it. */
const ruleInputSchema = z.strictObject({
  /** Small letters, digits and dashes, 64 at most; unique over all types. */
  id: z.string().max(64),
  name: z.string().max(200),
  enabled: z.boolean(),
  findingTypes: z.array(findingTypeSchema).min(1),
  /** In the query language, with the fields of rules; empty: every finding of the types. */
  query: z.string().max(2_000),
  action: ruleActionSchema,
});

export type RuleInput = z.infer<typeof ruleInputSchema>;

/** A rule with what it does now. */
const automationRuleSchema = z.object({
  ...ruleInputSchema.shape,
  type: ruleTypeSchema,
  /** Its place in the list of its type, from 1: the first that matches acts. */
  position: z.int().min(1),
  /** Open findings on which it acts, and the issues that they are of. */
  findings: z.int().nonnegative(),
  issues: z.int().nonnegative(),
  /** Findings that match it too, on which an earlier rule acts instead. */
  takenBy: z.array(z.object({ id: z.string(), findings: z.int().nonnegative() })),
  state: z.enum(['acts', 'no_match', 'shadowed', 'off', 'over', 'unreadable']),
  /** What to know or do about its state; null where it acts. */
  sentence: z.string().nullable(),
  changedBy: z.string(),
  changedAt: z.iso.datetime(),
});

export type AutomationRule = z.infer<typeof automationRuleSchema>;

/** A change of the rules that is at work: of how many issues it has assessed how many anew. */
const runningChangeSchema = z.object({
  done: z.int().nonnegative(),
  all: z.int().nonnegative(),
  since: z.iso.datetime(),
});

/** `GET /api/v1/rules/automation`: by type, and in the order in which rules are asked. */
export const automationRuleListSchema = z.object({
  items: z.array(automationRuleSchema),
  /** Null: no change is at work, and the rules act as they stand here. */
  running: runningChangeSchema.nullable(),
});

export type AutomationRuleList = z.infer<typeof automationRuleListSchema>;

/** One change of the rules; of several kinds one. */
export const rulesEditSchema = z.discriminatedUnion('what', [
  /** A rules file: its lists stand in the place of what is there of their types. */
  z.strictObject({ what: z.literal('file'), text: z.string().max(1_000_000) }),
  /** A rule at a place of its type; null: where it is, a new one at the end. */
  z.strictObject({ what: z.literal('put'), rule: ruleInputSchema, position: z.int().min(1).nullable() }),
  z.strictObject({ what: z.literal('remove'), id: z.string().max(64) }),
  z.strictObject({ what: z.literal('switch'), id: z.string().max(64), isEnabled: z.boolean() }),
  /** All rules of a type in another order; one that is missing is a refusal. */
  z.strictObject({
    what: z.literal('order'),
    type: ruleTypeSchema,
    ids: z.array(z.string().max(64)).max(500),
  }),
]);

export type RulesEdit = z.infer<typeof rulesEditSchema>;

/** What becomes of one rule. */
const ruleChangeSchema = z.object({
  id: z.string(),
  what: z.enum(['added', 'changed', 'removed', 'moved']),
  before: ruleInputSchema.nullable(),
  after: ruleInputSchema.nullable(),
});

export type RuleChange = z.infer<typeof ruleChangeSchema>;

/** Answer of `POST /api/v1/rules/automation` and `…/diff`. */
export const ruleChangesSchema = z.object({ changes: z.array(ruleChangeSchema) });

const ruledIssueSchema = z.object({
  id: z.string(),
  title: z.string(),
  type: findingTypeSchema,
  severity: severitySchema,
  score: z.number(),
  admitted: z.boolean(),
  admittedBy: z.array(z.string()),
  muted: z.boolean(),
  dueAt: z.iso.datetime().nullable(),
  assignee: z.string().nullable(),
  team: z.string().nullable(),
  /** Its place in the inbox, from 1; null: it does not stand there. */
  place: z.int().min(1).nullable(),
});

/** Answer of `POST /api/v1/rules/automation/preview`: what a change would do, exactly. */
export const rulesPreviewSchema = z.object({
  changes: z.array(ruleChangeSchema),
  /** Issues that were looked at: no other can be reached. */
  assessed: z.int().nonnegative(),
  /** How often each rule of the change matches then; `takenBy` an earlier rule acts, null: it acts itself. */
  matches: z.array(
    z.object({
      rule: z.string(),
      takenBy: z.string().nullable(),
      findings: z.int().nonnegative(),
      issues: z.int().nonnegative(),
    }),
  ),
  enter: z.int().nonnegative(),
  leave: z.int().nonnegative(),
  /** Issues that stay in the inbox with another severity. */
  moved: z.int().nonnegative(),
  /** Issues of which anything differs that lists and filters tell, but for when they are looked at again. */
  changed: z.int().nonnegative(),
  /** At most 20, what enters or leaves first. */
  samples: z.array(z.object({ before: ruledIssueSchema, after: ruledIssueSchema })),
  /** Of each rule of the change that makes tickets the one that it would make of the highest issue that it asks for; none is made. */
  tickets: z.array(z.object({ rule: z.string(), issueId: z.string(), title: z.string(), text: z.string() })),
});

export type RulesPreview = z.infer<typeof rulesPreviewSchema>;

/** `GET /api/v1/rules/automation/export`. */
export const rulesFileSchema = z.object({ text: z.string() });
