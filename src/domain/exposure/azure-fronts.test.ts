import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  network,
  nic,
  publicIp,
  verdictOn,
  vm,
  WEB_SUBNET,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

type Row = readonly [why: string, verdict: string, resources: readonly EstateResource[]];

const IP = publicIp('Standard');
const GATEWAY = armId('Microsoft.Network/applicationGateways', 'gw');
const ELSEWHERE = `${armId('Microsoft.Network/virtualNetworks', 'other')}/subnets/web`;
const part = (kind: string, name: string): JsonObject => ({ id: `${GATEWAY}/${kind}/${name}` });
const gateway = (backendAddresses: JsonObject[], facts: JsonObject = {}) =>
  azure('azure-app-gateway', GATEWAY, {
    gatewayIPConfigurations: [{ subnet: { id: WEB_SUBNET } }],
    frontendIPConfigurations: [
      { ...part('frontendIPConfigurations', 'public'), publicIPAddress: { id: IP.facts['id'] ?? '' } },
      { ...part('frontendIPConfigurations', 'private'), privateIPAddress: '10.0.1.9' },
    ],
    frontendPorts: [{ ...part('frontendPorts', 'p'), port: 443 }],
    httpListeners: ['public', 'private'].map((name) => ({
      ...part('httpListeners', name),
      frontendIPConfiguration: part('frontendIPConfigurations', name),
      frontendPort: part('frontendPorts', 'p'),
    })),
    backendAddressPools: [{ ...part('backendAddressPools', 'p'), backendAddresses }],
    backendHttpSettingsCollection: [
      { ...part('settings', 'public'), port: 8080 },
      { ...part('settings', 'private'), port: 9000 },
    ],
    requestRoutingRules: ['public', 'private'].map((name) => ({
      httpListener: part('httpListeners', name),
      backendAddressPool: part('backendAddressPools', 'p'),
      backendHttpSettings: part('settings', name),
    })),
    ...facts,
  });
const NET = network();

describe('behind an application gateway', () => {
  const SITE = armId('Microsoft.Web/sites', 'shop');
  const site = azure('azure-web-app', SITE, {
    state: 'Running',
    publicNetworkAccess: 'Disabled',
    defaultHostName: 'shop.azurewebsites.net',
    privateEndpointConnections: [{ privateLinkServiceConnectionState: { status: 'Approved' } }],
  });
  const endpoint = (subnet: string, status = 'Approved') =>
    azure('azure-private-endpoint', armId('Microsoft.Network/privateEndpoints', 'pe'), {
      subnet: { id: subnet },
      customDnsConfigs: [{ ipAddresses: ['10.0.1.77'] }],
      privateLinkServiceConnections: [
        { privateLinkServiceId: SITE, privateLinkServiceConnectionState: { status } },
      ],
    });
  const BY_NAME = gateway([{ fqdn: 'SHOP.azurewebsites.net' }]);
  const UNSURE = 'unknown: the private endpoints of shop: az network private-endpoint list';
  const apim = (subnet: string) =>
    azure('azure-api-management', armId('Microsoft.ApiManagement/service', 'api'), {
      virtualNetworkType: 'Internal',
      virtualNetworkConfiguration: { subnetResourceId: subnet },
      gatewayUrl: 'https://api.azure-api.net',
    });
  const BY_API = gateway([{ fqdn: 'api.azure-api.net' }]);

  it.each<Row>([
    ['in its network', 'yes | internet tcp/443 app', [IP, NET, BY_NAME, endpoint(WEB_SUBNET), site]],
    [
      'by the address of an endpoint',
      'yes | internet tcp/443 app',
      [IP, NET, gateway([{ ipAddress: '10.0.1.77' }]), endpoint(WEB_SUBNET), site],
    ],
    [
      'in another network',
      'unknown: whether gw reaches the private endpoint pe of shop in another network; no inventory that is read here tells it',
      [IP, NET, BY_NAME, endpoint(ELSEWHERE), site],
    ],
    ['by an endpoint that was not let in', UNSURE, [IP, NET, BY_NAME, endpoint(WEB_SUBNET, 'Pending'), site]],
    ['by an endpoint that nobody described', UNSURE, [IP, NET, BY_NAME, site]],
    ['of another name', 'no', [IP, NET, gateway([{ fqdn: 'b.example.com' }]), site]],
    ['an API in its network', 'yes | internet tcp/443 app', [IP, NET, BY_API, apim(WEB_SUBNET)]],
    [
      'an API in another network',
      'unknown: whether gw reaches api in another network; no inventory that is read here tells it',
      [IP, NET, BY_API, apim(ELSEWHERE)],
    ],
    [
      'a machine on the port of the public listener alone',
      'yes | internet tcp/8080 app',
      [IP, NET, gateway([{ ipAddress: '10.0.1.4' }]), nic(null, { publicIPAddress: null }), vm()],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('behind an application gateway and an inner load balancer', () => {
  const LB = armId('Microsoft.Network/loadBalancers', 'inner');
  const balancer = (frontendPort: number, backendPort: number) =>
    azure('azure-load-balancer', LB, {
      frontendIPConfigurations: [{ id: `${LB}/f`, privateIPAddress: '10.0.1.100' }],
      loadBalancingRules: [
        {
          protocol: 'Tcp',
          frontendPort,
          backendPort,
          frontendIPConfiguration: { id: `${LB}/f` },
          backendAddressPool: { id: `${LB}/backendAddressPools/p` },
        },
      ],
    });
  const member = nic(null, {
    publicIPAddress: null,
    loadBalancerBackendAddressPools: [{ id: `${LB}/backendAddressPools/P` }],
  });

  it.each<readonly [string, string, number, number]>([
    ['on the port that it asks', 'yes | internet tcp/8443 app', 8080, 8443],
    ['on another port', 'no', 443, 8443],
    ['on all ports', 'yes | internet tcp/8080 app', 0, 0],
  ])('%s: %s', (_, verdict, frontendPort, backendPort) => {
    const resources = [IP, NET, gateway([{ ipAddress: '10.0.1.100' }]), member];
    expect(verdictOn(...resources, balancer(frontendPort, backendPort), vm())).toBe(verdict);
  });
});

describe('blobs', () => {
  const ACCOUNT = armId('Microsoft.Storage/storageAccounts', 'files');
  const PERIMETER = armId('Microsoft.Network/networkSecurityPerimeters', 'p');
  const account = (facts: JsonObject) =>
    azure('azure-storage-account', ACCOUNT, { allowBlobPublicAccess: true, ...facts });
  const container = azure('azure-blob-container', `${ACCOUNT}/blobServices/default/containers/c`, {
    publicAccess: 'Blob',
  });
  const perimeter = (prefix: string) => [
    azure('azure-perimeter-association', `${PERIMETER}/resourceAssociations/a`, {
      privateLinkResource: { id: ACCOUNT },
      profile: { id: `${PERIMETER}/profiles/all` },
    }),
    azure('azure-perimeter-rule', `${PERIMETER}/profiles/all/accessRules/r`, {
      direction: 'Inbound',
      addressPrefixes: [prefix],
    }),
  ];
  const SECURED = {
    publicNetworkAccess: 'SecuredByPerimeter',
    networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '<office>' }] },
  };
  const PROFILE = armId('Microsoft.Cdn/profiles', 'fd');
  const door = [
    azure('azure-front-door-endpoint', `${PROFILE}/afdEndpoints/e`, {}),
    azure('azure-front-door-route', `${PROFILE}/afdEndpoints/e/routes/r`, {
      originGroup: { id: `${PROFILE}/originGroups/o` },
    }),
    azure('azure-front-door-origin', `${PROFILE}/originGroups/o/origins/x`, {
      hostName: 'files.blob.core.windows.net',
      sharedPrivateLinkResource: { privateLink: { id: ACCOUNT }, status: 'Approved' },
    }),
  ];
  const OFF = { publicNetworkAccess: 'Disabled' };

  it.each<Row>([
    [
      'in a perimeter for everybody',
      'yes | internet read none',
      [...perimeter('0.0.0.0/0'), account(SECURED), container],
    ],
    [
      'in a perimeter for an office',
      'no | partner read none',
      [...perimeter('20.1.2.0/24'), account(SECURED), container],
    ],
    [
      'in a perimeter for everybody, in no container that is known',
      'unknown: the containers of files: az storage container-rm list',
      [...perimeter('0.0.0.0/0'), account(SECURED)],
    ],
    ['behind Front Door', 'yes | internet read none', [...door, account(OFF), container]],
    [
      'behind Front Door, in an account that allows none',
      'no',
      [...door, account({ ...OFF, allowBlobPublicAccess: false }), container],
    ],
    [
      'behind Front Door, where nobody says whether it does',
      'unknown: whether files allows public containers (allowBlobPublicAccess): az storage account show',
      [...door, account({ ...OFF, allowBlobPublicAccess: null }), container],
    ],
    ['behind no Front Door', 'no', [account(OFF), container]],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a namespace of messages', () => {
  const ID = armId('Microsoft.ServiceBus/namespaces', 'bus');
  const bus = (publicNetworkAccess: string | null) => azure('azure-service-bus', ID, { publicNetworkAccess });
  const rules = (facts: JsonObject) =>
    azure('azure-message-namespace-rules', `${ID}/networkRuleSets/default`, facts);

  it.each<Row>([
    [
      'in a perimeter',
      'unknown: the network security perimeter of bus: az network perimeter list, and of each az network perimeter association list',
      [rules({ defaultAction: 'Allow' }), bus('SecuredByPerimeter')],
    ],
    [
      'whose rules say that public access is off',
      'no',
      [rules({ defaultAction: 'Allow', publicNetworkAccess: 'Disabled' }), bus(null)],
    ],
    [
      'for ranges that nobody can read',
      'unknown: readable network rules of bus: az servicebus namespace network-rule-set list',
      [rules({ defaultAction: 'Deny', ipRules: [{ ipMask: '<office>' }] }), bus('Enabled')],
    ],
    [
      'for an office',
      'no | partner tcp/443, tcp/5671, tcp/5672 iam',
      [rules({ defaultAction: 'Deny', ipRules: [{ ipMask: '20.1.2.0/24' }] }), bus('Enabled')],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
