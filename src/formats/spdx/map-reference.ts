import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { distributionOfPackage } from '../reading/distribution.ts';
import { advisoryInAddress, packageFindings } from '../reading/library-finding.ts';
import { parsePackageUrl } from '../reading/package-url.ts';
import type { SpdxPackage } from './spdx-item.ts';

/** The references of a package, one record each. Only one to an advisory that has an id says that the package is flawed. */
export function* readPackage(spdxPackage: SpdxPackage, resource: ResourceDescription): Generator<ReportItem> {
  for (const { at, type, locator } of spdxPackage.references)
    yield {
      kind: 'record',
      at,
      observations: type === 'advisory' ? findingsOf(locator, spdxPackage, resource) : [],
    };
}

function findingsOf(
  locator: string,
  { name, version, purl: text }: SpdxPackage,
  resource: ResourceDescription,
): readonly FindingObservation[] {
  const id = advisoryInAddress(locator);
  if (id === undefined) return [];
  const purl = parsePackageUrl(text);
  return packageFindings({
    resource,
    ids: [id.toUpperCase().replace(/^GHSA-.*/, (ghsa) => `GHSA${ghsa.slice(4).toLowerCase()}`)],
    package: purl ?? { type: 'generic', namespace: '', name },
    title: undefined,
    severity: null,
    references: [locator],
    locations: [{ version: version ?? purl?.version }],
    distribution: distributionOfPackage(purl)?.release,
  });
}
