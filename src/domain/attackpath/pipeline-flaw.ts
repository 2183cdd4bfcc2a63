import type { FindingSummary } from '../finding/finding-state.ts';
import FLAWS from './data/pipeline-flaws.json' with { type: 'json' };
import type { PipelineFlaw } from './path-facts.ts';

/** A finding about a repository, as it is stored. */
export interface PipelineFinding {
  readonly fingerprint: string;
  readonly issueId: string;
  /** `tool:check`; null of an advisory. */
  readonly toolCheck: string | null;
  readonly advisory: string | null;
  readonly summary: FindingSummary;
  readonly repository: PipelineFlaw['repository'];
}

interface FlawRow {
  readonly kind: string;
  /** Whether strangers have to be let near: of a private repository nobody sends pull requests. */
  readonly needsPublic: boolean;
  readonly probability: number;
  /** Parts of the names of checks. */
  readonly checks?: readonly string[];
  /** How ids of advisories begin. */
  readonly advisories?: string;
  readonly words: string;
}

const ROWS: readonly FlawRow[] = FLAWS;

/** Parts of the names of all checks that tell such a flaw. */
export const PIPELINE_CHECKS: readonly string[] = ROWS.flatMap(({ checks = [] }) => checks);

/** The flaw of a pipeline that a finding is; null of any other, and of one that needs strangers near a repository that nobody called public. */
export function pipelineFlawOf(finding: PipelineFinding): PipelineFlaw | null {
  const { toolCheck, advisory, summary, repository } = finding;
  const flaw = ROWS.find(
    ({ checks = [], advisories }) =>
      checks.some((check) => toolCheck?.includes(check)) ||
      (advisories !== undefined && advisory?.startsWith(advisories)),
  );
  if (flaw === undefined || (flaw.needsPublic && summary.inPublicRepository !== true)) return null;
  return {
    kind: flaw.kind,
    fingerprint: finding.fingerprint,
    issueId: finding.issueId,
    name: advisory ?? summary.title,
    repository,
    probability: flaw.probability,
    words: flaw.words,
    evidence: [
      {
        sentence: `${summary.title.replace(/\.+$/, '')}.`,
        provenance: summary.sources.join(', '),
        at: summary.publishedAt,
      },
    ],
  };
}
