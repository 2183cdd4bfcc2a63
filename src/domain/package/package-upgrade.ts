import { compareVersions } from './compare-versions.ts';
import { upgradeCommands } from './upgrade-commands.ts';

/** An open finding of a package, as its scanners show it. */
export interface VulnerablePackage {
  /** Type and name, as places of findings spell them: `maven/org.apache.logging.log4j/log4j-core`. */
  readonly place: string;
  readonly sightings: readonly {
    /** What the scanner says mends it: a version, or several, one for each line of releases. */
    readonly fix: string | null;
    readonly locations: readonly {
      readonly version?: string | undefined;
      readonly path?: string | undefined;
    }[];
  }[];
}

/** One installed version of a package, and the nearest one that mends it. */
interface UpgradeStep {
  /** Null where no scanner says it. */
  readonly from: string | null;
  /** Null where no fixed version is known, or none of those told is above. */
  readonly to: string | null;
  /** Findings that it mends. */
  readonly findings: number;
  /** Files in which it was seen, each once, at most ten. */
  readonly files: readonly string[];
}

/** What to do about one package. */
export interface PackageUpgrade {
  /** As its ecosystem spells it: `org.apache.logging.log4j:log4j-core`, `@scope/name`. */
  readonly name: string;
  /** The type of a package URL: `npm`, `deb`. */
  readonly ecosystem: string;
  /** By installed version, most findings first. */
  readonly steps: readonly UpgradeStep[];
  /** The version that mends all of them; null where it is not known or versions can't be compared. */
  readonly to: string | null;
  /** Lines to copy, the upgrade first, then what tells who brings the package in; empty where nobody knows them. */
  readonly commands: readonly string[];
}

const FILES_MAX = 10;

/** The upgrades that mend these findings, by package, most findings first. */
export function packageUpgrades(packages: readonly VulnerablePackage[]): readonly PackageUpgrade[] {
  const byPlace = Map.groupBy(
    packages.filter(({ place }) => /^[^/]+\/./.test(place)),
    ({ place }) => place,
  );
  return [...byPlace]
    .sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
    .map(([place, each]) => upgradeOf(place, each));
}

function upgradeOf(place: string, packages: readonly VulnerablePackage[]): PackageUpgrade {
  const cut = place.indexOf('/');
  const ecosystem = place.slice(0, cut);
  const spelled = place.slice(cut + 1);
  const name = ecosystem === 'maven' ? spelled.replace(/\/([^/]*)$/, ':$1') : spelled;
  const seen = packages.flatMap((finding) => stepsOf(ecosystem, finding));
  const steps = [...Map.groupBy(seen, ({ from, to }) => JSON.stringify([from, to])).values()]
    .map((each): UpgradeStep => {
      const [{ from, to }] = each as [(typeof each)[number]];
      const files = [...new Set(each.flatMap((step) => step.files))].sort().slice(0, FILES_MAX);
      return { from, to, findings: new Set(each.map(({ finding }) => finding)).size, files };
    })
    .sort((a, b) => b.findings - a.findings || ((a.from ?? '') < (b.from ?? '') ? -1 : 1));
  const to = highest(
    ecosystem,
    steps.map((step) => step.to),
  );
  return { name, ecosystem, steps, to, commands: upgradeCommands(ecosystem, name, to) };
}

function stepsOf(ecosystem: string, finding: VulnerablePackage) {
  const seen = finding.sightings.flatMap(({ fix, locations }) =>
    (locations.length === 0 ? [{}] : locations).map(
      ({ version, path }: { readonly version?: string | undefined; readonly path?: string | undefined }) => ({
        finding,
        from: version ?? null,
        to: nearest(ecosystem, version ?? null, fix),
        files: path === undefined || path === '' ? [] : [path],
      }),
    ),
  );
  // Of several scanners that see the same version, one that knows a fix speaks for all.
  return seen.filter(
    ({ from, to }) => to !== null || seen.every((other) => other.from !== from || other.to === null),
  );
}

/** The lowest of the told versions that is above the installed one; a single one that can't be compared is taken at its word. */
function nearest(ecosystem: string, from: string | null, told: string | null): string | null {
  const versions = (told ?? '')
    .split(/\s*(?:,|\||\bor\b)\s*/)
    .filter((version) => /^(?=.*\d)[\w.+:~^-]{1,60}$/.test(version));
  if (versions.length <= 1) return versions[0] ?? null;
  if (from === null) return null;
  const above = versions.filter((version) => (compareVersions(ecosystem, version, from) ?? 0) > 0);
  return above.reduce<string | null>(
    (best, each) => (best === null || (compareVersions(ecosystem, each, best) ?? 0) < 0 ? each : best),
    null,
  );
}

function highest(ecosystem: string, versions: readonly (string | null)[]): string | null {
  const [first = null, ...rest] = [...new Set(versions)];
  return rest.reduce<string | null>((best, each) => {
    if (best === null || each === null) return null;
    const order = compareVersions(ecosystem, best, each);
    return order === null ? null : order < 0 ? each : best;
  }, first);
}
