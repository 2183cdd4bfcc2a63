import { describe, expect, it } from 'vitest';
import {
  armId,
  azure,
  balancer,
  LB,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  verdictOn,
  vm,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const HTTPS = rule(100, 'Allow', '443', 'Internet');
const OPEN = nsg('open', HTTPS);
const STANDARD = publicIp('Standard');
const BASIC = publicIp('Basic');
const NET = network();
const YES = 'yes | internet tcp/443 app';

/** An estate, and the verdict on the last of it. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const MEMBER = {
  publicIPAddress: null,
  loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/P` }],
};

/** A load balancer of the same name in another resource group, with the same public address, in front of port 22. */
const NAMESAKE_ID = LB.replace('/resourceGroups/g/', '/resourceGroups/h/');
const NAMESAKE = azure('azure-load-balancer', NAMESAKE_ID, {
  sku: { name: 'Standard' },
  frontendIPConfigurations: [
    {
      id: `${NAMESAKE_ID}/frontendIPConfigurations/f`,
      publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', 'ip') },
    },
  ],
  loadBalancingRules: [
    {
      name: 'ssh',
      protocol: 'Tcp',
      frontendPort: 22,
      backendPort: 22,
      frontendIPConfiguration: { id: `${NAMESAKE_ID}/frontendIPConfigurations/f` },
      backendAddressPool: { id: `${NAMESAKE_ID}/backendAddressPools/p` },
    },
  ],
});

describe('behind a load balancer', () => {
  it.each<Case>([
    [
      'the group lets the client in on the target port',
      YES,
      [NET, STANDARD, OPEN, balancer(), nic('open', MEMBER)],
    ],
    ['a Standard one needs a group that allows', 'no', [NET, STANDARD, balancer(), nic(null, MEMBER)]],
    ['a Basic one is open without a group', YES, [NET, BASIC, balancer({}, 'Basic'), nic(null, MEMBER)]],
    [
      'the group allows another port',
      'no',
      [NET, STANDARD, nsg('ssh', rule(100, 'Allow', '22', '*')), balancer(), nic('ssh', MEMBER)],
    ],
    ...[
      [true, '20.50.2.14', YES],
      [true, '10.0.0.4', 'no'],
      [false, '20.50.2.14', 'no'],
    ].map(
      ([enableFloatingIP, destination, verdict]): Case => [
        `a group for ${destination} alone, where packets ${enableFloatingIP ? 'keep' : 'lose'} the address that they were sent to`,
        String(verdict),
        [
          NET,
          STANDARD,
          nsg('aimed', { ...rule(100, 'Allow', '443', '*'), destinationAddressPrefix: String(destination) }),
          balancer({
            loadBalancingRules: [
              {
                name: 'web',
                protocol: 'Tcp',
                enableFloatingIP,
                frontendPort: 443,
                backendPort: 443,
                frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` },
                backendAddressPool: { id: `${LB}/backendAddressPools/p` },
              },
            ],
          }),
          nic('aimed', MEMBER),
        ],
      ],
    ),
    [
      'an internal one',
      'no',
      [
        NET,
        STANDARD,
        OPEN,
        balancer({ frontendIPConfigurations: [{ id: `${LB}/frontendIPConfigurations/f` }] }),
        nic('open', MEMBER),
      ],
    ],
    [
      'one that was not described',
      'unknown: load balancer lb: az network lb list',
      [NET, OPEN, nic('open', MEMBER)],
    ],
    [
      'an inbound NAT rule',
      'yes | internet tcp/22 app',
      [
        NET,
        STANDARD,
        nsg('ssh', rule(100, 'Allow', '22', '*')),
        balancer({
          loadBalancingRules: [],
          inboundNatRules: [
            {
              id: `${LB}/inboundNatRules/n`,
              protocol: 'Tcp',
              frontendPort: 5001,
              backendPort: 22,
              frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` },
            },
          ],
        }),
        nic('ssh', {
          publicIPAddress: null,
          loadBalancerInboundNatRules: [{ id: `${LB}/inboundNatRules/n` }],
        }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources, vm())).toBe(verdict);
  });

  it.each<Case>([
    ['is open where a member is', YES, [NET, STANDARD, OPEN, nic('open', MEMBER), balancer()]],
    ['is closed where all members are', 'no', [NET, STANDARD, nsg('shut'), nic('shut', MEMBER), balancer()]],
    [
      'is not open by a member with an address of its own',
      'no',
      [
        NET,
        BASIC,
        nsg('ssh', rule(100, 'Allow', '22', '*')),
        nic('ssh', {
          ...MEMBER,
          publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', 'ip') },
        }),
        balancer(),
      ],
    ],
    [
      'is not open by another one of its name in front of the same member',
      'no',
      [
        NET,
        STANDARD,
        nsg('ssh', rule(100, 'Allow', '22', '*')),
        NAMESAKE,
        nic('ssh', {
          publicIPAddress: null,
          loadBalancerBackendAddressPools: [
            { id: `${LB}/backendAddressPools/P` },
            { id: `${NAMESAKE_ID}/backendAddressPools/p` },
          ],
        }),
        balancer(),
      ],
    ],
    [
      'without members',
      'unknown: the machines behind lb: az network nic list, az vmss list',
      [STANDARD, balancer()],
    ],
    ['without rules', 'no', [STANDARD, balancer({ loadBalancingRules: [] })]],
    ['without a public address', 'no', [balancer({ frontendIPConfigurations: [{ id: 'f' }] })]],
  ])('the load balancer itself %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
