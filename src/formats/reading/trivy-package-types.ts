import { distributionName } from '#domain/package/distribution-name.ts';
import { systemPackageType } from '../reading/distribution.ts';

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
  return systemPackageType(distributionName(resultType)) !== undefined;
}

/** The package URL type of the packages in a result of this type; a type never seen stands for itself. */
export function packageTypeOf(resultType: string): string {
  return (
    LANGUAGE_TYPES.get(resultType) ??
    systemPackageType(distributionName(resultType)) ??
    (resultType || 'generic')
  );
}
