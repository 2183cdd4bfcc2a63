import { z } from 'zod';
import { countSchema } from './count.ts';
import { detectedRiskSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { severitySchema } from './severity.ts';

/** From where paths are looked for; only those from outside are in the inbox. */
export const lensSchema = z.enum(['outside', 'insider', 'vendor']);

const likelihood = z.number().min(0).max(1);

/** What closes a step: a finding that is mended, statements that are narrowed, a rule or setting that is changed. */
const gateSchema = z.object({
  /** Of the fix that closing it is: the same as long as the same thing is meant. */
  fix: z.string(),
  is: z.enum(['finding', 'statement', 'network_rule', 'setting']),
  id: z.string(),
  /** What closing it means. */
  sentence: z.string(),
  /** Id of the issue of a finding; null of all other gates. */
  issue: z.string().nullable(),
});

export type Gate = z.infer<typeof gateSchema>;

const stepSchema = z.object({
  /** Canonical ids of what is held before and after, or names of origins and administrators. */
  from: z.string(),
  to: z.string(),
  /** What is held afterwards: reach, exec, root, use, admin, list, read, write. */
  gains: z.string(),
  rule: z.string(),
  sentence: z.string(),
  gates: z.array(gateSchema),
  evidence: z.array(
    z.object({
      sentence: z.string(),
      provenance: z.string(),
      at: z.iso.datetime().nullable(),
      link: z.string().nullable(),
    }),
  ),
  assumptions: z.array(z.string()),
  /** Of MITRE ATT&CK, with the words of the catalogue; null where none fits. */
  technique: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** That it succeeds: an expert's estimate. */
  probability: likelihood,
  /** How many other steps do the same: closing this one's gates leaves them. */
  otherWays: countSchema,
});

export type AttackPathStep = z.infer<typeof stepSchema>;

const waySchema = z.object({
  entry: z.string(),
  target: z.string(),
  /** As if each step succeeded by itself. */
  likelihood,
  /** Where all steps have one cause: as likely as the least likely of them. */
  likelihoodAtMost: likelihood,
  steps: z.array(stepSchema),
});

/** An attack path of other sources that is about a resource of this one: it may be the same. */
export const samePathSchema = z.object({
  /** Of its issue. */
  id: z.string(),
  title: z.string(),
  sources: z.array(z.string()),
});

/** Paths of one shape over one pivot to one kind of target: one issue. Entry, target and steps are those of the likeliest. */
export const attackPathSchema = waySchema.extend({
  /** Of the issue. */
  id: z.string(),
  shape: z.string(),
  title: z.string(),
  /** What makes such paths work; empty for a path of no shape. */
  story: z.string(),
  severity: severitySchema,
  why: z.string(),
  pivot: z.object({ id: z.string(), kind: z.string(), name: z.string() }),
  targetClass: z.string(),
  entries: countSchema,
  targets: countSchema,
  resources: countSchema,
  services: countSchema,
  /** Those that are *yes*. */
  risks: z.array(detectedRiskSchema),
  /** What closes the likeliest way, best first. */
  fixes: z.array(gateSchema),
  /** At most four further ways, with other entries first. */
  alternatives: z.array(waySchema),
  /** How many more there are. */
  more: countSchema,
  alsoFoundBy: z.array(samePathSchema),
});

export type AttackPath = z.infer<typeof attackPathSchema>;

/** `GET /api/v1/attack-paths`, in the order of the inbox. */
export const attackPathListSchema = z.object({
  items: z.array(attackPathSchema),
  /** When paths were looked for last; null: never. */
  searchedAt: z.iso.datetime().nullable(),
  /** What was left out of the search, in sentences. */
  notes: z.array(z.string()),
});

export type AttackPathList = z.infer<typeof attackPathListSchema>;

/** What closing gates does to an issue. */
const effectSchema = z.enum(['resolves', 'reduces', 'no change']);

const changedPathSchema = z.object({
  /** Of the issue. */
  id: z.string(),
  shape: z.string(),
  pivot: z.string(),
  targetClass: z.string(),
  title: z.string(),
  becomes: z.enum(['gone', 'lower', 'less likely', 'smaller', 'the same', 'new']),
  effect: effectSchema,
  /** Id of the issue of the way that takes its place; null where none does. */
  continuesAs: z.string().nullable(),
  /** As it is now; null where it is new. */
  severity: severitySchema.nullable(),
  /** Of itself, or of the way that takes its place; null where it is resolved. */
  severityAfter: severitySchema.nullable(),
  likelihood: likelihood.nullable(),
  likelihoodAfter: likelihood.nullable(),
});

/** By the risk that a fix takes, or by that for the work that it is. */
export const planOrderSchema = z.enum(['risk', 'cheapest']);
export type PlanOrder = z.infer<typeof planOrderSchema>;

/** `GET /api/v1/attack-paths/fix-plan?order=…`: each fix after those before it. */
export const fixPlanSchema = z.object({
  items: z.array(
    z.object({
      /** Stays the same as long as the same thing is to be closed. */
      id: z.string(),
      gate: gateSchema,
      /** How much work it is against others: 1 a setting or a rule, 2 a policy, 3 mending what is flawed, 8 building it anew. */
      effort: countSchema,
      assignee: z.string().nullable(),
      dueAt: z.iso.datetime().nullable(),
      /** Of all risk that goes with it, from 0 to 1. */
      share: z.number().min(0).max(1),
      /** Of all risk that it and those before it take. */
      shareSoFar: z.number().min(0).max(1),
      /** No plan of as many fixes takes a greater share. */
      atMost: z.number().min(0).max(1),
      /** Targets that nobody reaches any more. */
      targetsCut: countSchema,
      /** Attack paths that it resolves or reduces. */
      paths: z.array(changedPathSchema),
      /** Attack paths that are left after it. */
      left: countSchema,
    }),
  ),
  /** Of all risk that all of them take, from 0 to 1. */
  share: z.number().min(0).max(1),
  /** No fewer fixes than that close every path. */
  atLeast: countSchema,
  /** What was left out of the search, in sentences. */
  notes: z.array(z.string()),
});

export type FixPlan = z.infer<typeof fixPlanSchema>;

/** `GET /api/v1/attack-paths/what-if?gate=…`: gates, fixes or issues; everything as it would be. */
export const whatIfSchema = z.object({
  gates: z.array(gateSchema),
  /** All attack paths, in the order of the inbox, then those that would be new. */
  paths: z.array(changedPathSchema),
  /** Issues that something is done to, those of paths first. */
  issues: z.array(
    z.object({
      id: z.string(),
      type: findingTypeSchema,
      title: z.string(),
      effect: effectSchema,
      /** Null where it is no issue yet. */
      severity: severitySchema.nullable(),
      /** Null where it is resolved. */
      severityAfter: severitySchema.nullable(),
      /** From 1; null where it is not in the inbox. */
      place: countSchema.nullable(),
      placeAfter: countSchema.nullable(),
    }),
  ),
  /** The first rows of the inbox as it would be. */
  inbox: z.array(
    z.object({
      id: z.string(),
      type: findingTypeSchema,
      title: z.string(),
      severity: severitySchema,
      place: countSchema,
      /** As it is now; null where it is not in the inbox now. */
      placeBefore: countSchema.nullable(),
      affected: z.boolean(),
    }),
  ),
  /** What was left out, and what the projection does not tell, in sentences. */
  notes: z.array(z.string()),
});

export type WhatIf = z.infer<typeof whatIfSchema>;

/** `GET /api/v1/attack-paths/fixes`: fixes that somebody is to do or that have a due date. */
export const fixListSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      gate: gateSchema,
      assignee: z.string().nullable(),
      dueAt: z.iso.datetime().nullable(),
      /** Whether a way of an attacker still goes through what it closes. */
      open: z.boolean(),
      /** Who decided last, and when. */
      decidedBy: z.string(),
      decidedAt: z.iso.datetime(),
    }),
  ),
});

export type FixList = z.infer<typeof fixListSchema>;

const shareSchema = z.object({
  /** Null for those of which nobody knows. */
  name: z.string().nullable(),
  targets: countSchema,
});

/** `GET /api/v1/attack-paths/blast-radius?of=…`: what whoever takes a resource, or what an issue is about, gets to. */
export const blastRadiusSchema = z.object({
  /** What was taken: canonical ids with their names. */
  taken: z.array(z.object({ id: z.string(), name: z.string() })),
  /** In a sentence, without a subject: `reads 3 stores of sensitive data (2 PII), of 2 teams`. */
  sentence: z.string(),
  /** Worth most first. */
  targets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      class: z.string(),
      /** 0 is worth most, 3 least. */
      tier: z.number().int().min(0).max(3),
      likelihood,
      steps: z.array(stepSchema),
      dataClass: z.string().nullable(),
      dataTypes: z.array(z.string()),
      account: z.string().nullable(),
      environment: z.string().nullable(),
      team: z.string().nullable(),
      services: z.array(z.string()),
    }),
  ),
  /** Resources that whoever has it controls or reads, itself among them. */
  controlled: countSchema,
  byDataType: z.array(shareSchema),
  byAccount: z.array(shareSchema),
  byEnvironment: z.array(shareSchema),
  byService: z.array(shareSchema),
  byTeam: z.array(shareSchema),
  /** What it would affect; no verdict on whether anything is violated. */
  wouldAffect: z.array(z.object({ framework: z.string(), items: z.array(z.string()), because: z.string() })),
  notes: z.array(z.string()),
});

export type BlastRadius = z.infer<typeof blastRadiusSchema>;

/** `GET /api/v1/attack-paths/who-can-reach?resource=…`: the best way from each entry to a resource, likeliest first. */
export const waysToSchema = z.object({
  resource: z.object({ id: z.string(), name: z.string() }),
  ways: z.array(
    waySchema.extend({
      /** Canonical id of what is held first. */
      through: z.string(),
      /** As sentences of steps call it. */
      throughName: z.string(),
      /** What is held of the resource at the end. */
      gains: z.string(),
    }),
  ),
  /** How many more entries there are. */
  more: countSchema,
  notes: z.array(z.string()),
});

export type WaysTo = z.infer<typeof waysToSchema>;

/** `GET /api/v1/attack-paths/map?issue=…`: what one path passes, in columns, at most 60 things. */
export const pathMapSchema = z.object({
  /** Of the issue. */
  id: z.string(),
  title: z.string(),
  nodes: z.array(
    z.object({
      id: z.string(),
      /** Its column, from 0 for where attackers start. */
      layer: countSchema,
      /** `network` is what requests pass on their way to what stands in its column. */
      kind: z.string(),
      name: z.string(),
      /** How many alike it stands for. */
      count: countSchema,
      badges: z.array(detectedRiskSchema),
      /** Ids of issues that open the way through here. */
      issues: z.array(z.string()),
      /** Account, subscription, project or cluster, as its cloud spells it. */
      account: z.string().nullable(),
      environment: z.string().nullable(),
      /** Sensitive data that it holds: `pii`, `credentials`, else `confidential` or `restricted`. */
      data: z.array(z.string()),
      /** How many open findings on it, and on what it runs, there are of each severity; attack paths are none of them. */
      findings: z.partialRecord(severitySchema, countSchema),
      owner: z.string().nullable(),
      /** Its page in the console of its cloud. */
      link: z.string().nullable(),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), to: z.string(), rule: z.string(), sentence: z.string() })),
  /** Things that are left out, as there are too many. */
  hidden: countSchema,
});

export type PathMap = z.infer<typeof pathMapSchema>;
