import type { JsonObject } from '#base/json-value.ts';
import { row, type Settled } from './formats.settled.test-sample.ts';

const COMPUTE = '//compute.googleapis.com/projects/p/global';
const LINK = 'https://www.googleapis.com/compute/v1/projects/p/global';
const asset = (assetType: string, name: string, data: JsonObject): JsonObject => ({
  name,
  assetType,
  ancestors: ['projects/1', 'organizations/3'],
  resource: { data },
});
const iam = (name: string, assetType: string, role: string, member: string): JsonObject => ({
  name,
  assetType,
  ancestors: ['projects/1', 'organizations/3'],
  iamPolicy: { bindings: [{ role, members: [member] }] },
});
const VM = '//compute.googleapis.com/projects/p/zones/europe-west1-b/instances/web';
const instance = (data: JsonObject): JsonObject =>
  asset('compute.googleapis.com/Instance', VM, { name: 'web', ...data });
const OPEN_VM = instance({
  status: 'RUNNING',
  networkInterfaces: [{ network: `${LINK}/networks/net`, accessConfigs: [{ natIP: '34.1.1.1' }] }],
});
const FIREWALL = asset('compute.googleapis.com/Firewall', `${COMPUTE}/firewalls/web`, {
  name: 'web',
  network: `${LINK}/networks/net`,
  direction: 'INGRESS',
  priority: 1000,
  sourceRanges: ['0.0.0.0/0'],
  allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
});
const RULE = `${COMPUTE}/forwardingRules/front`;
const rule = (data: JsonObject): JsonObject =>
  asset('compute.googleapis.com/GlobalForwardingRule', RULE, {
    name: 'front',
    IPAddress: '34.2.2.2',
    IPProtocol: 'TCP',
    portRange: '443-443',
    target: `${LINK}/targetHttpsProxies/proxy`,
    ...data,
  });
const PROXY = asset('compute.googleapis.com/TargetHttpsProxy', `${COMPUTE}/targetHttpsProxies/proxy`, {
  name: 'proxy',
  urlMap: `${LINK}/urlMaps/map`,
});
const MAP = asset('compute.googleapis.com/UrlMap', `${COMPUTE}/urlMaps/map`, {
  name: 'map',
  defaultService: `${LINK}/backendServices/back`,
});
const back = (data: JsonObject): JsonObject =>
  asset('compute.googleapis.com/BackendService', `${COMPUTE}/backendServices/back`, {
    name: 'back',
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    ...data,
  });
const EXTERNAL = { loadBalancingScheme: 'EXTERNAL_MANAGED' };
const SQL = '//cloudsql.googleapis.com/projects/p/instances/db';
const GKE = '//container.googleapis.com/projects/p/locations/europe-west1/clusters/k';
const RUN = '//run.googleapis.com/projects/p/locations/europe-west1/services/api';
const run = (ingress: string): JsonObject =>
  asset('run.googleapis.com/Service', RUN, {
    metadata: { name: 'api', annotations: { 'run.googleapis.com/ingress': ingress } },
  });
const FUNCTION = '//cloudfunctions.googleapis.com/projects/p/locations/europe-west1/functions/f';
const BUCKET = '//storage.googleapis.com/files';
const bucket = asset('storage.googleapis.com/Bucket', BUCKET, {
  name: 'files',
  iamConfiguration: { publicAccessPrevention: 'inherited', uniformBucketLevelAccess: { enabled: true } },
});
const PUBLIC = iam(BUCKET, 'storage.googleapis.com/Bucket', 'roles/storage.objectViewer', 'allUsers');
const prevention = (enforced: boolean): JsonObject => ({
  name: '//cloudresourcemanager.googleapis.com/projects/1',
  assetType: 'cloudresourcemanager.googleapis.com/Project',
  ancestors: ['projects/1', 'organizations/3'],
  orgPolicy: [{ constraint: 'constraints/storage.publicAccessPrevention', booleanPolicy: { enforced } }],
});
const PROJECT = '//cloudresourcemanager.googleapis.com/projects/1';
const project = (role: string, member: string): JsonObject =>
  iam(PROJECT, 'cloudresourcemanager.googleapis.com/Project', role, member);
const assets = (place: string, content: string, ...types: readonly string[]): string =>
  `gcloud asset list --${place} --content-type=${content}${types.length === 0 ? '' : ` --asset-types=${types.map((type) => (type.includes('.') ? type : `compute.googleapis.com/${type}`)).join()}`} --format=json`;
const inProject = (...types: readonly string[]): string => assets('project=p', 'resource', ...types);

/** Questions of Google Cloud. */
export const GCP_SETTLED: readonly Settled[] = [
  row(inProject('Instance'), { 'vm.json': [instance({})], 'fw.json': [FIREWALL] }, [OPEN_VM]),
  row(inProject('Firewall'), { 'vm.json': [OPEN_VM] }, [FIREWALL]),
  row(inProject('ForwardingRule'), { 'lb.json': [rule({}), PROXY, MAP, back({})] }, [rule(EXTERNAL)]),
  row(inProject(), { 'lb.json': [rule(EXTERNAL), PROXY, MAP] }, [back({})]),
  row(
    inProject('SecurityPolicy'),
    { 'lb.json': [rule(EXTERNAL), PROXY, MAP, back({ securityPolicy: `${LINK}/securityPolicies/armor` })] },
    [
      asset('compute.googleapis.com/SecurityPolicy', `${COMPUTE}/securityPolicies/armor`, {
        name: 'armor',
        rules: [
          {
            priority: 2147483647,
            action: 'deny(403)',
            match: { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } },
          },
        ],
      }),
    ],
    'no',
  ),
  row(
    inProject('sqladmin.googleapis.com/Instance'),
    { 'sql.json': [asset('sqladmin.googleapis.com/Instance', SQL, { name: 'db', state: 'RUNNABLE' })] },
    [
      asset('sqladmin.googleapis.com/Instance', SQL, {
        name: 'db',
        state: 'RUNNABLE',
        databaseVersion: 'POSTGRES_16',
        ipAddresses: [{ type: 'PRIMARY', ipAddress: '34.3.3.3' }],
        settings: { ipConfiguration: { ipv4Enabled: true, authorizedNetworks: [{ value: '0.0.0.0/0' }] } },
      }),
    ],
  ),
  row(
    inProject('container.googleapis.com/Cluster'),
    { 'gke.json': [asset('container.googleapis.com/Cluster', GKE, { name: 'k' })] },
    [
      asset('container.googleapis.com/Cluster', GKE, {
        name: 'k',
        endpoint: '34.4.4.4',
        privateClusterConfig: { enablePrivateEndpoint: false },
        masterAuthorizedNetworksConfig: {},
      }),
    ],
  ),
  row(
    inProject('cloudfunctions.googleapis.com/Function'),
    {
      'f.json': [asset('cloudfunctions.googleapis.com/Function', FUNCTION, { name: 'f' })],
      'iam.json': [
        iam(FUNCTION, 'cloudfunctions.googleapis.com/Function', 'roles/cloudfunctions.invoker', 'allUsers'),
      ],
    },
    [
      asset('cloudfunctions.googleapis.com/Function', FUNCTION, {
        name: 'f',
        environment: 'GEN_1',
        httpsTrigger: { url: 'https://x' },
        ingressSettings: 'ALLOW_ALL',
      }),
    ],
  ),
  row(
    inProject('run.googleapis.com/Service'),
    {
      'f.json': [
        asset('cloudfunctions.googleapis.com/Function', FUNCTION, {
          name: 'f',
          environment: 'GEN_2',
          serviceConfig: {
            service: 'projects/p/locations/europe-west1/services/api',
            ingressSettings: 'ALLOW_ALL',
          },
        }),
      ],
      'iam.json': [iam(RUN, 'run.googleapis.com/Service', 'roles/run.invoker', 'allUsers')],
    },
    [run('all')],
  ),
  row(
    inProject(
      'ForwardingRule',
      'GlobalForwardingRule',
      'TargetHttpProxy',
      'TargetHttpsProxy',
      'UrlMap',
      'BackendService',
      'NetworkEndpointGroup',
    ),
    {
      'run.json': [run('internal-and-cloud-load-balancing')],
      'iam.json': [iam(RUN, 'run.googleapis.com/Service', 'roles/run.invoker', 'allUsers')],
    },
    [
      rule(EXTERNAL),
      PROXY,
      MAP,
      back({
        backends: [
          {
            group: `https://www.googleapis.com/compute/v1/projects/p/regions/europe-west1/networkEndpointGroups/neg`,
          },
        ],
      }),
      asset(
        'compute.googleapis.com/NetworkEndpointGroup',
        '//compute.googleapis.com/projects/p/regions/europe-west1/networkEndpointGroups/neg',
        { name: 'neg', networkEndpointType: 'SERVERLESS', cloudRun: { service: 'api' } },
      ),
    ],
  ),
  row(assets('project=p', 'iam-policy'), { 'run.json': [run('all')] }, [
    iam(RUN, 'run.googleapis.com/Service', 'roles/run.invoker', 'allUsers'),
  ]),
  row(
    'gcloud iam roles describe reader --project=p --format=json',
    {
      'bucket.json': [bucket, prevention(false)],
      'iam.json': [iam(BUCKET, 'storage.googleapis.com/Bucket', 'projects/p/roles/reader', 'allUsers')],
    },
    { name: 'projects/p/roles/reader', title: 'reader', includedPermissions: ['storage.objects.get'] },
  ),
  row(assets('organization=3', 'org-policy'), { 'bucket.json': [bucket, PUBLIC] }, [prevention(true)], 'no'),
  row(
    assets('organization=ORGANIZATION', 'access-policy'),
    {
      'bucket.json': [
        bucket,
        PUBLIC,
        prevention(false),
        asset('cloudresourcemanager.googleapis.com/Project', PROJECT, { projectId: 'p', projectNumber: '1' }),
      ],
      'perimeter.json': [
        {
          name: '//accesscontextmanager.googleapis.com/accessPolicies/1/servicePerimeters/s',
          assetType: 'accesscontextmanager.googleapis.com/ServicePerimeter',
          servicePerimeter: {
            name: 'accessPolicies/1/servicePerimeters/s',
            title: 's',
            status: {
              resources: ['projects/1'],
              restrictedServices: ['storage.googleapis.com'],
              accessLevels: ['accessPolicies/1/accessLevels/office'],
            },
          },
        },
      ],
    },
    [
      {
        name: '//accesscontextmanager.googleapis.com/accessPolicies/1/accessLevels/office',
        assetType: 'accesscontextmanager.googleapis.com/AccessLevel',
        accessLevel: {
          name: 'accessPolicies/1/accessLevels/office',
          title: 'office',
          basic: { conditions: [{ ipSubnetworks: ['52.1.0.0/16'] }] },
        },
      },
    ],
    'no',
  ),
  row(
    assets('project=PROJECT', 'iam-policy'),
    {
      'sa.json': [
        asset('iam.googleapis.com/ServiceAccount', '//iam.googleapis.com/projects/p/serviceAccounts/10', {
          email: 'sa@p.iam.gserviceaccount.com',
          uniqueId: '10',
        }),
      ],
    },
    [project('roles/owner', 'serviceAccount:sa@p.iam.gserviceaccount.com')],
  ),
  row(
    'gcloud iam roles describe boss --organization=3 --format=json',
    { 'iam.json': [project('organizations/3/roles/boss', 'user:u@example.com')] },
    {
      name: 'organizations/3/roles/boss',
      title: 'boss',
      includedPermissions: ['resourcemanager.projects.setIamPolicy'],
    },
  ),
  row(
    'gcloud identity groups memberships list --group-email=admins@example.com --format=json > memberships-admins@example.com.json',
    {
      'iam.json': [
        project('roles/owner', 'group:admins@example.com'),
        iam(BUCKET, 'storage.googleapis.com/Bucket', 'roles/viewer', 'user:u@example.com'),
      ],
    },
    [{ name: 'groups/1/memberships/2', preferredMemberKey: { id: 'u@example.com' } }],
  ),
];

const object = (
  kind: string,
  apiVersion: string,
  name: string,
  more: JsonObject = {},
  namespace: string | null = 'shop',
): JsonObject => ({
  kind,
  apiVersion,
  metadata: {
    name,
    ...(namespace === null ? {} : { namespace }),
    ...(more['metadata'] as JsonObject | undefined),
  },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'metadata')),
});
const list = (...items: readonly JsonObject[]): JsonObject => ({
  kind: 'List',
  apiVersion: 'v1',
  items: [...items],
});
const RBAC = 'rbac.authorization.k8s.io/v1';
const NETWORKING = 'networking.k8s.io/v1';
const POD = object('Pod', 'v1', 'web', {
  metadata: { labels: { app: 'web' } },
  spec: {
    serviceAccountName: 'web',
    containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }],
  },
});
const DEPLOYMENT = object('Deployment', 'apps/v1', 'web', {
  spec: {
    replicas: 1,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        serviceAccountName: 'web',
        containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }] }],
      },
    },
  },
});
const service = (spec: JsonObject, more: JsonObject = {}, name = 'web', namespace = 'shop'): JsonObject =>
  object(
    'Service',
    'v1',
    name,
    { spec: { type: 'ClusterIP', selector: { app: name }, ports: [{ port: 80 }], ...spec }, ...more },
    namespace,
  );
const OPEN_SERVICE = service(
  { type: 'LoadBalancer' },
  { status: { loadBalancer: { ingress: [{ ip: '34.5.5.5' }] } } },
);
const node = (address: JsonObject): JsonObject =>
  object('Node', 'v1', 'n1', { status: { addresses: [address] } }, null);
const CLOSED_NODE = node({ type: 'InternalIP', address: '10.0.0.7' });
/** Every cluster has one elsewhere, by which a list shows that it asked for all namespaces. */
const ELSEWHERE = service({ selector: { a: 'b' } }, {}, 'kubernetes', 'default');
const ingress = (more: JsonObject = {}): JsonObject =>
  object('Ingress', NETWORKING, 'web', {
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: '34.5.5.5' }] } },
    ...more,
  });
const CLASS = object(
  'IngressClass',
  NETWORKING,
  'nginx',
  { spec: { controller: 'k8s.io/ingress-nginx' } },
  null,
);
const CONTROLLER = [
  object(
    'Service',
    'v1',
    'ingress-nginx-controller',
    {
      metadata: {
        labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
      },
      spec: { type: 'LoadBalancer', selector: { app: 'ingress' }, ports: [{ port: 443 }] },
      status: { loadBalancer: { ingress: [{ ip: '34.5.5.5' }] } },
    },
    'ingress-nginx',
  ),
];
const POLICIES = list(
  object('NetworkPolicy', NETWORKING, 'none', {
    spec: { podSelector: { matchLabels: { app: 'nothing' } }, policyTypes: ['Egress'] },
  }),
);
const GATEWAY = object('Gateway', 'gateway.networking.k8s.io/v1', 'front', {
  spec: { gatewayClassName: 'x', listeners: [{ name: 'web', port: 80, protocol: 'HTTP' }] },
  status: { addresses: [{ type: 'IPAddress', value: '34.5.5.5' }] },
});
const ROUTE = object('HTTPRoute', 'gateway.networking.k8s.io/v1', 'web', {
  spec: { parentRefs: [{ name: 'front' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] },
});
const DEPLOYED = {
  'deployments.json': list(DEPLOYMENT),
  'policies.json': POLICIES,
} satisfies Settled['known'];

const ACCOUNT = object('ServiceAccount', 'v1', 'web');
const binding = (role: string, kind = 'ClusterRoleBinding', roleKind = 'ClusterRole'): JsonObject =>
  object(
    kind,
    RBAC,
    `${role}-of-web`,
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: role },
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    },
    kind === 'ClusterRoleBinding' ? null : 'shop',
  );
const role = (name: string, resources: readonly string[], verbs: readonly string[]): JsonObject =>
  object(
    'ClusterRole',
    RBAC,
    name,
    { rules: [{ apiGroups: [''], resources: [...resources], verbs: [...verbs] }] },
    null,
  );

const OTHERS_BOUND = ['kube-system', 'kube-public'].map((namespace) =>
  object('RoleBinding', RBAC, 'b', { roleRef: { kind: 'Role', name: 'r' }, subjects: [] }, namespace),
);

/** Questions of a cluster. */
export const KUBERNETES_SETTLED: readonly Settled[] = [
  row('kubectl get services -A -o json', DEPLOYED, list(ELSEWHERE, OPEN_SERVICE)),
  ...[true, false].map((isThere) =>
    row(
      'kubectl get services,ingresses -A -o json > services,ingresses.json',
      {
        ...DEPLOYED,
        'services.json': list(ELSEWHERE, service({}), ...CONTROLLER),
        'classes.json': list(CLASS),
      },
      list(ELSEWHERE, service({}), ...CONTROLLER, ...(isThere ? [ingress()] : [])),
      isThere ? 'yes' : 'no',
    ),
  ),
  row(
    'kubectl get ingressclasses -o json > ingressclasses.json',
    {
      ...DEPLOYED,
      'classes.json': list(CLASS),
      'services.json': list(ELSEWHERE, service({})),
      'ingresses.json': list(
        ingress({ spec: { ...(ingress()['spec'] as JsonObject), ingressClassName: 'special' } }),
      ),
    },
    list(
      object('IngressClass', NETWORKING, 'special', { spec: { controller: 'k8s.io/ingress-nginx' } }, null),
    ),
  ),
  row(
    'kubectl get services -A -o json',
    { ...DEPLOYED, 'ingresses.json': list(ingress()), 'classes.json': list(CLASS) },
    list(ELSEWHERE, service({}), ...CONTROLLER),
  ),
  row(
    'kubectl get ingress -A -o json',
    {
      ...DEPLOYED,
      'services.json': list(ELSEWHERE, service({})),
      'classes.json': list(CLASS),
      'ingresses.json': list(ingress({ status: {} })),
    },
    list(ingress()),
  ),
  row(
    'kubectl get endpointslices,endpoints -A -o json',
    {
      ...DEPLOYED,
      'services.json': list(ELSEWHERE, {
        ...OPEN_SERVICE,
        spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
      }),
      'ingresses.json': list(),
    },
    list(
      object('EndpointSlice', 'discovery.k8s.io/v1', 'web-1', {
        metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
        addressType: 'IPv4',
        ports: [{ port: 80 }],
        endpoints: [{ addresses: ['10.0.0.1'], targetRef: { kind: 'Pod', name: 'web', namespace: 'shop' } }],
      }),
    ),
  ),
  row(
    'kubectl get nodes -o json',
    {
      ...DEPLOYED,
      'services.json': list(ELSEWHERE, service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] })),
      'ingresses.json': list(ingress({ spec: {} })),
    },
    list(CLOSED_NODE),
    'no',
  ),
  row(
    'kubectl get services,gateways -A -o json',
    {
      ...DEPLOYED,
      'services.json': list(ELSEWHERE, service({})),
      'routes.json': list(ROUTE),
      'ingresses.json': list(ingress({ spec: {} })),
    },
    list(ELSEWHERE, service({}), GATEWAY),
  ),
  row(
    'kubectl get roles,clusterroles,rolebindings,clusterrolebindings -A -o json',
    { 'accounts.json': list(ACCOUNT) },
    list(
      role('all', ['*'], ['*']),
      binding('all'),
      object('Role', RBAC, 'r', { rules: [] }),
      ...OTHERS_BOUND,
    ),
  ),
  row(
    'kubectl get roles,clusterroles -A -o json',
    {
      'accounts.json': list(ACCOUNT),
      'bindings.json': list(binding('reader'), ...OTHERS_BOUND),
    },
    list(role('reader', ['secrets'], ['get', 'list']), object('Role', RBAC, 'r', { rules: [] })),
  ),
  row(
    'kubectl get serviceaccounts -A -o json',
    {
      'pods.json': list(POD),
      'rbac.json': list(
        role('view', ['pods'], ['get']),
        binding('view'),
        object('Role', RBAC, 'r', { rules: [] }),
        ...OTHERS_BOUND,
      ),
    },
    list(ACCOUNT),
    'no',
  ),
];
