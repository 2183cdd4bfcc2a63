import { type FindingObservation, type ObservedPackage, OPEN } from '../finding/observation.ts';
import type { ResourceDescription } from '../resource/resource-description.ts';
import { advisoriesOf } from './advisories-of.ts';
import { type AffectedPackage, fixesOf, isAffected } from './affected-package.ts';
import { isSystemPackage, placeOfPackage } from './package-name.ts';

/** The findings that an advisory makes of a package on a resource; none where it is not affected. */
export function matchedFindings(
  resource: ResourceDescription,
  installed: ObservedPackage,
  affected: AffectedPackage,
): readonly FindingObservation[] {
  if (!isAffected(installed, affected)) return [];
  const isSystem = isSystemPackage(installed.package.type);
  const fixes = fixesOf(affected);
  return advisoriesOf([affected.record, ...affected.aliases]).map((subject) => ({
    kind: 'finding',
    type: isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
    subject,
    resource,
    place: placeOfPackage(installed.package),
    state: OPEN,
    title: affected.title ?? `${subject.id} in ${installed.package.name}`,
    severity: affected.severity,
    vectors: affected.vectors,
    description: affected.description ?? undefined,
    fix: fixes.length === 0 ? undefined : fixes.join(', '),
    fixable: fixes.length > 0,
    references: affected.references,
    locations: [{ version: installed.version, path: installed.path || undefined }],
    distribution: installed.release || undefined,
    publishedAt: affected.publishedAt ?? undefined,
    findingClass: isSystem ? 'os-packages' : 'libraries',
  }));
}
