import {
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';

type Changed = Record<string, JsonValue | undefined>;

/**
 * Old exports spell members as the protocol buffers of Cloud Asset Inventory do (`accessConfig`, `externalIp`), newer
 * ones as the API of the service; the first and second version of Cloud Run's API differ too. One spelling is kept.
 */
export function respellGcpData(type: string, data: JsonObject): JsonObject {
  switch (type) {
    case 'gcp-instance':
      return instance(data);
    case 'gcp-firewall':
      return firewall(data);
    case 'gcp-run-service':
      return runService(data);
    case 'gcp-forwarding-rule':
      return {
        ...data,
        IPAddress: data['IPAddress'] ?? data['ipAddress'],
        IPProtocol: data['IPProtocol'] ?? data['ipProtocol'],
      };
    case 'gcp-backend-service':
      return { ...data, number: asText(data['id']) };
    case 'gcp-identity-provider':
      return { ...data, attributeMapping: [...attributeMapping(asObject(data['attributeMapping']))] };
    case 'gcp-project':
      return { ...data, projectNumber: String(data['projectNumber'] ?? '') };
    case 'gcp-endpoint-group':
      return { ...data, cloudRun: data['cloudRun'], cloudFunction: data['cloudFunction'] };
    default:
      return data;
  }
}

function instance(data: JsonObject): JsonObject {
  const interfaces = either(data, 'networkInterfaces', 'networkInterface').map(
    (each): Changed => ({
      ...each,
      networkIP: each['networkIP'] ?? each['ipAddress'],
      accessConfigs: either(each, 'accessConfigs', 'accessConfig').map(
        (access): Changed => ({
          ...access,
          natIP: access['natIP'] ?? access['externalIp'],
        }),
      ) as JsonValue,
    }),
  );
  const accounts = either(data, 'serviceAccounts', 'serviceAccount').map(
    (each): Changed => ({
      ...each,
      scopes: each['scopes'] ?? each['scope'],
    }),
  );
  const tags = asObject(data['tags']);
  const maker = [...asObjects(at(data, 'metadata', 'items')), ...asObjects(data['metadata'])].find(
    (item) => item['key'] === 'created-by',
  );
  const isTold = data['networkInterfaces'] !== undefined || data['networkInterface'] !== undefined;
  return {
    ...data,
    ...(isTold ? { networkInterfaces: interfaces as JsonValue } : {}),
    serviceAccounts: accounts as JsonValue,
    tags: { items: [...asTexts(tags?.['items']), ...asTexts(tags?.['tag'])] },
    createdBy: asText(maker?.['value']),
  };
}

function firewall(data: JsonObject): JsonObject {
  const protocols = (plural: string): JsonValue =>
    asObjects(data[plural]).map(
      (each): Changed => ({
        IPProtocol: each['IPProtocol'] ?? each['ipProtocol'],
        ports: each['ports'] ?? each['port'],
      }),
    ) as JsonValue;
  const changed: Changed = { ...data, allowed: protocols('allowed'), denied: protocols('denied') };
  for (const plural of [
    'sourceRanges',
    'sourceTags',
    'targetTags',
    'sourceServiceAccounts',
    'targetServiceAccounts',
  ])
    changed[plural] = data[plural] ?? data[plural.slice(0, -1)];
  return changed;
}

function runService(data: JsonObject): JsonObject {
  const annotations = asObject(at(data, 'metadata', 'annotations')) ?? {};
  const said = (word: string): true | undefined =>
    annotations[`run.googleapis.com/${word}`] === 'true' ? true : undefined;
  return {
    ...data,
    ingress: data['ingress'] ?? annotations['run.googleapis.com/ingress'],
    invokerIamDisabled: data['invokerIamDisabled'] ?? said('invoker-iam-disabled'),
    defaultUriDisabled: data['defaultUriDisabled'] ?? said('default-url-disabled'),
    iapEnabled: data['iapEnabled'] ?? said('iap-enabled'),
    serviceAccount:
      at(data, 'template', 'serviceAccount') ?? at(data, 'spec', 'template', 'spec', 'serviceAccountName'),
  };
}

function attributeMapping(mapping: JsonObject | undefined): readonly string[] {
  return Object.entries(mapping ?? {}).flatMap(([name, claim]) =>
    typeof claim === 'string' ? [`${name}=${claim}`] : [],
  );
}

function either(data: JsonObject, plural: string, singular: string): readonly JsonObject[] {
  return asObjects(data[plural] ?? data[singular]);
}
