import type { JsonObject, JsonValue } from '#base/json-value.ts';
import { row, type Settled } from './formats.settled.test-sample.ts';

const S = '00000000-0000-0000-0000-000000000001';
const ID = `/subscriptions/${S}/resourceGroups/g/providers`;
const FDID = '7f1d0000-0000-4000-8000-00000000000a';

const one = (type: string, name: string, properties: JsonObject = {}): JsonObject => ({
  id: `${ID}/${type}/${name}`,
  name,
  type,
  location: 'westeurope',
  ...properties,
});

const PROFILE = `${ID}/Microsoft.Cdn/profiles/fd`;
const profile = [one('Microsoft.Cdn/profiles', 'fd', { frontDoorId: FDID })];
const part = (path: string, more: JsonObject): JsonObject => ({
  id: `${PROFILE}/${path}`,
  name: path.slice(path.lastIndexOf('/') + 1),
  resourceGroup: 'g',
  ...more,
});
const endpoint = [part('afdEndpoints/shop', { enabledState: 'Enabled', hostName: 'shop.azurefd.net' })];
const origin = (more: JsonObject = {}): JsonValue => [
  part('originGroups/o/origins/x', {
    hostName: 'shop.azurewebsites.net',
    enabledState: 'Enabled',
    ...more,
  }),
];
const route = [
  part('afdEndpoints/shop/routes/r', {
    enabledState: 'Enabled',
    linkToDefaultDomain: 'Enabled',
    originGroup: { id: `${PROFILE}/originGroups/o` },
  }),
];
const SITE = `${ID}/Microsoft.Web/sites/shop`;
const site = (properties: JsonObject): JsonValue => [
  one('Microsoft.Web/sites', 'shop', {
    state: 'Running',
    publicNetworkAccess: 'Enabled',
    defaultHostName: 'shop.azurewebsites.net',
    ...properties,
  }),
];
const guarded = site({
  siteConfig: {
    ipSecurityRestrictions: [
      {
        ipAddress: 'AzureFrontDoor.Backend',
        tag: 'ServiceTag',
        action: 'Allow',
        priority: 1,
        headers: { 'X-Azure-FDID': [FDID] },
      },
    ],
  },
});
const FRONTED = {
  'sites.json': guarded,
  'profiles.json': profile,
  'endpoints.json': endpoint,
  'origins.json': origin(),
  'routes.json': route,
} satisfies Settled['known'];
const but = (file: keyof typeof FRONTED): Settled['known'] =>
  Object.fromEntries(Object.entries(FRONTED).filter(([name]) => name !== file));

const fileOf = (call: string, id: string): string => `${call}-${encodeURIComponent(id.toLowerCase())}.json`;

const linked = (status: string | null): Settled['known'] => ({
  ...but('origins.json'),
  'sites.json': site({ publicNetworkAccess: 'Disabled' }),
  'origins.json': origin({ sharedPrivateLinkResource: { privateLink: { id: SITE }, status } }),
});

const WAF = `${ID}/Microsoft.Network/frontDoorWebApplicationFirewallPolicies/waf`;
const security = [
  part('securityPolicies/s', {
    parameters: {
      wafPolicy: { id: WAF },
      associations: [{ domains: [{ id: `${PROFILE}/afdEndpoints/shop` }], patternsToMatch: ['/*'] }],
    },
  }),
];
const policy = (type: string, rules: JsonObject): JsonValue => [
  one(`Microsoft.Network/${type}`, 'waf', {
    policySettings: { enabledState: 'Enabled', state: 'Enabled', mode: 'Prevention' },
    ...rules,
  }),
];
const office = (more: JsonObject): JsonObject => ({
  name: 'office',
  priority: 1,
  ruleType: 'MatchRule',
  action: 'Block',
  matchConditions: [{ operator: 'IPMatch', ...more }],
});

const GATEWAY = `${ID}/Microsoft.Network/applicationGateways/gw`;
const gatewayPart = (kind: string, more: JsonObject = {}): JsonObject => ({
  id: `${GATEWAY}/${kind}/x`,
  name: 'x',
  ...more,
});
const to = (kind: string): JsonObject => ({ id: `${GATEWAY}/${kind}/x` });
const SUBNET = `${ID}/Microsoft.Network/virtualNetworks/net/subnets/s`;
const gateway = {
  'gateways.json': [
    one('Microsoft.Network/applicationGateways', 'gw', {
      operationalState: 'Running',
      firewallPolicy: {
        id: `${ID}/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/waf`,
      },
      gatewayIPConfigurations: [{ subnet: { id: SUBNET } }],
      frontendIPConfigurations: [
        gatewayPart('frontendIPConfigurations', {
          publicIPAddress: { id: `${ID}/Microsoft.Network/publicIPAddresses/ip` },
        }),
      ],
      frontendPorts: [gatewayPart('frontendPorts', { port: 443 })],
      httpListeners: [
        gatewayPart('httpListeners', {
          frontendIPConfiguration: to('frontendIPConfigurations'),
          frontendPort: to('frontendPorts'),
        }),
      ],
      backendAddressPools: [
        gatewayPart('backendAddressPools', { backendAddresses: [{ fqdn: 'shop.azurewebsites.net' }] }),
      ],
      requestRoutingRules: [
        { httpListener: to('httpListeners'), backendAddressPool: to('backendAddressPools') },
      ],
    }),
  ],
  'addresses.json': [
    one('Microsoft.Network/publicIPAddresses', 'ip', {
      ipAddress: '20.50.2.14',
      sku: { name: 'Standard' },
    }),
  ],
  'networks.json': [
    one('Microsoft.Network/virtualNetworks', 'net', {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ id: SUBNET, addressPrefix: '10.0.0.0/24' }],
    }),
  ],
} satisfies Settled['known'];
const openPolicy = policy('applicationGatewayWebApplicationFirewallPolicies', { customRules: [] });

const namespace = (call: string, type: string): readonly Settled[] => {
  const id = `${ID}/${type}/bus`;
  const command = `az ${call} network-rule-set list --resource-group g --namespace-name bus > ${fileOf(`${call.replaceAll(' ', '-')}-network-rule-set-list`, id)}`;
  const known = { 'namespaces.json': [one(type, 'bus', { publicNetworkAccess: 'Enabled' })] };
  const rules = (defaultAction: string): JsonValue => [
    { id: `${id}/networkRuleSets/default`, name: 'default', defaultAction, ipRules: [] },
  ];
  return [row(command, known, rules('Allow')), row(command, known, rules('Deny'), 'no')];
};

/** What stands in front of services of Azure, and namespaces of messages. */
export const AZURE_FRONTS_SETTLED: readonly Settled[] = [
  row(
    `az afd route list --resource-group g --profile-name fd --endpoint-name shop > ${fileOf('afd-route-list', `${PROFILE}/afdEndpoints/shop`)}`,
    but('routes.json'),
    route,
  ),
  row(
    `az afd route list --resource-group g --profile-name fd --endpoint-name shop > ${fileOf('afd-route-list', `${PROFILE}/afdEndpoints/shop`)}`,
    but('routes.json'),
    [],
    'no',
  ),
  row('az afd profile list', but('profiles.json'), profile),
  row(
    'az afd origin-group list --resource-group g --profile-name fd, and of each az afd origin list --resource-group g --profile-name fd --origin-group-name NAME',
    but('origins.json'),
    { 'groups.json': [part('originGroups/o', {})], 'origins.json': origin() },
  ),
  row(
    `az resource show --ids ${SITE.toLowerCase()}`,
    linked(null),
    one('Microsoft.Web/sites', 'shop', {
      properties: {
        state: 'Running',
        publicNetworkAccess: 'Disabled',
        defaultHostName: 'shop.azurewebsites.net',
        privateEndpointConnections: [
          { id: 'c', properties: { privateLinkServiceConnectionState: { status: 'Rejected' } } },
        ],
      },
    }),
    'no',
  ),
  row(
    'az network front-door waf-policy list',
    { ...FRONTED, 'security.json': security },
    policy('frontDoorWebApplicationFirewallPolicies', { customRules: { rules: [] } }),
  ),
  row(
    'az network front-door waf-policy list',
    { ...FRONTED, 'security.json': security },
    policy('frontDoorWebApplicationFirewallPolicies', {
      customRules: {
        rules: [office({ matchVariable: 'SocketAddr', negateCondition: true, matchValue: ['20.1.2.0/24'] })],
      },
    }),
    'no',
  ),
  row('az network application-gateway waf-policy list', gateway, openPolicy),
  row(
    'az network application-gateway waf-policy list',
    gateway,
    policy('applicationGatewayWebApplicationFirewallPolicies', {
      customRules: [
        office({
          matchVariables: [{ variableName: 'RemoteAddr' }],
          negationConditon: true,
          matchValues: ['20.1.2.0/24'],
        }),
      ],
    }),
    'no',
  ),
  row(
    'az network private-endpoint list',
    {
      ...gateway,
      'policies.json': openPolicy,
      'sites.json': site({
        publicNetworkAccess: 'Disabled',
        privateEndpointConnections: [{ id: 'c', privateLinkServiceConnectionState: { status: 'Approved' } }],
      }),
    },
    [
      one('Microsoft.Network/privateEndpoints', 'pe', {
        subnet: { id: SUBNET },
        privateLinkServiceConnections: [
          { privateLinkServiceId: SITE, privateLinkServiceConnectionState: { status: 'Approved' } },
        ],
      }),
    ],
  ),
  ...namespace('servicebus namespace', 'Microsoft.ServiceBus/namespaces'),
  ...namespace('eventhubs namespace', 'Microsoft.EventHub/namespaces'),
];
