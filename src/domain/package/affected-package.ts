import type { Instant } from '#base/instant.ts';
import type { ObservedPackage, VectorClaim } from '../finding/observation.ts';
import type { Severity } from '../severity/severity.ts';
import { compareVersions } from './compare-versions.ts';
import type { PackageName } from './package-name.ts';

/** Where a range of versions begins or ends, as OSV says it. */
export type RangeEvent =
  | { readonly is: 'introduced'; readonly version: string }
  | { readonly is: 'fixed'; readonly version: string }
  | { readonly is: 'last_affected'; readonly version: string }
  | { readonly is: 'limit'; readonly version: string };

/** What an advisory says of one package: which versions have the flaw, and how bad it is. */
export interface AffectedPackage {
  /** The record's own id. */
  readonly record: string;
  readonly aliases: readonly string[];
  readonly package: PackageName;
  /** Of an operating system's package: distribution and release, `debian 11`; empty for any. */
  readonly release: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly severity: Severity | null;
  readonly vectors: readonly VectorClaim[];
  readonly references: readonly string[];
  readonly publishedAt: Instant | null;
  readonly ranges: readonly (readonly RangeEvent[])[];
  /** Versions that are named one by one. */
  readonly versions: readonly string[];
}

/**
 * Whether an installed package is one that the advisory is about (OSV schema, evaluation): a version that is named, or one in a
 * range of its ecosystem's order. Versions that cannot be compared are in no range.
 */
export function isAffected(
  installed: Pick<ObservedPackage, 'version' | 'release'>,
  affected: AffectedPackage,
): boolean {
  if (!isOfRelease(installed.release, affected.release)) return false;
  const { version } = installed;
  if (affected.versions.includes(version)) return true;
  return affected.ranges.some((events) => isInRange(affected.package.type, version, events));
}

/** `debian 11.3` is of `debian 11`. One whose release is not known is of none. */
function isOfRelease(installed: string, release: string): boolean {
  return release === '' || installed === release || installed.startsWith(`${release}.`);
}

function isInRange(type: string, version: string, events: readonly RangeEvent[]): boolean {
  const order = (other: string) => compareVersions(type, version, other);
  if (
    events.some(
      (event) => event.is === 'limit' && event.version !== '*' && !((order(event.version) ?? 0) < 0),
    )
  )
    return false;
  let isInside = false;
  // A limit says nothing of what is before it; `*` is none.
  const turns = events.filter(({ is }) => is !== 'limit');
  for (const event of sorted(type, turns)) {
    const since = event.is === 'introduced' && event.version === '0' ? 1 : order(event.version);
    if (since === null) return false;
    if (event.is === 'introduced' && since >= 0) isInside = true;
    if (event.is === 'fixed' && since >= 0) isInside = false;
    if (event.is === 'last_affected' && since > 0) isInside = false;
  }
  return isInside;
}

function sorted(type: string, events: readonly RangeEvent[]): readonly RangeEvent[] {
  return events.toSorted((a, b) => {
    if (a.version === b.version) return a.is === 'introduced' ? -1 : 0;
    if (a.version === '0') return -1;
    return b.version === '0' ? 1 : (compareVersions(type, a.version, b.version) ?? 0);
  });
}

/** The versions that end the flaw for an installed one, in the record's order. */
export function fixesOf({ ranges }: AffectedPackage): readonly string[] {
  const fixes = ranges.flatMap((events) =>
    events.flatMap((event) => (event.is === 'fixed' ? [event.version] : [])),
  );
  return [...new Set(fixes)].slice(0, FIXES_MAX);
}

const FIXES_MAX = 10;
