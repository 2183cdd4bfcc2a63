import { describe, expect, it } from 'vitest';
import {
  assignsIdentities,
  controlsPlane,
  grantsRoles,
  isOwner,
  readsDataOf,
  rewritesRoles,
  runsCodeOn,
  takesIdentities,
} from './azure-abilities.ts';
import { type AzureRole, BUILT_IN_ROLES, builtInRole } from './azure-roles.ts';

function told(role: AzureRole): string {
  const code = [...runsCodeOn(role)];
  return [
    ...(isOwner(role) ? ['owns'] : []),
    ...(grantsRoles(role) ? ['gives roles'] : []),
    ...(rewritesRoles(role) ? ['rewrites roles'] : []),
    ...(code.length > 0 ? [`runs code on ${code.join(', ')}`] : []),
    ...(takesIdentities(role) ? ['takes identities'] : []),
    ...(assignsIdentities(role) ? ['assigns identities'] : []),
    ...readsDataOf(role).map(({ what }) => `reads ${what}`),
    ...(controlsPlane(role) ? ['controls'] : []),
  ].join('; ');
}

const NOTHING = { name: 'r', actions: [], notActions: [], dataActions: [], notDataActions: [] };

describe('what an operation alone lets somebody do', () => {
  it.each([
    ['Microsoft.Compute/virtualMachines/runCommand/action', 'runs code on azure-vm'],
    ['Microsoft.Compute/virtualMachines/extensions/write', 'runs code on azure-vm'],
    ['Microsoft.Compute/virtualMachines/write', 'runs code on azure-vm'],
    ['Microsoft.Compute/virtualMachines/start/action', ''],
    ['Microsoft.Compute/virtualMachineScaleSets/write', 'runs code on azure-vmss'],
    [
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action',
      'runs code on azure-vmss',
    ],
    ['Microsoft.Web/sites/write', 'runs code on azure-web-app, azure-function-app'],
    ['Microsoft.Web/sites/publishxml/action', 'runs code on azure-web-app, azure-function-app'],
    ['Microsoft.Web/sites/host/listkeys/action', 'runs code on azure-web-app, azure-function-app'],
    ['Microsoft.Web/sites/restart/action', ''],
    ['Microsoft.ContainerInstance/containerGroups/write', 'runs code on azure-container-instance'],
    ['Microsoft.App/containerApps/write', 'runs code on azure-container-app'],
    [
      'Microsoft.Automation/automationAccounts/runbooks/write',
      'runs code on microsoft.automation/automationaccounts',
    ],
    ['Microsoft.Automation/automationAccounts/jobs/write', ''],
    ['Microsoft.Logic/workflows/write', 'runs code on microsoft.logic/workflows'],
    [
      'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
      'runs code on azure-aks-cluster',
    ],
    [
      'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
      'runs code on azure-aks-cluster',
    ],
    ['Microsoft.ContainerService/managedClusters/runCommand/action', 'runs code on azure-aks-cluster'],
    ['Microsoft.ContainerService/managedClusters/listClusterMonitoringUserCredential/action', ''],
    ['Microsoft.Compute/virtualMachines/runCommands/write', 'runs code on azure-vm'],
    ['Microsoft.Compute/virtualMachineScaleSets/extensions/write', 'runs code on azure-vmss'],
    [
      'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands/write',
      'runs code on azure-vmss',
    ],
    ['Microsoft.Compute/virtualMachineScaleSets/virtualMachines/extensions/write', 'runs code on azure-vmss'],
    ['Microsoft.Web/sites/config/list/action', 'runs code on azure-web-app, azure-function-app'],
    [
      'Microsoft.ContainerInstance/containerGroups/containers/exec/action',
      'runs code on azure-container-instance',
    ],
    ['Microsoft.HybridCompute/machines/extensions/write', 'runs code on microsoft.hybridcompute/machines'],
    ['Microsoft.HybridCompute/machines/runCommands/write', 'runs code on microsoft.hybridcompute/machines'],
    ['Microsoft.KeyVault/vaults/write', 'reads secrets and keys of vaults'],
    ['Microsoft.Storage/storageAccounts/regenerateKey/action', 'reads data of storage accounts'],
    ['Microsoft.Storage/storageAccounts/listAccountSas/action', 'reads data of storage accounts'],
    ['Microsoft.Storage/storageAccounts/listServiceSas/action', 'reads data of storage accounts'],
    ['Microsoft.DBforPostgreSQL/servers/write', 'reads data of PostgreSQL servers'],
    ['Microsoft.DBforPostgreSQL/flexibleServers/write', 'reads data of PostgreSQL servers'],
    ['Microsoft.DBforPostgreSQL/flexibleServers/administrators/write', 'reads data of PostgreSQL servers'],
    ['Microsoft.DBforMySQL/servers/write', 'reads data of MySQL servers'],
    ['Microsoft.DBforMySQL/flexibleServers/write', 'reads data of MySQL servers'],
    ['Microsoft.DBforMySQL/flexibleServers/administrators/write', 'reads data of MySQL servers'],
    ['Microsoft.Authorization/roleDefinitions/write', 'rewrites roles'],
    ['Microsoft.DataFactory/factories/pipelines/write', 'runs code on microsoft.datafactory/factories'],
    [
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
      'takes identities',
    ],
    ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', 'assigns identities'],
    ['Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action', 'assigns identities'],
    ['Microsoft.Authorization/roleAssignments/write', 'gives roles'],
    ['Microsoft.Authorization/roleAssignments/delete', ''],
    ['Microsoft.KeyVault/vaults/accessPolicies/write', 'reads secrets and keys of vaults'],
    ['Microsoft.KeyVault/vaults/secrets/getSecret/action', ''],
    ['Microsoft.Storage/storageAccounts/listKeys/action', 'reads data of storage accounts'],
    ['Microsoft.DocumentDB/databaseAccounts/listKeys/action', 'reads data of Cosmos accounts'],
    ['Microsoft.DocumentDB/databaseAccounts/readonlykeys/action', 'reads data of Cosmos accounts'],
    ['Microsoft.Sql/servers/administrators/write', 'reads data of SQL servers'],
    ['Microsoft.Sql/servers/write', 'reads data of SQL servers'],
    ['Microsoft.Sql/servers/databases/write', ''],
    ['Microsoft.Network/networkSecurityGroups/write', 'controls'],
    ['Microsoft.Authorization/policyAssignments/write', 'controls'],
    ['Microsoft.Insights/diagnosticSettings/delete', 'controls'],
    ['Microsoft.ContainerService/managedClusters/write', 'controls'],
    ['*/read', ''],
  ])('%s', (operation, able) => {
    expect(told({ ...NOTHING, actions: [operation] })).toBe(able);
    expect(told({ ...NOTHING, actions: [operation], notActions: [operation.toLowerCase()] })).toBe('');
  });

  it.each([
    ['Microsoft.Compute/virtualMachines/loginAsAdmin/action', 'runs code on azure-vm'],
    ['Microsoft.Compute/virtualMachines/login/action', ''],
    ['Microsoft.ContainerService/managedClusters/pods/write', 'runs code on azure-aks-cluster'],
    ['Microsoft.ContainerService/managedClusters/pods/read', ''],
    ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'reads secrets and keys of vaults'],
    ['Microsoft.KeyVault/vaults/keys/decrypt/action', 'reads secrets and keys of vaults'],
    ['Microsoft.KeyVault/vaults/keys/unwrap/action', 'reads secrets and keys of vaults'],
    ['Microsoft.KeyVault/vaults/keys/read', ''],
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      'reads data of storage accounts',
    ],
    ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write', ''],
    [
      'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
      'reads data of storage accounts',
    ],
    [
      'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
      'reads data of storage accounts',
    ],
    ['Microsoft.Storage/storageAccounts/queueServices/queues/messages/read', ''],
  ])('%s, on data', (operation, able) => {
    expect(told({ ...NOTHING, dataActions: [operation] })).toBe(able);
    expect(told({ ...NOTHING, dataActions: [operation], notDataActions: [operation] })).toBe('');
  });
});

describe('built-in roles', () => {
  it('let their holders do', () => {
    const lines = BUILT_IN_ROLES.map(([id, role]) => `${id} ${role.name}: ${told(role) || 'nothing of it'}`);
    expect(lines.join('\n')).toMatchSnapshot();
  });

  it('are found by id, else by name', () => {
    const id =
      '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/8E3AF657-A8FF-443C-A75C-2FE8C4BCB635';
    expect(builtInRole(id, 'Reader')?.name).toBe('Owner');
    expect(builtInRole('/x/own', 'contributor')?.name).toBe('Contributor');
    expect(builtInRole(undefined, 'Reader')?.name).toBe('Reader');
    expect(builtInRole('constructor', undefined)).toBeUndefined();
    expect(builtInRole(undefined, 'Nobody')).toBeUndefined();
  });
});
