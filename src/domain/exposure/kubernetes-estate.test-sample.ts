import type { JsonObject } from '#base/json-value.ts';
import { expectTold } from '../../../test/support/told-ways.ts';
import type { EstateResource, InventoryRisks, Surroundings } from '../risk/estate.ts';
import { evaluateKubernetesEstate } from '../risk/evaluate-kubernetes-estate.ts';
import type { ExposureRecord } from './exposure-record.ts';

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

/** Requests for a host and path that are led to a service of the namespace `shop`. */
export function sampleRule(name: string, host = 'shop.example.com', path = '/', port = '80'): JsonObject {
  return { host, path, backend: { objectKind: 'Service', namespace: 'shop', name }, port };
}

/** A policy of the namespace `shop` that isolates all of its pods, and admits these peers. */
export function samplePolicy(from: readonly JsonObject[]): EstateResource {
  return sampleObject('network-policy', 'NetworkPolicy', 'shop', 'p', {
    podSelector: {},
    isolatesIngress: true,
    ingress: from.length === 0 ? [] : [{ from: [...from], ports: [] }],
  });
}

/** One resource of a cluster in which everything that could lead to it was listed, and what is said of it. */
export interface ExposureCase {
  /** Rows of attack-paths §2.9 have their number; 38 is the API server of a cloud and stands with that cloud. */
  readonly title: string;
  readonly of: EstateResource;
  readonly with: readonly EstateResource[];
  readonly state: string;
  readonly record: Partial<ExposureRecord>;
}

const EVERYTHING = ['Service', 'Ingress', 'NetworkPolicy', 'Node', 'Gateway', 'IngressClass'];

/** What the whole estate says about a resource of it. */
export function risksOf(
  resource: EstateResource,
  others: readonly EstateResource[],
  surroundings?: Surroundings,
): InventoryRisks | undefined {
  const resources = [resource, ...others, ...sampleCover(...EVERYTHING)];
  const risks = evaluateKubernetesEstate(resources, surroundings).get(resource.key);
  expectTold(risks?.exposure ?? []);
  return risks;
}
