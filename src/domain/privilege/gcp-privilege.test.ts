import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { binding, gcp, iamPolicy, ORGANIZATION_NAME, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateGcpEstate } from '../risk/evaluate-gcp-estate.ts';

const SA = 'sa@p.iam.gserviceaccount.com';
const AS_SA = `serviceAccount:${SA}`;
const ACCOUNT = gcp('gcp-service-account', '//iam.googleapis.com/projects/p/serviceAccounts/1', {
  email: SA,
});
const ADA = gcp('gcp-user', 'user:ada@example.com', { member: 'user:ada@example.com' });
const ADMINS = gcp('gcp-group', 'group:admins@example.com', { member: 'group:admins@example.com' });
const onProject = (...bindings: Parameters<typeof iamPolicy>[1][]) => iamPolicy(PROJECT_NAME, ...bindings);

const SECRETS = onProject(binding('roles/secretmanager.secretAccessor', 'user:ada@example.com'));
const deny = (rule: JsonObject, of: string = PROJECT_NAME) =>
  gcp('gcp-deny-policy', '//iam.googleapis.com/policies/x/denypolicies/d', {
    of,
    rules: [
      {
        deniedPrincipals: ['principalSet://goog/public:all'],
        deniedPermissions: ['secretmanager.googleapis.com/versions.*'],
        ...rule,
      },
    ],
  });
const MEMBER_OF = (member: string) =>
  gcp('gcp-membership', `group:admins@example.com/member/${member}`, {
    group: 'group:admins@example.com',
    member,
  });

/** `P0: why`, `none`, `unknown: what is missing`, of the last asset. */
function privilegeIn(...resources: readonly EstateResource[]): string {
  const risks = evaluateGcpEstate(resources).get(resources.at(-1)?.key ?? '');
  const { level, reasons } = risks?.privilege ?? { level: 'no answer', reasons: [] };
  if (level === 'unknown') return `unknown: ${risks?.privilegedAccess.missing.join('; ')}`;
  return reasons.length === 0 ? level : `${level}: ${reasons[0]}`;
}

const ownRole = (...includedPermissions: string[]) =>
  gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
    name: 'projects/p/roles/r',
    includedPermissions,
  });

type Case = [title: string, privilege: string, resources: readonly EstateResource[]];

describe('a principal', () => {
  it.each<Case>([
    [
      'that owns the project',
      'P0: has roles/owner over project 1',
      [onProject(binding('roles/owner', 'user:Ada@example.com'))],
    ],
    [
      'that owns the organisation',
      'P0: has roles/owner over organization 3',
      [iamPolicy(ORGANIZATION_NAME, binding('roles/owner', 'user:ada@example.com'))],
    ],
    [
      'that may grant',
      'P1: has roles/resourcemanager.projectIamAdmin over project 1 and may give itself every role there',
      [onProject(binding('roles/resourcemanager.projectIamAdmin', 'user:ada@example.com'))],
    ],
    [
      'that is security admin of the organisation',
      'P1: has roles/iam.securityAdmin over organization 3 and may give itself every role there',
      [iamPolicy(ORGANIZATION_NAME, binding('roles/iam.securityAdmin', 'user:ada@example.com'))],
    ],
    [
      'that edits',
      'P2: has roles/editor over project 1 and may deploy code as its service accounts',
      [onProject(binding('roles/editor', 'user:ada@example.com'))],
    ],
    [
      'that takes tokens of an owner',
      `P2: may take a token of ${SA} (roles/iam.serviceAccountTokenCreator over ${SA}), which is P0`,
      [
        ACCOUNT,
        onProject(binding('roles/owner', AS_SA)),
        iamPolicy(
          '//iam.googleapis.com/projects/p/serviceAccounts/1',
          binding('roles/iam.serviceAccountTokenCreator', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that takes tokens of all, one of them an owner',
      `P2: may take a token of ${SA} (roles/iam.serviceAccountTokenCreator over project 1), which is P0`,
      [
        ACCOUNT,
        onProject(
          binding('roles/owner', AS_SA),
          binding('roles/iam.serviceAccountTokenCreator', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that may take tokens of an owner, of which nobody gets any: it is turned off',
      'none',
      [
        { ...ACCOUNT, facts: { ...ACCOUNT.facts, disabled: true } },
        onProject(
          binding('roles/owner', AS_SA),
          binding('roles/iam.serviceAccountTokenCreator', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that takes tokens of nobody special',
      'none',
      [ACCOUNT, onProject(binding('roles/iam.serviceAccountTokenCreator', 'user:ada@example.com'))],
    ],
    [
      'that takes tokens of one that reads all secrets',
      `P3: may take a token of ${SA} (roles/iam.serviceAccountTokenCreator over project 1), which is P3`,
      [
        ACCOUNT,
        onProject(
          binding('roles/secretmanager.secretAccessor', AS_SA),
          binding('roles/iam.serviceAccountTokenCreator', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that uses a service account and deploys',
      `P2: may deploy code as ${SA} (roles/iam.serviceAccountUser over project 1), which is P0`,
      [
        ACCOUNT,
        onProject(
          binding('roles/owner', AS_SA),
          binding('roles/iam.serviceAccountUser', 'user:ada@example.com'),
          binding('roles/run.admin', 'user:ada@example.com'),
        ),
      ],
    ],
    ...[
      'compute.instances.setServiceAccount',
      'compute.instances.osAdminLogin',
      'compute.instances.osLogin',
      'compute.projects.setCommonInstanceMetadata',
      'cloudscheduler.jobs.create',
      'run.jobs.create',
      'run.jobs.update',
      'run.workerpools.create',
      'run.workerpools.update',
    ].map(
      (permission): Case => [
        `that uses a service account and may deploy by a role of its own (${permission})`,
        `P2: may deploy code as ${SA} (roles/iam.serviceAccountUser over project 1), which is P0`,
        [
          ACCOUNT,
          gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
            name: 'projects/p/roles/r',
            includedPermissions: [permission],
          }),
          onProject(
            binding('roles/owner', AS_SA),
            binding('roles/iam.serviceAccountUser', 'user:ada@example.com'),
            binding('projects/p/roles/r', 'user:ada@example.com'),
          ),
        ],
      ],
    ),
    ...['roles/compute.instanceAdmin.v1', 'roles/cloudfunctions.admin', 'roles/cloudbuild.builds.editor'].map(
      (role): Case => [
        `that deploys (${role}), which lets it act as no account`,
        'none',
        [ACCOUNT, onProject(binding('roles/owner', AS_SA), binding(role, 'user:ada@example.com'))],
      ],
    ),
    [
      'that builds, as the account of builds, which may edit',
      'P2: may deploy code as 1@cloudbuild.gserviceaccount.com (roles/cloudbuild.builds.editor over project 1), which is P2',
      [
        onProject(
          binding('roles/editor', 'serviceAccount:1@cloudbuild.gserviceaccount.com'),
          binding('roles/cloudbuild.builds.editor', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that deploys as the agent of the project, which may edit',
      'P2: may deploy code as 1@cloudservices.gserviceaccount.com (roles/deploymentmanager.editor over project 1), which is P2',
      [
        onProject(
          binding('roles/editor', 'serviceAccount:1@cloudservices.gserviceaccount.com'),
          binding('roles/deploymentmanager.editor', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that builds, where the account of builds may edit another project',
      'none',
      [
        iamPolicy(
          '//cloudresourcemanager.googleapis.com/projects/2',
          binding('roles/editor', 'serviceAccount:1@cloudbuild.gserviceaccount.com'),
        ),
        onProject(binding('roles/cloudbuild.builds.editor', 'user:ada@example.com')),
      ],
    ],
    [
      'that proves who a service account is, and is not it',
      'none',
      [
        ACCOUNT,
        onProject(
          binding('roles/owner', AS_SA),
          binding('roles/iam.serviceAccountOpenIdTokenCreator', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that rules what runs in clusters',
      'P4: has roles/container.developer over project 1',
      [onProject(binding('roles/container.developer', 'user:ada@example.com'))],
    ],
    [
      'that runs pipelines over all buckets',
      'P3: may read objects of buckets (roles/dataflow.admin over project 1)',
      [onProject(binding('roles/dataflow.admin', 'user:ada@example.com'))],
    ],
    [
      'that is a member of a group, as its list says',
      'P0: has roles/owner over project 1 (as a member of a group)',
      [
        ADMINS,
        onProject(binding('roles/owner', 'group:admins@example.com')),
        MEMBER_OF('user:ada@example.com'),
      ],
    ],
    [
      'that is no member of a group whose list is told',
      'none',
      [
        ADMINS,
        onProject(binding('roles/owner', 'group:admins@example.com')),
        MEMBER_OF('user:bob@example.com'),
      ],
    ],
    [
      'that a deny policy keeps from secrets',
      'none',
      [SECRETS, deny({ deniedPrincipals: ['principal://goog/subject/ada@example.com'] })],
    ],
    [
      'that one of two kinds of permission keeps from secrets',
      'none',
      [
        SECRETS,
        deny({
          deniedPermissions: [
            'storage.googleapis.com/objects.get',
            'secretmanager.googleapis.com/versions.access',
          ],
        }),
      ],
    ],
    [
      'that a deny policy of the organisation keeps from secrets, as everybody',
      'none',
      [SECRETS, deny({ deniedPrincipals: ['principalSet://goog/public:all'] }, ORGANIZATION_NAME)],
    ],
    ...(
      [
        ['of another project', {}, '//cloudresourcemanager.googleapis.com/projects/2'],
        ['of another permission', { deniedPermissions: ['storage.googleapis.com/objects.get'] }],
        [
          'of a permission that it excepts',
          {
            exceptionPermissions: ['secretmanager.googleapis.com/versions.access'],
          },
        ],
        ['for somebody else', { deniedPrincipals: ['principal://goog/subject/bob@example.com'] }],
        ['that excepts it', { exceptionPrincipals: ['principal://goog/subject/ada@example.com'] }],
        ['that excepts a group', { exceptionPrincipals: ['principalSet://goog/group/admins@example.com'] }],
        ['under a condition', { condition: "resource.matchTag('1/env', 'prod')" }],
      ] as [string, JsonObject, string?][]
    ).map(
      ([title, rule, of]): Case => [
        `that a deny policy ${title} keeps from nothing`,
        'P3: may read secrets (roles/secretmanager.secretAccessor over project 1)',
        [SECRETS, deny(rule, of)],
      ],
    ),
    [
      'that uses one and deploys nothing',
      'none',
      [
        ACCOUNT,
        onProject(
          binding('roles/owner', AS_SA),
          binding('roles/iam.serviceAccountUser', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'that deploys and uses none',
      'none',
      [
        ACCOUNT,
        onProject(binding('roles/owner', AS_SA), binding('roles/run.developer', 'user:ada@example.com')),
      ],
    ],
    [
      'that reads all secrets',
      'P3: may read secrets (roles/secretmanager.secretAccessor over project 1)',
      [onProject(binding('roles/secretmanager.secretAccessor', 'user:ada@example.com'))],
    ],
    [
      'that reads all of BigQuery',
      'P3: may read data of BigQuery (roles/bigquery.dataViewer over project 1)',
      [onProject(binding('roles/bigquery.dataViewer', 'user:ada@example.com'))],
    ],
    [
      'that decrypts with all keys',
      'P3: may read what keys of KMS protect (roles/cloudkms.cryptoKeyDecrypter over project 1)',
      [onProject(binding('roles/cloudkms.cryptoKeyDecrypter', 'user:ada@example.com'))],
    ],
    [
      'that rules organisation policies',
      'P4: has roles/orgpolicy.policyAdmin over organization 3',
      [iamPolicy(ORGANIZATION_NAME, binding('roles/orgpolicy.policyAdmin', 'user:ada@example.com'))],
    ],
    [
      'that views',
      'none',
      [
        onProject(
          binding('roles/viewer', 'user:ada@example.com'),
          binding('roles/newservice.viewer', 'user:ada@example.com'),
        ),
      ],
    ],
    [
      'with a custom role that may grant',
      'P1: has projects/p/roles/r over project 1 and may give itself every role there',
      [
        gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
          name: 'projects/p/roles/r',
          includedPermissions: ['resourcemanager.projects.setIamPolicy'],
        }),
        onProject(binding('projects/p/roles/r', 'user:ada@example.com')),
      ],
    ],
    ...(
      [
        ['objects of buckets', 'storage.buckets.setIamPolicy'],
        ['objects of buckets', 'storage.managedFolders.setIamPolicy'],
        ['objects of buckets', 'storage.objects.setIamPolicy'],
        ['data of BigQuery', 'bigquery.datasets.setIamPolicy'],
        ['data of BigQuery', 'bigquery.tables.setIamPolicy'],
        ['secrets', 'secretmanager.secrets.setIamPolicy'],
        ['databases of Cloud SQL', 'cloudsql.users.create'],
        ['databases of Cloud SQL', 'cloudsql.users.update'],
      ] as const
    ).map(
      ([what, permission]): Case => [
        `with a role of its own that lets it give itself data (${permission})`,
        `P3: may read ${what} (projects/p/roles/r over project 1)`,
        [ownRole(permission), onProject(binding('projects/p/roles/r', 'user:ada@example.com'))],
      ],
    ),
    ...(
      [
        ['none', ['secretmanager.googleapis.com/secrets.setIamPolicy'], 'which is denied'],
        ['none', ['secretmanager.googleapis.com/versions.access'], 'of no use where reading is denied'],
        [
          'P3: may read secrets (projects/p/roles/r over project 1)',
          ['secretmanager.googleapis.com/secrets.delete'],
          'and denied is something else',
        ],
      ] as const
    ).map(
      ([privilege, deniedPermissions, title]): Case => [
        `with a role of its own that lets it give itself secrets, ${title}`,
        privilege,
        [
          ownRole('secretmanager.secrets.setIamPolicy'),
          onProject(binding('projects/p/roles/r', 'user:ada@example.com')),
          deny({ deniedPermissions: [...deniedPermissions] }),
        ],
      ],
    ),
    ...['compute.instances', 'run.services', 'run.jobs', 'cloudfunctions.functions'].map(
      (kind): Case => [
        `that uses a service account and may let itself deploy (${kind}.setIamPolicy)`,
        `P2: may deploy code as ${SA} (roles/iam.serviceAccountUser over project 1), which is P0`,
        [
          ACCOUNT,
          ownRole(`${kind}.setIamPolicy`),
          onProject(
            binding('roles/owner', AS_SA),
            binding('roles/iam.serviceAccountUser', 'user:ada@example.com'),
            binding('projects/p/roles/r', 'user:ada@example.com'),
          ),
        ],
      ],
    ),
    ...['cloudkms.cryptoKeys.setIamPolicy', 'cloudkms.keyRings.setIamPolicy'].map(
      (permission): Case => [
        `with a role of its own that says who uses keys (${permission})`,
        'P4: has projects/p/roles/r over project 1',
        [ownRole(permission), onProject(binding('projects/p/roles/r', 'user:ada@example.com'))],
      ],
    ),
    ...['roles/viewer', 'roles/cloudsql.viewer', 'roles/cloudsql.editor', 'projects/p/roles/r'].map(
      (role): Case => [
        `that may export databases (${role})`,
        `P3: may export databases of Cloud SQL (${role} over project 1)`,
        [
          ownRole('cloudsql.instances.export'),
          gcp('gcp-sql-instance', '//cloudsql.googleapis.com/projects/p/instances/db'),
          onProject(binding(role, 'user:ada@example.com')),
        ],
      ],
    ),
    [
      'that may export databases of a project without any',
      'none',
      [
        gcp('gcp-sql-instance', '//cloudsql.googleapis.com/projects/q/instances/db', {
          ancestors: ['projects/2', 'organizations/3'],
        }),
        onProject(binding('roles/cloudsql.viewer', 'user:ada@example.com')),
      ],
    ],
    ...[
      ['roles/storage.legacyBucketOwner', 'P3: may read objects of buckets (%s over b)'],
      ['roles/storage.legacyObjectReader', 'P3: may read objects of buckets (%s over b)'],
      ['roles/storage.legacyObjectOwner', 'P3: may read objects of buckets (%s over b)'],
      ['roles/storage.legacyBucketReader', 'none'],
      ['roles/storage.legacyBucketWriter', 'none'],
    ].map(
      ([role = '', privilege = '']): Case => [
        `with ${role} of the one bucket that there is`,
        privilege.replace('%s', role),
        [
          gcp('gcp-bucket', '//storage.googleapis.com/b'),
          iamPolicy('//storage.googleapis.com/b', binding(role, 'user:ada@example.com')),
        ],
      ],
    ),
    [
      'with a role of one of the agents of Google',
      'unknown: what role roles/dataflow.serviceAgent holds: gcloud iam roles describe roles/dataflow.serviceAgent --format=json',
      [onProject(binding('roles/dataflow.serviceAgent', 'user:ada@example.com'))],
    ],
    [
      'with a role that nobody knows',
      'unknown: what role roles/new.admin holds: gcloud iam roles describe roles/new.admin --format=json',
      [onProject(binding('roles/new.admin', 'user:ada@example.com'))],
    ],
    [
      'while nobody told policies',
      'unknown: IAM policies: gcloud asset list --project=PROJECT --content-type=iam-policy --format=json',
      [],
    ],
    [
      'while members of a privileged group are not known',
      'unknown: the members of group admins@example.com: gcloud identity groups memberships list --group-email=admins@example.com --format=json > memberships-admins@example.com.json',
      [ADMINS, onProject(binding('roles/owner', 'group:admins@example.com'))],
    ],
  ])('%s', (_, privilege, resources) => {
    expect(privilegeIn(...resources, ADA)).toBe(privilege);
  });

  it('that reads one secret of two is privileged where that one is tagged sensitive', () => {
    const secret = (name: string, tags = {}) => ({
      ...gcp('gcp-secret', `//secretmanager.googleapis.com/projects/1/secrets/${name}`),
      tags,
    });
    const grant = iamPolicy(
      '//secretmanager.googleapis.com/projects/1/secrets/a',
      binding('roles/secretmanager.secretAccessor', 'user:ada@example.com'),
    );
    expect(privilegeIn(secret('a'), secret('b'), grant, ADA)).toBe('none');
    expect(privilegeIn(secret('a', { pci: 'true' }), secret('b'), grant, ADA)).toBe(
      'P3: may read secrets (roles/secretmanager.secretAccessor over a)',
    );
  });

  it('that is a group, a service account, or a workload of a cluster', () => {
    expect(privilegeIn(onProject(binding('roles/owner', 'group:admins@example.com')), ADMINS)).toBe(
      'P0: has roles/owner over project 1',
    );
    expect(privilegeIn(onProject(binding('roles/owner', AS_SA)), ACCOUNT)).toBe(
      'P0: has roles/owner over project 1',
    );
    const secretsOf = (account: string) =>
      privilegeIn(
        onProject(binding('roles/secretmanager.secretAccessor', AS_SA)),
        deny({ deniedPrincipals: [`principal://iam.googleapis.com/projects/-/serviceAccounts/${account}`] }),
        ACCOUNT,
      );
    expect(secretsOf(SA)).toBe('none');
    expect(secretsOf('other@p.iam.gserviceaccount.com')).toMatch(/^P3/);
    expect(
      privilegeIn(onProject(binding('roles/owner', AS_SA)), {
        ...ACCOUNT,
        facts: { ...ACCOUNT.facts, disabled: true },
      }),
    ).toBe('none');
    const member = 'serviceAccount:p.svc.id.goog[shop/web]';
    expect(
      privilegeIn(
        ACCOUNT,
        onProject(binding('roles/owner', AS_SA)),
        iamPolicy(
          '//iam.googleapis.com/projects/p/serviceAccounts/1',
          binding('roles/iam.workloadIdentityUser', member),
        ),
        gcp('gcp-workload-identity', member, { member }),
      ),
    ).toBe(`P2: may take a token of ${SA} (roles/iam.workloadIdentityUser over ${SA}), which is P0`);
  });
});
