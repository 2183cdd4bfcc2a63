import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of Azure resources, by resource type: what evaluation needs, under the names of Azure
 * Resource Manager, with every `properties` lifted into the object that holds it, as `az … list` prints
 * them. Read them with `readFacts(SHAPE, resource.facts)`. An absent member was not described.
 */

const ID = { id: 'text' } as const satisfies FactFields;

/** Identities that a resource runs as. `userAssignedIdentities` is a list here, with the id in each. */
const IDENTITY = {
  type: 'text',
  principalId: 'text',
  userAssignedIdentities: [{ id: 'text', principalId: 'text' }],
} as const satisfies FactFields;

const IP_CONFIGURATION = {
  id: 'text',
  privateIPAddress: 'text',
  publicIPAddress: ID,
  publicIPAddressConfiguration: { name: 'text', sku: { name: 'text' } },
  subnet: ID,
  applicationSecurityGroups: [ID],
  loadBalancerBackendAddressPools: [ID],
  loadBalancerInboundNatRules: [ID],
  loadBalancerInboundNatPools: [ID],
  applicationGatewayBackendAddressPools: [ID],
} as const satisfies FactFields;
export type IpConfigurationFacts = Facts<typeof IP_CONFIGURATION>;

/** What runs on machines, and whether it asks for passwords; nothing of who logs in. */
const OPERATING_SYSTEM = {
  storageProfile: { osDisk: { osType: 'text' } },
  osProfile: { linuxConfiguration: { disablePasswordAuthentication: 'boolean' } },
} as const satisfies FactFields;

/** `azure-vm`. `powerState` is `VM running` or `PowerState/running`, wherever the report told it. */
export const VM = {
  id: 'text',
  networkProfile: { networkInterfaces: [ID] },
  virtualMachineScaleSet: ID,
  ...OPERATING_SYSTEM,
  identity: IDENTITY,
  powerState: 'text',
} as const satisfies FactFields;

/** `azure-vmss`. */
export const VMSS = {
  id: 'text',
  sku: { capacity: 'number' },
  virtualMachineProfile: {
    ...OPERATING_SYSTEM,
    networkProfile: {
      networkInterfaceConfigurations: [
        { name: 'text', networkSecurityGroup: ID, ipConfigurations: [IP_CONFIGURATION] },
      ],
    },
  },
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-nic`. */
export const NIC = {
  id: 'text',
  networkSecurityGroup: ID,
  virtualMachine: ID,
  ipConfigurations: [IP_CONFIGURATION],
} as const satisfies FactFields;

/** A rule of a network security group. Single values and lists of them stand in different members. */
const SECURITY_RULE = {
  name: 'text',
  access: 'text',
  direction: 'text',
  priority: 'number',
  protocol: 'text',
  sourceAddressPrefix: 'text',
  sourceAddressPrefixes: 'texts',
  sourceApplicationSecurityGroups: [ID],
  sourcePortRange: 'text',
  sourcePortRanges: 'texts',
  destinationAddressPrefix: 'text',
  destinationAddressPrefixes: 'texts',
  destinationApplicationSecurityGroups: [ID],
  destinationPortRange: 'text',
  destinationPortRanges: 'texts',
} as const satisfies FactFields;
export type SecurityRuleFacts = Facts<typeof SECURITY_RULE>;

/** `azure-nsg`. */
export const NSG = { id: 'text', securityRules: [SECURITY_RULE] } as const satisfies FactFields;

/** `azure-subnet`, also within `azure-vnet`. */
export const SUBNET = {
  id: 'text',
  addressPrefix: 'text',
  addressPrefixes: 'texts',
  networkSecurityGroup: ID,
  routeTable: ID,
} as const satisfies FactFields;
export type SubnetFacts = Facts<typeof SUBNET>;

/** `azure-vnet`. */
export const VNET = {
  id: 'text',
  addressSpace: { addressPrefixes: 'texts' },
  subnets: [SUBNET],
} as const satisfies FactFields;

/** `azure-route-table`. */
export const ROUTE_TABLE = {
  id: 'text',
  routes: [{ name: 'text', addressPrefix: 'text', nextHopType: 'text' }],
} as const satisfies FactFields;

/** `azure-public-ip`. */
export const PUBLIC_IP = {
  id: 'text',
  ipAddress: 'text',
  publicIPAddressVersion: 'text',
  sku: { name: 'text' },
  dnsSettings: { fqdn: 'text' },
} as const satisfies FactFields;

const FRONTEND = {
  id: 'text',
  name: 'text',
  privateIPAddress: 'text',
  publicIPAddress: ID,
  publicIPPrefix: ID,
} as const satisfies FactFields;

/** `azure-load-balancer`. */
export const LOAD_BALANCER = {
  id: 'text',
  sku: { name: 'text' },
  frontendIPConfigurations: [FRONTEND],
  backendAddressPools: [
    {
      id: 'text',
      backendIPConfigurations: [ID],
      virtualNetwork: ID,
      loadBalancerBackendAddresses: [{ ipAddress: 'text', virtualNetwork: ID, subnet: ID }],
    },
  ],
  loadBalancingRules: [
    {
      id: 'text',
      name: 'text',
      protocol: 'text',
      enableFloatingIP: 'boolean',
      frontendPort: 'number',
      backendPort: 'number',
      frontendIPConfiguration: ID,
      backendAddressPool: ID,
      backendAddressPools: [ID],
    },
  ],
  inboundNatRules: [
    {
      id: 'text',
      name: 'text',
      protocol: 'text',
      enableFloatingIP: 'boolean',
      frontendPort: 'number',
      backendPort: 'number',
      frontendIPConfiguration: ID,
      backendAddressPool: ID,
    },
  ],
  inboundNatPools: [
    { id: 'text', name: 'text', protocol: 'text', backendPort: 'number', frontendIPConfiguration: ID },
  ],
} as const satisfies FactFields;
export type LoadBalancerFacts = Facts<typeof LOAD_BALANCER>;

/** Where requests of a path, or of every other path, are sent. */
const GATEWAY_ROUTE = {
  backendAddressPool: ID,
  backendHttpSettings: ID,
  redirectConfiguration: ID,
  firewallPolicy: ID,
} as const satisfies FactFields;

/** `azure-app-gateway`. */
export const APP_GATEWAY = {
  id: 'text',
  operationalState: 'text',
  firewallPolicy: ID,
  gatewayIPConfigurations: [{ subnet: ID }],
  frontendIPConfigurations: [FRONTEND],
  frontendPorts: [{ id: 'text', port: 'number' }],
  httpListeners: [
    {
      id: 'text',
      name: 'text',
      frontendIPConfiguration: ID,
      frontendPort: ID,
      sslProfile: ID,
      firewallPolicy: ID,
    },
  ],
  sslProfiles: [{ id: 'text', trustedClientCertificates: [ID] }],
  backendAddressPools: [
    { id: 'text', backendAddresses: [{ fqdn: 'text', ipAddress: 'text' }], backendIPConfigurations: [ID] },
  ],
  backendHttpSettingsCollection: [{ id: 'text', port: 'number' }],
  urlPathMaps: [
    {
      id: 'text',
      defaultBackendAddressPool: ID,
      defaultBackendHttpSettings: ID,
      defaultRedirectConfiguration: ID,
      pathRules: [GATEWAY_ROUTE],
    },
  ],
  requestRoutingRules: [{ ...GATEWAY_ROUTE, httpListener: ID, urlPathMap: ID }],
} as const satisfies FactFields;
export type AppGatewayFacts = Facts<typeof APP_GATEWAY>;

/** `azure-private-endpoint`: an address in a subnet that leads to something else. */
export const PRIVATE_ENDPOINT = {
  id: 'text',
  subnet: ID,
  privateLinkServiceConnections: [
    { privateLinkServiceId: 'text', privateLinkServiceConnectionState: { status: 'text' } },
  ],
  manualPrivateLinkServiceConnections: [
    { privateLinkServiceId: 'text', privateLinkServiceConnectionState: { status: 'text' } },
  ],
  customDnsConfigs: [{ ipAddresses: 'texts' }],
} as const satisfies FactFields;

const RESTRICTION = {
  name: 'text',
  ipAddress: 'text',
  ipAddressRange: 'text',
  action: 'text',
  priority: 'number',
  tag: 'text',
  vnetSubnetResourceId: 'text',
  headers: {
    'x-azure-fdid': 'texts',
    'x-forwarded-host': 'texts',
    'x-forwarded-for': 'texts',
    'x-fd-healthprobe': 'texts',
  },
} as const satisfies FactFields;
export type RestrictionFacts = Facts<typeof RESTRICTION>;

const ACCESS_RESTRICTIONS = {
  ipSecurityRestrictions: [RESTRICTION],
  ipSecurityRestrictionsDefaultAction: 'text',
  publicNetworkAccess: 'text',
} as const satisfies FactFields;

const PRIVATE_ENDPOINTS = [{ id: 'text', privateLinkServiceConnectionState: { status: 'text' } }] as const;
export type PrivateConnectionFacts = Facts<typeof PRIVATE_ENDPOINTS>;

/** `azure-web-app` and `azure-function-app`. */
export const SITE = {
  id: 'text',
  kind: 'text',
  state: 'text',
  enabled: 'boolean',
  publicNetworkAccess: 'text',
  defaultHostName: 'text',
  hostNames: 'texts',
  clientCertEnabled: 'boolean',
  clientCertMode: 'text',
  hostingEnvironmentProfile: ID,
  siteConfig: ACCESS_RESTRICTIONS,
  privateEndpointConnections: PRIVATE_ENDPOINTS,
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-app-environment`: an App Service Environment; `None` for one whose sites have a public address. */
export const APP_ENVIRONMENT = {
  id: 'text',
  internalLoadBalancingMode: 'text',
} as const satisfies FactFields;

/** `azure-site-config`: `…/config/web` and `…/config/authsettingsV2` of a site. */
export const SITE_CONFIG = {
  id: 'text',
  ...ACCESS_RESTRICTIONS,
  platform: { enabled: 'boolean' },
  globalValidation: { requireAuthentication: 'boolean', unauthenticatedClientAction: 'text' },
} as const satisfies FactFields;

/** `az storage account show` calls them `networkRuleSet` and `ipAddressOrRange`; one spelling is kept. */
const NETWORK_ACLS = {
  defaultAction: 'text',
  bypass: 'text',
  ipRules: [{ value: 'text', action: 'text' }],
} as const satisfies FactFields;
export type NetworkAclsFacts = Facts<typeof NETWORK_ACLS>;

/** `azure-storage-account`. */
export const STORAGE_ACCOUNT = {
  id: 'text',
  allowBlobPublicAccess: 'boolean',
  publicNetworkAccess: 'text',
  networkAcls: NETWORK_ACLS,
  primaryEndpoints: { blob: 'text' },
  privateEndpointConnections: PRIVATE_ENDPOINTS,
} as const satisfies FactFields;

/** `azure-blob-container`. */
export const BLOB_CONTAINER = { id: 'text', publicAccess: 'text' } as const satisfies FactFields;

/** `azure-sql-server`, `azure-postgresql-server`, `azure-mysql-server`, `azure-mariadb-server`. */
export const DATABASE_SERVER = {
  id: 'text',
  publicNetworkAccess: 'text',
  state: 'text',
  network: { publicNetworkAccess: 'text', delegatedSubnetResourceId: 'text' },
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-sql-managed-instance`. */
export const MANAGED_INSTANCE = {
  id: 'text',
  publicDataEndpointEnabled: 'boolean',
  state: 'text',
  subnetId: 'text',
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-redis` and `azure-managed-redis`, which calls itself Redis Enterprise and tells its firewall itself. */
export const REDIS = {
  id: 'text',
  publicNetworkAccess: 'text',
  subnetId: 'text',
  enableNonSslPort: 'boolean',
  disableAccessKeyAuthentication: 'boolean',
  firewallRules: [{ startIP: 'text', endIP: 'text' }],
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-app-configuration`. */
export const APP_CONFIGURATION = {
  id: 'text',
  publicNetworkAccess: 'text',
  disableLocalAuth: 'boolean',
  privateEndpointConnections: PRIVATE_ENDPOINTS,
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-database-firewall-rule`, of databases and of caches. */
export const DATABASE_FIREWALL_RULE = {
  id: 'text',
  name: 'text',
  startIpAddress: 'text',
  endIpAddress: 'text',
} as const satisfies FactFields;

/** `azure-perimeter-association`: a resource in a network security perimeter, and the profile whose rules it has. */
export const PERIMETER_ASSOCIATION = {
  id: 'text',
  privateLinkResource: { id: 'text' },
  profile: { id: 'text' },
} as const satisfies FactFields;

/** `azure-perimeter-rule`: whom a profile of a network security perimeter lets in or out. */
export const PERIMETER_RULE = {
  id: 'text',
  direction: 'text',
  addressPrefixes: 'texts',
  serviceTags: 'texts',
} as const satisfies FactFields;

/** `azure-key-vault`, `azure-cosmos-account`, `azure-container-registry`, `azure-search-service`, `azure-cognitive-account`. */
export const DATA_SERVICE = {
  id: 'text',
  publicNetworkAccess: 'text',
  networkAcls: NETWORK_ACLS,
  ipRules: [{ value: 'text' }],
  isVirtualNetworkFilterEnabled: 'boolean',
  anonymousPullEnabled: 'boolean',
  enableRbacAuthorization: 'boolean',
  accessPolicies: [
    { objectId: 'text', permissions: { keys: 'texts', secrets: 'texts', certificates: 'texts' } },
  ],
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-message-namespace-rules`: the network rules of a namespace of Service Bus or Event Hubs. */
export const NAMESPACE_RULES = {
  id: 'text',
  publicNetworkAccess: 'text',
  defaultAction: 'text',
  ipRules: [{ ipMask: 'text', action: 'text' }],
} as const satisfies FactFields;

/** `azure-service-bus`, `azure-event-hubs`: a namespace. */
export const MESSAGE_NAMESPACE = {
  id: 'text',
  publicNetworkAccess: 'text',
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-api-management`. */
export const API_MANAGEMENT = {
  id: 'text',
  publicNetworkAccess: 'text',
  virtualNetworkType: 'text',
  virtualNetworkConfiguration: { subnetResourceId: 'text' },
  privateIPAddresses: 'texts',
  privateEndpointConnections: PRIVATE_ENDPOINTS,
  gatewayUrl: 'text',
  disableGateway: 'boolean',
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-aks-cluster`. `usesEntra` is whether an `aadProfile` is described; the kubelet's identity is that of what runs in pods. */
export const AKS = {
  id: 'text',
  usesEntra: 'boolean',
  disableLocalAccounts: 'boolean',
  identityProfile: { kubeletidentity: { objectId: 'text' } },
  powerState: { code: 'text' },
  publicNetworkAccess: 'text',
  apiServerAccessProfile: { enablePrivateCluster: 'boolean', authorizedIpRanges: 'texts' },
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-container-instance`. */
export const CONTAINER_INSTANCE = {
  id: 'text',
  ipAddress: { type: 'text', ip: 'text', ports: [{ port: 'number', protocol: 'text' }] },
  instanceView: { state: 'text' },
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-container-app`. */
export const CONTAINER_APP = {
  id: 'text',
  environmentId: 'text',
  managedEnvironmentId: 'text',
  configuration: {
    ingress: {
      external: 'boolean',
      fqdn: 'text',
      targetPort: 'number',
      clientCertificateMode: 'text',
      ipSecurityRestrictions: [RESTRICTION],
    },
  },
  identity: IDENTITY,
} as const satisfies FactFields;

/** `azure-container-environment`. */
export const CONTAINER_ENVIRONMENT = {
  id: 'text',
  publicNetworkAccess: 'text',
  vnetConfiguration: { internal: 'boolean' },
  privateEndpointConnections: PRIVATE_ENDPOINTS,
} as const satisfies FactFields;

/** Anything else that may run as an identity. */
export const ANY_RESOURCE = { id: 'text', kind: 'text', identity: IDENTITY } as const satisfies FactFields;

/** `azure-role-assignment`, and `azure-role-eligibility`: a role that somebody may switch on (Privileged Identity Management). */
export const ROLE_ASSIGNMENT = {
  id: 'text',
  principalId: 'text',
  principalName: 'text',
  principalType: 'text',
  roleDefinitionId: 'text',
  roleDefinitionName: 'text',
  scope: 'text',
  condition: 'text',
} as const satisfies FactFields;

/** `azure-role-definition`. */
export const ROLE_DEFINITION = {
  id: 'text',
  name: 'text',
  roleName: 'text',
  roleType: 'text',
  permissions: [{ actions: 'texts', notActions: 'texts', dataActions: 'texts', notDataActions: 'texts' }],
} as const satisfies FactFields;

/** `azure-managed-identity`. */
export const MANAGED_IDENTITY = {
  id: 'text',
  principalId: 'text',
  clientId: 'text',
} as const satisfies FactFields;

/** `azure-federated-credential`: whose tokens an identity takes for its own. */
export const FEDERATED_CREDENTIAL = {
  id: 'text',
  issuer: 'text',
  subject: 'text',
} as const satisfies FactFields;

/** `azure-subscription`: its name, and the management groups above it, the nearest first. */
export const SUBSCRIPTION = {
  id: 'text',
  subscriptionId: 'text',
  displayName: 'text',
  managementGroupAncestorsChain: [{ name: 'text', displayName: 'text' }],
} as const satisfies FactFields;

/** `entra-user`, `entra-group`, `entra-service-principal`. */
export const ENTRA_PRINCIPAL = {
  id: 'text',
  displayName: 'text',
  userPrincipalName: 'text',
  appId: 'text',
  accountEnabled: 'boolean',
  servicePrincipalType: 'text',
  onPremisesSyncEnabled: 'boolean',
} as const satisfies FactFields;

/**
 * `entra-membership`: `principalId` is a member of the group `groupId`; without one: the list of them was told.
 * `entra-membership-eligibility`: it may become a member, or an owner, who may add members, by Privileged Identity Management.
 */
export const ENTRA_MEMBERSHIP = { groupId: 'text', principalId: 'text' } as const satisfies FactFields;

/** `azure-empty-list`: the answer to `az CALL` (with hyphens) about what `of` holds was that it holds nothing. */
export const EMPTY_LIST = { call: 'text', of: 'text' } as const satisfies FactFields;

/**
 * `entra-role-assignment`: a directory role (by its template's id) or an application permission. `entra-role-eligibility`: a
 * directory role that somebody may switch on.
 */
export const ENTRA_ROLE_ASSIGNMENT = {
  principalId: 'text',
  roleDefinitionId: 'text',
  roleName: 'text',
  directoryScopeId: 'text',
  appRoleId: 'text',
} as const satisfies FactFields;

/** `entra-application`: the pipelines and others whose tokens are as good as its own credentials. */
export const ENTRA_APPLICATION = {
  id: 'text',
  appId: 'text',
  displayName: 'text',
  federatedIdentityCredentials: [{ name: 'text', issuer: 'text', subject: 'text' }],
} as const satisfies FactFields;

/** `entra-consent`: what an application (`clientId` is its service principal) may do for whoever signs in to it. */
export const ENTRA_CONSENT = {
  id: 'text',
  clientId: 'text',
  consentType: 'text',
  principalId: 'text',
  scope: 'text',
} as const satisfies FactFields;
