import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { binding, gcp, iamPolicy, instance, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import { GcpEstate } from '../exposure/gcp-estate.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateGcpEstate } from '../risk/evaluate-gcp-estate.ts';
import { GcpPrivileges } from './gcp-privilege.ts';

const SA = 'sa@p.iam.gserviceaccount.com';
const AS_SA = `serviceAccount:${SA}`;
const PROJECT = gcp('gcp-project', PROJECT_NAME, { projectId: 'p', projectNumber: '1' });
const onProject = (...bindings: Parameters<typeof iamPolicy>[1][]) => iamPolicy(PROJECT_NAME, ...bindings);

/** `P0: why`, `none`, `unknown: what is missing`, of the last asset. */
function privilegeIn(...resources: readonly EstateResource[]): string {
  const risks = evaluateGcpEstate(resources).get(resources.at(-1)?.key ?? '');
  const { level, reasons } = risks?.privilege ?? { level: 'no answer', reasons: [] };
  if (level === 'unknown') return `unknown: ${risks?.privilegedAccess.missing.join('; ')}`;
  return reasons.length === 0 ? level : `${level}: ${reasons[0]}`;
}

type Case = [title: string, privilege: string, resources: readonly EstateResource[]];

describe('a workload', () => {
  const owner = onProject(binding('roles/owner', AS_SA));
  const turnedOff = gcp('gcp-service-account', '//iam.googleapis.com/projects/p/serviceAccounts/1', {
    email: SA,
    disabled: true,
  });
  const scoped = (...scopes: string[]) =>
    instance({
      serviceAccounts: [
        { email: SA, scopes: scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`) },
      ],
    });
  const run = (serviceAccount?: string) =>
    gcp(
      'gcp-run-service',
      '//run.googleapis.com/projects/p/locations/l/services/api',
      serviceAccount === undefined ? {} : { serviceAccount },
    );
  const COMPUTE = 'serviceAccount:1-compute@developer.gserviceaccount.com';
  const FUNCTION = '//cloudfunctions.googleapis.com/projects/p/locations/l/functions/f';
  it.each<Case>([
    ['an instance of an owner', 'P0: has roles/owner over project 1', [owner, instance()]],
    ['an instance whose account is turned off', 'none', [owner, turnedOff, instance()]],
    ['an instance without a service account', 'none', [owner, instance({ serviceAccounts: [] })]],
    ['with all scopes', 'P0: has roles/owner over project 1', [owner, scoped('cloud-platform')]],
    ...['compute', 'iam'].map(
      (scope): Case => [
        `with the scope ${scope}, by which it gets any other`,
        'P0: has roles/owner over project 1',
        [owner, scoped('logging.write', scope)],
      ],
    ),
    ...['logging.write', 'compute.readonly', 'devstorage.write_only', 'bigquery.insertdata'].map(
      (scope): Case => [`with the scope ${scope} alone`, 'none', [owner, scoped(scope)]],
    ),
    [
      'with scopes for storage, which reads all objects',
      'P3: may read objects of buckets (roles/storage.objectViewer over project 1), within the scopes devstorage.full_control',
      [onProject(binding('roles/storage.objectViewer', AS_SA)), scoped('devstorage.full_control')],
    ],
    [
      'with scopes for BigQuery, which reads all of it',
      'P3: may read data of BigQuery (roles/bigquery.dataViewer over project 1), within the scopes logging.write, bigquery',
      [onProject(binding('roles/bigquery.dataViewer', AS_SA)), scoped('logging.write', 'bigquery')],
    ],
    [
      'with scopes for storage, which reads all secrets',
      'none',
      [onProject(binding('roles/secretmanager.secretAccessor', AS_SA)), scoped('devstorage.read_only')],
    ],
    [
      'with scopes for storage, which may grant',
      'none',
      [onProject(binding('roles/iam.securityAdmin', AS_SA)), scoped('devstorage.read_only')],
    ],
    [
      'with scopes for storage, which rules networks',
      'P4: has roles/compute.networkAdmin over project 1',
      [onProject(binding('roles/compute.networkAdmin', AS_SA)), scoped('devstorage.read_only')],
    ],
    [
      'with scopes for storage, whose role nobody knows',
      'unknown: what role roles/new.admin holds: gcloud iam roles describe roles/new.admin --format=json',
      [onProject(binding('roles/new.admin', AS_SA)), scoped('devstorage.read_only')],
    ],
    [
      'with scopes for storage',
      'P3: has roles/owner over project 1, within the scopes devstorage.read_only',
      [owner, scoped('devstorage.read_only')],
    ],
    [
      'whose policies nobody told',
      'unknown: IAM policies: gcloud asset list --project=PROJECT --content-type=iam-policy --format=json',
      [instance()],
    ],
    ['Cloud Run as its own account', 'P0: has roles/owner over project 1', [owner, run(SA)]],
    [
      'Cloud Run as the default one',
      'P2: has roles/editor over project 1 and may deploy code as its service accounts',
      [
        PROJECT,
        onProject(binding('roles/editor', 'serviceAccount:1-compute@developer.gserviceaccount.com')),
        run(),
      ],
    ],
    [
      'a function as the default one',
      'P2: has roles/editor over project 1 and may deploy code as its service accounts',
      [
        PROJECT,
        onProject(binding('roles/editor', 'serviceAccount:p@appspot.gserviceaccount.com')),
        gcp('gcp-function', '//cloudfunctions.googleapis.com/projects/p/locations/l/functions/f', {
          ingressSettings: 'ALLOW_ALL',
        }),
      ],
    ],
    ...(
      [
        ['a function of the second version', { serviceConfig: {} }, COMPUTE],
        ['a function as its own account', { serviceAccountEmail: SA }, AS_SA],
        [
          'a function of the second version as its own',
          { serviceConfig: { serviceAccountEmail: SA } },
          AS_SA,
        ],
      ] as [string, JsonObject, string][]
    ).map(
      ([title, facts, as]): Case => [
        title,
        'P2: has roles/editor over project 1 and may deploy code as its service accounts',
        [PROJECT, onProject(binding('roles/editor', as)), gcp('gcp-function', FUNCTION, facts)],
      ],
    ),
    [
      'a cluster by the default account of its nodes',
      'P2: has roles/editor over project 1 and may deploy code as its service accounts',
      [
        onProject(binding('roles/editor', COMPUTE)),
        gcp('gcp-gke-cluster', '//container.googleapis.com/projects/p/locations/l/clusters/c', {
          nodeConfig: { serviceAccount: 'default' },
        }),
      ],
    ],
    [
      'whose project is known by its number alone',
      'P2: has roles/editor over project 1 and may deploy code as its service accounts',
      [PROJECT, onProject(binding('roles/editor', COMPUTE)), { ...run(), account: '1' }],
    ],
    [
      'of a project that nobody described',
      'unknown: the service account of api',
      [
        onProject(binding('roles/editor', COMPUTE)),
        { ...run(), account: '7', facts: { id: 'x', ancestors: [] } },
      ],
    ],
    [
      'a function of a project that is known by its number alone',
      'unknown: the service account of f',
      [onProject(binding('roles/editor', COMPUTE)), { ...gcp('gcp-function', FUNCTION), account: '7' }],
    ],
    [
      'a cluster by its nodes',
      'P0: has roles/owner over project 1',
      [
        owner,
        gcp('gcp-gke-cluster', '//container.googleapis.com/projects/p/locations/l/clusters/c', {
          nodeConfig: { serviceAccount: SA },
        }),
      ],
    ],
  ])('%s', (_, privilege, resources) => {
    expect(privilegeIn(...resources)).toBe(privilege);
  });
});

describe('what a member may do by its groups', () => {
  const GROUP = 'group:admins@example.com';
  const grantsOf = (...resources: EstateResource[]) =>
    new GcpPrivileges(new GcpEstate(resources)).grantsOf(AS_SA).map(({ role }) => role);
  const member = (who: string) =>
    gcp('gcp-membership', `${GROUP}/member/${who}`, { group: GROUP, member: who });
  const policy = onProject(binding('roles/owner', GROUP), binding('roles/viewer', AS_SA));

  it('is what those hold that name it', () => {
    expect(grantsOf(policy, member(AS_SA))).toEqual(['roles/viewer', 'roles/owner']);
    expect(grantsOf(policy, member('user:bob@example.com'))).toEqual(['roles/viewer']);
  });
});
