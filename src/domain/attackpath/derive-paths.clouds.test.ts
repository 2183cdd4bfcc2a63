import { describe, expect, test } from 'vitest';
import { DAY_MS, instantText } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, SUBSCRIPTION } from '../../../test/support/azure-world.ts';
import { binding, gcp, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { withoutGates } from './attack-path.test-sample.ts';
import {
  AZURE,
  account,
  asSa,
  assign,
  type Estate,
  factsOf,
  GCP,
  machine,
  onProject,
  web,
} from './derive-paths.clouds.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import {
  application,
  archiver,
  CLOUD_LABS,
  consent,
  federated,
  leaked,
  MAIL,
  permission,
  readsExports,
  SYNCHRONISES,
  syncServer,
} from './path-world.cloud-labs.test-sample.ts';
import { PULL_REQUEST } from './path-world.supply-labs.test-sample.ts';

function told(facts: PathFacts): readonly string[] {
  return derivePaths(facts)
    .paths.flatMap(({ paths, shape }) =>
      paths.map(
        ({ steps }) =>
          `${shape}: ${steps
            .slice(
              ['leaked-credential', 'pipeline-flaw', 'open-trust'].includes(steps[0]?.rule ?? '') ? 1 : 2,
            )
            .map((step) => `${step.rule} ${step.to.asset.slice(step.to.asset.lastIndexOf('/') + 1)}`)
            .join(', ')}`,
      ),
    )
    .sort();
}

describe.each(Object.entries(CLOUD_LABS))('%s', (_name, { estate, expected, hardened }) => {
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

test.each<[string, JsonObject, string?]>([
  ['is off', { disabled: true }],
  ['was deleted', { state: 'DELETED' }],
  ['takes tokens of an issuer of its own', { oidc: { issuerUri: 'https://login.example.com' } }],
  [
    'takes tokens of one organisation at CircleCI',
    { oidc: { issuerUri: 'https://oidc.circleci.com/org/1' } },
  ],
  ['is one of AWS', { oidc: null, aws: { accountId: '111111111111' } }],
  [
    'is one of a pool of which one subject alone may become the account',
    {},
    'principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/subject/repo:acme/shop',
  ],
  [
    'is one of another pool',
    {},
    'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci-2/*',
  ],
])('a provider of identities of Google Cloud that %s lets no stranger in', (_why, more, member) => {
  expect(told(factsOf(federated(more, member)))).toEqual([]);
});

test.each(['https://gitlab.com', 'https://accounts.google.com/', 'https://app.terraform.io'])(
  'tokens of %s are got by strangers too',
  (issuerUri) => {
    expect(told(factsOf(federated({ oidc: { issuerUri } })))).toHaveLength(1);
  },
);

test('a pool is known by the id of its project too', () => {
  const { resources, ...more } = federated({});
  const project = gcp('gcp-project', PROJECT_NAME, { projectId: 'p', projectNumber: '1' });
  const named = resources.map((each) =>
    each.type === 'gcp-identity-provider'
      ? {
          ...each,
          facts: { ...each.facts, id: String(each.facts['id']).replace('projects/1', 'projects/p') },
        }
      : each,
  );
  expect(told(factsOf({ ...more, resources: named }))).toEqual([]);
  expect(told(factsOf({ ...more, resources: [...named, project] }))).toHaveLength(1);
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

test('an account that is reached is not told a second time as each of its containers', () => {
  const container = azure(
    'azure-blob-container',
    `${account.facts['id']}/blobServices/default/containers/invoices`,
  );
  const resources = [...AZURE, account, container, assign('mi', 'Storage Blob Data Reader', SUBSCRIPTION)];
  const targets = (...sensitive: readonly EstateResource[]) =>
    derivePaths(factsOf({ resources, flawed: machine, sensitive })).paths.map((path) => path.targets);
  expect(targets(account, container)).toEqual([[account.key]]);
  expect(targets(container)).toEqual([[container.key]]);
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
