import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, verdictOn } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * Rows of attack-paths §2.10 for Azure that say what is missing, or why nothing is open, each with all that is told of it
 * (`azure-exposure.rows.expected.snap`).
 */
const of = (type: string, facts: JsonObject = {}): EstateResource =>
  azure(type, armId(`Microsoft.X/${type}`, 'shop'), facts);
const RULE = { name: 'r', action: 'Allow', ipAddressRange: '0.0.0.0/0' };
const environment = of('azure-container-environment', {});
const app = (ingress: JsonObject | null): EstateResource =>
  of('azure-container-app', {
    environmentId: environment.facts['id'] as string,
    configuration: { ingress },
  });

it.each<[title: string, verdict: string, ...resources: EstateResource[]]>([
  ['a managed identity', 'no', of('azure-managed-identity')],
  ['a user of the directory', 'no', of('entra-user')],
  ['a group of the directory', 'no', of('entra-group')],
  ['a service principal', 'no', of('entra-service-principal')],
  [
    'a container instance that is stopped',
    'no',
    of('azure-container-instance', { instanceView: { state: 'Stopped' }, ipAddress: { type: 'Public' } }),
  ],
  [
    'a container instance without an address',
    'no',
    of('azure-container-instance', { ipAddress: { type: 'Private' } }),
  ],
  [
    'a container instance without ports',
    'yes | internet any app',
    of('azure-container-instance', { ipAddress: { type: 'Public' } }),
  ],
  [
    'a container instance with ports',
    'yes | internet tcp/80, udp/53 app',
    of('azure-container-instance', {
      ipAddress: { type: 'Public', ip: '20.1.1.1', ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] },
    }),
  ],
  [
    'a container app of which nothing is told',
    'unknown: the ingress of shop: az containerapp list',
    of('azure-container-app'),
  ],
  ['a container app without ingress', 'no', app(null)],
  [
    'a container app for everybody',
    'yes | internet tcp/443 app',
    environment,
    app({ external: true, ipSecurityRestrictions: [RULE] }),
  ],
  [
    'a container app that only denies',
    'yes | internet tcp/443 app',
    environment,
    app({
      external: true,
      ipSecurityRestrictions: [{ ...RULE, action: 'Deny', ipAddressRange: '20.0.0.0/24' }],
    }),
  ],
  [
    'a container app for its network',
    'no',
    environment,
    app({ external: true, ipSecurityRestrictions: [{ ...RULE, ipAddressRange: '10.0.0.0/8' }] }),
  ],
  [
    'a container app for an unreadable range',
    'unknown: readable restrictions of shop: az containerapp list',
    environment,
    app({ external: true, ipSecurityRestrictions: [{ ...RULE, ipAddressRange: '20.1.2.3/99' }] }),
  ],
  [
    'an API server of which nothing is told',
    'unknown: the API server access profile of shop: az aks list',
    of('azure-aks-cluster'),
  ],
  [
    'an API server for its network',
    'no',
    of('azure-aks-cluster', { apiServerAccessProfile: { authorizedIpRanges: ['10.0.0.0/8'] } }),
  ],
  [
    'an API server for an unreadable range',
    'unknown: readable authorised ranges of shop: az aks list',
    of('azure-aks-cluster', { apiServerAccessProfile: { authorizedIpRanges: ['office'] } }),
  ],
  [
    'a vault within a perimeter',
    'unknown: the network security perimeter of shop: az network perimeter list, and of each az network perimeter association list',
    of('azure-key-vault', { publicNetworkAccess: 'SecuredByPerimeter' }),
  ],
  [
    'a vault of which nothing is told',
    'unknown: the network rules of shop: az resource show',
    of('azure-key-vault'),
  ],
  [
    'a vault for an unreadable range',
    'unknown: readable network rules of shop: az resource show',
    of('azure-key-vault', {
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Deny', ipRules: [{ value: 'office' }] },
    }),
  ],
  [
    'a database server within a perimeter',
    'unknown: the network security perimeter of shop: az network perimeter list, and of each az network perimeter association list',
    of('azure-sql-server', { publicNetworkAccess: 'SecuredByPerimeter' }),
  ],
  ['a database server that is stopped', 'no', of('azure-postgresql-server', { state: 'Stopped' })],
  [
    'a gateway of which nothing is told',
    'unknown: the listeners of shop: az network application-gateway list',
    of('azure-app-gateway'),
  ],
  [
    'a load balancer of which nothing is told',
    'unknown: the frontends of shop: az network lb list',
    of('azure-load-balancer'),
  ],
  ['a load balancer without an address', 'no', of('azure-load-balancer', { frontendIPConfigurations: [] })],
  [
    'a security group of which nothing is told',
    'unknown: the rules of shop: az network nsg list',
    of('azure-nsg'),
  ],
  ['a machine of which nothing is told', 'unknown: the interfaces of shop: az vm list', of('azure-vm')],
  [
    'an interface of which nothing is told',
    'unknown: the addresses of interface shop: az network nic list',
    of('azure-nic'),
  ],
  [
    'a scale set of which nothing is told',
    'unknown: the network profile of shop: az vmss list',
    of('azure-vmss'),
  ],
])('%s', (_title, verdict, ...resources) => {
  expect(verdictOn(...resources)).toBe(verdict);
});
