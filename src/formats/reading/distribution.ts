/**
 * The one name of a Linux distribution, lower case, for the spellings of `/etc/os-release`, package
 * URLs and scanners: `rhel` is `redhat`, `amzn` is `amazon`. A name not listed stays as it is.
 */
export function distributionName(spelling: string): string {
  const name = spelling.trim().toLowerCase();
  return NAMES.get(name) ?? name;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['rhel', 'redhat'],
  ['red hat', 'redhat'],
  ['red hat enterprise linux', 'redhat'],
  ['ol', 'oracle'],
  ['oraclelinux', 'oracle'],
  ['oracle linux', 'oracle'],
  ['oracle-oval', 'oracle'],
  ['amzn', 'amazon'],
  ['amazonlinux', 'amazon'],
  ['amazon linux', 'amazon'],
  ['almalinux', 'alma'],
  ['rockylinux', 'rocky'],
  ['sles', 'suse'],
  ['sle', 'suse'],
  ['suse-cvrf', 'suse'],
  ['suse linux enterprise server', 'suse'],
  ['opensuse', 'suse'],
  ['opensuse-leap', 'suse'],
  ['opensuse.leap', 'suse'],
  ['opensuse.tumbleweed', 'suse'],
  ['opensuse-tumbleweed', 'suse'],
  ['mariner', 'azurelinux'],
  ['cbl-mariner', 'azurelinux'],
  ['azure', 'azurelinux'],
  ['arch', 'arch-linux'],
  ['archlinux', 'arch-linux'],
]);

/** Distributions that publish ratings of their own, under their one name. */
const TRACKERS: ReadonlySet<string> = new Set([
  'alma', 'alpine', 'amazon', 'arch-linux', 'azurelinux', 'chainguard', 'debian', 'echo', 'fedora', 'minimos', 'oracle', 'photon', 'redhat', 'rocky', 'suse', 'ubuntu', 'wolfi',
]);

/** Distributions rebuilt from another one, whose ratings are theirs. */
const RATED_BY: ReadonlyMap<string, string> = new Map([['centos', 'redhat']]);

/**
 * The provider of a rating that a report ascribes to `vendor`, for a package of `distribution` (its
 * one name, undefined for none): `nvd`, `ghsa`, `distribution:debian`, else the scanner itself.
 */
export function ratingProvider(vendor: string, distribution: string | undefined, tool: string): string {
  const name = distributionName(vendor);
  if (name === 'nvd' || name === 'ghsa') return name;
  if (!TRACKERS.has(name)) return `scanner:${tool}`;
  return distribution !== undefined && RATED_BY.get(distribution) === name ? `distribution:${distribution}` : `distribution:${name}`;
}

/** `debian 11` from a name and a release; undefined without a name. */
export function distributionRelease(name: string | undefined, release: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return release === undefined ? distributionName(name) : `${distributionName(name)} ${release}`;
}
