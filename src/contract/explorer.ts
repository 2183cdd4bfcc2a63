import { z } from 'zod';
import { commaList } from './comma-list.ts';
import { countSchema } from './count.ts';
import { detectedRiskSchema, riskStateSchema } from './detected-risk.ts';
import { findingTypeSchema } from './finding-type.ts';
import { RESOURCE_ID_MAX } from './resource.ts';
import { severitySchema } from './severity.ts';

const instant = z.iso.datetime();
const paging = {
  cursor: z.string().max(4_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
};
const words = z.string().trim().max(200).optional();
const resource = z.string().min(1).max(RESOURCE_ID_MAX).optional();
const isTrue = z
  .enum(['true', 'false'])
  .default('false')
  .transform((word) => word === 'true');
const ofIssues = {
  severity: commaList(severitySchema).optional(),
  type: commaList(findingTypeSchema).optional(),
  risk: commaList(detectedRiskSchema).optional(),
  /** In the query language, of the issue (docs/reference/query-language.md). */
  query: z.string().max(10_000).optional(),
};
const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({
    items: z.array(row),
    /** What to send as `cursor` for the page after this one; null: this was the last. */
    nextCursor: z.string().nullable(),
    /** Over all pages. */
    total: countSchema,
  });

/** The query of `GET /api/v1/findings`: open findings of the issues that it leaves, admitted or not. */
export const findingQuerySchema = z.object({ ...paging, ...ofIssues, resource });

const listedFindingSchema = z.object({
  id: z.string(),
  title: z.string(),
  type: findingTypeSchema,
  issue: z.object({ id: z.string(), title: z.string(), severity: severitySchema, admitted: z.boolean() }),
  /** As its source has it; null where it says nothing. */
  severity: severitySchema.nullable(),
  resource: z.object({ id: z.string(), kind: z.string(), name: z.string() }),
  /** Where on the resource; empty for all of it. */
  place: z.string(),
  firstSeen: instant,
  fix: z.string().nullable(),
});

export type ListedFinding = z.infer<typeof listedFindingSchema>;

/** `GET /api/v1/findings`, in the order of their issues. */
export const findingListSchema = pageOf(listedFindingSchema);

export type FindingList = z.infer<typeof findingListSchema>;

const inventoryRiskSchema = detectedRiskSchema.exclude(['under_attack', 'exploit_available']);

/** The query of `GET /api/v1/estate`. */
export const estateQuerySchema = z.object({
  ...paging,
  /** As inventories call them: `s3-bucket`, `Deployment`. */
  type: commaList(z.string().min(1).max(100)).optional(),
  /** Each is *yes*. */
  risk: commaList(inventoryRiskSchema).optional(),
  q: words,
  owner: z.string().trim().min(1).max(200).optional(),
  gone: isTrue,
});

const listedResourceSchema = z.object({
  id: z.string(),
  kind: z.string(),
  type: z.string(),
  name: z.string(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  environment: z.string().nullable(),
  services: z.array(z.string()),
  owner: z.string().nullable(),
  /** Of the four that the inventory and signals tell; what can be exploited is of its findings. */
  riskStates: z.record(detectedRiskSchema.exclude(['exploit_available']), riskStateSchema),
  privilege: z.string(),
  /** Open issues on it or on an image that it runs, and the highest severity of them. */
  issues: countSchema,
  severity: severitySchema.nullable(),
  goneAt: instant.nullable(),
});

export type ListedResource = z.infer<typeof listedResourceSchema>;

/** `GET /api/v1/estate`: resources by id. */
export const estateSchema = pageOf(listedResourceSchema).extend({
  /** How many of each type there are with the other conditions, most first, at most 50 types. */
  types: z.array(z.object({ type: z.string(), count: countSchema })),
  /** There are more than the first 50,000 with the other conditions; total and types are of those. */
  isMore: z.boolean(),
});

export type Estate = z.infer<typeof estateSchema>;

/** `GET /api/v1/neighbours?id=…`: what is one relation away, at most 200. */
export const neighbourListSchema = z.object({
  items: z.array(
    z.object({
      relation: z.enum(['runs-image', 'part-of', 'runs-on', 'runs-as']),
      /** `to`: the resource runs it, is part of it, runs on it, runs as it; `from`: the other way round. */
      direction: z.enum(['to', 'from']),
      id: z.string(),
      /** Null: it is only named. */
      kind: z.string().nullable(),
      name: z.string(),
    }),
  ),
});

export type NeighbourList = z.infer<typeof neighbourListSchema>;

/** The query of `GET /api/v1/signals`. */
export const signalQuerySchema = z.object({ ...paging, q: words, resource, attack: isTrue });

const listedSignalSchema = z.object({
  id: z.string(),
  title: z.string(),
  tool: z.string(),
  rule: z.string(),
  severity: severitySchema.nullable(),
  source: z.string(),
  resource: z.object({ id: z.string(), name: z.string() }),
  account: z.string().nullable(),
  firstAt: instant,
  lastAt: instant,
  count: countSchema,
  /** An attack; else an event that tells of none by itself. */
  attack: z.boolean(),
});

export type ListedSignal = z.infer<typeof listedSignalSchema>;

/** `GET /api/v1/signals`, the latest first. */
export const signalListSchema = pageOf(listedSignalSchema);

export type SignalList = z.infer<typeof signalListSchema>;

/** The query of `GET /api/v1/advisories`. */
export const advisoryQuerySchema = z.object({ ...paging, ...ofIssues, exploited: isTrue });

const listedAdvisorySchema = z.object({
  id: z.string(),
  type: findingTypeSchema,
  /** The issue that it is here. */
  issue: z.string(),
  title: z.string(),
  severity: severitySchema,
  score: z.number().min(0).max(10),
  admitted: z.boolean(),
  openFindings: countSchema,
  resources: countSchema,
  /** Null: it is not in the catalogue of CISA. */
  knownExploited: z.object({ addedAt: instant.nullable(), ransomware: z.boolean() }).nullable(),
  epss: z.object({ score: z.number().min(0).max(1), percentile: z.number().min(0).max(1) }).nullable(),
  /** The detected risk of its issue; `yes` with no exploit counted where CISA or a report alone says so. */
  exploitAvailable: riskStateSchema,
  /** Entries of Exploit-DB, Metasploit and Nuclei, and references that NVD tags beside them. */
  exploits: countSchema,
  publishedAt: instant.nullable(),
});

export type ListedAdvisory = z.infer<typeof listedAdvisorySchema>;

/** `GET /api/v1/advisories`, in the order of their issues. */
export const advisoryListSchema = pageOf(listedAdvisorySchema);

export type AdvisoryList = z.infer<typeof advisoryListSchema>;
