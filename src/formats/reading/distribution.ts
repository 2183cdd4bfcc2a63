import { distributionName } from '#domain/package/distribution-name.ts';
import { isSystemPackage } from '#domain/package/package-name.ts';
import type { PackageUrl } from './package-url.ts';
import { scannerProvider } from './scanner-provider.ts';

/** Distributions that publish advisories or ratings of their own, under their one name, by the type of their packages. */
const PACKAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ...['debian', 'ubuntu', 'echo'].map((name) => [name, 'deb'] as const),
  ...['alpine', 'chainguard', 'minimos', 'wolfi'].map((name) => [name, 'apk'] as const),
  ...[
    'alma',
    'amazon',
    'azurelinux',
    'centos',
    'fedora',
    'openeuler',
    'oracle',
    'photon',
    'redhat',
    'rocky',
    'suse',
  ].map((name) => [name, 'rpm'] as const),
  ['arch-linux', 'alpm'],
]);

/** How package URLs call the packages of a distribution, by its one name; undefined for a name never seen. */
export function systemPackageType(distribution: string): string | undefined {
  return PACKAGE_TYPES.get(distribution);
}

/** Distributions rebuilt from another one, whose ratings are theirs. */
const RATED_BY: ReadonlyMap<string, string> = new Map([['centos', 'redhat']]);

/**
 * The provider of a rating that a report ascribes to `vendor`, for a package of `distribution` (its
 * one name, undefined for none): `nvd`, `ghsa`, `distribution:debian`, else the scanner itself.
 */
export function ratingProvider(vendor: string, distribution: string | undefined, tool: string): string {
  const name = distributionName(vendor);
  if (name === 'nvd' || name === 'ghsa') return name;
  if (name === 'github') return 'ghsa';
  if (!PACKAGE_TYPES.has(name)) return scannerProvider(tool);
  return distribution !== undefined && RATED_BY.get(distribution) === name
    ? `distribution:${distribution}`
    : `distribution:${name}`;
}

/** A distribution, under its one name, and with its release where one is told (`debian 11`). */
export interface Distribution {
  readonly name: string;
  readonly release: string;
}

/** The distribution that a package URL names in its namespace, with the release in `distro=debian-11`; null where it names none. */
export function distributionOfPackage(purl: PackageUrl | null): Distribution | null {
  if (purl === null || !isSystemPackage(purl.type) || purl.namespace === '') return null;
  const name = distributionName(purl.namespace);
  if (name === '') return null;
  const release = /-(\d[\w.]{0,20})$/.exec(purl.qualifiers.get('distro') ?? '')?.[1];
  return { name, release: release === undefined ? name : `${name} ${release}` };
}

/** A distribution from the name and the release that a report tells (`debian 11`); null without a name. */
export function distributionOf(
  spelling: string | undefined,
  release: string | undefined,
): Distribution | null {
  const name = distributionName(spelling ?? '');
  if (name === '') return null;
  return { name, release: release === undefined ? name : `${name} ${release}` };
}
