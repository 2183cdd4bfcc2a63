/** What an inventory tells of a cluster in production in which one deployment has all rights, behind a load balancer where it is open. */
export function shopCluster({
  image,
  isOpen,
}: {
  readonly image: string;
  readonly isOpen: boolean;
}): unknown {
  const metadata = { name: 'web', namespace: 'shop' };
  const items = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            serviceAccountName: 'web',
            containers: [{ name: 'web', image, ports: [{ containerPort: 8080 }] }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: isOpen ? 'LoadBalancer' : 'ClusterIP',
        selector: { app: 'web' },
        ports: [{ port: 443, targetPort: 8080 }],
      },
      ...(isOpen ? { status: { loadBalancer: { ingress: [{ ip: '54.1.2.3' }] } } } : {}),
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'web' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

/** The options of its import. */
export const SHOP_CLUSTER = { source: 'kubectl', scope: { cluster: 'shop' }, environment: 'production' };
