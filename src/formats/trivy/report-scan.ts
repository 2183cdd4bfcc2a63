import { parseInstant } from '#base/instant.ts';
import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ReadContext } from '#domain/ports/report-format.ts';
import type { ImageDescription, ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Coverage, ScanDescription, ScopeDescription } from '#domain/scan/scan-description.ts';
import { artifactName } from '../reading/artifact-name.ts';
import type { Distribution } from '../reading/distribution.ts';
import { imageSource } from '../reading/image-source.ts';
import type { ReportOutline } from './report-outline.ts';
import { distributionOfMetadata, imageOfMetadata, imageOfTarget } from './trivy-image.ts';

/** A report's scan, and what its results are about. */
export interface ReportScan {
  readonly description: ScanDescription;
  /** What was scanned as a whole; the cluster for a cluster. */
  readonly resource: ResourceDescription;
  /** Null where the report as a whole tells none. */
  readonly distribution: Distribution | null;
  /** Name of the cluster, null where it has none; undefined where no cluster was scanned. */
  readonly cluster: string | null | undefined;
  /** What labels say of the image; null where they say nothing. */
  readonly builtFrom: ResourceObservation | null;
}

interface Subject {
  readonly scope: ScopeDescription;
  readonly coverage: Coverage;
  readonly resource: ResourceDescription;
  readonly cluster?: string | null;
}

const REPOSITORY_ADDRESS = /^(?:https?|git|ssh):\/\/|^git@/;

/** Says what a report is about and what it covers (design: identity, scope). */
export function describeScan(outline: ReportOutline, context: ReadContext): ReportScan {
  const { root } = outline;
  const metadata = asObject(root['Metadata']) ?? {};
  const { scope, coverage, resource, cluster } = subjectOf(outline, metadata, context);
  return {
    description: {
      tool: 'trivy',
      toolVersion: asText(at(root, 'Trivy', 'Version')),
      time: parseInstant(root['CreatedAt']),
      scope,
      coverage,
    },
    resource,
    distribution: distributionOfMetadata(metadata),
    cluster,
    builtFrom: imageSource(resource, asObject(at(metadata, 'ImageConfig', 'config', 'Labels'))),
  };
}

function subjectOf(outline: ReportOutline, metadata: JsonObject, context: ReadContext): Subject {
  const { root } = outline;
  if (outline.isCluster) {
    const cluster = context.cluster ?? asText(root['ClusterName']) ?? null;
    return {
      scope: { is: 'cluster', cluster },
      coverage: 'listed',
      resource: { kind: 'cluster', cluster },
      cluster,
    };
  }
  const image = scannedImageOf(outline, metadata);
  if (image !== null) return { scope: { is: 'image', image }, coverage: 'all', resource: image };
  const asked = asText(root['ArtifactName']);
  const repository =
    asText(metadata['RepoURL']) ??
    (asked !== undefined && REPOSITORY_ADDRESS.test(asked) ? asked : undefined);
  if (repository !== undefined) {
    const scope = { is: 'code', repository, branch: asText(metadata['Branch']) } as const;
    return { scope, coverage: 'all', resource: { kind: 'repository', name: repository } };
  }
  const name = artifactName(asked);
  return {
    scope: { is: 'artifact', name },
    coverage: name === null ? 'listed' : 'all',
    resource: { kind: 'artifact', name },
  };
}

/**
 * The image of a scan of one, also through its SBOM. Reports before schema 2 show it only in the
 * name of their first result.
 */
function scannedImageOf(
  { shape, root, firstResult }: ReportOutline,
  metadata: JsonObject,
): ImageDescription | null {
  const ofTarget = imageOfTarget(asText(firstResult['Target']) ?? '', asText(firstResult['Type']) ?? '');
  if (shape === 'list') return ofTarget;
  if (asText(root['ArtifactType']) === 'container_image') {
    const asked = asText(root['ArtifactName']);
    const described = imageOfMetadata(metadata, asked);
    if (asked === undefined && asTexts(metadata['RepoTags']).length === 0 && ofTarget !== null)
      return { ...described, ...ofTarget };
    return described ?? ofTarget ?? { kind: 'image', reference: '' };
  }
  const isNamed = asTexts(metadata['RepoTags']).length > 0 || asTexts(metadata['RepoDigests']).length > 0;
  return isNamed ? imageOfMetadata(metadata, undefined) : null;
}
