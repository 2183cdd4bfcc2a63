import { describe, expect, test } from 'vitest';
import { armId, azure, GROUP, SUBSCRIPTION } from '../../../test/support/azure-world.ts';
import { binding, gcp, iamPolicy, instance } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  AZURE,
  account,
  asSa,
  assign,
  bucket,
  entra,
  factsOf,
  GCP_NETWORK,
  inner,
  machine,
  onProject,
  other,
  own,
  SA,
  web,
} from './derive-paths.clouds.test-sample.ts';

/** The accounts that these resources let whoever runs code on `flawed` administer, and what was taken as given. */
const administered = (flawed: EstateResource, ...resources: readonly EstateResource[]) =>
  factsOf({ resources, flawed })
    .steps.filter(({ rule }) => rule === 'administrator')
    .map(({ to, assumptions }) => `${to.asset}${assumptions.length === 0 ? '' : ', if editing is enough'}`);

describe('an identity in Azure administers', () => {
  const elsewhere = { ...account, key: 'azure:elsewhere', account: 't' };
  const nested = ['a', 'b'].map((groupId, index) =>
    entra('entra-membership', `${groupId}/member`, { groupId, principalId: ['mi', 'a'][index] ?? '' }),
  );
  const assigned = assign('mi', 'Managed Identity Operator', SUBSCRIPTION);
  const identity = azure(
    'azure-managed-identity',
    armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'owner'),
    { principalId: 'owner-mi' },
  );
  const runs = assign('mi', 'Virtual Machine Contributor', armId('Microsoft.Compute/virtualMachines', 'vm'));
  test.each<[string, readonly EstateResource[], readonly string[]]>([
    ['what it owns', [assign('mi', 'Owner', SUBSCRIPTION)], ['account-admin:azure:s']],
    ['another subscription', [assign('mi', 'Owner', '/subscriptions/t')], ['account-admin:azure:t']],
    ['all of a tenant', [assign('mi', 'Owner', '/')], ['account-admin:azure:s', 'account-admin:azure:t']],
    [
      'where it gives roles',
      [assign('mi', 'User Access Administrator', SUBSCRIPTION)],
      ['account-admin:azure:s'],
    ],
    ['no group of resources', [assign('mi', 'Owner', GROUP)], []],
    [
      'what it edits, if that is enough',
      [assign('mi', 'Contributor', SUBSCRIPTION)],
      ['account-admin:azure:s, if editing is enough'],
    ],
    [
      'nothing by commands on machines',
      [inner, assign('mi', 'Virtual Machine Contributor', SUBSCRIPTION)],
      [],
    ],
    [
      'what a group of its group owns',
      [...nested, assign('b', 'Owner', SUBSCRIPTION)],
      ['account-admin:azure:s'],
    ],
    [
      'what another owns that it puts onto a machine',
      [identity, assign('owner-mi', 'Owner', SUBSCRIPTION), assigned, runs],
      ['account-admin:azure:s'],
    ],
    [
      'nothing by assigning identities without code',
      [identity, assign('owner-mi', 'Owner', SUBSCRIPTION), assigned],
      [],
    ],
  ])('%s', (_what, resources, expected) => {
    expect(administered(machine, ...AZURE, account, elsewhere, ...resources)).toEqual(expected);
  });
});

describe('a service account in Google Cloud administers', () => {
  const FOLDER = '//cloudresourcemanager.googleapis.com/folders/2';
  const elsewhere = {
    ...gcp('gcp-bucket', '//storage.googleapis.com/elsewhere', {
      ancestors: ['projects/9', 'folders/2', 'organizations/3'],
    }),
    account: 'q',
  };
  const memberOf = (member: string, group: string) =>
    gcp('gcp-membership', `${group} ${member}`, { group, member });
  const scoped = (...names: readonly string[]) =>
    instance({
      serviceAccounts: [
        { email: SA, scopes: names.map((each) => `https://www.googleapis.com/auth/${each}`) },
      ],
    });
  const edits = onProject(binding('roles/editor', asSa));
  const EDITS = 'account-admin:gcp:p, if editing is enough';
  const onlyGrants = (role: string) =>
    onProject({
      ...binding('roles/resourcemanager.projectIamAdmin', asSa),
      condition: {
        expression: `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['${role}'])`,
      },
    });
  test.each<[string, EstateResource, readonly EstateResource[], readonly string[]]>([
    ['what it owns', web, [onProject(binding('roles/owner', asSa))], ['account-admin:gcp:p']],
    [
      'where it gives roles',
      web,
      [onProject(binding('roles/iam.securityAdmin', asSa))],
      ['account-admin:gcp:p'],
    ],
    ['what it edits, if that is enough', web, [edits], [EDITS]],
    [
      'all projects of a folder',
      web,
      [iamPolicy(FOLDER, binding('roles/owner', asSa))],
      ['account-admin:gcp:p', 'account-admin:gcp:q'],
    ],
    [
      'what a group of its group owns',
      web,
      [
        memberOf(asSa, 'group:a'),
        memberOf('group:a', 'group:b'),
        onProject(binding('roles/owner', 'group:b')),
      ],
      ['account-admin:gcp:p'],
    ],
    ['nothing by what it deploys', web, [onProject(binding('roles/compute.admin', asSa))], []],
    ['no bucket', web, [iamPolicy('//storage.googleapis.com/exports', binding('roles/owner', asSa))], []],
    ['where it may give itself all', web, [onlyGrants('roles/owner')], ['account-admin:gcp:p']],
    ['nothing where it gives what is harmless', web, [onlyGrants('roles/logging.admin')], []],
    ['what it edits with tokens for machines', scoped('compute'), [edits], [EDITS]],
    ['nothing with tokens for objects', scoped('devstorage.read_only'), [edits], []],
    [
      'nothing when it is switched off',
      web,
      [onProject(binding('roles/owner', asSa)), { ...own, facts: { ...own.facts, disabled: true } }],
      [],
    ],
  ])('%s', (_what, on, resources, expected) => {
    const others = [own, other].filter(({ key }) => !resources.some((each) => each.key === key));
    expect(
      administered(on, ...GCP_NETWORK, on, ...others, bucket, elsewhere, ...resources)
        .filter((each, index, all) => all.indexOf(each) === index)
        .toSorted(),
    ).toEqual(expected);
  });
});
