import { type Instant, instantText } from '../../src/base/instant.ts';

/** A workload of the namespace `shop` as a test changes it. */
export interface ShopWorkload {
  environment: string | null;
  service: string | null;
  isPublic: boolean;
  isThere: boolean;
  image: string;
}

export function namespaceOf(name: string) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** Its Deployment; every second build of its image is privileged. */
export function deployment(
  name: string,
  { environment, service, image }: ShopWorkload,
  build: number | undefined,
) {
  const labels = {
    app: name,
    ...(environment === null ? {} : { environment }),
    ...(service === null ? {} : { 'app.kubernetes.io/part-of': service }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name,
              image: `registry.example.com/${image}:1`,
              ports: [{ containerPort: 8443 }],
              securityContext: { privileged: (build ?? 0) % 2 === 0 },
            },
          ],
        },
      },
    },
  };
}

/** A shell in a pod of it, as Falco tells it. */
export function attack(workload: string, at: Instant): unknown {
  return {
    uuid: `${workload}-${at}`,
    output: 'A shell was spawned',
    priority: 'Critical',
    rule: 'Terminal shell in container',
    source: 'syscall',
    tags: ['container', 'shell'],
    time: instantText(at),
    hostname: 'node-1',
    output_fields: {
      'k8s.ns.name': 'shop',
      'k8s.pod.name': `${workload}-5c9d8f7b6d-x2x4z`,
      'container.id': 'c1',
    },
  };
}
