import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expectTold } from '../../../test/support/told-ways.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateKubernetesEstate } from '../risk/evaluate-kubernetes-estate.ts';
import { sampleCover, sampleObject, sampleService, sampleWorkload } from './kubernetes-estate.test-sample.ts';

const PUBLIC = '139.59.204.142';
const LOOKED = sampleCover('Service', 'Ingress', 'NetworkPolicy', 'Node', 'Gateway');
const BALANCER = { serviceType: 'LoadBalancer', addresses: [PUBLIC] };
const NODE = sampleObject('node', 'Node', '', 'n1', { internalAddresses: ['10.0.0.5'] });
const PUBLIC_NODE = sampleObject('node', 'Node', '', 'n1', {
  internalAddresses: ['10.0.0.5'],
  externalAddresses: ['164.92.168.162'],
});

function leadTo(name: string): JsonObject {
  return { host: '', path: '/', backend: { objectKind: 'Service', namespace: 'shop', name }, port: '80' };
}

function ingress(facts: JsonObject = {}): EstateResource {
  return sampleObject('ingress', 'Ingress', 'shop', 'web', {
    className: 'gce',
    addresses: [PUBLIC],
    rules: [leadTo('web')],
    ...facts,
  });
}

function policy(ingressRules: readonly JsonObject[], facts: JsonObject = {}): EstateResource {
  return sampleObject('network-policy', 'NetworkPolicy', 'shop', 'p', {
    podSelector: {},
    isolatesIngress: true,
    ingress: ingressRules as JsonObject[],
    ...facts,
  });
}

const block = (cidr: string, except: string[] = []): JsonObject => ({
  from: [{ is: 'block', cidr, except }],
  ports: [],
});
const pods = (labels: Record<string, string>, namespaces: JsonObject | null = null): JsonObject => ({
  from: [{ is: 'pods', pods: { labels }, namespaces }],
  ports: [],
});

function verdictOf(resource: EstateResource, ...others: readonly EstateResource[]) {
  const risks = evaluateKubernetesEstate([resource, ...others]).get(resource.key);
  expectTold(risks?.exposure ?? []);
  return risks?.publiclyAccessible;
}

describe('a service', () => {
  it.each([
    { title: 'with a public address', facts: BALANCER, state: 'yes' },
    {
      title: 'with a name',
      facts: { serviceType: 'LoadBalancer', addresses: ['a1.eu-west-1.elb.amazonaws.com'] },
      state: 'yes',
    },
    {
      title: 'with an internal name',
      facts: { serviceType: 'LoadBalancer', addresses: ['internal-a1.eu-west-1.elb.amazonaws.com'] },
      state: 'no',
    },
    {
      title: 'with a private address',
      facts: { serviceType: 'LoadBalancer', addresses: ['10.0.0.9'] },
      state: 'no',
    },
    {
      title: 'that waits for its address',
      facts: { serviceType: 'LoadBalancer', addresses: [] },
      state: 'no',
    },
    {
      title: 'of AWS, internal',
      facts: {
        ...BALANCER,
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'true' },
      },
      state: 'no',
    },
    {
      title: 'of AWS, not internal by the value',
      facts: {
        ...BALANCER,
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-internal': 'false' },
      },
      state: 'yes',
    },
    {
      title: 'of Google, internal',
      facts: { ...BALANCER, annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } },
      state: 'no',
    },
    {
      title: 'of Azure, internal',
      facts: {
        ...BALANCER,
        annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
      },
      state: 'no',
    },
    {
      title: "of AWS's controller without a scheme",
      facts: { ...BALANCER, loadBalancerClass: 'service.k8s.aws/nlb' },
      state: 'no',
    },
    {
      title: "of AWS's controller, facing the internet",
      facts: {
        ...BALANCER,
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
          'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
        },
      },
      state: 'yes',
    },
    { title: 'for one office', facts: { ...BALANCER, sourceRanges: ['52.1.2.0/24'] }, state: 'no' },
    {
      title: 'for both halves of the internet',
      facts: { ...BALANCER, sourceRanges: ['0.0.0.0/1', '128.0.0.0/1'] },
      state: 'yes',
    },
    {
      title: 'for a range that nobody can read',
      facts: { ...BALANCER, sourceRanges: ['office'] },
      state: 'unknown',
    },
    {
      title: 'for one office by annotation',
      facts: {
        ...BALANCER,
        annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '52.1.2.0/24, 10.0.0.0/8' },
      },
      state: 'no',
    },
    { title: 'inside the cluster', facts: {}, state: 'no' },
    { title: 'with a public external address', facts: { externalIps: [PUBLIC] }, state: 'yes' },
    { title: 'with a private external address', facts: { externalIps: ['10.0.0.7'] }, state: 'no' },
  ])('$title', ({ facts, state }) => {
    expect(verdictOf(sampleService(facts), ...LOOKED)?.state).toBe(state);
  });

  it.each([
    { title: 'nodes that nobody described', nodes: [], state: 'unknown' },
    { title: 'private nodes', nodes: [NODE], state: 'no' },
    {
      title: 'a node on the internet, whose firewall nobody described',
      nodes: [NODE, { ...PUBLIC_NODE, key: 'n2' }],
      state: 'unknown',
    },
    { title: 'a node without addresses', nodes: [sampleObject('node', 'Node', '', 'n1')], state: 'unknown' },
  ])('on the ports of $title', ({ nodes, state }) => {
    expect(verdictOf(sampleService({ serviceType: 'NodePort' }), ...nodes, ...LOOKED)?.state).toBe(state);
  });

  it('behind an ingress is as public as that', () => {
    const verdict = verdictOf(sampleService(), ingress(), ...LOOKED);
    expect(verdict?.state).toBe('yes');
    expect(verdict?.evidence.map((each) => each.sentence)).toEqual([
      `Ingress shop/web answers at ${PUBLIC}.`,
      'Ingress shop/web leads there.',
    ]);
  });

  it('is unknown as long as nobody listed the ingresses', () => {
    expect(verdictOf(sampleService(), ...sampleCover('Service'))).toMatchObject({
      state: 'unknown',
      missing: [
        'ingresses of the namespace shop: kubectl get services,ingresses -A -o json > services,ingresses.json',
      ],
    });
  });
});

describe('an ingress', () => {
  it.each([
    { title: 'of Google with an address', facts: {}, state: 'yes' },
    { title: 'of Google, internal', facts: { className: 'gce-internal' }, state: 'no' },
    { title: 'without an address', facts: { addresses: [] }, state: 'unknown' },
    { title: 'with a private address', facts: { addresses: ['10.1.1.1'] }, state: 'no' },
    {
      title: 'of an ALB facing the internet',
      facts: {
        className: 'alb',
        addresses: ['k8s-web.elb.amazonaws.com'],
        annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' },
      },
      state: 'yes',
    },
    {
      title: 'of an internal ALB',
      facts: {
        className: 'alb',
        addresses: ['internal-k8s-web.elb.amazonaws.com'],
        annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal' },
      },
      state: 'no',
    },
    {
      title: 'of an ALB without a scheme, by its name',
      facts: { className: 'alb', addresses: ['internal-k8s-web.elb.amazonaws.com'] },
      state: 'no',
    },
    {
      title: 'of an application gateway, internal',
      facts: { annotations: { 'appgw.ingress.kubernetes.io/use-private-ip': 'true' } },
      state: 'no',
    },
    {
      title: 'of an application gateway, not internal by the value',
      facts: { annotations: { 'appgw.ingress.kubernetes.io/use-private-ip': 'false' } },
      state: 'yes',
    },
    {
      title: 'for an office only',
      facts: { annotations: { 'nginx.ingress.kubernetes.io/whitelist-source-range': '52.1.2.3/32' } },
      state: 'no',
    },
    {
      title: 'with a login answers everybody',
      facts: { annotations: { 'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.com' } },
      state: 'yes',
    },
    {
      title: 'of a controller whose service was listed and is another',
      facts: { className: 'nginx' },
      state: 'yes',
    },
  ])('$title', ({ facts, state }) => {
    expect(verdictOf(ingress(facts), ...LOOKED)?.state).toBe(state);
  });

  it('is unknown while the controller’s service may restrict it', () => {
    expect(verdictOf(ingress({ className: 'nginx' }), ...sampleCover('Ingress'))?.state).toBe('unknown');
  });

  it.each([
    { title: 'open', sourceRanges: [], state: 'yes' },
    { title: 'for one office', sourceRanges: ['52.1.2.0/24'], state: 'no' },
  ])('is as public as its controller: $title', ({ sourceRanges, state }) => {
    const controller = sampleService({ ...BALANCER, sourceRanges }, 'nginx', 'ingress');
    expect(verdictOf(ingress({ className: 'nginx' }), controller, ...LOOKED)?.state).toBe(state);
  });
});

describe('a workload', () => {
  const web = sampleWorkload();

  it.each([
    { title: 'behind a load balancer', with: [sampleService(BALANCER)], state: 'yes' },
    {
      title: 'that no service selects',
      with: [sampleService({ ...BALANCER, selector: { app: 'other' } })],
      state: 'no',
    },
    {
      title: 'beside a closed service that selects nothing',
      with: [sampleService({ selector: {} })],
      state: 'no',
    },
    { title: 'behind an ingress', with: [sampleService(), ingress()], state: 'yes' },
    {
      title: 'behind an ingress of another service',
      with: [sampleService(), ingress({ rules: [leadTo('other')] })],
      state: 'no',
    },
    {
      title: 'behind a login',
      with: [sampleService(), ingress({ annotations: { 'alb.ingress.kubernetes.io/auth-type': 'oidc' } })],
      state: 'no',
    },
    {
      title: 'behind an ingress without an address',
      with: [sampleService(), ingress({ addresses: [] })],
      state: 'unknown',
    },
    {
      title: 'beside a mesh that is not read',
      with: [sampleService(), sampleObject('ingress-route', 'IngressRoute', 'shop', 'web')],
      state: 'unknown',
    },
    {
      title: 'behind a load balancer, beside a mesh',
      with: [sampleService(BALANCER), sampleObject('ingress-route', 'IngressRoute', 'shop', 'web')],
      state: 'yes',
    },
  ])('$title', ({ with: others, state }) => {
    expect(verdictOf(web, ...others, ...LOOKED)?.state).toBe(state);
  });

  it.each([
    { title: 'scaled to zero is dormant', facts: { replicas: 0 }, nodes: [], state: 'no' },
    {
      title: 'on the network of a public node',
      facts: { hostNetwork: true },
      nodes: [PUBLIC_NODE],
      state: 'unknown',
    },
    {
      title: 'on the network of private nodes',
      facts: { hostNetwork: true, podLabels: {} },
      nodes: [NODE],
      state: 'no',
    },
    {
      title: 'on a port of a public node',
      facts: { podLabels: {}, containers: [{ name: 'a', ports: [{ port: 80, hostPort: 80 }] }] },
      nodes: [PUBLIC_NODE],
      state: 'unknown',
    },
  ])('$title', ({ facts, nodes, state }) => {
    expect(
      verdictOf(
        sampleWorkload('web', facts),
        sampleService(facts.replicas === 0 ? BALANCER : {}),
        ...nodes,
        ...LOOKED,
      )?.state,
    ).toBe(state);
  });

  it('behind a route of a gateway', () => {
    const route = sampleObject('http-route', 'HTTPRoute', 'shop', 'web', {
      parents: [{ objectKind: 'Gateway', namespace: 'edge', name: 'gw' }],
      rules: [leadTo('web')],
    });
    const gateway = sampleObject('gateway', 'Gateway', 'edge', 'gw', {
      className: 'gke-l7-global-external-managed',
      addresses: [PUBLIC],
    });
    expect(verdictOf(web, sampleService(), route, gateway, ...LOOKED)?.state).toBe('yes');
    expect(verdictOf(web, sampleService(), route, ...LOOKED)).toMatchObject({
      state: 'unknown',
      missing: ['the Gateway edge/gw: kubectl get services,gateways -A -o json'],
    });
    expect(verdictOf(route, gateway, ...LOOKED)?.state).toBe('yes');
  });

  it('is never no while a kind that could open it was not listed', () => {
    expect(verdictOf(web)?.state).toBe('unknown');
    expect(verdictOf(web, ...sampleCover('Service'))?.state).toBe('no');
    expect(verdictOf(web, sampleService(), ...sampleCover('Service'))?.state).toBe('unknown');
    expect(verdictOf(web, sampleService(), ...sampleCover('Service', 'Ingress/shop'))?.state).toBe('no');
    expect(verdictOf(web, sampleService(), ...sampleCover('Service', 'Ingress/other'))?.state).toBe(
      'unknown',
    );
  });

  it('takes a kind that shows in two namespaces for listed, and in one for listed there', () => {
    const elsewhere = sampleObject('ingress', 'Ingress', 'a', 'x', { addresses: ['10.0.0.1'] });
    expect(verdictOf(web, sampleService(), elsewhere)?.state).toBe('unknown');
    expect(
      verdictOf(web, sampleService(), elsewhere, {
        ...sampleObject('ingress', 'Ingress', 'b', 'x', { addresses: ['10.0.0.1'] }),
      })?.state,
    ).toBe('no');
  });

  it('says on what assumption it is public', () => {
    const verdict = verdictOf(web, sampleService(BALANCER), ...sampleCover('Service', 'Ingress'));
    expect(verdict?.state).toBe('yes');
    expect(verdict?.evidence.at(-1)?.sentence).toBe(
      'Assumes that no network policy isolates it: none was supplied.',
    );
  });
});

describe('network policies in front of a workload', () => {
  const web = sampleWorkload();
  const local = sampleService({ ...BALANCER, keepsClientAddress: true });
  const balanced = sampleService(BALANCER);

  it.each([
    { title: 'deny all', service: local, policies: [policy([])], state: 'no' },
    {
      title: 'egress only',
      service: local,
      policies: [policy([], { isolatesIngress: false })],
      state: 'yes',
    },
    {
      title: 'for other pods',
      service: local,
      policies: [policy([], { podSelector: { labels: { app: 'other' } } })],
      state: 'yes',
    },
    { title: 'from everywhere', service: local, policies: [policy([{ from: [], ports: [] }])], state: 'yes' },
    {
      title: 'deny all and from everywhere add up',
      service: local,
      policies: [policy([]), { ...policy([{ from: [], ports: [] }]), key: 'q' }],
      state: 'yes',
    },
    { title: 'from the internet', service: local, policies: [policy([block('0.0.0.0/0')])], state: 'yes' },
    {
      title: 'from the internet but all of it',
      service: local,
      policies: [policy([block('0.0.0.0/0', ['0.0.0.0/1', '128.0.0.0/1'])])],
      state: 'no',
    },
    { title: 'from one office', service: local, policies: [policy([block('52.1.2.0/24')])], state: 'no' },
    {
      title: 'from private addresses, which the nodes are in',
      service: balanced,
      policies: [policy([block('10.0.0.0/8')])],
      state: 'unknown',
    },
    {
      title: 'from private addresses, with the client’s address kept',
      service: local,
      policies: [policy([block('10.0.0.0/8')])],
      state: 'no',
    },
    {
      title: 'from private addresses, which the nodes are not in',
      service: balanced,
      policies: [policy([block('192.168.0.0/16')])],
      state: 'no',
    },
    {
      title: 'from the internet without the nodes',
      service: balanced,
      policies: [policy([block('0.0.0.0/0', ['10.0.0.0/8'])])],
      state: 'unknown',
    },
    { title: 'from pods', service: balanced, policies: [policy([pods({ app: 'other' })])], state: 'no' },
    {
      title: 'to the port by name',
      service: local,
      policies: [policy([{ from: [], ports: [{ port: 'http', protocol: 'TCP' }] }])],
      state: 'yes',
    },
    {
      title: 'to the port by number',
      service: local,
      policies: [policy([{ from: [], ports: [{ port: '8080', protocol: 'TCP' }] }])],
      state: 'yes',
    },
    {
      title: 'to a range of ports',
      service: local,
      policies: [policy([{ from: [], ports: [{ port: '8000', endPort: 8100, protocol: 'TCP' }] }])],
      state: 'yes',
    },
    {
      title: 'to another port',
      service: local,
      policies: [policy([{ from: [], ports: [{ port: '9090', protocol: 'TCP' }] }])],
      state: 'no',
    },
    {
      title: 'to another protocol',
      service: local,
      policies: [policy([{ from: [], ports: [{ port: '8080', protocol: 'UDP' }] }])],
      state: 'no',
    },
  ])('$title', ({ service, policies, state }) => {
    expect(verdictOf(web, service, NODE, ...policies, ...LOOKED)?.state).toBe(state);
  });

  it.each([
    {
      title: 'its namespace and labels',
      rule: pods({ app: 'nginx' }, { labels: { 'kubernetes.io/metadata.name': 'ingress' } }),
      state: 'yes',
    },
    {
      title: 'another namespace',
      rule: pods({}, { labels: { 'kubernetes.io/metadata.name': 'other' } }),
      state: 'no',
    },
    { title: 'the workload’s own namespace', rule: pods({}), state: 'no' },
    { title: 'all namespaces', rule: pods({}, {}), state: 'yes' },
    { title: 'other pods', rule: pods({ app: 'other' }, {}), state: 'no' },
    { title: 'addresses, of which its own are not known', rule: block('10.0.0.0/8'), state: 'unknown' },
  ])('let an ingress controller in by $title', ({ rule, state }) => {
    const controller = sampleObject('workload', 'Deployment', 'ingress', 'nginx', {
      replicas: 1,
      podLabels: { app: 'nginx' },
    });
    const service = sampleService(BALANCER, 'nginx', 'ingress');
    const namespace = sampleObject('namespace', 'Namespace', '', 'ingress');
    expect(
      verdictOf(
        web,
        sampleService(),
        ingress({ className: 'nginx' }),
        controller,
        service,
        namespace,
        policy([rule]),
        ...LOOKED,
      )?.state,
    ).toBe(state);
  });
});

describe('more openness', () => {
  const judged = (resource: EstateResource, ...others: readonly EstateResource[]) =>
    evaluateKubernetesEstate([resource, ...others]).get(resource.key)?.publiclyAccessible;
  const arbitraryFacts = fc.record({
    serviceType: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
    addresses: fc.subarray([PUBLIC, '10.0.0.9']),
    sourceRanges: fc.subarray(['52.1.2.0/24', '0.0.0.0/0', 'x']),
    keepsClientAddress: fc.boolean(),
  });
  const arbitraryRules = fc.array(
    fc.constantFrom(block('0.0.0.0/0'), block('10.0.0.0/8'), pods({ app: 'a' }), { from: [], ports: [] }),
    { maxLength: 3 },
  );
  const rank = { no: 0, unknown: 1, yes: 2 } as const;

  it('by a further service never makes a workload less public', () => {
    fc.assert(
      fc.property(arbitraryFacts, arbitraryFacts, arbitraryRules, (first, second, rules) => {
        const web = sampleWorkload();
        const base = [sampleService(first), policy(rules), NODE, ...LOOKED];
        const before = judged(web, ...base);
        const after = judged(web, ...base, { ...sampleService(second), key: 'second' });
        expect(rank[after?.state ?? 'no']).toBeGreaterThanOrEqual(rank[before?.state ?? 'no']);
      }),
    );
  });

  it('by a further rule of a policy never does either, and isolating never makes it more public', () => {
    fc.assert(
      fc.property(arbitraryFacts, arbitraryRules, arbitraryRules, (facts, rules, further) => {
        const web = sampleWorkload();
        const base = [sampleService(facts), NODE, ...LOOKED];
        const open = rank[judged(web, ...base)?.state ?? 'no'];
        const before = rank[judged(web, ...base, policy(rules))?.state ?? 'no'];
        const after = rank[judged(web, ...base, policy([...rules, ...further]))?.state ?? 'no'];
        expect(after).toBeGreaterThanOrEqual(before);
        expect(open).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});
