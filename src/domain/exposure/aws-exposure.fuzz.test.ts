import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { instance, recordsOf, resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';

/**
 * The evaluation over intervals against a literal one, packet by packet: longest prefix route, ordered network
 * ACL both ways, any rule of any group. Addresses and ports are the bounds of every range below and what lies
 * beside them, so no packet is decided otherwise than one of these. Raise `RUNS` to look longer.
 */
const RUNS = 150;

const V4_BLOCKS = [
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '8.0.0.0/8',
  '8.8.0.0/16',
  // Host bits may be set, as AWS accepts them.
  '8.8.8.77/24',
  '44.0.0.0/7',
  '200.1.2.3/32',
  '10.0.0.0/8',
];
const V6_BLOCKS = ['::/0', '2000::/3', '2600::/16', '2600:1f18:0:1::/33', '2a00::/12'];
const PORT_RANGES: readonly (readonly [number, number])[] = [
  [22, 22],
  [80, 443],
  [0, 65535],
  [1024, 65535],
  [443, 1024],
  [5432, 5432],
];
const PORTS = [0, 21, 22, 23, 80, 443, 444, 1023, 1024, 1025, 5432, 65535];
const EPHEMERAL = [1024, 1025, 5432, 5433, 32768, 65535];
const SAMPLES_V4 = [
  '1.0.0.0',
  '7.255.255.255',
  '8.0.0.0',
  '8.7.255.255',
  '8.8.0.0',
  '8.8.7.255',
  '8.8.8.0',
  '8.8.8.255',
  '8.8.9.0',
  '8.255.255.255',
  '44.0.0.1',
  '45.255.255.255',
  '46.0.0.0',
  '126.1.1.1',
  '128.1.1.1',
  '200.1.2.2',
  '200.1.2.3',
  '200.1.2.4',
  '223.255.255.255',
];
const SAMPLES_V6 = [
  '2000::1',
  '25ff:ffff::1',
  '2600::1',
  '2600:1f17:ffff::1',
  '2600:1f18::1',
  '2600:1f18:8000::1',
  '2601::1',
  '29ff::1',
  '2a00::1',
  '2a0f:ffff::1',
  '2a10::1',
  '3fff::1',
];

/** Bits of an address, written out: no code is shared with the intervals. */
function bits(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail = ''] = address.split('::');
  const words = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const left = words(head);
  const right = words(tail);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return (address.includes('::') ? [...left, ...zeros, ...right] : left)
    .map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0'))
    .join('');
}

function isIn(address: string, block: string): boolean {
  const [base = '', length = '0'] = block.split('/');
  if (base.includes(':') !== address.includes(':')) return false;
  return bits(address).slice(0, Number(length)) === bits(base).slice(0, Number(length));
}

function asBlock(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
}

interface Rule {
  readonly block: string;
  readonly ports: readonly [number, number];
  readonly protocol: 'tcp' | 'udp' | '-1';
  readonly byList: boolean;
}
interface Entry {
  readonly number: number;
  readonly block: string;
  readonly ports: readonly [number, number];
  readonly protocol: '6' | '17' | '-1';
  readonly allow: boolean;
  readonly egress: boolean;
}
interface Route {
  readonly block: string;
  readonly to: 'igw' | 'nat' | 'eigw' | 'blackhole' | 'tgw';
  readonly byList: boolean;
}
interface Network {
  readonly groups: readonly (readonly Rule[])[];
  readonly entries: readonly Entry[];
  readonly routes: readonly Route[];
  readonly v4: boolean;
  readonly v6: boolean;
  readonly bpa: 'off' | 'block-ingress' | 'excluded' | 'excluded-egress';
}

const block = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...V4_BLOCKS) },
  { weight: 1, arbitrary: fc.constantFrom(...V6_BLOCKS) },
);
const range = fc.constantFrom(...PORT_RANGES) as fc.Arbitrary<readonly [number, number]>;
const rule: fc.Arbitrary<Rule> = fc.record({
  block,
  ports: range,
  protocol: fc.constantFrom('tcp', 'tcp', 'udp', '-1'),
  byList: fc.boolean(),
});
const entry: fc.Arbitrary<Entry> = fc.record({
  number: fc.integer({ min: 1, max: 60 }),
  block,
  ports: range,
  protocol: fc.constantFrom('6', '6', '17', '-1'),
  allow: fc.oneof(fc.constant(true), fc.boolean()),
  egress: fc.boolean(),
});
const route: fc.Arbitrary<Route> = fc.record({
  block,
  to: fc.constantFrom('igw', 'igw', 'igw', 'nat', 'eigw', 'blackhole', 'tgw'),
  byList: fc.boolean(),
});
/** Mostly open, so that what closes has something to close. */
const OPEN_ENTRIES: readonly Entry[] = [false, true].flatMap((egress) =>
  ['0.0.0.0/0', '::/0'].map((each, index) => ({
    number: 61 + index,
    block: each,
    ports: [0, 65535] as const,
    protocol: '-1' as const,
    allow: true,
    egress,
  })),
);
const OPEN_ROUTES: readonly Route[] = ['0.0.0.0/0', '::/0'].map((each) => ({
  block: each,
  to: 'igw',
  byList: false,
}));

const random: fc.Arbitrary<Network> = fc.record({
  groups: fc.array(fc.array(rule, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  entries: fc.uniqueArray(entry, { maxLength: 7, selector: (each) => `${each.egress} ${each.number}` }),
  routes: fc.uniqueArray(route, { maxLength: 5, selector: (each) => each.block }),
  v4: fc.boolean(),
  v6: fc.boolean(),
  bpa: fc.oneof(
    { weight: 4, arbitrary: fc.constant('off' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('block-ingress' as const, 'excluded' as const, 'excluded-egress' as const),
    },
  ),
});

const network: fc.Arbitrary<Network> = fc
  .tuple(random, fc.boolean(), fc.boolean())
  .map(([net, entries, routes]) => ({
    ...net,
    entries: entries ? [...net.entries, ...OPEN_ENTRIES] : net.entries,
    routes: routes
      ? [
          ...net.routes,
          ...OPEN_ROUTES.filter(({ block }) => net.routes.every((each) => each.block !== block)),
        ]
      : net.routes,
  }));

function estateOf(net: Network): { readonly estate: readonly EstateResource[]; readonly of: EstateResource } {
  const lists = [
    ...new Set([...net.groups.flat(), ...net.routes].filter((each) => each.byList).map((each) => each.block)),
  ];
  const listId = (cidr: string): string => `pl-${lists.indexOf(cidr)}`;
  const cidrs = (each: Rule): JsonObject =>
    each.byList
      ? { PrefixListIds: [{ PrefixListId: listId(each.block) }] }
      : each.block.includes(':')
        ? { Ipv6Ranges: [{ CidrIpv6: each.block }] }
        : { IpRanges: [{ CidrIp: each.block }] };
  const estate = [
    ...net.groups.map((rules, index) =>
      resource('security-group', `sg-${index}`, {
        GroupId: `sg-${index}`,
        IpPermissions: rules.map((each) => ({
          IpProtocol: each.protocol,
          ...(each.protocol === '-1' ? {} : { FromPort: each.ports[0], ToPort: each.ports[1] }),
          ...cidrs(each),
        })),
      }),
    ),
    ...lists.map((cidr) =>
      resource('prefix-list-entry', listId(cidr), { PrefixListId: listId(cidr), Cidr: cidr }),
    ),
    resource('network-acl', 'acl-1', {
      NetworkAclId: 'acl-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Entries: net.entries.map((each) => ({
        RuleNumber: each.number,
        Protocol: each.protocol,
        RuleAction: each.allow ? 'allow' : 'deny',
        Egress: each.egress,
        ...(each.block.includes(':') ? { Ipv6CidrBlock: each.block } : { CidrBlock: each.block }),
        ...(each.protocol === '-1' ? {} : { PortRange: { From: each.ports[0], To: each.ports[1] } }),
      })),
    }),
    resource('route-table', 'rtb-1', {
      RouteTableId: 'rtb-1',
      Associations: [{ SubnetId: 'subnet-1' }],
      Routes: net.routes.map((each) => ({
        ...(each.byList
          ? { DestinationPrefixListId: listId(each.block) }
          : each.block.includes(':')
            ? { DestinationIpv6CidrBlock: each.block }
            : { DestinationCidrBlock: each.block }),
        State: each.to === 'blackhole' ? 'blackhole' : 'active',
        ...(each.to === 'nat'
          ? { NatGatewayId: 'nat-1' }
          : each.to === 'tgw'
            ? { TransitGatewayId: 'tgw-1' }
            : each.to === 'eigw'
              ? { EgressOnlyInternetGatewayId: 'eigw-1' }
              : { GatewayId: 'igw-1' }),
      })),
    }),
    ...(net.bpa === 'off'
      ? []
      : [
          resource('vpc-block-public-access', 'option', {
            InternetGatewayBlockMode: 'block-ingress',
            ExclusionsAllowed: 'allowed',
          }),
          resource('inventory-listing', 'exclusions', { Of: 'vpc-block-public-access-exclusion' }),
        ]),
    ...(net.bpa === 'excluded' || net.bpa === 'excluded-egress'
      ? [
          resource('vpc-block-public-access-exclusion', 'x', {
            ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1',
            InternetGatewayExclusionMode: net.bpa === 'excluded' ? 'allow-bidirectional' : 'allow-egress',
          }),
        ]
      : []),
  ];
  const of = instance(
    'i-1',
    {},
    {
      Association: net.v4 ? { PublicIp: '3.3.3.3' } : null,
      ...(net.v6 ? { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::99' }] } : {}),
      Groups: net.groups.map((_, index) => ({ GroupId: `sg-${index}` })),
    },
  );
  return { estate, of };
}

/** One packet and its answer. */
function passes(net: Network, protocol: 'tcp' | 'udp', address: string, port: number): boolean {
  if (address.includes(':') ? !net.v6 : !net.v4) return false;
  if (net.bpa === 'block-ingress' || net.bpa === 'excluded-egress') return false;
  const best = net.routes
    .filter((each) => isIn(address, each.block))
    .sort((a, b) => Number(b.block.split('/')[1]) - Number(a.block.split('/')[1]))[0];
  if (best?.to !== 'igw') return false;
  const number = protocol === 'tcp' ? '6' : '17';
  const decide = (egress: boolean, at: number): boolean =>
    net.entries
      .filter((each) => each.egress === egress)
      .sort((a, b) => a.number - b.number)
      .find(
        (each) =>
          isIn(address, each.block) &&
          (each.protocol === '-1' ||
            (each.protocol === number && each.ports[0] <= at && at <= each.ports[1])),
      )?.allow === true;
  if (!decide(false, port) || !EPHEMERAL.some((at) => decide(true, at))) return false;
  return net.groups.some((rules) =>
    rules.some(
      (each) =>
        isIn(address, each.block) &&
        (each.protocol === '-1' ||
          (each.protocol === protocol && each.ports[0] <= port && port <= each.ports[1])),
    ),
  );
}

/** The verdict of records about a port, from the widest record that is about it. */
function saysOpen(
  records: readonly ExposureRecord[],
  protocol: string,
  port: number,
): readonly ExposureRecord[] {
  return records.filter(({ verdict, surface, audience }) => {
    if (verdict !== 'yes' || audience === 'corp') return false;
    if (surface === `every ${protocol} port`) return true;
    const match = /^(tcp|udp)\/(\d+)(?:-(\d+))?$/.exec(surface);
    return (
      match !== null &&
      match[1] === protocol &&
      Number(match[2]) <= port &&
      port <= Number(match[3] ?? match[2])
    );
  });
}

describe('the network', () => {
  it('is judged as packet by packet it would be', () => {
    let open = 0;
    let named = 0;
    fc.assert(
      fc.property(network, (net) => {
        const { estate, of } = estateOf(net);
        const records = recordsOf(estate, of);
        for (const protocol of ['tcp', 'udp'] as const) {
          for (const port of PORTS) {
            const reached = [...SAMPLES_V4, ...SAMPLES_V6].filter((address) =>
              passes(net, protocol, address, port),
            );
            const told = saysOpen(records, protocol, port);
            expect(told.length > 0).toBe(reached.length > 0);
            if (reached.length > 0) open++;
            // Whom it names is who gets through, address by address.
            const senders = told.length === 1 ? told[0]?.senders : undefined;
            if (senders !== undefined) {
              named++;
              for (const address of [...SAMPLES_V4, ...SAMPLES_V6])
                expect(senders.some((each) => isIn(address, asBlock(each)))).toBe(reached.includes(address));
            }
            const audience = told[0]?.audience;
            // Everybody reaches what the whole internet reaches, and nobody is left out of it in one family at least.
            if (audience === 'internet')
              expect(
                SAMPLES_V4.every((address) => reached.includes(address)) ||
                  SAMPLES_V6.every((address) => reached.includes(address)),
              ).toBe(true);
            else if (audience !== undefined)
              expect(
                SAMPLES_V4.every((address) => reached.includes(address)) ||
                  SAMPLES_V6.every((address) => reached.includes(address)),
              ).toBe(false);
          }
        }
      }),
      { numRuns: RUNS },
    );
    // A generator that never opens anything proves nothing.
    expect(open).toBeGreaterThan(RUNS / 2);
    expect(named).toBeGreaterThan(RUNS / 2);
  });

  /** How public: 2 for the internet, 1 for a part of it, 0 for nobody. */
  function breadth(net: Network, protocol: string, port: number): number {
    const { estate, of } = estateOf(net);
    const told = saysOpen(recordsOf(estate, of), protocol, port);
    return Math.max(
      0,
      ...told.map(({ audience }) => ['partner', 'internet-wide', 'internet'].indexOf(audience) + 1),
    );
  }

  it('never becomes less public by another allow, nor more by another deny', () => {
    fc.assert(
      fc.property(network, rule, entry, fc.constantFrom(...PORTS), (net, more, extra, port) => {
        const before = breadth(net, 'tcp', port);
        expect(breadth({ ...net, groups: [...net.groups, [more]] }, 'tcp', port)).toBeGreaterThanOrEqual(
          before,
        );
        const first = { ...extra, number: 0 };
        const denied = { ...net, entries: [{ ...first, allow: false }, ...net.entries] };
        expect(breadth(denied, 'tcp', port)).toBeLessThanOrEqual(before);
        const allowed = { ...net, entries: [{ ...first, allow: true }, ...net.entries] };
        expect(breadth(allowed, 'tcp', port)).toBeGreaterThanOrEqual(before);
        expect(breadth({ ...net, bpa: 'block-ingress' }, 'tcp', port)).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('knows less without a description, and never otherwise', () => {
    fc.assert(
      fc.property(network, fc.nat(), (net, which) => {
        const { estate, of } = estateOf(net);
        const whole = recordsOf(estate, of);
        const less = recordsOf(
          estate.filter((_, index) => index !== which % estate.length),
          of,
        );
        const isOpen = (records: readonly ExposureRecord[]): boolean =>
          records.some((record) => record.verdict === 'yes' && isPublic(record.audience));
        const isClosed = (records: readonly ExposureRecord[]): boolean =>
          !records.some((record) => record.verdict !== 'no' && isPublic(record.audience));
        const lost = estate[which % estate.length]?.type;
        // Without the option nothing says that it is on, which is printed as assumed.
        if (lost === 'vpc-block-public-access' || lost === 'inventory-listing') return;
        // Fewer rules close more: only groups and lists are opened by being there.
        if (isOpen(less) && lost !== 'vpc-block-public-access-exclusion') expect(isOpen(whole)).toBe(true);
        if (isClosed(less) && lost !== 'vpc-block-public-access-exclusion')
          expect(isClosed(whole)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
