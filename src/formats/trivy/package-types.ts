/** Distributions that Trivy knows, by the type of their packages as package URLs name it. */
const SYSTEM_TYPES: ReadonlyMap<string, string> = new Map([
  ...['debian', 'ubuntu', 'echo', 'activestate'].map((family) => [family, 'deb'] as const),
  ...['alpine', 'wolfi', 'chainguard', 'minimos', 'alpaquita', 'bellsoft-hardened'].map((family) => [family, 'apk'] as const),
  ...['alma', 'amazon', 'azurelinux', 'bottlerocket', 'cbl-mariner', 'centos', 'coreos', 'fedora', 'openEuler', 'oracle', 'photon', 'redhat', 'rocky'].map((family) => [family, 'rpm'] as const),
  ...['opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'opensuse.leap', 'opensuse.tumbleweed', 'slem', 'sles', 'suse linux enterprise server', 'suse linux enterprise micro'].map((family) => [family, 'rpm'] as const),
]);

/** Lock files and package managers of languages, by the type of package URLs. */
const LANGUAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['bun', 'npm'],
  ['javascript', 'npm'],
  ['node-pkg', 'npm'],
  ['npm', 'npm'],
  ['pnpm', 'npm'],
  ['yarn', 'npm'],
  ['pip', 'pypi'],
  ['pipenv', 'pypi'],
  ['poetry', 'pypi'],
  ['pylock', 'pypi'],
  ['python-pkg', 'pypi'],
  ['uv', 'pypi'],
  ['conda-environment', 'conda'],
  ['conda-pkg', 'conda'],
  ['bundler', 'gem'],
  ['gemspec', 'gem'],
  ['cargo', 'cargo'],
  ['rustbinary', 'cargo'],
  ['composer', 'composer'],
  ['composer-vendor', 'composer'],
  ['gradle', 'maven'],
  ['jar', 'maven'],
  ['pom', 'maven'],
  ['sbt', 'maven'],
  ['gobinary', 'golang'],
  ['gomod', 'golang'],
  ['dotnet-core', 'nuget'],
  ['nuget', 'nuget'],
  ['nuget-config', 'nuget'],
  ['packages-props', 'nuget'],
  ['cocoapods', 'cocoapods'],
  ['conan', 'conan'],
  ['hex', 'hex'],
  ['julia', 'julia'],
  ['kubernetes', 'k8s'],
  ['pub', 'pub'],
  ['swift', 'swift'],
]);

/** True where the type of a result is a distribution. */
export function isSystemType(resultType: string): boolean {
  return SYSTEM_TYPES.has(resultType);
}

/** The package URL type of the packages in a result of this type; a type never seen stands for itself. */
export function packageTypeOf(resultType: string): string {
  return SYSTEM_TYPES.get(resultType) ?? LANGUAGE_TYPES.get(resultType) ?? (resultType || 'generic');
}
