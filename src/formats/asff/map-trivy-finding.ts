import { asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import { placeOfPackage, splitPackageName } from '#domain/package/package-name.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import type { FindingBase, FoundResource } from './finding-base.ts';

/** A record of Trivy's ASFF template: a package's vulnerability, a misconfiguration, or a secret in a file. */
export function mapTrivyFinding(
  finding: JsonObject,
  base: FindingBase,
  found: readonly FoundResource[],
): { readonly observations: readonly Observation[] } | { readonly missing: string } {
  const check = asText(finding['GeneratorId'])?.replace(/^Trivy\/?/, '') ?? '';
  const observations = found.map((each): FindingObservation => {
    const other = asObject(at(each.raw, 'Details', 'Other')) ?? {};
    return asText(other['CVE ID']) === undefined
      ? inFile(base, check, other, each)
      : inPackage(base, other, each);
  });
  return { observations };
}

function inPackage(
  base: FindingBase,
  other: JsonObject,
  { resource, raw }: FoundResource,
): FindingObservation {
  const name = asText(other['PkgName']);
  const fixedIn = asText(other['Patched Package']);
  const asked = asText(at(raw, 'Details', 'Container', 'ImageName'));
  const target = asked === undefined ? null : splitTarget(asked);
  const vector = asText(other['NvdCvssVectorV3']) ?? asText(other['NvdCvssVectorV2']);
  return {
    ...base,
    // The template tells the distribution of an image's own packages and nothing of the others.
    type: target?.distribution === undefined ? 'library_vulnerability' : 'infrastructure_vulnerability',
    subject: { is: 'advisory', id: asText(other['CVE ID']) as string },
    resource: (target === null ? null : scannedImage({ names: [target.image] })) ?? resource,
    place:
      name === undefined
        ? { is: 'none' }
        : placeOfPackage(splitPackageName(packageType(target?.distribution), name)),
    title: asText(other['CVE Title']) ?? base.title,
    vectors: vector === undefined ? undefined : [{ provider: 'nvd', vector, word: null }],
    fix: fixedIn,
    fixable: fixedIn !== undefined,
    distribution: target?.distribution,
    locations: [{ version: asText(other['Installed Package']) }],
    findingClass: target?.distribution === undefined ? 'libraries' : 'os-packages',
  };
}

/** `alpine:3.10 (alpine 3.10.2)` is the image and its distribution. */
function splitTarget(target: string): { readonly image: string; readonly distribution: string | undefined } {
  const match = /^(.{1,1000}?) \(([a-z][\w.-]{1,30} [\w.]{1,20})\)$/.exec(target);
  return match === null
    ? { image: target, distribution: undefined }
    : { image: match[1] as string, distribution: match[2] };
}

function packageType(distribution: string | undefined): string {
  const family = distribution?.split(' ', 1)[0];
  if (family === undefined) return 'generic';
  if (family === 'alpine' || family === 'wolfi' || family === 'chainguard') return 'apk';
  return family === 'debian' || family === 'ubuntu' ? 'deb' : 'rpm';
}

function inFile(
  base: FindingBase,
  check: string,
  other: JsonObject,
  { raw }: FoundResource,
): FindingObservation {
  const path = asText(other['Filename']) ?? asText(raw['Id']) ?? '';
  const line = asNumber(other['StartLine']);
  // Secrets carry no id of their rule; their title ends in the rule's name.
  const isSecret = check === '';
  return {
    ...base,
    type: isSecret ? 'secret' : 'iac_misconfiguration',
    subject: {
      is: 'check',
      tool: 'trivy',
      check: isSecret ? base.title.slice(base.title.lastIndexOf(': ') + 1).trim() : check,
    },
    resource: { kind: 'repository', name: null },
    place: isSecret
      ? { is: 'secret', path, line }
      : { is: 'code', path, message: asText(other['Message']), line },
    locations: [{ path, line }],
    findingClass: isSecret ? 'secrets' : 'configuration',
  };
}
