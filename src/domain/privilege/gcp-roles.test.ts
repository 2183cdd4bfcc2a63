import { describe, expect, it } from 'vitest';
import { abilitiesOfRole } from './gcp-roles.ts';

const ROLE = 'projects/p/roles/own';
const told = (...permissions: readonly string[]): string =>
  [...(abilitiesOfRole(ROLE, new Map([[ROLE, permissions]])) ?? ['nothing known'])].join(', ');

/** Of a role of one's own that has this permission alone (attack-paths §3.3). */
const PERMISSIONS: readonly (readonly [permission: string, gives: string])[] = [
  ['resourcemanager.projects.setIamPolicy', 'grants'],
  ['resourcemanager.folders.setIamPolicy', 'grants'],
  ['resourcemanager.organizations.setIamPolicy', 'grants'],
  ['iam.roles.update', 'grants'],
  ['iam.serviceAccounts.getAccessToken', 'impersonates'],
  ['iam.serviceAccounts.signBlob', 'impersonates'],
  ['iam.serviceAccounts.signJwt', 'impersonates'],
  ['iam.serviceAccounts.implicitDelegation', 'impersonates'],
  ['iam.serviceAccounts.setIamPolicy', 'impersonates'],
  ['iam.serviceAccountKeys.create', 'impersonates'],
  ['iam.serviceAccounts.actAs', 'acts-as'],
  ['compute.instances.create', 'deploys'],
  ['compute.instances.setMetadata', 'deploys'],
  ['compute.instances.setServiceAccount', 'deploys'],
  ['compute.instances.osLogin', 'deploys'],
  ['compute.instances.osAdminLogin', 'deploys'],
  ['compute.projects.setCommonInstanceMetadata', 'deploys'],
  ['run.services.create', 'deploys'],
  ['run.services.update', 'deploys'],
  ['run.jobs.create', 'deploys'],
  ['run.jobs.update', 'deploys'],
  ['run.workerpools.create', 'deploys'],
  ['run.workerpools.update', 'deploys'],
  ['cloudfunctions.functions.create', 'deploys'],
  ['cloudfunctions.functions.update', 'deploys'],
  ['cloudbuild.builds.create', 'deploys, builds'],
  ['deploymentmanager.deployments.create', 'deploys, deploys-as-agent'],
  ['deploymentmanager.deployments.update', 'deploys, deploys-as-agent'],
  ['dataflow.jobs.create', 'deploys'],
  ['composer.environments.create', 'deploys'],
  ['composer.environments.update', 'deploys'],
  ['cloudscheduler.jobs.create', 'deploys'],
  ['cloudscheduler.jobs.update', 'deploys'],
  ['dataproc.clusters.create', 'deploys'],
  ['workflows.workflows.create', 'deploys'],
  ['workflows.workflows.update', 'deploys'],
  ['notebooks.instances.create', 'deploys'],
  ['aiplatform.customJobs.create', 'deploys'],
  ['storage.objects.get', 'reads-buckets'],
  ['bigquery.tables.getData', 'reads-datasets'],
  ['secretmanager.versions.access', 'reads-secrets'],
  ['cloudkms.cryptoKeyVersions.useToDecrypt', 'decrypts'],
  ['cloudsql.instances.export', 'exports-databases'],
  ['cloudsql.users.create', 'reads-databases'],
  ['cloudsql.users.update', 'reads-databases'],
  ['cloudkms.cryptoKeys.setIamPolicy', 'controls'],
  ['cloudkms.keyRings.setIamPolicy', 'controls'],
  ['orgpolicy.policy.set', 'controls'],
  ['compute.firewalls.update', 'controls'],
  ['storage.buckets.setIamPolicy', 'reads-buckets'],
  ['storage.managedFolders.setIamPolicy', 'reads-buckets'],
  ['storage.objects.setIamPolicy', 'reads-buckets'],
  ['bigquery.datasets.setIamPolicy', 'reads-datasets'],
  ['bigquery.tables.setIamPolicy', 'reads-datasets'],
  ['secretmanager.secrets.setIamPolicy', 'reads-secrets'],
  ['compute.instances.setIamPolicy', 'deploys'],
  ['run.services.setIamPolicy', 'deploys'],
  ['run.jobs.setIamPolicy', 'deploys'],
  ['cloudfunctions.functions.setIamPolicy', 'deploys'],
];

describe('a role of one’s own', () => {
  it.each<readonly [string, string]>([
    ...PERMISSIONS,
    ['iam.serviceAccounts.getOpenIdToken', ''],
    ['iam.serviceAccounts.get', ''],
    ['iam.roles.create', ''],
    ['compute.instances.list', ''],
    ['storage.objects.list', ''],
    ['resourcemanager.projects.getIamPolicy', ''],
  ])('with %s', (permission, gives) => {
    expect(told(permission)).toBe(gives);
  });

  it('has what all its permissions give', () => {
    expect(told('iam.serviceAccounts.actAs', 'run.services.create', 'storage.objects.get')).toBe(
      'acts-as, deploys, reads-buckets',
    );
  });

  it('that nobody described is not known', () => {
    expect(abilitiesOfRole(ROLE, new Map())).toBeUndefined();
  });

  it.each(PERMISSIONS)('has nothing by %s where that is denied', (permission) => {
    const custom = new Map([[ROLE, [permission]]]);
    expect([...(abilitiesOfRole(ROLE, custom, (each) => each === permission) ?? ['?'])]).toEqual([]);
  });
});

/** As Google describes its roles. */
const ROLES: readonly (readonly [role: string, gives: string])[] = [
  ['roles/owner', 'owns'],
  ['roles/editor', 'edits, reads-datasets, deploys, acts-as, controls'],
  ['roles/viewer', 'exports-databases'],
  ['roles/browser', ''],
  ['roles/iam.securityAdmin', 'grants'],
  ['roles/resourcemanager.projectIamAdmin', 'grants'],
  ['roles/resourcemanager.folderIamAdmin', 'grants'],
  ['roles/resourcemanager.folderAdmin', 'grants'],
  ['roles/resourcemanager.organizationAdmin', 'grants'],
  ['roles/iam.roleAdmin', 'grants'],
  ['roles/iam.organizationRoleAdmin', 'grants'],
  ['roles/iam.serviceAccountTokenCreator', 'impersonates'],
  ['roles/iam.serviceAccountOpenIdTokenCreator', ''],
  ['roles/iam.workloadIdentityUser', 'impersonates'],
  ['roles/iam.serviceAccountKeyAdmin', 'impersonates'],
  ['roles/iam.serviceAccountAdmin', 'impersonates'],
  ['roles/iam.serviceAccountUser', 'acts-as'],
  ['roles/compute.admin', 'deploys, controls'],
  ['roles/compute.instanceAdmin', 'deploys'],
  ['roles/compute.instanceAdmin.v1', 'deploys'],
  ['roles/compute.osLogin', 'deploys'],
  ['roles/compute.osAdminLogin', 'deploys'],
  ['roles/run.admin', 'deploys'],
  ['roles/run.developer', 'deploys'],
  ['roles/run.invoker', ''],
  ['roles/cloudfunctions.admin', 'deploys'],
  ['roles/cloudfunctions.developer', 'deploys'],
  ['roles/cloudfunctions.invoker', ''],
  ['roles/cloudbuild.builds.editor', 'deploys, builds'],
  ['roles/deploymentmanager.editor', 'deploys, deploys-as-agent'],
  ['roles/dataflow.admin', 'deploys, reads-buckets'],
  ['roles/dataflow.developer', 'deploys, builds'],
  ['roles/composer.admin', 'deploys'],
  ['roles/composer.environmentAndStorageObjectAdmin', 'deploys, reads-buckets'],
  ['roles/storage.admin', 'reads-buckets'],
  ['roles/storage.objectAdmin', 'reads-buckets'],
  ['roles/storage.objectUser', 'reads-buckets'],
  ['roles/storage.objectViewer', 'reads-buckets'],
  ['roles/storage.objectCreator', ''],
  ['roles/storage.legacyBucketOwner', 'reads-buckets'],
  ['roles/storage.legacyBucketWriter', ''],
  ['roles/storage.legacyObjectOwner', 'reads-buckets'],
  ['roles/storage.legacyObjectReader', 'reads-buckets'],
  ['roles/bigquery.admin', 'reads-datasets'],
  ['roles/bigquery.dataOwner', 'reads-datasets'],
  ['roles/bigquery.dataEditor', 'reads-datasets'],
  ['roles/bigquery.dataViewer', 'reads-datasets'],
  ['roles/bigquery.jobUser', ''],
  ['roles/bigquery.user', ''],
  ['roles/secretmanager.admin', 'reads-secrets'],
  ['roles/secretmanager.secretAccessor', 'reads-secrets'],
  ['roles/cloudkms.admin', 'controls'],
  ['roles/cloudkms.cryptoKeyDecrypter', 'decrypts'],
  ['roles/cloudkms.cryptoKeyEncrypterDecrypter', 'decrypts'],
  ['roles/cloudkms.cryptoKeyEncrypter', ''],
  ['roles/cloudsql.admin', 'reads-databases'],
  ['roles/cloudsql.editor', 'exports-databases'],
  ['roles/cloudsql.viewer', 'exports-databases'],
  ['roles/cloudsql.client', ''],
  ['roles/container.admin', 'controls'],
  ['roles/container.developer', 'controls'],
  ['roles/compute.networkAdmin', 'controls'],
  ['roles/compute.securityAdmin', 'controls'],
  ['roles/compute.networkUser', ''],
  ['roles/orgpolicy.policyAdmin', 'controls'],
  ['roles/logging.admin', 'controls'],
  ['roles/logging.configWriter', 'controls'],
  ['roles/logging.logWriter', ''],
  ['roles/monitoring.admin', ''],
  ['roles/monitoring.metricWriter', ''],
  ['roles/cloudtrace.agent', ''],
  ['roles/artifactregistry.writer', ''],
  ['roles/artifactregistry.repoAdmin', ''],
  ['roles/pubsub.admin', ''],
  ['roles/pubsub.editor', ''],
  ['roles/pubsub.publisher', ''],
  ['roles/pubsub.subscriber', ''],
  ['roles/serviceusage.serviceUsageConsumer', ''],
];

describe('predefined roles', () => {
  it.each(ROLES)('%s', (role, gives) => {
    expect([...(abilitiesOfRole(role, new Map()) ?? ['nothing known'])].join(', ')).toBe(gives);
  });

  it.each([
    ['roles/pubsub.viewer', []],
    ['roles/artifactregistry.reader', []],
    ['roles/new.admin', undefined],
    ['projects/p/roles/viewer', undefined],
  ])('%s, which is not among them', (role, abilities) => {
    const found = abilitiesOfRole(role, new Map());
    expect(found === undefined ? undefined : [...found]).toEqual(abilities);
  });
});

describe('an owner from whom a deny policy takes something', () => {
  const without = (denied: readonly string[], setPolicy?: string) => {
    const isDenied = (permission: string) => denied.includes(permission);
    const left = abilitiesOfRole('roles/owner', new Map(), isDenied, setPolicy);
    return (['owns', 'grants', 'edits', 'impersonates', 'reads-secrets'] as const).filter((each) =>
      left?.has(each),
    );
  };
  const GRANTS = 'resourcemanager.projects.setIamPolicy';

  it('owns nothing without the right to say who may do what there, and keeps the rest', () => {
    expect(without([])).toEqual(['owns']);
    expect(without(['secretmanager.versions.access'])).toEqual(['owns']);
    expect(without([GRANTS])).toEqual(['edits', 'impersonates', 'reads-secrets']);
    expect(without([GRANTS, 'secretmanager.versions.access'])).toEqual(['edits', 'impersonates']);
    expect(without([GRANTS], 'resourcemanager.folders.setIamPolicy')).toEqual(['owns']);
  });

  it('edits nothing without the right to act as accounts', () => {
    expect(without([GRANTS, 'iam.serviceAccounts.actAs'])).toEqual(['impersonates', 'reads-secrets']);
    const editor = abilitiesOfRole('roles/editor', new Map(), (each) => each === 'iam.serviceAccounts.actAs');
    expect([...(editor ?? [])]).not.toContain('edits');
  });
});
