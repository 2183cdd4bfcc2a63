import {
  asArray,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  type JsonObject,
} from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { readEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';

/** Flaws of software on machines, as Microsoft Defender for Endpoint lists them. */
export const msDefender: ReportFormat = {
  id: 'ms-defender',
  title: 'Microsoft Defender for Endpoint (vulnerabilities, API)',
  command:
    'curl -H "Authorization: Bearer TOKEN" https://api.security.microsoft.com/api/vulnerabilities/machinesVulnerabilities',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const [first] = asObjects(asArray(asObject(head.json)?.value).slice(0, 1));
  return (
    asText(first?.cveId) !== undefined &&
    (asText(first?.machineId) !== undefined || asText(first?.deviceId) !== undefined)
  );
}

/** A page of many. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('ms-defender');
  yield* readEntries(input, { patterns: ['value.*'] }, 'a vulnerability', mapEntry);
}

/** In the shape of `machinesVulnerabilities`, or of the export by machine with its longer names. */
function mapEntry(entry: JsonObject): readonly FindingObservation[] | string {
  const id = asText(entry.cveId);
  if (id === undefined) return 'a text in cveId was expected';
  const machine = asText(entry.machineId) ?? asText(entry.deviceId);
  if (machine === undefined) return 'a text in machineId or deviceId was expected';
  const name = asText(entry.productName) ?? asText(entry.softwareName);
  if (name === undefined) return 'a text in productName or softwareName was expected';
  const update = asText(entry.fixingKbId) ?? asText(entry.recommendedSecurityUpdateId);
  const level = asText(entry.exploitabilityLevel);
  return packageFindings({
    resource: { kind: 'host', name: asText(entry.deviceName) ?? machine, instanceId: machine },
    ids: [id],
    package: {
      type: 'generic',
      namespace: asText(entry.productVendor) ?? asText(entry.softwareVendor) ?? '',
      name,
    },
    title: undefined,
    severity: severityOfWord(asText(entry.severity) ?? asText(entry.vulnerabilitySeverityLevel)),
    fix:
      asText(entry.recommendedSecurityUpdate) ??
      (update === undefined ? undefined : `KB${update.replace(/^KB/i, '')}`),
    fixable: update === undefined ? undefined : true,
    locations: [
      {
        version: asText(entry.productVersion) ?? asText(entry.softwareVersion) ?? versionNumber(entry),
        path: asTexts(entry.diskPaths)[0],
      },
    ],
    exploit:
      level !== undefined && /exploit(?:is|verified|inkit)/i.test(level)
        ? { kind: 'exploit_published', sentence: `Defender says of its exploit: ${level.slice(0, 40)}.` }
        : undefined,
    // Software of a machine is what it runs on, whatever made it.
  }).map((finding) => ({ ...finding, type: 'infrastructure_vulnerability', findingClass: 'os-packages' }));
}

function versionNumber(entry: JsonObject): string | undefined {
  const version = asNumber(entry.productVersion);
  return version === undefined ? undefined : String(version);
}
