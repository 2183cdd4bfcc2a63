import { describe, expect, it } from 'vitest';
import {
  risksOf,
  sampleCover,
  sampleObject,
  sampleRule,
  sampleService,
  sampleWorkload,
} from './kubernetes-estate.test-sample.ts';

const OPEN = { serviceType: 'LoadBalancer', addresses: ['34.1.2.3'] };
const WITHOUT_SELECTOR = sampleService({ ...OPEN, selector: {} });
const slice = (...pods: readonly string[]) =>
  sampleObject('endpoint-slice', 'EndpointSlice', 'shop', 'web-1', { service: 'web', pods: [...pods] });

describe('a service without a selector', () => {
  it.each([
    ['Deployment', 'web-7d5f9c4b6-x2x4z', 'yes'],
    ['Deployment', 'web-api-7d5f9c4b6-x2x4z', 'no'],
    ['Deployment', 'api-7d5f9c4b6-x2x4z', 'no'],
    ['StatefulSet', 'web-0', 'yes'],
    ['StatefulSet', 'web-a', 'no'],
    ['DaemonSet', 'web-x2x4z', 'yes'],
    ['CronJob', 'web-29000000-x2x4z', 'yes'],
    ['Pod', 'web', 'yes'],
    ['Pod', 'webs', 'no'],
  ])('leads to the pods that somebody wrote down: of %s %s is one: %s', (objectKind, pod, state) => {
    const workload = sampleWorkload('web', { objectKind });
    const risks = risksOf(workload, [WITHOUT_SELECTOR, slice(pod)]);
    expect(risks?.publiclyAccessible.state).toBe(state);
    if (state === 'yes')
      expect(risks?.exposure[0]?.evidence.map(({ sentence }) => sentence)).toContain(
        `Service shop/web leads to ${objectKind} shop/web, by its endpoints.`,
      );
  });

  it('may lead to any pod of its namespace while its endpoints are not told', () => {
    const state = (...others: Parameters<typeof risksOf>[1]) =>
      risksOf(sampleWorkload('other'), others)?.publiclyAccessible;
    expect(state(WITHOUT_SELECTOR)).toMatchObject({
      state: 'unknown',
      missing: ['what Service shop/web leads to: kubectl get endpointslices,endpoints -A -o json'],
    });
    expect(state(WITHOUT_SELECTOR, ...sampleCover('EndpointSlice'))?.state).toBe('no');
    expect(state(WITHOUT_SELECTOR, ...sampleCover('Endpoints/shop'))?.state).toBe('no');
    expect(state(WITHOUT_SELECTOR, slice('web-x2x4z'))?.state).toBe('no');
    expect(state(sampleService({ selector: {} }))?.state).toBe('no');
    expect(state(sampleService({ ...OPEN, selector: { app: 'web' } }))?.state).toBe('no');
  });

  it('is asked for its endpoints only where it has no selector', () => {
    const risks = risksOf(sampleWorkload('other'), [sampleService(OPEN)]);
    expect(risks?.publiclyAccessible.state).toBe('no');
  });
});

describe('a service whose endpoints say other than its selector', () => {
  const OTHER = sampleWorkload('other', { podLabels: { app: 'web' } });
  const SELECTS = 'Service shop/web selects Deployment shop/web.';

  it.each<[title: string, state: string, says: string, others: Parameters<typeof risksOf>[1]]>([
    [
      'leads to them and to no more',
      'no',
      'Service shop/web selects Deployment shop/web, and its endpoints are pods of others.',
      [OTHER, slice('other-xxxxxxxxx-xxxxx')],
    ],
    [
      'leads to what both say',
      'yes',
      SELECTS,
      [OTHER, slice('other-xxxxxxxxx-xxxxx', 'web-xxxxxxxxx-xxxxx')],
    ],
    ['leads to what it selects while there is no endpoint', 'yes', SELECTS, [OTHER, slice()]],
    [
      'leads to what it selects where nothing tells whose pods they are',
      'yes',
      SELECTS,
      [slice('other-xxxxxxxxx-xxxxx')],
    ],
    [
      'leads to what it selects where one of them is of nothing that was described',
      'yes',
      SELECTS,
      [OTHER, slice('other-xxxxxxxxx-xxxxx', 'third-xxxxxxxxx-xxxxx')],
    ],
    [
      'leads to what it selects where its endpoints are of before the workload was described',
      'yes',
      SELECTS,
      [OTHER, { ...slice('other-xxxxxxxxx-xxxxx'), seenAt: 1_790_000_000_000 - 3_600_001 }],
    ],
    [
      'leads to its endpoints where these were imported a little before the workload',
      'no',
      'Service shop/web selects Deployment shop/web, and its endpoints are pods of others.',
      [OTHER, { ...slice('other-xxxxxxxxx-xxxxx'), seenAt: 1_790_000_000_000 - 3_600_000 }],
    ],
  ])('%s: %s', (_, state, says, others) => {
    const risks = risksOf(sampleWorkload('web'), [sampleService(OPEN), ...others]);
    expect(risks?.publiclyAccessible.state).toBe(state);
    expect(risks?.exposure.flatMap(({ evidence }) => evidence.map((fact) => fact.sentence))).toContain(says);
  });

  it('leads to pods that it does not select', () => {
    const risks = risksOf(sampleWorkload('other'), [sampleService(OPEN), slice('other-xxxxxxxxx-xxxxx')]);
    expect(risks?.publiclyAccessible.state).toBe('yes');
    expect(risks?.exposure[0]?.evidence.map(({ sentence }) => sentence)).toContain(
      'Service shop/web leads to Deployment shop/other, by its endpoints.',
    );
  });
});

describe('a name for another service', () => {
  const ingress = sampleObject('ingress', 'Ingress', 'shop', 'web', {
    className: 'gce',
    addresses: ['34.1.2.3'],
    rules: [sampleRule('alias')],
  });
  const alias = (externalName: string) =>
    sampleService({ serviceType: 'ExternalName', externalName, selector: {}, ports: [] }, 'alias');
  const state = (externalName: string) =>
    risksOf(sampleWorkload(), [sampleService(), ingress, alias(externalName)])?.publiclyAccessible.state;

  it.each([
    ['web.shop.svc.cluster.local', 'yes'],
    ['WEB.shop.svc', 'yes'],
    ['web.other.svc.cluster.local', 'no'],
    ['web.example.com', 'no'],
  ])('%s passes on what comes through an ingress: %s', (externalName, answer) => {
    expect(state(externalName)).toBe(answer);
  });

  it('is none unless its type says so', () => {
    const named = sampleService({ externalName: 'web.shop.svc.cluster.local' }, 'alias');
    const risks = risksOf(sampleWorkload(), [sampleService(), ingress, named]);
    expect(risks?.publiclyAccessible.state).toBe('no');
  });

  it('tells both services on the way', () => {
    const risks = risksOf(sampleWorkload(), [sampleService(), ingress, alias('web.shop.svc.cluster.local')]);
    expect(risks?.exposure[0]?.via).toEqual([
      'LoadBalancer 34.1.2.3',
      'Ingress shop/web (gce)',
      'Service shop/alias',
      'Service shop/web:80',
      'Deployment shop/web',
    ]);
  });
});
