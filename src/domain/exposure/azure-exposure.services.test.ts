import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, verdictOn } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const ANY = { ipAddress: 'Any', action: 'Allow', priority: 2_147_483_647, name: 'Allow all' };
const ACCOUNT_ID = armId('Microsoft.Storage/storageAccounts', 'files');

function site(facts: JsonObject, type = 'azure-web-app'): EstateResource {
  return azure(type, armId('Microsoft.Web/sites', 'shop'), {
    state: 'Running',
    publicNetworkAccess: 'Enabled',
    defaultHostName: 'shop.azurewebsites.net',
    siteConfig: { ipSecurityRestrictions: [ANY] },
    ...facts,
  });
}

function siteConfig(name: string, facts: JsonObject): EstateResource {
  return azure('azure-site-config', `${armId('Microsoft.Web/sites', 'shop')}/config/${name}`, facts);
}

const restricted = (...ipSecurityRestrictions: JsonObject[]): JsonObject => ({
  siteConfig: { ipSecurityRestrictions },
});
const LOGIN = siteConfig('authsettingsV2', {
  platform: { enabled: true },
  globalValidation: { requireAuthentication: true },
});

describe('a web or function app', () => {
  it.each<[string, string, readonly EstateResource[]]>([
    ['lets anybody in', 'yes | internet tcp/443 app', [site({})]],
    [
      'a function app asks for a key, which is no login',
      'yes | internet tcp/443 api-key',
      [site({}, 'azure-function-app')],
    ],
    ['public access disabled', 'no', [site({ publicNetworkAccess: 'Disabled' })]],
    [
      'a private endpoint and no word about public access',
      'no',
      [site({ publicNetworkAccess: null, privateEndpointConnections: [{ id: '/x' }] })],
    ],
    ['stopped', 'no', [site({ state: 'Stopped' })]],
    [
      'an office alone',
      'no | partner tcp/443 app',
      [site(restricted({ ipAddress: '20.1.2.0/24', action: 'Allow', priority: 100 }))],
    ],
    [
      'a denial before the rule for anybody',
      'no',
      [
        site(
          restricted(
            { ipAddress: '0.0.0.0/0', action: 'Deny', priority: 1 },
            { ipAddress: '::/0', action: 'Deny', priority: 2 },
            ANY,
          ),
        ),
      ],
    ],
    [
      'a denial of an office alone',
      'yes | internet tcp/443 app',
      [site(restricted({ ipAddress: '20.0.0.0/8', action: 'Deny', priority: 1 }, ANY))],
    ],
    [
      'a subnet alone',
      'no',
      [site(restricted({ vnetSubnetResourceId: '/x', action: 'Allow', priority: 1 }))],
    ],
    ['no rule at all', 'yes | internet tcp/443 app', [site(restricted())]],
    [
      'no rule, and the rest refused',
      'no',
      [site({ siteConfig: { ipSecurityRestrictions: [], ipSecurityRestrictionsDefaultAction: 'Deny' } })],
    ],
    [
      'Front Door alone, and any',
      'yes | any-azure tcp/443 app',
      [
        site(
          restricted({
            ipAddress: 'AzureFrontDoor.Backend',
            tag: 'ServiceTag',
            action: 'Allow',
            priority: 1,
          }),
        ),
      ],
    ],
    [
      'every machine of Azure',
      'yes | any-azure tcp/443 app',
      [site(restricted({ ipAddress: 'AzureCloud', tag: 'ServiceTag', action: 'Allow', priority: 1 }))],
    ],
    [
      'restrictions that nobody described',
      'unknown: the access restrictions of shop: az webapp config show',
      [site({ siteConfig: {} })],
    ],
    [
      'restrictions that nobody can read',
      'unknown: readable access restrictions of shop: az webapp config show',
      [site(restricted({ ipAddress: '<office>', action: 'Allow' }))],
    ],
    [
      'restrictions in a description of their own',
      'no | partner tcp/443 app',
      [
        siteConfig('web', { ipSecurityRestrictions: [{ ipAddress: '20.1.2.0/24', action: 'Allow' }] }),
        site({ siteConfig: {} }),
      ],
    ],
    ['a login in front', 'no', [LOGIN, site({})]],
    ...['RedirectToLoginPage', 'Return401', 'Return403', 'Return404'].map(
      (unauthenticatedClientAction): [string, string, readonly EstateResource[]] => [
        `a login that answers strangers with ${unauthenticatedClientAction}`,
        'no',
        [
          siteConfig('authsettingsV2', {
            platform: { enabled: true },
            globalValidation: { unauthenticatedClientAction },
          }),
          site({}),
        ],
      ],
    ),
    [
      'a login that lets strangers through',
      'yes | internet tcp/443 app',
      [
        siteConfig('authsettingsV2', {
          platform: { enabled: true },
          globalValidation: { unauthenticatedClientAction: 'AllowAnonymous' },
        }),
        site({}),
      ],
    ],
    [
      'a login that is off',
      'yes | internet tcp/443 app',
      [
        siteConfig('authsettingsV2', {
          platform: { enabled: false },
          globalValidation: { requireAuthentication: true },
        }),
        site({}),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

function account(facts: JsonObject): EstateResource {
  return azure('azure-storage-account', ACCOUNT_ID, {
    publicNetworkAccess: 'Enabled',
    networkAcls: { defaultAction: 'Allow' },
    ...facts,
  });
}

function container(publicAccess: string | null): EstateResource {
  return azure('azure-blob-container', `${ACCOUNT_ID}/blobServices/default/containers/c`, { publicAccess });
}

const SWITCH = 'whether files allows public containers (allowBlobPublicAccess): az storage account show';

describe('a blob container', () => {
  it.each<[string, string, JsonObject, string | null]>([
    ['allowed, for blobs', 'yes | internet read none', { allowBlobPublicAccess: true }, 'Blob'],
    ['allowed, with a list', 'yes | internet list, read none', { allowBlobPublicAccess: true }, 'Container'],
    ['not allowed', 'no', { allowBlobPublicAccess: false }, 'Container'],
    ['47 the switch is absent', `unknown: ${SWITCH}`, {}, 'Blob'],
    ['the switch is absent, the container private', 'no', {}, 'None'],
    ['private', 'no', { allowBlobPublicAccess: true }, 'None'],
    [
      'nobody told the access',
      'unknown: the public access of container c: az storage container-rm list',
      { allowBlobPublicAccess: true },
      null,
    ],
    [
      'public access to the account is disabled',
      'no',
      { allowBlobPublicAccess: true, publicNetworkAccess: 'Disabled' },
      'Blob',
    ],
    [
      'the network rules let nobody in',
      'no',
      { allowBlobPublicAccess: true, networkAcls: { defaultAction: 'Deny' } },
      'Blob',
    ],
    [
      'the network rules let an office in',
      'no | partner read none',
      {
        allowBlobPublicAccess: true,
        networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3' }] },
      },
      'Blob',
    ],
    [
      'the network rules let half of the internet in',
      'yes | internet-wide read none',
      {
        allowBlobPublicAccess: true,
        networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '0.0.0.0/1' }] },
      },
      'Blob',
    ],
    [
      'nobody described the network',
      'unknown: the network rules of files: az storage account show',
      { allowBlobPublicAccess: true, networkAcls: null, publicNetworkAccess: null },
      'Blob',
    ],
  ])('%s', (_, verdict, facts, access) => {
    expect(verdictOn(account(facts), container(access))).toBe(verdict);
    expect(verdictOn(container(access), account(facts))).toBe(verdict);
  });

  it('of an account that was not described', () => {
    expect(verdictOn(container('Blob'))).toBe('unknown: storage account files: az storage account list');
  });
});

describe('a storage account without a list of its containers', () => {
  it.each<[string, string, JsonObject]>([
    ['that allows none to be public', 'no', { allowBlobPublicAccess: false }],
    [
      'that allows it',
      'unknown: the containers of files: az storage container-rm list',
      { allowBlobPublicAccess: true },
    ],
    ['47 that does not say', `unknown: the containers of files: az storage container-rm list; ${SWITCH}`, {}],
  ])('%s', (_, verdict, facts) => {
    expect(verdictOn(account(facts))).toBe(verdict);
  });
});

function range(name: string, startIpAddress: string, endIpAddress: string): EstateResource {
  return azure(
    'azure-database-firewall-rule',
    `${armId('Microsoft.Sql/servers', 'db')}/firewallRules/${name}`,
    { startIpAddress, endIpAddress },
  );
}

function server(facts: JsonObject, type = 'azure-sql-server'): EstateResource {
  return azure(type, armId('Microsoft.Sql/servers', 'db'), { publicNetworkAccess: 'Enabled', ...facts });
}

const EVERYBODY = range('all', '0.0.0.0', '255.255.255.255');

describe('a database server', () => {
  it.each<[string, string, readonly EstateResource[]]>([
    ['open to everybody', 'yes | internet tcp/1433 db-password', [EVERYBODY, server({})]],
    ['PostgreSQL', 'yes | internet tcp/5432 db-password', [EVERYBODY, server({}, 'azure-postgresql-server')]],
    [
      'the two halves of the internet',
      'yes | internet tcp/1433 db-password',
      [range('a', '0.0.0.0', '127.255.255.255'), range('b', '128.0.0.0', '255.255.255.255'), server({})],
    ],
    [
      'the pair of zeros is all of Azure',
      'yes | any-azure tcp/1433 db-password',
      [range('azure', '0.0.0.0', '0.0.0.0'), server({})],
    ],
    ['an office', 'no | partner tcp/1433 db-password', [range('office', '20.1.2.3', '20.1.2.9'), server({})]],
    ['private ranges', 'no', [range('vpn', '10.0.0.0', '10.0.0.255'), server({})]],
    ['public access disabled', 'no', [EVERYBODY, server({ publicNetworkAccess: 'Disabled' })]],
    [
      'public access disabled, as the flexible kind says it',
      'no',
      [
        EVERYBODY,
        server(
          { publicNetworkAccess: null, network: { publicNetworkAccess: 'Disabled' } },
          'azure-postgresql-server',
        ),
      ],
    ],
    [
      'in a network of its own',
      'no',
      [EVERYBODY, server({ network: { delegatedSubnetResourceId: '/x' } }, 'azure-mysql-server')],
    ],
    ['stopped', 'no', [EVERYBODY, server({ state: 'Stopped' }, 'azure-mysql-server')]],
    [
      'rules that nobody described',
      'unknown: the firewall rules of db: az sql server firewall-rule list',
      [server({})],
    ],
    [
      'a switch that nobody described',
      'unknown: whether db has public network access: az resource show',
      [EVERYBODY, server({ publicNetworkAccess: null })],
    ],
    [
      'a switch that cannot matter',
      'no | partner tcp/1433 db-password',
      [range('office', '20.1.2.3', '20.1.2.9'), server({ publicNetworkAccess: null })],
    ],
    [
      'a range that nobody can read',
      'unknown: a readable range of firewall rule x: az sql server firewall-rule list',
      [range('x', '9.9.9.9', '1.1.1.1'), server({})],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a data service', () => {
  const service = (type: string, facts: JsonObject) => azure(type, armId('Microsoft.X/y', 'svc'), facts);
  it.each<[string, string, string, JsonObject]>([
    [
      'an open vault',
      'azure-key-vault',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } },
    ],
    [
      'a vault without rules',
      'azure-key-vault',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled' },
    ],
    [
      'a vault for an office',
      'azure-key-vault',
      'no | partner tcp/443 iam',
      {
        publicNetworkAccess: 'Enabled',
        networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3/32' }] },
      },
    ],
    [
      'a closed vault',
      'azure-key-vault',
      'no',
      { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny' } },
    ],
    ['a vault behind private endpoints', 'azure-key-vault', 'no', { publicNetworkAccess: 'Disabled' }],
    [
      'a vault that was not described',
      'azure-key-vault',
      'unknown: the network rules of svc: az resource show',
      {},
    ],
    [
      'Cosmos without ranges',
      'azure-cosmos-account',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled', ipRules: [] },
    ],
    [
      'Cosmos for its networks',
      'azure-cosmos-account',
      'no',
      { ipRules: [], isVirtualNetworkFilterEnabled: true },
    ],
    [
      'Cosmos for all of Azure',
      'azure-cosmos-account',
      'yes | any-azure tcp/443 iam',
      { ipRules: [{ value: '0.0.0.0' }, { value: '20.1.2.3' }] },
    ],
    [
      'Cosmos that was not described',
      'azure-cosmos-account',
      'unknown: the network rules of svc: az resource show',
      {},
    ],
    [
      'a registry',
      'azure-container-registry',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled' },
    ],
    [
      'a registry with anonymous pull',
      'azure-container-registry',
      'yes | internet tcp/443, pull none',
      { publicNetworkAccess: 'Enabled', anonymousPullEnabled: true },
    ],
    [
      'a search service for an office',
      'azure-search-service',
      'no | partner tcp/443 iam',
      { publicNetworkAccess: 'enabled', networkAcls: { ipRules: [{ value: '20.1.2.3' }] } },
    ],
    [
      'a search service',
      'azure-search-service',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'enabled', networkAcls: { ipRules: [] } },
    ],
    [
      'a cognitive service',
      'azure-cognitive-account',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } },
    ],
    [
      'a perimeter',
      'azure-key-vault',
      'unknown: the network security perimeter of svc: az network perimeter list, and of each az network perimeter association list',
      { publicNetworkAccess: 'SecuredByPerimeter' },
    ],
  ])('%s', (_, type, verdict, facts) => {
    expect(verdictOn(service(type, facts))).toBe(verdict);
  });
});

describe('an API Management service', () => {
  it.each<[string, string, JsonObject]>([
    [
      'without a network',
      'yes | internet tcp/443 app',
      { publicNetworkAccess: 'Enabled', virtualNetworkType: 'None' },
    ],
    ['in a network, with a public gateway', 'yes | internet tcp/443 app', { virtualNetworkType: 'External' }],
    ['inside a network', 'no', { publicNetworkAccess: 'Enabled', virtualNetworkType: 'Internal' }],
    ['behind private endpoints', 'no', { publicNetworkAccess: 'Disabled', virtualNetworkType: 'None' }],
    ['whose gateway is off', 'no', { publicNetworkAccess: 'Enabled', disableGateway: true }],
    ['of which nothing is told', 'unknown: the network of apis: az apim show', {}],
  ])('%s: %s', (_, verdict, facts) => {
    const id = armId('Microsoft.ApiManagement/service', 'apis');
    expect(verdictOn(azure('azure-api-management', id, facts))).toBe(verdict);
  });
});

describe('AKS, container groups and container apps', () => {
  const aks = (facts: JsonObject) =>
    azure('azure-aks-cluster', armId('Microsoft.ContainerService/managedClusters', 'c'), facts);
  const group = (facts: JsonObject) =>
    azure('azure-container-instance', armId('Microsoft.ContainerInstance/containerGroups', 'g'), facts);
  const environment = (facts: JsonObject) =>
    azure('azure-container-environment', armId('Microsoft.App/managedEnvironments', 'e'), facts);
  const app = (ingress: JsonObject | null) =>
    azure('azure-container-app', armId('Microsoft.App/containerApps', 'a'), {
      environmentId: armId('Microsoft.App/managedEnvironments', 'e'),
      configuration: { ingress },
    });
  it.each<[string, string, readonly EstateResource[]]>([
    [
      'a cluster without authorised ranges',
      'yes | internet tcp/443 iam',
      [aks({ powerState: { code: 'Running' } })],
    ],
    [
      'a cluster with wide ranges',
      'yes | internet tcp/443 iam',
      [aks({ apiServerAccessProfile: { authorizedIpRanges: ['0.0.0.0/0'] } })],
    ],
    [
      'a cluster for an office',
      'no | partner tcp/443 iam',
      [aks({ apiServerAccessProfile: { authorizedIpRanges: ['20.1.2.3/32'] } })],
    ],
    ['a private cluster', 'no', [aks({ apiServerAccessProfile: { enablePrivateCluster: true } })]],
    ['a cluster without public network access', 'no', [aks({ publicNetworkAccess: 'Disabled' })]],
    ['a stopped cluster', 'no', [aks({ powerState: { code: 'Stopped' } })]],
    [
      'a cluster that was not described',
      'unknown: the API server access profile of c: az aks list',
      [aks({})],
    ],
    [
      'a container group with a public address',
      'yes | internet tcp/80 app',
      [group({ ipAddress: { type: 'Public', ip: '20.1.1.1', ports: [{ port: 80, protocol: 'TCP' }] } })],
    ],
    ['a container group in a network', 'no', [group({ ipAddress: { type: 'Private', ip: '10.0.0.4' } })]],
    [
      'a container app',
      'yes | internet tcp/443 app',
      [environment({}), app({ external: true, fqdn: 'a.example.com' })],
    ],
    [
      'a container app of an internal environment',
      'no',
      [environment({ vnetConfiguration: { internal: true } }), app({ external: true })],
    ],
    ['a container app without external ingress', 'no', [environment({}), app({ external: false })]],
    [
      'a container app for an office',
      'no | partner tcp/443 app',
      [
        environment({}),
        app({ external: true, ipSecurityRestrictions: [{ ipAddressRange: '20.1.2.3/32', action: 'Allow' }] }),
      ],
    ],
    [
      'a container app for everybody but an office',
      'yes | internet tcp/443 app',
      [
        environment({}),
        app({ external: true, ipSecurityRestrictions: [{ ipAddressRange: '20.0.0.0/8', action: 'Deny' }] }),
      ],
    ],
    [
      'a container app of an unknown environment',
      'unknown: environment e of a: az containerapp env list',
      [app({ external: true })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
