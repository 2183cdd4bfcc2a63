import { called } from '../resource/called.ts';
import type { BucketFacts } from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isPublic } from './audience.ts';
import type { PolicyOpening } from './aws-policy-exposure.ts';
import { openWay } from './aws-way-in.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';

export const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  's3:GetObject': 'read',
  's3:GetObjectVersion': 'read',
  's3:PutObject': 'write',
  's3:DeleteObject': 'write',
  's3:DeleteObjectVersion': 'write',
  's3:AbortMultipartUpload': 'write',
  's3:RestoreObject': 'write',
  's3:PutObjectAcl': 'admin',
};
export const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  's3:ListBucket': 'list',
  's3:ListBucketVersions': 'list',
  's3:PutBucketPolicy': 'admin',
  's3:PutBucketAcl': 'admin',
  's3:PutBucketPublicAccessBlock': 'admin',
  's3:DeleteBucket': 'admin',
};

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
        ? `${by} of ${called(resource)} gives ${who} ${surface}, and Block Public Access does not stop it.`
        : `${by} of ${called(resource)} gives ${who} ${surface}.`,
      resource,
    ),
  );
}

export function authOf(audience: Audience): Authentication {
  return audience === 'internet' || audience === 'internet-wide' || audience === 'cdn-only' ? 'none' : 'iam';
}

export function blockMissing(resource: EstateResource, facts: BucketFacts): string[] {
  return [
    ...(facts.PublicAccessBlock === undefined
      ? [
          `Block Public Access of ${resource.name}: aws s3api get-public-access-block > s3api-get-public-access-block-${resource.name}.json`,
        ]
      : []),
    `Block Public Access of the account: aws s3control get-public-access-block > s3control-get-public-access-block.json`,
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
