import { describe, expect, it, test } from 'vitest';
import { deriveServices, ecsService, servicesBehind, servicesOfImages } from './service-name.ts';

describe('the services of a resource', () => {
  it.each([
    { title: 'nothing tells', clues: { tags: {} }, services: [] },
    { title: 'a tag', clues: { tags: { Service: 'shop' } }, services: ['shop'] },
    {
      title: 'several in one tag',
      clues: { tags: { service: 'shop, cart,shop' } },
      services: ['shop', 'cart'],
    },
    {
      title: 'labels that say it at different heights are one service',
      clues: {
        tags: {
          'app.kubernetes.io/instance': 'shop-eu',
          'app.kubernetes.io/name': 'cart',
          'app.kubernetes.io/part-of': 'shop',
          app: 'cart',
        },
      },
      services: ['shop'],
    },
    {
      title: 'a label of Datadog before the usual ones',
      clues: { tags: { app: 'web', 'tags.datadoghq.com/service': 'shop' } },
      services: ['shop'],
    },
    {
      title: 'the Helm release at last',
      clues: { tags: { 'meta.helm.sh/release-name': 'prometheus' } },
      services: ['prometheus'],
    },
    {
      title: 'the catalogue wins',
      clues: { declared: ['checkout', 'checkout'], tags: { service: 'shop' } },
      services: ['checkout'],
    },
    { title: 'an empty tag is none', clues: { tags: { service: ' ', app: 'web' } }, services: ['web'] },
    {
      title: 'a key of the prototype is none',
      clues: { tags: JSON.parse('{"constructor":"x","toString":"y"}') as Record<string, string> },
      services: [],
    },
  ])('$title', ({ clues, services }) => {
    expect(deriveServices(clues).services).toEqual(services);
  });

  it('says where it read them, and how sure that is', () => {
    expect(deriveServices({ tags: { App: 'web' } })).toEqual({
      services: ['web'],
      reason: 'tag App',
      confidence: 0.9,
    });
    expect(deriveServices({ tags: {} })).toEqual({ services: [], reason: null, confidence: 0 });
  });
});

it('the strongest key that is there counts, and says where and how sure', () => {
  const keys = [
    'service',
    'tags.datadoghq.com/service',
    'dd.service',
    'dd_service',
    'app.kubernetes.io/part-of',
    'app.kubernetes.io/name',
    'k8s-app',
    'app',
    'application',
    'app.kubernetes.io/instance',
    'meta.helm.sh/release-name',
    'release',
    'aws:ecs:serviceName',
    'aws:cloudformation:stack-name',
  ];
  keys.forEach((key, index) => {
    const tags = Object.fromEntries(keys.slice(index).map((each) => [each, `of ${each}`]));
    expect(deriveServices({ tags, catalogued: ['catalogued'] })).toEqual({
      services: [`of ${key}`],
      reason: `tag ${key}`,
      confidence: 0.9,
    });
  });
  expect(deriveServices({ tags: { service: ' ' }, catalogued: ['catalogued'] })).toEqual({
    services: ['catalogued'],
    reason: 'service catalogue',
    confidence: 0.9,
  });
  expect(deriveServices({ tags: { service: 'x' }, declared: ['declared'] })).toEqual({
    services: ['declared'],
    reason: 'declared',
    confidence: 1,
  });
  expect(deriveServices({ tags: {} })).toEqual({ services: [], reason: null, confidence: 0 });
  expect(deriveServices({ tags: { app: 'x'.repeat(300) } }).services).toEqual(['x'.repeat(100)]);
});

test.each([
  [
    'a service of ECS is called so',
    {},
    ecsService('ecs-service', 'cart', undefined),
    ['cart'],
    'the name of its ECS service',
  ],
  [
    'a task is of its service',
    {},
    ecsService('ecs-task', 'arn', 'service:cart'),
    ['cart'],
    'the name of its ECS service',
  ],
  ['a task of none', {}, ecsService('ecs-task', 'arn', 'family:x'), [], null],
  ['a group of another type is none', {}, ecsService('workload', 'x', 'service:cart'), [], null],
  ['a tag comes first', { app: 'web' }, ecsService('ecs-service', 'cart', undefined), ['web'], 'tag app'],
  [
    'the code of an image before what it leads to',
    {},
    [servicesOfImages(['pay']), servicesBehind(['cart'])],
    ['pay'],
    'the repository that its image was built from',
  ],
  [
    'what it leads to where nothing else tells',
    {},
    [servicesOfImages([]), servicesBehind(['b', 'a'])],
    ['b', 'a'],
    'what it leads to',
  ],
])('%s', (_title, tags, joined, services, reason) => {
  const derived = deriveServices({ tags, joined });
  expect([derived.services, derived.reason]).toEqual([services, reason]);
});

test('a service is as sure as its kind of source', () => {
  const joined = (tags: Readonly<Record<string, string>>, ...more: ReturnType<typeof ecsService>) =>
    deriveServices({ tags, joined: more }).confidence;
  expect([
    deriveServices({ declared: ['x'], tags: {} }).confidence,
    joined({ service: 'x' }),
    deriveServices({ tags: {}, catalogued: ['x'] }).confidence,
    joined({}, ...ecsService('ecs-service', 'x', undefined)),
    joined({}, servicesOfImages(['x'])),
    joined({}, servicesBehind(['x'])),
  ]).toEqual([1, 0.9, 0.9, 0.9, 0.7, 0.7]);
  expect(ecsService('ecs-task', 'x', 'my-service:cart')).toEqual([]);
  expect(ecsService('ecs-service', '', undefined)).toEqual([]);
});

it('of two spellings of a key the first that says something counts', () => {
  expect(deriveServices({ tags: { Service: 'search', service: ' ' } })).toMatchObject({
    services: ['search'],
    reason: 'tag Service',
  });
  expect(deriveServices({ tags: { Service: 'search', service: 'cart' } }).services).toEqual(['cart']);
  expect(deriveServices({ tags: { 'DD-Service': 'search' } }).services).toEqual(['search']);
});
