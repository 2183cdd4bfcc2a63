import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, GROUP, SUBSCRIPTION } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  assign,
  cluster,
  directory,
  eligible,
  MACHINE,
  member,
  own,
  privilegeIn,
  SOME_DIRECTORY,
  user,
} from './azure-privilege.test-sample.ts';

describe('a role that may be switched on', () => {
  const ofDirectory = (principalId: string, role: string, more: JsonObject = {}) => ({
    ...directory(principalId, role, more),
    type: 'entra-role-eligibility',
  });
  const eligibleMember = (groupId: string, principalId: string) => ({
    ...member(groupId, principalId),
    key: `azure:entra:eligible ${groupId} ${principalId}`,
    type: 'entra-membership-eligibility',
  });
  const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
  it.each<[string, string, readonly EstateResource[]]>([
    [
      'and is Owner',
      'P1: has Owner over subscription s (once it is switched on)',
      [eligible('u', 'Owner', SUBSCRIPTION)],
    ],
    [
      'and gives out roles',
      'P1: has User Access Administrator over subscription s and may give itself every role there (once it is switched on); has User Access Administrator over subscription s (once it is switched on)',
      [eligible('u', 'User Access Administrator', SUBSCRIPTION)],
    ],
    [
      'and reads data',
      'P3: may read data of storage accounts (Storage Blob Data Reader over subscription s) (once it is switched on)',
      [eligible('u', 'Storage Blob Data Reader', SUBSCRIPTION)],
    ],
    [
      'and runs code as somebody',
      'P2: may run code on web (Virtual Machine Contributor over resource group g), whose identity is P0 (once it is switched on)',
      [MACHINE, assign('mi', 'Owner', SUBSCRIPTION), eligible('u', 'Virtual Machine Contributor', GROUP)],
    ],
    ['and is nothing', 'none', [eligible('u', 'Reader', SUBSCRIPTION)]],
    [
      'beside one that it has',
      'P0: has Owner over subscription s; has Owner over subscription s (once it is switched on)',
      [assign('u', 'Owner', SUBSCRIPTION), eligible('u', 'Owner', SUBSCRIPTION)],
    ],
    [
      'by members of a group',
      'P1: has Owner over subscription s (once it is switched on) (as a member of a group)',
      [eligible('g', 'Owner', SUBSCRIPTION), member('g', 'u')],
    ],
    [
      'by members of a group that nobody told',
      'unknown: the members of group g: az ad group member list --group g > ad-group-member-list-g.json',
      [eligible('g', 'Owner', SUBSCRIPTION, { principalType: 'Group' })],
    ],
    [
      'and that nobody described',
      'unknown: role x: az role definition list',
      [eligible('u', 'x', SUBSCRIPTION)],
    ],
    [
      'of a group, by becoming a member',
      'P1: has Owner over subscription s (once it is switched on)',
      [assign('g', 'Owner', SUBSCRIPTION), eligibleMember('g', 'u')],
    ],
    [
      'of one of two groups',
      'P1: has Owner over subscription s (once it is switched on)',
      [assign('g', 'Owner', SUBSCRIPTION), eligibleMember('g', 'u'), eligibleMember('h', 'u')],
    ],
    ['of a group without rights', 'none', [assign('g', 'Reader', SUBSCRIPTION), eligibleMember('g', 'u')]],
    [
      'by whoever acts as somebody who may switch it on',
      'P2: may act as identity id (Managed Identity Operator over resource group g), which is P1',
      [
        azure('azure-managed-identity', armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id'), {
          principalId: 'mi',
        }),
        eligible('mi', 'Owner', SUBSCRIPTION),
        assign('u', 'Virtual Machine Contributor', `${SUBSCRIPTION}/resourceGroups/other`),
        assign('u', 'f1a07417-d97a-45cb-824c-7a7467783830', GROUP),
      ],
    ],
    [
      'together with one that it has',
      'P2: may act as identity id (Managed Identity Operator over resource group g), which is P0 (once it is switched on)',
      [
        azure('azure-managed-identity', armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id'), {
          principalId: 'mi',
        }),
        assign('mi', 'Owner', SUBSCRIPTION),
        assign('u', 'Virtual Machine Contributor', `${SUBSCRIPTION}/resourceGroups/other`),
        eligible('u', 'f1a07417-d97a-45cb-824c-7a7467783830', GROUP),
      ],
    ],
    [
      'in the directory',
      'P1: is Global Administrator of the tenant (once it is switched on)',
      [ofDirectory('u', GLOBAL_ADMINISTRATOR)],
    ],
    [
      'in one unit of the directory',
      'none',
      [ofDirectory('u', GLOBAL_ADMINISTRATOR, { directoryScopeId: '/administrativeUnits/1' })],
    ],
  ])('%s', (_, privilege, resources) => {
    expect(
      privilegeIn(assign('other', 'Reader', SUBSCRIPTION), SOME_DIRECTORY, ...resources, user('u')),
    ).toBe(privilege);
  });
});

describe('a credential of a cluster', () => {
  const USER = '4abbcc35-e782-43d8-92c5-2d3f1bd2253f';
  const ADMIN = '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8';
  const WRITER = 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb';
  const by = (name: string) =>
    `P2: may run code on c (Azure Kubernetes Service ${name} over resource group g), whose identity is P0`;
  it.each<[string, string, JsonObject, string]>([
    ['for users, of one with accounts of its own', by('Cluster User Role'), { usesEntra: false }, USER],
    ['for users, of one that asks Entra', 'none', { usesEntra: true }, USER],
    [
      'for users, of one that nobody described',
      'unknown: whether c asks for a login of Entra: az aks list',
      {},
      USER,
    ],
    ['for users, of one without accounts', 'none', { usesEntra: false, disableLocalAccounts: true }, USER],
    ['for administrators', by('Cluster Admin Role'), {}, ADMIN],
    ['for administrators, of one that asks Entra', by('Cluster Admin Role'), { usesEntra: true }, ADMIN],
    [
      'for administrators, of one without accounts',
      'none',
      { usesEntra: true, disableLocalAccounts: true },
      ADMIN,
    ],
    [
      'that nobody needs who may run pods',
      by('RBAC Writer'),
      { usesEntra: true, disableLocalAccounts: true },
      WRITER,
    ],
  ])('%s', (_, privilege, facts, role) => {
    const around = [SOME_DIRECTORY, assign('mi', 'Owner', SUBSCRIPTION)];
    expect(privilegeIn(...around, cluster(facts), assign('u', role, GROUP), user('u'))).toBe(privilege);
  });

  it('leads to the identity of the kubelet, and to none of the control plane', () => {
    const plane = azure('azure-aks-cluster', armId('Microsoft.ContainerService/managedClusters', 'c'), {
      identity: { principalId: 'mi' },
    });
    const around = [SOME_DIRECTORY, assign('mi', 'Owner', SUBSCRIPTION)];
    expect(privilegeIn(...around, plane, assign('u', ADMIN, GROUP), user('u'))).toBe('none');
  });

  it('lets nobody put an identity onto it', () => {
    const identity = azure(
      'azure-managed-identity',
      armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id'),
      { principalId: 'mi' },
    );
    const around = [SOME_DIRECTORY, assign('mi', 'Owner', SUBSCRIPTION), identity];
    const operator = assign('u', 'f1a07417-d97a-45cb-824c-7a7467783830', GROUP);
    expect(privilegeIn(...around, operator, assign('u', ADMIN, GROUP), user('u'))).toBe('none');
  });
});

describe('whoever may rewrite roles', () => {
  const REWRITES = 'Microsoft.Authorization/roleDefinitions/write';
  it.each<[string, string, readonly EstateResource[]]>([
    [
      'of its own',
      'P1: has own over subscription s and may rewrite its own role own',
      [own(REWRITES), assign('u', 'own', SUBSCRIPTION)],
    ],
    ['of a group of resources', 'none', [own(REWRITES), assign('u', 'own', GROUP)]],
    ['and has none that can be', 'none', [own('*/read'), assign('u', 'own', SUBSCRIPTION)]],
  ])('%s', (_, privilege, resources) => {
    expect(privilegeIn(SOME_DIRECTORY, ...resources, user('u'))).toBe(privilege);
  });
});

describe('a role over a management group', () => {
  const identity = azure(
    'azure-managed-identity',
    armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id'),
    { principalId: 'mi' },
  );
  const below = (...groups: readonly string[]) =>
    azure('azure-subscription', SUBSCRIPTION, {
      managementGroupAncestorsChain: groups.map((name) => ({ name })),
    });
  const taken =
    'P2: may act as identity id (Managed Identity Contributor over management group shop), which is P0';
  it.each<[string, string, readonly EstateResource[]]>([
    ['holds what is below it', taken, [below('Shop', 'root')]],
    ['holds nothing of another group', 'none', [below('bank', 'root')]],
    ['holds everything where nobody told what is below it', taken, []],
  ])('%s', (_, privilege, resources) => {
    const scope = '/providers/Microsoft.Management/managementGroups/shop';
    const around = [SOME_DIRECTORY, assign('mi', 'Owner', SUBSCRIPTION), identity, ...resources];
    expect(privilegeIn(...around, assign('u', 'Managed Identity Contributor', scope), user('u'))).toBe(
      privilege,
    );
  });
});

it('an assignment that names nobody gives nobody anything', () => {
  const nobody = azure('azure-role-assignment', `${SUBSCRIPTION}/providers/x/roleAssignments/nobody`, {
    roleDefinitionName: 'Owner',
    scope: SUBSCRIPTION,
  });
  expect(privilegeIn(SOME_DIRECTORY, nobody, user('u'))).toBe('none');
});
