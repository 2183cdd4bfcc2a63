import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import { plainText } from '../reading/plain-text.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { qualysSeverity, qualysState } from './qualys-severity.ts';

/** The asset data report, and VMDR with a row for each CVE. */
export const COLUMNS: KnownColumns = [
  ['IP', 'QID', 'Title', 'Severity', 'Vuln Status'],
  ['QID', 'Title', 'Severity', 'Asset IPV4', 'Status'],
];

export function mapRow(row: CsvRow): EntryReading {
  const qid = row.text('QID');
  if (qid === undefined) return 'a QID was expected';
  const host = row.text('FQDN', 'DNS', 'Asset Name', 'IP', 'Asset IPV4');
  if (host === undefined) return 'the name or address of its host was expected';
  const type = row.text('Type', 'Type Detected');
  const severity = qualysSeverity(row.text('Severity'), type);
  const vector = vectorOf(row.text('CVSS3.1 Base', 'CVSS3 Base'));
  return hostFindings({
    bulletin: `QID-${qid}`,
    cves: cvesIn(row.text('CVE ID', 'CVE')),
    resource: { kind: 'host', name: host },
    title: row.text('Title'),
    severity,
    vectors: vector === null ? [] : [{ provider: scannerProvider('qualys'), vector, word: severity }],
    description: [row.text('CVE-Description'), plainText(row.text('Threat')), plainText(row.text('Impact'))]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    fix: plainText(row.text('Solution')),
    port: portOf(row.text('Port'), row.text('Protocol')),
    exploit: exploitOf(row.text('Exploitability'), qid),
    state: qualysState(
      row.text('Vuln Status', 'Status'),
      row.text('Ignored', 'Disabled')?.toLowerCase() === 'yes',
    ),
  });
}

/** `8.1 (AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:H)` without its version, which is 3. */
function vectorOf(text: string | undefined): string | null {
  const vector = /\((AV:[A-Z:/]{10,60})\)/.exec(text ?? '')?.[1];
  return vector === undefined ? null : `CVSS:3.1/${vector}`;
}

/** Where public exploits are, as Qualys knows them. */
export function exploitOf(text: string | undefined, qid: string): string | undefined {
  return text === undefined ? undefined : `Qualys names an exploit for QID ${qid.slice(0, 20)}.`;
}
