import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  sampleCover,
  sampleObject,
  sampleService,
  sampleWorkload,
} from '../exposure/kubernetes-estate.test-sample.ts';
import { evaluateKubernetesEstate } from './evaluate-kubernetes-estate.ts';

const TYPES = [
  'workload',
  'pod',
  'service',
  'ingress',
  'gateway',
  'http-route',
  'network-policy',
  'node',
  'namespace',
  'service-account',
  'role',
  'cluster-role',
  'role-binding',
  'cluster-role-binding',
  'config-map',
  'inventory-coverage',
];

describe('the estate of a cluster', () => {
  it('answers for what it knows and for nothing else', () => {
    const resources = [
      sampleWorkload(),
      sampleService({ serviceType: 'LoadBalancer', addresses: ['139.59.204.142'] }),
      sampleObject('service-account', 'ServiceAccount', 'shop', 'web'),
      sampleObject('config-map', 'ConfigMap', 'shop', 'settings'),
      ...sampleCover(
        'Service',
        'Ingress',
        'NetworkPolicy',
        'RoleBinding',
        'ClusterRoleBinding',
        'ServiceAccount',
      ),
    ];
    const risks = evaluateKubernetesEstate(resources);
    expect(
      [...risks].map(([key, { publiclyAccessible, privilegedAccess }]) => [
        key,
        publiclyAccessible.state,
        privilegedAccess.state,
      ]),
    ).toEqual([
      ['k8s:c/Deployment/shop/web', 'yes', 'no'],
      ['k8s:c/Service/shop/web', 'yes', 'no'],
      ['k8s:c/ServiceAccount/shop/web', 'no', 'no'],
    ]);
  });

  it('is the same in every order, takes any facts, and names what is missing wherever it does not know', () => {
    const facts = fc.dictionary(
      fc.constantFrom(
        'selector',
        'podLabels',
        'addresses',
        'rules',
        'subjects',
        'role',
        'ingress',
        'containers',
        'backends',
        'hostPaths',
        'replicas',
        'serviceType',
        'cover',
      ),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const resource = fc
      .record({
        type: fc.constantFrom(...TYPES),
        name: fc.constantFrom('a', 'b'),
        namespace: fc.constantFrom('x', 'y'),
        facts,
      })
      .map((each) => sampleObject(each.type, each.type, each.namespace, each.name, each.facts as JsonObject));
    fc.assert(
      fc.property(
        fc.uniqueArray(resource, { selector: (each) => each.key, maxLength: 12 }),
        fc.integer(),
        (resources, seed) => {
          const risks = evaluateKubernetesEstate(resources);
          const shuffled = evaluateKubernetesEstate(
            resources.toSorted((a, b) => (hash(a.key, seed) < hash(b.key, seed) ? -1 : 1)),
          );
          for (const [key, { publiclyAccessible, privilegedAccess }] of risks) {
            expect(shuffled.get(key)?.publiclyAccessible.state).toBe(publiclyAccessible.state);
            expect(shuffled.get(key)?.privilegedAccess.state).toBe(privilegedAccess.state);
            for (const verdict of [publiclyAccessible, privilegedAccess]) {
              if (verdict.state === 'unknown') expect(verdict.missing.length).toBeGreaterThan(0);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function hash(text: string, seed: number): number {
  let value = seed;
  for (const character of text) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return value;
}
