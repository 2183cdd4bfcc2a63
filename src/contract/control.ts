import { z } from 'zod';
import { severitySchema } from './severity.ts';

const vector = z.enum(['required_privileges', 'vulnerability', 'no_authorization']);
const accessibility = z.enum(['private', 'public']);
const impact = z.enum(['low', 'medium', 'high', 'critical']);

/** What the organisation says about a control; null leaves the catalogue's word. */
const controlEditSchema = z.object({
  vector: vector.nullable(),
  accessibility: accessibility.nullable(),
  impact: impact.nullable(),
  inbox: z.boolean().nullable(),
  severity: severitySchema.nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});

/** A canonical misconfiguration or identity check as it counts for the organisation. */
export const controlSchema = z.object({
  id: z.string(),
  type: z.enum(['misconfiguration', 'identity_risk']),
  title: z.string(),
  provider: z.enum(['aws', 'azure', 'gcp', 'github', 'kubernetes']),
  /** What it is about, in words. */
  resources: z.array(z.string()),
  /** What an attacker needs, from where it can be tried, and how likely that makes it. */
  likelihood: z.object({
    vector,
    accessibility,
    level: z.enum(['improbable', 'possible', 'probable', 'highly_probable']),
  }),
  impact,
  severity: severitySchema,
  /** Whether the default rules for controls take it in. */
  inbox: z.boolean(),
  /** The catalogue's reason to take it in; null: catalogued only. */
  inboxBecause: z.enum(['anyone_outside', 'open_service', 'full_control']).nullable(),
  why: z.string(),
  remediation: z.object({ text: z.string(), command: z.string().nullable() }),
  requirements: z.array(z.object({ framework: z.string(), id: z.string() })),
  /** The scanners' checks that mean it, `tool:check`. */
  checks: z.array(z.string()),
  /** Version of the catalogue. */
  catalogue: z.string(),
  /** Null: it counts as the catalogue has it. */
  edit: controlEditSchema.nullable(),
});

export type Control = z.infer<typeof controlSchema>;

/** `GET /api/v1/controls`, in the catalogue's order. */
export const controlListSchema = z.object({ items: z.array(controlSchema) });

/** Body of `POST /api/v1/controls/:id/edit`: null takes the catalogue's word again, what is absent stays as it is. */
export const controlEditBodySchema = z.object({
  vector: vector.nullish(),
  accessibility: accessibility.nullish(),
  impact: impact.nullish(),
  inbox: z.boolean().nullish(),
  severity: severitySchema.nullish(),
  reason: z.string().trim().min(1).max(500),
});
