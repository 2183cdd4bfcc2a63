import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  OPEN,
  type Subject,
  type VectorClaim,
} from '#domain/finding/observation.ts';
import { isSystemPackage, placeOfPackage, splitPackageName } from '#domain/package/package-name.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { type PackageUrl, parsePackageUrl } from '../reading/package-url.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import type { MatchContext } from './grype-scan.ts';

const REFERENCES_MAX = 5;
const LOCATIONS_MAX = 3;
/** Ids that name one vulnerability; others are bulletins, which may name several. */
const ONE_VULNERABILITY = /^(?:CVE|GHSA|GO|PYSEC|RUSTSEC|OSV|MAL|TEMP|BIT)-/i;

/** Grype's kinds of packages, as package URLs name them. */
const PACKAGE_TYPES: ReadonlyMap<string, string> = new Map([
  ['dotnet', 'nuget'],
  ['go-module', 'golang'],
  ['java-archive', 'maven'],
  ['jenkins-plugin', 'maven'],
  ['php-composer', 'composer'],
  ['portage', 'ebuild'],
  ['python', 'pypi'],
  ['rust-crate', 'cargo'],
  ['binary', 'generic'],
]);

/**
 * The findings of a match: one, or one for each CVE where the match is of a bulletin; a sentence
 * where it lacks what it needs to be a finding.
 */
export function mapMatch(match: JsonObject, scan: MatchContext): readonly FindingObservation[] | string {
  const vulnerability = asObject(match['vulnerability']);
  const artifact = asObject(match['artifact']);
  const id = asText(vulnerability?.['id']);
  const name = asText(artifact?.['name']);
  if (vulnerability === undefined || id === undefined) return 'a text in vulnerability.id was expected';
  if (artifact === undefined || name === undefined) return 'a text in artifact.name was expected';
  const related = asObjects(match['relatedVulnerabilities']);
  const kind = asText(artifact['type']) ?? 'generic';
  const purl: Pick<PackageUrl, 'type' | 'namespace' | 'name'> =
    parsePackageUrl(asText(artifact['purl'])) ?? splitPackageName(PACKAGE_TYPES.get(kind) ?? kind, name);
  const isSystem = belongsToSystem(purl.type, artifact);
  const paths = asObjects(artifact['locations'])
    .slice(0, LOCATIONS_MAX)
    .map((location) => asText(location['path']));
  const version = asText(artifact['version']);
  const fixedVersions = fixedVersionsOf(vulnerability);
  const distribution = isSystemPackage(purl.type) ? scan.distribution : null;
  return subjectsOf(id, related).map((subject) => ({
    kind: 'finding',
    type: isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
    subject,
    resource: scan.resource,
    place: placeOfPackage(purl),
    state: OPEN,
    title: `${subject.id} in ${name}`,
    severity: severityOfWord(asText(vulnerability['severity'])),
    vectors: vectorsOf(
      [vulnerability, ...related.filter((each) => isAbout(each, subject))],
      distribution?.name,
    ),
    description: [vulnerability, ...related]
      .map((text) => asText(text['description']))
      .find((text) => text !== undefined),
    fix: fixedVersions.length === 0 ? undefined : fixedVersions.join(', '),
    fixable: fixedVersions.length > 0,
    references: referencesOf(vulnerability),
    locations: paths.length === 0 ? [{ version }] : paths.map((path) => ({ version, path })),
    distribution: distribution?.release,
    exploit: exploitOf(vulnerability),
    cover: scan.isListed ? (paths[0] ?? name) : undefined,
    findingClass: isSystem ? 'os-packages' : 'libraries',
  }));
}

/** What no language's package manager installed is part of the system: its packages, and programs found as files. */
function belongsToSystem(purlType: string, artifact: JsonObject): boolean {
  if (isSystemPackage(purlType)) return true;
  return (
    (purlType === 'generic' || purlType === 'linux-kernel' || purlType === 'msrc-kb') &&
    asText(artifact['language']) === undefined
  );
}

type Advisory = Extract<Subject, { is: 'advisory' }>;

function subjectsOf(id: string, related: readonly JsonObject[]): readonly Advisory[] {
  const others = [...new Set(related.map((each) => asText(each['id'])))].filter(
    (each) => each !== undefined && each !== id,
  ) as string[];
  if (ONE_VULNERABILITY.test(id))
    return [{ is: 'advisory', id, ...(others.length > 0 && { aliases: others }) }];
  const cves = others.filter((other) => /^CVE-/i.test(other));
  if (cves.length === 0) return [{ is: 'advisory', id }];
  return cves.map((cve) => ({ is: 'advisory', id: cve, bulletins: [id] }));
}

/** True for the record of this advisory under any of its names; of several aliases none can be told to be it. */
function isAbout(record: JsonObject, advisory: Advisory): boolean {
  const id = asText(record['id']);
  return id === advisory.id || (advisory.aliases?.length === 1 && advisory.aliases[0] === id);
}

/** The record's own rating and those of the records that Grype relates to it, each by the database that it stands in. */
function vectorsOf(records: readonly JsonObject[], distribution: string | undefined): readonly VectorClaim[] {
  const claims: VectorClaim[] = [];
  const seen = new Set<string>();
  for (const record of records) {
    const namespace = asText(record['namespace']);
    const database =
      namespace === undefined
        ? scannerProvider('grype')
        : ratingProvider(namespace.split(':', 1)[0] ?? '', distribution, 'grype');
    const word = severityOfWord(asText(record['severity']));
    const before = claims.length;
    for (const rating of ratingsOf(record)) {
      const vector = asText(rating['vector']);
      const provider = providerOf(database, rating);
      if (vector === undefined || seen.has(`${provider} ${vector}`)) continue;
      seen.add(`${provider} ${vector}`);
      // Before version 0.9 no database is named: the word for a system's package is its distribution's, the vector is not.
      claims.push({
        provider,
        vector,
        word: namespace === undefined && distribution !== undefined ? null : word,
      });
    }
    if (namespace === undefined && distribution !== undefined && word !== null) {
      claims.push({ provider: `distribution:${distribution}`, vector: null, word });
    }
    if (
      claims.length === before &&
      word !== null &&
      distribution !== undefined &&
      database === `distribution:${distribution}`
    ) {
      claims.push({ provider: database, vector: null, word });
    }
  }
  return claims;
}

/** `cvss`; before version 0.9 `cvssV2` and `cvssV3`. */
function ratingsOf(record: JsonObject): readonly JsonObject[] {
  const old = [asObject(record['cvssV3']), asObject(record['cvssV2'])].filter(
    (rating) => rating !== undefined,
  );
  return [...asObjects(record['cvss']), ...old];
}

/** NVD repeats the ratings of those who assigned the id; they are marked by their source. */
function providerOf(database: string, rating: JsonObject): string {
  const source = asText(rating['source']);
  return database === 'nvd' && source !== undefined && source !== 'nvd@nist.gov' ? 'cna' : database;
}

function fixedVersionsOf(vulnerability: JsonObject): readonly string[] {
  const versions = asTexts(at(vulnerability, 'fix', 'versions'));
  return versions.length > 0 ? versions.slice(0, 10) : asTexts(vulnerability['fixedInVersion']);
}

function referencesOf(vulnerability: JsonObject): readonly string[] {
  const own = asTexts(vulnerability['dataSource']);
  const others = [
    ...asTexts(vulnerability['urls']).slice(0, REFERENCES_MAX),
    ...asTexts(vulnerability['links']).slice(0, REFERENCES_MAX),
  ];
  return [...new Set([...own, ...others])].slice(0, REFERENCES_MAX);
}

function exploitOf(vulnerability: JsonObject): FindingObservation['exploit'] {
  const [entry] = asObjects(vulnerability['knownExploited']);
  if (entry === undefined) return undefined;
  const since = asText(entry['dateAdded'])?.slice(0, 10);
  return {
    kind: 'known_exploited',
    sentence: `Grype says that CISA lists it as exploited${since === undefined ? '' : ` since ${since}`}.`,
  };
}
