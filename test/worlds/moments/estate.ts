import { instantText } from '../../../src/base/instant.ts';
import { digestOf } from '../../support/trivy-report.ts';

/** A workload of the cluster; what is open stands behind a load balancer with an address of its own. */
interface Workload {
  readonly namespace: string;
  readonly image: string;
  readonly service: string;
  readonly team?: string;
  readonly isOpen?: boolean;
  readonly isAdministrator?: boolean;
}

/** Environments by the labels of namespaces; `misc` names none. */
const NAMESPACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shop: { env: 'prod' },
  stage: { env: 'staging' },
  lab: { environment: 'nonprod' },
  gate: { env: 'pre-prod' },
  misc: {},
};

export const WORKLOADS: readonly Workload[] = [
  { namespace: 'shop', image: 'web', service: 'web', team: 'front', isOpen: true },
  { namespace: 'stage', image: 'web', service: 'web', team: 'front' },
  { namespace: 'shop', image: 'api', service: 'api', team: 'core' },
  { namespace: 'shop', image: 'jobs', service: 'api', team: 'core' },
  { namespace: 'shop', image: 'front', service: 'pay', isOpen: true },
  { namespace: 'shop', image: 'back', service: 'pay' },
  { namespace: 'lab', image: 'lab', service: 'lab', isOpen: true },
  { namespace: 'gate', image: 'gate', service: 'gate', isOpen: true },
  { namespace: 'misc', image: 'misc', service: 'misc', isOpen: true },
  { namespace: 'misc', image: 'runner', service: 'runner', isAdministrator: true },
];

/** Of the pods' template, which ends the name of each ReplicaSet. */
const HASH = '5c9d8f7b6d';

export const CLUSTER = 'shop-1';

export function imageOf(name: string): string {
  return `registry.example.net/${name}:1`;
}

/** What `kubectl get … -A -o json` prints of the whole cluster. */
export function clusterReport(): unknown {
  const rights = 'rbac.authorization.k8s.io';
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      ...Object.entries(NAMESPACES).map(([name, labels]) => object('v1', 'Namespace', { name, labels })),
      object('v1', 'Node', { name: 'node-1' }),
      object(
        'networking.k8s.io/v1',
        'Ingress',
        { name: 'unused', namespace: 'misc' },
        { spec: { rules: [] } },
      ),
      object(
        'networking.k8s.io/v1',
        'NetworkPolicy',
        { name: 'unused', namespace: 'misc' },
        { spec: { podSelector: { matchLabels: { app: 'nobody' } }, policyTypes: ['Ingress'] } },
      ),
      object(`${rights}/v1`, 'Role', { name: 'unused', namespace: 'misc' }, { rules: [] }),
      object(
        `${rights}/v1`,
        'RoleBinding',
        { name: 'unused', namespace: 'misc' },
        { roleRef: { apiGroup: rights, kind: 'Role', name: 'unused' }, subjects: [] },
      ),
      object(
        `${rights}/v1`,
        'ClusterRole',
        { name: 'cluster-admin' },
        { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
      ),
      object(
        `${rights}/v1`,
        'ClusterRoleBinding',
        { name: 'runner' },
        {
          roleRef: { apiGroup: rights, kind: 'ClusterRole', name: 'cluster-admin' },
          subjects: [{ kind: 'ServiceAccount', name: 'runner', namespace: 'misc' }],
        },
      ),
      ...WORKLOADS.flatMap(objectsOf),
    ],
  };
}

function objectsOf({ namespace, image, service, team, isOpen, isAdministrator }: Workload): unknown[] {
  const account = isAdministrator === true ? image : 'default';
  const app = { app: image };
  const labels = { ...app, 'tags.datadoghq.com/service': service, ...(team === undefined ? {} : { team }) };
  const spec = {
    serviceAccountName: account,
    containers: [{ name: image, image: imageOf(image), ports: [{ containerPort: 8443 }] }],
  };
  const named = (name: string) => ({ name, namespace, labels });
  const owned = (kind: string, name: string) => ({
    ownerReferences: [{ apiVersion: 'apps/v1', kind, name, controller: true }],
  });
  return [
    object('v1', 'ServiceAccount', { name: account, namespace }),
    object('apps/v1', 'Deployment', named(image), {
      spec: {
        replicas: 1,
        selector: { matchLabels: app },
        template: { metadata: { labels }, spec },
      },
    }),
    object(
      'apps/v1',
      'ReplicaSet',
      { ...named(`${image}-${HASH}`), ...owned('Deployment', image) },
      { spec: { selector: { matchLabels: app }, template: { metadata: { labels }, spec } } },
    ),
    object(
      'v1',
      'Pod',
      {
        name: `${image}-${HASH}-x2x4z`,
        namespace,
        labels: { ...labels, 'pod-template-hash': HASH },
        ...owned('ReplicaSet', `${image}-${HASH}`),
      },
      {
        spec: { ...spec, nodeName: 'node-1' },
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: image,
              image: imageOf(image),
              imageID: `registry.example.net/${image}@${digestOf(image)}`,
              ready: true,
              state: { running: { startedAt: '2026-09-01T00:00:00Z' } },
            },
          ],
        },
      },
    ),
    object(
      'v1',
      'Service',
      { name: image, namespace },
      {
        spec: {
          type: isOpen === true ? 'LoadBalancer' : 'ClusterIP',
          selector: app,
          ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }],
        },
        status: { loadBalancer: isOpen === true ? { ingress: [{ ip: '54.1.2.3' }] } : {} },
      },
    ),
  ];
}

function object(apiVersion: string, kind: string, metadata: object, more: object = {}): unknown {
  return { apiVersion, kind, metadata, ...more };
}

/** A shell in a pod of a deployment, as Falco tells it. */
export function shellIn(namespace: string, deployment: string, at: number): unknown {
  return {
    uuid: `${deployment}-${at}`,
    output: 'A shell was spawned',
    priority: 'Critical',
    rule: 'Terminal shell in container',
    source: 'syscall',
    time: instantText(at),
    hostname: 'node-1',
    output_fields: { 'k8s.ns.name': namespace, 'k8s.pod.name': `${deployment}-${HASH}-x2x4z` },
  };
}

/** A request that AWS WAF blocked in front of what an inventory does not show. */
export function blockedRequest(at: number): unknown {
  return {
    timestamp: at,
    formatVersion: 1,
    webaclId: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0f',
    terminatingRuleId: 'AWS-AWSManagedRulesSQLiRuleSet',
    terminatingRuleType: 'MANAGED_RULE_GROUP',
    action: 'BLOCK',
    terminatingRuleMatchDetails: [{ conditionType: 'SQL_INJECTION', location: 'QUERY_STRING' }],
    httpSourceName: 'ALB',
    httpSourceId: '111122223333-app/pay-lb/50dc6c495c0c9188',
    ruleGroupList: [],
    httpRequest: {
      clientIp: '203.0.113.9',
      headers: [{ name: 'Host', value: 'pay.example.com' }],
      uri: '/pay',
      httpMethod: 'POST',
    },
  };
}
