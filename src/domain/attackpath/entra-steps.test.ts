import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure } from '../../../test/support/azure-world.ts';
import { AzureEstate } from '../exposure/azure-estate.ts';
import { ENTRA_ROLES } from '../privilege/azure-roles.ts';
import type { EstateResource } from '../risk/estate.ts';
import { principal } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { repositoryState } from './credential-steps.ts';
import { entra, machine } from './derive-paths.clouds.test-sample.ts';
import { EntraSteps } from './entra-steps.ts';
import { TENANT_DATA } from './tenant-state.ts';

const SYNCHRONISES = 'd29b2b05-8046-44ba-8758-1e26182fcf32';
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const USER_READ = 'df021288-bdef-4463-88db-98f22de89214';

const assigned = (principalId: string, right: JsonObject) =>
  entra('entra-role-assignment', `assignment/${principalId}`, { principalId, ...right });
const role = (principalId: string, roleDefinitionId: string, directoryScopeId: string | null = '/') =>
  assigned(principalId, { roleDefinitionId, directoryScopeId });
const consent = (facts: JsonObject) =>
  entra('entra-consent', 'consent/one', { clientId: 'app-sp', consentType: 'AllPrincipals', ...facts });

const stepsOf = (...resources: readonly EstateResource[]) => new EntraSteps(new AzureEstate(resources));
const told = (steps: readonly AttackStep[]) =>
  steps.map(({ rule, kind, to }) => `${rule}[${kind}] ${to.asset}`);
const fromPrincipal = (id: string, ...resources: readonly EstateResource[]) =>
  told(stepsOf(...resources).fromPrincipal(principal(`azure:entra:${id}`), id, id));

const ADMINISTRATOR = 'tenant-right[administrator] account-admin:entra';

describe('a right in the whole tenant', () => {
  test.each(Object.entries(ENTRA_ROLES))('%s administers it', (roleId, { reason }) => {
    const assignment = role('one', roleId);
    const [step, ...others] = stepsOf(assignment).fromPrincipal(principal('one'), 'one', 'one');
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      rule: 'tenant-right',
      kind: 'administrator',
      to: { asset: 'account-admin:entra', family: 'account', capability: 'admin' },
      sentence: `one ${reason}`,
      gates: [{ is: 'statement', id: assignment.key }],
      evidence: [{ sentence: `one ${reason}.`, provenance: 'azure', at: assignment.seenAt }],
      technique: 'T1528',
    });
  });

  const data = Object.entries(TENANT_DATA).flatMap(([of, { roles, scopes }]) => [
    ...Object.entries(roles).map(([id, name]) => [of, name, { appRoleId: id }] as const),
    ...scopes.map((scope) => [of, scope, { scope }] as const),
  ]);
  test.each(data)('reads %s by %s', (of, name, right) => {
    const resource = 'scope' in right ? consent(right) : assigned('app-sp', right);
    const [step, ...others] = stepsOf(resource).fromPrincipal(principal('app'), 'app-sp', 'app');
    expect(others).toEqual([]);
    expect(step).toMatchObject({
      rule: 'tenant-right',
      kind: of,
      to: { asset: `entra:${of}`, family: 'datastore', capability: 'read' },
      gates: [{ is: 'statement', id: resource.key, sentence: `take ${name} from app` }],
      evidence: [{ sentence: `app has ${name}.` }],
    });
    expect(step?.assumptions).toHaveLength('scope' in right ? 1 : 0);
  });

  test.each<[string, EstateResource, readonly string[]]>([
    ['for the tenant', role('one', GLOBAL_ADMINISTRATOR, '/'), [ADMINISTRATOR]],
    ['with no scope told', role('one', GLOBAL_ADMINISTRATOR, null), [ADMINISTRATOR]],
    ['in capital letters', role('ONE', GLOBAL_ADMINISTRATOR.toUpperCase()), [ADMINISTRATOR]],
    ['for one unit', role('one', GLOBAL_ADMINISTRATOR, '/administrativeUnits/a'), []],
    ['of another', role('two', GLOBAL_ADMINISTRATOR), []],
    ['to little', assigned('one', { appRoleId: USER_READ }), []],
    ['to nothing that is told', assigned('one', {}), []],
    ['of nobody that is told', entra('entra-role-assignment', 'assignment/of', { appRoleId: 'x' }), []],
    ['by a word that objects know', assigned('one', { appRoleId: 'constructor' }), []],
  ])('counts %s as it should', (_how, assignment, expected) => {
    expect(fromPrincipal('one', assignment)).toEqual(expected);
  });

  test.each<[string, JsonObject, readonly string[]]>([
    ['for everybody', { scope: 'Mail.Read' }, ['tenant-right[mailboxes] entra:mailboxes']],
    ['of several', { scope: 'openid  Mail.Read' }, ['tenant-right[mailboxes] entra:mailboxes']],
    ['of a longer name', { scope: 'Mail.Read.Shared' }, []],
    ['of nothing', { scope: null }, []],
    ['of one person', { scope: 'Mail.Read', consentType: 'Principal' }, []],
    ['to another application', { scope: 'Mail.Read', clientId: 'other-sp' }, []],
    ['to none that is told', { scope: 'Mail.Read', clientId: null }, []],
    [
      'in capital letters',
      { scope: 'Mail.Read', clientId: 'APP-SP' },
      ['tenant-right[mailboxes] entra:mailboxes'],
    ],
  ])('and a consent %s', (_how, facts, expected) => {
    expect(fromPrincipal('app-sp', consent(facts))).toEqual(expected);
  });
});

describe('who synchronises directories', () => {
  const chief = (onPremisesSyncEnabled: boolean | null) =>
    entra('entra-user', 'chief', { onPremisesSyncEnabled }, 'chief@acme.example');
  const RESETS = 'iam-escalation[directory-sync] account-admin:entra';
  test.each<[string, readonly EstateResource[], readonly string[]]>([
    [
      'sets the password of an administrator who is synchronised',
      [chief(true), role('chief', GLOBAL_ADMINISTRATOR)],
      [RESETS],
    ],
    ['and not of one who is not', [chief(false), role('chief', GLOBAL_ADMINISTRATOR)], []],
    ['nor where nobody tells', [chief(null), role('chief', GLOBAL_ADMINISTRATOR)], []],
    ['nor of somebody without rights', [chief(true)], []],
    ['nor of somebody with small ones', [chief(true), role('chief', USER_READ)], []],
    [
      'nor of somebody who administers one unit',
      [chief(true), role('chief', GLOBAL_ADMINISTRATOR, '/administrativeUnits/a')],
      [],
    ],
  ])('%s', (_what, resources, expected) => {
    expect(fromPrincipal('sync', role('sync', SYNCHRONISES), ...resources)).toEqual(expected);
    expect(fromPrincipal('sync', role('sync', USER_READ), ...resources)).toEqual([]);
  });

  test('and says by what, and what would end it', () => {
    const rights = role('chief', GLOBAL_ADMINISTRATOR);
    const [step] = stepsOf(role('sync', SYNCHRONISES), chief(true), rights).fromPrincipal(
      principal('sync'),
      'sync',
      'sync',
    );
    expect(step).toMatchObject({
      sentence: 'sync may set the password of chief@acme.example, who is Global Administrator of the tenant',
      gates: [{ is: 'statement', id: 'azure:entra:chief synchronised' }],
      evidence: [
        { sentence: expect.stringMatching(/comes from a directory of its own/) },
        { sentence: 'chief@acme.example is Global Administrator of the tenant.' },
      ],
      assumptions: ['Passwords are synchronised.'],
    });
  });

  const account = (name: string) => entra('entra-user', 'sync', {}, name);
  test('does so whatever else it may do, and however its machine is written', () => {
    const web = { ...machine, name: 'Web' };
    const steps = stepsOf(
      account('Sync_WEB_0123456789ab@acme.onmicrosoft.com'),
      role('sync', USER_READ),
      role('sync', SYNCHRONISES),
      web,
    ).fromMachine({ asset: web.key, family: 'workload', capability: 'exec' }, web, principal);
    expect(told(steps)).toEqual(['found-credential[directory-sync] sync']);
  });

  test.each<[string, string, string, boolean]>([
    ['of that name', 'Sync_WEB_0123456789ab@acme.onmicrosoft.com', SYNCHRONISES, true],
    ['of another name', 'Sync_DC01_0123456789ab@acme.onmicrosoft.com', SYNCHRONISES, false],
    ['without its number', 'Sync_WEB@acme.onmicrosoft.com', SYNCHRONISES, false],
    ['in front of which something stands', 'x_Sync_WEB_0123456789ab@acme.example', SYNCHRONISES, false],
    ['that may not synchronise', 'Sync_WEB_0123456789ab@acme.onmicrosoft.com', USER_READ, false],
  ])('does so from the machine that its account %s names', (_how, name, right, isFound) => {
    const web = { ...machine, name: 'web' };
    const steps = stepsOf(account(name), role('sync', right), web).fromMachine(
      { asset: web.key, family: 'workload', capability: 'root' },
      web,
      (id) => principal(`azure:entra:${id}`),
    );
    expect(told(steps)).toEqual(isFound ? ['found-credential[directory-sync] azure:entra:sync'] : []);
    for (const step of steps)
      expect(step).toMatchObject({
        from: { capability: 'exec' },
        probability: 0.6,
        gates: [{ is: 'setting', id: `${web.key} synchronises` }],
        assumptions: [`web is the server that ${name} is named after.`],
      });
  });
});

describe('a repository whose pipeline an application trusts', () => {
  const sp = entra('entra-service-principal', 'app-sp', { appId: 'APP' }, 'app');
  const ISSUER = 'https://token.actions.githubusercontent.com';
  const application = (subject: string, issuer = ISSUER, appId = 'app') =>
    entra('entra-application', 'object', {
      appId,
      federatedIdentityCredentials: [{ name: 'main', issuer, subject }],
    });
  const write = repositoryState('repo:github.com/lab/shop', 'write');
  test.each<[string, EstateResource, typeof write, boolean]>([
    ['by a branch', application('repo:lab/shop:ref:refs/heads/main'), write, true],
    ['however it is written', application('repo:Lab/Shop:pull_request', `${ISSUER}/`), write, true],
    ['whose name is longer', application('repo:lab/shopping:pull_request'), write, false],
    ['of another forge', application('repo:lab/shop:pull_request', 'https://gitlab.com'), write, false],
    [
      'that somebody may only read',
      application('repo:lab/shop:pull_request'),
      repositoryState('repo:github.com/lab/shop', 'read'),
      false,
    ],
    [
      'of the same name elsewhere',
      application('repo:lab/shop:pull_request'),
      repositoryState('repo:gitlab.com/lab/shop', 'write'),
      false,
    ],
    ['without a principal', application('repo:lab/shop:pull_request', ISSUER, 'other'), write, false],
  ])('%s', (_how, trusting, state, isTrusted) => {
    const steps = stepsOf(sp, trusting).fromRepository(state, (id) => principal(`azure:entra:${id}`));
    expect(told(steps)).toEqual(isTrusted ? ['pipeline-role[azure] azure:entra:app-sp'] : []);
    for (const step of steps)
      expect(step).toMatchObject({
        gates: [{ is: 'statement', id: `${trusting.key} trust of ${write.asset}` }],
        evidence: [{ sentence: expect.stringMatching(/trusts tokens of repo:/) }],
      });
  });
});

describe('a repository whose pipeline a managed identity trusts', () => {
  const IDENTITY = armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'deploy');
  const identity = azure('azure-managed-identity', IDENTITY, { principalId: 'DEPLOY' });
  const credential = (
    name: string,
    subject: string,
    issuer = 'https://token.actions.githubusercontent.com',
    of = IDENTITY,
  ) => azure('azure-federated-credential', `${of}/federatedIdentityCredentials/${name}`, { issuer, subject });
  const write = repositoryState('repo:github.com/lab/shop', 'write');
  const main = { ...credential('main', 'repo:lab/shop:ref:refs/heads/main'), seenAt: 1_790_000_009_000 };

  test('is one step to it, however many of its branches are trusted', () => {
    const others = [
      credential('pods', 'system:serviceaccount:a:b', 'https://oidc.example/1'),
      credential('else', 'repo:lab/else:pull_request'),
      credential('tag', 'repo:lab/shop:ref:refs/tags/v1'),
    ];
    const steps = stepsOf(identity, ...others.slice(0, 2), main, ...others.slice(2)).fromRepository(
      write,
      (id) => principal(`azure:${id}`),
    );
    expect(told(steps)).toEqual(['pipeline-role[azure] azure:deploy']);
    expect(steps[0]).toMatchObject({
      sentence: 'The pipeline of lab/shop may become the managed identity deploy',
      gates: [{ id: `${identity.key} trust of ${write.asset}` }],
      evidence: [{ sentence: 'deploy trusts tokens of repo:lab/shop:ref:refs/heads/main.', at: main.seenAt }],
    });
  });

  test.each<[string, ...EstateResource[]]>([
    ['of another repository', identity, credential('x', 'repo:lab/shopping:pull_request')],
    ['of another issuer', identity, credential('x', 'repo:lab/shop:pull_request', 'https://gitlab.com')],
    ['that nobody described', main],
    [
      'of another identity',
      identity,
      credential(
        'x',
        'repo:lab/shop:pull_request',
        undefined,
        armId('Microsoft.ManagedIdentity/userAssignedIdentities', 'gone'),
      ),
    ],
  ])('is no step with a credential %s', (_how, ...resources) => {
    expect(stepsOf(...resources).fromRepository(write, (id) => principal(id))).toEqual([]);
  });
});

test('principals are known by their keys, their object ids and their names', () => {
  const user = entra('entra-user', 'AbC', {}, 'chief');
  const steps = stepsOf(user, azure('entra-group', 'entra:nameless', { id: null }));
  expect([...steps.ids]).toEqual([[user.key, 'abc']]);
  expect([steps.keyOf('abc'), steps.nameOf('abc'), steps.keyOf('nobody')]).toEqual([
    user.key,
    'chief',
    undefined,
  ]);
});
