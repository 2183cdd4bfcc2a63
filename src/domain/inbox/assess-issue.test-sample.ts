import type { ToldFinding } from '../automation/finding-facts.ts';
import { rulesInForce } from '../automation/rules-in-force.ts';
import { effectiveControls } from '../control/effective-controls.ts';
import { sampleSummary } from '../finding/finding-state.test-sample.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import type { FindingType } from '../finding/finding-type.ts';
import type { AdvisoryFacts } from '../risk/advisory-facts.ts';
import type { FindingInput } from '../risk/assess-finding.ts';
import { AssessmentMemo } from '../risk/assessment-memo.ts';
import { type ResourceContext, unknownResource } from '../risk/deployment.ts';
import { ScoreMemo } from '../severity/score-memo.ts';
import type { Severity } from '../severity/severity.ts';
import type { IssueSettings, Member } from './assess-issue.ts';
import { type Decisions, NO_DECISIONS } from './decisions.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** What a test says about a finding; the rest is plain: a library of which nothing is known. */
export interface SampleFinding {
  readonly fingerprint?: string;
  readonly type?: FindingType;
  readonly control?: string | null;
  readonly toolCheck?: string | null;
  readonly severity?: Severity | null;
  readonly summary?: Partial<FindingSummary>;
  readonly resource?: Partial<ResourceContext>;
  readonly workloads?: readonly Partial<ResourceContext>[];
  readonly runners?: readonly Partial<ResourceContext>[];
  readonly machines?: readonly Partial<ResourceContext>[];
  readonly advisory?: AdvisoryFacts | null;
  readonly told?: Partial<ToldFinding>;
}

/** A finding for tests, told by what matters in it. */
export function sampleFinding(sample: SampleFinding = {}): FindingInput {
  return {
    fingerprint: sample.fingerprint ?? '00000000-0000-4000-8000-000000000001',
    type: sample.type ?? 'library_vulnerability',
    control: sample.control ?? null,
    toolCheck: sample.toolCheck ?? null,
    advisory: sample.advisory ?? null,
    resource: { ...unknownResource('r', 'image', 'r'), ...sample.resource },
    workloads: (sample.workloads ?? []).map(sampleWorkload),
    runners: (sample.runners ?? []).map(sampleWorkload),
    machines: (sample.machines ?? []).map(sampleWorkload),
    summary: sampleSummary({ severity: sample.severity ?? null, ...sample.summary }),
  };
}

function sampleWorkload(sample: Partial<ResourceContext>, index: number): ResourceContext {
  return { ...unknownResource(`w${index}`, 'kubernetes', `w${index}`), ...sample };
}

/** The same as a member of an issue. */
export function sampleMember(sample: SampleFinding = {}, decisions: Partial<Decisions> = {}): Member {
  const finding = sampleFinding(sample);
  const { key, kind, name } = finding.resource;
  const told: ToldFinding = {
    firstSeen: SAMPLE_NOW,
    findings: 1,
    issue: { id: 'i', key: 'k' },
    resource: { key, kind, name },
    sources: [],
    ...sample.told,
  };
  return { finding, decisions: { ...NO_DECISIONS, ...decisions }, told };
}

export const SAMPLE_NOW = Date.UTC(2026, 9, 1);

/** No feed was read, the default rules apply. */
export function sampleSettings(more: Partial<IssueSettings> = {}): IssueSettings {
  return {
    now: SAMPLE_NOW,
    feeds: { kev: null, epss: null, exploitdb: null, metasploit: null, nuclei: null, nvd: null },
    severityBasis: 'adjusted',
    epssRule: 'ours',
    scores: new ScoreMemo(),
    assessments: new AssessmentMemo(),
    controls: effectiveControls(new Map()),
    ratings: new Map(),
    rules: DEFAULT_RULES,
    automation: rulesInForce([]),
    ...more,
  };
}
