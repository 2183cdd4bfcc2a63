import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
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
      missing: ['whether BackendConfig shop/a asks for a login: kubectl get backendconfigs -A -o json'],
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
