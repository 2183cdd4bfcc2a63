import { asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import {
  asFacts,
  asLabels,
  type KubernetesFacts,
  type Labels,
  type ObjectFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';

/** One object of a cluster, its head read and its body still as it came. */
export interface KubernetesObject {
  readonly group: string;
  readonly objectKind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly body: JsonObject;
}

/** What a list says once for all of its items: the API server leaves both out of the items of a `PodList`. */
export interface ListHead {
  /** `PodList`, or `List` for what kubectl puts together. */
  readonly kind: string;
  readonly apiVersion: string;
}

/** The object, or the member that it lacks. */
export function readObject(
  value: JsonObject,
  list: ListHead | undefined,
): KubernetesObject | { readonly lacks: 'kind' | 'metadata.name' } {
  const objectKind = asText(value.kind) ?? (list === undefined ? '' : list.kind.slice(0, -'List'.length));
  if (objectKind === '') return { lacks: 'kind' };
  const name = asText(at(value, 'metadata', 'name'));
  if (name === undefined) return { lacks: 'metadata.name' };
  return {
    group: groupOf(asText(value.apiVersion) ?? list?.apiVersion ?? ''),
    objectKind,
    namespace: asText(at(value, 'metadata', 'namespace')) ?? '',
    name,
    labels: asLabels(at(value, 'metadata', 'labels')),
    annotations: asLabels(at(value, 'metadata', 'annotations')),
    body: value,
  };
}

/** The group of an API version: `apps/v1` is of `apps`, `v1` of the core group, which has no name. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function describe(
  object: Pick<KubernetesObject, 'group' | 'objectKind' | 'namespace' | 'name'>,
  cluster: string | null,
): KubernetesObjectDescription {
  return {
    kind: 'kubernetes',
    cluster,
    group: object.group,
    objectKind: object.objectKind,
    namespace: object.namespace,
    name: object.name,
  };
}

/** Annotations that say whose a thing is; they count as tags where no label has the key. */
const TELLING_ANNOTATIONS = ['meta.helm.sh/release-name', 'owner', 'team', 'contact'];

export function observe(
  object: KubernetesObject,
  cluster: string | null,
  type: string,
  facts: KubernetesFacts,
): ResourceObservation {
  return {
    kind: 'resource',
    resource: describe(object, cluster),
    type,
    name: object.name,
    tags: { ...picked(object.annotations, TELLING_ANNOTATIONS), ...object.labels },
    facts: asFacts(facts),
  };
}

/** What the facts of every kind begin with. */
export function identityFacts({
  objectKind,
  namespace,
  name,
}: Pick<KubernetesObject, 'objectKind' | 'namespace' | 'name'>): ObjectFacts {
  return { objectKind, namespace, name };
}

/** The members of a map that are in the list. */
export function picked(from: Labels, keys: readonly string[]): Labels {
  const found: Record<string, string> = {};
  for (const key of keys) {
    const text = Object.hasOwn(from, key) ? from[key] : undefined;
    if (text !== undefined) found[key] = text;
  }
  return found;
}

/** IP addresses and host names of a `status.loadBalancer`. */
export function loadBalancerAddresses(body: JsonObject): readonly string[] {
  const entries = at(body, 'status', 'loadBalancer', 'ingress');
  return Array.isArray(entries)
    ? entries.flatMap((each) => asTexts(at(each, 'ip') ?? at(each, 'hostname')))
    : [];
}

/** `HTTPRoute` as this product spells types: `http-route`. */
export function typeOfKind(objectKind: string): string {
  return objectKind
    .slice(0, 100)
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
