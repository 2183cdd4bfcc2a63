import { mayRunCodeInClusters } from './azure-cluster-code.ts';
import { allows, allowsOnData } from './azure-role-operations.ts';
import type { AzureRole } from './azure-roles.ts';

/** Operations that put code of one's own onto something that runs, by the types whose identity it then has. */
const RUN_CODE: readonly {
  readonly types: readonly string[];
  readonly operations: readonly string[];
  readonly data?: true;
}[] = [
  {
    types: ['azure-vm'],
    operations: [
      'Microsoft.Compute/virtualMachines/runCommand/action',
      'Microsoft.Compute/virtualMachines/runCommands/write',
      'Microsoft.Compute/virtualMachines/extensions/write',
      'Microsoft.Compute/virtualMachines/write',
    ],
  },
  { types: ['azure-vm'], operations: ['Microsoft.Compute/virtualMachines/loginAsAdmin/action'], data: true },
  {
    types: ['azure-vmss'],
    operations: [
      'Microsoft.Compute/virtualMachineScaleSets/write',
      'Microsoft.Compute/virtualMachineScaleSets/extensions/write',
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action',
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands/write',
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/extensions/write',
    ],
  },
  {
    types: ['azure-web-app', 'azure-function-app'],
    operations: [
      'Microsoft.Web/sites/write',
      'Microsoft.Web/sites/publishxml/action',
      'Microsoft.Web/sites/config/list/action',
      'Microsoft.Web/sites/host/listkeys/action',
    ],
  },
  {
    types: ['azure-container-instance'],
    operations: [
      'Microsoft.ContainerInstance/containerGroups/write',
      'Microsoft.ContainerInstance/containerGroups/containers/exec/action',
    ],
  },
  { types: ['azure-container-app'], operations: ['Microsoft.App/containerApps/write'] },
  {
    types: ['microsoft.automation/automationaccounts'],
    operations: ['Microsoft.Automation/automationAccounts/runbooks/write'],
  },
  { types: ['microsoft.logic/workflows'], operations: ['Microsoft.Logic/workflows/write'] },
  {
    types: ['microsoft.hybridcompute/machines'],
    operations: [
      'Microsoft.HybridCompute/machines/extensions/write',
      'Microsoft.HybridCompute/machines/runCommands/write',
    ],
  },
  {
    types: ['microsoft.datafactory/factories'],
    operations: ['Microsoft.DataFactory/factories/pipelines/write'],
  },
];

export const CLUSTER = 'azure-aks-cluster';

/** Types of workloads that a role may run its own code on; a cluster may say otherwise of itself. */
export function runsCodeOn(role: AzureRole): ReadonlySet<string> {
  return new Set([
    ...RUN_CODE.flatMap(({ types, operations, data }) =>
      operations.some((each) => (data === true ? allowsOnData(role, each) : allows(role, each))) ? types : [],
    ),
    ...(mayRunCodeInClusters(role) ? [CLUSTER] : []),
  ]);
}

/** Taking an identity: signing in as it by a federation of one's own. */
export function takesIdentities(role: AzureRole): boolean {
  return allows(role, 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write');
}

/** Putting an identity onto something that one may run code on. */
export function assignsIdentities(role: AzureRole): boolean {
  return (
    allows(role, 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action') ||
    allows(role, 'Microsoft.ManagedIdentity/userAssignedIdentities/x/assign/action')
  );
}

/** Putting other rights into roles of the tenant's own. */
export function rewritesRoles(role: AzureRole): boolean {
  return allows(role, 'Microsoft.Authorization/roleDefinitions/write');
}

/** Saying who may do what. */
export function grantsRoles(role: AzureRole): boolean {
  return allows(role, 'Microsoft.Authorization/roleAssignments/write');
}

/** Everything, grants included; writing alone has to give itself the rest first. */
export function isOwner(role: AzureRole): boolean {
  return (
    grantsRoles(role) &&
    allows(role, 'Microsoft.Storage/storageAccounts/listKeys/action') &&
    allows(role, 'Microsoft.Compute/virtualMachines/write') &&
    allows(role, 'Microsoft.KeyVault/vaults/write')
  );
}

/** Everything but saying who may do what. */
export function editsAll(role: AzureRole): boolean {
  return (
    !grantsRoles(role) &&
    allows(role, 'Microsoft.Compute/virtualMachines/write') &&
    allows(role, 'Microsoft.KeyVault/vaults/write')
  );
}

/** Reading data or credentials of a type of store. */
const READ_DATA: readonly {
  readonly type: string;
  readonly what: string;
  readonly operations: readonly string[];
  /** Give keys, which open nothing where the store takes none. */
  readonly keyOperations?: readonly string[];
  readonly dataOperations: readonly string[];
}[] = [
  {
    type: 'azure-key-vault',
    what: 'secrets and keys of vaults',
    operations: ['Microsoft.KeyVault/vaults/accessPolicies/write', 'Microsoft.KeyVault/vaults/write'],
    dataOperations: [
      'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'Microsoft.KeyVault/vaults/keys/decrypt/action',
      'Microsoft.KeyVault/vaults/keys/unwrap/action',
    ],
  },
  {
    type: 'azure-storage-account',
    what: 'data of storage accounts',
    operations: [
      'Microsoft.Storage/storageAccounts/listKeys/action',
      'Microsoft.Storage/storageAccounts/regenerateKey/action',
      'Microsoft.Storage/storageAccounts/listAccountSas/action',
      'Microsoft.Storage/storageAccounts/listServiceSas/action',
    ],
    dataOperations: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
      'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
    ],
  },
  {
    type: 'azure-cosmos-account',
    what: 'data of Cosmos accounts',
    operations: [
      'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
      'Microsoft.DocumentDB/databaseAccounts/readonlykeys/action',
      'Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action',
      'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write',
    ],
    dataOperations: [],
  },
  {
    type: 'azure-sql-server',
    what: 'data of SQL servers',
    operations: ['Microsoft.Sql/servers/administrators/write', 'Microsoft.Sql/servers/write'],
    dataOperations: [],
  },
  {
    type: 'azure-sql-managed-instance',
    what: 'data of SQL servers',
    operations: [
      'Microsoft.Sql/managedInstances/administrators/write',
      'Microsoft.Sql/managedInstances/write',
    ],
    dataOperations: [],
  },
  {
    type: 'azure-redis',
    what: 'data of caches',
    operations: ['Microsoft.Cache/redis/write', 'Microsoft.Cache/redis/accessPolicyAssignments/write'],
    keyOperations: ['Microsoft.Cache/redis/listKeys/action', 'Microsoft.Cache/redis/regenerateKey/action'],
    dataOperations: [],
  },
  {
    type: 'azure-managed-redis',
    what: 'data of caches',
    operations: [
      'Microsoft.Cache/redisEnterprise/databases/listKeys/action',
      'Microsoft.Cache/redisEnterprise/databases/regenerateKey/action',
      'Microsoft.Cache/redisEnterprise/databases/write',
      'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/write',
    ],
    dataOperations: [],
  },
  {
    type: 'azure-app-configuration',
    what: 'what applications are configured with',
    operations: ['Microsoft.AppConfiguration/configurationStores/write'],
    keyOperations: [
      'Microsoft.AppConfiguration/configurationStores/ListKeys/action',
      'Microsoft.AppConfiguration/configurationStores/RegenerateKey/action',
    ],
    dataOperations: ['Microsoft.AppConfiguration/configurationStores/keyValues/read'],
  },
  {
    type: 'azure-postgresql-server',
    what: 'data of PostgreSQL servers',
    operations: [
      'Microsoft.DBforPostgreSQL/servers/write',
      'Microsoft.DBforPostgreSQL/flexibleServers/write',
      'Microsoft.DBforPostgreSQL/flexibleServers/administrators/write',
    ],
    dataOperations: [],
  },
  {
    type: 'azure-mysql-server',
    what: 'data of MySQL servers',
    operations: [
      'Microsoft.DBforMySQL/servers/write',
      'Microsoft.DBforMySQL/flexibleServers/write',
      'Microsoft.DBforMySQL/flexibleServers/administrators/write',
    ],
    dataOperations: [],
  },
];

/** The stores whose data a role reads; by keys alone it reads those that take keys. */
export function readsDataOf(
  role: AzureRole,
): readonly { readonly type: string; readonly what: string; readonly byKeysAlone: boolean }[] {
  return READ_DATA.flatMap(({ type, what, operations, keyOperations = [], dataOperations }) => {
    const reads =
      operations.some((each) => allows(role, each)) ||
      dataOperations.some((each) => allowsOnData(role, each));
    return reads || keyOperations.some((each) => allows(role, each))
      ? [{ type, what, byKeysAlone: !reads }]
      : [];
  });
}

/** Changing what protects everybody: network, policies, logs. */
export function controlsPlane(role: AzureRole): boolean {
  return [
    'Microsoft.Network/networkSecurityGroups/write',
    'Microsoft.Authorization/policyAssignments/write',
    'Microsoft.Insights/diagnosticSettings/delete',
    'Microsoft.ContainerService/managedClusters/write',
  ].some((each) => allows(role, each));
}
