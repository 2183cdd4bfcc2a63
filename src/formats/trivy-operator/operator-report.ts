import { parseInstant } from '#base/instant.ts';
import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { CoverageObservation } from '#domain/finding/observation.ts';
import type { ReadContext } from '#domain/ports/report-format.ts';
import type { ImageDescription, KubernetesObjectDescription } from '#domain/resource/resource-description.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { type Distribution, distributionOf } from '../reading/distribution.ts';
import { apiGroupOfKind } from '../reading/kubernetes-kinds.ts';

/** What the entries of one report share. */
export interface OperatorReport {
  readonly scan: ScanDescription;
  /** Null where the report is about no image. */
  readonly image: ImageDescription | null;
  readonly object: KubernetesObjectDescription;
  readonly distribution: Distribution | null;
  /** Unit of coverage: the object in scans of a cluster, of an image what was looked for. */
  readonly cover: string;
  /** What it looked at, also where it found nothing. */
  readonly looked: readonly CoverageObservation[];
}

const LABEL = 'trivy-operator.resource.';

/** Images are the scope of their own reports; all else is about the cluster, object by object. */
export function describeReport(report: JsonObject, context: ReadContext): OperatorReport {
  const body = asObject(report.report) ?? {};
  const image = imageOf(body);
  const object = objectOf(report, context.cluster);
  // Flaws and secrets of one image stand in reports of their own: neither says anything of the other.
  const cover =
    image === null
      ? `${object.objectKind}/${object.namespace}/${object.name}`
      : Array.isArray(body.secrets)
        ? 'secrets'
        : 'vulnerabilities';
  return {
    scan: {
      tool: 'trivy',
      toolVersion: asText(at(body, 'scanner', 'version')),
      time: parseInstant(body.updateTimestamp),
      scope: image === null ? { is: 'cluster', cluster: context.cluster } : { is: 'image', image },
      coverage: 'listed',
    },
    image,
    object,
    distribution: distributionOf(asText(at(body, 'os', 'family')), asText(at(body, 'os', 'name'))),
    cover,
    looked:
      image === null
        ? [{ kind: 'coverage', cover, findingClass: 'configuration' }]
        : (Array.isArray(body.secrets) ? ['secrets'] : ['os-packages', 'libraries']).map((findingClass) => ({
            kind: 'coverage',
            cover,
            findingClass,
          })),
  };
}

function imageOf(body: JsonObject): ImageDescription | null {
  const repository = asText(at(body, 'artifact', 'repository'));
  if (repository === undefined) return null;
  const server = asText(at(body, 'registry', 'server'));
  const tag = asText(at(body, 'artifact', 'tag'));
  const digest = asText(at(body, 'artifact', 'digest'));
  return {
    kind: 'image',
    reference: `${server === undefined ? '' : `${server}/`}${repository}${tag === undefined ? '' : `:${tag}`}${digest?.startsWith('sha256:') === true ? `@${digest}` : ''}`,
    digest: digest?.startsWith('sha256:') === true ? digest : undefined,
    inRegistry: true,
  };
}

/** The object that was looked at: labels name it, and an annotation where its name is too long for one. */
function objectOf(report: JsonObject, cluster: string | null): KubernetesObjectDescription {
  const metadata = asObject(report.metadata) ?? {};
  const labelled = (name: string) =>
    asText(at(metadata, 'labels', LABEL + name)) ?? asText(at(metadata, 'annotations', LABEL + name));
  const objectKind = labelled('kind') ?? asText(report.kind) ?? '';
  return {
    kind: 'kubernetes',
    cluster,
    group: apiGroupOfKind(objectKind),
    objectKind,
    namespace: labelled('namespace') ?? asText(metadata.namespace) ?? '',
    name: labelled('name') ?? asText(metadata.name) ?? '',
  };
}
