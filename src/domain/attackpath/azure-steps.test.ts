import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, GROUP, SUBSCRIPTION } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { EDITS_ALL } from './administrator.ts';
import { INTERNET, step } from './attack-path.test-sample.ts';
import { azureSteps } from './azure-steps.ts';
import { AZURE, account, assign, machine } from './derive-paths.clouds.test-sample.ts';
import type { Capability } from './state.ts';

/** What an outsider does who holds this of the machine. */
function found(
  resources: readonly EstateResource[],
  wanted: readonly EstateResource[] = [],
  capability: Capability = 'exec',
) {
  const to = { asset: machine.key, family: 'workload', capability } as const;
  return azureSteps({
    resources: [...AZURE, ...resources],
    given: [step('public-endpoint', INTERNET, to)],
    wanted: new Set(wanted.map(({ key }) => key)),
  });
}

const stepsOf = (...of: Parameters<typeof found>) => found(...of).steps;

const told = (...of: Parameters<typeof stepsOf>) =>
  stepsOf(...of).map(({ rule, to }) => `${rule} ${to.asset.slice(to.asset.lastIndexOf('/') + 1)}`);

/** A role of these operations, given to the identity of the machine over the subscription. */
const given = (name: string, ...actions: readonly string[]) => {
  const id = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${name}`;
  return [
    azure('azure-role-definition', id, { roleName: name, permissions: [{ actions: [...actions] }] }),
    azure(
      'azure-role-assignment',
      `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      { principalId: 'mi', roleDefinitionId: id, scope: SUBSCRIPTION },
    ),
  ];
};

test.each<[Capability, readonly string[]]>([
  ['exec', ['workload-role mi']],
  ['root', ['workload-role mi']],
  ['ssrf', []],
  ['reach', []],
])('whoever has %s of a machine gets tokens of its identity: %j', (capability, expected) => {
  expect(told([], [], capability)).toEqual(expected);
});

test.each<[type: string, rest: string, off: string, keys: string, more: string]>([
  [
    'azure-redis',
    'Microsoft.Cache/redis',
    'disableAccessKeyAuthentication',
    'Microsoft.Cache/redis/listKeys/action',
    'Microsoft.Cache/redis/write',
  ],
  [
    'azure-app-configuration',
    'Microsoft.AppConfiguration/configurationStores',
    'disableLocalAuth',
    'Microsoft.AppConfiguration/configurationStores/ListKeys/action',
    'Microsoft.AppConfiguration/configurationStores/write',
  ],
])('keys of %s are read by whoever may list them, unless it takes none', (type, rest, off, keys, more) => {
  const store = (facts: JsonObject) => azure(type, armId(rest, 'shop'), facts);
  const reads = (facts: JsonObject, ...actions: readonly string[]) =>
    told([store(facts), ...given('keys', ...actions)], [store(facts)]);
  expect(reads({}, keys)).toEqual(['workload-role mi', 'reads-data shop']);
  expect(reads({ [off]: false }, keys)).toEqual(['workload-role mi', 'reads-data shop']);
  expect(reads({ [off]: true }, keys)).toEqual(['workload-role mi']);
  // Whoever may change it turns keys on again.
  expect(reads({ [off]: true }, keys, more)).toEqual(['workload-role mi', 'reads-data shop']);
  expect(reads({}, 'Microsoft.Compute/disks/read')).toEqual(['workload-role mi']);
});

test.each([
  ['azure-managed-redis', 'Microsoft.Cache/redisEnterprise', 'databases/listKeys/action'],
  ['azure-sql-managed-instance', 'Microsoft.Sql/managedInstances', 'administrators/write'],
])('a %s is read by whoever has the right to it', (type, rest, action) => {
  const store = azure(type, armId(rest, 'shop'), {});
  expect(told([store, ...given('reader', `${rest}/${action}`)], [store])).toEqual([
    'workload-role mi',
    'reads-data shop',
  ]);
});

test('a role that reads storage reads what is wanted of it, accounts and containers, and nothing else', () => {
  const container = azure(
    'azure-blob-container',
    `${account.key.slice('azure:'.length)}/containers/customers`,
  );
  const resources = [account, container, assign('mi', 'Storage Blob Data Reader', SUBSCRIPTION)];
  expect(told(resources, [account, container])).toEqual([
    'workload-role mi',
    'reads-data exports',
    'reads-data customers',
  ]);
  expect(told(resources, [container])).toEqual(['workload-role mi', 'reads-data customers']);
  expect(told(resources)).toEqual(['workload-role mi']);
});

test('a role over one resource group reads nothing of another', () => {
  const over = (scope: string) => told([account, assign('mi', 'Storage Blob Data Reader', scope)], [account]);
  expect(over(GROUP)).toContain('reads-data exports');
  expect(over(`${SUBSCRIPTION}/resourceGroups/other`)).not.toContain('reads-data exports');
});

describe('another identity is taken', () => {
  const identity = azure(
    'azure-managed-identity',
    armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'deployer'),
    { principalId: 'deployer-mi' },
  );
  const FEDERATE = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write';
  const ASSIGN = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
  const CLUSTER = 'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action';
  const RUN = 'Microsoft.Compute/virtualMachines/runCommand/action';
  test.each<[string, readonly EstateResource[], boolean]>([
    ['by a federation of one’s own', given('federate', FEDERATE), true],
    ['by putting it onto what one runs code on', given('both', ASSIGN, RUN), true],
    ['by two roles together', [...given('assign', ASSIGN), ...given('run', RUN)], true],
    ['by putting it somewhere alone', given('assign', ASSIGN), false],
    ['by putting it somewhere and running code in clusters', given('cluster', ASSIGN, CLUSTER), false],
    ['by running code alone', given('run', RUN), false],
  ])('%s: %s', (_how, roles, expected) => {
    expect(told([identity, ...roles]).includes('iam-escalation deployer')).toBe(expected);
  });
});

test('of more identities or machines than enough the first are taken, the others counted', () => {
  const many = (type: string, of: string, count: number) =>
    Array.from({ length: count }, (_, at) =>
      azure(type, armId(of, `other-${at}`), {
        principalId: `p-${at}`,
        identity: { type: 'SystemAssigned', principalId: `p-${at}` },
      }),
    );
  const identities = many('azure-managed-identity', 'Microsoft.ManagedIdentity/userAssignedIdentities', 66);
  const FEDERATE = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write';
  expect(found([...identities, ...given('federate', FEDERATE)]).leftOut).toBe(2);
  expect(found([...identities.slice(2), ...given('federate', FEDERATE)]).leftOut).toBe(0);
  const machines = many('azure-vm', 'Microsoft.Compute/virtualMachines', 70);
  const run = found([...machines, ...given('run', 'Microsoft.Compute/virtualMachines/runCommand/action')]);
  // The machine that it is on is one of them.
  expect(run.leftOut).toBe(7);
  expect(run.steps.filter(({ rule }) => rule === 'instance-command')).toHaveLength(64);
});

test('access policies of a vault count where the vault goes by them', () => {
  const vault = (enableRbacAuthorization: boolean) =>
    azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'keys'), {
      enableRbacAuthorization,
      accessPolicies: [{ objectId: 'mi', permissions: { secrets: ['Get'] } }],
    });
  const reads = (enabled: boolean) => told([vault(enabled)], [vault(enabled)]);
  expect(reads(false)).toEqual(['workload-role mi', 'reads-data keys']);
  expect(reads(true)).toEqual(['workload-role mi']);
});

test.each([
  ['Owner', []],
  ['Contributor', [EDITS_ALL]],
] as const)(
  '%s of a subscription administers it, and says what that takes for granted: %j',
  (role, expected) => {
    const [admin] = stepsOf([assign('mi', role, SUBSCRIPTION)]).filter(
      ({ rule }) => rule === 'administrator',
    );
    expect(admin?.assumptions).toEqual(expected);
  },
);
