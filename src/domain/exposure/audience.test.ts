import { describe, expect, it } from 'vitest';
import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { type Audience, audienceOfSources, isPublic, shareOfInternet } from './audience.ts';

function addresses(...texts: readonly string[]): AddressSet {
  return unionAddresses(...texts.map((text) => parseAddresses(text) as AddressSet));
}

describe('an audience (attack-paths §2.1)', () => {
  it.each<readonly [Audience, boolean]>([
    ['internet', true],
    ['internet-wide', true],
    ['any-aws-account', true],
    ['any-azure', true],
    ['any-google-account', true],
    ['cdn-only', false],
    ['partner', false],
    ['org', false],
    ['corp', false],
    ['none', false],
  ])('%s makes a thing public: %s', (audience, counts) => {
    expect(isPublic(audience)).toBe(counts);
  });

  it.each([
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
    '2001:db8::/32',
    'fc00::/7',
    'fe80::/10',
    'ff00::/8',
  ])('of %s is nobody on the internet', (range) => {
    expect(audienceOfSources(addresses(range))).toBe('corp');
  });

  it.each<readonly [title: string, Audience, ...ranges: readonly string[]]>([
    ['everybody', 'internet', '0.0.0.0/0'],
    ['everybody with an address of IPv6', 'internet', '::/0'],
    ['two halves', 'internet', '0.0.0.0/1', '128.0.0.0/1'],
    ['a half', 'internet-wide', '128.0.0.0/1'],
    ['a /8', 'partner', '52.0.0.0/8'],
    ['a /8 and an address', 'internet-wide', '52.0.0.0/8', '54.0.0.1'],
    ['a /8 in parts', 'partner', '52.0.0.0/9', '52.128.0.0/9'],
    ['a /32 of IPv6', 'partner', '2a00:1::/32'],
    ['a /32 of IPv6 and an address', 'internet-wide', '2a00:1::/32', '2a00:2::1'],
    ['an address', 'partner', '54.0.0.1'],
    ['an address beside private ranges', 'partner', '10.0.0.0/8', '54.0.0.1'],
  ])('of %s is %s', (_title, audience, ...ranges) => {
    expect(audienceOfSources(addresses(...ranges))).toBe(audience);
  });

  it('of no address is nobody', () => {
    expect(audienceOfSources(NO_ADDRESSES)).toBe('none');
  });

  it.each<readonly [title: string, Audience, sources: string, own: string]>([
    ['what is theirs is taken away', 'corp', '54.0.0.0/24', '54.0.0.0/16'],
    ['what is not theirs stays', 'partner', '54.0.0.0/24', '54.0.0.128/25'],
    ['all but theirs is everybody', 'internet', '0.0.0.0/0', '0.0.0.0/1'],
    ['all of IPv6 but theirs is everybody', 'internet', '::/0', '2000::/4'],
    ['two /8 of which one is theirs', 'partner', '52.0.0.0/7', '52.0.0.0/8'],
  ])('beside ranges of the organisation: %s: %s', (_title, audience, sources, own) => {
    expect(audienceOfSources(addresses(sources), addresses(own))).toBe(audience);
  });
});

it.each([
  ['half of IPv4', ['0.0.0.0/1'], '57 % of IPv4'],
  ['a block of IPv6', ['2600::/12'], '0.19 % of IPv6'],
  ['both', ['0.0.0.0/1', '2600::/12'], '57 % of IPv4'],
])('the share of the internet that is %s', (_, ranges, share) => {
  expect(shareOfInternet(addresses(...ranges))).toBe(share);
});
