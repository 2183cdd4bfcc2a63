import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type {
  KubernetesObjectDescription,
  ResourceDescription,
} from '#domain/resource/resource-description.ts';
import type { Distribution } from '../reading/distribution.ts';
import { kubernetesObject } from './kubernetes-object.ts';
import type { ReportScan } from './report-scan.ts';
import {
  distributionOfMetadata,
  distributionOfTarget,
  imageOfMetadata,
  imageOfTarget,
} from './trivy-image.ts';

/** What all entries of one result share. */
export interface ResultContext {
  /** Empty when the result names none. */
  readonly target: string;
  /** `os-pkgs`, `lang-pkgs`, `config`, `secret`; empty in reports before schema 2. */
  readonly resultClass: string;
  readonly resultType: string;
  /** What was scanned: the image, the files, the object of the cluster. */
  readonly resource: ResourceDescription;
  /** The object of the cluster that the result is about; null outside of clusters. */
  readonly kubernetes: KubernetesObjectDescription | null;
  /** Null where none is told. */
  readonly distribution: Distribution | null;
  /** Unit of coverage; undefined where the scan covers all of its scope. */
  readonly cover: string | undefined;
}

/** Describes a result of a report about one artifact. */
export function contextOfResult(result: JsonObject, scan: ReportScan): ResultContext {
  const kind = kindOf(result);
  return {
    ...kind,
    distribution: scan.distribution ?? distributionOfTarget(kind.target),
    resource: scan.resource,
    kubernetes: null,
    cover:
      scan.description.coverage === 'listed' ? `${kind.target} ${scannerOf(kind.resultClass)}` : undefined,
  };
}

/**
 * Describes a result of one object of a cluster. What was found in an image belongs to the image
 * where the report tells which of the object's images that is, else to the object.
 */
export function contextOfClusterResult(
  result: JsonObject,
  object: JsonObject,
  cluster: string | null,
): ResultContext {
  const kind = kindOf(result);
  const kubernetes = kubernetesObject(object, cluster);
  const [metadata, another] = imageMetadataOf(object);
  const only = another === undefined ? metadata : undefined;
  const image =
    only === undefined ? imageOfTarget(kind.target, kind.resultType) : imageOfMetadata(only, undefined);
  return {
    ...kind,
    distribution: distributionOfTarget(kind.target) ?? distributionOfMetadata(only),
    resource: image ?? kubernetes,
    kubernetes,
    cover: `${kubernetes.objectKind} ${kubernetes.namespace} ${scannerOf(kind.resultClass)}`,
  };
}

/** Which of Trivy's scanners wrote a result. One that did not run has looked at nothing, though others list the same file. */
function scannerOf(resultClass: string): string {
  switch (resultClass) {
    case 'config':
      return 'configuration';
    case 'secret':
      return 'secrets';
    default:
      return 'vulnerabilities';
  }
}

function kindOf(result: JsonObject): Pick<ResultContext, 'target' | 'resultClass' | 'resultType'> {
  return {
    target: asText(result['Target']) ?? '',
    resultClass: asText(result['Class']) ?? '',
    resultType: asText(result['Type']) ?? '',
  };
}

/** One object in older reports, one per image in newer ones; of a thing that has no image it is hollow. */
function imageMetadataOf(object: JsonObject): readonly JsonObject[] {
  const one = asObject(object['Metadata']);
  const all = one === undefined ? asObjects(object['Metadata']) : [one];
  return all.filter((each) => asText(each['ImageID']) !== undefined);
}
