import type { JsonObject, JsonValue } from '#base/json-value.ts';
import { row, type Settled, without } from './formats.settled.test-sample.ts';

const S = '00000000-0000-0000-0000-000000000001';
const PRINCIPAL = '00000000-0000-0000-0000-00000000000a';
const GROUP = '00000000-0000-0000-0000-00000000000b';
const ID = `/subscriptions/${S}/resourceGroups/g/providers`;
const lower = (id: string): string => id.toLowerCase();

const one = (type: string, name: string, properties: JsonObject = {}): JsonObject => ({
  id: `${ID}/${type}/${name}`,
  name,
  type: type.toLowerCase(),
  location: 'westeurope',
  ...properties,
});
/** What is known of a thing by a query that left its properties out. */
const bare = (type: string, name: string): JsonObject => ({
  count: 1,
  total_records: 1,
  data: [{ ...one(type, name), properties: { provisioningState: 'Succeeded' } }],
});

const NETWORK = 'Microsoft.Network';
const NIC = `${ID}/${NETWORK}/networkInterfaces/nic`;
const SUBNET = `${ID}/${NETWORK}/virtualNetworks/net/subnets/web`;
const NSG = `${ID}/${NETWORK}/networkSecurityGroups/open`;
const TABLE = `${ID}/${NETWORK}/routeTables/out`;
const IP = `${ID}/${NETWORK}/publicIPAddresses/ip`;
const LB = `${ID}/${NETWORK}/loadBalancers/lb`;
const VM = { networkProfile: { networkInterfaces: [{ id: NIC }] } };
const vnet = (subnet: JsonObject): JsonValue => [
  one(`${NETWORK}/virtualNetworks`, 'net', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ id: SUBNET, addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: NSG }, ...subnet }],
  }),
];
const nic = (configuration: JsonObject): JsonValue => [
  one(`${NETWORK}/networkInterfaces`, 'nic', {
    ipConfigurations: [
      {
        id: `${NIC}/ipConfigurations/c`,
        privateIPAddress: '10.0.1.4',
        subnet: { id: SUBNET },
        ...configuration,
      },
    ],
  }),
];
const MACHINE = {
  'vm.json': [one('Microsoft.Compute/virtualMachines', 'web', VM)],
  'nic.json': nic({ publicIPAddress: { id: IP } }),
  'ip.json': [
    one(`${NETWORK}/publicIPAddresses`, 'ip', { ipAddress: '20.50.2.14', sku: { name: 'Standard' } }),
  ],
  'nsg.json': [
    one(`${NETWORK}/networkSecurityGroups`, 'open', {
      securityRules: [
        {
          name: 'web',
          priority: 100,
          access: 'Allow',
          direction: 'Inbound',
          protocol: 'Tcp',
          sourcePortRange: '*',
          sourceAddressPrefix: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '443',
        },
      ],
    }),
  ],
  'vnet.json': vnet({}),
} satisfies Settled['known'];

const BALANCER = [
  one(`${NETWORK}/loadBalancers`, 'lb', {
    sku: { name: 'Standard' },
    frontendIPConfigurations: [{ id: `${LB}/frontendIPConfigurations/f`, publicIPAddress: { id: IP } }],
    backendAddressPools: [{ id: `${LB}/backendAddressPools/p` }],
    loadBalancingRules: [
      {
        name: 'web',
        protocol: 'Tcp',
        frontendPort: 443,
        backendPort: 443,
        frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` },
        backendAddressPool: { id: `${LB}/backendAddressPools/p` },
      },
    ],
  }),
];
const BALANCED = {
  ...MACHINE,
  'nic.json': nic({ loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/p` }] }),
} satisfies Settled['known'];

const STORAGE = 'Microsoft.Storage/storageAccounts';
const ACCOUNT = lower(`${ID}/${STORAGE}/files`);
const OPEN_ACCOUNT = {
  allowBlobPublicAccess: true,
  publicNetworkAccess: 'Enabled',
  networkAcls: { defaultAction: 'Allow' },
};
const CONTAINERS = `${encodeURIComponent(`${ID}/${STORAGE}/files`)}`;
const container = (publicAccess: string): JsonObject => ({
  id: `${ID}/${STORAGE}/files/blobServices/default/containers/c`,
  name: 'c',
  publicAccess,
});
const SQL = 'Microsoft.Sql/servers';
const rules = (call: string, flag: string, type: string): readonly Settled[] => {
  const id = lower(`${ID}/${type}/s`);
  const server = { 'server.json': [one(type, 's', { publicNetworkAccess: 'Enabled' })] };
  const command = `az ${call} --resource-group g ${flag} s > ${call.replaceAll(' ', '-')}-${encodeURIComponent(id)}.json`;
  return [
    row(command, server, [
      {
        id: `${ID}/${type}/s/firewallRules/all`,
        name: 'all',
        startIpAddress: '0.0.0.0',
        endIpAddress: '255.255.255.255',
      },
    ]),
    row(command, server, [], 'no'),
  ];
};
const REDIS = 'Microsoft.Cache/redis';
const CACHE = { 'cache.json': [one(REDIS, 's', { publicNetworkAccess: 'Enabled' })] };
const CACHE_RULES = `az redis firewall-rules list --resource-group g --name s > redis-firewall-rules-list-${encodeURIComponent(lower(`${ID}/${REDIS}/s`))}.json`;
const PERIMETER = `${ID}/${NETWORK}/networkSecurityPerimeters/p`;
const VAULT = 'Microsoft.KeyVault/vaults';
const SECURED = { 'vault.json': [one(VAULT, 'v', { publicNetworkAccess: 'SecuredByPerimeter' })] };
const ASSOCIATION = [
  {
    id: `${PERIMETER}/resourceAssociations/v`,
    name: 'v',
    privateLinkResource: { id: `${ID}/${VAULT}/v` },
    profile: { id: `${PERIMETER}/profiles/all` },
  },
];
const RULES = `az network perimeter profile access-rule list --resource-group g --perimeter-name p --profile-name all > network-perimeter-profile-access-rule-list-${encodeURIComponent(`${PERIMETER}/profiles/all`)}.json`;
const APP = 'Microsoft.App/containerApps';
const ENVIRONMENT = `${ID}/Microsoft.App/managedEnvironments/e`;
const app = (ingress: JsonObject): JsonValue => [
  one(APP, 'a', { managedEnvironmentId: ENVIRONMENT, configuration: { ingress } }),
];
const GATEWAY = `${ID}/${NETWORK}/applicationGateways/gw`;

/** Questions of public accessibility in Azure. */
export const AZURE_SETTLED: readonly Settled[] = [
  row(
    'az vm list',
    { ...MACHINE, 'vm.json': bare('Microsoft.Compute/virtualMachines', 'web') },
    MACHINE['vm.json'],
  ),
  row('az network nic list', without(MACHINE, 'nic'), MACHINE['nic.json']),
  row('az network vnet list', without(MACHINE, 'vnet'), MACHINE['vnet.json']),
  row('az network nsg list', without(MACHINE, 'nsg'), MACHINE['nsg.json']),
  row(
    'az network public-ip list',
    { ...without(MACHINE, 'ip'), 'vnet.json': vnet({ networkSecurityGroup: null }) },
    MACHINE['ip.json'],
    'no',
  ),
  row('az network route-table list', { ...MACHINE, 'vnet.json': vnet({ routeTable: { id: TABLE } }) }, [
    one(`${NETWORK}/routeTables`, 'out', { routes: [] }),
  ]),
  row('az network lb list', BALANCED, BALANCER),
  row(
    'az network nic list, az vmss list',
    { ...without(BALANCED, 'nic', 'vm'), 'lb.json': BALANCER },
    BALANCED['nic.json'],
  ),
  row(
    'az vmss list',
    { ...MACHINE, 'vmss.json': bare('Microsoft.Compute/virtualMachineScaleSets', 'set') },
    [
      one('Microsoft.Compute/virtualMachineScaleSets', 'set', {
        sku: { capacity: 1 },
        virtualMachineProfile: {
          networkProfile: {
            networkInterfaceConfigurations: [
              { name: 'n', ipConfigurations: [{ name: 'c', subnet: { id: SUBNET } }] },
            ],
          },
        },
      }),
    ],
    'no',
  ),
  row(
    'az network application-gateway list',
    { ...MACHINE, 'gw.json': bare(`${NETWORK}/applicationGateways`, 'gw') },
    [
      one(`${NETWORK}/applicationGateways`, 'gw', {
        frontendIPConfigurations: [
          { id: `${GATEWAY}/frontendIPConfigurations/f`, publicIPAddress: { id: IP } },
        ],
        frontendPorts: [{ id: `${GATEWAY}/frontendPorts/p`, port: 443 }],
        httpListeners: [
          {
            name: 'l',
            protocol: 'Https',
            frontendIPConfiguration: { id: `${GATEWAY}/frontendIPConfigurations/f` },
            frontendPort: { id: `${GATEWAY}/frontendPorts/p` },
          },
        ],
        gatewayIPConfigurations: [{ subnet: { id: SUBNET } }],
      }),
    ],
  ),
  row(
    `az storage container-rm list --storage-account files > storage-container-rm-list-${CONTAINERS}.json`,
    { 'account.json': [one(STORAGE, 'files', OPEN_ACCOUNT)] },
    [container('Blob')],
  ),
  row(
    `az storage container-rm list --storage-account files > storage-container-rm-list-${CONTAINERS}.json`,
    { 'account.json': [one(STORAGE, 'files', OPEN_ACCOUNT)] },
    [],
    'no',
  ),
  row(
    'az storage account list',
    { 'containers.json': [container('Blob')] },
    [one(STORAGE, 'files', { ...OPEN_ACCOUNT, allowBlobPublicAccess: false })],
    'no',
  ),
  row(
    `az storage account show --ids ${ACCOUNT}`,
    { 'account.json': bare(STORAGE, 'files'), 'containers.json': [container('Container')] },
    one(STORAGE, 'files', OPEN_ACCOUNT),
  ),
  ...rules('sql server firewall-rule list', '--server', SQL),
  row(
    CACHE_RULES,
    CACHE,
    [{ id: `${ID}/${REDIS}/s/firewallRules/office`, startIP: '8.8.8.0', endIP: '8.8.8.9' }],
    'no',
  ),
  row(CACHE_RULES, CACHE, []),
  ...rules(
    'postgres flexible-server firewall-rule list',
    '--server-name',
    'Microsoft.DBforPostgreSQL/flexibleServers',
  ),
  ...rules('mysql flexible-server firewall-rule list', '--name', 'Microsoft.DBforMySQL/flexibleServers'),
  ...rules('mariadb server firewall-rule list', '--server-name', 'Microsoft.DBforMariaDB/servers'),
  row(
    `az resource show --ids ${lower(`${ID}/${VAULT}/v`)}`,
    { 'vault.json': bare(VAULT, 'v') },
    one(VAULT, 'v', {
      properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } },
    }),
  ),
  row(
    'az network perimeter association list --resource-group GROUP --perimeter-name NAME',
    {
      ...SECURED,
      'rules.json': [
        {
          id: `${PERIMETER}/profiles/all/accessRules/x`,
          name: 'x',
          direction: 'Inbound',
          addressPrefixes: ['0.0.0.0/0'],
        },
      ],
    },
    ASSOCIATION,
  ),
  row(RULES, { ...SECURED, 'association.json': ASSOCIATION }, [
    {
      id: `${PERIMETER}/profiles/all/accessRules/x`,
      name: 'x',
      direction: 'Inbound',
      addressPrefixes: ['0.0.0.0/0'],
    },
  ]),
  row(
    RULES,
    { ...SECURED, 'association.json': ASSOCIATION },
    [
      {
        id: `${PERIMETER}/profiles/all/accessRules/o`,
        name: 'o',
        direction: 'Outbound',
        fullyQualifiedDomainNames: ['a.b'],
      },
    ],
    'no',
  ),
  row(RULES, { ...SECURED, 'association.json': ASSOCIATION }, [], 'no'),
  row(
    `az webapp config show --ids ${lower(`${ID}/Microsoft.Web/sites/s`)}`,
    { 'site.json': bare('Microsoft.Web/sites', 's') },
    {
      id: `${ID}/Microsoft.Web/sites/s/config/web`,
      name: 's',
      type: 'Microsoft.Web/sites/config',
      ipSecurityRestrictions: [{ ipAddress: 'Any', action: 'Allow', priority: 2147483647 }],
    },
  ),
  row(
    `az apim show --ids ${lower(`${ID}/Microsoft.ApiManagement/service/x`)}`,
    { 'apim.json': bare('Microsoft.ApiManagement/service', 'x') },
    one('Microsoft.ApiManagement/service', 'x', { publicNetworkAccess: 'Disabled' }),
    'no',
  ),
  row(
    'az containerapp list',
    { 'app.json': bare(APP, 'a') },
    [one(APP, 'a', { configuration: { ingress: null } })],
    'no',
  ),
  row('az containerapp env list', { 'app.json': app({ external: true, targetPort: 80 }) }, [
    one('Microsoft.App/managedEnvironments', 'e', {}),
  ]),
  row(
    'az aks list',
    { 'aks.json': bare('Microsoft.ContainerService/managedClusters', 'k') },
    [
      one('Microsoft.ContainerService/managedClusters', 'k', {
        apiServerAccessProfile: { enablePrivateCluster: true },
      }),
    ],
    'no',
  ),
];

const ROLE = `/subscriptions/${S}/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-0000-0000-0000000000cc`;
const USER = { id: PRINCIPAL, '@odata.type': '#microsoft.graph.user', userPrincipalName: 'u@example.com' };
const assignment = (principalId: string, roleDefinitionId: string): JsonValue => [
  {
    id: `/subscriptions/${S}/providers/Microsoft.Authorization/roleAssignments/1`,
    name: '1',
    principalId,
    principalType: principalId === GROUP ? 'Group' : 'User',
    roleDefinitionId,
    scope: `/subscriptions/${S}`,
  },
];
const OWNER = `/subscriptions/${S}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const IDENTITY = `${ID}/Microsoft.ManagedIdentity/userAssignedIdentities/mi`;

/** Questions of privilege in Azure. */
export const AZURE_PRIVILEGES_SETTLED: readonly Settled[] = [
  row('az role assignment list --all', { 'users.json': [USER] }, assignment(PRINCIPAL, OWNER)),
  row(
    'az rest --url "https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments?$expand=roleDefinition"',
    { 'users.json': [USER], 'assignments.json': assignment(S, OWNER) },
    { value: [{ id: 'a', principalId: GROUP, roleDefinitionId: S, directoryScopeId: '/' }] },
    'no',
  ),
  row(
    'az role definition list',
    {
      'users.json': [USER],
      'assignments.json': assignment(PRINCIPAL, ROLE),
      'directory.json': {
        value: [{ id: 'a', principalId: GROUP, roleDefinitionId: S, directoryScopeId: '/' }],
      },
    },
    [{ id: ROLE, name: 'cc', roleName: 'everything', permissions: [{ actions: ['*'] }] }],
  ),
  row(
    'az identity list',
    {
      ...MACHINE,
      'vm.json': [
        one('Microsoft.Compute/virtualMachines', 'web', {
          ...VM,
          identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
        }),
      ],
      'assignments.json': assignment(PRINCIPAL, OWNER),
    },
    [
      {
        id: IDENTITY,
        name: 'mi',
        type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
        principalId: PRINCIPAL,
      },
    ],
  ),
  row(
    `az ad group member list --group ${GROUP} > ad-group-member-list-${GROUP}.json`,
    {
      'users.json': [USER],
      'groups.json': [
        { id: GROUP, '@odata.type': '#microsoft.graph.group', displayName: 'admins', securityEnabled: true },
      ],
      'assignments.json': assignment(GROUP, OWNER),
      'directory.json': { value: [{ id: 'a', principalId: S, roleDefinitionId: S, directoryScopeId: '/' }] },
    },
    [USER],
  ),
];
