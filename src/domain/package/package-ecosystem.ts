/** Ecosystems as OSV, GitHub, Semgrep and Snyk spell them, in lower case, by the type of package URLs. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['npm', 'npm'],
  ['yarn', 'npm'],
  ['pnpm', 'npm'],
  ['pypi', 'pypi'],
  ['pip', 'pypi'],
  ['poetry', 'pypi'],
  ['pipenv', 'pypi'],
  ['python', 'pypi'],
  ['go', 'golang'],
  ['gomod', 'golang'],
  ['gomodules', 'golang'],
  ['golangdep', 'golang'],
  ['govendor', 'golang'],
  ['golang', 'golang'],
  ['maven', 'maven'],
  ['gradle', 'maven'],
  ['sbt', 'maven'],
  ['packagist', 'composer'],
  ['composer', 'composer'],
  ['rubygems', 'gem'],
  ['gem', 'gem'],
  ['bundler', 'gem'],
  ['crates.io', 'cargo'],
  ['cargo', 'cargo'],
  ['rust', 'cargo'],
  ['nuget', 'nuget'],
  ['paket', 'nuget'],
  ['pub', 'pub'],
  ['hex', 'hex'],
  ['erlang', 'hex'],
  ['swift', 'swift'],
  ['swifturl', 'swift'],
  ['cocoapods', 'cocoapods'],
  ['conancenter', 'conan'],
  ['cran', 'cran'],
  ['hackage', 'hackage'],
  ['actions', 'github'],
  ['github actions', 'github'],
  ['githubactions', 'github'],
  ['deb', 'deb'],
  ['debian', 'deb'],
  ['ubuntu', 'deb'],
  ['apk', 'apk'],
  ['alpine', 'apk'],
  ['wolfi', 'apk'],
  ['chainguard', 'apk'],
  ['rpm', 'rpm'],
  ['centos', 'rpm'],
  ['rhel', 'rpm'],
  ['amzn', 'rpm'],
  ['oracle', 'rpm'],
  ['fedora', 'rpm'],
  ['sles', 'rpm'],
  ['opensuse', 'rpm'],
  ['suse', 'rpm'],
  ['red hat', 'rpm'],
  ['redhat', 'rpm'],
  ['rocky linux', 'rpm'],
  ['almalinux', 'rpm'],
  ['linux', 'generic'],
]);

const LENGTH_MAX = 60;

/**
 * How package URLs call the packages of an ecosystem (`Debian:11`, `crates.io`, `GO`), without its release; an ecosystem
 * never seen stands for itself in lower case, and a missing one is `generic`.
 */
export function packageTypeOfEcosystem(ecosystem: string | undefined): string {
  const name = (ecosystem ?? '').slice(0, LENGTH_MAX).split(':', 1)[0]?.trim().toLowerCase() ?? '';
  return TYPES.get(name) ?? (name.replace(/[^a-z0-9.+-]+/g, '-') || 'generic');
}
