import { describe, expect, test } from 'vitest';
import { DAY_MS, instantText } from '#base/instant.ts';
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
import { binding, iamPolicy } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { withoutGates } from './attack-path.test-sample.ts';
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
  factsOf,
  GCP,
  GCP_NETWORK,
  inner,
  machine,
  onProject,
  other,
  web,
} from './derive-paths.clouds.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { Credential, PathFacts } from './path-facts.ts';
import { credential } from './path-world.labs.test-sample.ts';
import { PULL_REQUEST } from './path-world.supply-labs.test-sample.ts';

function told(facts: PathFacts): readonly string[] {
  return derivePaths(facts)
    .paths.flatMap(({ paths, shape }) =>
      paths.map(
        ({ steps }) =>
          `${shape}: ${steps
            .slice(['leaked-credential', 'pipeline-flaw'].includes(steps[0]?.rule ?? '') ? 1 : 2)
            .map((step) => `${step.rule} ${step.to.asset.slice(step.to.asset.lastIndexOf('/') + 1)}`)
            .join(', ')}`,
      ),
    )
    .sort();
}

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
const readsExports = assign('inner-mi', 'Storage Blob Data Reader', SUBSCRIPTION);

const directoryRole = (principalId: string, roleDefinitionId: string) =>
  entra('entra-role-assignment', `role-assignment/${principalId}-${roleDefinitionId}`, {
    principalId,
    roleDefinitionId,
    directoryScopeId: '/',
  });
const permission = (principalId: string, appRoleId: string) =>
  entra('entra-role-assignment', `role-assignment/${principalId}-${appRoleId}`, { principalId, appRoleId });
const MAIL = 'e2a3a72e-5f79-4c64-b1b1-878b674786c9';
const USER_READ = 'df021288-bdef-4463-88db-98f22de89214';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const SYNCHRONISES = 'd29b2b05-8046-44ba-8758-1e26182fcf32';
const archiver = entra('entra-service-principal', 'archiver-sp', { appId: 'archiver-app' }, 'archiver');
const leaked = (who: EstateResource): Credential => ({
  ...credential('public repository', who, { name: 'A secret' }),
  isLeaked: true,
});
const consent = (scope: string, consentType: string) =>
  entra('entra-consent', 'consent/one', { clientId: 'archiver-sp', consentType, scope });
const application = (subject: string, issuer = 'https://token.actions.githubusercontent.com') =>
  entra('entra-application', 'archiver-object', {
    appId: 'archiver-app',
    federatedIdentityCredentials: [{ name: 'main', issuer, subject }],
  });
const syncAccount = (server: string) =>
  entra('entra-user', 'sync', {}, `Sync_${server}_0123456789ab@acme.onmicrosoft.com`);
const chief = (onPremisesSyncEnabled: boolean) =>
  entra('entra-user', 'chief', { onPremisesSyncEnabled }, 'chief@acme.example');
const syncServer = (server: string, isSynchronised: boolean): Estate => ({
  resources: [
    ...AZURE,
    syncAccount(server),
    directoryRole('sync', SYNCHRONISES),
    chief(isSynchronised),
    directoryRole('chief', GLOBAL_ADMINISTRATOR),
  ],
  flawed: machine,
});

const CASES: Readonly<
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

describe.each(Object.entries(CASES))('%s', (_name, { estate, expected, hardened }) => {
  const facts = factsOf(estate);

  test('has exactly these paths', () => {
    expect(told(facts)).toEqual(expected);
  });

  test('has none when any of its gates is closed', () => {
    const gates = derivePaths(facts).paths.flatMap(({ paths }) =>
      paths.flatMap(({ steps }) => steps.flatMap((step) => step.gates.map(({ id }) => id))),
    );
    expect(gates.length).toBeGreaterThanOrEqual(2);
    for (const gate of gates) expect(told(withoutGates(facts, [gate])), gate).toEqual([]);
  });

  test('has none where it is hardened', () => {
    expect(told(factsOf(hardened))).toEqual([]);
  });
});

test('what is joined by a name alone, and what waits for somebody to sign in, is less likely, and says so', () => {
  const [synchronises] = factsOf(syncServer('web', true)).steps.filter(
    ({ kind }) => kind === 'directory-sync',
  );
  expect(synchronises).toMatchObject({
    probability: 0.6,
    assumptions: [expect.stringMatching(/named after/)],
  });
  const waits = (consents: string) =>
    factsOf({
      resources: [machine, archiver, consent(consents, 'AllPrincipals')],
      flawed: machine,
      isSound: true,
      credentials: [leaked(archiver)],
    }).steps.filter(({ rule }) => rule === 'tenant-right');
  const [reads] = waits('Files.Read.All');
  expect(reads?.probability).toBeCloseTo(0.95 * 0.5);
  expect(reads?.assumptions).toHaveLength(1);
  expect(waits('User.Read')).toEqual([]);
});

test('a role of Google Cloud that is given until a time gives until then, by the clock of whoever asks', () => {
  const until = web.seenAt + DAY_MS;
  const condition = { expression: `request.time < timestamp("${instantText(until)}")` };
  const pathsAt = (now: number) =>
    told(
      factsOf({
        resources: [...GCP, onProject({ ...binding('roles/owner', asSa), condition })],
        flawed: web,
        now,
      }),
    );
  expect(pathsAt(until - 1)).toEqual([
    'workload-runs-as-admin: workload-role 1, administrator account-admin:gcp:p',
  ]);
  expect(pathsAt(until)).toEqual([]);
});

test('tokens of another issuer, and accounts that do not synchronise, lead nowhere', () => {
  const resources = [machine, archiver, permission('archiver-sp', MAIL)];
  const elsewhere = application('repo:Lab/Shop:ref:refs/heads/main', 'https://tokens.example.com');
  expect(
    told(
      factsOf({
        resources: [...resources, elsewhere],
        flawed: machine,
        isSound: true,
        pipelines: [PULL_REQUEST],
      }),
    ),
  ).toEqual([]);
  const named = syncServer('WEB', true);
  expect(
    told(
      factsOf({
        ...named,
        resources: named.resources.filter((each) => !each.key.endsWith(SYNCHRONISES)),
      }),
    ),
  ).toEqual([]);
});

test.each<[string, string, string, JsonObject]>([
  [
    'a runbook',
    'microsoft.automation/automationaccounts',
    'Microsoft.Automation/automationAccounts/runbooks/write',
    {},
  ],
  ['a Logic App', 'microsoft.logic/workflows', 'Microsoft.Logic/workflows/write', {}],
  [
    'a pipeline of Data Factory',
    'microsoft.datafactory/factories',
    'Microsoft.DataFactory/factories/pipelines/write',
    {},
  ],
  ['a key of a function', 'azure-function-app', 'Microsoft.Web/sites/host/listkeys/action', {}],
  ['a command', 'azure-vm', 'Microsoft.Compute/virtualMachines/runCommand/action', {}],
  ['an extension', 'azure-vm', 'Microsoft.Compute/virtualMachines/extensions/write', {}],
  [
    'a local administrator of AKS',
    'azure-aks-cluster',
    'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
    { disableLocalAccounts: false },
  ],
])(
  'whoever has the right to %s has the identity of what runs it (attack-paths §4.12)',
  (_what, type, operation, more) => {
    const runner = azure(type, armId('Microsoft.Example/runners', 'runner'), {
      identity: { type: 'SystemAssigned', principalId: 'inner-mi' },
      identityProfile: { kubeletidentity: { objectId: 'inner-mi' } },
      ...more,
    });
    const definition = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/runner`;
    const lab = (actions: readonly string[], over: EstateResource = runner): Estate => ({
      resources: [
        ...AZURE,
        over,
        account,
        readsExports,
        azure('azure-role-definition', definition, {
          roleName: 'Runner',
          permissions: [{ actions: [...actions] }],
        }),
        azure(
          'azure-role-assignment',
          `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/one`,
          {
            principalId: 'mi',
            roleDefinitionId: definition,
            scope: SUBSCRIPTION,
          },
        ),
      ],
      flawed: machine,
      sensitive: [account],
    });
    expect(told(factsOf(lab([operation])))).toContainEqual(
      'workload-to-data: workload-role mi, instance-command runner, workload-role inner-mi, reads-data exports',
    );
    expect(told(factsOf(lab([operation.replace(/\/[^/]+$/, '/read')])))).toEqual([]);
    if (type !== 'azure-aks-cluster') return;
    const closed = { ...runner, facts: { ...runner.facts, disableLocalAccounts: true } };
    expect(told(factsOf(lab([operation], closed)))).toEqual([]);
  },
);
