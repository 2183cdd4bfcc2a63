import type { JsonObject } from '#base/json-value.ts';
import { AzureEstate } from '#domain/exposure/azure-estate.ts';
import { azureExposure } from '#domain/exposure/azure-exposure.ts';
import { type ExposureRecord, publicAccessibility } from '#domain/exposure/exposure-record.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import { expectTold } from './told-ways.ts';

/** Resources of one subscription for tests, told by what matters in them. */
export const SUBSCRIPTION = '/subscriptions/s';
export const GROUP = `${SUBSCRIPTION}/resourceGroups/g`;

export function armId(type: string, name: string): string {
  return `${GROUP}/providers/${type}/${name}`;
}

export function azure(type: string, id: string, facts: JsonObject = {}): EstateResource {
  return {
    key: `azure:${id.toLowerCase()}`,
    type,
    name: id.slice(id.lastIndexOf('/') + 1),
    account: 's',
    region: 'westeurope',
    tags: {},
    facts: { id, ...facts },
    seenAt: 1_790_000_000_000,
    provenance: 'azure',
  };
}

const NETWORK = 'Microsoft.Network';
export const WEB_SUBNET = `${armId(`${NETWORK}/virtualNetworks`, 'net')}/subnets/web`;

/** A network 10.0.0.0/16 with the subnet 10.0.1.0/24. */
export function network(subnet: JsonObject = {}): EstateResource {
  return azure('azure-vnet', armId(`${NETWORK}/virtualNetworks`, 'net'), {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [{ id: WEB_SUBNET, addressPrefix: '10.0.1.0/24', ...subnet }],
  });
}

export function nsgId(name: string): string {
  return armId(`${NETWORK}/networkSecurityGroups`, name);
}

export function nsg(name: string, ...securityRules: readonly JsonObject[]): EstateResource {
  return azure('azure-nsg', nsgId(name), { securityRules: [...securityRules] });
}

/** An inbound TCP rule. */
export function rule(
  priority: number,
  access: string,
  port: string,
  source: string,
  more: JsonObject = {},
): JsonObject {
  return {
    name: `r${priority}`,
    priority,
    access,
    direction: 'Inbound',
    protocol: 'Tcp',
    sourcePortRange: '*',
    sourceAddressPrefix: source,
    destinationAddressPrefix: '*',
    destinationPortRange: port,
    ...more,
  };
}

export function publicIp(sku: string, address = '20.50.2.14'): EstateResource {
  return azure('azure-public-ip', armId(`${NETWORK}/publicIPAddresses`, 'ip'), {
    ipAddress: address,
    sku: { name: sku },
  });
}

const NIC_ID = armId(`${NETWORK}/networkInterfaces`, 'nic');

/** An interface at 10.0.1.4 in the subnet, with the public address unless `configuration` says otherwise. */
export function nic(nsgName: string | null, configuration: JsonObject = {}): EstateResource {
  return azure('azure-nic', NIC_ID, {
    ...(nsgName === null ? {} : { networkSecurityGroup: { id: nsgId(nsgName) } }),
    ipConfigurations: [
      {
        id: `${NIC_ID}/ipConfigurations/c`,
        privateIPAddress: '10.0.1.4',
        publicIPAddress: { id: armId(`${NETWORK}/publicIPAddresses`, 'ip') },
        subnet: { id: WEB_SUBNET },
        ...configuration,
      },
    ],
  });
}

export function vm(facts: JsonObject = {}): EstateResource {
  return azure('azure-vm', armId('Microsoft.Compute/virtualMachines', 'web'), {
    networkProfile: { networkInterfaces: [{ id: NIC_ID }] },
    ...facts,
  });
}

/** The ways in to the last of these resources. */
export function waysInto(...resources: readonly EstateResource[]): readonly ExposureRecord[] {
  const resource = resources.at(-1) as EstateResource;
  const ways = azureExposure(new AzureEstate(resources), resource) ?? [];
  expectTold(ways);
  return ways;
}

/** `yes internet tcp/443`, `no`, `unknown: what is missing`: the verdict on the last of these resources, in one line. */
export function verdictOn(...resources: readonly EstateResource[]): string {
  return told(waysInto(...resources));
}

function told(ways: readonly ExposureRecord[]): string {
  const { state, missing } = publicAccessibility(ways);
  // Flags name the resource once more; the commands themselves are tried in formats.settled.test.ts.
  if (state === 'unknown') return `unknown: ${missing.map((text) => text.replace(/ --.*$/, '')).join('; ')}`;
  const reached = ways.filter((way) => way.verdict === 'yes');
  const said = reached.map((way) => `${way.audience} ${way.surface} ${way.auth}`).sort();
  return [state, ...new Set(said)].join(' | ');
}

/** A load balancer with one public frontend and one rule: port 80 to 443 of the pool `p`. */
export const LB = armId('Microsoft.Network/loadBalancers', 'lb');

export function balancer(facts: object = {}, sku = 'Standard'): EstateResource {
  return azure('azure-load-balancer', LB, {
    sku: { name: sku },
    frontendIPConfigurations: [
      {
        id: `${LB}/frontendIPConfigurations/f`,
        publicIPAddress: { id: armId('Microsoft.Network/publicIPAddresses', 'ip') },
      },
    ],
    loadBalancingRules: [
      {
        name: 'web',
        protocol: 'Tcp',
        frontendPort: 80,
        backendPort: 443,
        frontendIPConfiguration: { id: `${LB}/frontendIPConfigurations/f` },
        backendAddressPool: { id: `${LB}/backendAddressPools/p` },
      },
    ],
    ...facts,
  });
}
