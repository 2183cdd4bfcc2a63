import { asText, type JsonObject } from '#base/json-value.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';
import { apiGroupOfKind } from '../reading/kubernetes-kinds.ts';

/** The object that an entry of `Resources` is about. Trivy names its kind and not its API group. */
export function kubernetesObject(resource: JsonObject, cluster: string | null): KubernetesObjectDescription {
  const objectKind = asText(resource['Kind']) ?? '';
  return {
    kind: 'kubernetes',
    cluster,
    group: apiGroupOfKind(objectKind),
    objectKind,
    namespace: asText(resource['Namespace']) ?? '',
    name: asText(resource['Name']) ?? '',
  };
}
