/** `version` null: to the newest that there is. */
type Upgrade = (name: string, version: string | null) => readonly (string | false)[];

const OF_TYPE: Readonly<Record<string, Upgrade>> = {
  npm: (name, version) => [`npm install ${name}@${version ?? 'latest'}`, `npm ls ${name}`],
  pypi: (name, version) => [`pip install --upgrade "${name}${version === null ? '' : `>=${version}`}"`],
  maven: (name, version) => [
    version !== null &&
      `mvn versions:use-dep-version -Dincludes=${name} -DdepVersion=${version} -DforceVersion=true`,
    `mvn dependency:tree -Dincludes=${name}`,
  ],
  golang: (name, version) =>
    name === 'stdlib'
      ? [`go get go@${version ?? 'latest'}`]
      : [
          `go get ${name}@${version === null ? 'latest' : version.replace(/^v?/, 'v')} && go mod tidy`,
          `go mod why -m ${name}`,
        ],
  cargo: (name, version) => [
    `cargo update --package ${name}${version === null ? '' : ` --precise ${version}`}`,
    `cargo tree --invert ${name}`,
  ],
  gem: (name) => [`bundle update --conservative ${name}`],
  composer: (name, version) => [
    version === null ? `composer update ${name}` : `composer require "${name}:^${version.replace(/^v/, '')}"`,
    `composer why ${name}`,
  ],
  nuget: (name, version) => [
    `dotnet add package ${name}${version === null ? '' : ` --version ${version}`}`,
    `dotnet nuget why ${name}`,
  ],
  hex: (name) => [`mix deps.update ${name}`],
  pub: (name) => [`dart pub upgrade ${name}`],
  deb: (name) => [`apt-get update && apt-get install --only-upgrade ${name}`],
  rpm: (name) => [`dnf upgrade ${name}`],
  apk: (name) => [`apk add --upgrade ${name}`],
  alpm: (name) => [`pacman -Syu ${name}`],
};

/** What a shell takes as one plain word. Names and versions come from reports: nobody is handed a line to paste that does more. */
const PLAIN = /^[@A-Za-z0-9][\w@./:+~-]{0,199}$/;

/**
 * Lines to copy that bring a package to a version, then what tells who brings it in. `name` as its ecosystem spells it.
 * Empty for types of packages without a command, and for names or versions that a shell would read otherwise.
 */
export function upgradeCommands(type: string, name: string, version: string | null): readonly string[] {
  const upgrade = Object.hasOwn(OF_TYPE, type) ? OF_TYPE[type] : undefined;
  if (upgrade === undefined || !PLAIN.test(name) || (version !== null && !PLAIN.test(version))) return [];
  return upgrade(name, version).filter((line) => line !== false);
}
