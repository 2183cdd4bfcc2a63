/** What a role of Azure allows: patterns of operations, and of operations on data. */
export interface AzureRole {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

function role(
  name: string,
  actions: readonly string[] = [],
  dataActions: readonly string[] = [],
  notActions: readonly string[] = [],
): AzureRole {
  return { name, actions, dataActions, notActions, notDataActions: [] };
}

/** Contributor may do everything but say who may do what. */
const NO_GRANTS = [
  'Microsoft.Authorization/*/Delete',
  'Microsoft.Authorization/*/Write',
  'Microsoft.Authorization/elevateAccess/Action',
];

/**
 * Built-in roles by the last part of their id, which is the same in every tenant: of the operations those that
 * privilege is judged by. A role that is not here has to be described (`az role definition list`).
 */
const BUILT_IN: Readonly<Record<string, AzureRole>> = {
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': role('Owner', ['*']),
  'b24988ac-6180-42a0-ab88-20f7382dd24c': role('Contributor', ['*'], [], NO_GRANTS),
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': role('Reader', ['*/read']),
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': role('User Access Administrator', [
    '*/read',
    'Microsoft.Authorization/*',
  ]),
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': role('Role Based Access Control Administrator', [
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleAssignments/delete',
    '*/read',
  ]),
  '9980e02c-c2be-4d73-94e8-173b1dc7cf3c': role('Virtual Machine Contributor', [
    'Microsoft.Compute/virtualMachines/*',
    'Microsoft.Compute/virtualMachineScaleSets/*',
    'Microsoft.Storage/storageAccounts/listKeys/action',
  ]),
  '1c0163c0-47e6-4577-8991-ea5c82e286e4': role(
    'Virtual Machine Administrator Login',
    [],
    [
      'Microsoft.Compute/virtualMachines/login/action',
      'Microsoft.Compute/virtualMachines/loginAsAdmin/action',
    ],
  ),
  'fb879df8-f326-4884-b1cf-06f3ad86be52': role(
    'Virtual Machine User Login',
    [],
    ['Microsoft.Compute/virtualMachines/login/action'],
  ),
  '92aaf0da-9dab-42b6-94a3-d43ce8d16293': role('Log Analytics Contributor', [
    '*/read',
    'Microsoft.Compute/virtualMachines/extensions/*',
    'Microsoft.Storage/storageAccounts/listKeys/action',
  ]),
  'de139f84-1756-47ae-9be6-808fbbe84772': role('Website Contributor', ['Microsoft.Web/sites/*']),
  'f353d9bd-d4a6-484e-a77a-8050b599b867': role('Automation Contributor', [
    'Microsoft.Automation/automationAccounts/*',
  ]),
  '87a39d53-fc1b-424a-814c-f7e04687dc9e': role('Logic App Contributor', [
    'Microsoft.Logic/*',
    'Microsoft.Web/connections/*',
  ]),
  'f1a07417-d97a-45cb-824c-7a7467783830': role('Managed Identity Operator', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
  ]),
  'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59': role('Managed Identity Contributor', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/write',
    'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
  ]),
  '00482a5a-887f-4fb3-b363-3b7fe8e74483': role(
    'Key Vault Administrator',
    ['Microsoft.KeyVault/vaults/read'],
    ['Microsoft.KeyVault/vaults/*'],
  ),
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': role(
    'Key Vault Secrets Officer',
    [],
    ['Microsoft.KeyVault/vaults/secrets/*'],
  ),
  '4633458b-17de-408a-b874-0445c86b69e6': role(
    'Key Vault Secrets User',
    [],
    ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
  ),
  '14b46e9e-c2b7-41b4-b07b-48a6ebf60603': role(
    'Key Vault Crypto Officer',
    [],
    ['Microsoft.KeyVault/vaults/keys/*'],
  ),
  'f25e0fa2-a7c8-4377-a976-54943a77a395': role('Key Vault Contributor', ['Microsoft.KeyVault/*']),
  '21090545-7ca7-4776-b22c-e363652d74d2': role('Key Vault Reader', ['Microsoft.KeyVault/vaults/*/read']),
  '17d1049b-9a84-46fb-8f53-869881c3d3ab': role('Storage Account Contributor', [
    'Microsoft.Storage/storageAccounts/*',
  ]),
  '81a9662b-bebf-436f-a333-f67b29880f12': role('Storage Account Key Operator Service Role', [
    'Microsoft.Storage/storageAccounts/listkeys/action',
  ]),
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': role(
    'Storage Blob Data Owner',
    [],
    ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'],
  ),
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': role(
    'Storage Blob Data Contributor',
    [],
    [
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
    ],
  ),
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': role(
    'Storage Blob Data Reader',
    [],
    ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  ),
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': role('Storage Queue Data Contributor'),
  '5bd9cd88-fe45-4216-938b-f97437e15450': role('DocumentDB Account Contributor', [
    'Microsoft.DocumentDb/databaseAccounts/*',
  ]),
  '6d8ee4ec-f05a-4a1d-8b00-a9b17e38b437': role('SQL Server Contributor', ['Microsoft.Sql/servers/*']),
  '4d97b98b-1d4f-4787-a291-c67834d212e7': role('Network Contributor', ['Microsoft.Network/*']),
  'fb1c8493-542b-48eb-b624-b4c8fea62acd': role('Security Admin', [
    'Microsoft.Security/*',
    'Microsoft.Authorization/policyAssignments/*',
  ]),
  '39bc4728-0917-49c7-9d2c-d95423bc2eb4': role('Security Reader', ['*/read']),
  '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8': role('Azure Kubernetes Service Cluster Admin Role', [
    'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
  ]),
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b': role(
    'Azure Kubernetes Service RBAC Cluster Admin',
    [],
    ['Microsoft.ContainerService/managedClusters/*'],
  ),
  'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8': role('Azure Kubernetes Service Contributor Role', [
    'Microsoft.ContainerService/managedClusters/write',
  ]),
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': role('AcrPull', [
    'Microsoft.ContainerRegistry/registries/pull/read',
  ]),
  '8311e382-0749-4cb8-b61a-304f252e45ec': role('AcrPush', [
    'Microsoft.ContainerRegistry/registries/push/write',
  ]),
  '43d0d8ad-25c7-4714-9337-8ba259a9fe05': role('Monitoring Reader', ['*/read']),
  '749f88d5-cbae-40b8-bcfc-e573ddc772fa': role('Monitoring Contributor', ['*/read', 'Microsoft.Insights/*']),
  '3913510d-42f4-4e42-8a64-420c390055eb': role('Monitoring Metrics Publisher'),
  '73c42c96-874c-492b-b04d-ab87d138a893': role('Log Analytics Reader', ['*/read']),
  'befefa01-2a29-4197-83a8-272ff33ce314': role('DNS Zone Contributor', ['Microsoft.Network/dnsZones/*']),
  '72fafb9e-0641-4937-9268-a91bfd8191a3': role('Cost Management Reader', ['Microsoft.Billing/*/read']),
  'fa23ad8b-c56e-40d8-ac0c-ce449e1d2c64': role('Billing Reader', ['Microsoft.Billing/*/read']),
  '4a9ae827-6dc8-4573-8ac7-8239d42aa03f': role('Tag Contributor', ['Microsoft.Resources/tags/*']),
  'a97b65f3-24c7-4388-baec-2e87135dc908': role('Cognitive Services User', [
    'Microsoft.CognitiveServices/*/read',
  ]),
};

const BY_NAME: ReadonlyMap<string, AzureRole> = new Map(
  Object.values(BUILT_IN).map((each) => [each.name.toLowerCase(), each]),
);

/** A built-in role by its id, else by its name; undefined for one that has to be described. */
export function builtInRole(id: string | undefined, name: string | undefined): AzureRole | undefined {
  const last = (id ?? '').slice((id ?? '').lastIndexOf('/') + 1).toLowerCase();
  if (Object.hasOwn(BUILT_IN, last)) return BUILT_IN[last];
  return name === undefined ? undefined : BY_NAME.get(name.toLowerCase());
}

/** Directory roles by their template, and application permissions of Microsoft Graph, with what follows from each. */
export const ENTRA_ROLES: Readonly<
  Record<string, { readonly level: 'P0' | 'P1' | 'P2'; readonly reason: string }>
> = {
  '62e90394-69f5-4237-9190-012177145e10': { level: 'P0', reason: 'is Global Administrator of the tenant' },
  'e8611ab8-c189-46e8-94e1-60213ab1f814': {
    level: 'P1',
    reason: 'is Privileged Role Administrator and may make itself Global Administrator',
  },
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': {
    level: 'P2',
    reason: 'is Privileged Authentication Administrator and may take over any administrator',
  },
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': {
    level: 'P2',
    reason: 'is Application Administrator and may add credentials to privileged applications',
  },
  '158c047a-c907-4556-b7ef-446551a6b5f7': {
    level: 'P2',
    reason: 'is Cloud Application Administrator and may add credentials to privileged applications',
  },
  'e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8': {
    level: 'P2',
    reason: 'has Partner Tier2 Support and may reset the password of any administrator',
  },
  '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8': {
    level: 'P1',
    reason: 'has RoleManagement.ReadWrite.Directory and may make itself Global Administrator',
  },
  '06b708a9-e830-4db3-a914-8e69da51d44f': {
    level: 'P2',
    reason: 'has AppRoleAssignment.ReadWrite.All and may give itself every permission',
  },
  '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9': {
    level: 'P2',
    reason: 'has Application.ReadWrite.All and may add credentials to privileged applications',
  },
};
