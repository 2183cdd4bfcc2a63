import { describe, expect, it } from 'vitest';
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
  waysInto,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const HTTPS = rule(100, 'Allow', '443', 'Internet');
const OPEN = nsg('open', HTTPS);
const STANDARD = publicIp('Standard');
const BASIC = publicIp('Basic');
const NET = network();
const CLOUDFLARE = ['104.16.0.0/13', '162.158.0.0/15', '2400:cb00::/32', '2606:4700::/32', '2a06:98c0::/29'];
const YES = 'yes | internet tcp/443 app';

/** An estate, and the verdict on its machine. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

describe('a virtual machine', () => {
  it.each<Case>([
    [
      '42 a Basic address without a security group is open',
      'yes | internet every tcp port, every udp port app',
      [NET, BASIC, nic(null)],
    ],
    ['42 a Standard address without one is closed', 'no', [NET, STANDARD, nic(null)]],
    [
      'an address that was not described, without a group',
      'unknown: the SKU of its public address: az network public-ip list',
      [NET, nic(null)],
    ],
    ['a Standard address with a group that allows', YES, [NET, STANDARD, OPEN, nic('open')]],
    ...['Internet', '*', 'Any', '0.0.0.0/0'].map(
      (source): Case => [
        `a group that allows ${source}`,
        YES,
        [NET, STANDARD, nsg('own', rule(100, 'Allow', '443', source)), nic('own')],
      ],
    ),
    ...['*', 'Any', 'ANY'].map(
      (protocol): Case => [
        `a group that allows the protocol ${protocol}`,
        'yes | internet tcp/443, udp/443 app',
        [NET, STANDARD, nsg('own', rule(100, 'Allow', '443', '*', { protocol })), nic('own')],
      ],
    ),
    [
      'just-in-time access at rest, which denies before what allows',
      'no',
      [NET, STANDARD, nsg('own', rule(100, 'Deny', '443', '*'), rule(300, 'Allow', '443', '*')), nic('own')],
    ],
    [
      'just-in-time access that lets an office in for some hours',
      'no | partner tcp/443 app',
      [
        NET,
        STANDARD,
        nsg('own', rule(99, 'Allow', '443', '52.1.2.3'), rule(100, 'Deny', '443', '*')),
        nic('own'),
      ],
    ],
    [
      '43 subnet and interface both allow',
      YES,
      [network({ networkSecurityGroup: { id: nsgId('open') } }), STANDARD, OPEN, nic('open')],
    ],
    [
      '43 the subnet allows, the interface does not',
      'no',
      [network({ networkSecurityGroup: { id: nsgId('open') } }), STANDARD, OPEN, nsg('shut'), nic('shut')],
    ],
    [
      '43 the interface allows, the subnet does not',
      'no',
      [network({ networkSecurityGroup: { id: nsgId('shut') } }), STANDARD, OPEN, nsg('shut'), nic('open')],
    ],
    [
      '43 each allows another port',
      'no',
      [
        network({ networkSecurityGroup: { id: nsgId('ssh') } }),
        STANDARD,
        OPEN,
        nsg('ssh', rule(100, 'Allow', '22', '*')),
        nic('open'),
      ],
    ],
    ['no public address', 'no', [NET, OPEN, nic('open', { publicIPAddress: null })]],
    ['an interface that was not described', 'unknown: interface nic: az network nic list', []],
    [
      'a group that was not described',
      'unknown: security group open: az network nsg list',
      [NET, STANDARD, nic('open')],
    ],
    [
      'a network that was not described',
      'unknown: the subnet web and its security group: az network vnet list',
      [STANDARD, OPEN, nic('open')],
    ],
    ['a closed interface needs no network', 'no', [STANDARD, nsg('shut'), nic('shut')]],
    [
      'a default route to an appliance takes answers elsewhere',
      'unknown: whether answers return past route all of rt (VirtualAppliance); no inventory that is read here tells it',
      [
        network({ routeTable: { id: armId('Microsoft.Network/routeTables', 'rt') } }),
        azure('azure-route-table', armId('Microsoft.Network/routeTables', 'rt'), {
          routes: [{ name: 'all', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance' }],
        }),
        STANDARD,
        OPEN,
        nic('open'),
      ],
    ],
    [
      'a default route to nowhere too',
      'unknown: whether answers return past route 0.0.0.0/0 of rt (None); no inventory that is read here tells it',
      [
        network({ routeTable: { id: armId('Microsoft.Network/routeTables', 'rt') } }),
        azure('azure-route-table', armId('Microsoft.Network/routeTables', 'rt'), {
          routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'None' }],
        }),
        STANDARD,
        OPEN,
        nic('open'),
      ],
    ],
    [
      'a default route to a gateway too',
      'unknown: whether answers return past route 0.0.0.0/0 of rt (VirtualNetworkGateway); no inventory that is read here tells it',
      [
        network({ routeTable: { id: armId('Microsoft.Network/routeTables', 'rt') } }),
        azure('azure-route-table', armId('Microsoft.Network/routeTables', 'rt'), {
          routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualNetworkGateway' }],
        }),
        STANDARD,
        OPEN,
        nic('open'),
      ],
    ],
    [
      'a route table that was not described',
      'unknown: route table rt: az network route-table list',
      [
        network({ routeTable: { id: armId('Microsoft.Network/routeTables', 'rt') } }),
        STANDARD,
        OPEN,
        nic('open'),
      ],
    ],
    [
      'other routes change nothing',
      YES,
      [
        network({ routeTable: { id: armId('Microsoft.Network/routeTables', 'rt') } }),
        azure('azure-route-table', armId('Microsoft.Network/routeTables', 'rt'), {
          routes: [
            { addressPrefix: '10.9.0.0/16', nextHopType: 'VirtualAppliance' },
            { addressPrefix: '0.0.0.0/0', nextHopType: 'Internet' },
          ],
        }),
        STANDARD,
        OPEN,
        nic('open'),
      ],
    ],
    [
      'an address of IPv6 by a rule for it',
      'yes | internet tcp/443 app',
      [
        NET,
        azure('azure-public-ip', armId('Microsoft.Network/publicIPAddresses', 'ip'), {
          publicIPAddressVersion: 'IPv6',
          sku: { name: 'Standard' },
        }),
        nsg('six', rule(100, 'Allow', '443', '::/0')),
        nic('six'),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources, vm())).toBe(verdict);
  });

  it.each<[string, string, readonly ReturnType<typeof rule>[]]>([
    [
      'the whole internet in two halves',
      YES,
      [rule(100, 'Allow', '443', '0.0.0.0/1'), rule(110, 'Allow', '443', '128.0.0.0/1')],
    ],
    ['any', YES, [rule(100, 'Allow', '443', 'Any')]],
    [
      'a list of ranges',
      YES,
      [
        rule(100, 'Allow', '443', '', {
          sourceAddressPrefix: null,
          sourceAddressPrefixes: ['0.0.0.0/0', '10.0.0.0/8'],
        }),
      ],
    ],
    ['a denial of higher priority', 'no', [rule(90, 'Deny', '440-450', '*'), HTTPS]],
    ['a denial of lower priority', YES, [HTTPS, rule(110, 'Deny', '443', '*')]],
    [
      'a denial of part of the internet',
      'yes | internet-wide tcp/443 app',
      [rule(90, 'Deny', '443', '0.0.0.0/1'), HTTPS],
    ],
    [
      'a denial by the port that somebody comes from',
      YES,
      [rule(90, 'Deny', '443', '*', { sourcePortRange: '1024' }), HTTPS],
    ],
    ['a denial of another protocol', YES, [rule(90, 'Deny', '443', '*', { protocol: 'Udp' }), HTTPS]],
    ['an office', 'no | partner tcp/443 app', [rule(100, 'Allow', '443', '20.1.2.0/24')]],
    [
      'every machine of Azure',
      'yes | any-azure tcp/443 app',
      [rule(100, 'Allow', '443', 'AzureCloud.WestEurope')],
    ],
    ['everybody but machines of Azure', YES, [rule(90, 'Deny', '443', 'AzureCloud'), HTTPS]],
    ['Front Door alone', 'no | cdn-only tcp/443 app', [rule(100, 'Allow', '443', 'AzureFrontDoor.Backend')]],
    ...(
      [
        ['Cloudflare', CLOUDFLARE, 'no | cdn-only tcp/443 app'],
        ['Cloudflare and an office', [...CLOUDFLARE, '20.1.2.0/24'], 'no | partner tcp/443 app'],
        ['Cloudflare and a /7', [...CLOUDFLARE, '20.0.0.0/7'], 'yes | internet-wide tcp/443 app'],
        ['Cloudflare and Front Door', [...CLOUDFLARE, 'AzureFrontDoor.Backend'], 'no | cdn-only tcp/443 app'],
        ['one address of Cloudflare', ['104.16.0.1'], 'no | cdn-only tcp/443 app'],
        ['the neighbour of Cloudflare', ['104.28.0.0/16'], 'no | partner tcp/443 app'],
      ] as const
    ).map(([title, sourceAddressPrefixes, verdict]): [string, string, readonly ReturnType<typeof rule>[]] => [
      title,
      verdict,
      [
        rule(100, 'Allow', '443', '', {
          sourceAddressPrefix: null,
          sourceAddressPrefixes: [...sourceAddressPrefixes],
        }),
      ],
    ]),
    [
      'a service of Azure',
      'no',
      [rule(100, 'Allow', '443', 'AzureLoadBalancer'), rule(110, 'Allow', '443', 'Storage.WestEurope')],
    ],
    ['the own network', 'no', [rule(100, 'Allow', '*', 'VirtualNetwork')]],
    ['outbound rules', 'no', [rule(100, 'Allow', '443', '*', { direction: 'Outbound' })]],
    [
      'the address of another machine',
      'no',
      [rule(100, 'Allow', '443', '*', { destinationAddressPrefix: '10.0.1.5' })],
    ],
    ['its own address', YES, [rule(100, 'Allow', '443', '*', { destinationAddressPrefix: '10.0.1.0/29' })]],
    [
      'a group that it is not in',
      'no',
      [
        rule(100, 'Allow', '443', '*', {
          destinationAddressPrefix: null,
          destinationApplicationSecurityGroups: [{ id: '/x/other' }],
        }),
      ],
    ],
    [
      'a group that it is in',
      YES,
      [
        rule(100, 'Allow', '443', '*', {
          destinationAddressPrefix: null,
          destinationApplicationSecurityGroups: [{ id: '/X/Web' }],
        }),
      ],
    ],
    [
      'members of a group',
      'no',
      [
        rule(100, 'Allow', '443', '', {
          sourceAddressPrefix: null,
          sourceApplicationSecurityGroups: [{ id: '/x/web' }],
        }),
      ],
    ],
    [
      'ports and a list of them',
      'yes | internet tcp/80, tcp/8000-8080 app',
      [
        rule(100, 'Allow', '', '*', {
          destinationPortRange: null,
          destinationPortRanges: ['80', '8000-8080'],
        }),
      ],
    ],
    ['ping', 'no', [rule(100, 'Allow', '*', '*', { protocol: 'Icmp' })]],
    [
      'every protocol',
      'yes | internet tcp/53, udp/53 app',
      [rule(100, 'Allow', '53', '*', { protocol: '*' })],
    ],
    [
      'a source that nobody can read',
      'unknown: security group g, a readable source of rule r100 (found <office>): az network nsg list',
      [rule(100, 'Allow', '443', '<office>')],
    ],
    ...(
      [
        ['destination', 'NewService', 'Deny', 'unknown'],
        ['destination', 'NewService', 'Allow', 'unknown'],
        ['destination', '<x>', 'Deny', 'unreadable'],
        ['destination', 'Storage.WestEurope', 'Deny', YES],
        ['destination', 'Storage.WestEurope', 'Allow', 'no'],
        ['source', 'NewService.WestEurope', 'Deny', 'unknown'],
        ['source', 'NewService.WestEurope', 'Allow', 'unknown'],
        ['source', 'Storage', 'Deny', YES],
      ] as const
    ).map(([side, tag, access, verdict]): [string, string, readonly ReturnType<typeof rule>[]] => [
      `the ${side} ${tag} (${access})`,
      verdict === 'unknown'
        ? `unknown: security group g, what the service tag ${tag} stands for in rule r90; no inventory that is read here tells it`
        : verdict === 'unreadable'
          ? `unknown: security group g, a readable destination of rule r90 (found ${tag}): az network nsg list`
          : verdict,
      [
        rule(90, access, '443', '*', { [`${side}AddressPrefix`]: tag }),
        ...(access === 'Deny' ? [HTTPS] : []),
      ],
    ]),
    [
      'a denial to a tag nobody knows, of another port',
      YES,
      [rule(90, 'Deny', '22', '*', { destinationAddressPrefix: 'NewService' }), HTTPS],
    ],
    [
      'a denial that nobody can read',
      'unknown: security group g, a readable source of rule r90 (found <x>): az network nsg list',
      [rule(90, 'Deny', '443', '<x>'), HTTPS],
    ],
  ])('a rule for %s', (_, verdict, rules) => {
    const interfaces = nic('g', { applicationSecurityGroups: [{ id: '/x/web' }] });
    expect(verdictOn(NET, STANDARD, nsg('g', ...rules), interfaces, vm())).toBe(verdict);
  });

  it.each([
    ['PowerState/deallocated', 'no'],
    ['VM stopped', 'no'],
    ['VM running', YES],
    ['PowerState/running', YES],
  ])('in state %s', (powerState, verdict) => {
    const resources = [NET, STANDARD, OPEN, nic('open'), vm({ powerState })];
    expect(verdictOn(...resources)).toBe(verdict);
    expect(waysInto(...resources).some((way) => way.isDormant === true)).toBe(verdict === 'no');
  });

  it('names the way in, and what would close it', () => {
    const [way] = waysInto(
      network({ networkSecurityGroup: { id: nsgId('open') } }),
      STANDARD,
      OPEN,
      nic(null),
      vm(),
    );
    expect(way).toMatchObject({
      via: ['public address ip', 'open', 'net'].slice(0, 2),
      gates: [OPEN.key],
      evidence: [
        {
          sentence: 'Network interface nic (20.50.2.14) lets the whole internet in on tcp/443.',
          provenance: 'azure',
        },
        { sentence: 'Network security group open lets it in.' },
      ],
    });
  });
});

describe('a scale set', () => {
  const template = (nsgName: string | null, configuration: object, capacity = 2) =>
    azure('azure-vmss', armId('Microsoft.Compute/virtualMachineScaleSets', 'set'), {
      sku: { capacity },
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              name: 'nic',
              ...(nsgName === null ? {} : { networkSecurityGroup: { id: nsgId(nsgName) } }),
              ipConfigurations: [{ subnet: { id: WEB_SUBNET }, ...configuration }],
            },
          ],
        },
      },
    });
  const BASIC_EACH = { publicIPAddressConfiguration: { name: 'pub' } };

  it.each<Case>([
    [
      'with an address of each instance',
      'yes | internet tcp/443 app',
      [NET, OPEN, template('open', BASIC_EACH)],
    ],
    ['without instances', 'no', [NET, OPEN, template('open', BASIC_EACH, 0)]],
    ['without addresses', 'no', [NET, OPEN, template('open', {})]],
    [
      'behind a load balancer',
      'yes | internet tcp/443 app',
      [
        NET,
        STANDARD,
        OPEN,
        balancer(),
        template('open', { loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/p` }] }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
