import { asObject, asText } from '#base/json-value.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';
import { readCycloneDx } from './read-cyclonedx.ts';

/** CycloneDX in JSON (1.2 to 1.7) and XML: bills of materials with vulnerabilities, and VEX. */
export const cyclonedx: ReportFormat = {
  id: 'cyclonedx',
  title: 'CycloneDX',
  command: 'trivy image --format cyclonedx --scanners vuln --output bom.cdx.json IMAGE',
  isVex: true,
  claims,
  read: readCycloneDx,
};

function claims(head: ReportHead): boolean {
  if (head.shape === 'xml')
    return head.root?.name === 'bom' && head.root.namespace.includes('cyclonedx.org/schema/bom/');
  return head.shape === 'json' && asText(asObject(head.json)?.['bomFormat']) === 'CycloneDX';
}
