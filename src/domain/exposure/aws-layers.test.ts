import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasAddresses, intersectAddresses, parseAddresses } from '#base/address-set.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AwsEstate } from './aws-estate.ts';
import { internetRoute } from './aws-internet-route.ts';
import { networkAcl, securityGroups } from './aws-layers.ts';
import type { Passage } from './passage.ts';
import type { Surface } from './surface.ts';

/** Addresses and ports that hit and miss the blocks below; the slow evaluation asks one packet at a time. */
const ADDRESSES = ['8.0.0.1', '8.1.0.1', '8.1.1.1', '8.1.1.200', '9.0.0.1', '200.0.0.1'];
const PORTS = [21, 22, 80, 443, 1024, 65535];
const cidr = fc.constantFrom(
  '0.0.0.0/0',
  '0.0.0.0/1',
  '128.0.0.0/1',
  '8.0.0.0/8',
  '8.1.0.0/16',
  '8.1.1.0/24',
  '8.1.1.128/25',
  '9.0.0.1/32',
);
const ports = fc.constantFrom([22, 22], [80, 443], [0, 65535], [1024, 65535], [443, 1024]);

function holds(block: string, address: string): boolean {
  return hasAddresses(intersectAddresses(parseAddresses(block) as never, parseAddresses(address) as never));
}

function lets(surfaces: readonly Surface[], address: string, port: number): boolean {
  return surfaces.some(
    (surface) =>
      surface.protocol === 'tcp' &&
      surface.from <= port &&
      port <= surface.to &&
      hasAddresses(intersectAddresses(surface.sources, parseAddresses(address) as never)),
  );
}

function estateOf(type: string, facts: JsonObject): AwsEstate {
  const resource: EstateResource = {
    key: `aws:${type}`,
    type,
    name: type,
    account: null,
    region: null,
    tags: {},
    facts,
    seenAt: 0,
    provenance: 'test',
  };
  return new AwsEstate([resource]);
}

function agrees(passage: Passage, slowly: (address: string, port: number) => boolean): void {
  for (const address of ADDRESSES) {
    for (const port of PORTS) {
      expect(lets(passage.certain, address, port)).toBe(slowly(address, port));
      expect(lets(passage.possible, address, port)).toBe(slowly(address, port));
    }
  }
}

it('reads security groups as one packet at a time would be', () => {
  const rule = fc.record({ cidr, ports, protocol: fc.constantFrom('tcp', '6', 'udp', '-1', 'icmp') });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), (rules) => {
      const facts = {
        GroupId: 'sg-1',
        IpPermissions: rules.map((each) => ({
          IpProtocol: each.protocol,
          FromPort: each.ports[0] as number,
          ToPort: each.ports[1] as number,
          IpRanges: [{ CidrIp: each.cidr }],
        })),
      };
      agrees(securityGroups(estateOf('security-group', facts), ['sg-1'], null), (address, port) =>
        rules.some((each) =>
          each.protocol === '-1' ||
          (['tcp', '6'].includes(each.protocol) &&
            (each.ports[0] as number) <= port &&
            port <= (each.ports[1] as number))
            ? holds(each.cidr, address)
            : false,
        ),
      );
    }),
  );
});

it('reads network ACLs as one packet and its answer at a time would be', () => {
  const entry = fc.record({
    cidr,
    ports,
    allow: fc.boolean(),
    egress: fc.boolean(),
    number: fc.integer({ min: 1, max: 50 }),
    all: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(entry, { maxLength: 8, selector: (each) => `${each.egress}${each.number}` }),
      (entries) => {
        const facts = {
          Associations: [{ SubnetId: 'subnet-1' }],
          Entries: entries.map((each) => ({
            RuleNumber: each.number,
            Protocol: each.all ? '-1' : '6',
            RuleAction: each.allow ? 'allow' : 'deny',
            Egress: each.egress,
            CidrBlock: each.cidr,
            PortRange: { From: each.ports[0] as number, To: each.ports[1] as number },
          })),
        };
        const decide = (egress: boolean, address: string, port: number): boolean => {
          const first = entries
            .filter((each) => each.egress === egress)
            .sort((a, b) => a.number - b.number)
            .find(
              (each) =>
                holds(each.cidr, address) &&
                (each.all || ((each.ports[0] as number) <= port && port <= (each.ports[1] as number))),
            );
          return first?.allow === true;
        };
        // The bounds of every range above are asked, so no ephemeral port is answered otherwise than one of these.
        const answered = (address: string): boolean =>
          [1024, 1025, 65535].some((port) => decide(true, address, port));
        agrees(
          networkAcl(estateOf('network-acl', facts), 'subnet-1', 'vpc-1', null),
          (address, port) => decide(false, address, port) && answered(address),
        );
      },
    ),
  );
});

it('reads route tables by the longest prefix', () => {
  const route = fc.record({ cidr, target: fc.constantFrom('igw', 'nat', 'blackhole') });
  fc.assert(
    fc.property(fc.uniqueArray(route, { maxLength: 6, selector: (each) => each.cidr }), (routes) => {
      const facts = {
        Associations: [{ SubnetId: 'subnet-1' }],
        Routes: routes.map(({ cidr: DestinationCidrBlock, target }) => ({
          DestinationCidrBlock,
          State: target === 'blackhole' ? 'blackhole' : 'active',
          ...(target === 'nat' ? { NatGatewayId: 'nat-1' } : { GatewayId: 'igw-1' }),
        })),
      };
      agrees(internetRoute(estateOf('route-table', facts), 'subnet-1', 'vpc-1', null), (address) => {
        const best = routes
          .filter((each) => holds(each.cidr, address))
          .sort((a, b) => Number(b.cidr.split('/')[1]) - Number(a.cidr.split('/')[1]))[0];
        return best?.target === 'igw';
      });
    }),
  );
});
