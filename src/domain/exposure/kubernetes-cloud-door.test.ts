import { describe, expect, it } from 'vitest';
import { hasAddresses, NO_ADDRESSES, parseAddresses } from '#base/address-set.ts';
import type { CloudDoor } from './cloud-door.ts';
import type { Behind, ExposureRecord } from './exposure-record.ts';
import { doorTo, loginAtDoor, reachOfDoor } from './kubernetes-cloud-door.ts';
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
  expect(loginAtDoor(door(...ways), HTTPS)?.auth ?? null).toBe(login);
});

describe('whom the login of a door lets through', () => {
  const login = (lets?: Behind['lets'], lacks?: readonly string[]): ExposureRecord =>
    way({ auth: 'oidc', ...(lets === undefined ? {} : { behind: { lets, ...(lacks && { lacks }) } }) });
  it.each<[title: string, lets: unknown, ways: readonly ExposureRecord[]]>([
    ['nobody else where nothing is told', undefined, [login()]],
    ['nobody else', undefined, [login('nobody')]],
    ['every account of Google', 'any-google-account', [login('any-google-account'), login('nobody')]],
    ['nobody knows whom', { missing: ['policies'] }, [login('unknown', ['policies']), login('nobody')]],
    [
      'for certain before perhaps',
      'any-google-account',
      [login('unknown', ['x']), login('any-google-account')],
    ],
  ])('%s', (_title, lets, ways) => {
    expect(loginAtDoor(door(...ways), HTTPS)?.lets).toEqual(lets);
  });

  it('is every customer of a cloud where that is who gets to the door', () => {
    expect(reachOfDoor(door(way({ audience: 'any-google-account' })), HTTPS).among).toBe(
      'any-google-account',
    );
    expect(reachOfDoor(door(way({ audience: 'any-google-account' }), way()), HTTPS).among).toBeUndefined();
    expect(reachOfDoor(door(way()), HTTPS).among).toBeUndefined();
  });
});

describe('the part of a door that leads to a service', () => {
  const to = (service: string, port?: string): ExposureRecord =>
    way({ behind: { service, ...(port === undefined ? {} : { port }) } });
  const all = door(way(), to('shop/web', '80'), to('shop/web', '81'), to('shop/api'));
  it.each<[service: string, port: string | null, ways: number | null]>([
    ['shop/web', '80', 1],
    ['shop/web', null, 2],
    ['shop/web', '82', null],
    ['shop/api', '8080', 1],
    ['shop/other', null, null],
  ])('%s:%s', (service, port, ways) => {
    expect(doorTo(all, service, port)?.ways.length ?? null).toBe(ways);
  });
});
