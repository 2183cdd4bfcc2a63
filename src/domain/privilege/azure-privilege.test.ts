import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, GROUP, SUBSCRIPTION, vm } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAzureEstate } from '../risk/evaluate-azure-estate.ts';
import {
  assign,
  cluster,
  directory,
  group,
  MACHINE,
  member,
  OTHER_VAULTS,
  privilegeIn,
  ROLES,
  SOME_DIRECTORY,
  user,
  VAULT,
} from './azure-privilege.test-sample.ts';
import { ENTRA_ROLES } from './azure-roles.ts';

/** As the portal writes conditions: they narrow one operation. */
const only = (expression: string) =>
  `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (${expression}))`;
const GIVEN = '@Request[Microsoft.Authorization/roleAssignments:';
const BLOBS_UNDER = (expression: string) =>
  `((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'} AND NOT SubOperationMatches{'Blob.List'})) OR (${expression}))`;

describe('a principal', () => {
  it.each<[string, string, readonly EstateResource[]]>([
    [
      'with Owner of the subscription',
      'P0: has Owner over subscription s',
      [assign('u', 'Owner', SUBSCRIPTION)],
    ],
    [
      'with Owner of a management group',
      'P0: has Owner over management group root',
      [assign('u', 'Owner', '/providers/Microsoft.Management/managementGroups/root')],
    ],
    ['with Owner of everything', 'P0: has Owner over the whole tenant', [assign('u', 'Owner', '/')]],
    [
      'with User Access Administrator',
      'P1: has User Access Administrator over subscription s and may give itself every role there',
      [assign('u', 'User Access Administrator', SUBSCRIPTION)],
    ],
    ...(
      [
        [
          'to some that are nothing',
          'P4: has %s over subscription s, under a condition',
          only(`${GIVEN}RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${ROLES.Reader}}`),
        ],
        [
          'among them one that gives out roles',
          'P1: has %s over subscription s, under a condition that lets it give itself Owner',
          only(`${GIVEN}RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${ROLES.Reader}, ${ROLES.Owner}}`),
        ],
        [
          'to all but those that give out roles',
          'P2: has %s over subscription s, under a condition that lets it give itself Contributor',
          only(
            `${GIVEN}RoleDefinitionId] ForAnyOfAllValues:GuidNotEquals {${ROLES.Owner}, ${ROLES['User Access Administrator']}, ${ROLES['Role Based Access Control Administrator']}}`,
          ),
        ],
        [
          'to one that reads data',
          'P3: has %s over subscription s, under a condition that lets it give itself Key Vault Administrator',
          only(`${GIVEN}RoleDefinitionId] GuidEquals ${ROLES['Key Vault Administrator']}`),
        ],
        [
          'to somebody else',
          'P4: has %s over subscription s, under a condition',
          only(`${GIVEN}PrincipalId] ForAnyOfAnyValues:GuidEquals {v, w}`),
        ],
        [
          'to itself too',
          'P1: has %s over subscription s, under a condition that lets it give itself Owner',
          only(`${GIVEN}PrincipalId] ForAnyOfAnyValues:GuidEquals {v, u}`),
        ],
        [
          'to machines',
          'P4: has %s over subscription s, under a condition',
          only(`${GIVEN}PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}`),
        ],
        [
          'to people',
          'P1: has %s over subscription s, under a condition that lets it give itself Owner',
          only(`${GIVEN}PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'user', 'Group'}`),
        ],
        [
          'for what is not about that',
          'P1: has %s over subscription s and may give itself every role there',
          "!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'}) OR x",
        ],
        [
          'that nobody can tell',
          'unknown: whether the condition of %s over subscription s holds (x OR ( y ))',
          'x OR\n ( y )',
        ],
      ] as const
    ).map(([title, privilege, condition]): [string, string, readonly EstateResource[]] => [
      `who gives roles out under a condition, ${title}`,
      privilege.replace('%s', 'Role Based Access Control Administrator'),
      [
        assign('u', 'Role Based Access Control Administrator', SUBSCRIPTION, {
          condition,
          principalType: 'User',
        }),
      ],
    ]),
    [
      'who gives roles of a group out under a condition',
      'P4: has Role Based Access Control Administrator over resource group g, under a condition',
      [
        assign('u', 'Role Based Access Control Administrator', GROUP, {
          condition: only(`${GIVEN}RoleDefinitionId] GuidEquals ${ROLES.Owner}`),
        }),
      ],
    ],
    [
      'to whom a condition leaves all but the giving of roles',
      "P2: has Owner over subscription s and may run commands as its machines' identities",
      [
        assign('u', 'Owner', SUBSCRIPTION, {
          condition: only(`${GIVEN}RoleDefinitionId] GuidEquals ${ROLES.Reader}`),
        }),
      ],
    ],
    [
      'whose condition is about other data',
      'P0: has Owner over subscription s',
      [assign('u', 'Owner', SUBSCRIPTION, { condition: BLOBS_UNDER('@Resource[x] StringEquals 1') })],
    ],
    [
      'who reads blobs under a condition that nobody can tell',
      `unknown: whether the condition of Storage Blob Data Reader over subscription s holds (${BLOBS_UNDER('x')})`,
      [assign('u', 'Storage Blob Data Reader', SUBSCRIPTION, { condition: BLOBS_UNDER('x') })],
    ],
    [
      'who reads blobs of one account of three under such a condition',
      'none',
      [
        ...['a', 'b', 'c'].map((name) =>
          azure('azure-storage-account', armId('Microsoft.Storage/storageAccounts', name)),
        ),
        assign('u', 'Storage Blob Data Reader', armId('Microsoft.Storage/storageAccounts', 'a'), {
          condition: BLOBS_UNDER('x'),
        }),
      ],
    ],
    [
      'who lists blobs under a condition that keeps from reading',
      'none',
      [
        assign('u', 'Storage Blob Data Reader', SUBSCRIPTION, {
          condition: "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*'})",
        }),
      ],
    ],
    [
      'who may run code on a machine of an owner under a condition that nobody can tell',
      'unknown: whether the condition of Virtual Machine Contributor over resource group g holds (x)',
      [
        MACHINE,
        assign('mi', 'Owner', SUBSCRIPTION),
        assign('u', 'Virtual Machine Contributor', GROUP, { condition: 'x' }),
      ],
    ],
    [
      'who may run code on machines under a condition that nobody can tell',
      'unknown: whether the condition of Virtual Machine Contributor over subscription s holds (x)',
      [assign('u', 'Virtual Machine Contributor', SUBSCRIPTION, { condition: 'x' })],
    ],
    [
      'who may run code on no machine under a condition that nobody can tell',
      'none',
      [assign('u', 'Virtual Machine Contributor', GROUP, { condition: 'x' })],
    ],
    [
      'who manages logic apps, and reads storage accounts by their keys',
      'P3: may read data of storage accounts (Logic App Contributor over subscription s)',
      [assign('u', '87a39d53-fc1b-424a-814c-f7e04687dc9e', SUBSCRIPTION)],
    ],
    [
      'who unwraps with all keys',
      'P3: may read secrets and keys of vaults (Key Vault Crypto Service Encryption User over subscription s)',
      [assign('u', 'e147488a-f6f5-4113-8e2d-b22465e65bf6', SUBSCRIPTION)],
    ],
    ...['sqlRoleAssignments/write', 'listConnectionStrings/action'].map(
      (operation): [string, string, readonly EstateResource[]] => [
        `who lets itself read Cosmos accounts (${operation})`,
        'P3: may read data of Cosmos accounts (Boss over subscription s)',
        [
          azure(
            'azure-role-definition',
            `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/boss`,
            {
              roleName: 'Boss',
              permissions: [{ actions: [`Microsoft.DocumentDB/databaseAccounts/${operation}`] }],
            },
          ),
          assign('u', 'boss', SUBSCRIPTION),
        ],
      ],
    ),
    [
      'who gives roles out',
      'P1: has Role Based Access Control Administrator over subscription s and may give itself every role there',
      [assign('u', 'Role Based Access Control Administrator', SUBSCRIPTION)],
    ],
    ['with Reader', 'none', [assign('u', 'Reader', SUBSCRIPTION)]],
    ['with nothing', 'none', [assign('other', 'Owner', SUBSCRIPTION)]],
    [
      'with Contributor of an empty resource group',
      'P4: has Contributor over resource group g',
      [assign('u', 'Contributor', GROUP)],
    ],
    [
      'who may run code on a machine of an owner',
      'P2: may run code on web (Virtual Machine Contributor over resource group g), whose identity is P0',
      [MACHINE, assign('mi', 'Owner', SUBSCRIPTION), assign('u', 'Virtual Machine Contributor', GROUP)],
    ],
    [
      'who may run code on a machine of nobody',
      'none',
      [MACHINE, assign('mi', 'Reader', SUBSCRIPTION), assign('u', 'Virtual Machine Contributor', GROUP)],
    ],
    [
      'who may run code on a machine that reads all vaults',
      'P3: may run code on web (Virtual Machine Contributor over resource group g), whose identity is P3',
      [
        MACHINE,
        VAULT,
        assign('mi', 'Key Vault Administrator', SUBSCRIPTION),
        assign('u', 'Virtual Machine Contributor', GROUP),
      ],
    ],
    [
      'who may federate with the identity of an owner',
      'P2: may act as identity id (Managed Identity Contributor over resource group g), which is P0',
      [
        azure('azure-managed-identity', armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id'), {
          principalId: 'mi',
        }),
        assign('mi', 'Owner', SUBSCRIPTION),
        assign('u', 'Managed Identity Contributor', GROUP),
      ],
    ],
    [
      'who reads secrets everywhere',
      'P3: may read secrets and keys of vaults (Key Vault Administrator over subscription s)',
      [VAULT, assign('u', 'Key Vault Administrator', SUBSCRIPTION)],
    ],
    [
      'who reads the one vault that there is',
      'P3: may read secrets and keys of vaults (Key Vault Administrator over v)',
      [VAULT, assign('u', 'Key Vault Administrator', armId('Microsoft.KeyVault/vaults', 'v'))],
    ],
    [
      'who reads one vault of three',
      'none',
      [
        VAULT,
        ...OTHER_VAULTS,
        assign('u', 'Key Vault Administrator', armId('Microsoft.KeyVault/vaults', 'v')),
      ],
    ],
    [
      'who reads all blobs',
      'P3: may read data of storage accounts (Storage Blob Data Reader over subscription s)',
      [assign('u', 'Storage Blob Data Reader', SUBSCRIPTION)],
    ],
    ...[
      ['3498e952-d568-435e-9b2c-8d77e338d7f7', 'Azure Kubernetes Service RBAC Admin'],
      ['a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb', 'Azure Kubernetes Service RBAC Writer'],
      ['b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b', 'Azure Kubernetes Service RBAC Cluster Admin'],
    ].map(([id = '', name]): [string, string, readonly EstateResource[]] => [
      `who may run pods in a cluster (${name})`,
      `P2: may run code on c (${name} over resource group g), whose identity is P0`,
      [cluster(), assign('mi', 'Owner', SUBSCRIPTION), assign('u', id, GROUP)],
    ]),
    [
      'who may write pipelines of a data factory',
      'P2: may run code on f (Data Factory Contributor over resource group g), whose identity is P0',
      [
        azure('microsoft.datafactory/factories', armId('Microsoft.DataFactory/factories', 'f'), {
          identity: { principalId: 'mi' },
        }),
        assign('mi', 'Owner', SUBSCRIPTION),
        assign('u', '673868aa-7521-48a0-acc6-0f60742d39f5', GROUP),
      ],
    ],
    [
      'who may only list pods',
      'none',
      [
        cluster(),
        assign('mi', 'Owner', SUBSCRIPTION),
        assign('u', '7f6c6a51-bcf8-42ba-9220-52d62157d7db', GROUP),
      ],
    ],
    [
      'who reads Cosmos accounts by their keys for reading',
      'P3: may read data of Cosmos accounts (Cosmos DB Account Reader Role over subscription s)',
      [assign('u', 'fbdf93bf-df7d-467e-a4d2-9458aa1360c8', SUBSCRIPTION)],
    ],
    [
      'who operates Cosmos accounts without their keys',
      'none',
      [assign('u', '230815da-be43-4aae-9cb4-875f7bd000aa', SUBSCRIPTION)],
    ],
    [
      'who decrypts with all keys',
      'P3: may read secrets and keys of vaults (Key Vault Crypto User over subscription s)',
      [assign('u', '12338af0-0e69-4776-bea7-57ae8d297424', SUBSCRIPTION)],
    ],
    [
      'who reads storage accounts by their keys',
      'P3: may read data of storage accounts (Reader and Data Access over subscription s)',
      [assign('u', 'c12c1c16-33a1-487b-954d-41c89c60f349', SUBSCRIPTION)],
    ],
    [
      'who rules policies',
      'P4: has Resource Policy Contributor over subscription s',
      [assign('u', '36243c78-bf99-498c-9df9-86d9f8d28608', SUBSCRIPTION)],
    ],
    ['who receives events', 'none', [assign('u', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde', SUBSCRIPTION)]],
    [
      'who rules the network',
      'P4: has Network Contributor over subscription s',
      [assign('u', 'Network Contributor', SUBSCRIPTION)],
    ],
    [
      'who is Global Administrator',
      'P0: is Global Administrator of the tenant',
      [assign('x', 'Reader', SUBSCRIPTION), directory('u', '62e90394-69f5-4237-9190-012177145e10')],
    ],
    [
      'who is Application Administrator',
      'P2: is Application Administrator and may add credentials to privileged applications',
      [assign('x', 'Reader', SUBSCRIPTION), directory('u', '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3')],
    ],
    ...(
      [
        ['62e90394-69f5-4237-9190-012177145e10', 'P0'],
        ['e8611ab8-c189-46e8-94e1-60213ab1f814', 'P1'],
        ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 'P2'],
        ['158c047a-c907-4556-b7ef-446551a6b5f7', 'P2'],
        ['e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8', 'P2'],
        ['9E3F62CF-CA93-4989-B6CE-BF83C28F9FE8', 'P1'],
        ['06b708a9-e830-4db3-a914-8e69da51d44f', 'P2'],
        ['1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9', 'P2'],
      ] as const
    ).map(([id, level]): [string, string, readonly EstateResource[]] => [
      `who has the directory role or permission ${id}`,
      `${level}: ${ENTRA_ROLES[id.toLowerCase()]?.reason}`,
      [assign('x', 'Reader', SUBSCRIPTION), directory('u', id)],
    ]),
    [
      'who is that for one application',
      'none',
      [
        assign('x', 'Reader', SUBSCRIPTION),
        directory('u', '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', { directoryScopeId: '/app1' }),
      ],
    ],
    [
      'with a custom role that is as good as Owner',
      'P0: has Boss over subscription s',
      [
        azure(
          'azure-role-definition',
          `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/boss`,
          { roleName: 'Boss', permissions: [{ actions: ['*'] }] },
        ),
        assign('u', 'boss', SUBSCRIPTION),
      ],
    ],
    [
      'with a role that nobody described',
      'unknown: role secret-role: az role definition list',
      [assign('u', 'secret-role', SUBSCRIPTION)],
    ],
    [
      'with such a role beside Owner',
      'P0: has Owner over subscription s',
      [assign('u', 'secret-role', SUBSCRIPTION), assign('u', 'Owner', SUBSCRIPTION)],
    ],
  ])('%s', (_, privilege, resources) => {
    const [first] = privilegeIn(SOME_DIRECTORY, ...resources, user('u')).split('; ');
    expect(first).toBe(privilege);
  });

  it('with Contributor of the subscription escalates, and reads data', () => {
    expect(privilegeIn(SOME_DIRECTORY, assign('u', 'Contributor', SUBSCRIPTION), user('u'))).toBe(
      [
        "P2: has Contributor over subscription s and may run commands as its machines' identities",
        'may read data of Cosmos accounts (Contributor over subscription s)',
        'may read data of MySQL servers (Contributor over subscription s)',
        'may read data of PostgreSQL servers (Contributor over subscription s)',
        'may read data of SQL servers (Contributor over subscription s)',
        'may read data of caches (Contributor over subscription s)',
        'may read data of storage accounts (Contributor over subscription s)',
        'may read secrets and keys of vaults (Contributor over subscription s)',
      ].join('; '),
    );
  });

  it('reads vaults by their own policies, unless roles decide there', () => {
    const vault = (facts: JsonObject) =>
      azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'v'), {
        accessPolicies: [{ objectId: 'U', permissions: { secrets: ['Get'] } }],
        ...facts,
      });
    const someRole = assign('x', 'Reader', SUBSCRIPTION);
    expect(privilegeIn(SOME_DIRECTORY, someRole, vault({}), user('u'))).toBe(
      'P3: may read secrets and keys of vaults (their access policies)',
    );
    expect(privilegeIn(SOME_DIRECTORY, someRole, vault({ enableRbacAuthorization: true }), user('u'))).toBe(
      'none',
    );
    expect(privilegeIn(SOME_DIRECTORY, someRole, vault({}), ...OTHER_VAULTS, user('u'))).toBe('none');
    const tagged = { ...vault({}), tags: { pci: 'true' } };
    expect(privilegeIn(SOME_DIRECTORY, someRole, tagged, ...OTHER_VAULTS, user('u'))).toMatch(/^P3/);
    const may = (permissions: JsonObject) =>
      privilegeIn(
        SOME_DIRECTORY,
        someRole,
        vault({ accessPolicies: [{ objectId: 'u', permissions }] }),
        user('u'),
      ).slice(0, 4);
    for (const secrets of ['all', 'get', 'Backup']) expect(may({ secrets: ['list', secrets] })).toBe('P3: ');
    for (const keys of ['all', 'Decrypt', 'unwrapKey']) expect(may({ keys: ['list', keys] })).toBe('P3: ');
    expect(may({ secrets: ['list', 'set'], keys: ['get', 'wrapKey'] })).toBe('none');
  });

  it('who reads one vault of three is privileged where that one is tagged sensitive', () => {
    const tagged = { ...VAULT, tags: { 'data-classification': 'restricted' } };
    const grant = assign('u', 'Key Vault Administrator', armId('Microsoft.KeyVault/vaults', 'v'));
    expect(privilegeIn(SOME_DIRECTORY, tagged, ...OTHER_VAULTS, grant, user('u'))).toMatch(/^P3/);
  });

  it('has what its groups have, and theirs', () => {
    const resources = [
      SOME_DIRECTORY,
      assign('g', 'Owner', SUBSCRIPTION, { principalType: 'Group' }),
      member('g', 'inner'),
      member('inner', 'u'),
    ];
    expect(privilegeIn(...resources, user('u'))).toMatch(
      /^P0: has Owner over subscription s \(as a member of a group\)$/,
    );
    expect(privilegeIn(...resources, group('g'))).toMatch(/^P0/);
    // Whichever is told first.
    const [some, owner, ...members] = resources as [EstateResource, EstateResource, ...EstateResource[]];
    expect(privilegeIn(some, owner, ...members.reverse(), user('u'))).toMatch(/^P0/);
  });

  it.each([
    ['a subscription', SUBSCRIPTION, 'P0: has Owner over subscription s'],
    ['the root', '', 'P0: has Owner over the whole tenant'],
    [
      'a group of resources',
      GROUP,
      'P4: has Owner over resource group g; has Owner over resource group g and may give itself every role there',
    ],
  ])('has a role over %s where only the id of its assignment tells so', (_, scope, privilege) => {
    const grant = assign('u', 'Owner', scope);
    const { scope: _scope, ...facts } = grant.facts;
    expect(
      privilegeIn(
        SOME_DIRECTORY,
        { ...grant, facts: { ...facts, id: `${scope}/providers/Microsoft.Authorization/roleAssignments/1` } },
        user('u'),
      ),
    ).toBe(privilege);
  });

  it('is unknown while the members of a privileged group, assignments or directory roles are', () => {
    expect(
      privilegeIn(SOME_DIRECTORY, assign('g', 'Owner', SUBSCRIPTION, { principalType: 'Group' }), user('u')),
    ).toBe(
      'unknown: the members of group g: az ad group member list --group g > ad-group-member-list-g.json',
    );
    expect(privilegeIn(SOME_DIRECTORY, user('u'))).toBe(
      'unknown: role assignments: az role assignment list --all',
    );
    expect(privilegeIn(assign('x', 'Reader', SUBSCRIPTION), user('u'))).toMatch(
      /^unknown: directory roles: az rest /,
    );
  });
});

describe('a workload', () => {
  it.each<[string, string, readonly EstateResource[], EstateResource]>([
    ['without an identity', 'none', [], vm()],
    [
      'with its own identity',
      'P0: has Owner over subscription s',
      [assign('mi', 'Owner', SUBSCRIPTION)],
      MACHINE,
    ],
    ['whose identity has nothing', 'none', [assign('x', 'Owner', SUBSCRIPTION)], MACHINE],
    [
      'whose rights nobody described',
      'unknown: role assignments: az role assignment list --all',
      [],
      MACHINE,
    ],
    [
      'with assigned identities, of which the strongest counts',
      'P0: has Owner over subscription s',
      [assign('two', 'Owner', SUBSCRIPTION), assign('one', 'Reader', SUBSCRIPTION)],
      vm({
        identity: {
          userAssignedIdentities: [
            { id: '/a', principalId: 'ONE' },
            { id: '/b', principalId: 'TWO' },
          ],
        },
      }),
    ],
    [
      'with an assigned identity that another list describes',
      'P0: has Owner over subscription s',
      [
        azure('azure-managed-identity', '/mi/x', { principalId: 'two' }),
        assign('two', 'Owner', SUBSCRIPTION),
      ],
      vm({ identity: { userAssignedIdentities: [{ id: '/MI/X' }] } }),
    ],
    [
      'with an assigned identity that nobody described',
      'unknown: identity x: az identity list',
      [assign('x', 'Owner', SUBSCRIPTION)],
      vm({ identity: { userAssignedIdentities: [{ id: '/mi/x' }] } }),
    ],
  ])('%s', (_, privilege, resources, workload) => {
    expect(privilegeIn(...resources, workload)).toBe(privilege);
  });

  it('is told as a detected risk, and P4 is none', () => {
    const of = (role: string) =>
      evaluateAzureEstate([assign('mi', role, SUBSCRIPTION), MACHINE]).get(MACHINE.key)?.privilegedAccess;
    expect(of('Owner')).toMatchObject({
      state: 'yes',
      evidence: [{ sentence: 'web runs as an identity that has Owner over subscription s (P0).' }],
    });
    expect(of('Network Contributor')?.state).toBe('no');
  });
});
