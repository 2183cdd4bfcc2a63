import { parseInstant } from '#base/instant.ts';
import type { ObservedState } from '#domain/finding/observation.ts';
import { OPEN } from '#domain/finding/observation.ts';
import type { HostDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { addressesIn, cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { attribute, childrenNamed, childText, type XmlElement } from '../reading/xml-element.ts';

const SEVERITIES: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];

/** What a plugin says of a host: findings by CVE, or the result of a check of an audit file. */
export function mapItem(item: XmlElement, host: HostDescription | null): EntryReading {
  const plugin = attribute(item, 'pluginID');
  if (plugin === undefined) return 'a pluginID was expected';
  if (host === null) return 'the name of its host was expected';
  const check = childText(item, 'compliance-check-name');
  if (check !== undefined) return mapCompliance(item, check, host);
  const severity = SEVERITIES[Number(attribute(item, 'severity'))] ?? null;
  const synopsis = childText(item, 'synopsis');
  const solution = childText(item, 'solution');
  return hostFindings({
    bulletin: `NESSUS-${plugin}`,
    cves: cvesIn(...childrenNamed(item, 'cve').map((cve) => cve.text)),
    resource: host,
    title: attribute(item, 'pluginName') ?? childText(item, 'plugin_name'),
    severity,
    vectors: [childText(item, 'cvss3_vector'), childText(item, 'cvss_vector')].flatMap((vector) =>
      vector === undefined ? [] : [nessusVector(vector, severity)],
    ),
    description: [synopsis, childText(item, 'description')].filter((text) => text !== undefined).join('\n\n'),
    fix: solution === 'n/a' ? undefined : solution,
    references: addressesIn(childText(item, 'see_also')),
    port: portOf(attribute(item, 'port'), attribute(item, 'protocol')),
    publishedAt: parseInstant(childText(item, 'vuln_publication_date')?.replaceAll('/', '-')),
    exploit:
      childText(item, 'exploit_available') === 'true'
        ? `Nessus says that an exploit is available (plugin ${plugin.slice(0, 20)}).`
        : undefined,
    cover: host.name,
  });
}

/** Vectors carry their version in front in two spellings: `CVSS2#AV:N/…`, `CVSS:3.0/AV:N/…`. */
export function nessusVector(vector: string, word: Severity | null) {
  return { provider: scannerProvider('nessus'), vector: vector.replace(/^CVSS2#/, ''), word };
}

const RESULTS: ReadonlyMap<string | undefined, ObservedState> = new Map([
  ['PASSED', PASSED],
  ['FAILED', OPEN],
]);

/** Checks of one audit file share their plugin; their name tells them apart. */
function mapCompliance(item: XmlElement, check: string, host: HostDescription): EntryReading {
  const state = RESULTS.get(childText(item, 'compliance-result'));
  // A warning or an error asks a person to look.
  if (state === undefined) return [];
  return [
    postureFinding({
      tool: 'nessus',
      check,
      resource: host,
      title: check,
      severity: null,
      description: childText(item, 'compliance-info') ?? childText(item, 'description'),
      fix: childText(item, 'compliance-solution'),
      references: addressesIn(childText(item, 'compliance-see-also')),
      state,
      cover: host.name,
    }),
  ];
}
