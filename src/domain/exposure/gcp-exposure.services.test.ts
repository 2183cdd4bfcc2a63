import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  binding,
  compute,
  gcp,
  iamPolicy,
  link,
  ORGANIZATION_NAME,
  orgPolicy,
  PROJECT_NAME,
  verdictOn,
  waysInto,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const BUCKET = '//storage.googleapis.com/files';
const bucket = (facts: JsonObject = {}) =>
  gcp('gcp-bucket', BUCKET, {
    iamConfiguration: { publicAccessPrevention: 'inherited', uniformBucketLevelAccess: { enabled: true } },
    ...facts,
  });
const VIEWER = iamPolicy(BUCKET, binding('roles/storage.objectViewer', 'allUsers'));
/** Organisation policies were exported, and none is about public access. */
const NO_CONSTRAINT = orgPolicy(ORGANIZATION_NAME, 'compute.requireOsLogin', { enforced: true });
const PREVENTED = orgPolicy(ORGANIZATION_NAME, 'storage.publicAccessPrevention', { enforced: true });

const OWN_ROLE = 'projects/p/roles/r';
const ownRole = (permission: string): EstateResource =>
  gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
    name: OWN_ROLE,
    includedPermissions: [permission],
  });

type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

describe('a bucket', () => {
  it.each<Case>([
    ['that everybody may read', 'yes | internet list, read none', [NO_CONSTRAINT, VIEWER, bucket()]],
    [
      'that every Google account may read',
      'yes | any-google-account list, read iam',
      [
        NO_CONSTRAINT,
        iamPolicy(BUCKET, binding('roles/storage.objectViewer', 'allAuthenticatedUsers')),
        bucket(),
      ],
    ],
    [
      'that everybody may write',
      'yes | internet write none',
      [NO_CONSTRAINT, iamPolicy(BUCKET, binding('roles/storage.objectCreator', 'allUsers')), bucket()],
    ],
    [
      'with a role for everybody that holds no data',
      'no',
      [NO_CONSTRAINT, iamPolicy(BUCKET, binding('roles/storage.bucketViewer', 'allUsers')), bucket()],
    ],
    [
      'with bindings of people',
      'no',
      [iamPolicy(BUCKET, binding('roles/storage.admin', 'user:ada@example.com')), bucket()],
    ],
    [
      'without a policy, where policies were exported',
      'no',
      [iamPolicy(PROJECT_NAME, binding('roles/owner', 'user:ada@example.com')), bucket()],
    ],
    [
      'that inherits a binding from its project',
      'yes | internet list, read none',
      [NO_CONSTRAINT, iamPolicy(PROJECT_NAME, binding('roles/storage.objectViewer', 'allUsers')), bucket()],
    ],
    ['46 prevention inherited from an organisation that enforces it', 'no', [PREVENTED, VIEWER, bucket()]],
    [
      '46 a project that overrules it',
      'yes | internet list, read none',
      [
        PREVENTED,
        orgPolicy(PROJECT_NAME, 'storage.publicAccessPrevention', { enforced: false }),
        VIEWER,
        bucket(),
      ],
    ],
    [
      'prevention enforced on the bucket',
      'no',
      [VIEWER, bucket({ iamConfiguration: { publicAccessPrevention: 'enforced' } })],
    ],
    [
      'while organisation policies are not known',
      'unknown: whether storage.publicAccessPrevention is enforced above files: gcloud asset list',
      [VIEWER, bucket()],
    ],
    ['while IAM policies are not known', 'unknown: IAM policies of p: gcloud asset list', [bucket()]],
    [
      'with a custom role',
      'yes | internet read none',
      [
        NO_CONSTRAINT,
        gcp('gcp-role', '//iam.googleapis.com/projects/p/roles/r', {
          name: 'projects/p/roles/r',
          includedPermissions: ['storage.objects.get'],
        }),
        iamPolicy(BUCKET, binding('projects/p/roles/r', 'allUsers')),
        bucket(),
      ],
    ],
    [
      'with a role that nobody knows',
      'unknown: what role roles/new.thing holds: gcloud iam roles describe roles/new.thing',
      [NO_CONSTRAINT, iamPolicy(BUCKET, binding('roles/new.thing', 'allUsers')), bucket()],
    ],
    ...(
      [
        ['has run out', 'no', 'request.time < timestamp("2026-01-01T00:00:00Z")'],
        ['has not', 'yes | internet list, read none', "request.time < timestamp('2030-01-01T00:00:00Z')"],
        ['has not begun', 'no', 'request.time >= timestamp("2030-01-01T00:00:00Z")'],
        ['has begun', 'yes | internet list, read none', 'request.time > timestamp("2026-01-01T00:00:00Z")'],
        [
          'is for this bucket',
          'yes | internet list, read none',
          'resource.name.startsWith("projects/_/buckets/files")',
        ],
        ['is for another bucket', 'no', 'resource.name.startsWith("projects/_/buckets/other/")'],
        ['is for another name', 'no', 'resource.name == "projects/_/buckets/filesystem/objects/a"'],
        [
          'is for another service',
          'no',
          'resource.service == "compute.googleapis.com" && resource.matchTag("1/env", "prod")',
        ],
        [
          'is for other types',
          'yes | internet list, read none',
          'resource.type != "compute.googleapis.com/Instance"',
        ],
        [
          'is for this service',
          'yes | internet list, read none',
          'resource.type.startsWith("storage.googleapis.com/")',
        ],
        ...[
          'resource.matchTag("1/env", "prod")',
          'resource.type == "storage.googleapis.com/Object"',
          'resource.name == "projects/_/buckets/files"',
          'resource.name.startsWith("projects/_/buckets/files/objects/public")',
          'resource.name.endsWith("files")',
          'request.time < timestamp("soon")',
        ].map((text) => [
          `asks what nobody can tell, ${text}`,
          `unknown: whether the condition of roles/storage.objectViewer for internet holds (${text}); no inventory that is read here tells it`,
          text,
        ]),
      ] as [string, string, string][]
    ).map(
      ([title, verdict, expression]): Case => [
        `with a binding that ${title}`,
        verdict,
        [
          NO_CONSTRAINT,
          iamPolicy(BUCKET, {
            ...binding('roles/storage.objectViewer', 'allUsers'),
            condition: { expression },
          }),
          bucket(),
        ],
      ],
    ),
    [
      'whose access control list names everybody',
      'yes | internet list none',
      [
        NO_CONSTRAINT,
        iamPolicy(BUCKET),
        bucket({ iamConfiguration: {}, acl: [{ entity: 'allUsers', role: 'READER' }] }),
      ],
    ],
    [
      'whose access control list names every Google account',
      'yes | any-google-account list, write iam',
      [
        NO_CONSTRAINT,
        iamPolicy(BUCKET),
        bucket({ iamConfiguration: {}, acl: [{ entity: 'allAuthenticatedUsers', role: 'WRITER' }] }),
      ],
    ],
    [
      'whose access control list names somebody',
      'no',
      [
        NO_CONSTRAINT,
        iamPolicy(BUCKET),
        bucket({ iamConfiguration: {}, acl: [{ entity: 'user-ada@example.com', role: 'OWNER' }] }),
      ],
    ],
    ...['storage.buckets.setIamPolicy', 'storage.objects.setIamPolicy'].map(
      (permission): Case => [
        `of which everybody may say whose it is (${permission})`,
        'yes | internet admin none',
        [NO_CONSTRAINT, ownRole(permission), iamPolicy(BUCKET, binding(OWN_ROLE, 'allUsers')), bucket()],
      ],
    ),
    [
      'whose list does not count any more',
      'no',
      [NO_CONSTRAINT, iamPolicy(BUCKET), bucket({ acl: [{ entity: 'allUsers', role: 'READER' }] })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it('stays public under a restriction of domains, which takes away no binding', () => {
    const [way] = waysInto(
      orgPolicy(ORGANIZATION_NAME, 'iam.allowedPolicyMemberDomains', { allowedValues: ['C1'] }),
      VIEWER,
      bucket(),
    );
    expect(way?.verdict).toBe('yes');
    expect(way?.evidence.map((each) => each.sentence)).toEqual([
      'roles/storage.objectViewer lets everybody list, read bucket files.',
      'iam.allowedPolicyMemberDomains is set and forbids new bindings of this kind; it does not take away this one.',
    ]);
  });
});

describe('other data', () => {
  const KEY = '//cloudkms.googleapis.com/projects/p/locations/l/keyRings/r/cryptoKeys/k';
  const DATASET = '//bigquery.googleapis.com/projects/p/datasets/d';
  const REPOSITORY = '//artifactregistry.googleapis.com/projects/p/locations/l/repositories/r';
  const of = (type: string, id: string, role: string, member = 'allUsers') => [
    iamPolicy(id, binding(role, member)),
    gcp(type, id),
  ];
  it.each<Case>([
    [
      'a dataset that everybody may query, who has an account',
      'yes | any-google-account read iam',
      of('gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', 'roles/bigquery.dataViewer'),
    ],
    [
      'a dataset of which everybody may see the names',
      'no',
      of('gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', 'roles/bigquery.metadataViewer'),
    ],
    [
      'a dataset by its own entries',
      'yes | any-google-account read iam',
      [
        gcp('gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', {
          access: [{ role: 'READER', specialGroup: 'allAuthenticatedUsers' }],
        }),
      ],
    ],
    [
      'a topic',
      'yes | any-google-account publish iam',
      of('gcp-topic', '//pubsub.googleapis.com/projects/p/topics/t', 'roles/pubsub.publisher'),
    ],
    [
      'a subscription',
      'yes | any-google-account consume iam',
      of(
        'gcp-subscription',
        '//pubsub.googleapis.com/projects/p/subscriptions/s',
        'roles/pubsub.subscriber',
        'allAuthenticatedUsers',
      ),
    ],
    [
      'a key',
      'yes | any-google-account decrypt iam',
      of(
        'gcp-kms-key',
        '//cloudkms.googleapis.com/projects/p/locations/l/keyRings/r/cryptoKeys/k',
        'roles/cloudkms.cryptoKeyDecrypter',
      ),
    ],
    [
      'a secret',
      'yes | any-google-account read iam',
      of(
        'gcp-secret',
        '//secretmanager.googleapis.com/projects/1/secrets/s',
        'roles/secretmanager.secretAccessor',
      ),
    ],
    [
      'a repository',
      'yes | internet read none',
      of(
        'gcp-artifact-repository',
        '//artifactregistry.googleapis.com/projects/p/locations/l/repositories/r',
        'roles/artifactregistry.reader',
      ),
    ],
    ...(
      [
        ['gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', 'bigquery.datasets'],
        ['gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', 'bigquery.tables'],
        ['gcp-topic', '//pubsub.googleapis.com/projects/p/topics/t', 'pubsub.topics'],
        ['gcp-subscription', '//pubsub.googleapis.com/projects/p/subscriptions/s', 'pubsub.subscriptions'],
        ['gcp-secret', '//secretmanager.googleapis.com/projects/1/secrets/s', 'secretmanager.secrets'],
        ['gcp-kms-key', KEY, 'cloudkms.cryptoKeys'],
        ['gcp-artifact-repository', REPOSITORY, 'artifactregistry.repositories'],
      ] as const
    ).map(
      ([type, id, kind]): Case => [
        `a ${type} of which everybody may say whose it is (${kind}.setIamPolicy)`,
        `yes | ${type === 'gcp-artifact-repository' ? 'internet admin none' : 'any-google-account admin iam'}`,
        [ownRole(`${kind}.setIamPolicy`), ...of(type, id, OWN_ROLE)],
      ],
    ),
    ...(
      [
        ['gcp-kms-key', KEY, 'cloudkms.cryptoKeyVersions.useToEncrypt', 'encrypt'],
        ['gcp-kms-key', KEY, 'cloudkms.cryptoKeyVersions.useToSign', 'sign'],
        ['gcp-artifact-repository', REPOSITORY, 'artifactregistry.repositories.uploadArtifacts', 'write'],
      ] as const
    ).map(
      ([type, id, permission, surface]): Case => [
        `a ${type} with ${permission}`,
        `yes | ${type === 'gcp-artifact-repository' ? `internet ${surface} none` : `any-google-account ${surface} iam`}`,
        [ownRole(permission), ...of(type, id, OWN_ROLE)],
      ],
    ),
    ...[{ iamMember: 'allUsers' }, { specialGroup: 'allUsers' }].map(
      (member): Case => [
        `a dataset that everybody may query by its own entries (${Object.keys(member)[0]})`,
        'yes | any-google-account read iam',
        [gcp('gcp-dataset', DATASET, { access: [{ role: 'READER', ...member }] })],
      ],
    ),
    [
      'a dataset whose own entries a deny policy takes back',
      'no',
      [
        iamPolicy(PROJECT_NAME, binding('roles/owner', 'user:ada@example.com')),
        gcp('gcp-deny-policy', '//iam.googleapis.com/policies/x/denypolicies/data', {
          of: PROJECT_NAME,
          rules: [
            {
              deniedPrincipals: ['principalSet://goog/public:all'],
              deniedPermissions: ['bigquery.googleapis.com/tables.getData'],
            },
          ],
        }),
        gcp('gcp-dataset', DATASET, { access: [{ role: 'READER', specialGroup: 'allAuthenticatedUsers' }] }),
      ],
    ],
    [
      'a dataset whose own entries name people',
      'no',
      [
        iamPolicy(PROJECT_NAME, binding('roles/owner', 'user:ada@example.com')),
        gcp('gcp-dataset', '//bigquery.googleapis.com/projects/p/datasets/d', {
          access: [{ role: 'OWNER', userByEmail: 'ada@example.com' }],
        }),
      ],
    ],
    [
      'a key with a role that nobody knows',
      'unknown: what role roles/new.thing holds: gcloud iam roles describe roles/new.thing',
      of('gcp-kms-key', KEY, 'roles/new.thing'),
    ],
    [
      'a secret of people',
      'no',
      of(
        'gcp-secret',
        '//secretmanager.googleapis.com/projects/1/secrets/s',
        'roles/secretmanager.secretAccessor',
        'user:ada@example.com',
      ),
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

const RUN = '//run.googleapis.com/projects/p/locations/europe-west1/services/api';
const run = (ingress: string, facts: JsonObject = {}) => gcp('gcp-run-service', RUN, { ingress, ...facts });
const INVOKERS = iamPolicy(RUN, binding('roles/run.invoker', 'allUsers'));
const FUNCTION = '//cloudfunctions.googleapis.com/projects/p/locations/europe-west1/functions/f';
const fn = (facts: JsonObject) => gcp('gcp-function', FUNCTION, facts);
const NOBODY = iamPolicy(PROJECT_NAME, binding('roles/owner', 'user:ada@example.com'));
const EDGE = [
  gcp('gcp-endpoint-group', compute('networkEndpointGroups', 'neg'), { cloudRun: { service: 'api' } }),
  gcp('gcp-backend-service', compute('backendServices', 'be'), {
    backends: [{ group: link('networkEndpointGroups', 'neg') }],
  }),
  gcp('gcp-url-map', compute('urlMaps', 'map'), { defaultService: link('backendServices', 'be') }),
  gcp('gcp-target-proxy', compute('targetHttpsProxies', 'px'), { urlMap: link('urlMaps', 'map') }),
  gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
    loadBalancingScheme: 'EXTERNAL_MANAGED',
    target: link('targetHttpsProxies', 'px'),
  }),
];

describe('Cloud Run and functions', () => {
  it.each<Case>([
    ['open to everybody', 'yes | internet tcp/443 app', [INVOKERS, run('all')]],
    ['45 open, but only for who may invoke it', 'no', [NOBODY, run('all')]],
    ['45 in the words of the second version', 'no', [NOBODY, run('INGRESS_TRAFFIC_ALL')]],
    [
      'for every Google account',
      'yes | any-google-account tcp/443 iam',
      [iamPolicy(RUN, binding('roles/run.invoker', 'allAuthenticatedUsers')), run('all')],
    ],
    [
      'without the check of invokers',
      'yes | internet tcp/443 app',
      [run('all', { invokerIamDisabled: true })],
    ],
    ['internal', 'no', [INVOKERS, run('internal')]],
    ['while policies are not known', 'unknown: IAM policies of p: gcloud asset list', [run('all')]],
    [
      'behind a load balancer',
      'yes | internet tcp/443 app',
      [INVOKERS, ...EDGE, run('internal-and-cloud-load-balancing')],
    ],
    [
      'for load balancers, of which none leads to it',
      'no',
      [
        INVOKERS,
        gcp('gcp-forwarding-rule', compute('forwardingRules', 'x'), {}),
        run('internal-and-cloud-load-balancing'),
      ],
    ],
    [
      'for load balancers that nobody described',
      'unknown: load balancers before api: gcloud asset list',
      [INVOKERS, run('internal-and-cloud-load-balancing')],
    ],
    [
      'a function for everybody',
      'yes | internet tcp/443 app',
      [
        iamPolicy(FUNCTION, binding('roles/cloudfunctions.invoker', 'allUsers')),
        fn({ ingressSettings: 'ALLOW_ALL', httpsTrigger: { url: 'x' } }),
      ],
    ],
    [
      'a function for who may invoke it',
      'no',
      [NOBODY, fn({ ingressSettings: 'ALLOW_ALL', httpsTrigger: { url: 'x' } })],
    ],
    [
      'an internal function',
      'no',
      [fn({ ingressSettings: 'ALLOW_INTERNAL_ONLY', httpsTrigger: { url: 'x' } })],
    ],
    ['a function of events', 'no', [fn({ ingressSettings: 'ALLOW_ALL', eventTrigger: { eventType: 'x' } })]],
    [
      'a function of the second generation',
      'yes | internet tcp/443 app',
      [
        INVOKERS,
        run('all'),
        fn({
          serviceConfig: {
            ingressSettings: 'ALLOW_ALL',
            service: 'projects/p/locations/europe-west1/services/api',
          },
        }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it('45 says what stands before it', () => {
    expect(waysInto(NOBODY, run('all'))).toMatchObject([
      {
        verdict: 'no',
        auth: 'iam',
        evidence: [
          {
            sentence: 'Cloud Run service api asks for an identity that may invoke it; reachable: behind iam.',
          },
        ],
      },
    ]);
  });
});
