import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { codeFinding } from './code-finding.ts';
import { addressesIn, cvesIn } from './host-finding.ts';
import { packageFindings } from './library-finding.ts';
import { type PackageUrl, parsePackageUrl } from './package-url.ts';
import { postureFinding } from './posture-finding.ts';
import type { EntryReading } from './read-entries.ts';
import { scannerProvider } from './scanner-provider.ts';

/** A finding as somebody wrote it down. */
export interface WrittenFinding {
  readonly title: string | undefined;
  readonly severity: string | undefined;
  readonly description: string | undefined;
  readonly mitigation: string | undefined;
  readonly references: string | undefined;
  readonly cves: readonly string[];
  readonly cwe: number | undefined;
  readonly vectors: readonly string[];
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly component: string | undefined;
  readonly purl: string | undefined;
  readonly version: string | undefined;
  readonly address: string | undefined;
  readonly parameter: string | undefined;
  readonly check: string | undefined;
  readonly fixVersion: string | undefined;
  readonly isFixable: boolean | undefined;
  readonly isKnownExploited: boolean;
  readonly isActive: boolean | undefined;
  readonly isFalsePositive: boolean;
  readonly isAccepted: boolean;
  readonly isMitigated: boolean;
  readonly isDuplicate: boolean;
  /** The ecosystem of the component; its names are split as there. */
  readonly ecosystem?: string | undefined;
  /** `check` is the id of an advisory that is no CVE. */
  readonly isAdvisory?: boolean | undefined;
  /** What it is about, where the report tells; absent: an artifact that only its source names. */
  readonly resource?: ResourceDescription | undefined;
  /** Absent: by the members above. */
  readonly state?: ObservedState | undefined;
}

const NAMELESS: ResourceDescription = { kind: 'artifact', name: null };

/** What it is follows from what it names: an advisory, a file, an address, or nothing of that. */
export function mapFinding(written: WrittenFinding, tool: string): EntryReading {
  const { title } = written;
  if (title === undefined) return 'a title was expected';
  const severity = severityOfWord(written.severity);
  if (severity === null && written.severity !== undefined && !/^(?:unknown|none)$/i.test(written.severity))
    return 'Info, Low, Medium, High or Critical in severity was expected';
  // Its original is in the same export.
  if (written.isDuplicate) return [];
  const cves = cvesIn(...written.cves);
  if (
    cves.length > 0 ||
    written.component !== undefined ||
    written.purl !== undefined ||
    written.isAdvisory === true
  )
    return inComponent(written, title, severity, cves, tool);
  if (written.path !== undefined) return [inFile(written, title, severity, written.path, tool)];
  return [
    written.address === undefined
      ? postureFinding({
          tool,
          check: written.check ?? title,
          resource: written.resource ?? NAMELESS,
          title,
          severity,
          description: written.description,
          fix: written.mitigation,
          references: addressesIn(written.references),
          state: stateOf(written),
        })
      : atAddress(written, title, severity, written.address, tool),
  ];
}

function inComponent(
  written: WrittenFinding,
  title: string,
  severity: Severity | null,
  cves: readonly string[],
  tool: string,
): readonly FindingObservation[] {
  const named: Pick<PackageUrl, 'type' | 'namespace' | 'name'> | null =
    parsePackageUrl(written.purl) ??
    (written.component === undefined
      ? null
      : splitPackageName(packageTypeOfEcosystem(written.ecosystem), written.component));
  const own = written.check ?? `${tool}: ${title}`;
  const findings = packageFindings({
    resource: written.resource ?? NAMELESS,
    // Each CVE is a flaw of its own.
    ids: cves.length > 1 ? [own, ...cves] : [cves[0] ?? own],
    package: named ?? { type: 'generic', namespace: '', name: title },
    title,
    severity,
    vectors: vectorsOf(written, severity, tool),
    description: written.description,
    fix: written.fixVersion ?? written.mitigation,
    fixable: written.fixVersion === undefined ? written.isFixable : true,
    references: addressesIn(written.references),
    locations: [{ version: written.version, path: written.path, line: written.line, url: written.address }],
    exploit: written.isKnownExploited
      ? { kind: 'known_exploited', sentence: 'The report says that it is known to be exploited.' }
      : undefined,
    state: stateOf(written),
  });
  return named === null ? findings.map((finding) => ({ ...finding, place: { is: 'none' } })) : findings;
}

function vectorsOf(written: WrittenFinding, word: Severity | null, tool: string): readonly VectorClaim[] {
  return written.vectors.map((vector) => ({ provider: scannerProvider(tool), vector, word }));
}

function inFile(
  written: WrittenFinding,
  title: string,
  severity: Severity | null,
  path: string,
  tool: string,
): FindingObservation {
  return codeFinding({
    tool,
    check: written.check ?? title,
    path,
    line: written.line,
    severity,
    title,
    description: written.description,
    fix: written.mitigation,
    references: addressesIn(written.references),
    cwes: cwesOfNumber(written.cwe),
    message: title,
    state: stateOf(written),
  });
}

function cwesOfNumber(cwe: number | undefined): readonly number[] {
  return cwe !== undefined && Number.isInteger(cwe) && cwe > 0 && cwe < 100_000 ? [cwe] : [];
}

function atAddress(
  written: WrittenFinding,
  title: string,
  severity: Severity | null,
  address: string,
  tool: string,
): FindingObservation {
  const url = URL.canParse(address) ? new URL(address) : null;
  return {
    kind: 'finding',
    type: 'api_finding',
    subject: { is: 'check', tool, check: written.check ?? title, cwes: cwesOfNumber(written.cwe) },
    resource: { kind: 'endpoint', url: url === null ? address.slice(0, 500) : url.origin },
    place: {
      is: 'api',
      method: '',
      path: url?.pathname.slice(0, 2_000) ?? '',
      parameter: written.parameter?.slice(0, 300) ?? '',
    },
    state: stateOf(written),
    title: title.slice(0, 4_000),
    severity,
    description: written.description?.slice(0, 4_000),
    fix: written.mitigation?.slice(0, 4_000),
    references: addressesIn(written.references).slice(0, 5),
    locations: [{ url: address.slice(0, 4_000) }],
  };
}

function stateOf(written: WrittenFinding): ObservedState {
  if (written.state !== undefined) return written.state;
  if (written.isMitigated)
    return { is: 'ended', why: 'The report says that it is mitigated.', passed: false };
  if (written.isFalsePositive) return { is: 'suppressed', reason: 'false positive, says the report' };
  if (written.isAccepted) return { is: 'suppressed', reason: 'accepted or out of scope, says the report' };
  return written.isActive === false
    ? { is: 'ended', why: 'The report says that it is not active.', passed: false }
    : OPEN;
}
