import {
  FRONT_DOOR,
  FRONT_DOOR_ORIGIN,
  FRONT_DOOR_PART,
  FRONT_DOOR_PROFILE,
  FRONT_DOOR_ROUTE,
  FRONT_DOOR_RULE,
  FRONT_DOOR_SECURITY,
  WAF_POLICY,
} from '#domain/resource/facts/azure-edge-facts.ts';
import {
  AKS,
  ANY_RESOURCE,
  API_MANAGEMENT,
  APP_CONFIGURATION,
  APP_ENVIRONMENT,
  APP_GATEWAY,
  BLOB_CONTAINER,
  CONTAINER_APP,
  CONTAINER_ENVIRONMENT,
  CONTAINER_INSTANCE,
  DATA_SERVICE,
  DATABASE_FIREWALL_RULE,
  DATABASE_SERVER,
  FEDERATED_CREDENTIAL,
  LOAD_BALANCER,
  MANAGED_IDENTITY,
  MANAGED_INSTANCE,
  MESSAGE_NAMESPACE,
  NAMESPACE_RULES,
  NIC,
  NSG,
  PERIMETER_ASSOCIATION,
  PERIMETER_RULE,
  PRIVATE_ENDPOINT,
  PUBLIC_IP,
  REDIS,
  ROLE_ASSIGNMENT,
  ROLE_DEFINITION,
  ROUTE_TABLE,
  SITE,
  SITE_CONFIG,
  STORAGE_ACCOUNT,
  SUBNET,
  SUBSCRIPTION,
  VM,
  VMSS,
  VNET,
} from '#domain/resource/facts/azure-facts.ts';
import type { FactFields } from '#domain/resource/facts/fact-shape.ts';

export interface AzureKind {
  /** As this product spells it. */
  readonly type: string;
  readonly shape: FactFields;
}

function kind(type: string, shape: FactFields): AzureKind {
  return { type, shape };
}

const FIREWALL_RULE = kind('azure-database-firewall-rule', DATABASE_FIREWALL_RULE);

/** Types of Azure Resource Manager in lower case, with the type and the facts that are kept of each. */
export const AZURE_KINDS: ReadonlyMap<string, AzureKind> = new Map(
  Object.entries({
    'microsoft.compute/virtualmachines': kind('azure-vm', VM),
    'microsoft.compute/virtualmachinescalesets': kind('azure-vmss', VMSS),
    'microsoft.network/networkinterfaces': kind('azure-nic', NIC),
    'microsoft.network/networksecuritygroups': kind('azure-nsg', NSG),
    'microsoft.network/virtualnetworks': kind('azure-vnet', VNET),
    'microsoft.network/virtualnetworks/subnets': kind('azure-subnet', SUBNET),
    'microsoft.network/routetables': kind('azure-route-table', ROUTE_TABLE),
    'microsoft.network/publicipaddresses': kind('azure-public-ip', PUBLIC_IP),
    'microsoft.network/loadbalancers': kind('azure-load-balancer', LOAD_BALANCER),
    'microsoft.network/applicationgateways': kind('azure-app-gateway', APP_GATEWAY),
    'microsoft.network/frontdoors': kind('azure-front-door', FRONT_DOOR),
    'microsoft.cdn/profiles': kind('azure-cdn-profile', FRONT_DOOR_PROFILE),
    'microsoft.cdn/profiles/afdendpoints': kind('azure-front-door-endpoint', FRONT_DOOR_PART),
    'microsoft.cdn/profiles/afdendpoints/routes': kind('azure-front-door-route', FRONT_DOOR_ROUTE),
    'microsoft.cdn/profiles/customdomains': kind('azure-front-door-domain', FRONT_DOOR_PART),
    'microsoft.cdn/profiles/origingroups/origins': kind('azure-front-door-origin', FRONT_DOOR_ORIGIN),
    'microsoft.cdn/profiles/rulesets/rules': kind('azure-front-door-rule', FRONT_DOOR_RULE),
    'microsoft.cdn/profiles/securitypolicies': kind('azure-front-door-security', FRONT_DOOR_SECURITY),
    'microsoft.network/frontdoorwebapplicationfirewallpolicies': kind('azure-waf-policy', WAF_POLICY),
    'microsoft.network/applicationgatewaywebapplicationfirewallpolicies': kind(
      'azure-waf-policy',
      WAF_POLICY,
    ),
    'microsoft.network/privateendpoints': kind('azure-private-endpoint', PRIVATE_ENDPOINT),
    'microsoft.network/networksecurityperimeters/resourceassociations': kind(
      'azure-perimeter-association',
      PERIMETER_ASSOCIATION,
    ),
    'microsoft.network/networksecurityperimeters/profiles/accessrules': kind(
      'azure-perimeter-rule',
      PERIMETER_RULE,
    ),
    'microsoft.web/sites': kind('azure-web-app', SITE),
    'microsoft.web/sites/slots': kind('azure-web-app', SITE),
    'microsoft.web/sites/config': kind('azure-site-config', SITE_CONFIG),
    'microsoft.web/sites/slots/config': kind('azure-site-config', SITE_CONFIG),
    'microsoft.web/hostingenvironments': kind('azure-app-environment', APP_ENVIRONMENT),
    'microsoft.storage/storageaccounts': kind('azure-storage-account', STORAGE_ACCOUNT),
    'microsoft.storage/storageaccounts/blobservices/containers': kind('azure-blob-container', BLOB_CONTAINER),
    'microsoft.sql/servers': kind('azure-sql-server', DATABASE_SERVER),
    'microsoft.sql/servers/firewallrules': FIREWALL_RULE,
    'microsoft.dbforpostgresql/servers': kind('azure-postgresql-server', DATABASE_SERVER),
    'microsoft.dbforpostgresql/servers/firewallrules': FIREWALL_RULE,
    'microsoft.dbforpostgresql/flexibleservers': kind('azure-postgresql-server', DATABASE_SERVER),
    'microsoft.dbforpostgresql/flexibleservers/firewallrules': FIREWALL_RULE,
    'microsoft.dbformysql/servers': kind('azure-mysql-server', DATABASE_SERVER),
    'microsoft.dbformysql/servers/firewallrules': FIREWALL_RULE,
    'microsoft.dbformysql/flexibleservers': kind('azure-mysql-server', DATABASE_SERVER),
    'microsoft.dbformysql/flexibleservers/firewallrules': FIREWALL_RULE,
    'microsoft.dbformariadb/servers': kind('azure-mariadb-server', DATABASE_SERVER),
    'microsoft.dbformariadb/servers/firewallrules': FIREWALL_RULE,
    'microsoft.sql/managedinstances': kind('azure-sql-managed-instance', MANAGED_INSTANCE),
    'microsoft.cache/redis': kind('azure-redis', REDIS),
    'microsoft.cache/redis/firewallrules': FIREWALL_RULE,
    'microsoft.cache/redisenterprise': kind('azure-managed-redis', REDIS),
    'microsoft.appconfiguration/configurationstores': kind('azure-app-configuration', APP_CONFIGURATION),
    'microsoft.keyvault/vaults': kind('azure-key-vault', DATA_SERVICE),
    'microsoft.documentdb/databaseaccounts': kind('azure-cosmos-account', DATA_SERVICE),
    'microsoft.containerregistry/registries': kind('azure-container-registry', DATA_SERVICE),
    'microsoft.search/searchservices': kind('azure-search-service', DATA_SERVICE),
    'microsoft.cognitiveservices/accounts': kind('azure-cognitive-account', DATA_SERVICE),
    'microsoft.servicebus/namespaces': kind('azure-service-bus', MESSAGE_NAMESPACE),
    'microsoft.servicebus/namespaces/networkrulesets': kind('azure-message-namespace-rules', NAMESPACE_RULES),
    'microsoft.eventhub/namespaces': kind('azure-event-hubs', MESSAGE_NAMESPACE),
    'microsoft.eventhub/namespaces/networkrulesets': kind('azure-message-namespace-rules', NAMESPACE_RULES),
    'microsoft.apimanagement/service': kind('azure-api-management', API_MANAGEMENT),
    'microsoft.containerservice/managedclusters': kind('azure-aks-cluster', AKS),
    'microsoft.containerinstance/containergroups': kind('azure-container-instance', CONTAINER_INSTANCE),
    'microsoft.app/containerapps': kind('azure-container-app', CONTAINER_APP),
    'microsoft.app/managedenvironments': kind('azure-container-environment', CONTAINER_ENVIRONMENT),
    'microsoft.managedidentity/userassignedidentities': kind('azure-managed-identity', MANAGED_IDENTITY),
    'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials': kind(
      'azure-federated-credential',
      FEDERATED_CREDENTIAL,
    ),
    'microsoft.authorization/roleassignments': kind('azure-role-assignment', ROLE_ASSIGNMENT),
    'microsoft.authorization/roleeligibilityscheduleinstances': kind(
      'azure-role-eligibility',
      ROLE_ASSIGNMENT,
    ),
    'microsoft.authorization/roledefinitions': kind('azure-role-definition', ROLE_DEFINITION),
    'microsoft.resources/subscriptions': kind('azure-subscription', SUBSCRIPTION),
    'microsoft.resources/subscriptions/resourcegroups': kind('azure-resource-group', ANY_RESOURCE),
    'microsoft.management/managementgroups': kind('azure-management-group', ANY_RESOURCE),
  }),
);

/** A kind by the type of Azure Resource Manager, in any case; one that is not in the table keeps that type, and who it runs as. */
export function azureKind(armType: string, resourceKind: string | undefined): AzureKind {
  const found = AZURE_KINDS.get(armType.toLowerCase());
  if (found === undefined) return kind(armType.toLowerCase(), ANY_RESOURCE);
  return found.type === 'azure-web-app' && resourceKind?.toLowerCase().includes('functionapp') === true
    ? kind('azure-function-app', SITE)
    : found;
}

/** The type that an id of Azure Resource Manager spells: its last provider, and every second segment behind it. */
export function armTypeOf(id: string): string | undefined {
  const segments = id.split('/').filter((segment) => segment !== '');
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  if (provider >= 0 && segments.length >= provider + 4) {
    const types = segments.slice(provider + 2).filter((_, index) => index % 2 === 0);
    return [segments[provider + 1], ...types].join('/').toLowerCase();
  }
  if (segments[0]?.toLowerCase() !== 'subscriptions') return undefined;
  if (segments.length === 2) return 'microsoft.resources/subscriptions';
  return segments.length === 4 && segments[2]?.toLowerCase() === 'resourcegroups'
    ? 'microsoft.resources/subscriptions/resourcegroups'
    : undefined;
}
