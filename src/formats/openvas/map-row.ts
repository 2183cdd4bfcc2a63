import { severityOfWord } from '#domain/severity/severity.ts';
import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { addressesIn, cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';

export const COLUMNS: KnownColumns = [['IP', 'NVT Name', 'NVT OID', 'CVSS', 'Severity']];

/** One result on a host and port. */
export function mapRow(row: CsvRow): EntryReading {
  const oid = row.text('NVT OID', 'NVT Name');
  if (oid === undefined) return 'an NVT OID was expected';
  const host = row.text('Hostname', 'IP');
  if (host === undefined) return 'an IP or a Hostname was expected';
  const name = row.text('NVT Name');
  return hostFindings({
    bulletin: `OPENVAS-${oid}`,
    // Scans by product name the CVE in the place of a test.
    cves: cvesIn(row.text('CVEs'), /^CVE-[\d-]+$/.test(oid) ? oid : undefined),
    resource: { kind: 'host', name: host },
    title: name,
    severity: severityOfWord(row.text('Severity')),
    description: [row.text('Summary'), row.text('Vulnerability Insight'), row.text('Impact')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    fix: row.text('Solution'),
    references: addressesIn(row.text('Other References')),
    port: portOf(row.text('Port'), row.text('Port Protocol')),
  });
}
