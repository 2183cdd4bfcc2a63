/** What a role lets its holder do, as far as privilege goes (attack-paths §3.3). */
export type GcpAbility =
  /** Everything, grants included. */
  | 'owns'
  /** Nearly everything but grants: also acting as service accounts by what it deploys. */
  | 'edits'
  /** Saying who may do what at its place. */
  | 'grants'
  /** Tokens and keys of service accounts. */
  | 'impersonates'
  /** Letting what one deploys run as a service account … */
  | 'acts-as'
  /** … and deploying. */
  | 'deploys'
  /** Deploying as an account of the service itself, for which nobody has to be allowed to act as it. */
  | 'builds'
  | 'deploys-as-agent'
  | 'reads-buckets'
  | 'reads-datasets'
  | 'reads-secrets'
  | 'decrypts'
  | 'reads-databases'
  /** Network, organisation policies, clusters, logs. */
  | 'controls';

/**
 * Predefined roles that privilege is judged by. Any other that is called a viewer or a reader has none of it. About 47 of
 * them were compared on 2026-11-28 with the permissions that Google lists (iam-dataset, gcp/roles): those that impersonate,
 * deploy, act as accounts or read secrets, the administrators of clusters, keys, firewalls, folders, Cloud SQL and BigQuery,
 * and those who use objects, data sets and registries. The rest are as Google's documentation describes them.
 */
const PREDEFINED: Readonly<Record<string, readonly GcpAbility[]>> = {
  'roles/owner': ['owns'],
  'roles/editor': ['edits', 'reads-datasets', 'deploys', 'acts-as', 'controls'],
  'roles/viewer': [],
  'roles/browser': [],
  'roles/iam.securityAdmin': ['grants'],
  'roles/resourcemanager.projectIamAdmin': ['grants'],
  'roles/resourcemanager.folderIamAdmin': ['grants'],
  'roles/resourcemanager.folderAdmin': ['grants'],
  'roles/resourcemanager.organizationAdmin': ['grants'],
  'roles/iam.roleAdmin': ['grants'],
  'roles/iam.organizationRoleAdmin': ['grants'],
  'roles/iam.serviceAccountTokenCreator': ['impersonates'],
  // Tokens that say who one is open services of one's own, and none of Google.
  'roles/iam.serviceAccountOpenIdTokenCreator': [],
  'roles/iam.workloadIdentityUser': ['impersonates'],
  'roles/iam.serviceAccountKeyAdmin': ['impersonates'],
  'roles/iam.serviceAccountAdmin': ['impersonates'],
  'roles/iam.serviceAccountUser': ['acts-as'],
  'roles/compute.admin': ['deploys', 'controls'],
  'roles/compute.instanceAdmin': ['deploys'],
  'roles/compute.instanceAdmin.v1': ['deploys'],
  'roles/compute.osAdminLogin': ['deploys'],
  'roles/run.admin': ['deploys'],
  'roles/run.developer': ['deploys'],
  'roles/run.invoker': [],
  'roles/cloudfunctions.admin': ['deploys'],
  'roles/cloudfunctions.developer': ['deploys'],
  'roles/cloudfunctions.invoker': [],
  'roles/cloudbuild.builds.editor': ['deploys', 'builds'],
  'roles/deploymentmanager.editor': ['deploys', 'deploys-as-agent'],
  'roles/dataflow.admin': ['deploys', 'reads-buckets'],
  'roles/dataflow.developer': ['deploys', 'builds'],
  'roles/composer.admin': ['deploys'],
  'roles/composer.environmentAndStorageObjectAdmin': ['deploys', 'reads-buckets'],
  'roles/storage.admin': ['reads-buckets'],
  'roles/storage.objectAdmin': ['reads-buckets'],
  'roles/storage.objectUser': ['reads-buckets'],
  'roles/storage.objectViewer': ['reads-buckets'],
  'roles/storage.objectCreator': [],
  'roles/bigquery.admin': ['reads-datasets'],
  'roles/bigquery.dataOwner': ['reads-datasets'],
  'roles/bigquery.dataEditor': ['reads-datasets'],
  'roles/bigquery.dataViewer': ['reads-datasets'],
  'roles/bigquery.jobUser': [],
  'roles/bigquery.user': [],
  'roles/secretmanager.admin': ['reads-secrets'],
  'roles/secretmanager.secretAccessor': ['reads-secrets'],
  'roles/cloudkms.admin': ['controls'],
  'roles/cloudkms.cryptoKeyDecrypter': ['decrypts'],
  'roles/cloudkms.cryptoKeyEncrypterDecrypter': ['decrypts'],
  'roles/cloudkms.cryptoKeyEncrypter': [],
  'roles/cloudsql.admin': ['reads-databases'],
  'roles/cloudsql.client': [],
  'roles/container.admin': ['controls'],
  'roles/container.developer': ['controls'],
  'roles/compute.networkAdmin': ['controls'],
  'roles/compute.securityAdmin': ['controls'],
  'roles/compute.networkUser': [],
  'roles/orgpolicy.policyAdmin': ['controls'],
  'roles/logging.admin': ['controls'],
  'roles/logging.configWriter': ['controls'],
  'roles/logging.logWriter': [],
  'roles/monitoring.admin': [],
  'roles/monitoring.metricWriter': [],
  'roles/cloudtrace.agent': [],
  'roles/artifactregistry.writer': [],
  'roles/artifactregistry.repoAdmin': [],
  'roles/pubsub.admin': [],
  'roles/pubsub.editor': [],
  'roles/pubsub.publisher': [],
  'roles/pubsub.subscriber': [],
  'roles/serviceusage.serviceUsageConsumer': [],
};

/** Permissions that give an ability, for custom roles. */
const BY_PERMISSION: Readonly<Record<string, GcpAbility | readonly GcpAbility[]>> = {
  'resourcemanager.projects.setIamPolicy': 'grants',
  'resourcemanager.folders.setIamPolicy': 'grants',
  'resourcemanager.organizations.setIamPolicy': 'grants',
  'iam.roles.update': 'grants',
  'iam.serviceAccounts.getAccessToken': 'impersonates',
  'iam.serviceAccounts.signBlob': 'impersonates',
  'iam.serviceAccounts.signJwt': 'impersonates',
  'iam.serviceAccounts.implicitDelegation': 'impersonates',
  'iam.serviceAccounts.setIamPolicy': 'impersonates',
  'iam.serviceAccountKeys.create': 'impersonates',
  'iam.serviceAccounts.actAs': 'acts-as',
  'compute.instances.create': 'deploys',
  'compute.instances.setMetadata': 'deploys',
  'compute.instances.setServiceAccount': 'deploys',
  'compute.instances.osAdminLogin': 'deploys',
  'run.services.create': 'deploys',
  'run.services.update': 'deploys',
  'run.jobs.create': 'deploys',
  'run.jobs.update': 'deploys',
  'run.workerpools.create': 'deploys',
  'run.workerpools.update': 'deploys',
  'cloudfunctions.functions.create': 'deploys',
  'cloudfunctions.functions.update': 'deploys',
  'cloudbuild.builds.create': ['deploys', 'builds'],
  'deploymentmanager.deployments.create': ['deploys', 'deploys-as-agent'],
  'dataflow.jobs.create': 'deploys',
  'composer.environments.create': 'deploys',
  'storage.objects.get': 'reads-buckets',
  'bigquery.tables.getData': 'reads-datasets',
  'secretmanager.versions.access': 'reads-secrets',
  'cloudkms.cryptoKeyVersions.useToDecrypt': 'decrypts',
  'orgpolicy.policy.set': 'controls',
  'compute.firewalls.update': 'controls',
};

/** What a role allows; undefined for a predefined one that is not in the table, or a custom one that nobody described. */
export function abilitiesOfRole(
  role: string,
  custom: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<GcpAbility> | undefined {
  if (Object.hasOwn(PREDEFINED, role)) return new Set(PREDEFINED[role]);
  const permissions = custom.get(role);
  if (permissions !== undefined)
    return new Set(
      permissions.flatMap((each) =>
        Object.hasOwn(BY_PERMISSION, each) ? (BY_PERMISSION[each] as GcpAbility | readonly GcpAbility[]) : [],
      ),
    );
  return role.startsWith('roles/') && /(?:viewer|reader|serviceagent)$/i.test(role) ? new Set() : undefined;
}

/** Permissions without which nobody has an ability; empty where no list of them is whole. */
export function permissionsFor(ability: GcpAbility): readonly string[] {
  return Object.entries(BY_PERMISSION).flatMap(([permission, given]) =>
    given === ability || given.includes(ability) ? [permission] : [],
  );
}
