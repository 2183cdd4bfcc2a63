import { type Instant, instantText } from '../../src/base/instant.ts';

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

/** A check of its deployment, which mounts a token that it does not need. */
export const TOKEN_CHECK = {
  ClusterName: 'shop',
  Resources: [
    {
      Namespace: 'shop',
      Kind: 'Deployment',
      Name: 'web',
      Results: [
        {
          Target: 'Deployment/web',
          Class: 'config',
          Misconfigurations: [
            {
              Type: 'Kubernetes Security Check',
              ID: 'KSV-0036',
              Title: 'Protecting Pod service account tokens',
              Severity: 'MEDIUM',
              Status: 'FAIL',
            },
          ],
        },
      ],
    },
  ],
};

/** A flaw that only somebody with a login makes use of. */
export const HARD = 'CVE-2026-0003';
const BY_ANYBODY = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const BY_USERS = 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H';

/** A scan of the image that the deployment runs, in which these flaws were found. */
export function scanOfImage(image: string, at: Instant, ids: readonly string[]): unknown {
  const Vulnerabilities = ids.map((id) => ({
    VulnerabilityID: id,
    PkgName: id.toLowerCase(),
    InstalledVersion: '1.0',
    Severity: 'CRITICAL',
    Title: `Flaw ${id}`,
    CVSS: { nvd: { V3Vector: id === HARD ? BY_USERS : BY_ANYBODY, V3Score: 9.8 } },
  }));
  return {
    SchemaVersion: 2,
    CreatedAt: instantText(at),
    ArtifactName: image,
    ArtifactType: 'container_image',
    Metadata: { RepoTags: [image] },
    Results: [{ Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg', Vulnerabilities }],
  };
}
