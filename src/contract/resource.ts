import { z } from 'zod';
import { riskStateSchema, riskStatesSchema } from './detected-risk.ts';
import { evidenceSchema } from './issue-detail.ts';
import { ownerCandidateSchema } from './owner-candidate.ts';

/** One way in to a resource: what can be reached, by whom, who checks them, and through what. */
const exposureSchema = z.object({
  audience: z.string(),
  surface: z.string(),
  auth: z.string(),
  verdict: riskStateSchema,
  via: z.array(z.string()),
  /** What would close it. */
  gates: z.array(z.string()),
  /** Where the verdict is unknown: what would settle it. */
  missing: z.array(z.string()),
  evidence: z.array(evidenceSchema),
  /** `exec`: whoever gets in runs code in what is behind it, as with a dashboard or a kubelet. */
  hands: z.enum(['exec']).nullable(),
  /** The web application firewall that requests pass; it filters and closes nothing. */
  filteredBy: z.string().nullable(),
  /** Whether something answers there, where somebody looked; it changes no verdict. */
  listening: z.enum(['yes', 'no']).nullable(),
  /** Somebody got an answer from the internet. */
  confirmed: z.boolean(),
  /** Exposed as soon as it starts. */
  dormant: z.boolean(),
});

/** What a resource holds, as far as tags, names and scanners of data tell. */
const dataSchema = z.object({
  class: z.enum(['public', 'internal', 'confidential', 'restricted']).nullable(),
  types: z.array(z.string()),
  reasons: z.array(z.string()),
});

/** One resource. Of an id that is not known only the id is filled. */
export const resourceSchema = z.object({
  id: z.string(),
  /** Null: not known. */
  kind: z.string().nullable(),
  name: z.string(),
  /** Since when it is no longer there; null: as far as anybody knows it is. */
  goneAt: z.iso.datetime().nullable(),
  riskStates: riskStatesSchema,
  /** By risk, what its state rests on. */
  evidence: z.record(z.string(), z.array(evidenceSchema)),
  /** By risk, what would decide where the state is unknown. */
  missing: z.record(z.string(), z.array(z.string())),
  privilege: z.object({
    level: z.enum(['P0', 'P1', 'P2', 'P3', 'P4', 'none', 'unknown']),
    reasons: z.array(z.string()),
  }),
  exposure: z.array(exposureSchema),
  environment: z.string().nullable(),
  services: z.array(z.string()),
  /** Where the services were read; null where none is known. */
  servicesFrom: z.string().nullable(),
  owner: z.string().nullable(),
  /** Every candidate, best first. */
  owners: z.array(ownerCandidateSchema),
  data: dataSchema,
  /** Ids of the open issues that it is part of, in the order of the inbox. */
  issues: z.array(z.string()),
});

export type Resource = z.infer<typeof resourceSchema>;

/** `GET /api/v1/resources?id=…`, as many as were asked for, in their order. */
export const resourceListSchema = z.object({ items: z.array(resourceSchema) });

export const RESOURCE_ID_MAX = 2_048;

/** What one call may ask for. */
export const RESOURCES_MAX = 100;
