import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  GROUP,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  SUBSCRIPTION,
  vm,
} from '../../../test/support/azure-world.ts';
import { binding, gcp, iamPolicy } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  AZURE,
  account,
  asSa,
  assign,
  bucket,
  byDefault,
  DEFAULT,
  DEPLOYER,
  type Estate,
  entra,
  GCP,
  GCP_NETWORK,
  inner,
  machine,
  onProject,
  other,
  web,
} from './derive-paths.clouds.test-sample.ts';
import type { Credential } from './path-facts.ts';
import { credential } from './path-world.labs.test-sample.ts';
import { PULL_REQUEST } from './path-world.supply-labs.test-sample.ts';

const vault = azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'keys'), {
  publicNetworkAccess: 'Disabled',
  accessPolicies: [{ objectId: 'mi', permissions: { secrets: ['Get'] } }],
});
const closedVault = azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'keys'), {
  publicNetworkAccess: 'Disabled',
  accessPolicies: [{ objectId: 'other', permissions: { secrets: ['Get'] } }],
});
const LINUX = { storageProfile: { osDisk: { osType: 'Linux' } } };
/** A machine whose SSH is open, which asks for passwords or for keys. */
const asking = (disablePasswordAuthentication: boolean) =>
  vm({
    identity: { type: 'SystemAssigned', principalId: 'mi' },
    ...LINUX,
    osProfile: { linuxConfiguration: { disablePasswordAuthentication } },
  });
const openShell = (own: EstateResource): Estate => ({
  resources: [
    network(),
    nsg('open', rule(100, 'Allow', '22', 'Internet')),
    publicIp('Standard'),
    nic('open'),
    own,
    account,
    assign('mi', 'Storage Blob Data Reader', SUBSCRIPTION),
  ],
  flawed: own,
  isSound: true,
  sensitive: [account],
});
export const readsExports = assign('inner-mi', 'Storage Blob Data Reader', SUBSCRIPTION);

const directoryRole = (principalId: string, roleDefinitionId: string) =>
  entra('entra-role-assignment', `role-assignment/${principalId}-${roleDefinitionId}`, {
    principalId,
    roleDefinitionId,
    directoryScopeId: '/',
  });
export const permission = (principalId: string, appRoleId: string) =>
  entra('entra-role-assignment', `role-assignment/${principalId}-${appRoleId}`, { principalId, appRoleId });
export const MAIL = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';
const USER_READ = 'df021288-bdef-4463-88db-98f22de89214';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
export const SYNCHRONISES = 'd29b2b05-8046-44ba-8758-1e26182fcf32';
export const archiver = entra(
  'entra-service-principal',
  'archiver-sp',
  { appId: 'archiver-app' },
  'archiver',
);
export const leaked = (who: EstateResource): Credential => ({
  ...credential('public repository', who, { name: 'A secret' }),
  isLeaked: true,
});
export const consent = (scope: string, consentType: string) =>
  entra('entra-consent', 'consent/one', { clientId: 'archiver-sp', consentType, scope });
export const application = (subject: string, issuer = 'https://token.actions.githubusercontent.com') =>
  entra('entra-application', 'archiver-object', {
    appId: 'archiver-app',
    federatedIdentityCredentials: [{ name: 'main', issuer, subject }],
  });
const syncAccount = (server: string) =>
  entra('entra-user', 'sync', {}, `Sync_${server}_0123456789ab@acme.onmicrosoft.com`);
const chief = (onPremisesSyncEnabled: boolean) =>
  entra('entra-user', 'chief', { onPremisesSyncEnabled }, 'chief@acme.example');
export const syncServer = (server: string, isSynchronised: boolean): Estate => ({
  resources: [
    ...AZURE,
    syncAccount(server),
    directoryRole('sync', SYNCHRONISES),
    chief(isSynchronised),
    directoryRole('chief', GLOBAL_ADMINISTRATOR),
  ],
  flawed: machine,
});

/** Estates of Azure, Entra ID and Google Cloud, the paths that each has, and a hardened twin of it. */
const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci';

/** An account that everybody of a pool may become, and what the provider of the pool asks. */
export const federated = (facts: JsonObject, member = `principalSet:${POOL}/*`): Estate => ({
  resources: [
    ...GCP,
    gcp('gcp-identity-provider', `${POOL}/providers/github`, {
      state: 'ACTIVE',
      oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
      ...facts,
    }),
    iamPolicy(
      '//iam.googleapis.com/projects/p/serviceAccounts/2',
      binding('roles/iam.workloadIdentityUser', member),
    ),
    iamPolicy(
      '//storage.googleapis.com/exports',
      binding('roles/storage.objectViewer', `serviceAccount:${DEPLOYER}`),
    ),
  ],
  flawed: web,
  isSound: true,
  sensitive: [bucket],
});

export const CLOUD_LABS: Readonly<
  Record<string, { readonly estate: Estate; readonly expected: readonly string[]; readonly hardened: Estate }>
> = {
  'Azure: an identity that reads a storage account': {
    estate: {
      resources: [...AZURE, account, assign('mi', 'Storage Blob Data Reader', SUBSCRIPTION)],
      flawed: machine,
      sensitive: [account],
    },
    expected: ['workload-to-data: workload-role mi, reads-data exports'],
    hardened: {
      resources: [...AZURE, account, assign('mi', 'Reader', SUBSCRIPTION)],
      flawed: machine,
      sensitive: [account],
    },
  },
  'Azure: a machine that asks whoever comes for a password': {
    estate: openShell(asking(false)),
    expected: ['guessed-password-leads-on: workload-role mi, reads-data exports'],
    hardened: openShell(asking(true)),
  },
  'Entra: an application whose secret leaked reads all mail': {
    estate: {
      resources: [machine, archiver, permission('archiver-sp', MAIL)],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
    expected: ['legacy-app-consent: tenant-right entra:mailboxes'],
    hardened: {
      resources: [machine, archiver, permission('archiver-sp', USER_READ)],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
  },
  'Entra: an application whose secret leaked administers the tenant': {
    estate: {
      resources: [machine, archiver, directoryRole('archiver-sp', GLOBAL_ADMINISTRATOR)],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
    expected: ['legacy-app-consent: tenant-right account-admin:entra'],
    hardened: {
      resources: [
        machine,
        archiver,
        entra('entra-role-assignment', 'role-assignment/one', {
          principalId: 'archiver-sp',
          roleDefinitionId: GLOBAL_ADMINISTRATOR,
          directoryScopeId: '/administrativeUnits/one',
        }),
      ],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
  },
  'Entra: a consent for everybody reads files of whoever signs in': {
    estate: {
      resources: [machine, archiver, consent('User.Read Files.Read.All', 'AllPrincipals')],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
    expected: ['legacy-app-consent: tenant-right entra:files'],
    hardened: {
      resources: [machine, archiver, consent('User.Read Files.Read.All', 'Principal')],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    },
  },
  'Entra: an application that trusts a pipeline which strangers run': {
    estate: {
      resources: [
        machine,
        archiver,
        application('repo:Lab/Shop:ref:refs/heads/main'),
        permission('archiver-sp', MAIL),
      ],
      flawed: machine,
      isSound: true,
      pipelines: [PULL_REQUEST],
    },
    expected: ['legacy-app-consent: pipeline-role azure:entra:archiver-sp, tenant-right entra:mailboxes'],
    hardened: {
      resources: [
        machine,
        archiver,
        application('repo:Lab/Shopping:ref:refs/heads/main'),
        permission('archiver-sp', MAIL),
      ],
      flawed: machine,
      isSound: true,
      pipelines: [PULL_REQUEST],
    },
  },
  'Entra: a server that synchronises an administrator': {
    estate: syncServer('WEB', true),
    expected: ['directory-sync: found-credential azure:entra:sync, iam-escalation account-admin:entra'],
    hardened: syncServer('WEB', false),
  },
  'Azure: an access policy of a vault': {
    estate: {
      resources: [...AZURE, vault, assign('mi', 'Reader', SUBSCRIPTION)],
      flawed: machine,
      sensitive: [vault],
    },
    expected: ['workload-to-data: workload-role mi, reads-data keys'],
    hardened: {
      resources: [...AZURE, closedVault, assign('mi', 'Reader', SUBSCRIPTION)],
      flawed: machine,
      sensitive: [closedVault],
    },
  },
  'Azure: commands on a machine whose identity reads data': {
    estate: {
      resources: [
        ...AZURE,
        inner,
        account,
        assign('mi', 'Virtual Machine Contributor', armId('Microsoft.Compute/virtualMachines', 'inner')),
        readsExports,
      ],
      flawed: machine,
      sensitive: [account],
    },
    expected: [
      'workload-to-data: workload-role mi, instance-command inner, workload-role inner-mi, reads-data exports',
    ],
    hardened: {
      resources: [...AZURE, inner, account, assign('mi', 'Reader', SUBSCRIPTION), readsExports],
      flawed: machine,
      sensitive: [account],
    },
  },
  'Azure: an identity that owns the subscription': {
    estate: { resources: [...AZURE, assign('mi', 'Owner', SUBSCRIPTION)], flawed: machine },
    expected: ['workload-runs-as-admin: workload-role mi, administrator account-admin:azure:s'],
    hardened: {
      resources: [...AZURE, assign('mi', 'Reader', SUBSCRIPTION)],
      flawed: machine,
    },
  },
  'Azure: an identity that edits the whole subscription': {
    estate: { resources: [...AZURE, assign('mi', 'Contributor', SUBSCRIPTION)], flawed: machine },
    expected: ['workload-runs-as-admin: workload-role mi, administrator account-admin:azure:s'],
    hardened: { resources: [...AZURE, assign('mi', 'Contributor', GROUP)], flawed: machine },
  },
  'Azure: commands on any machine, of which one owns the subscription': {
    estate: {
      resources: [
        ...AZURE,
        inner,
        assign('mi', 'Virtual Machine Contributor', SUBSCRIPTION),
        assign('inner-mi', 'Owner', SUBSCRIPTION),
      ],
      flawed: machine,
    },
    expected: [
      'chain: workload-role mi, instance-command inner, workload-role inner-mi, administrator account-admin:azure:s',
    ],
    hardened: {
      resources: [
        ...AZURE,
        inner,
        assign('mi', 'Virtual Machine Contributor', SUBSCRIPTION),
        assign('inner-mi', 'Reader', SUBSCRIPTION),
      ],
      flawed: machine,
    },
  },
  'Google Cloud: a service account that reads a bucket': {
    estate: {
      resources: [...GCP, onProject(binding('roles/storage.objectViewer', asSa))],
      flawed: web,
      sensitive: [bucket],
    },
    expected: ['workload-to-data: workload-role 1, reads-data exports'],
    hardened: {
      resources: [...GCP, onProject(binding('roles/storage.objectCreator', asSa))],
      flawed: web,
      sensitive: [bucket],
    },
  },
  'Google Cloud: tokens of an account that reads a bucket': {
    estate: {
      resources: [
        ...GCP,
        iamPolicy(
          '//iam.googleapis.com/projects/p/serviceAccounts/2',
          binding('roles/iam.serviceAccountTokenCreator', asSa),
        ),
        iamPolicy(
          '//storage.googleapis.com/exports',
          binding('roles/storage.objectAdmin', `serviceAccount:${DEPLOYER}`),
        ),
      ],
      flawed: web,
      sensitive: [bucket],
    },
    expected: ['workload-to-data: workload-role 1, iam-escalation 2, reads-data exports'],
    hardened: {
      resources: [
        ...GCP,
        iamPolicy(
          '//storage.googleapis.com/exports',
          binding('roles/storage.objectAdmin', `serviceAccount:${DEPLOYER}`),
        ),
      ],
      flawed: web,
      sensitive: [bucket],
    },
  },
  'Google Cloud: a pool that takes tokens of anybody at GitHub': {
    estate: federated({}),
    expected: ['guest-role-to-data: iam-escalation 2, reads-data exports'],
    hardened: federated({ attributeCondition: "assertion.repository_owner == 'acme'" }),
  },
  'Google Cloud: an editor of the project': {
    estate: {
      resources: [...GCP.filter((each) => each !== other), onProject(binding('roles/editor', asSa))],
      flawed: web,
    },
    expected: ['workload-runs-as-admin: workload-role 1, administrator account-admin:gcp:p'],
    hardened: { resources: [...GCP, onProject(binding('roles/viewer', asSa))], flawed: web },
  },
  'Google Cloud: the default account of machines edits the project': {
    estate: {
      resources: [...GCP_NETWORK, byDefault, onProject(binding('roles/editor', `serviceAccount:${DEFAULT}`))],
      flawed: byDefault,
    },
    expected: [`default-compute-account: workload-role ${DEFAULT}, administrator account-admin:gcp:p`],
    hardened: {
      resources: [...GCP_NETWORK, byDefault, onProject(binding('roles/viewer', `serviceAccount:${DEFAULT}`))],
      flawed: byDefault,
    },
  },
  'Google Cloud: what it deploys runs as an account that owns the project': {
    estate: {
      resources: [
        ...GCP,
        onProject(
          binding('roles/compute.instanceAdmin', asSa),
          binding('roles/owner', `serviceAccount:${DEPLOYER}`),
        ),
        iamPolicy(
          '//iam.googleapis.com/projects/p/serviceAccounts/2',
          binding('roles/iam.serviceAccountUser', asSa),
        ),
      ],
      flawed: web,
    },
    expected: [
      'workload-escalates-to-admin: workload-role 1, iam-escalation 2, administrator account-admin:gcp:p',
    ],
    hardened: {
      resources: [
        ...GCP,
        onProject(
          binding('roles/compute.instanceAdmin', asSa),
          binding('roles/logging.logWriter', `serviceAccount:${DEPLOYER}`),
        ),
        iamPolicy(
          '//iam.googleapis.com/projects/p/serviceAccounts/2',
          binding('roles/iam.serviceAccountUser', asSa),
        ),
      ],
      flawed: web,
    },
  },
  'Google Cloud: builds run as the account of Cloud Build': {
    estate: {
      resources: [
        ...GCP,
        onProject(
          binding('roles/cloudbuild.builds.editor', asSa),
          binding('roles/editor', 'serviceAccount:1@cloudbuild.gserviceaccount.com'),
        ),
      ],
      flawed: web,
    },
    expected: [
      'workload-escalates-to-admin: workload-role 1, iam-escalation 1@cloudbuild.gserviceaccount.com, administrator account-admin:gcp:p',
    ],
    hardened: {
      resources: [
        ...GCP,
        onProject(
          binding('roles/logging.logWriter', asSa),
          binding('roles/editor', 'serviceAccount:1@cloudbuild.gserviceaccount.com'),
        ),
      ],
      flawed: web,
    },
  },
};
