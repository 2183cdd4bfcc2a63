import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coversAddresses, parseAddresses } from '#base/address-set.ts';
import type { JsonObject } from '#base/json-value.ts';
import { workloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { sampleObject } from './kubernetes-estate.test-sample.ts';
import { KubernetesEstate } from './kubernetes-estate.ts';
import { passageTo } from './kubernetes-network-policy.ts';

interface Block {
  readonly cidr: string;
  readonly except: readonly string[];
}
interface Port {
  readonly port: string;
  readonly endPort: number | null;
  readonly protocol: string;
}
interface Rule {
  readonly blocks: readonly Block[];
  readonly pods: readonly Record<string, string>[];
  readonly ports: readonly Port[];
}
interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}
interface Policy {
  readonly labels: Record<string, string>;
  readonly expressions: readonly Expression[];
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
}

const NODES = ['10.0.0.5', '10.0.0.6'];
const PODS = { app: 'web', tier: 'front' };
const SENDERS = [
  '1.1.1.1',
  '8.8.8.8',
  '8.8.4.4',
  '52.1.2.3',
  '52.1.2.200',
  '127.255.255.255',
  '128.0.0.0',
  '10.0.0.5',
  '10.1.0.1',
  '192.168.7.7',
  '255.255.255.255',
  '0.0.0.0',
];

/** What the documentation of NetworkPolicy says, word by word, for one address as the pod sees it. */
function admitsLiterally(policies: readonly Policy[], seen: string, port: number, name: string): boolean {
  const selecting = policies.filter((policy) => policy.isolates && selectsLiterally(policy));
  if (selecting.length === 0) return true;
  return selecting.some((policy) =>
    policy.rules.some((rule) => {
      const peers = rule.blocks.length + rule.pods.length;
      const from = peers === 0 || rule.blocks.some((block) => isIn(seen, block));
      const to =
        rule.ports.length === 0 ||
        rule.ports.some((each) => {
          if (each.protocol !== 'TCP') return false;
          if (each.port === '' || each.port === name) return true;
          const first = Number(each.port);
          return !Number.isNaN(first) && port >= first && port <= (each.endPort ?? first);
        });
      return from && to;
    }),
  );
}

function selectsLiterally(policy: Policy): boolean {
  const pods: Record<string, string> = PODS;
  for (const [key, value] of Object.entries(policy.labels)) if (pods[key] !== value) return false;
  for (const { key, operator, values } of policy.expressions) {
    const value = pods[key];
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false;
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}

function isIn(address: string, block: Block): boolean {
  return matches(address, block.cidr) && !block.except.some((hole) => matches(address, hole));
}

function matches(address: string, cidr: string): boolean {
  const [base = '', length = '32'] = cidr.split('/');
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

function bits(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

const block = fc
  .record({
    address: fc.constantFrom(...SENDERS),
    length: fc.constantFrom(0, 1, 8, 9, 16, 24, 25, 31, 32),
    holes: fc.array(fc.tuple(fc.constantFrom(...SENDERS), fc.constantFrom(1, 8, 16, 24, 32)), {
      maxLength: 2,
    }),
  })
  .map(
    ({ address, length, holes }): Block => ({
      cidr: `${address}/${length}`,
      except: holes.map(([hole, own]) => `${hole}/${own}`),
    }),
  );
const port = fc.record({
  port: fc.constantFrom('', '8080', 'http', '8000', '9090', 'other'),
  endPort: fc.constantFrom(null, 8100),
  protocol: fc.constantFrom('TCP', 'UDP'),
});
const rule = fc.record({
  blocks: fc.array(block, { maxLength: 3 }),
  pods: fc.array(fc.constantFrom({ app: 'other' }, {}), { maxLength: 1 }),
  ports: fc.array(port, { maxLength: 2 }),
});
const policy: fc.Arbitrary<Policy> = fc.record({
  labels: fc.constantFrom<Record<string, string>>({}, { app: 'web' }, { app: 'other' }, { tier: 'front' }),
  expressions: fc.array(
    fc.record({
      key: fc.constantFrom('app', 'tier', 'absent'),
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.subarray(['web', 'front', 'other']),
    }),
    { maxLength: 2 },
  ),
  isolates: fc.boolean(),
  rules: fc.array(rule, { maxLength: 3 }),
});

function estateOf(policies: readonly Policy[]): KubernetesEstate {
  return new KubernetesEstate([
    ...policies.map(({ labels, expressions, isolates, rules }, index) =>
      sampleObject('network-policy', 'NetworkPolicy', 'shop', `p${index}`, {
        podSelector: { labels, expressions: expressions as unknown as JsonObject[] },
        isolatesIngress: isolates,
        ingress: rules.map((each) => ({
          from: [
            ...each.blocks.map((own) => ({ is: 'block', cidr: own.cidr, except: [...own.except] })),
            ...each.pods.map((own) => ({ is: 'pods', pods: { labels: own }, namespaces: null })),
          ],
          ports: each.ports.map((own) => ({ ...own })),
        })),
      }),
    ),
    ...NODES.map((address) => sampleObject('node', 'Node', '', address, { internalAddresses: [address] })),
  ]);
}

const WEB = workloadFacts({
  objectKind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  podLabels: PODS,
  containers: [{ name: 'web', ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }],
});

describe('network policies, beside a literal reading of each address', () => {
  it('admit exactly the same clients where the pod sees them', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 3 }), fc.constantFrom('8080', 'http'), (policies, target) => {
        const source = { is: 'outside', keepsAddress: true } as const;
        const { certain, possible } = passageTo(
          WEB,
          { protocol: 'TCP', port: target },
          source,
          estateOf(policies),
        );
        for (const sender of SENDERS) {
          const literally = admitsLiterally(policies, sender, 8080, 'http');
          expect([sender, coversAddresses(certain, parsed(sender))]).toEqual([sender, literally]);
          expect([sender, coversAddresses(possible, parsed(sender))]).toEqual([sender, literally]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('bound them where it may see a node instead: certain only if both are admitted, out only if neither is', () => {
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 3 }), (policies) => {
        const source = { is: 'outside', keepsAddress: false } as const;
        const { certain, possible } = passageTo(
          WEB,
          { protocol: 'TCP', port: '8080' },
          source,
          estateOf(policies),
        );
        const byNode = NODES.map((node) => admitsLiterally(policies, node, 8080, 'http'));
        for (const sender of SENDERS) {
          const itself = admitsLiterally(policies, sender, 8080, 'http');
          const isCertain = coversAddresses(certain, parsed(sender));
          const isPossible = coversAddresses(possible, parsed(sender));
          expect([sender, isCertain]).toEqual([sender, itself && byNode.every((each) => each)]);
          expect([sender, isPossible]).toEqual([sender, itself || byNode.some((each) => each)]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('only close by one that isolates without a rule, and only open by what is added to it', () => {
    const everything = { is: 'outside', keepsAddress: true } as const;
    const to = { protocol: 'TCP', port: '8080' };
    fc.assert(
      fc.property(fc.array(policy, { maxLength: 3 }), policy, (policies, further) => {
        const isolating: Policy = { labels: {}, expressions: [], isolates: true, rules: [] };
        const before = passageTo(WEB, to, everything, estateOf(policies)).certain;
        const isolated = passageTo(WEB, to, everything, estateOf([...policies, isolating])).certain;
        expect(coversAddresses(before, isolated)).toBe(true);
        const more = passageTo(WEB, to, everything, estateOf([...policies, isolating, further])).certain;
        expect(coversAddresses(more, isolated)).toBe(true);
      }),
    );
  });
});

/** Whether a policy of the workload's namespace lets a source through: for certain, perhaps, or not. */
function through(
  ingress: JsonObject,
  source: Parameters<typeof passageTo>[2],
  port: string | null,
  ...others: ReturnType<typeof sampleObject>[]
): string {
  const estate = new KubernetesEstate([
    sampleObject('network-policy', 'NetworkPolicy', 'shop', 'p', {
      podSelector: {},
      isolatesIngress: true,
      ingress: [ingress],
    }),
    ...others,
  ]);
  const { certain, possible } = passageTo(
    WEB,
    port === null ? null : { protocol: 'TCP', port },
    source,
    estate,
  );
  const stranger = parsed('8.8.8.8');
  return coversAddresses(certain, stranger) ? 'yes' : coversAddresses(possible, stranger) ? 'perhaps' : 'no';
}

describe('a rule of a network policy', () => {
  const client = { is: 'outside', keepsAddress: true } as const;
  it.each<[string, string | null, JsonObject, string]>([
    ['any port', '8080', {}, 'yes'],
    ['a port of any number', null, {}, 'yes'],
    ['the port by its number', '8080', { port: '8080', protocol: 'TCP' }, 'yes'],
    ['the port by its name', 'http', { port: '8080', protocol: 'TCP' }, 'yes'],
    ['the name, asked by number', '8080', { port: 'http', protocol: 'TCP' }, 'yes'],
    ['another name', '8080', { port: 'admin', protocol: 'TCP' }, 'no'],
    ['another protocol', '8080', { port: '8080', protocol: 'UDP' }, 'no'],
    ['any port of the protocol', '8080', { port: '', protocol: 'TCP' }, 'yes'],
    ['a range', '8080', { port: '8000', endPort: 8080, protocol: 'TCP' }, 'yes'],
    ['a range below', '8080', { port: '8000', endPort: 8079, protocol: 'TCP' }, 'no'],
    ['a number, of a name that no container has', 'web', { port: '8080', protocol: 'TCP' }, 'perhaps'],
    ['a number, of a port that is not known', null, { port: '8080', protocol: 'TCP' }, 'perhaps'],
  ])('for %s', (_, asked, port, answer) => {
    expect(through({ from: [], ports: Object.keys(port).length === 0 ? [] : [port] }, client, asked)).toBe(
      answer,
    );
  });

  const controller = { is: 'pods', namespace: 'edge', labels: { app: 'nginx' } } as const;
  const peer = (more: JsonObject) => ({
    from: [{ is: 'pods', pods: {}, namespaces: null, ...more }],
    ports: [],
  });
  const EDGE = sampleObject('namespace', 'Namespace', '', 'edge', {}, { team: 'net' });
  it.each<[string, JsonObject, string, ...ReturnType<typeof sampleObject>[]]>([
    ['pods of its own namespace', {}, 'no'],
    ['all pods of all namespaces', { namespaces: { labels: {}, expressions: [] } }, 'yes'],
    ['namespaces with a label', { namespaces: { labels: { team: 'net' } } }, 'yes', EDGE],
    ['namespaces with another', { namespaces: { labels: { team: 'shop' } } }, 'no', EDGE],
    [
      'a namespace by its name',
      { namespaces: { labels: { 'kubernetes.io/metadata.name': 'edge' } } },
      'yes',
      EDGE,
    ],
    ['namespaces that were not described', { namespaces: { labels: { team: 'net' } } }, 'perhaps'],
    ['other pods there', { pods: { labels: { app: 'x' } }, namespaces: { labels: {} } }, 'no'],
    ['these pods there', { pods: { labels: { app: 'nginx' } }, namespaces: { labels: {} } }, 'yes'],
    ['everywhere', { is: 'block', cidr: '0.0.0.0/0', except: [] }, 'yes'],
    ['some addresses', { is: 'block', cidr: '10.0.0.0/8', except: [] }, 'perhaps'],
  ])('that lets in %s, behind a controller', (_, more, answer, ...others) => {
    expect(through(peer(more), controller, '8080', ...others)).toBe(answer);
  });

  it.each<[string, JsonObject, string]>([
    ['pods', { is: 'pods', pods: {}, namespaces: { labels: {} } }, 'no'],
    ['a block with a hole that cannot be read', { is: 'block', cidr: '0.0.0.0/0', except: ['?'] }, 'perhaps'],
    ['a block that cannot be read', { is: 'block', cidr: '?', except: [] }, 'perhaps'],
  ])('that lets in %s, from outside', (_, more, answer) => {
    expect(through(peer(more), client, '8080')).toBe(answer);
  });

  it('that lets in some pods, behind a controller that nobody knows, perhaps lets it in', () => {
    expect(through(peer({}), { is: 'unknown' }, '8080')).toBe('perhaps');
  });
});

function parsed(address: string) {
  return parseAddresses(address) as NonNullable<ReturnType<typeof parseAddresses>>;
}
