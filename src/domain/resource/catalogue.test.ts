import { describe, expect, test } from 'vitest';
import { builtFrom, Catalogue, type CatalogueEntry } from './catalogue.ts';
import { NOTHING_DECLARED, placeResource } from './place-resource.ts';

const entry = (service: string, facts: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  entity: `component:default/${service}`,
  service,
  isService: true,
  owner: 'checkout',
  lifecycle: null,
  tier: null,
  system: null,
  repositories: [],
  resources: [],
  kubernetesIds: [],
  links: [],
  sourceId: 'backstage',
  ...facts,
});

const CATALOGUE = new Catalogue([
  entry('cart', {
    lifecycle: 'production',
    repositories: ['github.com/acme/shop'],
    resources: ['arn:aws:lambda:eu-west-1:1:function:cart'],
    kubernetesIds: ['cart'],
  }),
  entry('unowned', { owner: null, resources: ['arn:aws:sqs:eu-west-1:1:jobs'] }),
  entry('orders-db', { isService: false, owner: 'orders', resources: ['arn:aws:rds:eu-west-1:1:db:orders'] }),
]);

function placed(key: string, tags: Readonly<Record<string, string>> = {}) {
  return placeResource({ name: 'x', tags }, NOTHING_DECLARED, [], (services) =>
    CATALOGUE.about(key, tags, services),
  );
}

describe('a service catalogue says whose a resource is', () => {
  test.each([
    ['by its ARN', 'aws:arn:aws:lambda:eu-west-1:1:function:cart', {}, 'checkout', ['cart']],
    ['what is no service gives none', 'aws:arn:aws:rds:eu-west-1:1:db:orders', {}, 'orders', []],
    ['what nobody owns is a service all the same', 'aws:arn:aws:sqs:eu-west-1:1:jobs', {}, null, ['unowned']],
    ['by its repository', 'repo:github.com/acme/shop', {}, 'checkout', ['cart']],
    [
      'by the repository of an image',
      'image:a/b',
      { 'org.opencontainers.image.source': 'https://github.com/Acme/Shop.git' },
      'checkout',
      ['cart'],
    ],
    ['by its id in Kubernetes', 'k8s:one', { 'backstage.io/kubernetes-id': 'cart' }, 'checkout', ['cart']],
    ['by the service that its tag names', 'k8s:one', { service: 'Cart' }, 'checkout', ['Cart']],
    ['a tag comes first', 'repo:github.com/acme/shop', { service: 'web', team: 'front' }, 'front', ['web']],
    ['of other things nothing', 'k8s:one', { service: 'other' }, null, ['other']],
  ])('%s', (_title, key, tags, team, services) => {
    expect(placed(key, tags)).toMatchObject({ team, services });
  });

  test.each<[title: string, team: string | null, ...facts: Partial<CatalogueEntry>[]]>([
    [
      'is whose it alone is named by',
      'one',
      { codeLocations: [{ repository: 'github.com/acme/mono', paths: ['one/**'] }] },
    ],
    [
      'is nobody’s as a whole where several own paths of it',
      null,
      { codeLocations: [{ repository: 'github.com/acme/mono', paths: ['one/**'] }] },
      { codeLocations: [{ repository: 'github.com/acme/mono', paths: ['two/**'] }] },
    ],
    [
      'is whose entry tells no paths of it, before whoever owns some',
      'two',
      { codeLocations: [{ repository: 'github.com/acme/mono', paths: ['one/**'] }] },
      { codeLocations: [{ repository: 'github.com/acme/other', paths: ['two/**'] }] },
    ],
  ])('a repository %s', (_title, team, ...facts) => {
    const entries = facts.map((each, index) => {
      const service = index === 0 ? 'one' : 'two';
      return entry(service, { owner: service, repositories: ['github.com/acme/mono'], ...each });
    });
    const { owners, services } = new Catalogue(entries).about('repo:github.com/acme/mono', {}, []);
    expect(owners[0]?.name ?? null).toBe(team);
    expect(services).toHaveLength(facts.length);
  });

  test('each candidate is kept with its source and how sure it is', () => {
    expect(placed('repo:github.com/acme/shop', { team: 'front' }).attribution.owners).toEqual([
      { name: 'front', confidence: 0.9, reason: 'tag team' },
      { name: 'checkout', confidence: 0.9, reason: 'backstage: cart' },
    ]);
  });

  test('its lifecycle is no environment', () => {
    expect(placed('repo:github.com/acme/shop').production.state).toBe('unknown');
  });
});

test.each([
  [{ 'org.opencontainers.image.source': 'git@github.com:Acme/Shop.git' }, 'repo:github.com/acme/shop'],
  [{ 'org.opencontainers.image.url': 'https://github.com/acme/shop' }, null],
])('labels %j say that it was built from %s', (tags, repository) => {
  expect(builtFrom(tags)).toBe(repository);
});

describe('who is called for a service, and how its team is called elsewhere', () => {
  const entries = [
    entry('Order Processor', {
      entity: 'service:1',
      owner: null,
      ownedBy: 'team:opsgenie/t-1',
      alsoNamed: ['orders_v2'],
      confidence: 0.8,
      sourceId: 'opsgenie',
      onCall: ['opsgenie:one'],
    }),
    entry('Finders', { entity: 'team:opsgenie/t-1', isService: false, owner: null }),
    entry('Payment Service', {
      entity: 'pagerduty:p1',
      owner: 'payments',
      moreOwners: ['platform'],
      confidence: 0.8,
      sourceId: 'pagerduty',
      onCall: ['pagerduty:p1'],
    }),
    entry('pay', { owner: null, repositories: ['github.com/acme/pay'], onCall: ['pagerduty:p1'] }),
  ];
  const owners = (known: readonly CatalogueEntry[], key: string, service?: string) =>
    new Catalogue(known)
      .about(key, {}, service === undefined ? [] : [service])
      .owners.map(({ name, confidence, reason }) => [name, confidence, reason]);

  test.each([
    ['as a tag spells it', 'order-processor', [['Finders', 0.8, 'opsgenie: Order Processor']]],
    ['by another name', 'Orders V2', [['Finders', 0.8, 'opsgenie: Order Processor']]],
    ['no service of a catalogue', 'finders', []],
    [
      'called by the name of the service',
      'payment_service',
      [
        ['payments', 0.8, 'pagerduty: Payment Service'],
        ['platform', 0.8, 'pagerduty: Payment Service'],
      ],
    ],
  ])('%s', (_title, service, expected) => {
    expect(owners(entries, 'k8s:one', service)).toEqual(expected);
  });

  test('the entry of a repository leads to whoever is called for it', () => {
    expect(owners(entries, 'repo:github.com/acme/pay').map(([name]) => name)).toEqual([
      'payments',
      'platform',
    ]);
  });

  test('a team that no list names is nobody, whichever came first', () => {
    expect(owners(entries.slice(0, 1), 'k8s:one', 'orders-v2')).toEqual([]);
    expect(owners(entries.toReversed(), 'k8s:one', 'orders-v2')).toEqual([
      ['Finders', 0.8, 'opsgenie: Order Processor'],
    ]);
  });
});

test('the services that are built from a repository are those of entries that are services', () => {
  const catalogue = new Catalogue([
    entry('cart', { repositories: ['github.com/acme/shop'] }),
    entry('orders-db', { isService: false, repositories: ['github.com/acme/shop'] }),
  ]);
  expect(catalogue.builtFrom('repo:github.com/acme/shop')).toEqual(['cart']);
  expect(catalogue.builtFrom('repo:github.com/acme/other')).toEqual([]);
});

test('an entry that names its team by an id is owned by how the team is called', () => {
  const catalogue = new Catalogue([
    entry('Payments', { entity: 'team:7', isService: false, owner: null }),
    entry('pay', { owner: null, ownedBy: 'team:7', resources: ['arn:1'] }),
    entry('lost', { owner: null, ownedBy: 'team:9', resources: ['arn:2'] }),
    entry('free', { owner: null, resources: ['arn:3'] }),
  ]);
  const owners = (arn: string) => catalogue.about(`aws:${arn}`, {}, []).owners.map(({ name }) => name);
  expect([owners('arn:1'), owners('arn:2'), owners('arn:3')]).toEqual([['Payments'], [], []]);
});

test('services are spelled alike however catalogues and tags write them', () => {
  const catalogue = new Catalogue([entry(' Order Processor ')]);
  expect(catalogue.about('k8s:x', {}, ['order_processor']).owners.map(({ name }) => name)).toEqual([
    'checkout',
  ]);
});
