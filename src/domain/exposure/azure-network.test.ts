import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
} from '#base/address-set.ts';
import type { SecurityRuleFacts } from '../resource/facts/azure-facts.ts';
import { throughSecurityRules } from './azure-network.ts';
import type { Surface } from './surface.ts';

/** Senders of which no two are in the same of the prefixes below, and what each prefix means for them. */
const SENDERS = ['20.1.2.3', '20.200.0.1', '140.1.1.1', '10.0.9.9', '2600::1'];
const PREFIXES: Readonly<Record<string, readonly boolean[]>> = {
  '*': [true, true, true, true, true],
  Internet: [true, true, true, false, true],
  VirtualNetwork: [false, false, false, true, false],
  '0.0.0.0/0': [true, true, true, true, false],
  '0.0.0.0/1': [true, true, false, true, false],
  '20.0.0.0/8': [true, true, false, false, false],
  '20.1.0.0/16': [true, false, false, false, false],
  '::/0': [false, false, false, false, true],
  Storage: [false, false, false, false, false],
};
const PORTS = [22, 80, 443];
const RANGES: Readonly<Record<string, (port: number) => boolean>> = {
  '*': () => true,
  '22': (port) => port === 22,
  '1-100': (port) => port <= 100,
  '80-443': (port) => port >= 80,
};
const PLACE = { privateAddress: '10.0.1.4', groups: ['/web'] };
const DESTINATIONS: Readonly<Record<string, boolean>> = {
  '*': true,
  VirtualNetwork: true,
  '10.0.1.0/24': true,
  '10.0.1.5': false,
  Internet: false,
};

const rule = fc.record({
  access: fc.constantFrom('Allow', 'Deny'),
  direction: fc.constantFrom('Inbound', 'Inbound', 'Inbound', 'Outbound'),
  priority: fc.integer({ min: 100, max: 4096 }),
  protocol: fc.constantFrom('Tcp', 'Udp', '*', 'Icmp'),
  sourcePortRange: fc.constant('*'),
  sourceAddressPrefixes: fc.uniqueArray(fc.constantFrom(...Object.keys(PREFIXES)), {
    minLength: 1,
    maxLength: 2,
  }),
  destinationAddressPrefix: fc.constantFrom(...Object.keys(DESTINATIONS)),
  destinationPortRanges: fc.uniqueArray(fc.constantFrom(...Object.keys(RANGES)), {
    minLength: 1,
    maxLength: 2,
  }),
});

it('security rules do with every packet what Azure documents: by priority, the first match decides', () => {
  fc.assert(
    fc.property(fc.uniqueArray(rule, { selector: (each) => each.priority, maxLength: 8 }), (rules) => {
      const { allowed, missing } = throughSecurityRules(rules as SecurityRuleFacts[], PLACE, NO_ADDRESSES);
      expect(missing).toEqual([]);
      expect(allowed.certain).toEqual(allowed.possible);
      for (const protocol of ['tcp', 'udp'] as const)
        for (const port of PORTS)
          for (const [index, sender] of SENDERS.entries()) {
            const deciding = [...rules]
              .sort((a, b) => a.priority - b.priority)
              .find(
                (each) =>
                  each.direction === 'Inbound' &&
                  (each.protocol === '*' || each.protocol.toLowerCase() === protocol) &&
                  DESTINATIONS[each.destinationAddressPrefix] === true &&
                  each.destinationPortRanges.some((range) => RANGES[range]?.(port) === true) &&
                  each.sourceAddressPrefixes.some((prefix) => PREFIXES[prefix]?.[index] === true),
              );
            // The default rules: the network may, everybody else may not.
            const expected = deciding === undefined ? sender.startsWith('10.') : deciding.access === 'Allow';
            expect(letsIn(allowed.certain, protocol, port, sender)).toBe(expected);
          }
    }),
    { numRuns: 300 },
  );
});

it.each([
  ['10.0.1.4', '10.0.1.0/24', true, []],
  ['10.0.2.4', '10.0.1.0/24', false, []],
  // The internet is no address behind a public one.
  ['10.0.1.4', 'Internet', false, []],
  [null, 'Internet', false, []],
  // What has no private address of its own stands for many, one of which it may be.
  [null, '10.0.1.0/24', true, []],
  [undefined, '10.0.1.0/24', false, ['the private address that rule one is for: az network nic list']],
  [undefined, 'Internet', false, []],
] as const)('of a place at %s a rule for %s lets in: %s', (privateAddress, destination, isIn, missing) => {
  const found = throughSecurityRules(
    [
      {
        name: 'one',
        access: 'Allow',
        direction: 'Inbound',
        priority: 100,
        protocol: 'Tcp',
        sourcePortRange: '*',
        sourceAddressPrefix: '*',
        destinationAddressPrefix: destination,
        destinationPortRange: '443',
      },
    ] as SecurityRuleFacts[],
    { privateAddress, groups: [] },
    NO_ADDRESSES,
  );
  expect(letsIn(found.allowed.certain, 'tcp', 443, '20.1.2.3')).toBe(isIn);
  expect(letsIn(found.allowed.possible, 'tcp', 443, '20.1.2.3')).toBe(isIn || missing.length > 0);
  expect(found.missing).toEqual(missing);
});

function letsIn(surfaces: readonly Surface[], protocol: string, port: number, sender: string): boolean {
  const address = parseAddresses(sender) as AddressSet;
  return surfaces.some(
    (surface) =>
      surface.protocol === protocol &&
      surface.from <= port &&
      port <= surface.to &&
      hasAddresses(intersectAddresses(surface.sources, address)),
  );
}
