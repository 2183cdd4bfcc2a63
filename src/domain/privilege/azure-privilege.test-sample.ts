import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, SUBSCRIPTION, vm } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAzureEstate } from '../risk/evaluate-azure-estate.ts';

/** Principals of a tenant with roles, for tests. */
export const ROLES = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Role Based Access Control Administrator': 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  'Key Vault Administrator': '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Network Contributor': '4d97b98b-1d4f-4787-a291-c67834d212e7',
  'Managed Identity Contributor': 'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59',
} as const;

export const cluster = (more: JsonObject = {}) =>
  azure('azure-aks-cluster', armId('Microsoft.ContainerService/managedClusters', 'c'), {
    identityProfile: { kubeletidentity: { objectId: 'MI' } },
    ...more,
  });

let count = 0;
export function assign(
  principalId: string,
  role: keyof typeof ROLES | string,
  scope: string,
  more: JsonObject = {},
): EstateResource {
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${count++}`;
  const definition = (ROLES as Record<string, string>)[role] ?? role;
  return azure('azure-role-assignment', id, {
    principalId,
    roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${definition}`,
    scope,
    ...more,
  });
}

/** A role that somebody may switch on. */
export function eligible(
  principalId: string,
  role: string,
  scope: string,
  more: JsonObject = {},
): EstateResource {
  return { ...assign(principalId, role, scope, more), type: 'azure-role-eligibility' };
}

export const own = (...actions: readonly string[]) =>
  azure('azure-role-definition', `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/own`, {
    roleName: 'own',
    roleType: 'CustomRole',
    permissions: [{ actions: [...actions], notActions: [], dataActions: [], notDataActions: [] }],
  });

export const user = (id: string) => azure('entra-user', `entra:${id}`, { id, displayName: id });
export const group = (id: string) => azure('entra-group', `entra:${id}`, { id, displayName: id });
export const member = (groupId: string, principalId: string) =>
  azure('entra-membership', `entra:${groupId}/member/${principalId}`, { groupId, principalId });
export const directory = (principalId: string, roleDefinitionId: string, more: JsonObject = {}) =>
  azure('entra-role-assignment', `entra:role-assignment/${principalId}${roleDefinitionId}`, {
    principalId,
    roleDefinitionId,
    directoryScopeId: '/',
    ...more,
  });
/** Somebody has a directory role, so directory roles were described. */
export const SOME_DIRECTORY = directory('somebody', 'ffffffff-0000-0000-0000-000000000000');
export const MACHINE = vm({ identity: { type: 'SystemAssigned', principalId: 'mi' } });
export const VAULT = azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'v'), {
  publicNetworkAccess: 'Disabled',
});
export const OTHER_VAULTS = ['a', 'b'].map((name) =>
  azure(
    'azure-key-vault',
    `${SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.KeyVault/vaults/${name}`,
  ),
);

/** `P0: why`, `none`, `unknown: what is missing`, of the last resource. */
export function privilegeIn(...resources: readonly EstateResource[]): string {
  const risks = evaluateAzureEstate(resources).get(resources.at(-1)?.key ?? '');
  const { level, reasons } = risks?.privilege ?? { level: 'no answer', reasons: [] };
  if (level === 'unknown') return `unknown: ${risks?.privilegedAccess.missing.join('; ')}`;
  return reasons.length === 0 ? level : `${level}: ${reasons.join('; ')}`;
}
