import { describe, expect, test } from 'vitest';
import { sampleFinding } from '../inbox/assess-issue.test-sample.ts';
import {
  deploymentsOf,
  goneResource,
  isDeployedWithServices,
  NOT_DESCRIBED,
  placesOf,
  servicesOfCode,
  toldOf,
  unknownResource,
} from './deployment.ts';

const scope = { environment: null, services: [], team: null, image: null };
const { summary } = sampleFinding();
const cart = { ...unknownResource('r', 'image', 'cart'), environment: 'staging', services: ['web'] };

describe('where a finding is, by what was said of its scans', () => {
  test.each([
    ['nothing', scope, 'cart', 'staging', ['web'], 'unknown', 'an environment: a tag, a namespace or --env'],
    ['the environment', { ...scope, environment: 'prod' }, 'cart, prod', 'prod', ['web'], 'yes', undefined],
    [
      'the services',
      { ...scope, services: ['a', 'b'] },
      'cart, a, b',
      'staging',
      ['a', 'b'],
      'unknown',
      'an environment: a tag, a namespace or --env',
    ],
    [
      'both',
      { ...scope, environment: 'test', services: ['a'] },
      'cart, test, a',
      'test',
      ['a'],
      'no',
      undefined,
    ],
    [
      'a word that nobody knows',
      { ...scope, environment: 'blue' },
      'cart, blue',
      'blue',
      ['web'],
      'unknown',
      'whether "blue" is production: --env with a word such as production or staging',
    ],
  ])('%s', (_title, said, name, environment, services, state, missing) => {
    const [only, ...others] = deploymentsOf({ ...summary, scopes: [scope, said] }, [cart], []);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ resourceKey: 'r', name, environment, services, production: { state } });
    expect(only?.production.missing[0]).toBe(missing);
    const sentence = `The scan was declared to be of the environment "${said.environment}".`;
    expect(only?.production.evidence).toEqual(
      said.environment === null ? [] : [{ sentence, provenance: 'declared scope', at: null }],
    );
  });

  test('each environment or service that was named is a place of its own', () => {
    const named = ['staging', 'prod', 'test'].map((environment) => ({ ...scope, environment }));
    const found = deploymentsOf({ ...summary, scopes: named }, [cart], []);
    expect(found.map(({ environment, production }) => [environment, production.state])).toEqual([
      ['staging', 'no'],
      ['prod', 'yes'],
      ['test', 'no'],
    ]);
  });

  test.each([
    ['no service', [], 'what runs this code: --service NAME'],
    ['a service', ['shop'], 'what runs the service shop: an inventory of workloads'],
    ['two services', ['shop', 'api'], 'what runs one of the services shop, api: an inventory of workloads'],
  ])('code of %s says what is missing to judge it', (_, services, missing) => {
    const code = unknownResource('r', 'repository', 'shop');
    for (const [said, resource] of [
      [{ ...scope, environment: 'prod', services }, code],
      [scope, { ...code, services }],
    ] as const) {
      const [only] = deploymentsOf({ ...summary, scopes: [said] }, [resource], []);
      for (const verdict of [only?.publiclyAccessible, only?.privilegedAccess])
        expect([verdict?.state, verdict?.missing[0]]).toEqual(['unknown', expect.stringContaining(missing)]);
    }
    const no = { state: 'no', evidence: [], missing: [] } as const;
    const judged = deploymentsOf(
      { ...summary, scopes: [{ ...scope, services }] },
      [{ ...code, publiclyAccessible: no }],
      [],
    );
    expect(judged[0]?.publiclyAccessible).toBe(no);
  });

  test('whatever runs the services of the code where the scan was declared to be of runs it, though the scan names none', () => {
    const code = { ...unknownResource('r', 'repository', 'shop'), services: ['web'] };
    const runner = (key: string, environment: string, service: string) => ({
      ...unknownResource(key, 'cloud', key),
      environment,
      services: [service],
    });
    const runners = [runner('a', 'prod', 'web'), runner('b', 'test', 'web'), runner('c', 'prod', 'other')];
    const said = { ...scope, environment: 'prod' };
    const found = deploymentsOf({ ...summary, scopes: [said] }, [code], [], runners);
    expect(found.map(({ name, services }) => [name, services])).toEqual([['a', ['web']]]);
    // Where no scan says where it was made, whatever runs the services of the repository.
    const everywhere = deploymentsOf({ ...summary, scopes: [scope] }, [code], [], runners);
    expect(everywhere.map(({ name, resourceKey }) => [name, resourceKey])).toEqual([
      ['a', 'r'],
      ['b', 'r'],
    ]);
  });

  test('of a group each machine is a place, and the group is what is impacted', () => {
    const machines = ['i-1', 'i-2'].map((key) => ({
      ...unknownResource(key, 'cloud', key),
      environment: key,
    }));
    expect(
      placesOf({ resource: cart, machines }).map(({ key, name, environment }) => [key, name, environment]),
    ).toEqual([
      ['r', 'i-1', 'i-1'],
      ['r', 'i-2', 'i-2'],
    ]);
    expect(placesOf({ resource: cart })).toEqual([cart]);
  });
});

test('what is gone counts for nothing, and says since when; its owners stay', () => {
  const owners = [{ name: 'shop', confidence: 0.9, reason: 'tag team' }];
  const yes = { state: 'yes', evidence: [], missing: [] } as const;
  const there = {
    ...cart,
    team: 'shop',
    owners,
    publiclyAccessible: yes,
    privilegedAccess: yes,
    underAttack: yes,
    production: yes,
  };
  const goneAt = Date.UTC(2026, 8, 3, 12);
  const gone = {
    state: 'unknown',
    evidence: [],
    missing: ['an inventory that lists it again: it is gone since 2026-09-03'],
  };
  expect(goneResource(there, goneAt)).toEqual({
    ...unknownResource('r', 'image', 'cart'),
    publiclyAccessible: gone,
    privilegedAccess: gone,
    underAttack: gone,
    production: gone,
    team: 'shop',
    owners,
    goneAt,
  });
});

test.each([
  ['library_vulnerability', 'repository', true],
  ['code_vulnerability', 'artifact', true],
  ['library_vulnerability', 'image', false],
  ['secret', 'repository', false],
  ['misconfiguration', 'artifact', false],
] as const)('a %s in a thing of kind %s is wherever its services run: %s', (type, kind, expected) => {
  expect(isDeployedWithServices(type, kind)).toBe(expected);
});

test('the services of code are those of its scans and of its repository, each once', () => {
  const scopes = [
    { ...scope, services: ['a'] },
    { ...scope, services: ['b', 'a'] },
  ];
  expect(servicesOfCode({ scopes }, ['c', 'b'])).toEqual(['a', 'b', 'c']);
});

test('what is known stands, whatever the kind', () => {
  const other = { state: 'unknown', evidence: [], missing: ['routes'] } as const;
  expect(toldOf('r', 'image', other)).toBe(other);
  expect(toldOf('r', 'cloud', NOT_DESCRIBED)).toBe(NOT_DESCRIBED);
  expect(toldOf('r', 'image', NOT_DESCRIBED).missing[0]).toContain('what runs this image');
  const no = { state: 'no', evidence: [], missing: NOT_DESCRIBED.missing } as const;
  expect(toldOf('r', 'image', no)).toBe(no);
});
