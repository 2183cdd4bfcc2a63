import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  risksOf,
  sampleCover,
  sampleObject,
  sampleRule,
  sampleService,
  sampleWorkload,
} from './kubernetes-estate.test-sample.ts';

const gateway = (listener: JsonObject) =>
  sampleObject('gateway', 'Gateway', 'edge', 'gw', {
    className: 'gke-l7-global-external-managed',
    addresses: ['34.1.2.3'],
    listeners: [{ port: 443, protocol: 'HTTPS', hosts: [], ...listener }],
  });
/** A route of a namespace that leads to the service `web` of the namespace `shop`. */
const route = (namespace: string, kind = 'HTTPRoute') =>
  sampleObject('http-route', kind, namespace, 'web', {
    parents: [{ objectKind: 'Gateway', namespace: 'edge', name: 'gw' }],
    hosts: ['shop.example.com'],
    rules: [sampleRule('web')],
  });
const said = (...others: readonly EstateResource[]) => {
  const risks = risksOf(sampleWorkload(), [sampleService(), ...others]);
  const { state, missing } = risks?.publiclyAccessible ?? { state: undefined, missing: [] };
  return [state, ...missing].join(': ');
};

describe('a route that leads to a service of another namespace', () => {
  const grant = (facts: JsonObject, namespace = 'shop') =>
    sampleObject('reference-grant', 'ReferenceGrant', namespace, 'g', {
      from: [{ objectKind: 'HTTPRoute', namespace: 'web' }],
      services: null,
      ...facts,
    });
  const listed = sampleCover('ReferenceGrant');
  const open = gateway({ routesFrom: 'All' });

  it.each<[string, string, readonly EstateResource[]]>([
    ['is followed where that namespace grants it', 'yes', [route('web'), grant({})]],
    ['is followed where it grants that service', 'yes', [route('web'), grant({ services: ['web', 'api'] })]],
    ['is not where it grants another service', 'no', [route('web'), grant({ services: ['api'] })]],
    ['is not where it grants no service', 'no', [route('web'), grant({ services: [] })]],
    ['is not where it grants another kind', 'no', [route('web', 'GRPCRoute'), grant({})]],
    ['is not where it grants another namespace', 'no', [route('other'), grant({})]],
    ['is not where another namespace grants it', 'no', [route('web'), grant({}, 'web'), ...listed]],
    ['is not where there is no grant', 'no', [route('web'), ...listed]],
    [
      'may be while nobody listed grants',
      'unknown: reference grants of the namespace shop: kubectl get referencegrants -A -o json > referencegrants.json',
      [route('web')],
    ],
    ['needs none within its own', 'yes', [route('shop'), ...listed]],
  ])('%s', (_, expected, others) => {
    expect(said(open, ...others)).toBe(expected);
  });
});

describe('a listener that asks for labels of a namespace', () => {
  const asking = gateway({
    routesFrom: 'Selector',
    routeNamespaces: { labels: { public: 'yes' }, expressions: [] },
  });
  const shop = (tags: Record<string, string>) => sampleObject('namespace', 'Namespace', '', 'shop', {}, tags);

  it.each<[string, string, readonly EstateResource[]]>([
    ['takes routes of one that has them', 'yes', [asking, shop({ public: 'yes' })]],
    ['takes none of another', 'no', [asking, shop({ public: 'no' })]],
    [
      'may take them while nobody described it',
      'unknown: labels of the namespace shop: kubectl get namespaces -o json',
      [asking],
    ],
    ['as one that asks for none', 'yes', [gateway({ routesFrom: 'All' }), shop({ public: 'no' })]],
  ])('%s', (_, expected, others) => {
    expect(said(route('shop'), ...others)).toBe(expected);
  });
});
