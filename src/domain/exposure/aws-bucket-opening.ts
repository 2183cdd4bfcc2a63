import { awsCall } from '../resource/aws-call.ts';
import { called } from '../resource/called.ts';
import {
  ACCOUNT_PUBLIC_ACCESS_BLOCK,
  type BucketFacts,
  type PublicAccessBlockFacts,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { PolicyOpening } from './aws-policy-exposure.ts';
import { openWay } from './aws-way-in.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';

function words(surface: string, names: string): readonly (readonly [string, string])[] {
  return names.split(' ').map((name) => [`s3:${name}`, surface] as const);
}

/** What a policy may let people do with objects, and the word for it. */
export const OBJECT_ACTIONS: Readonly<Record<string, string>> = Object.fromEntries([
  ...words(
    'read',
    'GetObject GetObjectVersion GetObjectTorrent GetObjectAttributes GetObjectVersionAttributes',
  ),
  ...words('read', 'GetObjectAcl GetObjectVersionAcl GetObjectTagging GetObjectVersionTagging'),
  ...words('write', 'PutObject DeleteObject DeleteObjectVersion AbortMultipartUpload RestoreObject'),
  ...words(
    'write',
    'PutObjectTagging PutObjectVersionTagging DeleteObjectTagging DeleteObjectVersionTagging',
  ),
  ...words('write', 'PutObjectRetention PutObjectLegalHold'),
  ...words('admin', 'PutObjectAcl PutObjectVersionAcl'),
]);

/** The same of the bucket itself. */
export const BUCKET_ACTIONS: Readonly<Record<string, string>> = Object.fromEntries([
  ...words('list', 'ListBucket ListBucketVersions ListBucketMultipartUploads'),
  ...words(
    'admin',
    'PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketPublicAccessBlock DeleteBucket',
  ),
  ...words('admin', 'PutBucketOwnershipControls PutReplicationConfiguration PutLifecycleConfiguration'),
]);

export type Flag = boolean | undefined;

/** A flag of Block Public Access is on if any level sets it, off if all are known not to. */
export function strictest(flags: readonly Flag[]): Flag {
  if (flags.includes(true)) return true;
  return flags.includes(undefined) ? undefined : false;
}

/** What a policy gives, by the words of this page: read, list, write, admin. */
export interface Given {
  readonly surface: string;
  readonly audience: Audience;
  readonly gates: readonly string[];
}

/** What somebody does who is given it, in a sentence. */
export const DOES: Readonly<Record<string, string>> = {
  read: 'read its objects',
  list: 'list its objects',
  write: 'write and delete its objects',
  admin: 'change who may use it',
};

export function openPolicyWay(
  resource: EstateResource,
  { surface, audience, gates }: Given,
  by: string,
): ExposureRecord {
  const who = isPublic(audience)
    ? audience === 'any-aws-account'
      ? 'every AWS account'
      : 'everybody'
    : audience === 'org'
      ? 'an organisation'
      : 'named outsiders';
  return openWay(
    { surface, audience, auth: authOf(audience), gates },
    evidence(
      isPublic(audience)
        ? `${by} of ${called(resource)} lets ${who} ${DOES[surface] ?? surface}, and Block Public Access does not stop it.`
        : `${by} of ${called(resource)} lets ${who} ${DOES[surface] ?? surface}.`,
      resource,
    ),
  );
}

export function authOf(audience: Audience): Authentication {
  return audience === 'internet' || audience === 'internet-wide' || audience === 'cdn-only' ? 'none' : 'iam';
}

/** Block Public Access of the account, as far as it was told. */
export function accountBlock(estate: AwsEstate): PublicAccessBlockFacts {
  const [account] = estate.ofType('s3-account-public-access-block');
  return account === undefined
    ? {}
    : (estate.facts(ACCOUNT_PUBLIC_ACCESS_BLOCK, account).PublicAccessBlock ?? {});
}

/** What would tell whether a flag of Block Public Access is on, of the levels that were not told. */
export function blockMissing(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  flag: keyof PublicAccessBlockFacts,
): string[] {
  const { name, account } = resource;
  return [
    ...(facts.PublicAccessBlock?.[flag] === undefined
      ? [`Block Public Access of ${name}: ${bucketCall('get-public-access-block', name)}`]
      : []),
    ...(accountBlock(estate)[flag] === undefined
      ? [
          `Block Public Access of the account: ${awsCall('s3control get-public-access-block', [['--account-id', account ?? 'ACCOUNT']], account ?? '')}`,
        ]
      : []),
  ];
}

/** One entry for each word and audience; statements of equal ones are joined. */
export function merge(openings: readonly PolicyOpening[]): readonly Given[] {
  const found = new Map<string, Given>();
  for (const { action, audience, gates } of openings) {
    const surface = OBJECT_ACTIONS[action] ?? BUCKET_ACTIONS[action] ?? action;
    const before = found.get(`${surface} ${audience}`);
    found.set(`${surface} ${audience}`, {
      surface,
      audience,
      gates: [...new Set([...(before?.gates ?? []), ...gates])],
    });
  }
  return [...found.values()];
}

/** A call about one bucket. */
export function bucketCall(call: string, bucket: string): string {
  return awsCall(`s3api ${call}`, [['--bucket', bucket]], bucket);
}

/** A call about one access point. */
export function accessPointCall(call: string, { account, name }: EstateResource): string {
  return awsCall(
    `s3control ${call}`,
    [
      ['--account-id', account ?? 'ACCOUNT'],
      ['--name', name],
    ],
    name,
  );
}
