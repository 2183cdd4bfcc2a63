/** What a role of Azure allows: patterns of operations, and of operations on data. */
export interface AzureRole {
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  /** Whether it is one of the tenant's own, which whoever may rewrite roles can change. */
  readonly isCustom?: boolean;
  /** The operations that the condition of its assignment lets through; all without one. */
  readonly lets?: (operation: string) => boolean;
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

/** Operators of Cosmos accounts may do everything but reach data. */
const NO_COSMOS_KEYS = [
  'Microsoft.DocumentDB/databaseAccounts/readonlyKeys/*',
  'Microsoft.DocumentDB/databaseAccounts/regenerateKey/*',
  'Microsoft.DocumentDB/databaseAccounts/listKeys/*',
  'Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/*',
  'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/write',
];

/**
 * Built-in roles by the last part of their id, which is the same in every tenant: of the operations those that
 * privilege is judged by. A role that is not here has to be described (`az role definition list`). Ids and names were
 * held against Microsoft's own list (azure-docs, role-based-access-control/built-in-roles) on 2026-11-28, and so were the
 * operations of the privileged and identity roles and of those for virtual machines, SQL, Cosmos, Logic Apps, Automation,
 * monitoring, AKS and storage tables. The operations of the others are as Microsoft's pages describe the roles.
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
    'Microsoft.Insights/diagnosticSettings/*',
    'Microsoft.Storage/storageAccounts/listKeys/action',
  ]),
  'de139f84-1756-47ae-9be6-808fbbe84772': role('Website Contributor', ['Microsoft.Web/sites/*']),
  'f353d9bd-d4a6-484e-a77a-8050b599b867': role('Automation Contributor', [
    'Microsoft.Automation/automationAccounts/*',
    'Microsoft.Insights/diagnosticSettings/*',
  ]),
  '87a39d53-fc1b-424a-814c-f7e04687dc9e': role('Logic App Contributor', [
    'Microsoft.Logic/*',
    'Microsoft.Web/connections/*',
    'Microsoft.Storage/storageAccounts/listkeys/action',
    'Microsoft.Insights/diagnosticSettings/*',
  ]),
  'f1a07417-d97a-45cb-824c-7a7467783830': role('Managed Identity Operator', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
  ]),
  'e40ec5ca-96e0-45a2-b4ff-59039f2c2b59': role('Managed Identity Contributor', [
    'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    'Microsoft.ManagedIdentity/userAssignedIdentities/write',
    'Microsoft.ManagedIdentity/userAssignedIdentities/delete',
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
  '12338af0-0e69-4776-bea7-57ae8d297424': role(
    'Key Vault Crypto User',
    [],
    ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/decrypt/action'],
  ),
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': role(
    'Key Vault Crypto Service Encryption User',
    [],
    ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/unwrap/action'],
  ),
  'a4417e6f-fecd-4de8-b567-7b0420556985': role(
    'Key Vault Certificates Officer',
    [],
    ['Microsoft.KeyVault/vaults/certificates/*'],
  ),
  'c12c1c16-33a1-487b-954d-41c89c60f349': role('Reader and Data Access', [
    'Microsoft.Storage/storageAccounts/listKeys/action',
    'Microsoft.Storage/storageAccounts/read',
  ]),
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
  'fbdf93bf-df7d-467e-a4d2-9458aa1360c8': role('Cosmos DB Account Reader Role', [
    'Microsoft.DocumentDB/*/read',
    'Microsoft.DocumentDB/databaseAccounts/readonlykeys/action',
  ]),
  '230815da-be43-4aae-9cb4-875f7bd000aa': role(
    'Cosmos DB Operator',
    ['Microsoft.DocumentDb/databaseAccounts/*'],
    [],
    NO_COSMOS_KEYS,
  ),
  '9b7fa17d-e63e-47b0-bb0a-15c516ac86ec': role('SQL DB Contributor', ['Microsoft.Sql/servers/databases/*']),
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
  '3498e952-d568-435e-9b2c-8d77e338d7f7': role(
    'Azure Kubernetes Service RBAC Admin',
    [],
    ['Microsoft.ContainerService/managedClusters/*'],
  ),
  'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb': role(
    'Azure Kubernetes Service RBAC Writer',
    [],
    [
      'Microsoft.ContainerService/managedClusters/pods/*',
      'Microsoft.ContainerService/managedClusters/secrets/*',
    ],
  ),
  '7f6c6a51-bcf8-42ba-9220-52d62157d7db': role('Azure Kubernetes Service RBAC Reader'),
  '4abbcc35-e782-43d8-92c5-2d3f1bd2253f': role('Azure Kubernetes Service Cluster User Role', [
    'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
  ]),
  'c2f4ef07-c644-48eb-af81-4b1b4947fb11': role('AcrDelete'),
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
  '36243c78-bf99-498c-9df9-86d9f8d28608': role('Resource Policy Contributor', [
    '*/read',
    'Microsoft.Authorization/policyAssignments/*',
  ]),
  '673868aa-7521-48a0-acc6-0f60742d39f5': role('Data Factory Contributor', [
    'Microsoft.DataFactory/dataFactories/*',
    'Microsoft.DataFactory/factories/*',
  ]),
  '312a565d-c81f-4fd8-895a-4e21e48d571c': role('API Management Service Contributor', [
    'Microsoft.ApiManagement/service/*',
  ]),
  '19e7f393-937e-4f77-808e-94535e297925': role('Storage Queue Data Reader'),
  'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a': role('Storage Queue Data Message Sender'),
  '8a0f0c08-91a1-4084-bc3d-661d67233fed': role('Storage Queue Data Message Processor'),
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': role(
    'Storage Table Data Contributor',
    [],
    ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'],
  ),
  '76199698-9eea-4c19-bc75-cec21354c6b6': role(
    'Storage Table Data Reader',
    [],
    ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'],
  ),
  '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb': role(
    'Storage File Data SMB Share Contributor',
    [],
    ['Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read'],
  ),
  'aba4ae5f-2193-4029-9191-0cb91df5e314': role(
    'Storage File Data SMB Share Reader',
    [],
    ['Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read'],
  ),
  'f526a384-b230-433a-b45c-95f59c4a2dec': role('Azure Event Hubs Data Owner'),
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': role('Azure Event Hubs Data Receiver'),
  '2b629674-e913-4c01-ae53-ef4638d8f975': role('Azure Event Hubs Data Sender'),
  '090c5cfd-751d-490a-894a-3ce6f1109419': role('Azure Service Bus Data Owner'),
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': role('Azure Service Bus Data Receiver'),
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': role('Azure Service Bus Data Sender'),
  '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b': role('App Configuration Data Owner'),
  '516239f1-63e1-4d78-a4de-a74fb236a071': role('App Configuration Data Reader'),
  '8ebe5a00-799e-43f5-93ac-243d3dce84a7': role('Search Index Data Contributor'),
  '1407120a-92aa-4202-b7e9-c0e197c71c8f': role('Search Index Data Reader'),
  '2cc479cb-7b4d-49a8-b449-8c00fd0f0a4b': role('Web Plan Contributor'),
  'e0f68234-74aa-48ed-b826-c38b57376e17': role('Redis Cache Contributor'),
  'b12aa53e-6015-4669-85d0-8515ebb3ae7f': role('Private DNS Zone Contributor', [
    'Microsoft.Network/privateDnsZones/*',
  ]),
  'd3881f73-407a-4167-8283-e981cbba0404': role('Automation Operator'),
  '515c2055-d9d4-4321-b1b9-bd0c9a0f79fe': role('Logic App Operator'),
  'a795c7a0-d4a2-40c1-ae25-d81f01202912': role('Backup Reader'),
  '434105ed-43f6-45c7-a02f-909b2ba83430': role('Cost Management Contributor'),
  'cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e': role('Support Request Contributor'),
  'ac63b705-f282-497d-ac71-919bf39d939d': role('Management Group Reader'),
  '25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68': role('Cognitive Services Contributor'),
  '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd': role('Cognitive Services OpenAI User'),
  'a97b65f3-24c7-4388-baec-2e87135dc908': role('Cognitive Services User', [
    'Microsoft.CognitiveServices/*/read',
  ]),
};

/** All of them by id. */
export const BUILT_IN_ROLES: readonly (readonly [id: string, role: AzureRole])[] = Object.entries(BUILT_IN);

const BY_NAME: ReadonlyMap<string, AzureRole> = new Map(
  Object.values(BUILT_IN).map((each) => [each.name.toLowerCase(), each]),
);

/** A built-in role by its id, else by its name; undefined for one that has to be described. */
export function builtInRole(id: string | undefined, name: string | undefined): AzureRole | undefined {
  const last = (id ?? '').slice((id ?? '').lastIndexOf('/') + 1).toLowerCase();
  if (Object.hasOwn(BUILT_IN, last)) return BUILT_IN[last];
  return name === undefined ? undefined : BY_NAME.get(name.toLowerCase());
}

/**
 * Directory roles by their template, and application permissions of Microsoft Graph, with what follows from each. The
 * ids were held against public copies of Microsoft's lists on 2026-11-28.
 */
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
