import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import {
  risksOf,
  sampleObject,
  sampleRule,
  sampleService,
  sampleWorkload,
} from './kubernetes-estate.test-sample.ts';

const ingress = (className: string | null) =>
  sampleObject('ingress', 'Ingress', 'shop', 'web', {
    className,
    addresses: ['34.1.2.3'],
    rules: [sampleRule('web')],
  });
const named = (setting: string, key = 'cloud.google.com/backend-config') =>
  sampleService({ annotations: { [key]: setting } });
const config = (name: string, asksForLogin: boolean) =>
  sampleObject('backend-config', 'BackendConfig', 'shop', name, { asksForLogin });
const stateOf = (...others: readonly EstateResource[]) =>
  risksOf(sampleWorkload(), others)?.publiclyAccessible;

describe('Identity-Aware Proxy before a service', () => {
  it.each<[string, string, readonly EstateResource[]]>([
    ['that names its settings', 'no', [ingress('gce'), named('{"default":"a"}'), config('a', true)]],
    ['of a cluster that names no class', 'no', [ingress(null), named('{"default":"a"}'), config('a', true)]],
    [
      'that names them for its port',
      'no',
      [ingress('gce'), named('{"ports":{"80":"a"}}'), config('a', true)],
    ],
    [
      'that names them for another port',
      'yes',
      [ingress('gce'), named('{"ports":{"81":"a"}}'), config('a', true)],
    ],
    [
      'whose port wins',
      'yes',
      [ingress('gce'), named('{"ports":{"80":"b"},"default":"a"}'), config('a', true), config('b', false)],
    ],
    [
      'by the old annotation',
      'no',
      [ingress('gce'), named('{"default":"a"}', 'beta.cloud.google.com/backend-config'), config('a', true)],
    ],
    ['whose settings ask for none', 'yes', [ingress('gce'), named('{"default":"a"}'), config('a', false)]],
    [
      'behind a controller that reads none',
      'yes',
      [
        ingress('nginx'),
        sampleObject('ingress-class', 'IngressClass', '', 'nginx'),
        named('{"default":"a"}'),
        config('a', true),
      ],
    ],
    ['that names none', 'yes', [ingress('gce'), named('{}'), config('a', true)]],
    ['whose annotation is empty', 'unknown', [ingress('gce'), named(''), config('a', true)]],
    ['whose annotation is a word', 'unknown', [ingress('gce'), named('"a"'), config('a', true)]],
    [
      'whose annotation is longer than any that is read',
      'unknown',
      [ingress('gce'), named(`{"default":"a","x":"${'x'.repeat(4_000)}"}`), config('a', true)],
    ],
  ])('%s: %s', (_, state, others) => {
    expect(stateOf(...others)?.state).toBe(state);
  });

  it('is unknown while its settings are not told', () => {
    expect(stateOf(ingress('gce'), named('{"default":"a"}'))).toMatchObject({
      state: 'unknown',
      missing: ['what BackendConfig shop/a asks for: kubectl get backendconfigs -A -o json'],
    });
  });

  it('is unknown while nobody can read which settings are named', () => {
    expect(stateOf(ingress('gce'), named('{"default":'), config('a', true))).toMatchObject({
      state: 'unknown',
      missing: [
        'a readable annotation of Service shop/web that names its BackendConfig: kubectl get services -A -o json',
      ],
    });
  });

  it('is said by a policy of a gateway for one service', () => {
    const gateway = sampleObject('gateway', 'Gateway', 'shop', 'g', {
      className: 'gke-l7-global-external-managed',
      addresses: ['34.1.2.3'],
      listeners: [{ port: 443, protocol: 'HTTPS' }],
    });
    const route = sampleObject('http-route', 'HTTPRoute', 'shop', 'r', {
      parents: [{ objectKind: 'Gateway', namespace: 'shop', name: 'g' }],
      rules: [sampleRule('web')],
    });
    const policy = (facts: JsonObject) =>
      sampleObject('gcp-backend-policy', 'GCPBackendPolicy', 'shop', 'p', facts);
    expect(stateOf(gateway, route, sampleService())?.state).toBe('yes');
    const own = policy({ asksForLogin: true, service: 'web' });
    expect(stateOf(gateway, route, sampleService(), own)?.state).toBe('no');
    const other = policy({ asksForLogin: true, service: 'other' });
    expect(stateOf(gateway, route, sampleService(), other)?.state).toBe('yes');
  });

  it('is told of one path of an ingress, and not of the next one', () => {
    const two = sampleObject('ingress', 'Ingress', 'shop', 'web', {
      className: 'gce',
      addresses: ['34.1.2.3'],
      rules: [sampleRule('web', '', '/a'), sampleRule('other', '', '/b')],
    });
    const other = sampleService({}, 'other');
    const ways = risksOf(two, [named('{"default":"a"}'), other, config('a', true)])?.exposure;
    expect(ways?.map(({ surface, auth }) => `${surface} ${auth}`).sort()).toEqual([
      'any host/a oidc',
      'any host/b app',
    ]);
  });

  it('is not asked about where the ingress asks for a login itself', () => {
    const asking = sampleObject('ingress', 'Ingress', 'shop', 'web', {
      className: null,
      addresses: ['34.1.2.3'],
      rules: [sampleRule('web')],
      annotations: { 'nginx.ingress.kubernetes.io/auth-tls-secret': 'shop/ca' },
    });
    const others = [
      asking,
      named('{"default":"a"}'),
      config('a', true),
      sampleObject('ingress-class', 'IngressClass', '', 'nginx'),
    ];
    expect(risksOf(sampleWorkload(), others)?.exposure.map(({ auth }) => auth)).toEqual(['app', 'mtls']);
  });

  it('leaves the ingress itself open, and says what stands before the pods', () => {
    const others = [named('{"default":"a"}'), config('a', true)];
    expect(risksOf(ingress('gce'), others)?.publiclyAccessible.state).toBe('yes');
    const behind = risksOf(sampleWorkload(), [ingress('gce'), ...others])?.exposure;
    expect(behind?.map(({ auth, verdict }) => [auth, verdict])).toContainEqual(['oidc', 'no']);
  });
});

describe('Cloud Armor before a service', () => {
  const guarded = (facts: JsonObject = {}) =>
    sampleObject('backend-config', 'BackendConfig', 'shop', 'a', { securityPolicy: 'office', ...facts });
  const UNTOLD =
    'whom Cloud Armor lets through to Service shop/web by its policy office: gcloud asset list --project=PROJECT --content-type=resource --format=json';

  it.each<[string, string, readonly EstateResource[]]>([
    ['leaves open whom it lets in', 'unknown', [ingress('gce'), named('{"default":"a"}'), guarded()]],
    ['and a login closes', 'no', [ingress('gce'), named('{"default":"a"}'), guarded({ asksForLogin: true })]],
    [
      'for another service says nothing',
      'yes',
      [ingress('gce'), named('{"default":"b"}'), guarded(), config('b', false)],
    ],
    [
      'says nothing of another controller',
      'yes',
      [
        ingress('nginx'),
        sampleObject('ingress-class', 'IngressClass', '', 'nginx'),
        named('{"default":"a"}'),
        guarded(),
      ],
    ],
  ])('%s: %s', (_title, state, others) => {
    const told = stateOf(...others);
    expect([told?.state, told?.missing]).toEqual([state, state === 'unknown' ? [UNTOLD] : []]);
    const front = risksOf(others[0] as EstateResource, others.slice(1))?.publiclyAccessible.state;
    expect(front).toBe(state === 'no' ? 'unknown' : state);
  });
});

describe('what the cloud tells of the backends of a front', () => {
  const TOLD = { provenance: 'gcp-asset-inventory', at: 1_790_000_000_000 };
  const backend = (service: string, more: Partial<ExposureRecord> = {}): ExposureRecord => ({
    surface: 'tcp/443',
    audience: 'internet',
    auth: 'app',
    verdict: 'yes',
    via: [`backend ${service}`],
    gates: [],
    evidence: [{ sentence: `${service} is told.`, ...TOLD }],
    missing: [],
    ...more,
    behind: { service: `shop/${service}`, port: '80', ...more.behind },
  });
  const surroundings = (...ways: readonly ExposureRecord[]): Surroundings => ({
    doors: {
      balancers: new Map([['34.1.2.3', { name: 'forwarding rule fr', ways, ...TOLD }]]),
      machines: new Map(),
    },
  });
  const OPEN = backend('other');
  const oidc = (behind: NonNullable<ExposureRecord['behind']>) => backend('web', { auth: 'oidc', behind });

  it.each<[title: string, behind: string, front: string, ways: readonly ExposureRecord[]]>([
    ['one that is open', 'yes internet app', 'yes internet app', [OPEN, backend('web')]],
    ['one that a filter closes beside an open one', 'no', 'no', [OPEN, backend('web', { verdict: 'no' })]],
    [
      'one for an office',
      'no',
      'no',
      [OPEN, backend('web', { audience: 'partner', senders: ['20.1.2.0/24'] })],
    ],
    ['one behind a login', 'no', 'yes internet oidc', [OPEN, oidc({ lets: 'nobody' })]],
    [
      'one whose login lets in every account of Google',
      'yes any-google-account app',
      'yes internet oidc',
      [OPEN, oidc({ lets: 'any-google-account' })],
    ],
    [
      'one of whose login nobody knows',
      'unknown: policies',
      'yes internet oidc',
      [OPEN, oidc({ lets: 'unknown', lacks: ['policies'] })],
    ],
    [
      'one whose filter nobody knows',
      'unknown: rules',
      'unknown: rules',
      [OPEN, backend('web', { verdict: 'unknown', missing: ['rules'] })],
    ],
    [
      'of another port, as the front as a whole',
      'yes internet app',
      'yes internet app',
      [OPEN, backend('web', { verdict: 'no', behind: { port: '81' } })],
    ],
  ])('%s: %s', (_title, behind, front, ways) => {
    const others = [ingress('gce'), sampleService()];
    const told = (risks: ReturnType<typeof risksOf>): string => {
      const { state, missing } = risks?.publiclyAccessible ?? { state: 'no', missing: [] };
      if (state === 'unknown') return `unknown: ${missing.join('; ')}`;
      const open = risks?.exposure.filter(({ verdict, audience }) => verdict === 'yes' && isPublic(audience));
      return [state, ...(open ?? []).map(({ audience, auth }) => `${audience} ${auth}`)].join(' ');
    };
    expect(told(risksOf(sampleWorkload(), others, surroundings(...ways)))).toBe(behind);
    expect(told(risksOf(ingress('gce'), [sampleService()], surroundings(...ways)))).toBe(front);
  });

  it('is a login only where each of its load balancers asks for one', () => {
    const behind = { lets: 'nobody' as const };
    const asking = backend('web', { auth: 'oidc', behind });
    const two = sampleObject('ingress', 'Ingress', 'shop', 'web', {
      className: 'gce',
      addresses: ['34.1.2.3', '34.1.2.4'],
      rules: [sampleRule('web')],
    });
    const stateBehind = (other: ExposureRecord): string | undefined => {
      const doors = {
        balancers: new Map(
          (
            [
              ['34.1.2.3', asking],
              ['34.1.2.4', other],
            ] as const
          ).map(
            ([address, way]) =>
              [address, { name: `forwarding rule ${address}`, ways: [way], ...TOLD }] as const,
          ),
        ),
        machines: new Map(),
      };
      return risksOf(sampleWorkload(), [two, sampleService()], { doors })?.publiclyAccessible.state;
    };
    expect([stateBehind(asking), stateBehind(backend('web'))]).toEqual(['no', 'yes']);
  });

  it('stands before what the settings of the cluster say', () => {
    const others = [ingress('gce'), named('{"default":"a"}'), config('a', true)];
    const open = surroundings(backend('web'));
    expect(risksOf(sampleWorkload(), others, open)?.publiclyAccessible.state).toBe('yes');
  });

  it('is what a gateway is for one service, too', () => {
    const gateway = sampleObject('gateway', 'Gateway', 'shop', 'g', {
      className: 'gke-l7-global-external-managed',
      addresses: ['34.1.2.3'],
      listeners: [{ port: 443, protocol: 'HTTPS' }],
    });
    const route = sampleObject('http-route', 'HTTPRoute', 'shop', 'r', {
      parents: [{ objectKind: 'Gateway', namespace: 'shop', name: 'g' }],
      rules: [sampleRule('web')],
    });
    const shut = surroundings(OPEN, backend('web', { verdict: 'no' }));
    const others = [gateway, route, sampleService()];
    expect(risksOf(sampleWorkload(), others, shut)?.publiclyAccessible.state).toBe('no');
  });
});

it.each<[className: string, state: string]>([
  ['gke-l7-rilb', 'no'],
  ['gke-l7-rilb-mc', 'no'],
  ['gke-l7-cross-regional-internal-managed-mc', 'no'],
  ['gke-l7-regional-external-managed', 'unknown'],
  ['gke-l7-rilbox', 'unknown'],
])('a gateway of the class %s without an address: %s', (className, state) => {
  const gateway = sampleObject('gateway', 'Gateway', 'shop', 'g', { className, listeners: [] });
  expect(risksOf(gateway, [])?.publiclyAccessible.state).toBe(state);
});
