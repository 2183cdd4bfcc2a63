import { describe, expect, it } from 'vitest';
import {
  armId,
  azure,
  network,
  nic,
  nsg,
  nsgId,
  publicIp,
  rule,
  SUBSCRIPTION,
  verdictOn,
  vm,
  WEB_SUBNET,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const STANDARD = publicIp('Standard');
const NET = network();
const YES = 'yes | internet tcp/443 app';

/** An estate, and the verdict on the last of it. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const GATEWAY = armId('Microsoft.Network/applicationGateways', 'agw');

function gateway(facts: object = {}): EstateResource {
  return azure('azure-app-gateway', GATEWAY, {
    operationalState: 'Running',
    gatewayIPConfigurations: [{ subnet: { id: WEB_SUBNET } }],
    frontendIPConfigurations: [
      {
        id: `${GATEWAY}/frontendIPConfigurations/f`,
        publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', 'ip') },
      },
    ],
    frontendPorts: [{ id: `${GATEWAY}/frontendPorts/443`, port: 443 }],
    httpListeners: [
      {
        id: `${GATEWAY}/httpListeners/l`,
        name: 'l',
        frontendIPConfiguration: { id: `${GATEWAY}/frontendIPConfigurations/f` },
        frontendPort: { id: `${GATEWAY}/frontendPorts/443` },
      },
    ],
    backendAddressPools: [
      { id: `${GATEWAY}/backendAddressPools/p`, backendAddresses: [{ ipAddress: '10.0.1.4' }] },
    ],
    backendHttpSettingsCollection: [{ id: `${GATEWAY}/backendHttpSettingsCollection/s`, port: 8080 }],
    requestRoutingRules: [
      {
        httpListener: { id: `${GATEWAY}/httpListeners/l` },
        backendAddressPool: { id: `${GATEWAY}/backendAddressPools/p` },
        backendHttpSettings: { id: `${GATEWAY}/backendHttpSettingsCollection/s` },
      },
    ],
    ...facts,
  });
}

const PRIVATE = { publicIPAddress: null };
const POOL = { id: `${GATEWAY}/backendAddressPools/p` };
const OTHER_POOL = { id: `${GATEWAY}/backendAddressPools/other` };

/** One with a private listener that leads to the pool, and the public one that leads where the rule says. */
function twoListeners(led: object): EstateResource {
  const { facts } = gateway();
  return gateway({
    httpListeners: [
      ...(facts['httpListeners'] as object[]),
      {
        id: `${GATEWAY}/httpListeners/inner`,
        frontendIPConfiguration: { id: `${GATEWAY}/frontendIPConfigurations/inner` },
        frontendPort: { id: `${GATEWAY}/frontendPorts/443` },
      },
    ],
    requestRoutingRules: [
      led,
      { httpListener: { id: `${GATEWAY}/httpListeners/inner` }, backendAddressPool: POOL },
    ],
  });
}

describe('an application gateway', () => {
  it.each<Case>([
    ['answers everybody on its listener', YES, [NET, STANDARD, gateway()]],
    ['stopped', 'no', [NET, STANDARD, gateway({ operationalState: 'Stopped' })]],
    ['with a private frontend', 'no', [NET, gateway({ frontendIPConfigurations: [{ id: 'f' }] })]],
    [
      'whose subnet lets nobody in',
      'no',
      [network({ networkSecurityGroup: { id: nsgId('shut') } }), STANDARD, nsg('shut'), gateway()],
    ],
    [
      'that asks for certificates of its own',
      'yes | internet tcp/443 mtls',
      [
        NET,
        STANDARD,
        gateway({
          sslProfiles: [{ id: 'ssl', trustedClientCertificates: [{ id: 'ca' }] }],
          httpListeners: [
            {
              frontendIPConfiguration: { id: `${GATEWAY}/frontendIPConfigurations/f` },
              frontendPort: { id: `${GATEWAY}/frontendPorts/443` },
              sslProfile: { id: 'ssl' },
            },
          ],
        }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it.each<Case>([
    [
      'by its address in the pool',
      'yes | internet tcp/8080 app',
      [NET, STANDARD, gateway(), nic(null, PRIVATE)],
    ],
    [
      'by the pool of its interface',
      'yes | internet tcp/8080 app',
      [
        NET,
        STANDARD,
        gateway({ backendAddressPools: [{ id: `${GATEWAY}/backendAddressPools/p` }] }),
        nic(null, {
          ...PRIVATE,
          applicationGatewayBackendAddressPools: [{ id: `${GATEWAY}/backendAddressPools/p` }],
        }),
      ],
    ],
    [
      'whose group lets the network in by default',
      'yes | internet tcp/8080 app',
      [NET, STANDARD, gateway(), nsg('shut'), nic('shut', PRIVATE)],
    ],
    [
      'whose group denies the gateway',
      'no',
      [NET, STANDARD, gateway(), nsg('deny', rule(100, 'Deny', '*', '*')), nic('deny', PRIVATE)],
    ],
    [
      'by a gateway that nobody described',
      'unknown: application gateway agw: az network application-gateway list',
      [
        NET,
        nic(null, {
          ...PRIVATE,
          applicationGatewayBackendAddressPools: [{ id: `${GATEWAY}/backendAddressPools/p` }],
        }),
      ],
    ],
    [
      'that tells no address, of a gateway that has names behind it',
      'no',
      [
        NET,
        STANDARD,
        gateway({
          backendAddressPools: [
            { id: `${GATEWAY}/backendAddressPools/p`, backendAddresses: [{ fqdn: 'shop.example.com' }] },
          ],
        }),
        nic(null, { ...PRIVATE, privateIPAddress: null }),
      ],
    ],
    [
      'of a stopped gateway',
      'no',
      [NET, STANDARD, gateway({ operationalState: 'Stopped' }), nic(null, PRIVATE)],
    ],
    ...(
      [
        ['whose public listener leads to another pool', 'no', { backendAddressPool: OTHER_POOL }],
        [
          'whose public listener leads to its pool',
          'yes | internet tcp/8080 app',
          { backendAddressPool: POOL },
        ],
        ['whose public listener leads where nobody told', 'yes | internet tcp/8080 app', {}],
        [
          'whose public listener leads by paths',
          'yes | internet tcp/8080 app',
          { backendAddressPool: OTHER_POOL, urlPathMap: { id: 'paths' } },
        ],
      ] as const
    ).map(
      ([title, verdict, led]): Case => [
        title,
        verdict,
        [
          NET,
          STANDARD,
          twoListeners({ httpListener: { id: `${GATEWAY}/httpListeners/L` }, ...led }),
          nic(null, PRIVATE),
        ],
      ],
    ),
  ])('reaches a machine %s', (_, verdict, resources) => {
    expect(verdictOn(...resources, vm())).toBe(verdict);
  });
});

describe('Front Door', () => {
  const frontDoorOnly = nsg('fd', rule(100, 'Allow', '443', 'AzureFrontDoor.Backend'));
  const profile = `${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Cdn/profiles/p`;
  const endpoint = azure('azure-front-door-endpoint', `${profile}/afdEndpoints/e`, {
    hostName: 'e.azurefd.net',
    enabledState: 'Enabled',
  });
  const origin = azure('azure-front-door-origin', `${profile}/originGroups/o/origins/x`, {
    hostName: '20.50.2.14',
    enabledState: 'Enabled',
  });

  const route = azure('azure-front-door-route', `${profile}/afdEndpoints/e/routes/r`, {
    originGroup: { id: `${profile}/originGroups/o` },
  });

  it('makes a machine reachable that lets in it alone', () => {
    expect(verdictOn(NET, STANDARD, frontDoorOnly, endpoint, route, origin, nic('fd'), vm())).toBe(
      'yes | cdn-only tcp/443 app | internet any app',
    );
  });

  it('forwards nothing without an endpoint', () => {
    expect(verdictOn(NET, STANDARD, frontDoorOnly, route, origin, nic('fd'), vm())).toBe(
      'no | cdn-only tcp/443 app',
    );
  });

  it('answers everybody itself', () => {
    expect(verdictOn(endpoint)).toBe('yes | internet tcp/80, tcp/443 app');
    expect(
      verdictOn(
        azure('azure-front-door', armId('Microsoft.Network/frontDoors', 'old'), {
          enabledState: 'Enabled',
          backendPools: [{ backends: [{ address: 'x.example.com' }] }],
        }),
      ),
    ).toBe('yes | internet tcp/80, tcp/443 app');
    expect(
      verdictOn(
        azure('azure-front-door', armId('Microsoft.Network/frontDoors', 'off'), { enabledState: 'Disabled' }),
      ),
    ).toBe('no');
  });
});
