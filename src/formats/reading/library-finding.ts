import type { Instant } from '#base/instant.ts';
import {
  type FindingObservation,
  type Location,
  type ObservedState,
  OPEN,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { advisoriesOf } from '#domain/package/advisories-of.ts';
import { isSystemPackage, type PackageName, placeOfPackage } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';

const REFERENCES_MAX = 5;

/** A known flaw of a package, as an audit of packages tells it. */
export interface PackageFlaw {
  readonly resource: ResourceDescription;
  /** The record's own id and its other names, in any order: the first is the record's own. */
  readonly ids: readonly (string | undefined)[];
  readonly package: PackageName;
  readonly title: string | undefined;
  readonly severity: Severity | null;
  readonly vectors?: readonly VectorClaim[] | undefined;
  readonly description?: string | undefined;
  readonly fix?: string | undefined;
  /** Undefined where the report does not say. */
  readonly fixable?: boolean | undefined;
  readonly references?: readonly string[] | undefined;
  readonly locations?: readonly Location[] | undefined;
  readonly distribution?: string | undefined;
  readonly publishedAt?: Instant | null | undefined;
  readonly exploit?: FindingObservation['exploit'];
  readonly state?: ObservedState | undefined;
  readonly cover?: string | undefined;
}

/**
 * The findings of a flaw: one, or one for each CVE where its record is a tool's own that names several (design:
 * identity, names). Empty where it has no id.
 */
export function packageFindings(flaw: PackageFlaw): readonly FindingObservation[] {
  const isSystem = isSystemPackage(flaw.package.type);
  const { name } = flaw.package;
  return advisoriesOf(flaw.ids).map((subject) => ({
    kind: 'finding',
    type: isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
    subject,
    resource: flaw.resource,
    place: placeOfPackage(flaw.package),
    state: flaw.state ?? OPEN,
    title: flaw.title ?? `${subject.id} in ${name}`,
    severity: flaw.severity,
    vectors: flaw.vectors,
    description: flaw.description,
    fix: flaw.fix,
    fixable: flaw.fixable,
    references: flaw.references?.slice(0, REFERENCES_MAX),
    locations: flaw.locations,
    distribution: flaw.distribution,
    publishedAt: flaw.publishedAt ?? undefined,
    exploit: flaw.exploit,
    cover: flaw.cover,
    findingClass: isSystem ? 'os-packages' : 'libraries',
  }));
}

/** The id of the advisory that an address ends in: `https://github.com/advisories/GHSA-…`; undefined for any other. */
export function advisoryInAddress(address: string | undefined): string | undefined {
  return /(?:^|\/)((?:CVE-\d{4}-\d{4,19})|GHSA(?:-[0-9a-z]{4}){3})\/?$/i.exec(
    address?.slice(0, 500) ?? '',
  )?.[1];
}
