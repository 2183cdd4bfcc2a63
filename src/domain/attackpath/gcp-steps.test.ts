import { expect, test } from 'vitest';
import { binding, gcp, iamPolicy, instance, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { EDITS_ALL } from './administrator.ts';
import { INTERNET, step } from './attack-path.test-sample.ts';
import {
  asSa,
  bucket,
  DEPLOYER,
  GCP_NETWORK,
  onProject,
  other,
  own,
  SA,
} from './derive-paths.clouds.test-sample.ts';
import { gcpSteps } from './gcp-steps.ts';
import type { Capability } from './state.ts';

const FULL = 'https://www.googleapis.com/auth/cloud-platform';
const web = (...scopes: readonly string[]) =>
  instance({ serviceAccounts: [{ email: SA, scopes: [...scopes] }] });

/** The steps of what an outsider holds of the machine. */
function found(
  resources: readonly EstateResource[],
  wanted: readonly EstateResource[] = [],
  { capability = 'exec' as Capability, machine = web(FULL) } = {},
) {
  const to = { asset: machine.key, family: 'workload', capability } as const;
  return gcpSteps({
    resources: [...GCP_NETWORK, machine, ...resources],
    given: [step('public-endpoint', INTERNET, to)],
    wanted: new Set(wanted.map(({ key }) => key)),
    now: machine.seenAt,
  });
}

const stepsOf = (...of: Parameters<typeof found>) => found(...of).steps;

const told = (...of: Parameters<typeof stepsOf>) =>
  stepsOf(...of).map(({ rule, to }) => `${rule} ${to.asset.slice(to.asset.lastIndexOf('/') + 1)}`);

test.each<[Capability, readonly string[]]>([
  ['exec', ['workload-role 1']],
  ['root', ['workload-role 1']],
  ['ssrf', []],
  ['reach', []],
])('whoever has %s of a machine gets tokens of its account: %j', (capability, expected) => {
  expect(told([own], [], { capability })).toEqual(expected);
});

test('nobody gets a token of an account that is turned off', () => {
  expect(told([{ ...own, facts: { ...own.facts, disabled: true } }])).toEqual([]);
});

test.each<[string, string, boolean]>([
  ['cloud-platform', 'roles/viewer', true],
  ['devstorage.read_only', 'roles/owner', false],
  ['compute', 'roles/owner', true],
  ['compute', 'roles/viewer', false],
])('tokens for %s of an account with %s are as good as whole ones: %s', (scope, role, expected) => {
  const machine = web(`https://www.googleapis.com/auth/${scope}`);
  const steps = told([own, onProject(binding(role, asSa))], [], { machine });
  expect(steps.includes('workload-role 1')).toBe(expected);
});

test('a role over one bucket reads that one, where it is wanted', () => {
  const second = gcp('gcp-bucket', '//storage.googleapis.com/logs', {});
  const policy = iamPolicy('//storage.googleapis.com/exports', binding('roles/storage.objectViewer', asSa));
  const resources = [own, bucket, second, policy];
  expect(told(resources, [bucket, second])).toEqual(['workload-role 1', 'reads-data exports']);
  expect(told(resources, [second])).toEqual(['workload-role 1']);
});

test.each([
  ['gcp-bucket', '//storage.googleapis.com/a', 'roles/storage.objectViewer'],
  ['gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/a', 'roles/bigquery.dataViewer'],
  ['gcp-secret', '//secretmanager.googleapis.com/projects/p/secrets/a', 'roles/secretmanager.secretAccessor'],
  ['gcp-sql-instance', '//cloudsql.googleapis.com/projects/p/instances/a', 'roles/cloudsql.admin'],
])('data of the type %s, %s, are read by %s over the project, and by it alone', (type, name, role) => {
  const one = gcp(type, name, {});
  const reads = (given: string) =>
    told([own, one, onProject(binding(given, asSa))], [one]).filter((text) => text.startsWith('reads-data'));
  expect(reads(role)).toEqual(['reads-data a']);
  expect(reads('roles/compute.viewer')).toEqual([]);
});

test.each<[string, readonly string[], boolean]>([
  ['acting as accounts and deploying', ['roles/iam.serviceAccountUser', 'roles/compute.instanceAdmin'], true],
  ['acting as accounts alone', ['roles/iam.serviceAccountUser'], false],
  ['deploying alone', ['roles/compute.instanceAdmin'], false],
  ['taking their tokens', ['roles/iam.serviceAccountTokenCreator'], true],
  ['making keys of them', ['roles/iam.serviceAccountKeyAdmin'], true],
])('%s leads to the other accounts of a project: %s', (_what, roles, expected) => {
  const steps = told([own, other, onProject(...roles.map((role) => binding(role, asSa)))]);
  expect(steps.includes('iam-escalation 2')).toBe(expected);
});

test('of more accounts than enough the first are taken, and the others counted', () => {
  const many = Array.from({ length: 67 }, (_, at) =>
    gcp('gcp-service-account', `//iam.googleapis.com/projects/p/serviceAccounts/x${at}`, {
      email: `x${at}@p.iam.gserviceaccount.com`,
    }),
  );
  const policies = [onProject(binding('roles/iam.serviceAccountTokenCreator', asSa))];
  const { steps, leftOut } = found([own, ...many, ...policies]);
  expect(leftOut).toBe(3);
  expect(steps.filter(({ rule }) => rule === 'iam-escalation')).toHaveLength(64);
  expect(found([own, ...many.slice(3), ...policies]).leftOut).toBe(0);
});

test.each([
  ['roles/owner', PROJECT_NAME, []],
  ['roles/resourcemanager.projectIamAdmin', PROJECT_NAME, []],
  ['roles/editor', PROJECT_NAME, [EDITS_ALL]],
  ['roles/iam.securityAdmin', '//cloudresourcemanager.googleapis.com/folders/2', []],
  ['roles/resourcemanager.organizationAdmin', '//cloudresourcemanager.googleapis.com/organizations/3', []],
  ['roles/owner', '//iam.googleapis.com/projects/p/serviceAccounts/2', null],
  ['roles/viewer', PROJECT_NAME, null],
] as const)(
  '%s over %s administers the project, and says what that takes for granted: %j',
  (role, of, expected) => {
    const steps = stepsOf([own, other, iamPolicy(of, binding(role, asSa))]);
    const [admin] = steps.filter(({ rule }) => rule === 'administrator');
    expect(admin?.assumptions ?? null).toEqual(expected);
  },
);

test('a project that some assets name by its number is one', () => {
  const project = gcp('gcp-project', PROJECT_NAME, { projectId: 'p', projectNumber: '1' });
  const numbered: EstateResource = { ...bucket, account: '1' };
  const admins = (...more: readonly EstateResource[]) =>
    told([own, numbered, onProject(binding('roles/owner', asSa)), ...more]).filter((text) =>
      text.startsWith('administrator'),
    );
  expect(admins(project)).toEqual(['administrator account-admin:gcp:p']);
  expect(admins()).toHaveLength(2);
});

test('whoever a pool lets in has what everybody of the pool may do', () => {
  const POOL = 'projects/1/locations/global/workloadIdentityPools/ci';
  const provider = gcp('gcp-identity-provider', `//iam.googleapis.com/${POOL}/providers/github`, {});
  const { steps } = gcpSteps({
    resources: [
      provider,
      other,
      iamPolicy(
        '//iam.googleapis.com/projects/p/serviceAccounts/2',
        binding('roles/iam.workloadIdentityUser', `principalSet://iam.googleapis.com/${POOL}/*`),
      ),
    ],
    given: [step('open-trust', INTERNET, { asset: provider.key, family: 'principal', capability: 'use' })],
    wanted: new Set(),
    now: provider.seenAt,
  });
  expect(steps.map(({ rule, sentence }) => `${rule}: ${sentence}`)).toEqual([
    `iam-escalation: whoever github lets in may take tokens of ${DEPLOYER} (roles/iam.workloadIdentityUser over ${DEPLOYER})`,
  ]);
});
