import { parseInstant } from '#base/instant.ts';
import { asBoolean, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation, VectorClaim } from '#domain/finding/observation.ts';
import { isSystemPackage, placeOfPackage } from '#domain/package/package-name.ts';
import { inspectorDistribution, inspectorPackage } from '../reading/aws/inspector-package.ts';
import { ratingProvider } from '../reading/distribution.ts';
import { parsePackageUrl } from '../reading/package-url.ts';
import { findingBase, MOST_REFERENCES } from './event-finding.ts';
import { productOf } from './event-product.ts';
import type { EventResource } from './event-resource.ts';

const MOST_VULNERABILITIES = 500;
const MOST_PACKAGES = 200;

/** One finding per vulnerability, package and resource. A vulnerability that names no advisory is left out. */
export function mapVulnerabilities(
  event: JsonObject,
  vulnerabilities: readonly JsonObject[],
  resources: readonly EventResource[],
): readonly FindingObservation[] {
  const base = findingBase(event);
  const product = productOf(event);
  const platform = platformOf(event);
  return vulnerabilities.slice(0, MOST_VULNERABILITIES).flatMap((vulnerability) => {
    const id =
      asText(at(vulnerability, 'cve', 'uid')) ??
      asText(at(vulnerability, 'advisory', 'uid')) ??
      asText(at(vulnerability, 'cwe', 'uid'));
    if (id === undefined) return [];
    const packages = asObjects(vulnerability['affected_packages']);
    const listed = (packages.length > 0 ? packages : asObjects(vulnerability['packages'])).slice(
      0,
      MOST_PACKAGES,
    );
    const references = [
      ...asTexts(vulnerability['references']),
      ...asTexts(at(vulnerability, 'cve', 'references')),
      ...(base.references ?? []),
    ];
    return resources.flatMap(({ resource }) =>
      (listed.length === 0 ? [{}] : listed).map(
        (each): FindingObservation => ({
          ...base,
          title: base.title === '' ? id : base.title,
          subject: { is: 'advisory', id },
          vectors: vectorsOf(vulnerability, product),
          references: [...new Set(references)].slice(0, MOST_REFERENCES),
          publishedAt:
            parseInstant(at(vulnerability, 'cve', 'created_time_dt')) ??
            parseInstant(at(vulnerability, 'cve', 'created_time')) ??
            undefined,
          exploit: exploitOf(vulnerability, id, product),
          ...packageFacts(each, vulnerability, platform),
          resource,
        }),
      ),
    );
  });
}

function exploitOf(vulnerability: JsonObject, id: string, product: string): FindingObservation['exploit'] {
  if (vulnerability['is_exploit_available'] !== true) return undefined;
  return { kind: 'exploit_published', sentence: `${product} says that an exploit for ${id} is available.` };
}

function packageFacts(affected: JsonObject, vulnerability: JsonObject, platform: string | undefined) {
  const fixedIn = asText(affected['fixed_in_version']) ?? asText(vulnerability['fixed_in_version']);
  const isAvailable =
    asBoolean(vulnerability['is_fix_available']) ?? asBoolean(vulnerability['fix_available']);
  const release = asText(affected['release']);
  const version = asText(affected['version']);
  const facts = {
    fix:
      fixedIn ??
      asText(at(affected, 'remediation', 'desc')) ??
      asText(at(vulnerability, 'remediation', 'desc')),
    fixable: isAvailable ?? (fixedIn === undefined ? undefined : true),
    locations: [
      {
        path: asText(affected['path']),
        version: version === undefined || release === undefined ? version : `${version}-${release}`,
      },
    ],
  };
  const name = asText(affected['name']);
  const purl = parsePackageUrl(asText(affected['purl']));
  if (purl === null && name === undefined)
    return {
      ...facts,
      type: 'infrastructure_vulnerability',
      place: { is: 'none' },
      findingClass: 'os-packages',
    } as const;
  const found =
    purl === null
      ? inspectorPackage(name as string, asText(affected['package_manager']), platform, release !== undefined)
      : { ...purl, isSystem: isSystemPackage(purl.type) };
  return {
    ...facts,
    type: found.isSystem ? 'infrastructure_vulnerability' : 'library_vulnerability',
    place: placeOfPackage(found),
    distribution: found.isSystem ? inspectorDistribution(platform) : undefined,
    findingClass: found.isSystem ? 'os-packages' : 'libraries',
  } as const;
}

/** Security Hub keeps what OCSF has no field for under `unmapped`, by the name it has in ASFF. */
function platformOf(event: JsonObject): string | undefined {
  const unmapped = asObject(event['unmapped']);
  const key =
    unmapped === undefined
      ? undefined
      : Object.keys(unmapped).find((each) =>
          /resourceDetails\/aws[A-Za-z0-9]{3,40}Details\/platform$/.test(each),
        );
  return key === undefined ? undefined : asText(unmapped?.[key]);
}

function vectorsOf(vulnerability: JsonObject, product: string): readonly VectorClaim[] {
  const provider = ratingProvider(asText(vulnerability['vendor_name']) ?? product, undefined, product);
  const vectors = asObjects(at(vulnerability, 'cve', 'cvss')).flatMap(
    (cvss) => asText(cvss['vector_string']) ?? [],
  );
  return [...new Set(vectors)].slice(0, 10).map((vector) => ({ provider, vector, word: null }));
}
