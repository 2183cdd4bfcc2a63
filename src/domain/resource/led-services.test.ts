import { expect, test } from 'vitest';
import { LEADING_TYPES, LED_TYPES, LedServices, type PlacedObject } from './led-services.ts';

const object = (
  type: string,
  name: string,
  facts: Record<string, unknown>,
  services: readonly string[] = [],
): PlacedObject => ({
  key: `${facts['namespace'] ?? 'shop'}/${type}/${name}`,
  type,
  name,
  account: null,
  region: null,
  tags: {},
  seenAt: 0,
  provenance: 'kubectl',
  services,
  facts: { namespace: 'shop', name, ...facts } as PlacedObject['facts'],
});
const to = (name: string, namespace = 'shop') => ({
  host: 'a.example',
  path: '/',
  backend: { objectKind: 'Service', namespace, name },
});

const CART = object('workload', 'cart', { podLabels: { app: 'cart' } }, ['cart']);
const PAY = object('workload', 'pay', { podLabels: { app: 'pay' } }, ['pay']);
const NAMELESS = object('workload', 'x', { podLabels: { app: 'x' } });
const ELSEWHERE = object('workload', 'cart', { namespace: 'other', podLabels: { app: 'cart' } }, ['other']);
const CART_SERVICE = object('service', 'cart', { selector: { app: 'cart' } });
const NAMED_SERVICE = object('service', 'named', { selector: { app: 'pay' } }, ['billing']);
const ALL = new LedServices([CART, PAY, NAMELESS, ELSEWHERE, CART_SERVICE, NAMED_SERVICE]);

test.each<[string, PlacedObject, readonly string[]]>([
  ['a service is a part of what it selects, in its namespace', CART_SERVICE, ['cart']],
  ['one that selects nothing of none', object('service', 'y', { selector: {} }), []],
  ['one that selects what nobody named of none', object('service', 'x', { selector: { app: 'x' } }), []],
  [
    'an ingress of what its rules lead to',
    object('ingress', 'web', { rules: [to('cart'), to('named')] }),
    ['billing', 'cart'],
  ],
  ['a route likewise', object('http-route', 'web', { rules: [to('cart')] }), ['cart']],
  [
    'a service that is named is asked by its name',
    object('ingress', 'web', { rules: [to('named')] }),
    ['billing'],
  ],
  [
    'a rule to what is not there leads nowhere',
    object('ingress', 'web', { rules: [to('gone'), to('cart', 'other')] }),
    [],
  ],
])('%s', (_title, from, services) => {
  expect(ALL.behind(from)).toEqual(services);
});

test('every type that leads is asked, of those that a way ends at', () => {
  const leading = LEADING_TYPES.map((type) =>
    object(type, 'web', type === 'service' ? { selector: { app: 'cart' } } : { rules: [to('cart')] }),
  );
  expect(leading.map((each) => [each.type, ...ALL.behind(each)])).toEqual([
    ['service', 'cart'],
    ['ingress', 'cart'],
    ['route', 'cart'],
    ['http-route', 'cart'],
    ['virtual-service', 'cart'],
  ]);
  const pod = object('pod', 'lone', { podLabels: { app: 'lone' } }, ['lone']);
  const lone = object('service', 'lone', { selector: { app: 'lone' } });
  expect(LED_TYPES.map((type) => new LedServices([{ ...pod, type }]).behind(lone))).toEqual([
    [],
    ['lone'],
    ['lone'],
  ]);
});

test('a service whose description has no name is known by that of its resource', () => {
  const nameless = {
    ...object('service', 'cart', { selector: { app: 'cart' } }),
    facts: { namespace: 'shop', selector: { app: 'cart' } },
  };
  expect(
    new LedServices([CART, nameless as PlacedObject]).behind(
      object('ingress', 'web', { rules: [to('cart')] }),
    ),
  ).toEqual(['cart']);
});

const slice = (service: string, ...pods: readonly string[]) =>
  object('endpoint-slice', `${service}-1`, { objectKind: 'EndpointSlice', service, pods, addresses: [] });

test.each<[string, PlacedObject, readonly PlacedObject[], readonly string[]]>([
  ['what its endpoints name, and not what it selects beside', CART_SERVICE, [slice('cart', 'pay')], ['pay']],
  ['both where its endpoints name both', CART_SERVICE, [slice('cart', 'pay', 'cart')], ['cart', 'pay']],
  ['what it selects while there is no endpoint', CART_SERVICE, [slice('cart')], ['cart']],
  [
    'what it selects where nobody knows whose its endpoints are',
    CART_SERVICE,
    [slice('cart', 'who')],
    ['cart'],
  ],
  ["what it selects where the endpoints are another one's", CART_SERVICE, [slice('pay', 'pay')], ['cart']],
  [
    'what its endpoints name where it selects nothing',
    object('service', 'y', {}),
    [slice('y', 'pay')],
    ['pay'],
  ],
  [
    'what the endpoints name of the service that a rule names',
    object('ingress', 'web', { rules: [to('cart')] }),
    [slice('cart', 'pay')],
    ['pay'],
  ],
])('a service is a part of %s', (_title, from, slices, services) => {
  expect(new LedServices([CART, PAY, CART_SERVICE, ...slices]).behind(from)).toEqual(services);
});
