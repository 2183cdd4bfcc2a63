import { describe, expect, it } from 'vitest';
import { type AddressSet, parseAddresses } from '#base/address-set.ts';
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
const CLASS = sampleObject('ingress-class', 'IngressClass', '', 'nginx');

function ingress(facts: JsonObject = {}): EstateResource {
  return sampleObject('ingress', 'Ingress', 'shop', 'web', {
    className: 'gce',
    addresses: [PUBLIC],
    rules: [sampleRule('web')],
    ...facts,
  });
}

const LOAD_BALANCERS: readonly ExposureCase[] = [
  {
    title: '39 a load balancer that an annotation makes internal',
    of: WEB,
    with: [
      sampleService({
        ...BALANCER,
        addresses: ['10.0.0.9'],
        annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
      }),
    ],
    state: 'no',
    record: {
      audience: 'corp',
      verdict: 'yes',
      surface: 'tcp/80',
      via: ['LoadBalancer 10.0.0.9', 'Service shop/web:80', 'Deployment shop/web'],
    },
  },
  {
    title: '39 internal, whatever address it has got',
    of: sampleService({
      ...BALANCER,
      annotations: { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'true' },
    }),
    with: [],
    state: 'no',
    record: { audience: 'corp', verdict: 'yes' },
  },
  {
    title: 'a load balancer',
    of: WEB,
    with: [sampleService(BALANCER)],
    state: 'yes',
    record: {
      audience: 'internet',
      verdict: 'yes',
      auth: 'app',
      surface: 'tcp/80',
      via: [`LoadBalancer ${PUBLIC}`, 'Service shop/web:80', 'Deployment shop/web'],
      gates: ['Service shop/web: type LoadBalancer', 'no NetworkPolicy selects Deployment shop/web'],
    },
  },
  {
    title: 'a load balancer for one office',
    of: WEB,
    with: [sampleService({ ...BALANCER, sourceRanges: ['52.1.2.0/24'] })],
    state: 'no',
    record: {
      audience: 'partner',
      verdict: 'yes',
      gates: [
        'Service shop/web: type LoadBalancer',
        'Service shop/web: admitted addresses',
        'no NetworkPolicy selects Deployment shop/web',
      ],
    },
  },
  {
    title: 'a load balancer for much of the internet',
    of: WEB,
    with: [sampleService({ ...BALANCER, sourceRanges: ['52.0.0.0/7'] })],
    state: 'yes',
    record: { audience: 'internet-wide', verdict: 'yes' },
  },
  {
    title: 'one of IPv6',
    of: WEB,
    with: [sampleService({ ...BALANCER, addresses: ['2a01:4f8::1'], sourceRanges: ['::/0'] })],
    state: 'yes',
    record: {
      audience: 'internet',
      via: ['LoadBalancer 2a01:4f8::1', 'Service shop/web:80', 'Deployment shop/web'],
    },
  },
  {
    title: 'a load balancer without an address yet',
    of: sampleService({ ...BALANCER, addresses: [] }),
    with: [],
    state: 'no',
    record: { verdict: 'no', isDormant: true },
  },
  {
    title: 'an external address',
    of: WEB,
    with: [sampleService({ externalIps: [PUBLIC] })],
    state: 'yes',
    record: { via: [`address ${PUBLIC}`, 'Service shop/web:80', 'Deployment shop/web'], verdict: 'yes' },
  },
  {
    title: 'a workload that is scaled down behind an open load balancer',
    of: sampleWorkload('web', { replicas: 0 }),
    with: [sampleService(BALANCER)],
    state: 'no',
    record: { verdict: 'no', isDormant: true, surface: 'tcp/80' },
  },
];

const INGRESSES: readonly ExposureCase[] = [
  {
    title: '40 an ingress without an address',
    of: ingress({ addresses: [], className: 'nginx' }),
    with: [CLASS],
    state: 'unknown',
    record: {
      verdict: 'unknown',
      missing: ['an address in the status of Ingress shop/web: kubectl get ingress -A -o json'],
    },
  },
  {
    title: '40 an ingress whose class nobody serves',
    of: ingress({ className: 'gone' }),
    with: [CLASS],
    state: 'unknown',
    record: {
      verdict: 'unknown',
      missing: [
        'which controller serves Ingress shop/web: kubectl get ingressclasses -o json > ingressclasses.json',
      ],
    },
  },
  {
    title: '40 an ingress without a class',
    of: ingress({ className: null }),
    with: [CLASS],
    state: 'unknown',
    record: { verdict: 'unknown' },
  },
  {
    title: 'an ingress with two hosts',
    of: ingress({ rules: [sampleRule('web'), sampleRule('web', 'api.example.com', '/v1')] }),
    with: [],
    state: 'yes',
    record: {
      surface: 'api.example.com/v1',
      verdict: 'yes',
      via: [`LoadBalancer ${PUBLIC}`, 'Ingress shop/web (gce)'],
    },
  },
  {
    title: 'a workload behind a path of it',
    of: WEB,
    with: [sampleService(), ingress({ rules: [sampleRule('web', 'shop.example.com', '/cart')] })],
    state: 'yes',
    record: {
      surface: 'shop.example.com/cart',
      via: [`LoadBalancer ${PUBLIC}`, 'Ingress shop/web (gce)', 'Service shop/web:80', 'Deployment shop/web'],
      gates: [
        'Ingress shop/web: address',
        'Ingress shop/web: shop.example.com/cart to web',
        'no NetworkPolicy selects Deployment shop/web',
      ],
    },
  },
  {
    title: 'a workload whose service has no such port',
    of: WEB,
    with: [sampleService(), ingress({ rules: [sampleRule('web', '', '/', '8443')] })],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'an ingress without its backend is open, though nothing is behind it',
    of: ingress({ rules: [sampleRule('gone')] }),
    with: [],
    state: 'yes',
    record: { verdict: 'yes' },
  },
  ...(
    [
      ['nginx.ingress.kubernetes.io/auth-url', 'https://login.example.com', 'oidc', 'no'],
      ['alb.ingress.kubernetes.io/auth-type', 'cognito', 'oidc', 'no'],
      ['alb.ingress.kubernetes.io/auth-type', 'none', 'app', 'yes'],
      ['alb.ingress.kubernetes.io/mutual-authentication', '[{"port":443,"mode":"verify"}]', 'mtls', 'no'],
      [
        'alb.ingress.kubernetes.io/mutual-authentication',
        '[{"port":443,"mode":"passthrough"}]',
        'app',
        'yes',
      ],
      ['nginx.ingress.kubernetes.io/auth-tls-secret', 'shop/ca', 'mtls', 'no'],
      ['nginx.ingress.kubernetes.io/auth-type', 'basic', 'app', 'no'],
      ['nginx.ingress.kubernetes.io/auth-type', 'digest', 'app', 'no'],
      ['nginx.org/basic-auth-secret', 'shop/users', 'app', 'no'],
      ['haproxy.org/auth-type', 'basic-auth', 'app', 'no'],
      ['haproxy.org/auth-type', 'none', 'app', 'yes'],
      ['haproxy-ingress.github.io/auth-url', 'https://login.example.com', 'oidc', 'no'],
    ] as const
  ).flatMap(([key, value, auth, behind]): ExposureCase[] => {
    const front = ingress({ annotations: { [key]: value } });
    return [
      {
        title: `an ingress with ${key}: ${value}`,
        of: front,
        with: [],
        state: 'yes',
        record: { auth, verdict: 'yes' },
      },
      {
        title: `behind ${key}: ${value}`,
        of: WEB,
        with: [sampleService(), front],
        state: behind,
        record: { auth },
      },
    ];
  }),
  {
    title: 'behind a login of ALB that lets everybody pass',
    of: WEB,
    with: [
      sampleService(),
      ingress({
        annotations: {
          'alb.ingress.kubernetes.io/auth-type': 'oidc',
          'alb.ingress.kubernetes.io/auth-on-unauthenticated-request': 'allow',
        },
      }),
    ],
    state: 'yes',
    record: { auth: 'app' },
  },
  {
    title: 'behind a controller whose own pods a policy isolates',
    of: ingress({ className: 'nginx' }),
    with: [
      CLASS,
      sampleService({ ...BALANCER, keepsClientAddress: true }, 'nginx', 'shop'),
      sampleWorkload('nginx'),
      samplePolicy([{ is: 'block', cidr: '52.1.2.0/24', except: [] }]),
    ],
    state: 'no',
    record: { audience: 'partner', verdict: 'yes' },
  },
];

/** Kinds that nobody reads here: what they lead to is not known. */
const UNREAD_FRONTS = [
  ['knative-service', 'Service'],
  ['knative-route', 'Route'],
  ['ingress-route', 'IngressRoute'],
  ['ingress-route-tcp', 'IngressRouteTCP'],
  ['http-proxy', 'HTTPProxy'],
  ['api-rule', 'APIRule'],
  ['mapping', 'Mapping'],
  ['virtual-server', 'VirtualServer'],
] as const;

const ADMITTED: readonly ExposureCase[] = [
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'haproxy.router.openshift.io/ip_allowlist',
  'haproxy.router.openshift.io/ip_whitelist',
].map((key) => ({
  title: `an ingress with ${key}`,
  of: ingress({ annotations: { [key]: '52.1.2.0/24 52.1.3.0/24' } }),
  with: [],
  state: 'no',
  record: { audience: 'partner', verdict: 'yes' },
}));

const CONTROLLERS: readonly ExposureCase[] = [
  {
    title: 'an ingress whose class an annotation names, as clusters did before there were objects for it',
    of: ingress({ className: 'haproxy', annotations: { 'kubernetes.io/ingress.class': 'haproxy' } }),
    with: [CLASS],
    state: 'yes',
    record: { verdict: 'yes' },
  },
  {
    title: "an ingress that is served on a node's own address",
    of: ingress({ className: 'nginx' }),
    with: [CLASS, sampleObject('node', 'Node', '', 'n1', { externalAddresses: [PUBLIC] })],
    state: 'unknown',
    record: { missing: [expect.stringContaining("firewall rules of the nodes' network")] as never },
  },
  {
    title: 'an ingress that is served on an address which its controller has inside alone',
    of: ingress({ className: 'nginx', addresses: ['10.0.0.7'] }),
    with: [CLASS, sampleService({ externalIps: ['10.0.0.7'] }, 'nginx', 'ingress')],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'behind a rule without a port, by every port of its service',
    of: WEB,
    with: [
      sampleService({ ports: [{ name: 'web', port: 80, protocol: 'TCP', targetPort: 'http' }] }),
      ingress({ rules: [sampleRule('web', 'shop.example.com', '/', '')] }),
    ],
    state: 'yes',
    record: { verdict: 'yes' },
  },
  ...UNREAD_FRONTS.map(
    ([type, kind]): ExposureCase => ({
      title: `beside a ${type}`,
      of: WEB,
      with: [sampleService(), sampleObject(type, kind, 'shop', 'x')],
      state: 'unknown',
      record: {
        missing: [`where ${kind} shop/x and its kind lead; no inventory that is read here tells it`],
      },
    }),
  ),
];

const UNREAD_POLICIES = [
  ['calico-network-policy', 'NetworkPolicy', 'shop'],
  ['global-network-policy', 'GlobalNetworkPolicy', ''],
  ['cilium-network-policy', 'CiliumNetworkPolicy', 'shop'],
  ['cilium-clusterwide-network-policy', 'CiliumClusterwideNetworkPolicy', ''],
  ['admin-network-policy', 'AdminNetworkPolicy', ''],
  ['authorization-policy', 'AuthorizationPolicy', 'shop'],
] as const;

const POLICIES: readonly ExposureCase[] = [
  {
    title: '41 a policy that denies all',
    of: WEB,
    with: [sampleService(BALANCER), samplePolicy([])],
    state: 'no',
    record: { verdict: 'no', gates: ['Service shop/web: type LoadBalancer', 'NetworkPolicy shop/p'] },
  },
  {
    title: '41 a policy that denies all but one office',
    of: WEB,
    with: [
      sampleService({ ...BALANCER, keepsClientAddress: true }),
      samplePolicy([{ is: 'block', cidr: '52.1.2.0/24', except: [] }]),
    ],
    state: 'no',
    record: { audience: 'partner', verdict: 'yes' },
  },
  {
    title: '41 a policy that allows half of the internet',
    of: WEB,
    with: [
      sampleService({ ...BALANCER, keepsClientAddress: true }),
      samplePolicy([{ is: 'block', cidr: '0.0.0.0/1', except: [] }]),
    ],
    state: 'yes',
    record: {
      audience: 'internet-wide',
      verdict: 'yes',
      gates: ['Service shop/web: type LoadBalancer', 'NetworkPolicy shop/p'],
    },
  },
  {
    title: 'halves of the internet by the load balancer and by the policy, which do not meet',
    of: WEB,
    with: [
      sampleService({ ...BALANCER, keepsClientAddress: true, sourceRanges: ['128.0.0.0/1'] }),
      samplePolicy([{ is: 'block', cidr: '0.0.0.0/1', except: [] }]),
    ],
    state: 'no',
    record: { verdict: 'no' },
  },
  {
    title: 'a policy that allows everybody, whatever address the pod sees',
    of: WEB,
    with: [sampleService(BALANCER), samplePolicy([{ is: 'block', cidr: '0.0.0.0/0', except: [] }])],
    state: 'yes',
    record: { audience: 'internet', verdict: 'yes' },
  },
  ...UNREAD_POLICIES.map(
    ([type, kind, namespace]): ExposureCase => ({
      title: `a ${type}, which is not read`,
      of: WEB,
      with: [sampleService(BALANCER), sampleObject(type, kind, namespace, 'c')],
      state: 'unknown',
      record: {
        missing: [
          `what ${kind} ${namespace === '' ? '' : 'shop/'}c admits; no inventory that is read here tells it`,
        ],
      },
    }),
  ),
  {
    title: 'a policy of another make, of another namespace',
    of: WEB,
    with: [
      sampleService(BALANCER),
      sampleObject('cilium-network-policy', 'CiliumNetworkPolicy', 'other', 'c'),
    ],
    state: 'yes',
    record: { verdict: 'yes' },
  },
];

function check({ of, with: others, state, record }: ExposureCase): void {
  const risks = risksOf(of, others);
  expect(risks?.exposure).toContainEqual(expect.objectContaining(record));
  expect(risks?.publiclyAccessible.state).toBe(state);
  for (const each of risks?.exposure ?? []) expect(each.verdict === 'unknown').toBe(each.missing.length > 0);
}

describe('a way in to a cluster', () => {
  describe('by an address of a service', () => it.each(LOAD_BALANCERS)('$title: $state', check));
  describe('by an ingress', () => it.each([...INGRESSES, ...ADMITTED])('$title: $state', check));
  describe('by a controller', () => it.each(CONTROLLERS)('$title: $state', check));
  describe('past network policies', () => it.each(POLICIES)('$title: $state', check));

  it('from addresses that the organisation calls its own is no stranger’s', () => {
    const addresses = parseAddresses('52.0.0.0/7') as AddressSet;
    const service = sampleService({ ...BALANCER, sourceRanges: ['52.0.0.0/7'] });
    const risks = risksOf(WEB, [service], { networks: [{ label: 'Berlin', addresses }] });
    expect(risks?.exposure[0]?.audience).toBe('corp');
    expect(risks?.publiclyAccessible.state).toBe('no');
  });

  it.each([
    { title: 'the kubelet', name: 'agent', port: 10_250, says: 'Service shop/agent is the kubelet' },
    { title: 'etcd', name: 'store', port: 2_379, says: 'Service shop/store is etcd' },
    { title: 'a dashboard', name: 'kubernetes-dashboard', port: 443, says: 'is the dashboard of Kubernetes' },
    { title: 'Argo CD', name: 'argocd-server', port: 443, says: 'is Argo CD' },
  ])('that leads to $title says what that is', ({ name, port, says }) => {
    const ports = [{ port, protocol: 'TCP', targetPort: String(port) }];
    const sentences = (facts: JsonObject): string =>
      (risksOf(sampleService({ ...facts, ports }, name), [])?.exposure ?? [])
        .flatMap((each) => each.evidence)
        .map((each) => each.sentence)
        .join(' ');
    expect(sentences(BALANCER)).toContain(says);
    expect(sentences({})).not.toContain(says);
  });

  it.each<[string, number, 'exec' | undefined]>([
    ['agent', 10_250, 'exec'],
    ['store', 2_379, 'exec'],
    ['store', 2_380, 'exec'],
    ['docker', 2_375, 'exec'],
    ['docker', 2_376, 'exec'],
    ['kubernetes-dashboard', 443, 'exec'],
    ['argocd-server', 80, 'exec'],
    ['argo-server', 2_746, 'exec'],
    ['argo-workflows-server', 2_746, 'exec'],
    ['centraldashboard', 80, 'exec'],
    ['ml-pipeline-ui', 80, 'exec'],
    ['jupyter-web-app-service', 80, 'exec'],
    ['agent', 10_255, undefined],
    ['cadvisor', 4_194, undefined],
    ['api', 6_443, undefined],
    ['web', 80, undefined],
  ])('to %s on port %i hands over: %s', (name, port, hands) => {
    const ports = [{ port, protocol: 'TCP', targetPort: String(port) }];
    const of = (facts: JsonObject, ...others: readonly EstateResource[]) =>
      risksOf(sampleService({ ...facts, ports }, name), others)?.exposure.map((way) => way.hands);
    expect(of(BALANCER)).toEqual([hands]);
    // In doubt it may; what nobody gets to hands over nothing.
    expect(of({}, ingress({ addresses: [], rules: [sampleRule(name, '', '/', '')] }))).toContain(hands);
    expect(of({})).toEqual([undefined]);
  });

  it('is told for every port of a service, and of very many the open ones', () => {
    const ports = Array.from({ length: 200 }, (_, index) => ({
      port: index + 1,
      protocol: 'TCP',
      targetPort: String(index + 1),
    }));
    const few = risksOf(sampleService({ ...BALANCER, ports: ports.slice(0, 3) }), [])?.exposure;
    expect(few?.map((each) => each.surface)).toEqual(['tcp/1', 'tcp/2', 'tcp/3']);
    expect(risksOf(sampleService({ ...BALANCER, ports }), [])?.exposure).toHaveLength(64);
    const inside = risksOf(sampleService({ ports }), [ingress({ rules: [sampleRule('web', '', '/', '7')] })]);
    expect(inside?.exposure).toHaveLength(64);
    expect(inside?.exposure[0]).toMatchObject({ verdict: 'yes', surface: 'any host/' });
    expect(inside?.publiclyAccessible.state).toBe('yes');
  });
});
