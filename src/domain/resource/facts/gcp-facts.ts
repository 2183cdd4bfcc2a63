import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of resources of Google Cloud, by resource type: what evaluation needs, under the names of each
 * service's own API. `id` is the full resource name and `ancestors` are the project, folders and organisation that it
 * is in, the nearest first, as Cloud Asset Inventory tells both. An absent member was not described.
 */
const ASSET = { id: 'text', ancestors: 'texts' } as const satisfies FactFields;

/** `gcp-project`. */
export const PROJECT = { ...ASSET, projectId: 'text', projectNumber: 'text' } as const satisfies FactFields;

/** `gcp-instance`. `createdBy` is the group manager that made it, of its metadata. */
export const GCP_INSTANCE = {
  ...ASSET,
  name: 'text',
  status: 'text',
  createdBy: 'text',
  networkInterfaces: [
    {
      network: 'text',
      networkIP: 'text',
      accessConfigs: [{ natIP: 'text' }],
      ipv6AccessConfigs: [{ externalIpv6: 'text' }],
    },
  ],
  tags: { items: 'texts' },
  serviceAccounts: [{ email: 'text', scopes: 'texts' }],
} as const satisfies FactFields;
export type GcpInstanceFacts = Facts<typeof GCP_INSTANCE>;

const PROTOCOL = { IPProtocol: 'text', ports: 'texts' } as const satisfies FactFields;

/** `gcp-firewall`. */
export const FIREWALL = {
  ...ASSET,
  name: 'text',
  network: 'text',
  direction: 'text',
  priority: 'number',
  disabled: 'boolean',
  sourceRanges: 'texts',
  sourceTags: 'texts',
  sourceServiceAccounts: 'texts',
  targetTags: 'texts',
  targetServiceAccounts: 'texts',
  allowed: [PROTOCOL],
  denied: [PROTOCOL],
} as const satisfies FactFields;
export type FirewallFacts = Facts<typeof FIREWALL>;

/** A rule of a firewall policy. */
const POLICY_RULE = {
  priority: 'number',
  action: 'text',
  direction: 'text',
  disabled: 'boolean',
  targetResources: 'texts',
  targetServiceAccounts: 'texts',
  targetSecureTags: [{ name: 'text' }],
  match: {
    srcIpRanges: 'texts',
    srcRegionCodes: 'texts',
    srcThreatIntelligences: 'texts',
    srcFqdns: 'texts',
    srcAddressGroups: 'texts',
    srcSecureTags: [{ name: 'text' }],
    srcNetworkType: 'text',
    srcNetworkScope: 'text',
    layer4Configs: [{ ipProtocol: 'text', ports: 'texts' }],
  },
} as const satisfies FactFields;
export type PolicyRuleFacts = Facts<typeof POLICY_RULE>;

/** `gcp-firewall-policy`: of an organisation or folder, and of networks. */
export const FIREWALL_POLICY = {
  ...ASSET,
  displayName: 'text',
  shortName: 'text',
  rules: [POLICY_RULE],
  associations: [{ attachmentTarget: 'text' }],
} as const satisfies FactFields;

/** `gcp-network`. */
export const NETWORK = {
  ...ASSET,
  name: 'text',
  networkFirewallPolicyEnforcementOrder: 'text',
} as const satisfies FactFields;

/** `gcp-forwarding-rule`. */
export const FORWARDING_RULE = {
  ...ASSET,
  name: 'text',
  loadBalancingScheme: 'text',
  IPAddress: 'text',
  IPProtocol: 'text',
  portRange: 'text',
  ports: 'texts',
  allPorts: 'boolean',
  target: 'text',
  backendService: 'text',
} as const satisfies FactFields;

/** `gcp-target-proxy`: of HTTP, HTTPS, SSL and TCP; `gcp-target-pool`. */
export const TARGET = {
  ...ASSET,
  urlMap: 'text',
  service: 'text',
  instances: 'texts',
} as const satisfies FactFields;

/** `gcp-url-map`. */
export const URL_MAP = {
  ...ASSET,
  defaultService: 'text',
  pathMatchers: [
    { defaultService: 'text', pathRules: [{ service: 'text' }], routeRules: [{ service: 'text' }] },
  ],
} as const satisfies FactFields;

/** `gcp-backend-service`, `gcp-backend-bucket`. `number` is what Identity-Aware Proxy may call it by. */
export const BACKEND = {
  ...ASSET,
  name: 'text',
  number: 'text',
  description: 'text',
  bucketName: 'text',
  port: 'number',
  portName: 'text',
  backends: [{ group: 'text' }],
  securityPolicy: 'text',
  iap: { enabled: 'boolean', oauth2ClientId: 'text' },
} as const satisfies FactFields;

/** `gcp-instance-group` (named ports), `gcp-instance-group-manager` (the group), `gcp-endpoint-group` (what runs serverless). */
export const BACKEND_GROUP = {
  ...ASSET,
  network: 'text',
  instanceGroup: 'text',
  namedPorts: [{ name: 'text', port: 'number' }],
  networkEndpointType: 'text',
  description: 'text',
  cloudRun: { service: 'text', urlMask: 'text' },
  cloudFunction: { function: 'text', urlMask: 'text' },
} as const satisfies FactFields;

/** `gcp-security-policy`: Cloud Armor. */
export const SECURITY_POLICY = {
  ...ASSET,
  rules: [
    {
      priority: 'number',
      action: 'text',
      preview: 'boolean',
      match: { versionedExpr: 'text', config: { srcIpRanges: 'texts' }, expr: { expression: 'text' } },
    },
  ],
} as const satisfies FactFields;

/** Of clusters: told at the old place, at the new one, or at both. */
const AUTHORIZED_NETWORKS = {
  enabled: 'boolean',
  cidrBlocks: [{ cidrBlock: 'text' }],
  gcpPublicCidrsAccessEnabled: 'boolean',
} as const;

/** `gcp-gke-cluster`. */
export const GKE_CLUSTER = {
  ...ASSET,
  status: 'text',
  endpoint: 'text',
  privateClusterConfig: { enablePrivateEndpoint: 'boolean', enablePrivateNodes: 'boolean' },
  masterAuthorizedNetworksConfig: AUTHORIZED_NETWORKS,
  controlPlaneEndpointsConfig: {
    dnsEndpointConfig: {
      allowExternalTraffic: 'boolean',
      enableK8sTokensViaDns: 'boolean',
      enableK8sCertsViaDns: 'boolean',
    },
    ipEndpointsConfig: {
      enabled: 'boolean',
      enablePublicEndpoint: 'boolean',
      authorizedNetworksConfig: AUTHORIZED_NETWORKS,
    },
  },
  anonymousAuthenticationConfig: { mode: 'text' },
  nodeConfig: { serviceAccount: 'text', oauthScopes: 'texts' },
} as const satisfies FactFields;

/** `gcp-run-service`: members as the second version of the API calls them. */
export const RUN_SERVICE = {
  ...ASSET,
  ingress: 'text',
  invokerIamDisabled: 'boolean',
  defaultUriDisabled: 'boolean',
  iapEnabled: 'boolean',
  serviceAccount: 'text',
} as const satisfies FactFields;

/** `gcp-function`, of both generations. */
export const GCP_FUNCTION = {
  ...ASSET,
  ingressSettings: 'text',
  httpsTrigger: { url: 'text' },
  eventTrigger: { eventType: 'text' },
  serviceAccountEmail: 'text',
  serviceConfig: { ingressSettings: 'text', service: 'text', serviceAccountEmail: 'text', uri: 'text' },
} as const satisfies FactFields;

const ACL = [{ entity: 'text', role: 'text' }] as const;

/** `gcp-bucket`. */
export const GCP_BUCKET = {
  ...ASSET,
  acl: ACL,
  defaultObjectAcl: ACL,
  iamConfiguration: {
    publicAccessPrevention: 'text',
    uniformBucketLevelAccess: { enabled: 'boolean' },
    bucketPolicyOnly: { enabled: 'boolean' },
  },
} as const satisfies FactFields;

/** `gcp-dataset`. */
export const DATASET = {
  ...ASSET,
  access: [{ role: 'text', specialGroup: 'text', iamMember: 'text', condition: { expression: 'text' } }],
} as const satisfies FactFields;

/** `gcp-sql-instance`. */
export const SQL_INSTANCE = {
  ...ASSET,
  databaseVersion: 'text',
  state: 'text',
  settings: {
    activationPolicy: 'text',
    ipConfiguration: {
      ipv4Enabled: 'boolean',
      authorizedNetworks: [{ value: 'text' }],
      sslMode: 'text',
      requireSsl: 'boolean',
    },
  },
} as const satisfies FactFields;

/** `gcp-service-account`. */
export const SERVICE_ACCOUNT = { ...ASSET, email: 'text', disabled: 'boolean' } as const satisfies FactFields;

/**
 * `gcp-identity-provider`: whose tokens a pool of workload identity federation takes, what it asks of them and what it calls
 * their claims: `attribute.repository=assertion.repository`.
 */
export const IDENTITY_PROVIDER = {
  ...ASSET,
  state: 'text',
  disabled: 'boolean',
  attributeCondition: 'text',
  attributeMapping: 'texts',
  oidc: { issuerUri: 'text' },
} as const satisfies FactFields;

/** `gcp-identity-pool`: of workload identity federation, with the providers below its name. */
export const IDENTITY_POOL = { ...ASSET, state: 'text', disabled: 'boolean' } as const satisfies FactFields;

/** `gcp-domain-mapping`: a domain of somebody's own that leads to a service of Cloud Run. */
export const DOMAIN_MAPPING = { ...ASSET, spec: { routeName: 'text' } } as const satisfies FactFields;

/** `gcp-role`: a custom role. */
export const GCP_ROLE = {
  ...ASSET,
  name: 'text',
  includedPermissions: 'texts',
} as const satisfies FactFields;

/** Everything else: only where it is. */
export const ANY_ASSET = ASSET;

/**
 * `gcp-iam-policy`: the bindings of the asset `of`; searches do not find those of Identity-Aware Proxy. `isAlone`: somebody asked
 * for this one, which tells nothing of what else has a policy.
 */
export const IAM_POLICY = {
  of: 'text',
  ancestors: 'texts',
  bySearch: 'boolean',
  isAlone: 'boolean',
  bindings: [{ role: 'text', members: 'texts', condition: { expression: 'text' } }],
} as const satisfies FactFields;
export type BindingFacts = NonNullable<Facts<typeof IAM_POLICY>['bindings']>[number];

/** `gcp-org-policy`: one constraint at a project, folder or organisation. */
export const ORG_POLICY = {
  of: 'text',
  constraint: 'text',
  enforced: 'boolean',
  allowedValues: 'texts',
} as const satisfies FactFields;

/** `gcp-deny-policy`: of IAM, at a project, folder or organisation. `condition` is an expression. */
export const DENY_POLICY = {
  id: 'text',
  of: 'text',
  rules: [
    {
      deniedPrincipals: 'texts',
      exceptionPrincipals: 'texts',
      deniedPermissions: 'texts',
      exceptionPermissions: 'texts',
      condition: 'text',
    },
  ],
} as const satisfies FactFields;
export type DenyRuleFacts = NonNullable<Facts<typeof DENY_POLICY>['rules']>[number];

/** `gcp-perimeter`: of VPC Service Controls; what is enforced is `status`. */
export const PERIMETER = {
  ...ASSET,
  title: 'text',
  perimeterType: 'text',
  status: {
    resources: 'texts',
    restrictedServices: 'texts',
    accessLevels: 'texts',
    ingressPolicies: [
      {
        ingressFrom: {
          identityType: 'text',
          identities: 'texts',
          sources: [{ accessLevel: 'text', resource: 'text' }],
        },
        ingressTo: { resources: 'texts', operations: [{ serviceName: 'text' }] },
      },
    ],
  },
} as const satisfies FactFields;

/** `gcp-access-level`: whom a perimeter lets in; each condition asks for all that it names. A `custom` one is an expression. */
export const ACCESS_LEVEL = {
  ...ASSET,
  name: 'text',
  title: 'text',
  basic: {
    combiningFunction: 'text',
    conditions: [{ ipSubnetworks: 'texts', members: 'texts', negate: 'boolean', asksMore: 'boolean' }],
  },
} as const satisfies FactFields;

/** `gcp-membership`: a member of a Google group, both as policies spell them; without one: the list of them was told. */
export const MEMBERSHIP = { id: 'text', group: 'text', member: 'text' } as const satisfies FactFields;

/** `gcp-user`, `gcp-group`, `gcp-workload-identity`: a member as policies spell it. */
export const MEMBER = { id: 'text', member: 'text' } as const satisfies FactFields;
