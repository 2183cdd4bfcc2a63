import { asNumber } from '#base/json-value.ts';
import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { cvesIn } from '../reading/host-finding.ts';
import type { WrittenFinding } from '../reading/written-finding.ts';

export const COLUMNS: KnownColumns = [['Title', 'Severity', 'Description']];

/** The columns of DefectDojo's template, in lower case without spaces and dashes. */
const KNOWN: ReadonlySet<string> = new Set([
  ...[
    'date',
    'title',
    'cweid',
    'cwe',
    'cve',
    'vulnerabilityid',
    'url',
    'severity',
    'description',
    'mitigation',
  ],
  ...[
    'impact',
    'references',
    'active',
    'verified',
    'falsepositive',
    'duplicate',
    'ismitigated',
    'mitigateddate',
  ],
  ...[
    'epssscore',
    'epsspercentile',
    'cvssv3',
    'cvssv4',
    'cvssv3score',
    'filepath',
    'line',
    'componentname',
    'componentversion',
  ],
  ...['knownexploited', 'ransomwareused', 'fixavailable', 'kevdate', 'service', 'tags'],
]);

export function isKnownColumn(column: string): boolean {
  return KNOWN.has(
    column
      .slice(0, 100)
      .toLowerCase()
      .replace(/[\s_-]/g, ''),
  );
}

export function findingOfRow(row: CsvRow): WrittenFinding {
  const vectors = [row.text('CVSSV4', 'CVSSv4', 'cvssv4'), row.text('CVSSV3', 'CVSSv3', 'cvssv3')];
  return {
    title: row.text('Title'),
    severity: row.text('Severity'),
    description: row.text('Description'),
    mitigation: row.text('Mitigation'),
    references: row.text('References'),
    cves: cvesIn(row.text('CVE'), row.text('Vulnerability Id', 'VulnerabilityId')),
    cwe: asNumber(row.text('CweId', 'Cwe', 'CWE')),
    vectors: vectors.flatMap((vector) => vector ?? []),
    path: row.text('FilePath', 'File Path', 'file_path'),
    line: asNumber(row.text('Line', 'line')),
    component: row.text('ComponentName', 'Component Name', 'component_name'),
    purl: undefined,
    version: row.text('ComponentVersion', 'Component Version', 'component_version'),
    address: row.text('Url', 'URL'),
    parameter: undefined,
    check: undefined,
    fixVersion: undefined,
    isFixable: booleanOf(row.text('FixAvailable', 'fix_available')),
    isKnownExploited: booleanOf(row.text('KnownExploited', 'known_exploited')) === true,
    isActive: booleanOf(row.text('Active')),
    isFalsePositive: booleanOf(row.text('FalsePositive')) === true,
    isAccepted: false,
    isMitigated: booleanOf(row.text('IsMitigated')) === true,
    isDuplicate: booleanOf(row.text('Duplicate')) === true,
  };
}

function booleanOf(text: string | undefined): boolean | undefined {
  const word = text?.toLowerCase();
  return word === 'true' || word === '1' || word === 'yes'
    ? true
    : word === 'false' || word === '0' || word === 'no'
      ? false
      : undefined;
}
