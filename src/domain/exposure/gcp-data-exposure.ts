import { asTexts } from '#base/json-value.ts';
import { called, calledFirst } from '../resource/called.ts';
import { DATASET, GCP_BUCKET } from '../resource/facts/gcp-facts.ts';
import { assetCall, organisationPlace } from '../resource/gcp-call.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { constraintOn, type GcpBinding, type GcpEstate } from './gcp-estate.ts';
import { type PublicGrant, type PublicGrants, publicGrants } from './gcp-public-binding.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/** Permissions that are worth something to a stranger, by type, with what each lets them do. */
const DATA_PERMISSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gcp-bucket': {
    'storage.objects.get': 'read',
    'storage.objects.list': 'list',
    'storage.objects.create': 'write',
    'storage.objects.delete': 'delete',
    'storage.buckets.setIamPolicy': 'admin',
    'storage.objects.setIamPolicy': 'admin',
  },
  'gcp-dataset': {
    'bigquery.tables.getData': 'read',
    'bigquery.tables.updateData': 'write',
    'bigquery.datasets.setIamPolicy': 'admin',
    'bigquery.tables.setIamPolicy': 'admin',
  },
  'gcp-topic': { 'pubsub.topics.publish': 'publish', 'pubsub.topics.setIamPolicy': 'admin' },
  'gcp-subscription': {
    'pubsub.subscriptions.consume': 'consume',
    'pubsub.subscriptions.setIamPolicy': 'admin',
  },
  'gcp-kms-key': {
    'cloudkms.cryptoKeyVersions.useToDecrypt': 'decrypt',
    'cloudkms.cryptoKeyVersions.useToEncrypt': 'encrypt',
    'cloudkms.cryptoKeyVersions.useToSign': 'sign',
    'cloudkms.cryptoKeys.setIamPolicy': 'admin',
  },
  'gcp-secret': { 'secretmanager.versions.access': 'read', 'secretmanager.secrets.setIamPolicy': 'admin' },
  'gcp-artifact-repository': {
    'artifactregistry.repositories.downloadArtifacts': 'read',
    'artifactregistry.repositories.uploadArtifacts': 'write',
    'artifactregistry.repositories.setIamPolicy': 'admin',
  },
};

/** Whether IAM gives what an asset holds to everybody: BigQuery, Pub/Sub, KMS, Secret Manager, Artifact Registry. */
export function exposeByBinding(
  estate: GcpEstate,
  resource: EstateResource,
  denialsOfEntries: readonly EstateResource[] = [],
): readonly ExposureRecord[] {
  const words = DATA_PERMISSIONS[resource.type] ?? {};
  const found = publicGrants(estate, resource, Object.keys(words));
  const { grants, missing } = found;
  const ways = grants.map((grant) => granted(estate, resource, grant, words));
  if (ways.length > 0) return ways;
  if (missing.length > 0) return [unsureWay(missing)];
  return [unbound(resource, { ...found, denials: [...new Set([...denialsOfEntries, ...found.denials])] })];
}

/** No binding gives it to everybody, or a condition or a deny policy takes away what one gives. */
function unbound(
  resource: EstateResource,
  { denials, unmet }: Pick<PublicGrants, 'denials' | 'unmet'>,
  note = '',
): ExposureRecord {
  const [denial] = denials;
  const [role] = unmet;
  const condition =
    role === undefined ? '' : ` ${role} has a condition that does not hold for ${called(resource)}.`;
  return closedWay({
    gates: denials.map(({ key }) => key),
    evidence: [
      denial === undefined
        ? evidence(`No binding gives ${called(resource)} to everybody.${condition}${note}`, resource)
        : evidence(`${calledFirst(denial)} keeps ${called(resource)} from everybody.${note}`, denial),
    ],
  });
}

function granted(
  estate: GcpEstate,
  resource: EstateResource,
  { audience, role, permissions, binding }: PublicGrant,
  words: Readonly<Record<string, string>>,
): ExposureRecord {
  const can = [...new Set(permissions.flatMap((permission) => words[permission] ?? []))].sort().join(', ');
  const caller = callerOf(resource, audience);
  const who = caller.audience === 'internet' ? 'everybody' : 'everybody with a Google account';
  return openWay(caller.audience, {
    surface: can,
    auth: caller.auth,
    via: [role],
    gates: [binding.resource.key],
    evidence: [
      evidence(
        `${role} lets ${who} ${can.replace('admin', 'administer')} ${called(resource)}.`,
        binding.resource,
      ),
      ...domainRestriction(estate, resource),
    ],
  });
}

/**
 * Services whose every method asks for a credential, so that `allUsers` are whoever has an account of Google: BigQuery
 * (its documentation of authentication), Pub/Sub, Cloud KMS and Secret Manager (their published service configurations
 * ask for OAuth on every method and accept none without). Artifact Registry is not among them: it serves what
 * `allUsers` may download without a login (its documentation of public repositories).
 */
const WITH_CREDENTIALS: ReadonlySet<string> = new Set([
  'gcp-dataset',
  'gcp-topic',
  'gcp-subscription',
  'gcp-kms-key',
  'gcp-secret',
]);

/** Who strangers are to a service. */
function callerOf(
  { type }: EstateResource,
  audience: PublicGrant['audience'],
): { readonly audience: PublicGrant['audience']; readonly auth: 'none' | 'iam' } {
  return audience === 'internet' && !WITH_CREDENTIALS.has(type)
    ? { audience, auth: 'none' }
    : { audience: 'any-google-account', auth: 'iam' };
}

/** The constraint looks at changes of policies and takes away no binding that is there. */
function domainRestriction(estate: GcpEstate, resource: EstateResource): readonly Evidence[] {
  const found = constraintOn(estate, resource, 'iam.allowedPolicyMemberDomains');
  if (found?.isEnforced !== true) return [];
  return [
    evidence(
      'iam.allowedPolicyMemberDomains is set and forbids new bindings of this kind; it does not take away this one.',
      found.resource ?? resource,
    ),
  ];
}

/** Entities of an access control list that are everybody. */
const EVERYBODY: Readonly<Record<string, 'internet' | 'any-google-account'>> = {
  allUsers: 'internet',
  allAuthenticatedUsers: 'any-google-account',
};

/** Whether a bucket's objects are everybody's: bindings, access control lists, and the prevention of public access. */
export function exposeGcpBucket(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { iamConfiguration, acl = [], defaultObjectAcl = [] } = estate.facts(GCP_BUCKET, resource);
  const { name } = resource;
  if (iamConfiguration?.publicAccessPrevention === 'enforced')
    return [
      closedWay({
        gates: [resource.key],
        evidence: [evidence(`${calledFirst(resource)} enforces public access prevention.`, resource)],
      }),
    ];
  const constraint = constraintOn(estate, resource, 'storage.publicAccessPrevention');
  if (constraint?.isEnforced === true)
    return [
      closedWay({
        gates: [constraint.resource?.key ?? resource.key],
        evidence: [
          evidence(
            'storage.publicAccessPrevention is enforced above the bucket.',
            constraint.resource ?? resource,
          ),
        ],
      }),
    ];
  const isUniform =
    iamConfiguration?.uniformBucketLevelAccess?.enabled === true ||
    iamConfiguration?.bucketPolicyOnly?.enabled === true;
  const lists = isUniform
    ? []
    : [
        ...acl.map((entry) => ({ ...entry, surface: entry.role === 'READER' ? 'list' : 'list, write' })),
        ...defaultObjectAcl.map((entry) => ({ ...entry, surface: 'read of new objects' })),
      ].flatMap(({ entity = '', surface }) => {
        const audience = Object.hasOwn(EVERYBODY, entity) ? EVERYBODY[entity] : undefined;
        if (audience === undefined) return [];
        const sentence = `The access control list of ${called(resource)} names ${entity}.`;
        return [
          openWay(audience, {
            surface,
            auth: audience === 'internet' ? 'none' : 'iam',
            gates: [resource.key],
            evidence: [evidence(sentence, resource)],
          }),
        ];
      });
  const words = DATA_PERMISSIONS['gcp-bucket'] ?? {};
  const found = publicGrants(estate, resource, Object.keys(words));
  const { grants, missing } = found;
  const ways = [...lists, ...grants.map((grant) => granted(estate, resource, grant, words))];
  if (ways.length > 0) {
    if (constraint !== undefined) return ways;
    return [
      unsureWay(
        [
          `whether storage.publicAccessPrevention is enforced above ${name}: ${assetCall(organisationPlace(asTexts(resource.facts['ancestors'])), 'org-policy')}`,
        ],
        { evidence: ways.flatMap((way) => way.evidence) },
      ),
    ];
  }
  if (missing.length > 0) return [unsureWay(missing)];
  const note = isUniform ? '' : ' Access control lists of single objects are not visible in an inventory.';
  return [unbound(resource, found, note)];
}

/** What the entries of a dataset call a role is one of these. */
const ENTRY_ROLES: Readonly<Record<string, string>> = {
  READER: 'roles/bigquery.dataViewer',
  WRITER: 'roles/bigquery.dataEditor',
  OWNER: 'roles/bigquery.dataOwner',
};

/** Whether a dataset is everybody's, by its own access entries, which are bindings by another name, or by its policy. */
export function exposeDataset(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const words = DATA_PERMISSIONS[resource.type] ?? {};
  const { access = [], id: of = '' } = estate.facts(DATASET, resource);
  const bindings = access.map(({ role = 'READER', specialGroup, iamMember, condition }): GcpBinding => {
    const members = [specialGroup, iamMember].flatMap((member) => member ?? []);
    const given = { role: ENTRY_ROLES[role] ?? role, members, of, resource };
    return condition === undefined ? given : { ...given, condition };
  });
  const { grants, missing, denials } = publicGrants(estate, resource, Object.keys(words), {
    bindings,
    isTold: true,
  });
  if (grants.length > 0) return grants.map((grant) => granted(estate, resource, grant, words));
  const bound = exposeByBinding(estate, resource, denials);
  const isSettled = missing.length === 0 || bound.some(({ verdict }) => verdict !== 'no');
  return isSettled ? bound : [unsureWay(missing)];
}
