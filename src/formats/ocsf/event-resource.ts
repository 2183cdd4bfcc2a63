import { asObject, asObjects, asText, asTexts, at, type JsonObject, parseJson } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { kubernetesKind } from '../reading/prowler-kubernetes-kind.ts';
import { providerOf } from './event-product.ts';

/** A resource of an event: described, and as it stands there. */
export interface EventResource {
  readonly resource: ResourceDescription;
  readonly raw: JsonObject;
  /** Account, subscription or project; the cluster for Kubernetes. */
  readonly account: string | undefined;
  /** The namespace for Kubernetes. */
  readonly region: string | undefined;
}

const MOST_RESOURCES = 64;

/** The resources of an event; of before OCSF 1.2 there is one, under `resource`. */
export function resourcesOf(event: JsonObject): readonly EventResource[] {
  const listed = asObjects(event['resources']);
  const one = asObject(event['resource']);
  const raws = listed.length > 0 || one === undefined ? listed : [one];
  return raws.slice(0, MOST_RESOURCES).flatMap((raw) => describe(raw, event) ?? []);
}

function describe(raw: JsonObject, event: JsonObject): EventResource | undefined {
  const provider = providerOf(event);
  const id = asText(raw['uid']) ?? asText(raw['name']);
  const account =
    asText(at(event, 'cloud', 'account', 'uid')) ??
    asText(at(event, 'cloud', 'account_uid')) ??
    asText(at(raw, 'account_uid'));
  const region = asText(raw['region']) ?? asText(at(event, 'cloud', 'region'));
  if (provider === 'kubernetes') return describeInCluster(raw, event);
  if (id === undefined) return undefined;
  const type = asText(raw['type']);
  const name = asText(raw['name']);
  if (provider === 'aws' || id.startsWith('arn:aws')) {
    return {
      resource: describeNamedResource({
        id,
        type,
        name,
        account,
        region,
        imageTags: asTexts(at(detailsOf(raw), 'AwsEcrContainerImage', 'ImageTags')),
      }),
      raw,
      account,
      region,
    };
  }
  return { resource: describeCloudObject(id, type, name, provider, account, region), raw, account, region };
}

function describeInCluster(raw: JsonObject, event: JsonObject): EventResource | undefined {
  const name = asText(raw['name']) ?? asText(raw['uid']);
  if (name === undefined) return undefined;
  const cluster = clusterOf(event);
  const namespace = asText(raw['namespace']) ?? asText(raw['region'])?.replace(/^namespace: /, '') ?? '';
  const { objectKind, group, isNamespaced } = kubernetesKind(asText(raw['type']));
  return {
    resource: {
      kind: 'kubernetes',
      cluster,
      group,
      objectKind,
      namespace: isNamespaced ? namespace : '',
      name,
    },
    raw,
    account: cluster ?? undefined,
    region: namespace,
  };
}

/** The cluster that an event is about, as far as it names one. */
export function clusterOf(event: JsonObject): string | null {
  return (
    asText(at(event, 'unmapped', 'provider_uid')) ?? asText(at(event, 'cloud', 'account', 'uid')) ?? null
  );
}

/** Security Hub's events carry the details of a resource as JSON in a text. */
export function detailsOf(raw: JsonObject): JsonObject {
  const data = raw['data'];
  if (typeof data !== 'string') return asObject(data) ?? {};
  try {
    return asObject(parseJson(data)) ?? {};
  } catch {
    return {};
  }
}

const MOST_TAGS = 100;

/** The tags of a resource, which tell environment, service and team. */
export function tagsOf({ resource, raw, account, region }: EventResource): readonly ResourceObservation[] {
  if (resource.kind !== 'cloud' && resource.kind !== 'kubernetes') return [];
  const pairs: [string, string][] = [];
  for (const label of [...asTexts(raw['labels']), ...asTexts(raw['tags'])]) {
    const cut = label.search(/[=:]/);
    if (cut > 0) pairs.push([label.slice(0, cut), label.slice(cut + 1)]);
  }
  for (const tag of asObjects(raw['tags'])) {
    const name = asText(tag['name']) ?? asText(tag['Key']) ?? asText(tag['key']);
    if (name !== undefined) pairs.push([name, asText(tag['value']) ?? asText(tag['Value']) ?? '']);
  }
  if (pairs.length === 0) return [];
  const tags = Object.fromEntries(pairs.slice(0, MOST_TAGS));
  const type = resource.kind === 'cloud' ? (resource.type ?? 'Other') : resource.objectKind;
  return [
    {
      kind: 'resource',
      resource,
      type,
      name: asText(raw['name']) ?? resource.name ?? '',
      account: resource.kind === 'cloud' ? account : undefined,
      region: resource.kind === 'cloud' ? region : undefined,
      tags,
      facts: {},
    },
  ];
}
