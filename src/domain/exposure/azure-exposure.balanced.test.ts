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

/** An estate, and the verdict on the last of it. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const OPEN = 'yes | internet tcp/22 app';

describe('behind a load balancer', () => {
  const f = { frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` } };
  const all = nsg('all', rule(100, 'Allow', '*', '*', { protocol: '*' }));
  const inPool = nic('all', {
    publicIPAddress: null,
    loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/p` }],
  });
  const to = (facts: JsonObject, member = inPool, by = 'loadBalancingRules') => [
    network(),
    publicIp('Standard'),
    all,
    balancer({ loadBalancingRules: [], [by]: [{ name: 'r', ...f, ...facts }] }),
    member,
    vm(),
  ];
  const pool = { backendAddressPool: { id: `${LB}/backendAddressPools/p` } };
  it.each<Case>([
    ['by a rule of UDP', 'yes | internet udp/53 app', to({ protocol: 'Udp', backendPort: 53, ...pool })],
    [
      'by a rule of all protocols and ports',
      'yes | internet every tcp port, every udp port app',
      to({ protocol: 'All', backendPort: 0, ...pool }),
    ],
    ['by a rule that names neither', 'yes | internet every tcp port, every udp port app', to(pool)],
    [
      'by a rule that names its pools',
      'yes | internet tcp/443 app',
      to({ protocol: 'Tcp', backendPort: 443, backendAddressPools: [{ id: `${LB}/backendAddressPools/p` }] }),
    ],
    [
      'by a NAT rule for its pool',
      'yes | internet tcp/22 app',
      to({ protocol: 'Tcp', backendPort: 22, ...pool }, inPool, 'inboundNatRules'),
    ],
    [
      'by a NAT pool',
      'yes | internet tcp/22 app',
      to(
        { id: `${LB}/inboundNatPools/n`, protocol: 'Tcp', backendPort: 22 },
        nic('all', {
          publicIPAddress: null,
          loadBalancerInboundNatPools: [{ id: `${LB}/inboundNatPools/n` }],
        }),
        'inboundNatPools',
      ),
    ],
    [
      'by a rule of UDP, where the group lets TCP in alone',
      'no',
      [
        ...to({ protocol: 'Udp', backendPort: 53, ...pool }).map((each) =>
          each === all ? nsg('all', rule(100, 'Allow', '*', '*')) : each,
        ),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a load balancer by itself', () => {
  const f = { frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` } };
  const all = nsg('all', rule(100, 'Allow', '*', '*', { protocol: '*' }));
  const set = (configuration: JsonObject) =>
    azure('azure-vmss', armId('Microsoft.Compute/virtualMachineScaleSets', 'set'), {
      sku: { capacity: 2 },
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              networkSecurityGroup: { id: nsgId('all') },
              ipConfigurations: [{ subnet: { id: WEB_SUBNET }, ...configuration }],
            },
          ],
        },
      },
    });
  const inNat = { id: `${LB}/inboundNatRules/n` };
  const inPool = { id: `${LB}/inboundNatPools/n` };
  it.each<Case>([
    [
      'with a NAT rule alone',
      OPEN,
      [
        network(),
        publicIp('Standard'),
        all,
        nic('all', { publicIPAddress: null, loadBalancerInboundNatRules: [inNat] }),
        balancer({
          loadBalancingRules: [],
          inboundNatRules: [{ ...inNat, ...f, protocol: 'Tcp', backendPort: 22 }],
        }),
      ],
    ],
    [
      'with a NAT pool of a scale set alone',
      OPEN,
      [
        network(),
        publicIp('Standard'),
        all,
        set({ loadBalancerInboundNatPools: [inPool] }),
        balancer({
          loadBalancingRules: [],
          inboundNatPools: [{ ...inPool, ...f, protocol: 'Tcp', backendPort: 22 }],
        }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a scale set whose instances have addresses of their own', () => {
  const set = (sku: JsonObject | null, capacity = 2) =>
    azure('azure-vmss', armId('Microsoft.Compute/virtualMachineScaleSets', 'set'), {
      sku: { capacity },
      virtualMachineProfile: {
        networkProfile: {
          networkInterfaceConfigurations: [
            {
              ipConfigurations: [
                { publicIPAddressConfiguration: { name: 'p', sku }, subnet: { id: WEB_SUBNET } },
              ],
            },
          ],
        },
      },
    });
  it.each<Case>([
    ['of the Standard SKU, without a group', 'no', [network(), set({ name: 'Standard' })]],
    [
      'of the Basic SKU, without a group',
      'yes | internet every tcp port, every udp port app',
      [network(), set({ name: 'Basic' })],
    ],
    [
      'of no SKU, without a group',
      'yes | internet every tcp port, every udp port app',
      [network(), set(null)],
    ],
    ['and none runs', 'no', [network(), set(null, 0)]],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
