import { asObject, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { readTags } from '../reading/aws/aws-names.ts';
import { text } from './values.ts';

/** A resource of Azure or Google Cloud by its id, with its tags; facts come from their own inventories. */
export function describeOtherCloud(type: string, values: JsonObject): ResourceObservation | undefined {
  if (type.startsWith('azurerm_')) return azureObject(values);
  return type.startsWith('google_') ? googleObject(type, values) : undefined;
}

const ARM_ID = /^\/subscriptions\/([^/]+)\/resourceGroups\/[^/]+\/providers\/([^/]+)\/([^/]+)\/([^/]+)$/i;

function azureObject(values: JsonObject): ResourceObservation | undefined {
  const id = text(values, 'id');
  const [, subscription, namespace, kind, name] = ARM_ID.exec(id ?? '') ?? [];
  if (id === undefined || name === undefined) return undefined;
  return observe('azure', id, `${namespace}/${kind}`.toLowerCase(), {
    name: text(values, 'name') ?? name,
    account: subscription?.toLowerCase(),
    region: text(values, 'location'),
    tags: values['tags'],
  });
}

const SELF_LINK =
  /^https:\/\/(?:www\.googleapis\.com\/(?<service>[a-z]+)|(?<host>[a-z]+)\.googleapis\.com)\/v\d[a-z0-9]*\/(?<path>projects\/(?<project>[^/]+)\/.+)$/;

function googleObject(type: string, values: JsonObject): ResourceObservation | undefined {
  const bucket = type === 'google_storage_bucket' ? text(values, 'name') : undefined;
  const { service, host, path, project } = SELF_LINK.exec(text(values, 'self_link') ?? '')?.groups ?? {};
  const id =
    bucket === undefined
      ? path === undefined
        ? undefined
        : `//${service ?? host}.googleapis.com/${path}`
      : `//storage.googleapis.com/${bucket}`;
  if (id === undefined) return undefined;
  return observe('gcp', id, type.replace('google_', 'gcp-').replaceAll('_', '-'), {
    name: text(values, 'name') ?? id,
    account: text(values, 'project') ?? project,
    region: text(values, 'region') ?? text(values, 'zone') ?? text(values, 'location'),
    tags: values['effective_labels'] ?? values['labels'],
  });
}

function observe(
  provider: 'azure' | 'gcp',
  id: string,
  type: string,
  about: {
    readonly name: string;
    readonly account: string | undefined;
    readonly region: string | undefined;
    readonly tags: unknown;
  },
): ResourceObservation {
  const tags = readTags(asObject(about.tags));
  const { name, account, region } = about;
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider, id, type, name, account, region },
    type,
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: {},
  };
}
