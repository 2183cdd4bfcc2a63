import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
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

/**
 * What stands behind something else in Azure: members of one security group of whom a rule means some, pools of an
 * application gateway, origins of a Front Door (attack-paths §2.10).
 */
const NET = network();
const STANDARD = publicIp('Standard');
const YES = 'yes | internet tcp/443 app';

type Row = readonly [title: string, verdict: string, ...resources: EstateResource[]];

describe('of two machines in one group, a rule', () => {
  const ipOf = (name: string) => armId('Microsoft.Network/publicIPAddresses', name);
  const nicOf = (name: string) => armId('Microsoft.Network/networkInterfaces', name);
  const machine = (name: string, privateIPAddress: string, group: string): readonly EstateResource[] => [
    azure('azure-public-ip', ipOf(name), { ipAddress: '20.50.2.14', sku: { name: 'Standard' } }),
    azure('azure-nic', nicOf(name), {
      networkSecurityGroup: { id: nsgId('shared') },
      ipConfigurations: [
        {
          id: `${nicOf(name)}/ipConfigurations/c`,
          privateIPAddress,
          publicIPAddress: { id: ipOf(name) },
          subnet: { id: WEB_SUBNET },
          applicationSecurityGroups: [{ id: group }],
        },
      ],
    }),
    azure('azure-vm', armId('Microsoft.Compute/virtualMachines', name), {
      networkProfile: { networkInterfaces: [{ id: nicOf(name) }] },
    }),
  ];
  const ALL = [...machine('one', '10.0.1.4', '/x/web'), ...machine('two', '10.0.1.5', '/x/db')];
  const MACHINES = ALL.filter(({ type }) => type === 'azure-vm');

  it.each<readonly [title: string, told: string, more: JsonObject]>([
    ['for everybody opens both', 'one yes, two yes', {}],
    ['for the network opens both', 'one yes, two yes', { destinationAddressPrefix: 'VirtualNetwork' }],
    ['for one address opens it alone', 'one yes, two no', { destinationAddressPrefix: '10.0.1.4' }],
    ['for the other address opens that', 'one no, two yes', { destinationAddressPrefix: '10.0.1.5/32' }],
    [
      'for one application security group opens its member',
      'one no, two yes',
      {
        destinationAddressPrefix: null,
        destinationApplicationSecurityGroups: [{ id: '/x/other' }, { id: '/X/DB' }],
      },
    ],
  ])('%s: %s', (_title, told, more) => {
    const resources = [NET, nsg('shared', rule(100, 'Allow', '443', '*', more)), ...ALL];
    // What is found for one is not the other's, whichever was asked for first.
    for (const asked of [MACHINES, MACHINES.toReversed()]) {
      const estate = new AzureEstate(resources);
      const states = new Map(
        asked.map((each) => [each.name, publicAccessibility(azureExposure(estate, each) ?? []).state]),
      );
      expect(MACHINES.map(({ name }) => `${name} ${states.get(name)}`).join(', ')).toBe(told);
    }
  });
});

describe('the rules of a group by themselves', () => {
  const group = (...rules: readonly JsonObject[]): string => verdictOn(nsg('own', ...rules));
  const HTTPS = rule(200, 'Allow', '443', '*');
  const MEMBERS = {
    destinationAddressPrefix: null,
    destinationApplicationSecurityGroups: [{ id: '/x/web' }],
  };

  type Ruled = readonly [title: string, verdict: string, ...rules: JsonObject[]];
  it.each<Ruled>([
    ['that open some members open ports', 'yes | internet tcp/443 app', { ...HTTPS, ...MEMBERS }],
    [
      'that open one address open ports',
      'yes | internet tcp/443 app',
      { ...HTTPS, destinationAddressPrefix: '10.0.1.5' },
    ],
    [
      'that deny some members leave the others open',
      'yes | internet tcp/443 app',
      { ...rule(100, 'Deny', '443', '*'), ...MEMBERS },
      HTTPS,
    ],
    [
      'that deny one address leave the others open',
      'yes | internet tcp/443 app',
      { ...rule(100, 'Deny', '443', '*'), destinationAddressPrefix: '10.0.1.5' },
      HTTPS,
    ],
    ['that deny all open nothing', 'no', rule(100, 'Deny', '443', '*'), HTTPS],
    ['for an office open nothing to strangers', 'no', rule(100, 'Allow', '443', '52.1.2.3')],
    [
      'for senders of some ports open them, for whoever sends chooses',
      'yes | internet tcp/443 app',
      { ...HTTPS, sourcePortRange: '1024-65535' },
    ],
    [
      'that deny senders of all ports by range deny all',
      'no',
      { ...rule(100, 'Deny', '443', '*'), sourcePortRange: '0-65535' },
      HTTPS,
    ],
    [
      'for somebody whom nobody here knows',
      'unknown: what the service tag NewService stands for in rule r100; no inventory that is read here tells it',
      rule(100, 'Allow', '443', 'NewService'),
    ],
  ])('%s: %s', (...row) => {
    const [, verdict, ...rules] = row as unknown as Ruled;
    expect(group(...rules)).toBe(verdict);
  });
});

describe('a machine behind an application gateway', () => {
  const GATEWAY = armId('Microsoft.Network/applicationGateways', 'agw');
  const of = (kind: string, name: string) => ({ id: `${GATEWAY}/${kind}/${name}` });
  const pool = (name: string, ...addresses: readonly string[]) => ({
    ...of('backendAddressPools', name),
    backendAddresses: addresses.map((ipAddress) => ({ ipAddress })),
  });
  const serves = (poolName: string, settings: string) => ({
    httpListener: of('httpListeners', 'l'),
    backendAddressPool: of('backendAddressPools', poolName),
    backendHttpSettings: of('backendHttpSettingsCollection', settings),
  });
  const gateway = (facts: JsonObject = {}): EstateResource =>
    azure('azure-app-gateway', GATEWAY, {
      operationalState: 'Running',
      gatewayIPConfigurations: [{ subnet: { id: WEB_SUBNET } }],
      frontendIPConfigurations: [
        {
          ...of('frontendIPConfigurations', 'f'),
          publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', 'ip') },
        },
      ],
      frontendPorts: [{ ...of('frontendPorts', '443'), port: 443 }],
      httpListeners: [
        {
          ...of('httpListeners', 'l'),
          frontendIPConfiguration: of('frontendIPConfigurations', 'f'),
          frontendPort: of('frontendPorts', '443'),
        },
      ],
      backendAddressPools: [pool('p', '10.0.1.4'), pool('q', '10.0.1.9')],
      backendHttpSettingsCollection: [
        { ...of('backendHttpSettingsCollection', 's'), port: 8080 },
        { ...of('backendHttpSettingsCollection', 't'), port: 9090 },
      ],
      requestRoutingRules: [serves('p', 's'), serves('q', 't')],
      ...facts,
    });
  const PRIVATE = { publicIPAddress: null };
  const behind = (...resources: readonly EstateResource[]): string =>
    verdictOn(NET, ...resources, nic(null, PRIVATE), vm());

  it.each<Row>([
    ['is reached on the port of its own pool', 'yes | internet tcp/8080 app', STANDARD, gateway()],
    [
      'that no pool has is not reached',
      'no',
      STANDARD,
      gateway({ backendAddressPools: [pool('p', '10.0.1.8'), pool('q', '10.0.1.9')] }),
    ],
    ['that answers inside alone is not reached', 'no', gateway({ frontendIPConfigurations: [{ id: 'f' }] })],
    [
      'that was not described settles nothing',
      'unknown: the listeners of agw: az network application-gateway list',
      STANDARD,
      gateway({ httpListeners: null }),
    ],
    [
      'that lets an office in alone is not open to strangers',
      'no',
      STANDARD,
      network({ networkSecurityGroup: { id: nsgId('office') } }),
      nsg('office', rule(100, 'Allow', '443', '52.1.2.3')),
      gateway(),
    ],
  ])('%s: %s', (...row) => {
    const [, verdict, ...resources] = row as unknown as Row;
    expect(behind(...resources)).toBe(verdict);
  });
});

describe('a machine that lets Front Door in', () => {
  const NARROW = nsg('fd', rule(100, 'Allow', '443', 'AzureFrontDoor.Backend'));
  const OPEN = 'yes | cdn-only tcp/443 app | internet any app';
  const SHUT = 'no | cdn-only tcp/443 app';
  const PROFILE = armId('Microsoft.Cdn/profiles', 'p');
  const endpoint = (facts: JsonObject = {}, profile = PROFILE): EstateResource =>
    azure('azure-front-door-endpoint', `${profile}/afdEndpoints/e`, { enabledState: 'Enabled', ...facts });
  const origin = (facts: JsonObject = {}): EstateResource =>
    azure('azure-front-door-origin', `${PROFILE}/originGroups/o/origins/x`, {
      hostName: '20.50.2.14',
      enabledState: 'Enabled',
      ...facts,
    });
  const route = (facts: JsonObject = {}): EstateResource =>
    azure('azure-front-door-route', `${PROFILE}/afdEndpoints/e/routes/r`, {
      enabledState: 'Enabled',
      linkToDefaultDomain: 'Enabled',
      originGroup: { id: `${PROFILE}/originGroups/O` },
      ...facts,
    });
  const classic = (backend: JsonObject, facts: JsonObject = {}): EstateResource =>
    azure('azure-front-door', armId('Microsoft.Network/frontDoors', 'old'), {
      enabledState: 'Enabled',
      backendPools: [{ backends: [{ address: '20.50.2.14', ...backend }] }],
      ...facts,
    });

  it.each<Row>([
    ['is open where it is an origin', OPEN, endpoint(), route(), origin()],
    [
      'is the origin of nobody knows which route',
      'unknown: the routes of endpoint e: az afd route list',
      endpoint(),
      origin(),
    ],
    ['is an origin that is off', SHUT, endpoint(), route(), origin({ enabledState: 'Disabled' })],
    [
      'is the origin of an endpoint that is off',
      SHUT,
      endpoint({ enabledState: 'Disabled' }),
      route(),
      origin(),
    ],
    ['is the origin of a route that is off', SHUT, endpoint(), route({ enabledState: 'Disabled' }), origin()],
    ['is the origin of another group', SHUT, endpoint(), route({ originGroup: { id: 'other' } }), origin()],
    [
      'is the origin of a profile without endpoint',
      SHUT,
      endpoint({}, armId('Microsoft.Cdn/profiles', 'other')),
      route(),
      origin(),
    ],
    ['is not the origin', SHUT, endpoint(), origin({ hostName: '20.50.2.15' })],
    ['is a backend of a classic one', OPEN, classic({})],
    ['is a backend that is off', SHUT, classic({ enabledState: 'Disabled' })],
    ['is a backend of one that is off', SHUT, classic({}, { enabledState: 'Disabled' })],
    ['is not the backend', SHUT, classic({ address: '20.50.2.15' })],
  ])('%s: %s', (...row) => {
    const [, verdict, ...doors] = row as unknown as Row;
    expect(verdictOn(NET, STANDARD, NARROW, ...doors, nic('fd'), vm())).toBe(verdict);
  });

  it('is not reached through it where Cloudflare alone is let in', () => {
    const cloudflare = nsg('fd', rule(100, 'Allow', '443', '104.16.0.0/13'));
    expect(verdictOn(NET, STANDARD, cloudflare, endpoint(), route(), origin(), nic('fd'), vm())).toBe(SHUT);
  });

  it('or everybody, is open without it', () => {
    const open = nsg('fd', rule(100, 'Allow', '443', '*'));
    expect(verdictOn(NET, STANDARD, open, endpoint(), route(), origin(), nic('fd'), vm())).toBe(YES);
  });

  it('is open where a web app is its origin too', () => {
    const site = (source: JsonObject): EstateResource =>
      azure('azure-web-app', armId('Microsoft.Web/sites', 'shop'), {
        state: 'Running',
        publicNetworkAccess: 'Enabled',
        defaultHostName: 'shop.azurewebsites.net',
        siteConfig: { ipSecurityRestrictions: [{ action: 'Allow', priority: 1, ...source }] },
      });
    const door = [endpoint(), route(), origin({ hostName: 'Shop.azurewebsites.net' })];
    const fromDoor = { ipAddress: 'AzureFrontDoor.Backend', tag: 'ServiceTag' };
    expect(verdictOn(...door, site(fromDoor))).toBe('yes | any-azure tcp/443 app | internet tcp/443 app');
    expect(verdictOn(site(fromDoor))).toBe('yes | any-azure tcp/443 app');
    expect(verdictOn(...door, site({ ipAddress: '104.16.0.0/13' }))).toBe(SHUT);
  });
});
