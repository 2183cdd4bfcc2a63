/** Which kind of packages a lock file lists. */
const LOCK_FILES: readonly (readonly [ending: string, purlType: string])[] = [
  ['package-lock.json', 'npm'],
  ['yarn.lock', 'npm'],
  ['pnpm-lock.yaml', 'npm'],
  ['package.json', 'npm'],
  ['poetry.lock', 'pypi'],
  ['pipfile.lock', 'pypi'],
  ['uv.lock', 'pypi'],
  ['requirements.txt', 'pypi'],
  ['go.mod', 'golang'],
  ['go.sum', 'golang'],
  ['gemfile.lock', 'gem'],
  ['composer.lock', 'composer'],
  ['cargo.lock', 'cargo'],
  ['pom.xml', 'maven'],
  ['gradle.lockfile', 'maven'],
  ['.jar', 'maven'],
  ['.war', 'maven'],
  ['packages.lock.json', 'nuget'],
  ['.deps.json', 'nuget'],
  ['pubspec.lock', 'pub'],
  ['mix.lock', 'hex'],
  ['podfile.lock', 'cocoapods'],
];

/** How package URLs call the packages that a lock file or manifest lists, by its name; undefined for a file never seen. */
export function packageTypeOfFile(path: string): string | undefined {
  const file = path.toLowerCase();
  return LOCK_FILES.find(([ending]) => file.endsWith(ending))?.[1];
}
