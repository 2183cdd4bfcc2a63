import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const HOST = 'k8s-shop-web-1.elb.eu-west-1.amazonaws.com';
const SERVICE = 'k8s:shop//Service/shop/web';
const NODE = 'k8s:shop//Node//n1';

async function shown(key: string) {
  const [view] = await showResources(inbox.ctx, { ids: [key] });
  return view;
}

async function stateOf(key: string): Promise<string | undefined> {
  return (await shown(key))?.publiclyAccessible.state;
}

/** A cluster with a service behind a load balancer, and one node. */
function cluster(address: object, providerId: string): object {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    status: { loadBalancer: { ingress: [address] } },
  };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    spec: { providerID: providerId },
    status: { addresses: [{ type: 'ExternalIP', address: '54.1.2.3' }] },
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'other', namespace: 'shop' },
    spec: { defaultBackend: { service: { name: 'other', port: { number: 80 } } } },
  };
  return { apiVersion: 'v1', kind: 'List', items: [service, node, ingress] };
}

async function importCluster(address: object, providerId: string): Promise<void> {
  await inbox.importReport(cluster(address, providerId), { scope: { cluster: 'shop' } }, 'cluster.json');
}

describe('AWS', () => {
  const PLACE = { account: '111111111111', region: 'eu-west-1', complete: true };
  const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/web/1';
  const INSTANCE = 'i-0123456789abcdef0';
  const balancers = (scheme: string) => ({
    LoadBalancers: [
      {
        LoadBalancerArn: ARN,
        LoadBalancerName: 'web',
        DNSName: HOST,
        Type: 'network',
        Scheme: scheme,
        VpcId: 'vpc-1',
        AvailabilityZones: [{ SubnetId: 'subnet-1' }],
      },
    ],
  });
  const groups = (port: number) => ({
    SecurityGroups: [
      {
        GroupId: 'sg-1',
        VpcId: 'vpc-1',
        IpPermissions: [
          { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
        ],
      },
    ],
  });
  const NETWORK = [
    {
      Reservations: [
        {
          OwnerId: '111111111111',
          Instances: [
            {
              InstanceId: INSTANCE,
              VpcId: 'vpc-1',
              SubnetId: 'subnet-1',
              PublicIpAddress: '54.1.2.3',
              PrivateIpAddress: '10.0.0.5',
              State: { Name: 'running' },
              SecurityGroups: [{ GroupId: 'sg-1' }],
            },
          ],
        },
      ],
    },
    { Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24' }] },
    {
      RouteTables: [
        {
          RouteTableId: 'rtb-1',
          VpcId: 'vpc-1',
          Associations: [{ Main: true, RouteTableId: 'rtb-1' }],
          Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
        },
      ],
    },
    {
      NetworkAcls: [
        {
          NetworkAclId: 'acl-1',
          VpcId: 'vpc-1',
          IsDefault: true,
          Associations: [{ SubnetId: 'subnet-1' }],
          Entries: [false, true].map((Egress) => ({
            CidrBlock: '0.0.0.0/0',
            Protocol: '-1',
            RuleAction: 'allow',
            RuleNumber: 100,
            Egress,
          })),
        },
      ],
    },
    { Listeners: [{ ListenerArn: `${ARN}/l`, LoadBalancerArn: ARN, Port: 443, Protocol: 'TCP' }] },
  ];

  test('a load balancer decides for the service in front of which it stands, whichever comes first', async () => {
    await importCluster({ hostname: HOST }, `aws:///eu-west-1a/${INSTANCE}`);
    expect(await stateOf(SERVICE)).toBe('yes');
    await inbox.importReport(balancers('internal'), PLACE, 'elbv2-describe-load-balancers.json');
    expect(await shown(SERVICE)).toMatchObject({
      publiclyAccessible: { state: 'no' },
      exposure: [{ via: ['load balancer web', 'Service shop/web:80'] }],
    });
    await inbox.importReport(balancers('internet-facing'), PLACE, 'elbv2-describe-load-balancers.json');
    expect(await stateOf(SERVICE)).toBe('yes');
    // Its only listener is on another port than the service.
    await inbox.importReports(NETWORK, PLACE);
    expect(await stateOf(SERVICE)).toBe('no');
    await importCluster({ hostname: HOST }, `aws:///eu-west-1a/${INSTANCE}`);
    expect(await stateOf(SERVICE)).toBe('no');
    // Of one that is gone nothing is known any more.
    await inbox.importReport({ LoadBalancers: [] }, PLACE, 'elbv2-describe-load-balancers.json');
    expect(await stateOf(SERVICE)).toBe('yes');
  });

  test('a service that does not tell its address has the load balancer whose tags name it', async () => {
    const tagged = (cluster: string) => {
      const [balancer] = balancers('internal').LoadBalancers;
      const Tags = [
        { Key: 'elbv2.k8s.aws/cluster', Value: cluster },
        { Key: 'service.k8s.aws/stack', Value: 'shop/web' },
      ];
      return { LoadBalancers: [{ ...balancer, Tags }] };
    };
    await importCluster({}, `aws:///eu-west-1a/${INSTANCE}`);
    const through = async () => (await shown(SERVICE))?.exposure.map(({ via }) => via[0]);
    expect(await through()).toEqual(['Service shop/web:80']);
    await inbox.importReport(tagged('other'), PLACE, 'elbv2-describe-load-balancers.json');
    expect(await through()).toEqual(['Service shop/web:80']);
    await inbox.importReport(tagged('shop'), PLACE, 'elbv2-describe-load-balancers.json');
    expect(await through()).toEqual(['load balancer web']);
    await importCluster({ hostname: 'b.example.com' }, `aws:///eu-west-1a/${INSTANCE}`);
    expect(await through()).toEqual(['LoadBalancer b.example.com']);
  });

  test('the groups of an instance decide for the node that it is', async () => {
    await importCluster({ hostname: HOST }, `aws:///eu-west-1a/${INSTANCE}`);
    expect(await stateOf(NODE)).toBe('unknown');
    await inbox.importReports(
      [...NETWORK, groups(22), { LoadBalancers: [] }, { LoadBalancerDescriptions: [] }],
      PLACE,
    );
    expect((await shown(NODE))?.exposure[0]).toMatchObject({
      surface: 'tcp/22',
      audience: 'internet',
      verdict: 'yes',
    });
    await inbox.importReport(
      { SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [] }] },
      PLACE,
      'groups.json',
    );
    expect(await stateOf(NODE)).toBe('no');
  });
});

test('the cluster that a cloud runs decides for a role that strangers have, whichever comes first', async () => {
  const BINDING = 'k8s:shop/rbac.authorization.k8s.io/ClusterRoleBinding//strangers';
  const rbac = (kind: string, name: string, more: object) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name },
    ...more,
  });
  const items = [
    rbac('ClusterRole', 'r', { rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] }),
    rbac('ClusterRoleBinding', 'strangers', {
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'User', name: 'system:anonymous' }],
    }),
  ];
  const bind = () =>
    inbox.importReport(
      { apiVersion: 'v1', kind: 'List', items },
      { scope: { cluster: 'shop' } },
      'cluster.json',
    );
  const run = (version: string, account = '111111111111') =>
    inbox.importReport(
      {
        cluster: {
          name: 'shop',
          arn: `arn:aws:eks:eu-west-1:${account}:cluster/shop`,
          version,
          status: 'ACTIVE',
          resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] },
        },
      },
      { account, region: 'eu-west-1' },
      'eks-describe-cluster-shop.json',
    );
  await bind();
  expect(await stateOf(BINDING)).toBe('unknown');
  await run('1.31');
  expect(await shown(BINDING)).toMatchObject({
    publiclyAccessible: { state: 'yes' },
    exposure: [
      { auth: 'none', via: ['EKS cluster shop', 'public endpoint', 'ClusterRoleBinding strangers'] },
    ],
  });
  await run('1.33');
  expect(await stateOf(BINDING)).toBe('no');
  await bind();
  expect(await stateOf(BINDING)).toBe('no');
  // Of two that are called so nobody knows which it is.
  await run('1.33', '222222222222');
  expect(await stateOf(BINDING)).toBe('unknown');
});

/** A binding of a cluster by which strangers have a role. */
const strangersIn = (cluster: string) =>
  `k8s:${cluster}/rbac.authorization.k8s.io/ClusterRoleBinding//strangers`;

function bindStrangers(cluster: string) {
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'strangers' },
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'User', name: 'system:anonymous' }],
  };
  const list = { apiVersion: 'v1', kind: 'List', items: [binding] };
  return inbox.importReport(list, { scope: { cluster } }, 'cluster.json');
}

test('AKS is found by its id, in either spelling of a scope, among clusters of the same name', async () => {
  const written =
    '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Shop-RG/providers/Microsoft.ContainerService/managedClusters/Shop';
  const run = (id: string) => ({
    id,
    name: 'Shop',
    type: 'Microsoft.ContainerService/managedClusters',
    properties: { provisioningState: 'Succeeded' },
  });
  await bindStrangers(written);
  expect(await stateOf(strangersIn(written))).toBe('unknown');
  await inbox.importReport([run(written)], {}, 'aks.json');
  expect(await shown(strangersIn(written))).toMatchObject({
    publiclyAccessible: { state: 'no' },
    exposure: [{ via: ['AKS cluster Shop', 'ClusterRoleBinding strangers'] }],
  });
  await inbox.importReport([run(written.replace('Shop-RG', 'other'))], {}, 'aks-other.json');
  expect(await stateOf(strangersIn(written))).toBe('no');
  await bindStrangers(written.toLowerCase());
  expect(await stateOf(strangersIn(written.toLowerCase()))).toBe('no');
  // By its name alone nobody knows which of the two it is.
  await bindStrangers('Shop');
  expect(await stateOf(strangersIn('Shop'))).toBe('unknown');
});

test('GKE is found by its name in the context of kubectl, and by its id', async () => {
  const idIn = (place: string) =>
    `//container.googleapis.com/projects/shop-prod/locations/${place}/clusters/shop`;
  const id = idIn('europe-west1');
  const context = 'gke_shop-prod_europe-west1_shop';
  const run = (mode: string, name = id) =>
    inbox.importReport(
      [
        {
          name,
          assetType: 'container.googleapis.com/Cluster',
          resource: { data: { name: 'shop', anonymousAuthenticationConfig: { mode } } },
          ancestors: ['projects/1234'],
        },
      ],
      {},
      'clusters.json',
    );
  for (const scope of [context, id]) await bindStrangers(scope);
  expect(await stateOf(strangersIn(context))).toBe('unknown');
  await run('LIMITED');
  for (const scope of [context, id])
    expect(await shown(strangersIn(scope))).toMatchObject({
      publiclyAccessible: { state: 'no' },
      exposure: [{ via: ['GKE cluster shop', 'ClusterRoleBinding strangers'] }],
    });
  await run('LIMITED', idIn('us-east1'));
  expect(await stateOf(strangersIn(id))).toBe('no');
  // By its name alone nobody knows which of the two it is.
  expect(await stateOf(strangersIn(context))).toBe('unknown');
  await run('ENABLED');
  expect(await stateOf(strangersIn(id))).toBe('unknown');
});

test('a forwarding rule of Google Cloud decides by its address', async () => {
  await importCluster({ ip: '34.1.2.3' }, 'gce://shop-prod/europe-west1-b/n1');
  expect(await stateOf(SERVICE)).toBe('yes');
  const rule = {
    name: '//compute.googleapis.com/projects/shop-prod/regions/europe-west1/forwardingRules/a1',
    assetType: 'compute.googleapis.com/ForwardingRule',
    resource: {
      data: {
        name: 'a1',
        IPAddress: '34.1.2.3',
        IPProtocol: 'TCP',
        portRange: '80-80',
        loadBalancingScheme: 'INTERNAL',
      },
    },
    ancestors: ['projects/1234'],
  };
  await inbox.importReport([rule], {}, 'rules.json');
  expect(await shown(SERVICE)).toMatchObject({
    publiclyAccessible: { state: 'no' },
    exposure: [{ via: ['forwarding rule a1', 'Service shop/web:80'] }],
  });
});

test('a load balancer of Azure decides by its public address', async () => {
  const GROUP =
    '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/mc/providers/Microsoft.Network';
  await importCluster(
    { ip: '20.1.2.3' },
    'azure:///subscriptions/s/resourceGroups/mc/providers/Microsoft.Compute/virtualMachines/n1',
  );
  expect(await stateOf(SERVICE)).toBe('yes');
  const address = {
    id: `${GROUP}/publicIPAddresses/kubernetes-web`,
    name: 'kubernetes-web',
    type: 'Microsoft.Network/publicIPAddresses',
    sku: { name: 'Standard' },
    properties: { ipAddress: '20.1.2.3' },
  };
  const balancer = {
    id: `${GROUP}/loadBalancers/kubernetes`,
    name: 'kubernetes',
    type: 'Microsoft.Network/loadBalancers',
    sku: { name: 'Standard' },
    properties: {
      frontendIPConfigurations: [
        {
          id: `${GROUP}/loadBalancers/kubernetes/frontendIPConfigurations/a`,
          properties: { publicIPAddress: { id: address.id } },
        },
      ],
      loadBalancingRules: [],
    },
  };
  await inbox.importReport([address, balancer], {}, 'resources.json');
  expect(await shown(SERVICE)).toMatchObject({
    publiclyAccessible: { state: 'no' },
    exposure: [{ via: ['public address kubernetes-web of kubernetes', 'Service shop/web:80'] }],
  });
});
