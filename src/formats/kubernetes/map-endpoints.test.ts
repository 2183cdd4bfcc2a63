import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { readObject } from './kubernetes-object.ts';
import { mapBackendSettings, mapEndpoints } from './map-endpoints.ts';

function object(kind: string, metadata: JsonObject, rest: JsonObject) {
  const read = readObject(
    { apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop', ...metadata }, ...rest },
    undefined,
  );
  if ('lacks' in read) throw new Error(read.lacks);
  return read;
}

const pod = (name: string) => ({ addresses: ['10.1.0.4'], targetRef: { kind: 'Pod', name } });
const OF_SERVICE = { labels: { 'kubernetes.io/service-name': 'web' } };

describe('endpoints', () => {
  it('of a slice are its pods, and the addresses of what is none', () => {
    const slice = object('EndpointSlice', OF_SERVICE, {
      endpoints: [pod('web-1'), pod('web-0'), pod('web-1'), { addresses: ['192.168.1.9'] }],
    });
    expect(mapEndpoints(slice, 'c')).toMatchObject([
      {
        type: 'endpoint-slice',
        facts: { service: 'web', pods: ['web-0', 'web-1'], addresses: ['192.168.1.9'] },
      },
    ]);
  });

  it.each([
    ['web-7d5f9c4b6-x2x4z', 'web-xxxxxxxxx-xxxxx'],
    ['web-api-7d5f9c4b6-x2x4z', 'web-api-xxxxxxxxx-xxxxx'],
    ['web-x2x4z', 'web-xxxxx'],
    ['web-29000000-x2x4z', 'web-0-xxxxx'],
    ['web-api-x2x4z', 'web-api-xxxxx'],
    ['web-0', 'web-0'],
    ['web-proxy', 'web-proxy'],
    ['x2x4z', 'x2x4z'],
  ])('behind a selector are called what stays: %s is %s', (name, kept) => {
    const labels = {
      ...OF_SERVICE.labels,
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    };
    const slice = object(
      'EndpointSlice',
      { labels },
      { endpoints: [pod(name), { addresses: ['10.1.0.9'] }] },
    );
    expect(mapEndpoints(slice, 'c')).toMatchObject([
      { type: 'endpoint-slice', facts: { service: 'web', pods: [kept], addresses: [] } },
    ]);
  });

  it('of the older kind are read from subsets, ready or not', () => {
    const own = object(
      'Endpoints',
      {},
      {
        subsets: [
          { addresses: [{ ip: '10.1.0.4', targetRef: { kind: 'Pod', name: 'web-0' } }] },
          { notReadyAddresses: [{ ip: '192.168.1.9' }] },
        ],
      },
    );
    expect(mapEndpoints(own, 'c')).toMatchObject([
      { type: 'endpoints', facts: { service: 'web', pods: ['web-0'], addresses: ['192.168.1.9'] } },
    ]);
  });

  it.each<[string, string, JsonObject]>([
    ['a slice of no service', 'EndpointSlice', {}],
    [
      'endpoints of a selector',
      'Endpoints',
      {
        labels: { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
      },
    ],
    [
      'endpoints of a selector, before they said so',
      'Endpoints',
      {
        annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-01T00:00:00Z' },
      },
    ],
    ['a lock of leaders', 'Endpoints', { annotations: { 'control-plane.alpha.kubernetes.io/leader': '{}' } }],
  ])('%s says nothing', (_, kind, metadata) => {
    expect(mapEndpoints(object(kind, metadata, { endpoints: [pod('web-0')] }), 'c')).toEqual([]);
  });
});

describe('settings of the load balancers of Google', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['BackendConfig', { iap: { enabled: true } }, { asksForLogin: true, service: null }],
    ['BackendConfig', { iap: { enabled: false } }, { asksForLogin: false, service: null }],
    ['BackendConfig', {}, { asksForLogin: false, securityPolicy: null, service: null }],
    [
      'BackendConfig',
      { securityPolicy: { name: 'office' } },
      { asksForLogin: false, securityPolicy: 'office' },
    ],
    [
      'GCPBackendPolicy',
      { default: { securityPolicy: 'office' }, targetRef: { kind: 'Service', name: 'web' } },
      { asksForLogin: false, securityPolicy: 'office', service: 'web' },
    ],
    [
      'GCPBackendPolicy',
      { default: { iap: { enabled: true } }, targetRef: { kind: 'Service', name: 'web' } },
      { asksForLogin: true, service: 'web' },
    ],
    [
      'GCPBackendPolicy',
      { default: { iap: { enabled: true } }, targetRef: { kind: 'ServiceImport', name: 'web' } },
      { asksForLogin: true, service: null },
    ],
  ])('%s %j', (kind, spec, facts) => {
    expect(mapBackendSettings(object(kind, {}, { spec }), 'c').facts).toMatchObject(facts);
  });
});
