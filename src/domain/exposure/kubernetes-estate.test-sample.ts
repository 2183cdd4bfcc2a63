import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Resources of a cluster for tests, told by what matters in them. */
export function sampleObject(
  type: string,
  objectKind: string,
  namespace: string,
  name: string,
  facts: JsonObject = {},
  tags: Record<string, string> = {},
): EstateResource {
  return {
    key: `k8s:c/${objectKind}/${namespace}/${name}`,
    type,
    name,
    account: null,
    region: null,
    tags,
    facts: { objectKind, namespace, name, ...facts },
    seenAt: 1_790_000_000_000,
    provenance: 'kubernetes',
  };
}

export function sampleCover(...covers: readonly string[]): readonly EstateResource[] {
  return covers.map((cover) => ({
    ...sampleObject('inventory-coverage', '', '', cover),
    key: `cover:${cover}`,
    facts: { cover },
  }));
}

/** A workload of the namespace `shop` whose pods have the label `app`, on port 8080 (`http`). */
export function sampleWorkload(name = 'web', facts: JsonObject = {}): EstateResource {
  return sampleObject('workload', 'Deployment', 'shop', name, {
    replicas: 1,
    podLabels: { app: name },
    serviceAccount: name,
    containers: [{ name, image: name, ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }],
    ...facts,
  });
}

/** The service in front of it. */
export function sampleService(facts: JsonObject = {}, name = 'web', namespace = 'shop'): EstateResource {
  return sampleObject('service', 'Service', namespace, name, {
    serviceType: 'ClusterIP',
    selector: { app: name },
    ports: [{ port: 80, protocol: 'TCP', targetPort: 'http' }],
    ...facts,
  });
}
