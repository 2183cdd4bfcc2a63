import { asObject, asObjects, asText, at, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { armTypeOf, azureKind } from './azure-kinds.ts';

const ID_MAX = 2_048;

/**
 * One object of Azure Resource Manager, however it was listed: a row of the Resource Graph, an element of an
 * ARM answer (`properties` inside) or of `az … list` (without them). Null where it has no id.
 */
export function mapAzureObject(raw: JsonObject): readonly Observation[] | null {
  const id = asText(raw['id']);
  if (id === undefined || !ARM_ID.test(id) || id.length > ID_MAX) return null;
  const armType = armTypeOf(id) ?? asText(raw['type']);
  if (armType === undefined) return null;
  const object = liftProperties(raw) as JsonObject;
  const { type, shape } = azureKind(armType, asText(object['kind']));
  const account = subscriptionOf(id) ?? subscriptionOf(asText(object['scope']) ?? '');
  const region = asText(object['location'])?.toLowerCase().replaceAll(' ', '');
  const name = nameOf(type, object, id);
  const tags = tagsOf(object['tags']);
  const aliases = aliasesOf(type, object);
  const resource: ResourceObservation = {
    kind: 'resource',
    resource: {
      kind: 'cloud',
      provider: 'azure',
      id,
      type,
      name,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
    },
    type,
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: isBare(raw, shape) ? {} : trimFacts(shape, respelled(type, object)),
    ...(aliases.length === 0 ? {} : { aliases }),
  };
  return [resource];
}

/** Members that every resource has, whatever it is like. */
const NAMES = new Set([
  'id',
  'name',
  'type',
  'kind',
  'location',
  'tags',
  'sku',
  'plan',
  'zones',
  'etag',
  'resourceGroup',
  'subscriptionId',
  'tenantId',
  'managedBy',
  'extendedLocation',
]);

/**
 * An element of `az resource list` names a resource and tells its tags, and nothing of what it is like. Nor does a row
 * of which a query kept such columns alone: who it runs as is not told, so that nobody may take it to run as nobody.
 */
function isBare(raw: JsonObject, shape: FactFields): boolean {
  if (asObject(raw['properties']) !== undefined) return false;
  return (
    ['changedTime', 'createdTime', 'extendedLocation', 'managedBy'].every((member) => member in raw) ||
    ('identity' in shape && Object.keys(raw).every((member) => NAMES.has(member)))
  );
}

const ARM_ID = /^\/(?:subscriptions|providers)\//i;

export function isArmId(value: unknown): boolean {
  return typeof value === 'string' && ARM_ID.test(value);
}

/** `/subscriptions/{id}/…`, in lower case as all ids are compared. */
function subscriptionOf(id: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();
}

const DEPTH_MAX = 24;

/**
 * Lifts what `properties` hold into the object that has them, at every depth: ARM and the Resource Graph
 * answer with them, the command line without. What stands outside wins.
 */
function liftProperties(value: JsonValue | undefined, depth = 0): JsonValue | undefined {
  if (depth > DEPTH_MAX) return undefined;
  if (Array.isArray(value)) return value.map((each) => liftProperties(each, depth + 1) ?? null);
  const object = asObject(value);
  if (object === undefined) return value;
  const properties = asObject(object['properties']);
  const { properties: _, ...outside } = object;
  const joined = properties === undefined ? object : { ...properties, ...outside };
  return Object.fromEntries(
    Object.entries(joined).map(([key, member]) => [key, liftProperties(member, depth + 1)]),
  );
}

/** Where reports of different origin spell one thing differently. */
function respelled(type: string, object: JsonObject): JsonObject {
  const changed: Record<string, JsonValue | undefined> = { ...object };
  const assigned = asObject(at(object, 'identity', 'userAssignedIdentities'));
  if (assigned !== undefined)
    changed['identity'] = {
      ...asObject(object['identity']),
      userAssignedIdentities: Object.entries(assigned).map(([id, identity]) => ({
        ...asObject(identity),
        id,
      })),
    };
  const acls = asObject(object['networkAcls']) ?? asObject(object['networkRuleSet']);
  if (acls !== undefined) changed['networkAcls'] = { ...acls, ipRules: ipRules(acls['ipRules']) };
  if (object['ipRules'] !== undefined) changed['ipRules'] = ipRules(object['ipRules']);
  // Caches spell their firewall rules otherwise than databases.
  if (type === 'azure-database-firewall-rule') {
    changed['startIpAddress'] = object['startIpAddress'] ?? object['startIP'];
    changed['endIpAddress'] = object['endIpAddress'] ?? object['endIP'];
  }
  if (type === 'azure-vm') changed['powerState'] = powerState(object);
  if (type === 'azure-aks-cluster') {
    changed['usesEntra'] = usesEntra(object);
    changed['apiServerAccessProfile'] = apiServer(object['apiServerAccessProfile']);
  }
  if (type === 'azure-front-door') changed['frontDoorId'] = object['frontDoorId'] ?? object['frontdoorId'];
  if (type === 'azure-waf-policy') Object.assign(changed, wafPolicy(object));
  if (object['ipSecurityRestrictions'] !== undefined)
    changed['ipSecurityRestrictions'] = restrictions(object['ipSecurityRestrictions']);
  const site = asObject(object['siteConfig']);
  if (site?.['ipSecurityRestrictions'] !== undefined)
    changed['siteConfig'] = {
      ...site,
      ipSecurityRestrictions: restrictions(site['ipSecurityRestrictions']),
    };
  if (type === 'azure-subscription')
    changed['managementGroupAncestorsChain'] = at(object, 'managementGroupAncestorsChain');
  return changed;
}

/** A cluster without an `aadProfile` leaves it out where the rest of it is described. */
function usesEntra(object: JsonObject): boolean | undefined {
  if (asObject(object['aadProfile']) !== undefined) return true;
  return 'aadProfile' in object || 'agentPoolProfiles' in object ? false : undefined;
}

/** `az` says `authorizedIpRanges`, Azure Resource Manager and the Resource Graph `authorizedIPRanges`. */
function apiServer(value: JsonValue | undefined): JsonValue | undefined {
  const profile = asObject(value);
  if (profile === undefined) return value;
  return { ...profile, authorizedIpRanges: profile['authorizedIpRanges'] ?? profile['authorizedIPRanges'] };
}

/** Names of headers are the same in any case. */
function restrictions(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  return asObjects(value).map((rule) => {
    const headers = asObject(rule['headers']);
    if (headers === undefined) return rule;
    return {
      ...rule,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values]),
      ),
    };
  });
}

/** Front Door says `enabledState`, `customRules.rules`, `matchVariable` and `negateCondition` where a gateway says `state`, `customRules`, `matchVariables` and `negationConditon`. */
function wafPolicy(policy: JsonObject): JsonObject {
  const settings = asObject(policy['policySettings']);
  const rules = asObject(policy['customRules'])?.['rules'] ?? policy['customRules'];
  const state = (of: JsonObject) => of['state'] ?? of['enabledState'];
  return {
    ...(settings === undefined ? {} : { policySettings: { state: state(settings), mode: settings['mode'] } }),
    ...(Array.isArray(rules)
      ? {
          customRules: asObjects(rules).map((rule) => ({
            ...rule,
            state: state(rule),
            conditions: asObjects(rule['matchConditions']).map(wafCondition),
          })),
        }
      : { customRules: undefined }),
  };
}

function wafCondition(condition: JsonObject): JsonObject {
  const variables = Array.isArray(condition['matchVariables'])
    ? asObjects(condition['matchVariables']).map(({ variableName, selector }) => ({
        name: variableName,
        selector,
      }))
    : [{ name: condition['matchVariable'], selector: condition['selector'] }];
  return {
    variables,
    operator: condition['operator'],
    isNegated:
      condition['negateCondition'] ?? condition['negationConditon'] ?? condition['negationCondition'],
    values: condition['matchValues'] ?? condition['matchValue'],
  };
}

function ipRules(value: JsonValue | undefined): JsonValue {
  return asObjects(value).map((rule) => ({
    ...rule,
    value: asText(rule['value']) ?? asText(rule['ipAddressOrRange']) ?? '',
  }));
}

/** `az vm list -d` says it itself, the Resource Graph in `extended`, ARM in the instance view. */
function powerState(object: JsonObject): string | undefined {
  const statuses = asObjects(at(object, 'instanceView', 'statuses')).map((status) => asText(status['code']));
  return (
    asText(object['powerState']) ??
    asText(at(object, 'extended', 'instanceView', 'powerState', 'code')) ??
    statuses.find((code) => code?.startsWith('PowerState/') === true)
  );
}

function nameOf(type: string, object: JsonObject, id: string): string {
  const last = id.slice(id.lastIndexOf('/') + 1);
  if (type === 'azure-role-definition') return asText(object['roleName']) ?? asText(object['name']) ?? last;
  if (type === 'azure-subscription') return asText(object['displayName']) ?? asText(object['name']) ?? last;
  if (type === 'azure-management-group')
    return asText(object['displayName']) ?? asText(object['name']) ?? last;
  return asText(object['name']) ?? last;
}

function tagsOf(value: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  const tags = asObject(value);
  if (tags === undefined) return value === null ? {} : undefined;
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
  );
}

const UNIQUE_NAME = 0.9;
const ADDRESS = 0.6;

function aliasesOf(type: string, object: JsonObject): { text: string; confidence: number }[] {
  const found: [unknown, number][] = [
    [object['vmId'], 1],
    [object['principalId'], type === 'azure-managed-identity' ? 1 : 0],
    [at(object, 'identity', 'principalId'), UNIQUE_NAME],
    [object['defaultHostName'], UNIQUE_NAME],
    [object['fqdn'], UNIQUE_NAME],
    [object['fullyQualifiedDomainName'], UNIQUE_NAME],
    [object['loginServer'], UNIQUE_NAME],
    [type === 'azure-public-ip' ? object['ipAddress'] : undefined, ADDRESS],
  ];
  return found.flatMap(([text, confidence]) =>
    typeof text === 'string' && text !== '' && text.length <= ID_MAX && confidence > 0
      ? [{ text, confidence }]
      : [],
  );
}
