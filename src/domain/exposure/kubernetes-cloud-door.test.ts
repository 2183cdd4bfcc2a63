import { describe, expect, it } from 'vitest';
import { hasAddresses, NO_ADDRESSES, parseAddresses } from '#base/address-set.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { loginAtDoor, reachOfDoor } from './kubernetes-cloud-door.ts';
import { INSIDE } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

const TOLD = { provenance: 'aws-cli', at: 1_790_000_000_000 };
const way = (more: Partial<ExposureRecord> = {}): ExposureRecord => ({
  surface: 'tcp/443',
  audience: 'internet',
  auth: 'app',
  verdict: 'yes',
  via: ['sg-1'],
  gates: ['sg-1 ingress'],
  evidence: [{ sentence: 'It answers.', ...TOLD }],
  missing: [],
  ...more,
});
const door = (...ways: readonly ExposureRecord[]): CloudDoor => ({ name: 'load balancer a', ways, ...TOLD });
const HTTPS = { protocol: 'TCP', port: 443 };

describe('who gets through a door of the cloud', () => {
  const office = parseAddresses('20.1.2.0/24');
  it.each<[title: string, ways: readonly ExposureRecord[], certain: unknown, possible: unknown]>([
    ['that is open', [way()], EVERYWHERE, EVERYWHERE],
    ['that is closed', [way({ verdict: 'no' })], NO_ADDRESSES, NO_ADDRESSES],
    [
      'of which something is missing',
      [way({ verdict: 'unknown', missing: ['groups'] })],
      NO_ADDRESSES,
      EVERYWHERE,
    ],
    ['that lets an office in', [way({ audience: 'partner', senders: ['20.1.2.0/24', 'x'] })], office, office],
    ['that lets too many in to be told', [way({ audience: 'partner' })], NO_ADDRESSES, NO_ADDRESSES],
    ['that lets own ranges in', [way({ audience: 'corp' })], INSIDE, INSIDE],
    ['by one way of two', [way({ verdict: 'no' }), way()], EVERYWHERE, EVERYWHERE],
  ])('%s', (_title, ways, certain, possible) => {
    const reach = reachOfDoor(door(...ways), HTTPS);
    expect([reach.certain, reach.possible]).toEqual([certain, possible]);
    expect(reach.missing).toEqual(ways.flatMap(({ missing }) => missing));
    expect(reach.via).toContain('load balancer a');
  });

  it('says what is dormant', () => {
    expect(reachOfDoor(door(way({ verdict: 'no', isDormant: true })), HTTPS).isDormant).toBe(true);
    expect(reachOfDoor(door(way({ verdict: 'no' })), HTTPS).isDormant).not.toBe(true);
  });

  it.each([
    [
      { protocol: 'TCP', port: 80 },
      'By the inventory of its cloud, load balancer a answers nobody on tcp/80.',
    ],
    [
      { protocol: 'UDP', port: 443 },
      'By the inventory of its cloud, load balancer a answers nobody on udp/443.',
    ],
  ])('is nobody on %j, which it does not serve', (asked, sentence) => {
    const reach = reachOfDoor(door(way()), asked);
    expect(hasAddresses(reach.possible)).toBe(false);
    expect(reach).toMatchObject({ missing: [], gates: [], evidence: [{ sentence, ...TOLD }] });
  });

  it('is nobody where it has no way at all, and everybody on any port where one is open', () => {
    expect(reachOfDoor(door(), null).evidence[0]?.sentence).toBe(
      'By the inventory of its cloud, load balancer a answers nobody.',
    );
    expect(reachOfDoor(door(way({ surface: 'tcp/8443' })), null).certain).toEqual(EVERYWHERE);
  });
});

it.each<[title: string, login: string | null, ways: readonly ExposureRecord[]]>([
  ['none', null, [way()]],
  ['a login', 'oidc', [way({ auth: 'oidc' })]],
  ['a certificate', 'mtls', [way({ auth: 'mtls' })]],
  ['an identity of the cloud', 'iam', [way({ auth: 'iam' })]],
  ['an API key, which is no login', null, [way({ auth: 'api-key' })]],
  ['a login at one way of two', null, [way({ auth: 'oidc' }), way()]],
  [
    'a login at the public way, none at the inner one',
    'oidc',
    [way({ auth: 'oidc' }), way({ audience: 'corp' })],
  ],
  [
    'a login at the open way, none at the closed one',
    'oidc',
    [way({ verdict: 'no' }), way({ auth: 'oidc' })],
  ],
  ['a login at what nobody reaches', null, [way({ auth: 'oidc', verdict: 'no' })]],
  ['a login at what an office reaches', null, [way({ auth: 'oidc', audience: 'partner' })]],
  ['a login on another port', null, [way({ auth: 'oidc', surface: 'tcp/80' })]],
])('a door asks for %s: %s', (_title, login, ways) => {
  expect(loginAtDoor(door(...ways), HTTPS)).toBe(login);
});
