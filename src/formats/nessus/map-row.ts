import { parseInstant } from '#base/instant.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { addressesIn, cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { nessusVector } from './map-item.ts';

/** Nessus and Web App Scanning; Security Center; Vulnerability Management. */
export const COLUMNS: KnownColumns = [
  ['Plugin ID', 'Risk', 'Host', 'Name', 'Synopsis'],
  ['Plugin', 'Plugin Name', 'Severity', 'IP Address'],
  ['definition.id', 'definition.name', 'severity', 'asset.name'],
];

/** One row: a plugin on a host and port, of Nessus one for each of its CVEs. */
export function mapRow(row: CsvRow): EntryReading {
  const plugin = row.text('Plugin ID', 'Plugin', 'definition.id');
  if (plugin === undefined) return 'the number of its plugin was expected';
  const host = row.text(
    'FQDN',
    'DNS Name',
    'asset.display_fqdn',
    'Host',
    'IP Address',
    'asset.host_name',
    'asset.name',
    'asset.display_ipv4_address',
  );
  if (host === undefined) return 'the name or address of its host was expected';
  const severity = severityOfWord(row.text('Severity', 'severity', 'Risk'));
  const solution = row.text('Solution', 'definition.solution');
  const hasExploit = row.text('Exploit?', 'definition.exploitability_ease');
  return hostFindings({
    bulletin: `NESSUS-${plugin}`,
    cves: cvesIn(row.text('CVE', 'definition.cve')),
    resource: { kind: 'host', name: host },
    title: row.text('Plugin Name', 'Name', 'definition.name'),
    severity,
    vectors: [
      row.text('CVSS V3 Vector', 'definition.cvss3.base_vector'),
      row.text('CVSS V2 Vector', 'definition.cvss2.base_vector'),
    ].flatMap((vector) => (vector === undefined ? [] : [nessusVector(vector, severity)])),
    description: [
      row.text('Synopsis', 'definition.synopsis'),
      row.text('Description', 'definition.description'),
    ]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    fix: solution === 'n/a' ? undefined : solution,
    references: addressesIn(row.text('See Also', 'definition.see_also')),
    port: portOf(row.text('Port', 'port'), row.text('Protocol', 'protocol')),
    publishedAt: parseInstant(row.text('definition.vulnerability_published')),
    exploit:
      hasExploit !== undefined &&
      /^(?:yes|exploits are available|no exploit is required|available)$/i.test(hasExploit)
        ? `Nessus says that an exploit is available (plugin ${plugin.slice(0, 20)}).`
        : undefined,
    state: stateOf(row),
  });
}

function stateOf(row: CsvRow): ObservedState {
  if (row.text('state')?.toUpperCase() === 'FIXED')
    return { is: 'ended', why: 'Tenable says that it is fixed.', passed: false };
  const recast = row.text('recast_reason');
  return row.text('risk_modified')?.toUpperCase() === 'ACCEPTED'
    ? { is: 'suppressed', reason: recast ?? 'accepted in Tenable' }
    : OPEN;
}
