import type { JsonObject } from '#base/json-value.ts';
import type { Answer } from './formats.commands.test-sample.ts';

const GUID = '00000000-0000-0000-0000-000000000001';
const ARM = `/subscriptions/${GUID}/resourceGroups/shop/providers`;

/** A list that `az` prints. */
function az(of: string, id: string, members: JsonObject): Answer {
  return { prints: [{ id: `${ARM}/${id}`, name: 'x', ...members }], of };
}

function kubectl(
  ...objects: readonly (readonly [kind: string, apiVersion: string, more?: JsonObject])[]
): Answer {
  return {
    prints: {
      kind: 'List',
      apiVersion: 'v1',
      items: objects.map(([kind, apiVersion, more]) => ({
        kind,
        apiVersion,
        metadata: { name: 'x', namespace: 'shop' },
        ...more,
      })),
    },
    of: objects.map(([kind]) => kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()).join(','),
  };
}

const RBAC = 'rbac.authorization.k8s.io/v1';
const ROLE: JsonObject = { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] };
const BINDING: JsonObject = {
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  subjects: [{ kind: 'User', name: 'u' }],
};
const POD: JsonObject = { spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const SERVICE: JsonObject = { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } };
const NODE: JsonObject = { status: { addresses: [{ type: 'ExternalIP', address: '3.3.3.3' }] } };

function asset(assetType: string, name: string, more: JsonObject): Answer {
  return { prints: [{ name, assetType, ...more }], of: '' };
}

/** The same for commands of Azure, Google Cloud and Kubernetes. */
export const OTHER_ANSWERS: Readonly<Record<string, Answer>> = {
  'az ad group member list': {
    prints: [{ id: GUID, '@odata.type': '#microsoft.graph.user', userPrincipalName: 'u@example.com' }],
    of: 'entra-membership',
    file: `ad-group-member-list-${GUID}.json`,
  },
  'az aks list': az('azure-aks-cluster', 'Microsoft.ContainerService/managedClusters/x', { fqdn: 'x' }),
  'az apim show': az('azure-api-management', 'Microsoft.ApiManagement/service/x', {
    publicNetworkAccess: 'Enabled',
  }),
  'az containerapp env list': az('azure-container-environment', 'Microsoft.App/managedEnvironments/x', {}),
  'az containerapp list': az('azure-container-app', 'Microsoft.App/containerApps/x', {}),
  'az graph query': {
    prints: {
      count: 1,
      total_records: 1,
      data: [
        {
          id: `/subscriptions/${GUID}/providers/Microsoft.Authorization/roleAssignments/1`,
          type: 'microsoft.authorization/roleassignments',
          properties: { principalId: GUID, roleDefinitionId: 'x', scope: `/subscriptions/${GUID}` },
        },
      ],
    },
    of: 'azure-role-assignment',
  },
  'az identity list': az('azure-managed-identity', 'Microsoft.ManagedIdentity/userAssignedIdentities/x', {
    principalId: GUID,
  }),
  'az mariadb server firewall-rule list': az(
    'azure-database-firewall-rule',
    'Microsoft.DBforMariaDB/servers/s/firewallRules/x',
    { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' },
  ),
  'az mysql flexible-server firewall-rule list': az(
    'azure-database-firewall-rule',
    'Microsoft.DBforMySQL/flexibleServers/s/firewallRules/x',
    { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' },
  ),
  'az network application-gateway list': az('azure-app-gateway', 'Microsoft.Network/applicationGateways/x', {
    httpListeners: [],
  }),
  'az network lb list': az('azure-load-balancer', 'Microsoft.Network/loadBalancers/x', {}),
  'az network nic list': az('azure-nic', 'Microsoft.Network/networkInterfaces/x', {}),
  'az network nsg list': az('azure-nsg', 'Microsoft.Network/networkSecurityGroups/x', {}),
  'az network perimeter association list': az(
    'azure-perimeter-association',
    'Microsoft.Network/networkSecurityPerimeters/p/resourceAssociations/x',
    { privateLinkResource: { id: 'x' }, profile: { id: 'y' } },
  ),
  'az network perimeter profile access-rule list': az(
    'azure-perimeter-rule',
    'Microsoft.Network/networkSecurityPerimeters/p/profiles/y/accessRules/x',
    { direction: 'Inbound', addressPrefixes: ['0.0.0.0/0'] },
  ),
  'az network public-ip list': az('azure-public-ip', 'Microsoft.Network/publicIPAddresses/x', {
    ipAddress: '20.1.1.1',
  }),
  'az network route-table list': az('azure-route-table', 'Microsoft.Network/routeTables/x', {}),
  'az network vnet list': az('azure-vnet', 'Microsoft.Network/virtualNetworks/x', {}),
  'az postgres flexible-server firewall-rule list': az(
    'azure-database-firewall-rule',
    'Microsoft.DBforPostgreSQL/flexibleServers/s/firewallRules/x',
    { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' },
  ),
  'az resource list': az('azure-sql-server', 'Microsoft.Sql/servers/x', {
    type: 'Microsoft.Sql/servers',
    location: 'westeurope',
    tags: { env: 'prod' },
  }),
  'az resource show': {
    prints: {
      id: `${ARM}/Microsoft.KeyVault/vaults/x`,
      name: 'x',
      type: 'Microsoft.KeyVault/vaults',
      properties: { publicNetworkAccess: 'Enabled' },
    },
    of: 'azure-key-vault',
  },
  'az rest': {
    prints: { value: [{ id: 'a', principalId: GUID, roleDefinitionId: GUID, directoryScopeId: '/' }] },
    of: 'entra-role-assignment',
  },
  'az role assignment list': az('azure-role-assignment', 'Microsoft.Authorization/roleAssignments/x', {
    principalId: GUID,
    roleDefinitionId: 'x',
    scope: `/subscriptions/${GUID}`,
  }),
  'az role definition list': az('azure-role-definition', 'Microsoft.Authorization/roleDefinitions/x', {
    roleName: 'r',
    permissions: [{ actions: ['*'] }],
  }),
  'az sql server firewall-rule list': az(
    'azure-database-firewall-rule',
    'Microsoft.Sql/servers/s/firewallRules/x',
    {
      startIpAddress: '0.0.0.0',
      endIpAddress: '0.0.0.0',
    },
  ),
  'az storage account list': az('azure-storage-account', 'Microsoft.Storage/storageAccounts/x', {
    allowBlobPublicAccess: true,
  }),
  'az storage account show': {
    prints: { id: `${ARM}/Microsoft.Storage/storageAccounts/x`, name: 'x', allowBlobPublicAccess: true },
    of: 'azure-storage-account',
  },
  'az storage container-rm list': az(
    'azure-blob-container',
    'Microsoft.Storage/storageAccounts/a/blobServices/default/containers/x',
    { publicAccess: 'Blob' },
  ),
  'az vm list': az('azure-vm', 'Microsoft.Compute/virtualMachines/x', { networkProfile: {} }),
  'az vmss list': az('azure-vmss', 'Microsoft.Compute/virtualMachineScaleSets/x', { sku: { capacity: 1 } }),
  'az webapp auth show': {
    prints: { id: `${ARM}/Microsoft.Web/sites/s/config/authsettings`, name: 'authsettings', enabled: true },
    of: 'azure-site-config',
  },
  'az webapp config show': {
    prints: {
      id: `${ARM}/Microsoft.Web/sites/s/config/web`,
      name: 's',
      ipSecurityRestrictions: [{ ipAddress: 'Any', action: 'Allow', priority: 1 }],
    },
    of: 'azure-site-config',
  },

  'gcloud asset export --content-type=access-policy': {
    ...asset(
      'accesscontextmanager.googleapis.com/AccessLevel',
      '//accesscontextmanager.googleapis.com/accessPolicies/1/accessLevels/office',
      {
        accessLevel: {
          name: 'accessPolicies/1/accessLevels/office',
          basic: { conditions: [{ ipSubnetworks: ['52.1.0.0/16'] }] },
        },
      },
    ),
    of: 'gcp-access-level',
  },
  'gcloud asset export --content-type=iam-policy': {
    ...asset('storage.googleapis.com/Bucket', '//storage.googleapis.com/files', {
      iamPolicy: { bindings: [{ role: 'roles/viewer', members: ['allUsers'] }] },
    }),
    of: 'gcp-iam-policy',
  },
  'gcloud asset export --content-type=org-policy': {
    ...asset(
      'cloudresourcemanager.googleapis.com/Project',
      '//cloudresourcemanager.googleapis.com/projects/p',
      {
        orgPolicy: [
          { constraint: 'constraints/storage.publicAccessPrevention', booleanPolicy: { enforced: true } },
        ],
      },
    ),
    of: 'gcp-org-policy',
  },
  'gcloud asset export --content-type=resource': {
    ...asset('compute.googleapis.com/Firewall', '//compute.googleapis.com/projects/p/global/firewalls/f', {
      resource: { data: { name: 'f', direction: 'INGRESS' } },
    }),
    of: 'gcp-firewall',
  },
  'gcloud iam roles describe': {
    prints: { name: 'projects/p/roles/r', title: 'r', includedPermissions: ['storage.objects.get'] },
    of: 'gcp-role',
  },
  'gcloud identity groups memberships list --group-email': {
    prints: [{ name: 'groups/1/memberships/2', preferredMemberKey: { id: 'u@example.com' } }],
    of: 'gcp-membership',
    file: 'memberships-g@example.com.json',
  },

  'kubectl get backendconfigs': kubectl([
    'BackendConfig',
    'cloud.google.com/v1',
    { spec: { iap: { enabled: true } } },
  ]),
  'kubectl get endpointslices,endpoints': kubectl(
    [
      'EndpointSlice',
      'discovery.k8s.io/v1',
      {
        metadata: { name: 'x', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [{ addresses: ['10.0.0.1'] }],
      },
    ],
    ['Endpoints', 'v1', { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] }],
  ),
  'kubectl get ingressclasses': kubectl([
    'IngressClass',
    'networking.k8s.io/v1',
    { spec: { controller: 'x' } },
  ]),
  'kubectl get ingresses': kubectl(['Ingress', 'networking.k8s.io/v1', { spec: { rules: [] } }]),
  'kubectl get namespaces': kubectl(['Namespace', 'v1']),
  'kubectl get nodes': kubectl(['Node', 'v1', NODE]),
  'kubectl get nodes,namespaces,pods,services': kubectl(
    ['Node', 'v1', NODE],
    ['Namespace', 'v1'],
    ['Pod', 'v1', POD],
    ['Service', 'v1', SERVICE],
  ),
  'kubectl get pods': kubectl(['Pod', 'v1', POD]),
  'kubectl get roles,clusterroles': kubectl(['Role', RBAC, ROLE], ['ClusterRole', RBAC, ROLE]),
  'kubectl get roles,clusterroles,rolebindings,clusterrolebindings': kubectl(
    ['Role', RBAC, ROLE],
    ['ClusterRole', RBAC, ROLE],
    ['RoleBinding', RBAC, BINDING],
    ['ClusterRoleBinding', RBAC, BINDING],
  ),
  'kubectl get serviceaccounts': kubectl(['ServiceAccount', 'v1']),
  'kubectl get services': kubectl(['Service', 'v1', SERVICE]),
  'kubectl get services,pods': kubectl(['Service', 'v1', SERVICE], ['Pod', 'v1', POD]),
};
