import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { Surroundings } from '../risk/estate.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { ExposureRecord } from './exposure-record.ts';
import {
  risksOf,
  sampleObject,
  samplePolicy,
  sampleRule,
  sampleService,
  sampleWorkload,
} from './kubernetes-estate.test-sample.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

const HOST = 'k8s-shop-1.elb.eu-west-1.amazonaws.com';
const AT = 1_790_000_000_000;
const said = (sentence: string) => ({ evidence: [{ sentence, provenance: 'aws', at: AT }] });

function door(...ways: readonly ExposureRecord[]): CloudDoor {
  return { name: 'load balancer k8s-shop', ways, provenance: 'aws', at: AT };
}

function balancer(...ways: readonly ExposureRecord[]): Surroundings {
  return { doors: { balancers: new Map([[HOST, door(...ways)]]), machines: new Map() } };
}

function machine(...ways: readonly ExposureRecord[]): Surroundings {
  return {
    doors: {
      balancers: new Map(),
      machines: new Map([['aws:///eu-west-1a/i-1', { ...door(...ways), name: 'instance i-1' }]]),
    },
  };
}

const SERVICE = sampleService({ serviceType: 'LoadBalancer', addresses: [HOST] });
const OPEN = openWay('internet', { surface: 'tcp/80', ...said('The group lets everybody in.') });
const OFFICE = {
  ...openWay('partner', { surface: 'tcp/80', ...said('The group lets named addresses in.') }),
  senders: ['8.8.8.0/24'],
};

describe('a load balancer that its cloud tells of', () => {
  it.each<{
    title: string;
    ways: readonly ExposureRecord[];
    facts?: JsonObject;
    state: string;
    says: string;
  }>([
    { title: 'and lets everybody in', ways: [OPEN], state: 'yes', says: 'The group lets everybody in.' },
    {
      title: 'and calls internal, whatever its name',
      ways: [closedWay(said('The scheme of k8s-shop is internal.'))],
      state: 'no',
      says: 'The scheme of k8s-shop is internal.',
    },
    {
      title: 'and calls open, though an annotation says internal',
      ways: [OPEN],
      facts: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } },
      state: 'yes',
      says: 'The group lets everybody in.',
    },
    {
      title: 'and opens on another port than that of the service',
      ways: [openWay('internet', { surface: 'tcp/443, tcp/8080-8090' })],
      state: 'no',
      says: 'answers nobody on tcp/80',
    },
    {
      title: 'and opens on a range of ports with that of the service',
      ways: [openWay('internet', { surface: 'udp/53, tcp/1-1024', ...said('A range is open.') })],
      state: 'yes',
      says: 'A range is open.',
    },
    {
      title: 'and opens to an office',
      ways: [OFFICE],
      state: 'no',
      says: 'The group lets named addresses in.',
    },
    {
      title: 'and does not run yet',
      ways: [dormantWay(said('It is being provisioned: dormant.'))],
      state: 'no',
      says: 'It is being provisioned: dormant.',
    },
    {
      title: 'of which something is missing: the service itself is asked, and that is said',
      ways: [unsureWay(['security groups: aws ec2 describe-security-groups'], { surface: 'tcp/80' })],
      state: 'yes',
      says: 'aws ec2 describe-security-groups',
    },
    {
      title: 'and opens, while the service admits an office only',
      ways: [OPEN],
      facts: { sourceRanges: ['8.8.8.0/24'] },
      state: 'no',
      says: 'admits 8.8.8.0/24',
    },
  ])('$title: $state', ({ ways, facts = {}, state, says }) => {
    const service = sampleService({ serviceType: 'LoadBalancer', addresses: [HOST.toUpperCase()], ...facts });
    for (const of of [service, sampleWorkload()]) {
      const risks = risksOf(of, [service, sampleWorkload()], balancer(...ways));
      expect(risks?.publiclyAccessible.state).toBe(state);
      expect(risks?.exposure.flatMap((way) => way.evidence.map((each) => each.sentence)).join(' ')).toContain(
        says,
      );
    }
  });

  it.each([
    [
      '198.51.100.7',
      'Service shop/web is served by the load balancer k8s-shop, assumed join by 198.51.100.7.',
    ],
    [HOST, 'Service shop/web is served by the load balancer k8s-shop.'],
  ])('is known by %s, and an address is said to be an assumed join', (name, sentence) => {
    const service = sampleService({ serviceType: 'LoadBalancer', addresses: [name] });
    const doors = { balancers: new Map([[name, door(OPEN)]]), machines: new Map() };
    const risks = risksOf(service, [service], { doors });
    expect(risks?.publiclyAccessible.evidence.map((each) => each.sentence)).toContain(sentence);
  });

  it('stands in the chain with its own evidence, before the service and the pods', () => {
    const risks = risksOf(
      sampleWorkload(),
      [SERVICE],
      balancer({ ...OPEN, via: ['igw-1'], gates: ['sg-1 rule'] }),
    );
    expect(risks?.exposure).toMatchObject([
      {
        audience: 'internet',
        surface: 'tcp/80',
        via: ['igw-1', 'load balancer k8s-shop', 'Service shop/web:80', 'Deployment shop/web'],
        gates: [
          'sg-1 rule',
          'Service shop/web: type LoadBalancer',
          'no NetworkPolicy selects Deployment shop/web',
        ],
      },
    ]);
    expect(risks?.publiclyAccessible.evidence[0]).toEqual({
      sentence: 'The group lets everybody in.',
      provenance: 'aws',
      at: AT,
    });
  });

  it('tells whom it lets in, and a policy of the cluster asks those alone', () => {
    const admit = (cidr: string) => [samplePolicy([{ is: 'block', cidr }])];
    const keeps = sampleService({ serviceType: 'LoadBalancer', addresses: [HOST], keepsClientAddress: true });
    const ways = (cidr: string) =>
      risksOf(sampleWorkload(), [keeps, ...admit(cidr)], balancer(OFFICE))?.exposure.map(
        (way) => way.audience,
      );
    expect(ways('8.8.8.0/25')).toEqual(['partner']);
    expect(ways('9.9.9.0/24')).toEqual(['internet']);
  });

  it('is not asked where only one of two addresses is known', () => {
    const service = sampleService({ serviceType: 'LoadBalancer', addresses: [HOST, '34.1.2.3'] });
    const risks = risksOf(service, [], balancer(closedWay(said('internal'))));
    expect(risks?.publiclyAccessible.state).toBe('yes');
  });
});

describe('an ingress whose load balancer its cloud tells of', () => {
  const ingress = sampleObject('ingress', 'Ingress', 'shop', 'web', {
    className: 'alb',
    addresses: [HOST],
    rules: [sampleRule('web')],
  });
  const states = (surroundings: Surroundings) =>
    [ingress, sampleWorkload()].map(
      (of) =>
        risksOf(of, [ingress, sampleService(), sampleWorkload()], surroundings)?.publiclyAccessible.state,
    );

  it('is as open as that', () => {
    expect(states(balancer(OPEN))).toEqual(['yes', 'yes']);
    expect(states(balancer(closedWay(said('internal'))))).toEqual(['no', 'no']);
  });

  it('keeps what stands behind from strangers where every way asks for a login', () => {
    for (const auth of ['oidc', 'mtls', 'iam'] as const) {
      const login = { ...OPEN, surface: 'tcp/443', auth };
      expect(states(balancer(login))).toEqual(['yes', 'no']);
      expect(states(balancer(login, OPEN))).toEqual(['yes', 'yes']);
    }
    expect(states(balancer({ ...OPEN, auth: 'api-key' }))).toEqual(['yes', 'yes']);
  });

  it('says what the inventory of its cloud lacks', () => {
    const risks = risksOf(ingress, [], balancer(unsureWay(['groups: aws ec2 describe-security-groups'])));
    expect(risks?.exposure[0]?.evidence.map(({ sentence }) => sentence)).toContain(
      'What the inventory of its cloud lacks of the load balancer k8s-shop: groups: aws ec2 describe-security-groups.',
    );
  });

  it('is found by the address of a gateway, listener by listener', () => {
    const gateway = sampleObject('gateway', 'Gateway', 'shop', 'g', {
      className: 'istio',
      addresses: [HOST],
      listeners: [
        { port: 80, protocol: 'HTTP' },
        { port: 443, protocol: 'HTTPS' },
      ],
    });
    const risks = risksOf(gateway, [], balancer(OPEN));
    expect(risks?.exposure.map(({ surface, verdict }) => [surface, verdict])).toEqual([
      ['tcp/80', 'yes'],
      ['tcp/443', 'no'],
    ]);
  });

  it('tells the listeners of a gateway apart by what carries them', () => {
    const gateway = sampleObject('gateway', 'Gateway', 'shop', 'g', {
      className: 'istio',
      addresses: [HOST],
      listeners: [
        { port: 80, protocol: 'TLS' },
        { port: 80, protocol: 'UDP' },
      ],
    });
    const openOn = (surface: string) =>
      risksOf(gateway, [], balancer({ ...OPEN, surface }))?.exposure.flatMap((each) =>
        each.verdict === 'yes' ? [each.surface] : [],
      );
    expect(openOn('tcp/80')).toEqual(['tcp/80']);
    expect(openOn('udp/80')).toEqual(['udp/80']);
  });
});

describe('a node whose machine its cloud tells of', () => {
  const node = sampleObject('node', 'Node', '', 'n1', {
    internalAddresses: ['10.0.0.5'],
    externalAddresses: ['164.92.168.162'],
    providerId: 'aws:///eu-west-1a/i-1',
  });
  const other = sampleObject('node', 'Node', '', 'n2', {
    internalAddresses: ['10.0.0.6'],
    externalAddresses: ['164.92.168.163'],
    providerId: 'aws:///eu-west-1a/i-2',
  });
  const nodePort = sampleService({
    serviceType: 'NodePort',
    ports: [{ port: 80, protocol: 'TCP', targetPort: 'http', nodePort: 30_080 }],
  });
  const hostPort = sampleWorkload('web', {
    containers: [
      { name: 'web', image: 'web', ports: [{ name: 'http', port: 8080, protocol: 'TCP', hostPort: 30_080 }] },
    ],
  });
  const SSH = openWay('internet', { surface: 'tcp/22', ...said('A group opens SSH.') });
  const PORTS = openWay('internet', { surface: 'tcp/30000-32767', ...said('A group opens the ports.') });

  it.each<{ title: string; ways: readonly ExposureRecord[]; states: readonly string[] }>([
    { title: 'opens the port', ways: [SSH, PORTS], states: ['yes', 'yes', 'yes', 'yes'] },
    { title: 'opens other ports', ways: [SSH], states: ['no', 'no', 'no', 'yes'] },
    {
      title: 'opens none',
      ways: [closedWay(said('The groups let nobody in.'))],
      states: ['no', 'no', 'no', 'no'],
    },
    {
      title: 'was described in part',
      ways: [unsureWay(['network ACLs: aws ec2 describe-network-acls'])],
      states: ['unknown', 'unknown', 'unknown', 'unknown'],
    },
  ])('$title: node port, its pods, host port, node', ({ ways, states }) => {
    const of = (...[resource, ...others]: Parameters<typeof risksOf>[1][number][]) =>
      risksOf(resource as typeof node, [node, ...others], machine(...ways))?.publiclyAccessible;
    const answers = [
      of(nodePort, sampleWorkload()),
      of(sampleWorkload(), nodePort),
      of(hostPort),
      risksOf(node, [], machine(...ways))?.publiclyAccessible,
    ];
    expect(answers.map((each) => each?.state)).toEqual(states);
    if (states[0] === 'unknown')
      expect(answers.flatMap((each) => each?.missing)).toEqual(
        Array.from({ length: 4 }, () => 'network ACLs: aws ec2 describe-network-acls'),
      );
  });

  it('tells the chain of the machine that lets everybody in, whatever is not known of others', () => {
    const machines = new Map([
      ['aws:///eu-west-1a/i-1', { ...door(unsureWay(['its groups'])), name: 'instance i-1' }],
      ['aws:///eu-west-1a/i-2', { ...door(PORTS), name: 'instance i-2' }],
    ]);
    const risks = risksOf(nodePort, [node, other], { doors: { balancers: new Map(), machines } });
    expect(risks?.exposure.map(({ verdict, via }) => [verdict, via])).toEqual([
      ['yes', ['instance i-2', 'Node n2', 'Service shop/web:80']],
    ]);
  });

  it('speaks for itself alone: another node with an address leaves the port unknown', () => {
    const risks = risksOf(nodePort, [node, other, sampleWorkload()], machine(SSH));
    expect(risks?.publiclyAccessible).toMatchObject({
      state: 'unknown',
      missing: [expect.stringContaining('aws ec2 describe-instances, describe-security-groups')],
    });
  });
});
