import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FirstLook } from './first-look.ts';
import { readObject } from './kubernetes-object.ts';
import { mapObject } from './map-object.ts';

const LOOK: FirstLook = {
  cluster: 'c',
  lists: new Map(),
  covers: [],
  describer: () => undefined,
  hasPods: () => false,
};

const to = (name: string, namespace = 'shop'): JsonObject => ({ objectKind: 'Service', namespace, name });

describe('what leads where', () => {
  it.each([
    {
      title: 'an ingress, its default backend and a port by name',
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        spec: {
          ingressClassName: 'nginx',
          defaultBackend: { service: { name: 'rest', port: { number: 8080 } } },
          rules: [
            {
              host: 'a.example.com',
              http: {
                paths: [{ path: '/x', backend: { service: { name: 'web', port: { name: 'http' } } } }],
              },
            },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '8.8.8.8' }] } },
      },
      type: 'ingress',
      facts: {
        className: 'nginx',
        addresses: ['8.8.8.8'],
        rules: [
          { host: 'a.example.com', path: '/x', backend: to('web'), port: 'http' },
          { host: '', path: '', backend: to('rest'), port: '8080' },
        ],
      },
    },
    {
      title: 'an ingress of old',
      object: {
        apiVersion: 'extensions/v1beta1',
        kind: 'Ingress',
        spec: { rules: [{ http: { paths: [{ backend: { serviceName: 'web', servicePort: 80 } }] } }] },
      },
      type: 'ingress',
      facts: { className: null, rules: [{ host: '', path: '', backend: to('web'), port: '80' }] },
    },
    {
      title: 'a gateway',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        spec: {
          gatewayClassName: 'c',
          listeners: [
            {
              port: 443,
              protocol: 'HTTPS',
              hostname: '*.example.com',
              allowedRoutes: { namespaces: { from: 'All' } },
            },
          ],
        },
        status: { addresses: [{ type: 'IPAddress', value: '8.8.8.8' }] },
      },
      type: 'gateway',
      facts: {
        className: 'c',
        podSelector: null,
        addresses: ['8.8.8.8'],
        listeners: [
          {
            port: 443,
            protocol: 'HTTPS',
            hosts: ['*.example.com'],
            asksForCertificate: false,
            routesFrom: 'All',
          },
        ],
      },
    },
    {
      title: 'a gateway that asks for labels of a namespace',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        spec: {
          listeners: [
            {
              port: 80,
              protocol: 'HTTP',
              allowedRoutes: {
                namespaces: { from: 'Selector', selector: { matchLabels: { public: 'yes' } } },
              },
            },
          ],
        },
      },
      type: 'gateway',
      facts: {
        listeners: [
          {
            port: 80,
            protocol: 'HTTP',
            hosts: [],
            asksForCertificate: false,
            routesFrom: 'Selector',
            routeNamespaces: { labels: { public: 'yes' }, expressions: [] },
          },
        ],
      },
    },
    {
      title: 'a grant for every service, and for secrets, of which nothing is read',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        kind: 'ReferenceGrant',
        spec: {
          from: [
            { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'web' },
            { group: 'example.com', kind: 'HTTPRoute', namespace: 'other' },
          ],
          to: [
            { group: '', kind: 'Service' },
            { group: '', kind: 'Secret', name: 'tls' },
          ],
        },
      },
      type: 'reference-grant',
      facts: { from: [{ objectKind: 'HTTPRoute', namespace: 'web' }], services: null },
    },
    {
      title: 'a grant for one service',
      object: {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        kind: 'ReferenceGrant',
        spec: {
          from: [],
          to: [
            { kind: 'Service', name: 'web' },
            { group: '', kind: 'Secret' },
          ],
        },
      },
      type: 'reference-grant',
      facts: { from: [], services: ['web'] },
    },
    {
      title: 'a gateway of Istio',
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        spec: {
          selector: { istio: 'ingressgateway' },
          servers: [
            {
              port: { number: 443, protocol: 'HTTPS' },
              hosts: ['shop/*.example.com'],
              tls: { mode: 'MUTUAL' },
            },
            { port: { number: 80, protocol: 'HTTP' }, hosts: ['*'] },
          ],
        },
      },
      type: 'istio-gateway',
      facts: {
        podSelector: { istio: 'ingressgateway' },
        listeners: [
          {
            port: 443,
            protocol: 'HTTPS',
            hosts: ['*.example.com'],
            asksForCertificate: true,
            routesFrom: 'All',
          },
          { port: 80, protocol: 'HTTP', hosts: ['*'], asksForCertificate: false, routesFrom: 'All' },
        ],
      },
    },
    {
      title: 'a virtual service',
      object: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        spec: {
          hosts: ['shop.example.com'],
          gateways: ['mesh', 'edge/gw', 'own'],
          http: [
            {
              match: [{ uri: { prefix: '/cart' } }],
              route: [
                { destination: { host: 'cart', port: { number: 80 } } },
                { destination: { host: 'cart.old.svc.cluster.local' } },
                { destination: { host: 'api.example.com' } },
              ],
            },
          ],
        },
      },
      type: 'virtual-service',
      facts: {
        parents: [
          { objectKind: 'IstioGateway', namespace: 'edge', name: 'gw' },
          { objectKind: 'IstioGateway', namespace: 'shop', name: 'own' },
        ],
        hosts: ['shop.example.com'],
        rules: [
          { host: 'shop.example.com', path: '/cart', backend: to('cart'), port: '80' },
          { host: 'shop.example.com', path: '/cart', backend: to('cart', 'old'), port: '' },
          {
            host: 'shop.example.com',
            path: '/cart',
            backend: { objectKind: 'Host', namespace: '', name: 'api.example.com' },
            port: '',
          },
        ],
      },
    },
    {
      title: 'a route of OpenShift, by the routers that admitted it',
      object: {
        apiVersion: 'route.openshift.io/v1',
        kind: 'Route',
        spec: {
          host: 'shop.apps.example.com',
          to: { kind: 'Service', name: 'web' },
          alternateBackends: [{ kind: 'Service', name: 'next' }],
          port: { targetPort: 8080 },
        },
        status: {
          ingress: [
            { routerName: 'refusing', conditions: [{ type: 'Admitted', status: 'False' }] },
            {
              routerName: 'default',
              routerCanonicalHostname: 'router-default.apps.example.com',
              conditions: [{ type: 'Admitted', status: 'True' }],
            },
          ],
        },
      },
      type: 'route',
      facts: {
        className: 'default',
        addresses: ['router-default.apps.example.com'],
        rules: [
          { host: 'shop.apps.example.com', path: '', backend: to('web'), port: '8080' },
          { host: 'shop.apps.example.com', path: '', backend: to('next'), port: '8080' },
        ],
      },
    },
    {
      title: 'a route of Knative is of another kind',
      object: { apiVersion: 'serving.knative.dev/v1', kind: 'Route', spec: { to: { name: 'web' } } },
      type: 'knative-route',
      facts: { objectKind: 'Route' },
    },
    {
      title: 'a policy of Calico is of another kind',
      object: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', spec: { selector: 'all()' } },
      type: 'calico-network-policy',
      facts: { objectKind: 'NetworkPolicy' },
    },
  ])('$title', ({ object, type, facts }) => {
    const read = readObject(
      { ...object, metadata: { name: 'a', namespace: 'shop' } } as unknown as JsonObject,
      undefined,
    );
    if ('lacks' in read) throw new Error(read.lacks);
    expect(mapObject(read, LOOK)).toEqual([
      expect.objectContaining({ kind: 'resource', type, facts: expect.objectContaining(facts) }),
    ]);
  });
});
