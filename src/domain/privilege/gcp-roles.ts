import { addToList } from '#base/list-map.ts';

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
  /** Copying databases to a bucket, which may be somebody else's. */
  | 'exports-databases'
  /** Network, organisation policies, clusters, logs. */
  | 'controls';

/**
 * Predefined roles that privilege is judged by. Any other that is called a viewer or a reader has none of it. Two thirds of
 * them were compared on 2026-11-28 and 29 with the permissions that Google lists (iam-dataset, gcp/roles): the basic ones, those that
 * impersonate, deploy, act as accounts or read data, and the administrators of roles, folders, clusters, keys, firewalls, logs, topics,
 * Cloud SQL and BigQuery. The rest are as Google's documentation describes them.
 */
const PREDEFINED: Readonly<Record<string, readonly GcpAbility[]>> = {
  'roles/owner': ['owns'],
  'roles/editor': ['edits', 'reads-datasets', 'deploys', 'acts-as', 'controls'],
  'roles/viewer': ['exports-databases'],
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
  'roles/compute.osLogin': ['deploys'],
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
  'roles/storage.legacyBucketOwner': ['reads-buckets'],
  'roles/storage.legacyBucketWriter': [],
  'roles/storage.legacyObjectOwner': ['reads-buckets'],
  'roles/storage.legacyObjectReader': ['reads-buckets'],
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
  'roles/cloudsql.editor': ['exports-databases'],
  'roles/cloudsql.viewer': ['exports-databases'],
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
  'compute.instances.osLogin': 'deploys',
  'compute.instances.osAdminLogin': 'deploys',
  'compute.projects.setCommonInstanceMetadata': 'deploys',
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
  'deploymentmanager.deployments.update': ['deploys', 'deploys-as-agent'],
  'dataflow.jobs.create': 'deploys',
  'composer.environments.create': 'deploys',
  'composer.environments.update': 'deploys',
  'cloudscheduler.jobs.create': 'deploys',
  'cloudscheduler.jobs.update': 'deploys',
  'dataproc.clusters.create': 'deploys',
  'workflows.workflows.create': 'deploys',
  'workflows.workflows.update': 'deploys',
  'notebooks.instances.create': 'deploys',
  'aiplatform.customJobs.create': 'deploys',
  'storage.objects.get': 'reads-buckets',
  'bigquery.tables.getData': 'reads-datasets',
  'secretmanager.versions.access': 'reads-secrets',
  'cloudkms.cryptoKeyVersions.useToDecrypt': 'decrypts',
  'cloudsql.instances.export': 'exports-databases',
  'cloudsql.users.create': 'reads-databases',
  'cloudsql.users.update': 'reads-databases',
  // Who may do what with keys is the control plane's, as for the administrator of KMS.
  'cloudkms.cryptoKeys.setIamPolicy': 'controls',
  'cloudkms.keyRings.setIamPolicy': 'controls',
  'orgpolicy.policy.set': 'controls',
  'compute.firewalls.update': 'controls',
};

/**
 * Saying who may do what with a store, or with what runs: whoever may may give itself the ability in one call. It is of
 * no use where the ability itself is denied.
 */
const BY_OWN_GRANT: Readonly<Record<string, GcpAbility>> = {
  'storage.buckets.setIamPolicy': 'reads-buckets',
  'storage.managedFolders.setIamPolicy': 'reads-buckets',
  'storage.objects.setIamPolicy': 'reads-buckets',
  'bigquery.datasets.setIamPolicy': 'reads-datasets',
  'bigquery.tables.setIamPolicy': 'reads-datasets',
  'secretmanager.secrets.setIamPolicy': 'reads-secrets',
  'compute.instances.setIamPolicy': 'deploys',
  'run.services.setIamPolicy': 'deploys',
  'run.jobs.setIamPolicy': 'deploys',
  'cloudfunctions.functions.setIamPolicy': 'deploys',
};

/**
 * What a role allows, without what deny policies take every way to; undefined for a predefined one that is not in the
 * table, or a custom one that nobody described. `setPolicy` is what says who may do what at the place of the role.
 */
export function abilitiesOfRole(
  role: string,
  custom: ReadonlyMap<string, readonly string[]>,
  isDenied: (permission: string) => boolean = () => false,
  setPolicy = 'resourcemanager.projects.setIamPolicy',
): ReadonlySet<GcpAbility> | undefined {
  const given = givenBy(role, custom, isDenied);
  if (given === undefined) return undefined;
  // Who may not say who may do what owns nothing, and who may act as nobody edits what runs as nobody.
  const owned = given.includes('owns') && isDenied(setPolicy) ? [...given, ...ALL_BUT_GRANTS] : given;
  const lost = new Set<GcpAbility>([
    ...(isDenied(setPolicy) ? (['owns'] as const) : []),
    ...(isDenied('iam.serviceAccounts.actAs') ? (['edits'] as const) : []),
  ]);
  const left = owned.filter((ability) => !lost.has(ability));
  return new Set(
    left.filter((ability) => {
      const uses = USES.get(ability);
      return uses === undefined || !uses.every(isDenied);
    }),
  );
}

/** What an owner may do beside saying who may do what. */
const ALL_BUT_GRANTS: readonly GcpAbility[] = [
  'edits',
  'impersonates',
  'acts-as',
  'deploys',
  'builds',
  'deploys-as-agent',
  'reads-datasets',
  'reads-secrets',
  'decrypts',
  'reads-databases',
  'exports-databases',
  'controls',
];

function givenBy(
  role: string,
  custom: ReadonlyMap<string, readonly string[]>,
  isDenied: (permission: string) => boolean,
): readonly GcpAbility[] | undefined {
  if (Object.hasOwn(PREDEFINED, role)) return PREDEFINED[role];
  const permissions = custom.get(role);
  if (permissions !== undefined)
    return permissions.flatMap((each): readonly GcpAbility[] => {
      const given = GIVEN.get(each);
      return given === undefined || isDenied(each) ? [] : given;
    });
  // What Google's own agents may do differs widely, and is not told here.
  return role.startsWith('roles/') && /(?:viewer|reader)$/i.test(role) ? [] : undefined;
}

const GIVEN: ReadonlyMap<string, readonly GcpAbility[]> = new Map(
  [...Object.entries(BY_PERMISSION), ...Object.entries(BY_OWN_GRANT)].map(([permission, given]) => [
    permission,
    typeof given === 'string' ? [given] : given,
  ]),
);

/** Permissions without which nobody has an ability; none where no list of them is whole. */
const USES: ReadonlyMap<GcpAbility, readonly string[]> = usesOf();

function usesOf(): ReadonlyMap<GcpAbility, readonly string[]> {
  const uses = new Map<GcpAbility, string[]>();
  for (const permission of Object.keys(BY_PERMISSION))
    for (const ability of GIVEN.get(permission) ?? []) addToList(uses, ability, permission);
  return uses;
}
