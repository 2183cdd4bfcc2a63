import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import type { Place } from '#domain/finding/observation.ts';
import { isSystemPackage, placeOfPackage, splitPackageName } from '#domain/package/package-name.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { packageTypeOfFile } from '../reading/lock-files.ts';
import { type PackageUrl, parsePackageUrl } from '../reading/package-url.ts';
import { advisoryAtStart, type ResultNature } from '../reading/result-nature.ts';
import { labelledLines } from './labelled-lines.ts';
import type { ResultLocation } from './result-place.ts';
import type { Rule } from './sarif-rule.ts';

/** What a result says about a package with a known flaw. */
export interface PackageResult {
  readonly advisory: string;
  readonly aliases: readonly string[];
  readonly place: Place;
  readonly nature: Extract<ResultNature, 'os-package' | 'library'>;
  readonly version: string | undefined;
  readonly fixedIn: string | undefined;
  /** The scanner's own word, kept beside the vector. */
  readonly word: Severity | null;
}

type NamedPackage = Pick<PackageUrl, 'type' | 'namespace' | 'name' | 'version'>;

/**
 * SARIF has no field for a package: its name stands in a purl (`properties.purls`), in lines of the help
 * (Grype) or of the message (Trivy, whose rule has the help of one of its packages), or as the logical location (`lodash@4.17.15`).
 */
export function readPackageResult(
  result: JsonObject,
  check: string,
  rule: Rule | undefined,
  message: string | undefined,
  location: ResultLocation,
  nature: PackageResult['nature'],
): PackageResult {
  const lines = labelledLines(message, rule?.help);
  const named = namedPackage(result, rule, lines, location);
  const advisory = namedAdvisory(message, rule?.help) ?? advisoryAtStart(check) ?? check;
  const fixedIn = lines.get('fix version') ?? lines.get('fixed version');
  return {
    advisory,
    aliases: (rule?.aliases ?? []).filter((alias) => advisoryAtStart(alias) === alias),
    place: named === undefined ? { is: 'none' } : placeOfPackage(named),
    nature: named !== undefined && isSystemPackage(named.type) ? 'os-package' : nature,
    version: lines.get('installed version') ?? lines.get('version') ?? named?.version,
    fixedIn: fixedIn === '' ? undefined : fixedIn,
    word: severityOfWord(lines.get('severity')),
  };
}

/** Package types as Syft and Grype name them, where purl names them otherwise. */
const PURL_TYPES: ReadonlyMap<string, string> = new Map([
  ['python', 'pypi'],
  ['java-archive', 'maven'],
  ['jenkins-plugin', 'maven'],
  ['go-module', 'golang'],
  ['rust-crate', 'cargo'],
  ['php-composer', 'composer'],
  ['dotnet', 'nuget'],
  ['dart-pub', 'pub'],
  ['pod', 'cocoapods'],
  ['portage', 'ebuild'],
]);

function namedPackage(
  result: JsonObject,
  rule: Rule | undefined,
  lines: ReadonlyMap<string, string>,
  location: ResultLocation,
): NamedPackage | undefined {
  const purls = [
    ...asTexts(asObject(result['properties'])?.['purls']),
    ...(rule?.purls ?? []),
    location.logicalName ?? '',
  ];
  for (const purl of purls) {
    const parsed = parsePackageUrl(purl);
    if (parsed !== null) return parsed;
  }
  const name = lines.get('package');
  if (name !== undefined && name !== '')
    return { ...splitPackageName(packageType(lines.get('type'), location.path), name), version: undefined };
  const logical = /^((?:@[^@/\s]{1,200}\/)?[^@\s]{1,300})@([^@\s]{1,100})$/.exec(location.logicalName ?? '');
  return logical === null
    ? undefined
    : {
        ...splitPackageName(packageType(undefined, location.path), logical[1] as string),
        version: logical[2],
      };
}

function packageType(type: string | undefined, path: string): string {
  if (type !== undefined && type !== '') return PURL_TYPES.get(type) ?? type;
  return packageTypeOfFile(path) ?? 'generic';
}

/** `Vulnerability CVE-2024-1` is a line of both tools' texts. */
function namedAdvisory(...texts: readonly (string | undefined)[]): string | undefined {
  for (const text of texts) {
    const match = /^Vulnerability (\S{3,120})$/m.exec((text ?? '').slice(0, 2_000));
    const advisory = match === null ? undefined : advisoryAtStart(match[1] as string);
    if (advisory !== undefined) return advisory;
  }
  return undefined;
}
