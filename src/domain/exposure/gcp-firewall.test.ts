import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AddressSet, hasAddresses, intersectAddresses, parseAddresses } from '#base/address-set.ts';
import { firewall, firewallPolicy, instance, NET, policyRule } from '../../../test/support/gcp-world.ts';
import { GcpEstate } from './gcp-estate.ts';
import { throughFirewall } from './gcp-firewall.ts';
import type { Surface } from './surface.ts';

/** Senders of which no two are in the same of the ranges below. */
const SENDERS = ['20.1.2.3', '20.200.0.1', '140.1.1.1', '2600::1'];
const RANGES: Readonly<Record<string, readonly boolean[]>> = {
  '0.0.0.0/0': [true, true, true, false],
  '0.0.0.0/1': [true, true, false, false],
  '20.1.0.0/16': [true, false, false, false],
  '::/0': [false, false, false, true],
};
const PORTS = [22, 80, 443];
const PORT_TEXTS: Readonly<Record<string, (port: number) => boolean>> = {
  '22': (port) => port === 22,
  '1-100': (port) => port <= 100,
  '0-65535': () => true,
};
const PROTOCOLS = { tcp: ['tcp'], udp: ['udp'], all: ['tcp', 'udp'], icmp: [] } as const;

const match = {
  ranges: fc.uniqueArray(fc.constantFrom(...Object.keys(RANGES)), { minLength: 1, maxLength: 2 }),
  protocol: fc.constantFrom('tcp', 'udp', 'all', 'icmp') satisfies fc.Arbitrary<keyof typeof PROTOCOLS>,
  ports: fc.uniqueArray(fc.constantFrom(...Object.keys(PORT_TEXTS)), { maxLength: 2 }),
};
const rule = fc.record({
  ...match,
  action: fc.constantFrom('allow', 'deny'),
  priority: fc.integer({ min: 1, max: 4 }),
  tag: fc.constantFrom(null, 'web', 'db'),
  off: fc.boolean(),
});
const layered = fc.record({
  ...match,
  action: fc.constantFrom('allow', 'deny', 'goto_next'),
  priority: fc.integer({ min: 1, max: 100 }),
});
const layer = fc.uniqueArray(layered, { selector: (each) => each.priority, maxLength: 4 });

interface Packet {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly sender: number;
}

function isMatched(
  each: {
    readonly ranges: readonly string[];
    readonly protocol: keyof typeof PROTOCOLS;
    readonly ports: readonly string[];
  },
  { protocol, port, sender }: Packet,
): boolean {
  return (
    (PROTOCOLS[each.protocol] as readonly string[]).includes(protocol) &&
    (each.ports.length === 0 || each.ports.some((text) => PORT_TEXTS[text]?.(port) === true)) &&
    each.ranges.some((range) => RANGES[range]?.[sender] === true)
  );
}

it('the firewall does with every packet what Google documents: organisation, folder, network, by priority', () => {
  fc.assert(
    fc.property(
      layer,
      layer,
      fc.array(rule, { minLength: 1, maxLength: 5 }),
      (organisation, folder, rules) => {
        const policy = (name: string, target: string, own: typeof organisation) =>
          firewallPolicy(
            name,
            target,
            ...own.map(({ priority, action, ranges, protocol, ports }) =>
              policyRule(priority, action, {
                srcIpRanges: ranges,
                layer4Configs: [{ ipProtocol: protocol, ...(ports.length === 0 ? {} : { ports }) }],
              }),
            ),
          );
        const target = instance();
        const estate = new GcpEstate([
          NET,
          policy('org', 'organizations/3', organisation),
          policy('folder', 'folders/2', folder),
          ...rules.map(({ ranges, protocol, ports, action, priority, tag, off }, index) => {
            const protocols = [{ IPProtocol: protocol, ...(ports.length === 0 ? {} : { ports }) }];
            return firewall(`r${index}`, {
              priority,
              sourceRanges: ranges,
              disabled: off,
              ...(tag === null ? {} : { targetTags: [tag] }),
              ...(action === 'allow' ? { allowed: protocols } : { denied: protocols }),
            });
          }),
          target,
        ]);
        const passage = throughFirewall(estate, {
          resource: target,
          network: NET.key.slice('gcp:'.length),
          tags: ['web'],
          accounts: [],
        });
        expect(passage.certain).toEqual(passage.possible);
        for (const protocol of ['tcp', 'udp'] as const)
          for (const port of PORTS)
            for (const sender of SENDERS.keys()) {
              const packet = { protocol, port, sender };
              expect(letsIn(passage.certain, packet)).toBe(
                decided(organisation, folder, rules, packet) === 'allow',
              );
            }
      },
    ),
    { numRuns: 200 },
  );

  function decided(
    organisation: readonly (typeof layered extends fc.Arbitrary<infer T> ? T : never)[],
    folder: readonly (typeof layered extends fc.Arbitrary<infer T> ? T : never)[],
    rules: readonly (typeof rule extends fc.Arbitrary<infer T> ? T : never)[],
    packet: Packet,
  ): string {
    for (const own of [organisation, folder]) {
      const first = [...own].sort((a, b) => a.priority - b.priority).find((each) => isMatched(each, packet));
      if (first !== undefined && first.action !== 'goto_next') return first.action;
    }
    const matching = rules.filter((each) => !each.off && each.tag !== 'db' && isMatched(each, packet));
    const highest = Math.min(...matching.map((each) => each.priority));
    const deciding = matching.filter((each) => each.priority === highest);
    return deciding.length === 0 || deciding.some((each) => each.action === 'deny') ? 'deny' : 'allow';
  }
});

function letsIn(surfaces: readonly Surface[], { protocol, port, sender }: Packet): boolean {
  const address = parseAddresses(SENDERS[sender] ?? '') as AddressSet;
  return surfaces.some(
    (surface) =>
      surface.protocol === protocol &&
      surface.from <= port &&
      port <= surface.to &&
      hasAddresses(intersectAddresses(surface.sources, address)),
  );
}
