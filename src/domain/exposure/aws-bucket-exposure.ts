import { matchesGlob, matchesResource, type Statement } from '../privilege/aws-policy-statement.ts';
import {
  ACCOUNT_PUBLIC_ACCESS_BLOCK,
  BUCKET,
  type BucketFacts,
  type PublicAccessBlockFacts,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { Audience } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import {
  type AwsExposure,
  combineExposures,
  type ExposedSurface,
  exposureUnknown,
  notExposed,
} from './aws-exposure-record.ts';
import { openingsOf } from './aws-policy-exposure.ts';

const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  's3:GetObject': 'read',
  's3:GetObjectVersion': 'read',
  's3:PutObject': 'write',
  's3:DeleteObject': 'write',
  's3:AbortMultipartUpload': 'write',
  's3:RestoreObject': 'write',
  's3:PutObjectAcl': 'admin',
};
const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  's3:ListBucket': 'list',
  's3:ListBucketVersions': 'list',
  's3:PutBucketPolicy': 'admin',
  's3:PutBucketAcl': 'admin',
  's3:DeleteBucket': 'admin',
};

/** Whether a bucket is open to people outside, by its policy or by its access control list (design: attack paths, S3). */
export function exposeBucket(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(BUCKET, resource);
  const accounts = estate
    .ofType('s3-account-public-access-block')
    .map((each) => estate.facts(ACCOUNT_PUBLIC_ACCESS_BLOCK, each).PublicAccessBlock ?? {});
  const block = (flag: keyof PublicAccessBlockFacts): boolean | undefined =>
    strictest([facts.PublicAccessBlock?.[flag], accounts[0]?.[flag]]);
  return combineExposures([
    byPolicy(resource, facts, block('RestrictPublicBuckets')),
    byList(resource, facts, block('IgnorePublicAcls')),
  ]);
}

/** A flag of Block Public Access is on if either level sets it, off if both are known not to. */
function strictest(flags: readonly (boolean | undefined)[]): boolean | undefined {
  if (flags.includes(true)) return true;
  return flags.includes(undefined) ? undefined : false;
}

function byPolicy(
  resource: EstateResource,
  facts: BucketFacts,
  isRestricted: boolean | undefined,
): AwsExposure {
  if (isRestricted === true)
    return notExposed(
      evidence(`RestrictPublicBuckets is on for ${resource.name}, so no policy opens it.`, resource),
    );
  if (facts.Policy === undefined)
    return exposureUnknown([
      `the policy of ${resource.name}: aws s3api get-bucket-policy > s3api-get-bucket-policy-${resource.name}.json`,
      ...blockMissing(resource, facts),
    ]);
  const arn = `arn:aws:s3:::${facts.Name ?? resource.name}`;
  const objects = openingsOf(facts.Policy, Object.keys(OBJECT_ACTIONS), true, (statement) =>
    isAboutObjects(statement, arn),
  );
  const bucket = openingsOf(facts.Policy, Object.keys(BUCKET_ACTIONS), true, (statement) =>
    matchesResource(withoutPartition(statement), arn),
  );
  const open = [...objects.open, ...bucket.open];
  if (open.length === 0) {
    const undecided = [...objects.undecided, ...bucket.undecided];
    if (undecided.length > 0)
      return exposureUnknown(
        undecided.map((key) => `what the policy of ${resource.name} means by its condition on ${key}`),
      );
    return notExposed(
      evidence(
        facts.Policy.Statement.length === 0
          ? `${resource.name} has no policy.`
          : `The policy of ${resource.name} gives nothing to everybody.`,
        resource,
      ),
    );
  }
  const surfaces = merge(
    open.map(({ action, audience }) => ({
      surface: OBJECT_ACTIONS[action] ?? BUCKET_ACTIONS[action] ?? action,
      audience,
    })),
  );
  if (isRestricted === undefined)
    return exposureUnknown(blockMissing(resource, facts), [
      evidence(
        `The policy of ${resource.name} gives everybody ${words(surfaces)}, unless Block Public Access is on.`,
        resource,
      ),
    ]);
  // An unsigned request cannot decrypt, so reading fails where listing does not.
  const readable =
    facts.DefaultEncryption?.startsWith('aws:kms') === true
      ? surfaces.filter(({ surface, audience }) => surface !== 'read' || audience !== 'internet')
      : surfaces;
  if (readable.length === 0)
    return notExposed(
      evidence(
        `The policy of ${resource.name} lets everybody read, but its objects are encrypted with KMS, which asks for an AWS account.`,
        resource,
      ),
    );
  return {
    state: 'yes',
    surfaces: readable,
    evidence: [
      evidence(
        `The policy of ${resource.name} gives everybody ${words(readable)}, and Block Public Access does not stop it.`,
        resource,
      ),
    ],
    missing: [],
  };
}

function isAboutObjects(statement: Statement, bucketArn: string): boolean {
  const { resources } = withoutPartition(statement);
  if (resources === null) return true;
  if (resources.except)
    return !resources.patterns.some((pattern) => matchesGlob(pattern, `${bucketArn}/any`));
  // A Deny for some of the objects leaves the others; an Allow for some of them opens these.
  const isAbout = (pattern: string): boolean =>
    matchesGlob(pattern, `${bucketArn}/any/object`) ||
    (statement.allows && pattern.startsWith(`${bucketArn}/`));
  return resources.patterns.some(isAbout);
}

function withoutPartition(statement: Statement): Statement {
  const { resources } = statement;
  if (resources === null) return statement;
  return {
    ...statement,
    resources: {
      ...resources,
      patterns: resources.patterns.map((pattern) => pattern.replace(/^arn:aws[a-z-]*:/, 'arn:aws:')),
    },
  };
}

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const EVERY_ACCOUNT = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';

const PERMISSION_SURFACES: Readonly<Record<string, readonly string[]>> = {
  READ: ['list'],
  WRITE: ['write'],
  READ_ACP: [],
  WRITE_ACP: ['admin'],
  FULL_CONTROL: ['list', 'write', 'admin'],
};

function byList(resource: EstateResource, facts: BucketFacts, isIgnored: boolean | undefined): AwsExposure {
  if (isIgnored === true)
    return notExposed(
      evidence(`IgnorePublicAcls is on for ${resource.name}, so no access control list opens it.`, resource),
    );
  if (facts.ObjectOwnership === 'BucketOwnerEnforced')
    return notExposed(evidence(`${resource.name} has access control lists disabled.`, resource));
  const missing = blockMissing(resource, facts);
  if (facts.ObjectOwnership === undefined)
    missing.push(
      `the ownership controls of ${resource.name}: aws s3api get-bucket-ownership-controls > s3api-get-bucket-ownership-controls-${resource.name}.json`,
    );
  if (facts.Grants === undefined)
    return exposureUnknown([
      `the access control list of ${resource.name}: aws s3api get-bucket-acl > s3api-get-bucket-acl-${resource.name}.json`,
      ...missing,
    ]);
  const surfaces = merge(
    facts.Grants.flatMap(({ Grantee, Permission }): Opening[] => {
      const audience: Audience | null =
        Grantee?.URI === EVERYBODY ? 'internet' : Grantee?.URI === EVERY_ACCOUNT ? 'any-aws-account' : null;
      return audience === null
        ? []
        : (PERMISSION_SURFACES[Permission ?? ''] ?? []).map((surface) => ({ surface, audience }));
    }),
  );
  if (surfaces.length > 0) {
    if (isIgnored === undefined || facts.ObjectOwnership === undefined) {
      return exposureUnknown(missing, [
        evidence(
          `The access control list of ${resource.name} gives everybody ${words(surfaces)}, unless it is ignored.`,
          resource,
        ),
      ]);
    }
    return {
      state: 'yes',
      surfaces,
      evidence: [
        evidence(`The access control list of ${resource.name} gives everybody ${words(surfaces)}.`, resource),
      ],
      missing: [],
    };
  }
  // Where lists are in force, single objects can be open although the bucket is not.
  return exposureUnknown([
    `the access control lists of the objects in ${resource.name}, or Block Public Access on`,
    ...missing,
  ]);
}

function blockMissing(resource: EstateResource, facts: BucketFacts): string[] {
  return [
    ...(facts.PublicAccessBlock === undefined
      ? [
          `Block Public Access of ${resource.name}: aws s3api get-public-access-block > s3api-get-public-access-block-${resource.name}.json`,
        ]
      : []),
    `Block Public Access of the account: aws s3control get-public-access-block > s3control-get-public-access-block.json`,
  ];
}

interface Opening {
  readonly surface: string;
  readonly audience: Audience;
}

/** One surface for equal ones; the wider audience is first in a policy's verdict. */
function merge(openings: readonly Opening[]): readonly ExposedSurface[] {
  const bySurface = new Map<string, Audience>();
  for (const { surface, audience } of openings)
    if (bySurface.get(surface) !== 'internet') bySurface.set(surface, audience);
  return [...bySurface].map(([surface, audience]) => ({
    surface,
    audience,
    auth: audience === 'internet' ? 'none' : 'iam',
  }));
}

function words(surfaces: readonly ExposedSurface[]): string {
  return surfaces
    .map(({ surface, audience }) => (audience === 'internet' ? surface : `${surface} (with any AWS account)`))
    .join(', ');
}
