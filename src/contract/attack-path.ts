import { z } from 'zod';
import { countSchema } from './count.ts';
import { detectedRiskSchema } from './detected-risk.ts';
import { severitySchema } from './severity.ts';

/** From where paths are looked for; only those from outside are in the inbox. */
export const lensSchema = z.enum(['outside', 'insider', 'vendor']);

const likelihood = z.number().min(0).max(1);

/** What closes a step: a finding that is mended, statements that are narrowed, a rule or setting that is changed. */
const gateSchema = z.object({
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
  likelihood,
  steps: z.array(stepSchema),
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

const pathNameSchema = z.object({
  shape: z.string(),
  pivot: z.string(),
  targetClass: z.string(),
  title: z.string(),
  severity: severitySchema,
});

/** `GET /api/v1/attack-paths/fix-plan`: each fix after those before it. */
export const fixPlanSchema = z.object({
  items: z.array(
    z.object({
      gate: gateSchema,
      /** Of all risk that goes with it, from 0 to 1. */
      share: z.number().min(0).max(1),
      /** Targets that nobody reaches any more. */
      targetsCut: countSchema,
      closes: z.array(pathNameSchema),
      left: countSchema,
    }),
  ),
  /** Of all risk that all of them take, from 0 to 1. */
  share: z.number().min(0).max(1),
  /** No fewer fixes than that close every path. */
  atLeast: countSchema,
});

export type FixPlan = z.infer<typeof fixPlanSchema>;

/** `GET /api/v1/attack-paths/what-if?gate=…`. */
export const whatIfSchema = z.object({
  gates: z.array(gateSchema),
  items: z.array(
    pathNameSchema.extend({
      becomes: z.enum(['gone', 'lower', 'less likely', 'the same', 'new']),
      severityAfter: severitySchema.nullable(),
      likelihood,
      likelihoodAfter: likelihood.nullable(),
    }),
  ),
});

export type WhatIf = z.infer<typeof whatIfSchema>;

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
      kind: z.string(),
      name: z.string(),
      /** How many alike it stands for. */
      count: countSchema,
      badges: z.array(detectedRiskSchema),
      /** Ids of issues that open the way through here. */
      issues: z.array(z.string()),
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
