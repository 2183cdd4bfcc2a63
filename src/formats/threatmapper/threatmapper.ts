import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { packageTypeOfEcosystem } from '#domain/package/package-ecosystem.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { type CsvRow, csvTable, type KnownColumns, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { feedScan } from '../reading/scans.ts';
import { packageTypeOfVersion } from '../reading/version-shape.ts';

/** Tables of ThreatMapper: flaws of packages, and checks of compliance. */
export const threatmapper: ReportFormat = {
  id: 'threatmapper',
  title: 'ThreatMapper (vulnerabilities and compliance, CSV)',
  command: 'in ThreatMapper: Integrations, Reports, XLSX; then save the sheet as CSV',
  claims,
  read,
};

const VULNERABILITIES: KnownColumns = [['cve_id', 'cve_severity', 'cve_caused_by_package', 'host_name']];
const COMPLIANCE: KnownColumns = [
  ['compliance_check_type', 'test_number', 'test_info', 'status', 'node_name'],
];

function claims(head: ReportHead): boolean {
  return csvTable(head, [...VULNERABILITIES, ...COMPLIANCE]) !== null;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('threatmapper');
  const hasFlaws = csvTable(await readHead(input), VULNERABILITIES) !== null;
  yield* hasFlaws
    ? readTable(input, VULNERABILITIES, 'a vulnerability', mapVulnerability)
    : readTable(input, COMPLIANCE, 'a result of a check', mapCheck);
}

function mapVulnerability(row: CsvRow): EntryReading {
  const id = row.text('cve_id');
  if (id === undefined) return 'a cve_id was expected';
  const host = row.text('host_name');
  if (host === undefined) return 'a host_name was expected';
  const whole = row.text('cve_caused_by_package') ?? '';
  const colon = whole.lastIndexOf(':');
  const name = colon < 0 ? whole : whole.slice(0, colon);
  if (name === '') return 'a cve_caused_by_package was expected';
  const version = colon < 0 ? undefined : whole.slice(colon + 1);
  const fixed = row.text('cve_fixed_in');
  const severity = severityOfWord(row.text('cve_severity'));
  const vector = row.text('cve_attack_vector')?.toUpperCase();
  const kind = row.text('cve_type');
  // `base` stands for the packages of the system.
  const type =
    kind === undefined || kind === 'base' ? undefined : packageTypeOfEcosystem(LANGUAGES.get(kind) ?? kind);
  return packageFindings({
    resource: { kind: 'host', name: host },
    ids: [id],
    package: splitPackageName(type ?? packageTypeOfVersion(version ?? '') ?? 'generic', name),
    title: undefined,
    severity,
    vectors:
      vector === undefined ? [] : [{ provider: scannerProvider('threatmapper'), vector, word: severity }],
    description: row.text('cve_description'),
    fix: fixed,
    fixable: fixed !== undefined,
    references: [row.text('cve_link')].flatMap((link) => link ?? []),
    locations: [{ version, path: row.text('cve_container_image') }],
    state: maskedOr(row, OPEN),
  });
}

const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ['java', 'maven'],
  ['nodejs', 'npm'],
  ['js', 'npm'],
  ['javascript', 'npm'],
  ['ruby', 'gem'],
  ['php', 'composer'],
  ['dotnet', 'nuget'],
]);

const STATES: ReadonlyMap<string, ObservedState> = new Map([
  ['pass', PASSED],
  ['ok', PASSED],
  ['alarm', OPEN],
  ['warn', OPEN],
  ['fail', OPEN],
]);

function mapCheck(row: CsvRow): EntryReading {
  const check = row.text('test_number');
  if (check === undefined) return 'a test_number was expected';
  const name = row.text('node_name', 'host_name', 'node_id');
  if (name === undefined) return 'a node_name was expected';
  // `info`, `note` and `skip` ask a person to look.
  const state = STATES.get(row.text('status')?.toLowerCase() ?? '');
  if (state === undefined) return [];
  const type = row.text('node_type');
  const resource: ResourceDescription =
    type === 'host'
      ? { kind: 'host', name }
      : { kind: 'cloud', provider: 'other', id: name, type, account: row.text('cloud_account_id') };
  return [
    postureFinding({
      tool: 'threatmapper',
      check,
      resource,
      resourceKind: type,
      title: row.text('test_info'),
      severity: null,
      description: row.text('test_category'),
      state: maskedOr(row, state),
    }),
  ];
}

function maskedOr(row: CsvRow, state: ObservedState): ObservedState {
  return state === OPEN && row.text('masked')?.toLowerCase() === 'true'
    ? { is: 'suppressed', reason: 'masked in ThreatMapper' }
    : state;
}
