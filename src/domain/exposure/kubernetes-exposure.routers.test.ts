import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  type ExposureCase,
  risksOf,
  sampleObject,
  samplePolicy,
  sampleRule,
  sampleService,
  sampleWorkload,
} from './kubernetes-estate.test-sample.ts';

const PUBLIC = '139.59.204.142';
const BALANCER = { serviceType: 'LoadBalancer', addresses: [PUBLIC] };
const WEB = sampleWorkload();

const NODE = sampleObject('node', 'Node', '', 'n1', {
  externalAddresses: ['164.92.168.162'],
  internalAddresses: ['10.0.0.5'],
  providerId: 'aws:///eu-west-1a/i-0abc',
});

const NODES: readonly ExposureCase[] = [
  {
    title: 'a node with an address on the internet',
    of: NODE,
    with: [],
    state: 'unknown',
    record: {
      via: ['Node n1 at 164.92.168.162'],
      missing: [
        "firewall rules of the nodes' network in the cloud: aws ec2 describe-instances, describe-security-groups, describe-network-interfaces, describe-route-tables, describe-network-acls",
      ],
    },
  },
  {
    title: 'a port of it',
    of: WEB,
    with: [
      NODE,
      sampleService({
        serviceType: 'NodePort',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 'http', nodePort: 30080 }],
      }),
    ],
    state: 'unknown',
    record: {
      surface: 'tcp/30080',
      via: ['Node n1 at 164.92.168.162', 'Service shop/web:80', 'Deployment shop/web'],
    },
  },
  {
    title: 'a port of it behind an internal load balancer',
    of: WEB,
    with: [
      NODE,
      sampleService({
        ...BALANCER,
        annotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
        ports: [{ port: 80, protocol: 'TCP', targetPort: 'http', nodePort: 30080 }],
      }),
    ],
    state: 'unknown',
    record: { surface: 'tcp/30080', verdict: 'unknown' },
  },
  {
    title: 'a port that the pod takes',
    of: sampleWorkload('web', { containers: [{ name: 'a', ports: [{ port: 8080, hostPort: 80 }] }] }),
    with: [NODE],
    state: 'unknown',
    record: { surface: 'tcp/80', gates: expect.arrayContaining(['Deployment shop/web: hostPort 80']) },
  },
  {
    title: 'a port that the pod takes, kept by a policy',
    of: sampleWorkload('web', { containers: [{ name: 'a', ports: [{ port: 8080, hostPort: 80 }] }] }),
    with: [NODE, samplePolicy([])],
    state: 'no',
    record: { surface: 'tcp/80', verdict: 'no' },
  },
  {
    title: 'the network of the node, which no policy keeps',
    of: sampleWorkload('web', { hostNetwork: true }),
    with: [NODE, samplePolicy([])],
    state: 'unknown',
    record: { surface: 'tcp/8080', gates: expect.arrayContaining(['Deployment shop/web: hostNetwork']) },
  },
  {
    title: 'the network of the node, on ports that the pod does not tell',
    of: sampleWorkload('web', { hostNetwork: true, containers: [{ name: 'a', ports: [] }] }),
    with: [NODE],
    state: 'unknown',
    record: { surface: 'any', via: ['Node n1 at 164.92.168.162', 'Deployment shop/web'] },
  },
];

const MESHED = sampleObject('http-route', 'HTTPRoute', 'shop', 'web', {
  parents: [{ objectKind: 'Service', namespace: 'shop', name: 'web' }],
  rules: [sampleRule('web')],
});

const ISTIO_PODS = sampleObject('workload', 'Deployment', 'istio-system', 'gateway', {
  replicas: 1,
  podLabels: { istio: 'ingressgateway', app: 'gateway' },
});
const ISTIO_SERVICE = sampleService(
  { ...BALANCER, ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: '8443' }] },
  'gateway',
  'istio-system',
);

function istioGateway(facts: JsonObject = {}): EstateResource {
  return sampleObject('istio-gateway', 'Gateway', 'shop', 'gw', {
    podSelector: { istio: 'ingressgateway' },
    listeners: [{ port: 443, protocol: 'HTTPS', hosts: ['*.example.com'], routesFrom: 'All', ...facts }],
  });
}

function virtualService(host = 'shop.example.com'): EstateResource {
  return sampleObject('virtual-service', 'VirtualService', 'shop', 'web', {
    parents: [{ objectKind: 'IstioGateway', namespace: 'shop', name: 'gw' }],
    hosts: [host],
    rules: [sampleRule('web', host)],
  });
}

function gateway(listener: JsonObject = {}, className = 'gke-l7-global-external-managed'): EstateResource {
  return sampleObject('gateway', 'Gateway', 'edge', 'gw', {
    className,
    addresses: [PUBLIC],
    listeners: [{ port: 443, protocol: 'HTTPS', hosts: [], routesFrom: 'All', ...listener }],
  });
}

const ROUTE = sampleObject('http-route', 'HTTPRoute', 'shop', 'web', {
  parents: [{ objectKind: 'Gateway', namespace: 'edge', name: 'gw' }],
  hosts: ['shop.example.com'],
  rules: [sampleRule('web')],
});

const ROUTERS: readonly ExposureCase[] = [
  {
    title: 'a gateway',
    of: gateway(),
    with: [],
    state: 'yes',
    record: {
      surface: 'tcp/443',
      via: [`LoadBalancer ${PUBLIC}`, 'Gateway edge/gw (gke-l7-global-external-managed)'],
    },
  },
  {
    title: 'a gateway of an internal class, whatever its address',
    of: gateway({}, 'gke-l7-rilb'),
    with: [],
    state: 'no',
    record: { surface: 'tcp/443', audience: 'corp', via: ['Gateway edge/gw (gke-l7-rilb)'] },
  },
  {
    title: 'behind a route of a gateway',
    of: WEB,
    with: [sampleService(), gateway(), ROUTE],
    state: 'yes',
    record: {
      surface: 'shop.example.com/',
      via: [
        `LoadBalancer ${PUBLIC}`,
        'Gateway edge/gw (gke-l7-global-external-managed)',
        'HTTPRoute shop/web',
        'Service shop/web:80',
        'Deployment shop/web',
      ],
    },
  },
  {
    title: 'behind a gateway that takes routes of its own namespace only',
    of: WEB,
    with: [sampleService(), gateway({ routesFrom: 'Same' }), ROUTE],
    state: 'no',
    record: { verdict: 'no' },
  },
  ...[
    { hosts: ['*'], state: 'yes' },
    { hosts: ['SHOP.example.com'], state: 'yes' },
    { hosts: ['*.example.com'], state: 'yes' },
    { hosts: ['other.example.com', 'shop.example.com'], state: 'yes' },
    { hosts: ['other.example.com'], state: 'no' },
    { hosts: ['example.com'], state: 'no' },
  ].map(
    ({ hosts, state }): ExposureCase => ({
      title: `behind a gateway for ${hosts.join(' and ')}`,
      of: WEB,
      with: [sampleService(), gateway({ hosts }), ROUTE],
      state,
      record: { verdict: state === 'yes' ? 'yes' : 'no' },
    }),
  ),
  {
    title: 'behind a gateway of another host',
    of: WEB,
    with: [sampleService(), gateway({ hosts: ['*.other.com'] }), ROUTE],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'a route of a mesh, which no gateway has',
    of: MESHED,
    with: [gateway()],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'a gateway of Istio that says of no pods that they are its own',
    of: sampleObject('istio-gateway', 'Gateway', 'shop', 'gw', { podSelector: {}, listeners: [] }),
    with: [ISTIO_PODS, ISTIO_SERVICE],
    state: 'unknown',
    record: { verdict: 'unknown' },
  },
  {
    title: 'behind a virtual service of Istio',
    of: WEB,
    with: [sampleService(), istioGateway(), virtualService(), ISTIO_PODS, ISTIO_SERVICE],
    state: 'yes',
    record: {
      surface: 'shop.example.com/',
      via: [
        `LoadBalancer ${PUBLIC}`,
        'Service istio-system/gateway:443',
        'Deployment istio-system/gateway',
        'Gateway shop/gw',
        'VirtualService shop/web',
        'Service shop/web:80',
        'Deployment shop/web',
      ],
    },
  },
  {
    title: 'behind a gateway of Istio that asks for a client certificate',
    of: WEB,
    with: [
      sampleService(),
      istioGateway({ asksForCertificate: true }),
      virtualService(),
      ISTIO_PODS,
      ISTIO_SERVICE,
    ],
    state: 'no',
    record: { auth: 'mtls', verdict: 'no' },
  },
  {
    title: 'a gateway of Istio on a port that no service leads to',
    of: istioGateway({ port: 9443 }),
    with: [ISTIO_PODS, ISTIO_SERVICE],
    state: 'no',
    record: { surface: 'tcp/9443', verdict: 'no' },
  },
  {
    title: 'a gateway of Istio whose pods nobody described',
    of: istioGateway(),
    with: [],
    state: 'unknown',
    record: {
      missing: ['services and pods that answer for Gateway shop/gw: kubectl get services,pods -A -o json'],
    },
  },
  ...(
    [
      ['with its router', [sampleService(BALANCER, 'router-default', 'openshift-ingress')], 'yes'],
      [
        'with an internal router',
        [sampleService({ ...BALANCER, addresses: ['10.1.1.1'] }, 'router-default', 'openshift-ingress')],
        'no',
      ],
      ['without its router', [], 'unknown'],
    ] as const
  ).map(
    ([title, others, state]): ExposureCase => ({
      title: `a route of OpenShift ${title}`,
      of: sampleObject('route', 'Route', 'shop', 'web', {
        className: 'default',
        addresses: ['router-default.apps.example.com'],
        rules: [sampleRule('web')],
      }),
      with: others,
      state,
      record: { surface: 'shop.example.com/' },
    }),
  ),
];

const RULES = (rules: JsonObject[]): EstateResource =>
  sampleObject('cluster-role', 'ClusterRole', '', 'r', { rules });
const BINDING = (subject: JsonObject, name = 'r'): EstateResource =>
  sampleObject('cluster-role-binding', 'ClusterRoleBinding', '', 'b', {
    role: { objectKind: 'ClusterRole', name },
    subjects: [subject],
  });
const ANONYMOUS = { objectKind: 'User', name: 'system:anonymous' };
const GKE_NODE = sampleObject('node', 'Node', '', 'n', { providerId: 'gce://p/europe-west1-b/n' });

const ANYBODY: readonly ExposureCase[] = [
  {
    title: 'reads pods without a login',
    of: BINDING(ANONYMOUS),
    with: [RULES([{ verbs: ['get'], groups: [''], resources: ['pods'] }])],
    state: 'unknown',
    record: {
      auth: 'none',
      audience: 'internet',
      via: ['API server', 'ClusterRoleBinding b'],
      missing: [
        'who reaches the API server of the cluster: aws eks describe-cluster --name NAME, az aks list or gcloud asset list --project=PROJECT --content-type=resource --asset-types=container.googleapis.com/Cluster --format=json, with the name or id of the cluster there as --scope cluster=',
      ],
    },
  },
  {
    title: 'discovers without a login',
    of: BINDING({ objectKind: 'Group', name: 'system:unauthenticated' }),
    with: [RULES([{ verbs: ['get'], paths: ['/healthz', '/version', '/apis/*'] }])],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'discovers by the default role, which was not listed',
    of: BINDING({ objectKind: 'Group', name: 'system:unauthenticated' }, 'system:public-info-viewer'),
    with: [],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'reads metrics without a login',
    of: BINDING(ANONYMOUS),
    with: [RULES([{ verbs: ['get'], paths: ['/metrics'] }])],
    state: 'unknown',
    record: { verdict: 'unknown' },
  },
  {
    title: 'with a Google account reads pods',
    of: BINDING({ objectKind: 'Group', name: 'system:authenticated' }),
    with: [GKE_NODE, RULES([{ verbs: ['get'], groups: [''], resources: ['pods'] }])],
    state: 'unknown',
    record: { audience: 'any-google-account', auth: 'iam' },
  },
  {
    title: 'that the cluster knows reads pods',
    of: BINDING({ objectKind: 'Group', name: 'system:authenticated' }),
    with: [RULES([{ verbs: ['get'], groups: [''], resources: ['pods'] }])],
    state: 'no',
    record: { verdict: 'no' },
  },
];

function check({ of, with: others, state, record }: ExposureCase): void {
  const risks = risksOf(of, others);
  expect(risks?.exposure).toContainEqual(expect.objectContaining(record));
  expect(risks?.publiclyAccessible.state).toBe(state);
  for (const each of risks?.exposure ?? []) expect(each.verdict === 'unknown').toBe(each.missing.length > 0);
}

describe('a way in to a cluster', () => {
  describe('by its nodes', () => it.each(NODES)('$title: $state', check));
  describe('by gateways, meshes and routers', () => it.each(ROUTERS)('$title: $state', check));
  describe('by its API: anybody', () => it.each(ANYBODY)('$title: $state', check));
});
