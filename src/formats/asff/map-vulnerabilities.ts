import { parseInstant } from '#base/instant.ts';
import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation, Location, VectorClaim } from '#domain/finding/observation.ts';
import { placeOfPackage } from '#domain/package/package-name.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { inspectorDistribution, inspectorPackage } from '../reading/aws/inspector-package.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { type FindingBase, type FoundResource, withReferences } from './finding-base.ts';

const MOST_PACKAGES = 200;

/** One finding per vulnerability, package and resource: a record of Inspector may list several of each. */
export function mapVulnerabilities(
  vulnerabilities: readonly JsonObject[],
  finding: JsonObject,
  base: FindingBase,
  found: readonly FoundResource[],
  product: string,
): readonly FindingObservation[] {
  const platform = platformOf(finding);
  return vulnerabilities.flatMap((vulnerability) => {
    const id = asText(vulnerability['Id']);
    if (id === undefined) return [];
    const packages = asObjects(vulnerability['VulnerablePackages']).slice(0, MOST_PACKAGES);
    const shared = {
      ...base,
      subject: { is: 'advisory', id, aliases: asTexts(vulnerability['RelatedVulnerabilities']).slice(0, 20) },
      vectors: vectorsOf(vulnerability, product),
      references: withReferences(
        base,
        [asText(at(vulnerability, 'Vendor', 'Url')), ...asTexts(vulnerability['ReferenceUrls'])].flatMap(
          (url) => url ?? [],
        ),
      ),
      publishedAt: parseInstant(at(vulnerability, 'Vendor', 'VendorCreatedAt')) ?? undefined,
      exploit: exploitOf(vulnerability, id, product),
    } as const;
    return found.flatMap(({ resource }) =>
      (packages.length === 0 ? [{}] : packages).map(
        (each): FindingObservation => ({
          ...shared,
          ...packageFacts(each, vulnerability, platform, resource),
          resource,
        }),
      ),
    );
  });
}

function exploitOf(vulnerability: JsonObject, id: string, product: string): FindingObservation['exploit'] {
  if (vulnerability['ExploitAvailable'] !== 'YES') return undefined;
  return { kind: 'exploit_published', sentence: `${product} says that an exploit for ${id} is available.` };
}

function packageFacts(
  vulnerable: JsonObject,
  vulnerability: JsonObject,
  platform: string | undefined,
  resource: ResourceDescription,
) {
  const name = asText(vulnerable['Name']);
  const fixedIn = asText(vulnerable['FixedInVersion']);
  const isFixed = fixedIn !== undefined && fixedIn !== 'NotAvailable';
  const available = asText(vulnerability['FixAvailable']);
  const locations = [
    { path: asText(vulnerable['FilePath']), version: versionOf(vulnerable), ...imageLocation(resource) },
  ];
  const facts = {
    fix: isFixed ? fixedIn : undefined,
    fixable:
      isFixed || available === 'YES' || available === 'PARTIAL'
        ? true
        : available === 'NO' || fixedIn !== undefined
          ? false
          : undefined,
    locations,
  };
  if (name === undefined)
    return {
      ...facts,
      type: 'infrastructure_vulnerability',
      place: { is: 'none' },
      findingClass: 'os-packages',
    } as const;
  const found = inspectorPackage(
    name,
    asText(vulnerable['PackageManager']),
    platform,
    asText(vulnerable['Release']) !== undefined,
  );
  return {
    ...facts,
    type: found.isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
    place: placeOfPackage(found),
    distribution: found.isSystem ? inspectorDistribution(platform) : undefined,
    findingClass: found.isSystem ? 'os-packages' : 'libraries',
  } as const;
}

function imageLocation(resource: ResourceDescription): Pick<Location, 'digest' | 'tag'> {
  if (resource.kind !== 'image') return {};
  const tag = resource.tags?.[0];
  return { digest: resource.digest, tag: tag?.slice(tag.lastIndexOf(':') + 1) };
}

function versionOf(vulnerable: JsonObject): string | undefined {
  const version = asText(vulnerable['Version']);
  const release = asText(vulnerable['Release']);
  const epoch = asText(vulnerable['Epoch']);
  if (version === undefined) return undefined;
  return `${epoch === undefined || epoch === '0' ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
}

const PLATFORM = /resourceDetails\/aws[A-Za-z0-9]{3,40}Details\/platform$/;

function platformOf(finding: JsonObject): string | undefined {
  const fields = at(finding, 'ProductFields');
  const key =
    typeof fields === 'object' && fields !== null
      ? Object.keys(fields).find((each) => PLATFORM.test(each))
      : undefined;
  return key === undefined ? undefined : asText(at(fields, key));
}

function vectorsOf(vulnerability: JsonObject, product: string): readonly VectorClaim[] {
  const claims = new Map<string, VectorClaim>();
  for (const cvss of asObjects(vulnerability['Cvss']).slice(0, 20)) {
    const vector = asText(cvss['BaseVector']);
    if (vector === undefined) continue;
    // A vector that was adjusted to the resource is no vector of the advisory.
    if (asObjects(cvss['Adjustments']).length > 0) continue;
    const provider = ratingProvider(asText(cvss['Source']) ?? product, undefined, product);
    claims.set(`${provider} ${vector}`, { provider, vector, word: null });
  }
  const word = severityOfWord(asText(at(vulnerability, 'Vendor', 'VendorSeverity')));
  if (word !== null) {
    const provider = ratingProvider(
      asText(at(vulnerability, 'Vendor', 'Name')) ?? product,
      undefined,
      product,
    );
    claims.set(`${provider} word`, { provider, vector: null, word });
  }
  return [...claims.values()];
}
