import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  balancer,
  LB,
  network,
  nic,
  nsg,
  nsgId,
  publicIp,
  rule,
  verdictOn,
  vm,
  WEB_SUBNET,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AzureEstate } from './azure-estate.ts';
import { azureExposure } from './azure-exposure.ts';
import { publicAccessibility } from './exposure-record.ts';

/** Parts of a way that reports tell in more than one place, or not at all (attack-paths §2.10), row by row. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const NET = network();
const STANDARD = publicIp('Standard');
const OPEN = nsg('open', rule(100, 'Allow', '443', 'Internet'));
const YES = 'yes | internet tcp/443 app';
const PRIVATE = { publicIPAddress: null };
const POOL = `${LB}/backendAddressPools/p`;
const NET_ID = WEB_SUBNET.replace(/\/subnets\/.*$/, '');

describe('a machine whose address a pool of a load balancer lists', () => {
  const listing = (entry: JsonObject, pool: JsonObject = {}): EstateResource =>
    balancer({ backendAddressPools: [{ id: POOL, loadBalancerBackendAddresses: [entry], ...pool }] });
  const AT = { ipAddress: '10.0.1.4' };

  it.each<Case>([
    ['in its network', YES, [listing({ ...AT, virtualNetwork: { id: NET_ID } })]],
    ['in its subnet', YES, [listing({ ...AT, subnet: { id: WEB_SUBNET.toUpperCase() } })]],
    ['where the pool tells the network', YES, [listing(AT, { virtualNetwork: { id: NET_ID } })]],
    ['in a network of another name', 'no', [listing({ ...AT, virtualNetwork: { id: `${NET_ID}2` } })]],
    [
      'but another address is listed',
      'no',
      [listing({ ipAddress: '10.0.1.5', virtualNetwork: { id: NET_ID } })],
    ],
  ])('%s: %s', (_, verdict, more) => {
    expect(verdictOn(NET, STANDARD, OPEN, nic('open', PRIVATE), ...more, vm())).toBe(verdict);
  });

  it('opens the load balancer by it', () => {
    const front = listing({ ...AT, virtualNetwork: { id: NET_ID } });
    expect(verdictOn(NET, STANDARD, OPEN, nic('open', PRIVATE), front)).toBe(YES);
    expect(verdictOn(NET, STANDARD, nsg('shut'), nic('shut', PRIVATE), front)).toBe('no');
  });

  it('is asked once where its interface names the pool too', () => {
    const named = nic('open', { ...PRIVATE, loadBalancerBackendAddressPools: [{ id: POOL.toUpperCase() }] });
    const resources = [NET, STANDARD, OPEN, named, listing({ ...AT, virtualNetwork: { id: NET_ID } }), vm()];
    const ways = azureExposure(new AzureEstate(resources), resources.at(-1) as EstateResource) ?? [];
    expect(ways).toHaveLength(1);
  });
});

describe('a load balancer', () => {
  const PREFIX = armId('Microsoft.Network/publicIPPrefixes', 'prefix');
  const MEMBER = { ...PRIVATE, loadBalancerBackendAddressPools: [{ id: POOL }] };
  const EMPTY_SET = azure('azure-vmss', armId('Microsoft.Compute/virtualMachineScaleSets', 'set'), {
    sku: { capacity: 0 },
    virtualMachineProfile: {
      networkProfile: {
        networkInterfaceConfigurations: [
          {
            networkSecurityGroup: { id: nsgId('open') },
            ipConfigurations: [
              { subnet: { id: WEB_SUBNET }, loadBalancerBackendAddressPools: [{ id: POOL }] },
            ],
          },
        ],
      },
    },
  });

  it.each<Case>([
    [
      'with a prefix of public addresses',
      YES,
      [
        OPEN,
        nic('open', MEMBER),
        balancer({
          frontendIPConfigurations: [
            { id: `${LB}/frontendIPConfigurations/f`, publicIPPrefix: { id: PREFIX } },
          ],
        }),
      ],
    ],
    ['before a scale set without instances', 'no', [STANDARD, OPEN, EMPTY_SET, balancer()]],
    [
      'whose member is in a pool that no rule leads to',
      'no',
      [
        STANDARD,
        OPEN,
        nic('open', {
          ...PRIVATE,
          loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/spare` }],
        }),
        balancer(),
      ],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(NET, ...resources)).toBe(verdict);
  });
});

describe('a machine behind a gateway', () => {
  const GATEWAY = armId('Microsoft.Network/applicationGateways', 'agw');
  const GATEWAY_SUBNET = `${NET_ID}/subnets/gateway`;
  const GATEWAY_NET = (ranges: JsonObject): EstateResource =>
    azure('azure-vnet', NET_ID, {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        { id: WEB_SUBNET, addressPrefix: '10.0.1.0/24' },
        { id: GATEWAY_SUBNET, ...ranges },
      ],
    });
  const gateway = azure('azure-app-gateway', GATEWAY, {
    gatewayIPConfigurations: [{ subnet: { id: GATEWAY_SUBNET } }],
    frontendIPConfigurations: [{ id: 'f', publicIPAddress: { id: STANDARD.facts['id'] as string } }],
    frontendPorts: [{ id: 'p', port: 443 }],
    httpListeners: [{ id: 'l', frontendIPConfiguration: { id: 'f' }, frontendPort: { id: 'p' } }],
    backendAddressPools: [
      { id: `${GATEWAY}/backendAddressPools/p`, backendAddresses: [{ ipAddress: '10.0.1.4' }] },
    ],
    backendHttpSettingsCollection: [{ id: 's', port: 443 }],
    requestRoutingRules: [
      {
        httpListener: { id: 'l' },
        backendAddressPool: { id: `${GATEWAY}/backendAddressPools/p` },
        backendHttpSettings: { id: 's' },
      },
    ],
  });
  const from = (range: string) => nsg('own', rule(100, 'Allow', '443', range), rule(200, 'Deny', '*', '*'));
  const ONE = { addressPrefix: '10.0.2.0/24' };
  const SOME = { addressPrefixes: ['10.0.2.0/24', '10.0.4.0/24'] };

  it.each<[title: string, verdict: string, ranges: JsonObject, group: EstateResource]>([
    ['that lets the subnet of the gateway in', YES, ONE, from('10.0.2.0/24')],
    ['that lets one of its ranges in', YES, SOME, from('10.0.4.0/24')],
    ['that lets another subnet in', 'no', ONE, from('10.0.3.0/24')],
    ['that lets none of its ranges in', 'no', SOME, from('10.0.3.0/24')],
    ['that lets some private range in, where the subnet tells none', YES, {}, from('10.0.3.0/24')],
  ])('%s: %s', (_, verdict, ranges, group) => {
    expect(verdictOn(GATEWAY_NET(ranges), STANDARD, gateway, group, nic('own', PRIVATE), vm())).toBe(verdict);
  });
});

describe('a machine that lets Front Door in alone', () => {
  const GROUP = nsg('fd', rule(100, 'Allow', '443', 'AzureFrontDoor.Backend'));
  const NAMED = azure('azure-public-ip', STANDARD.facts['id'] as string, {
    ipAddress: '20.50.2.14',
    sku: { name: 'Standard' },
    dnsSettings: { fqdn: 'Shop.westeurope.cloudapp.azure.com' },
  });
  const HOST = 'shop.westeurope.cloudapp.azure.com';
  const PROFILE = armId('Microsoft.Cdn/profiles', 'p');
  const endpoint = (enabledState: string) =>
    azure('azure-front-door-endpoint', `${PROFILE}/afdEndpoints/e`, { enabledState });
  const origin = (enabledState: string) =>
    azure('azure-front-door-origin', `${PROFILE}/originGroups/o/origins/x`, { hostName: HOST, enabledState });
  const ROUTE = azure('azure-front-door-route', `${PROFILE}/afdEndpoints/e/routes/r`, {
    originGroup: { id: `${PROFILE}/originGroups/o` },
  });
  const classic = (door: string, backend: string) =>
    azure('azure-front-door', armId('Microsoft.Network/frontDoors', 'old'), {
      enabledState: door,
      backendPools: [{ backends: [{ address: HOST, enabledState: backend }] }],
    });
  const THROUGH = 'yes | cdn-only tcp/443 app | internet any app';
  const ALONE = 'no | cdn-only tcp/443 app';

  it.each<Case>([
    ['is reached by its name', THROUGH, [endpoint('Enabled'), ROUTE, origin('Enabled')]],
    ['whose origin is off', ALONE, [endpoint('Enabled'), ROUTE, origin('Disabled')]],
    ['whose endpoint is off', ALONE, [endpoint('Disabled'), ROUTE, origin('Enabled')]],
    ['is reached by its name in a classic one', THROUGH, [classic('Enabled', 'Enabled')]],
    ['whose backend is off', ALONE, [classic('Enabled', 'Disabled')]],
    ['whose classic one is off', ALONE, [classic('Disabled', 'Enabled')]],
  ])('%s: %s', (_, verdict, doors) => {
    expect(verdictOn(NET, NAMED, GROUP, nic('fd'), ...doors, vm())).toBe(verdict);
  });
});

describe('a subnet that is described by itself', () => {
  it.each<Case>([
    ['has the group that lets in', YES, [OPEN]],
    ['has the group that does not', 'no', [nsg('open')]],
  ])('%s: %s', (_, verdict, groups) => {
    const subnet = azure('azure-subnet', WEB_SUBNET, {
      addressPrefix: '10.0.1.0/24',
      networkSecurityGroup: { id: nsgId('open') },
    });
    expect(verdictOn(subnet, STANDARD, ...groups, nic(null), vm())).toBe(verdict);
  });
});

describe('a rule of a security group', () => {
  it.each<Case>([
    [
      'for the word any',
      YES,
      [nsg('own', rule(100, 'Allow', '443', '*', { destinationAddressPrefix: 'Any' }))],
    ],
    [
      'for a service and for the network',
      YES,
      [
        nsg(
          'own',
          rule(100, 'Allow', '443', '*', {
            destinationAddressPrefix: null,
            destinationAddressPrefixes: ['Storage', 'VirtualNetwork'],
          }),
        ),
      ],
    ],
    [
      'that allows ports that cannot be read',
      'unknown: security group own, readable ports of rule r100 (found http): az network nsg list',
      [nsg('own', rule(100, 'Allow', 'http', '*'))],
    ],
    [
      'that allows ports that cannot be read to another network alone',
      'no',
      [nsg('own', rule(100, 'Allow', 'http', '10.9.0.0/16'))],
    ],
    [
      'that allows ports that cannot be read to whom nobody knows',
      'unknown: security group own, what the service tag Nobody stands for in rule r100; no inventory that is read here tells it; security group own, readable ports of rule r100 (found http): az network nsg list',
      [nsg('own', rule(100, 'Allow', 'http', 'Nobody'))],
    ],
    [
      'that denies ports that cannot be read before one that allows',
      'unknown: security group own, readable ports of rule r90 (found http): az network nsg list',
      [nsg('own', rule(90, 'Deny', 'http', '*'), rule(100, 'Allow', '443', '*'))],
    ],
    [
      'that denies ports that cannot be read after one that allows',
      YES,
      [nsg('own', rule(100, 'Allow', '443', '*'), rule(110, 'Deny', 'http', '*'))],
    ],
  ])('%s: %s', (_, verdict, groups) => {
    expect(verdictOn(NET, STANDARD, ...groups, nic('own'), vm())).toBe(verdict);
  });
});

describe('machines of one estate that differ in one thing', () => {
  const named = (name: string) => ({
    ip: armId('Microsoft.Network/publicIPAddresses', name),
    nic: armId('Microsoft.Network/networkInterfaces', name),
  });
  interface Differs {
    readonly sku?: string;
    readonly subnet?: string;
    readonly address?: string;
    readonly groups?: readonly string[];
    readonly nsg?: string;
  }
  const machine = (
    name: string,
    { sku = 'Standard', subnet = WEB_SUBNET, address = '10.0.1.4', groups = [], nsg: own }: Differs,
  ) => [
    azure('azure-public-ip', named(name).ip, { ipAddress: '20.50.2.14', sku: { name: sku } }),
    azure('azure-nic', named(name).nic, {
      ...(own === undefined ? {} : { networkSecurityGroup: { id: nsgId(own) } }),
      ipConfigurations: [
        {
          id: `${named(name).nic}/ipConfigurations/c`,
          privateIPAddress: address,
          publicIPAddress: { id: named(name).ip },
          subnet: { id: subnet },
          applicationSecurityGroups: groups.map((id) => ({ id })),
        },
      ],
    }),
    azure('azure-vm', armId('Microsoft.Compute/virtualMachines', name), {
      networkProfile: { networkInterfaces: [{ id: named(name).nic }] },
    }),
  ];
  const OTHER = `${NET_ID}/subnets/other`;
  const TWO_SUBNETS = azure('azure-vnet', NET_ID, {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [
      { id: WEB_SUBNET, addressPrefix: '10.0.1.0/24', networkSecurityGroup: { id: nsgId('open') } },
      { id: OTHER, addressPrefix: '10.0.2.0/24', networkSecurityGroup: { id: nsgId('shut') } },
    ],
  });
  const BY_ADDRESS = nsg('aimed', {
    ...rule(100, 'Allow', '443', '*'),
    destinationAddressPrefix: '10.0.1.4',
  });
  const BY_GROUP = nsg('aimed', {
    ...rule(100, 'Allow', '443', '*'),
    destinationAddressPrefix: null,
    destinationApplicationSecurityGroups: [{ id: '/x/web' }],
  });
  const AIMED_SUBNET = network({ networkSecurityGroup: { id: nsgId('aimed') } });

  it.each<[title: string, told: string, world: readonly EstateResource[], one: Differs, two: Differs]>([
    ['the SKU of the address', 'yes, no', [NET], { sku: 'Basic' }, {}],
    ['the subnet', 'yes, no', [TWO_SUBNETS, OPEN, nsg('shut')], {}, { subnet: OTHER }],
    [
      'the private address',
      'yes, no',
      [NET, BY_ADDRESS],
      { nsg: 'aimed' },
      { nsg: 'aimed', address: '10.0.1.5' },
    ],
    [
      'the application security group',
      'yes, no',
      [NET, BY_GROUP],
      { nsg: 'aimed', groups: ['/x/web'] },
      { nsg: 'aimed', groups: ['/x/db'] },
    ],
    [
      'the address that the group of the subnet asks for',
      'yes, no',
      [AIMED_SUBNET, BY_ADDRESS],
      {},
      { address: '10.0.1.5' },
    ],
  ])('%s: %s', (_, told, world, one, two) => {
    const resources = [...world, ...machine('one', one), ...machine('two', two)];
    const machines = resources.filter(({ type }) => type === 'azure-vm');
    for (const asked of [machines, machines.toReversed()]) {
      const estate = new AzureEstate(resources);
      const states = new Map(
        asked.map((each) => [each, publicAccessibility(azureExposure(estate, each) ?? []).state]),
      );
      expect(machines.map((each) => states.get(each)).join(', ')).toBe(told);
    }
  });
});

describe('what is told of a service in another place', () => {
  const site = (facts: JsonObject) =>
    azure('azure-web-app', armId('Microsoft.Web/sites', 'shop'), {
      state: 'Running',
      siteConfig: { ipSecurityRestrictions: [] },
      ...facts,
    });
  const config = (facts: JsonObject) =>
    azure('azure-site-config', `${armId('Microsoft.Web/sites', 'shop')}/config/web`, facts);
  const app = (facts: JsonObject) =>
    azure('azure-container-app', armId('Microsoft.App/containerApps', 'a'), {
      configuration: { ingress: { external: true } },
      ...facts,
    });
  const ENVIRONMENT = armId('Microsoft.App/managedEnvironments', 'e');
  const DOOR = azure('azure-front-door', armId('Microsoft.Network/frontDoors', 'old'), {
    enabledState: 'Enabled',
    backendPools: [{ backends: [{ address: 'www.example.com' }] }],
  });
  const FOR_FRONT_DOOR = {
    ipSecurityRestrictions: [{ ipAddress: 'AzureFrontDoor.Backend', tag: 'ServiceTag', action: 'Allow' }],
  };

  it.each<Case>([
    [
      'public access of a site in its configuration',
      'no',
      [site({ siteConfig: { ipSecurityRestrictions: [], publicNetworkAccess: 'Disabled' } })],
    ],
    [
      'public access of a site in a configuration of its own',
      'no',
      [config({ publicNetworkAccess: 'Disabled' }), site({})],
    ],
    [
      'a further name of a site that Front Door forwards to',
      'yes | any-azure tcp/443 api-key | internet tcp/443 api-key',
      [
        DOOR,
        azure('azure-function-app', armId('Microsoft.Web/sites', 'shop'), {
          state: 'Running',
          siteConfig: FOR_FRONT_DOOR,
          hostNames: ['shop.azurewebsites.net', 'www.example.com'],
        }),
      ],
    ],
    [
      'the environment of a container app under its older name',
      'no',
      [
        azure('azure-container-environment', ENVIRONMENT, { vnetConfiguration: { internal: true } }),
        app({ managedEnvironmentId: ENVIRONMENT }),
      ],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
