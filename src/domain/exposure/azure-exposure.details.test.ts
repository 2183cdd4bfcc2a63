import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  verdictOn,
  waysInto,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** An estate, and the verdict on the last of it. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const OPEN = 'yes | internet tcp/22 app';
const guarded = (...rules: JsonObject[]) => [network(), publicIp('Standard'), nsg('g', ...rules), nic('g')];
const ssh = (more: JsonObject = {}) => rule(100, 'Allow', '22', '*', more);
const empty = (call: string, of: string) =>
  azure('azure-empty-list', `${of}/${call}`, { call: call.replaceAll(' ', '-'), of });

describe('a rule of a security group', () => {
  it.each<Case>([
    [
      'for one port and a list of ports',
      'yes | internet tcp/22, tcp/443 app',
      guarded(ssh({ destinationPortRanges: ['443'] })),
    ],
    ['for any destination', OPEN, guarded(ssh({ destinationAddressPrefix: 'Any' }))],
    ['for its network', OPEN, guarded(ssh({ destinationAddressPrefix: 'VirtualNetwork' }))],
    [
      'for another machine and everything',
      OPEN,
      guarded(ssh({ destinationAddressPrefix: '10.0.9.9', destinationAddressPrefixes: ['*'] })),
    ],
    ['for another machine alone', 'no', guarded(ssh({ destinationAddressPrefix: '10.0.9.9' }))],
    [
      'that denies from ports that nobody told',
      'no',
      guarded(rule(90, 'Deny', '22', '*', { sourcePortRange: null }), ssh()),
    ],
    [
      'that denies from one port and all',
      'no',
      guarded(rule(90, 'Deny', '22', '*', { sourcePortRange: '53', sourcePortRanges: ['*'] }), ssh()),
    ],
    [
      'that denies from one port alone',
      OPEN,
      guarded(rule(90, 'Deny', '22', '*', { sourcePortRange: '53' }), ssh()),
    ],
    ['for UDP', 'yes | internet udp/22 app', guarded(ssh({ protocol: 'Udp' }))],
    ['for neither of both', 'no', guarded(ssh({ protocol: 'Icmp' }))],
    [
      'for all of Front Door',
      'no | cdn-only tcp/22 app',
      guarded(rule(100, 'Allow', '22', 'AzureFrontDoor')),
    ],
    [
      'in a subnet that nobody described, without a group',
      'unknown: the subnet web and its security group: az network vnet list',
      [publicIp('Basic'), nic(null)],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a default route that leads elsewhere', () => {
  const table = (addressPrefix: string) =>
    azure('azure-route-table', '/subscriptions/s/rt', {
      routes: [{ name: 'out', addressPrefix, nextHopType: 'VirtualAppliance' }],
    });
  const behind = (addressPrefix: string, publicIPAddressVersion = 'IPv4') => [
    network({ routeTable: { id: '/subscriptions/s/rt' } }),
    table(addressPrefix),
    azure('azure-public-ip', armId('Microsoft.Network/publicIPAddresses', 'ip'), {
      publicIPAddressVersion,
      sku: { name: 'Standard' },
    }),
    nsg('g', ssh()),
    nic('g'),
  ];
  const LOST =
    'unknown: whether answers return past route out of rt (VirtualAppliance); no inventory that is read here tells it';
  it.each<Case>([
    ['of IPv4, and an address of it', LOST, behind('0.0.0.0/0')],
    ['of IPv6, and an address of IPv4', OPEN, behind('::/0')],
    ['of IPv6, and an address of it', LOST, behind('::/0', 'IPv6')],
    ['of IPv4, and an address of IPv6', OPEN, behind('0.0.0.0/0', 'IPv6')],
    ['of a part, and an address', OPEN, behind('20.0.0.0/8')],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a site', () => {
  const SITE = armId('Microsoft.Web/sites', 'shop');
  const site = (facts: JsonObject, ...restrictions: JsonObject[]) =>
    azure('azure-web-app', SITE, {
      state: 'Running',
      publicNetworkAccess: 'Enabled',
      siteConfig: { ipSecurityRestrictions: restrictions },
      ...facts,
    });
  const config = (facts: JsonObject) => azure('azure-site-config', `${SITE}/config/authsettingsV2`, facts);
  const ANYBODY = 'yes | internet tcp/443 app';
  const all = (action: string, priority: number) =>
    ['0.0.0.0/0', '::/0'].map((ipAddress) => ({ ipAddress, action, priority }));
  it.each<Case>([
    [
      'whose later rule has the smaller number',
      ANYBODY,
      [site({}, ...all('Deny', 200), ...all('Allow', 100))],
    ],
    [
      'whose earlier rule has the smaller number',
      'no',
      [site({}, ...all('Deny', 100), ...all('Allow', 200))],
    ],
    [
      'with a rule for nothing that is told',
      'unknown: readable access restrictions of shop: az webapp config show',
      [site({}, { action: 'Allow', priority: 1 })],
    ],
    [
      'for private addresses alone',
      'no',
      [site({}, { ipAddress: '10.1.0.0/16', action: 'Allow', priority: 1 })],
    ],
    ['that is switched off', 'no', [site({ enabled: false })]],
    [
      'without a word about public access, and without private endpoints',
      ANYBODY,
      [site({ publicNetworkAccess: null })],
    ],
    [
      'with public access beside private endpoints',
      ANYBODY,
      [site({ privateEndpointConnections: [{ id: '/x' }] })],
    ],
    [
      'whose login is off',
      ANYBODY,
      [config({ platform: { enabled: false }, globalValidation: { requireAuthentication: true } }), site({})],
    ],
    [
      'whose login lets anybody by',
      ANYBODY,
      [
        config({
          platform: { enabled: true },
          globalValidation: { unauthenticatedClientAction: 'AllowAnonymous' },
        }),
        site({}),
      ],
    ],
    ['of whose login only the switch is told', ANYBODY, [config({ platform: { enabled: true } }), site({})]],
    [
      'of whose login only the rule is told',
      ANYBODY,
      [config({ globalValidation: { requireAuthentication: true } }), site({})],
    ],
    ...['RedirectToLoginPage', 'Return401', 'Return403', 'Return404'].map(
      (unauthenticatedClientAction): Case => [
        `that answers strangers with ${unauthenticatedClientAction}`,
        'no',
        [
          config({ platform: { enabled: true }, globalValidation: { unauthenticatedClientAction } }),
          site({}),
        ],
      ],
    ),
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a storage account', () => {
  const ID = armId('Microsoft.Storage/storageAccounts', 'files');
  const account = (facts: JsonObject) =>
    azure('azure-storage-account', ID, {
      allowBlobPublicAccess: true,
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Allow' },
      ...facts,
    });
  const container = (publicAccess: string) =>
    azure('azure-blob-container', `${ID}/blobServices/default/containers/c`, { publicAccess });
  const only = (...values: string[]): JsonObject => ({
    networkAcls: { defaultAction: 'Deny', ipRules: values.map((value) => ({ value })) },
  });
  const READ = 'yes | internet read none';
  it.each<Case>([
    ['that has no containers', 'no', [empty('storage container-rm list', ID), account({})]],
    ['whose container is off', 'no', [account({}), container('Off')]],
    ['without rules, open to everybody', READ, [account({ networkAcls: null }), container('Blob')]],
    [
      'with rules, and no word about public access',
      READ,
      [account({ publicNetworkAccess: null }), container('Blob')],
    ],
    ['for private addresses', 'no', [account(only('10.1.0.0/16')), container('Blob')]],
    [
      'whose rules nobody can read',
      'unknown: readable network rules of files: az storage account show',
      [account(only('office')), container('Blob')],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a database server', () => {
  const ID = armId('Microsoft.Sql/servers', 'db');
  const range = (name: string, startIpAddress: string, endIpAddress: string) =>
    azure('azure-database-firewall-rule', `${ID}/firewallRules/${name}`, { startIpAddress, endIpAddress });
  const server = (type: string, facts: JsonObject = {}) =>
    azure(type, ID, { publicNetworkAccess: 'Enabled', ...facts });
  const SQL = 'azure-sql-server';
  const ALL = range('all', '0.0.0.0', '255.255.255.255');
  const UNREAD = 'unknown: a readable range of firewall rule x: az sql server firewall-rule list';
  it.each<Case>([
    ['of MySQL', 'yes | internet tcp/3306 db-password', [ALL, server('azure-mysql-server')]],
    ['of MariaDB', 'yes | internet tcp/3306 db-password', [ALL, server('azure-mariadb-server')]],
    ['that is disabled', 'no', [ALL, server(SQL, { state: 'Disabled' })]],
    ['without rules', 'no', [empty('sql server firewall-rule list', ID), server(SQL)]],
    [
      'for one address',
      'no | partner tcp/1433 db-password',
      [range('a', '20.1.2.3', '20.1.2.3'), server(SQL)],
    ],
    [
      'for everybody, and for what nobody can read',
      'yes | internet tcp/1433 db-password',
      [ALL, range('x', '?', '?'), server(SQL)],
    ],
    [
      'for an office, and for what nobody can read',
      UNREAD,
      [range('a', '20.1.2.3', '20.1.2.3'), range('x', '20.1.2.3', '?'), server(SQL)],
    ],
    ['for a range without a start', UNREAD, [range('x', '?', '20.1.2.3'), server(SQL)]],
    ['for all up to nothing', UNREAD, [range('x', '20.1.2.3', '0.0.0.0'), server(SQL)]],
    [
      'for what nobody can read, with a switch that nobody told',
      'unknown: whether db has public network access: az resource show',
      [range('x', '?', '?'), server(SQL, { publicNetworkAccess: null })],
    ],
    [
      'for an office, with a switch that nobody told',
      'no | partner tcp/1433 db-password',
      [range('a', '20.1.2.3', '20.1.2.3'), server(SQL, { publicNetworkAccess: null })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it.each([
    ['azure-sql-server', 'az sql server firewall-rule list --server db'],
    ['azure-postgresql-server', 'az postgres flexible-server firewall-rule list --server-name db'],
    ['azure-mysql-server', 'az mysql flexible-server firewall-rule list --name db'],
    ['azure-mariadb-server', 'az mariadb server firewall-rule list --server-name db'],
  ])('names the call for the rules of %s', (type, call) => {
    const [words = '', flag = ''] = call.split(' --');
    const missing = waysInto(server(type))
      .flatMap((way) => way.missing)
      .join();
    expect(missing).toContain(words);
    expect(missing).toContain(`--${flag}`);
  });
});

describe('a data service', () => {
  const service = (type: string, facts: JsonObject) => azure(type, armId('Microsoft.X/y', 'svc'), facts);
  const cosmos = (...values: string[]) =>
    service('azure-cosmos-account', { ipRules: values.map((value) => ({ value })) });
  it.each<Case>([
    ['for all of Azure alone', 'yes | any-azure tcp/443 iam', [cosmos('0.0.0.0')]],
    ['for all of Azure and everybody', 'yes | internet tcp/443 iam', [cosmos('0.0.0.0', '0.0.0.0/0')]],
    [
      'for all of Azure and half of the internet',
      'yes | internet-wide tcp/443 iam',
      [cosmos('0.0.0.0', '0.0.0.0/1')],
    ],
    ['for everybody but not all of Azure by name', 'yes | internet tcp/443 iam', [cosmos('0.0.0.0/0')]],
    ['for an office', 'no | partner tcp/443 iam', [cosmos('20.1.2.3')]],
    ['for private addresses', 'no', [cosmos('10.1.0.0/16')]],
    [
      'whose ranges nobody can read',
      'unknown: readable network rules of svc: az resource show',
      [cosmos('office')],
    ],
    [
      'with rules, and no word about public access',
      'yes | internet tcp/443 iam',
      [service('azure-key-vault', { networkAcls: { defaultAction: 'Allow' } })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a container app', () => {
  const ENVIRONMENT = armId('Microsoft.App/managedEnvironments', 'e');
  const app = (ingress: JsonObject, named = 'environmentId') =>
    azure('azure-container-app', armId('Microsoft.App/containerApps', 'a'), {
      [named]: ENVIRONMENT,
      configuration: { ingress: { external: true, ...ingress } },
    });
  const environment = (facts: JsonObject = {}) => azure('azure-container-environment', ENVIRONMENT, facts);
  it.each<Case>([
    [
      'of an environment named the old way',
      'yes | internet tcp/443 app',
      [environment(), app({}, 'managedEnvironmentId')],
    ],
    [
      'of an environment without public access',
      'no',
      [environment({ publicNetworkAccess: 'Disabled' }), app({})],
    ],
    [
      'for private addresses',
      'no',
      [environment(), app({ ipSecurityRestrictions: [{ ipAddressRange: '10.1.0.0/16', action: 'Allow' }] })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
