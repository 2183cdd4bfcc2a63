import { distributionName } from '#domain/package/distribution-name.ts';
import { isSystemPackage, splitPackageName } from '#domain/package/package-name.ts';
import type { PackageUrl } from '../package-url.ts';

/** Package managers of Amazon Inspector by the type of package URLs. `OS` depends on the platform. */
const MANAGERS: ReadonlyMap<string, string> = new Map([
  ['BUNDLER', 'gem'],
  ['GEMSPEC', 'gem'],
  ['CARGO', 'cargo'],
  ['COMPOSER', 'composer'],
  ['DOTNETCORE', 'nuget'],
  ['NUGET', 'nuget'],
  ['GOBINARY', 'golang'],
  ['GOMOD', 'golang'],
  ['JAR', 'maven'],
  ['POM', 'maven'],
  ['MAVEN', 'maven'],
  ['NODEPKG', 'npm'],
  ['NPM', 'npm'],
  ['YARN', 'npm'],
  ['PNPM', 'npm'],
  ['PIP', 'pypi'],
  ['PIPENV', 'pypi'],
  ['POETRY', 'pypi'],
  ['PYTHONPKG', 'pypi'],
]);

const SYSTEM_TYPES: readonly (readonly [start: string, purlType: string])[] = [
  ['ALPINE', 'apk'],
  ['DEBIAN', 'deb'],
  ['UBUNTU', 'deb'],
  ['AMAZON_LINUX', 'rpm'],
  ['ALMALINUX', 'rpm'],
  ['CENTOS', 'rpm'],
  ['FEDORA', 'rpm'],
  ['ORACLE_LINUX', 'rpm'],
  ['RED_HAT', 'rpm'],
  ['RHEL', 'rpm'],
  ['ROCKY', 'rpm'],
  ['SLES', 'rpm'],
  ['SUSE', 'rpm'],
  ['OPENSUSE', 'rpm'],
];

/**
 * A package as Inspector names it. `manager` is `OS`, `JAR`, `NPM`…; older records name none, and then a release or
 * a known platform says that it is the operating system's. `platform` is `ALPINE_LINUX_3_9`.
 */
export function inspectorPackage(
  name: string,
  manager: string | undefined,
  platform: string | undefined,
  hasRelease: boolean,
): Pick<PackageUrl, 'type' | 'namespace' | 'name'> & { readonly isSystem: boolean } {
  const language = manager === undefined ? undefined : MANAGERS.get(manager.toUpperCase());
  if (language !== undefined) return { ...splitPackageName(language, name), isSystem: false };
  const isSystem = manager?.toUpperCase() === 'OS' || hasRelease;
  const type = SYSTEM_TYPES.find(([start]) => platform?.toUpperCase().startsWith(start) === true)?.[1];
  if (isSystem && type !== undefined) return { type, namespace: '', name, isSystem: isSystemPackage(type) };
  return { type: 'generic', namespace: '', name, isSystem };
}

/** `ALPINE_LINUX_3_17` is `alpine 3.17`; undefined for a platform that is no Linux distribution. */
export function inspectorDistribution(platform: string | undefined): string | undefined {
  const match = /^([A-Z_]{3,40}?)(?:_LINUX)?_(\d[\d_]{0,12})$/.exec(platform ?? '');
  if (match === null || SYSTEM_TYPES.every(([start]) => platform?.startsWith(start) !== true))
    return undefined;
  return `${distributionName((match[1] as string).replaceAll('_', ' '))} ${(match[2] as string).replaceAll('_', '.')}`;
}
