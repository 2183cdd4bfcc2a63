import type { Location } from '#domain/finding/observation.ts';
import type { ExportedFinding } from '#domain/ports/export-store.ts';
import type { IssueRow } from '#domain/ports/inbox-store.ts';
import type { Severity } from '#domain/severity/severity.ts';

const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
const LOCATIONS_MAX = 10;

export const SARIF_HEAD =
  '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"utf16CodeUnits","results":[';

/** One finding as a result of SARIF 2.1.0. */
export function sarifResult(finding: ExportedFinding, issue: IssueRow, ruleIndex: number): unknown {
  const { key, name, kind } = finding.resource;
  const logical = [{ name, fullyQualifiedName: key, kind }];
  const places = finding.locations.flatMap((location) => physicalOf(location) ?? []).slice(0, LOCATIONS_MAX);
  return {
    ruleId: issue.key,
    ruleIndex,
    level: LEVELS[issue.severity],
    rank: issue.score * 10,
    message: { text: `${finding.title || issue.title} (${name})` },
    locations:
      places.length === 0
        ? [{ logicalLocations: logical }]
        : places.map((physicalLocation) => ({ physicalLocation, logicalLocations: logical })),
    partialFingerprints: { 'securityInboxFinding/v1': finding.fingerprint },
    ...(issue.isMuted && { suppressions: [{ kind: 'external', status: 'accepted' }] }),
    properties: { issue: issue.id, severity: issue.severity, status: issue.status },
  };
}

function physicalOf({ path, line }: Location): unknown {
  if (path === undefined || path === '') return null;
  const uri = path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return {
    artifactLocation: { uri },
    ...(line !== undefined && Number.isInteger(line) && line > 0 && { region: { startLine: line } }),
  };
}

/** What stands behind the results: the rules that they name, each issue one, in the order in which they came. */
export class SarifTail {
  readonly #rules = new Map<string, { readonly index: number; readonly rule: unknown }>();
  readonly #version: string;

  constructor(version: string) {
    this.#version = version;
  }

  /** The place of an issue among the rules. */
  rule(issue: IssueRow): number {
    const known = this.#rules.get(issue.id);
    if (known !== undefined) return known.index;
    const index = this.#rules.size;
    const rule = {
      id: issue.key,
      shortDescription: { text: issue.title },
      defaultConfiguration: { level: LEVELS[issue.severity] },
      properties: { 'security-severity': issue.score.toFixed(1), tags: ['security', issue.type] },
    };
    this.#rules.set(issue.id, { index, rule });
    return index;
  }

  text(): string {
    const rules = [...this.#rules.values()].map(({ rule }) => rule);
    const driver = { name: 'Security Inbox', version: this.#version, rules };
    return `],"tool":{"driver":${JSON.stringify(driver)}}}]}\n`;
  }
}
