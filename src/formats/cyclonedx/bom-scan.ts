import { parseInstant } from '#base/instant.ts';
import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { ImageDescription, ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Coverage, ScanDescription, ScopeDescription } from '#domain/scan/scan-description.ts';
import { artifactName } from '../reading/artifact-name.ts';
import { parsePackageUrl } from '../reading/package-url.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import { type BomSurvey, componentOf } from './bom-survey.ts';

/** A file's scan, and what its vulnerabilities are about. */
export interface BomScan {
  readonly description: ScanDescription;
  readonly resource: ResourceDescription;
  /** The reference of what the file as a whole is about. */
  readonly subjectRef: string | undefined;
}

const TOOL_LENGTH_MAX = 60;

/** Says what a file is about and what it covers (design: identity, scope). */
export function describeScan(survey: BomSurvey): BomScan {
  const { metadata } = survey;
  const tool = toolOf(metadata);
  const component = asObject(metadata['component']);
  const image = component === undefined ? null : imageOf(component);
  const name = component === undefined || image !== null ? null : nameOf(component);
  const scope: ScopeDescription = image === null ? { is: 'artifact', name } : { is: 'image', image };
  return {
    description: {
      tool: toolName(asText(tool?.['name'])),
      toolVersion: asText(tool?.['version']),
      time: parseInstant(metadata['timestamp']),
      scope,
      coverage: coverageOf(survey, image !== null || name !== null),
    },
    resource: image ?? { kind: 'artifact', name },
    subjectRef: asText(component?.['bom-ref']),
  };
}

/**
 * A file without vulnerabilities may be one that nobody scanned, VEX tells a part, and without a name
 * nobody knows of what the file is all: those close nothing but what carries its own end.
 */
function coverageOf(survey: BomSurvey, isNamed: boolean): Coverage {
  return isNamed && survey.vulnerabilities > 0 && !survey.isVex ? 'all' : 'none';
}

/** `metadata.tools`: a list, since 1.5 an object with components and services. */
function toolOf(metadata: JsonObject): JsonObject | undefined {
  const tools = metadata['tools'];
  const listed = Array.isArray(tools)
    ? tools
    : [...asArray(asObject(tools)?.['components']), ...asArray(asObject(tools)?.['services'])];
  return asObjects(listed).find((tool) => asText(tool['name']) !== undefined);
}

/** A tool's name in lower case, with dashes; the format's where none is told. */
function toolName(name: string | undefined): string {
  const clean = (name ?? '')
    .slice(0, TOOL_LENGTH_MAX)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return clean === '' ? 'cyclonedx' : clean;
}

function imageOf(component: JsonObject): ImageDescription | null {
  if (asText(component['type']) !== 'container') return null;
  const { name, version, purl: purlText } = componentOf(component);
  const purl = parsePackageUrl(purlText);
  const properties = asObjects(component['properties']);
  const all = (key: string) =>
    properties
      .filter((each) => asText(each['name']) === key)
      .map((each) => asText(each['value']))
      .filter((value) => value !== undefined);
  const repository = purl?.type === 'oci' ? purl.qualifiers.get('repository_url') : undefined;
  const digest = [purl?.type === 'oci' ? purl.version : undefined, version].find((text) =>
    text?.startsWith('sha256:'),
  );
  const trivyDigests = all('aquasecurity:trivy:RepoDigest');
  return scannedImage({
    names: [name === '' ? undefined : name],
    repoDigests:
      trivyDigests.length > 0 || repository === undefined || digest === undefined
        ? trivyDigests
        : [`${repository}@${digest}`],
    repoTags: all('aquasecurity:trivy:RepoTag'),
    imageId: all('aquasecurity:trivy:ImageID')[0],
    os: purl?.qualifiers.get('os') ?? (purl?.qualifiers.has('arch') === true ? 'linux' : undefined),
    architecture: purl?.qualifiers.get('arch'),
  });
}

/** A package URL without its version says it everywhere; else the name. */
function nameOf(component: JsonObject): string | null {
  const { name, purl: purlText } = componentOf(component);
  const purl = parsePackageUrl(purlText);
  if (purl === null) return artifactName(name);
  return `pkg:${purl.type}/${purl.namespace === '' ? '' : `${purl.namespace}/`}${purl.name}`;
}
