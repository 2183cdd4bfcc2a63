import { z } from 'zod';
import { attackPathSchema, samePathSchema } from './attack-path.ts';
import { ruleTypeSchema } from './automation-rule.ts';
import { controlSchema } from './control.ts';
import { countSchema } from './count.ts';
import { detectedRiskSchema, riskStateSchema } from './detected-risk.ts';
import { issueRowSchema } from './issue.ts';
import { ownerCandidateSchema } from './owner-candidate.ts';
import { severitySchema } from './severity.ts';

const instant = z.iso.datetime();
/** How many references of its scanners an issue has at most. */
export const REFERENCES_MAX = 20;
/** As many packages. */
export const UPGRADES_MAX = 20;

const score = z.number().min(0).max(10);

/** Enough of a resource to name it and link to it. */
const resourceRefSchema = z.object({ id: z.string(), kind: z.string(), name: z.string() });

/** The rank key of an issue and the sentence that says why it stands where it stands. */
const rankReasonSchema = z.object({
  severity: severitySchema,
  riskCount: countSchema,
  impact: countSchema,
  sentence: z.string(),
});

/** One change of the vector, or of the likelihood or impact of a control, that context made. */
const scoreStepSchema = z.object({
  /** What was looked at: a CVSS metric such as `E` or `MAV`, or a name in words. */
  metric: z.string(),
  from: z.string(),
  to: z.string(),
  effect: z.enum(['riskier', 'safer', 'neutral', 'unknown']),
  reason: z.string(),
});

export type ScoreStep = z.infer<typeof scoreStepSchema>;

/** How the lead finding's severity came about. Base and adjusted are null where there is no vector. */
const scoreReasonSchema = z.object({
  base: z.object({ vector: z.string(), score, provenance: z.string() }).nullable(),
  steps: z.array(scoreStepSchema),
  adjusted: z.object({ vector: z.string(), score }).nullable(),
  severity: severitySchema,
  sentence: z.string(),
});

export type ScoreReason = z.infer<typeof scoreReasonSchema>;

/** One rule of the inbox held against the issue. `missing` names inputs, never values. */
const admissionRuleSchema = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['met', 'not met', 'unknown']),
  sentence: z.string(),
  missing: z.array(z.string()),
});

export type AdmissionRule = z.infer<typeof admissionRuleSchema>;

/** One thing that was seen and speaks for a risk's state, with who says so and when. */
export const evidenceSchema = z.object({
  sentence: z.string(),
  /** The source, feed, rule or person that it comes from. */
  provenance: z.string(),
  /** When it was true as far as its provenance tells; null where it has no time. */
  at: instant.nullable(),
  /** Where to read it, an address from outside; null where there is none. */
  link: z.string().nullable(),
});

/** One of the five risks with its evidence. An *unknown* names what is missing. */
const riskReasonSchema = z.object({
  risk: detectedRiskSchema,
  state: riskStateSchema,
  evidence: z.array(evidenceSchema),
  missing: z.array(z.string()),
});

export type RiskReason = z.infer<typeof riskReasonSchema>;

/** Which rule of one type acts on a finding, and why those before it do not. */
const ruleTraceSchema = z.object({
  type: ruleTypeSchema,
  /** Null: none of the type matches. */
  rule: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What it does, or that none acts. */
  sentence: z.string(),
  /** The rules before it, at most 20, each with the first thing that keeps it from matching. */
  passedOver: z.array(z.object({ id: z.string(), name: z.string(), sentence: z.string() })),
});

export type RuleTrace = z.infer<typeof ruleTraceSchema>;

/** Why an issue is here, and here rather than elsewhere. */
const issueWhySchema = z.object({
  rank: rankReasonSchema,
  score: scoreReasonSchema,
  /** The control that the severity comes from; null where it comes from an advisory or the scanner. */
  control: controlSchema.nullable(),
  admission: z.object({ admitted: z.boolean(), rules: z.array(admissionRuleSchema) }),
  /** What the rules of the organisation make of the lead finding, by type; types without a rule are left out. */
  automation: z.array(ruleTraceSchema),
  /** All five, in their order. */
  risks: z.array(riskReasonSchema).length(5),
  /** The member that the issue ranks by; null when none is open and unmuted. */
  lead: z.object({ findingId: z.string(), resource: resourceRefSchema, sentence: z.string() }).nullable(),
  /** Whose the lead finding may be, best first; the first is the team of the row. Empty when nothing tells. */
  owners: z.array(ownerCandidateSchema),
});

export type IssueWhy = z.infer<typeof issueWhySchema>;

/** One finding as one scope of one source shows it. */
const sightingSchema = z.object({
  source: z.string(),
  scope: z.record(z.string(), z.string()),
  firstSeen: instant,
  /** When the latest report of its scope arrived that still stands for it; null: it does not show it any more. */
  lastConfirmed: instant.nullable(),
  /** Its source has been silent for longer than expected. */
  overdue: z.boolean(),
  /** The latest reports of its scope did not look where it is: when one did last; null: they did. */
  notLookedAtSince: instant.nullable(),
  /** When a complete scan no longer showed it; null: still seen. */
  goneAt: instant.nullable(),
  /** Files, lines, packages, ports: whatever tells the place, one text each. */
  locations: z.array(z.string()),
  title: z.string(),
  severity: severitySchema.nullable(),
  fix: z.string().nullable(),
});

export type Sighting = z.infer<typeof sightingSchema>;

/** One rule or advisory on one resource. */
const findingSchema = z.object({
  id: z.string(),
  title: z.string(),
  resource: resourceRefSchema,
  severity: severitySchema,
  score: score.nullable(),
  state: z.enum(['open', 'closed']),
  risks: z.array(detectedRiskSchema),
  environment: z.string().nullable(),
  services: z.array(z.string()),
  sightings: z.array(sightingSchema),
  fix: z.string().nullable(),
  /** Why it is in the inbox, or the first condition that keeps it out; null for closed ones. */
  admission: z.string().nullable(),
  /** Why it is muted; null: it is not. */
  mutedReason: z.string().nullable(),
  /** What the rules of the organisation make of it, by type; empty for closed ones. */
  automation: z.array(ruleTraceSchema),
});

export type Finding = z.infer<typeof findingSchema>;

/** What to do about one package: from which installed versions to which, and the lines that do it. */
const packageUpgradeSchema = z.object({
  /** As its ecosystem spells it. */
  name: z.string(),
  /** The type of a package URL: `npm`, `deb`. */
  ecosystem: z.string(),
  steps: z.array(
    z.object({
      /** The installed version; null where no scanner says it. */
      from: z.string().nullable(),
      /** The nearest version that mends it; null: none is known. */
      to: z.string().nullable(),
      findings: countSchema,
      /** Files in which it was seen, at most ten. */
      files: z.array(z.string()),
    }),
  ),
  /** The version that mends all of them; null where none is known to. */
  to: z.string().nullable(),
  /** Lines to copy, the upgrade first, then what tells who brings the package in. */
  commands: z.array(z.string()),
});

export type PackageUpgrade = z.infer<typeof packageUpgradeSchema>;

/** A resource that the issue touches. */
const impactedResourceSchema = resourceRefSchema.extend({
  environment: z.string().nullable(),
  services: z.array(z.string()),
  /** How it stands with the findings of the issue that are deployed there. */
  status: z.enum(['open', 'in_progress', 'snoozed', 'muted']),
  findings: countSchema,
  /** Its page in the console of its cloud; null where that is not known. */
  console: z.string().nullable(),
});

export type ImpactedResource = z.infer<typeof impactedResourceSchema>;

/**
 * `GET /api/v1/issues/:id`: the row and everything that the panel explains. `resources` is the list
 * here and not its length, which is `impact - services`; above 500 open findings it holds those of the findings listed.
 */
export const issueDetailSchema = issueRowSchema.omit({ resources: true }).extend({
  /** When a source first showed one of its findings; null when no source gave a time. */
  firstSeen: instant.nullable(),
  /** What its scanner says it is, the text of its lead finding before others; null where none says anything. */
  description: z.string().nullable(),
  /** Where to read on, addresses from outside, each once. */
  references: z.array(z.string()).max(REFERENCES_MAX),
  why: issueWhySchema,
  findings: z.array(findingSchema),
  resources: z.array(impactedResourceSchema),
  /** Of open findings in packages, by package, most findings first, at most 20. */
  upgrades: z.array(packageUpgradeSchema).max(UPGRADES_MAX),
  /** Step by step, of an issue that is an attack path; null of all others, and when it is no longer open. */
  attackPath: attackPathSchema.nullable(),
  /** Of an attack path: those of other sources that are about a resource of it, and may be the same. */
  alsoFoundBy: z.array(samePathSchema),
});

export type IssueDetail = z.infer<typeof issueDetailSchema>;
