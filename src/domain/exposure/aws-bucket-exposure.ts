import { asObject, asTexts } from '#base/json-value.ts';
import {
  matchesGlob,
  matchesResource,
  type Statement,
  statementsOf,
} from '../privilege/aws-policy-statement.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  ACCESS_POINT,
  BUCKET,
  type BucketFacts,
  POLICY_HOLDER,
  type PublicAccessBlockFacts,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { withAccessFindings } from './aws-access-finding.ts';
import { bucketBehindApis } from './aws-api-exposure.ts';
import { exposeByList } from './aws-bucket-list.ts';
import {
  accessPointCall,
  accountBlock,
  authOf,
  BUCKET_ACTIONS,
  blockMissing,
  bucketCall,
  DOES,
  type Flag,
  type Given,
  merge,
  OBJECT_ACTIONS,
  openPolicyWay,
  strictest,
} from './aws-bucket-opening.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Front } from './aws-front.ts';
import { frontsOf } from './aws-fronts.ts';
import { ignoredPrincipals } from './aws-ignored-principals.ts';
import { passedOnTo } from './aws-passed-on.ts';
import { openingsOf, type PolicyVerdict } from './aws-policy-exposure.ts';
import { organisationOf, policyQuestion } from './aws-policy-question.ts';
import { keyPolicyCall } from './aws-policy-services.ts';
import { closedWay, openWay, publicWays, throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** Keys of requests that come over an access point. */
const ACCESS_POINT_KEYS: ReadonlySet<string> = new Set([
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
  's3:accesspointnetworkorigin',
]);

/**
 * How a bucket is opened to people outside: by its policy, by its access control list, by access points,
 * and what distributions and replicas show of it (attack-paths §2.4).
 */
export function exposeBucket(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { ReplicatesTo: replicas = [], LogsTo: logs } = estate.facts(BUCKET, resource);
  const own = ownWays(estate, resource);
  return [
    ...own,
    ...overWebsite(estate, resource, own),
    ...replicas.flatMap((name) => contentOf(estate, name.replace(/^arn:[a-z-]+:s3:::/, ''), resource)),
    // Its log is no data of its own, so only what is certain of it counts here.
    ...(logs === undefined ? [] : publicWays(contentOf(estate, logs, resource))),
  ];
}

/** A website shows without a signature what everybody may read anyway; it opens nothing by itself. */
function overWebsite(
  estate: AwsEstate,
  resource: EstateResource,
  own: readonly ExposureRecord[],
): readonly ExposureRecord[] {
  if (estate.facts(BUCKET, resource).Website !== true) return [];
  const reading = own.filter(
    ({ verdict, surface, audience, auth, via }) =>
      verdict === 'yes' && surface === 'read' && auth === 'none' && isPublic(audience) && via.length === 0,
  );
  return reading.slice(0, 1).map((way) => ({
    ...way,
    surface: 'http website',
    via: ['website endpoint'],
    evidence: [
      evidence(`${calledFirst(resource)} is served as a website over HTTP.`, resource),
      ...way.evidence,
    ],
  }));
}

/** Ways to what is copied or written into a bucket; empty where the bucket was not described. */
export function contentOf(
  estate: AwsEstate,
  bucketName: string,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const bucket = estate.find('s3-bucket', bucketName);
  if (bucket === undefined) return [];
  return withAccessFindings(estate, bucket, ownWays(estate, bucket))
    .filter(({ surface }) => !/^(?:write|admin)\b/.test(surface))
    .map((way) =>
      throughWay(way, {
        via: [bucket.name],
        evidence: [
          evidence(
            way.verdict === 'yes'
              ? `Data of ${called(resource)} is exposed via ${called(bucket)}.`
              : `Data of ${called(resource)} goes to ${called(bucket)}.`,
            bucket,
          ),
        ],
      }),
    );
}

function ownWays(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(BUCKET, resource);
  const block = (flag: keyof PublicAccessBlockFacts): Flag =>
    strictest([
      facts.PublicAccessBlock?.[flag],
      accountBlock(estate)[flag],
      ...organisationBlock(estate, resource),
    ]);
  const name = facts.Name ?? resource.name;
  return [
    ...byPolicy(estate, resource, facts, block('RestrictPublicBuckets')),
    ...exposeByList(estate, resource, facts, block('IgnorePublicAcls'), (given, by) =>
      readOrBlocked(estate, resource, facts, given, by),
    ),
    ...accessPointsOf(estate, name).flatMap((point) => overAccessPoint(estate, point, resource, facts)),
    ...throughDistributions(estate, resource, name, facts),
    ...passedOnTo(estate, resource, [bucketBehindApis(name)], doneThrough),
  ];
}

/** The organisation's own, of all four flags; empty where it says nothing, as then the others decide. */
function organisationBlock(estate: AwsEstate, { account }: EstateResource): readonly true[] {
  const own = account === null ? undefined : estate.derived(organisationOf).blocksPublicAccess(account);
  return own?.isOn === true ? [true] : [];
}

function givenBy(
  estate: AwsEstate,
  resource: EstateResource,
  policy: NonNullable<BucketFacts['Policy']>,
  arn: string,
  met: ReadonlySet<string>,
): { readonly given: readonly Given[]; readonly verdicts: readonly PolicyVerdict[] } {
  const question = { ...policyQuestion(estate, resource), met };
  const objects = openingsOf(policy, Object.keys(OBJECT_ACTIONS), true, {
    ...question,
    isAbout: (statement) => isAboutObjects(statement, arn),
  });
  const bucket = openingsOf(policy, Object.keys(BUCKET_ACTIONS), true, {
    ...question,
    isAbout: (statement) => matchesResource(withoutPartition(statement), arn),
  });
  return {
    given: merge([...objects.openings, ...bucket.openings]),
    verdicts: [objects, bucket],
  };
}

function byPolicy(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  isRestricted: Flag,
): readonly ExposureRecord[] {
  const { name } = resource;
  if (facts.Policy === undefined) {
    return isRestricted === true
      ? [restricted(resource)]
      : [
          unsettledWay([
            `the policy of ${name}: ${bucketCall('get-bucket-policy', name)}`,
            ...blockMissing(estate, resource, facts, 'RestrictPublicBuckets'),
          ]),
        ];
  }
  const arn = `arn:aws:s3:::${facts.Name ?? name}`;
  const { given, verdicts } = givenBy(estate, resource, facts.Policy, arn, NO_KEYS);
  const open = given.filter(({ audience }) => isPublic(audience));
  const records = given
    .filter(({ audience }) => !isPublic(audience) && !(audience === 'cdn-only' && namesCloudFront(facts)))
    .map((each) => openPolicyWay(resource, each, 'The policy'));
  if (open.length === 0) {
    const undecided = verdicts.flatMap((verdict) => verdict.undecided);
    if (undecided.length > 0 && isRestricted !== true) return [...records, unsettledWay(undecided)];
    const said =
      facts.Policy.Statement.length === 0
        ? `${calledFirst(resource)} has no policy.`
        : `The policy of ${called(resource)} gives nothing to everybody.`;
    return [
      ...records,
      closedWay([evidence(said, resource), ...ignoredPrincipals(facts.Policy, resource)], {
        gates: [...new Set(verdicts.flatMap((verdict) => verdict.denials))],
      }),
    ];
  }
  // It takes a policy that is public away from everybody outside, and leaves another one alone.
  if (isRestricted === true) return [restricted(resource)];
  if (isRestricted === undefined)
    return [
      ...records,
      ...open.map((each) =>
        unsettledWay(
          blockMissing(estate, resource, facts, 'RestrictPublicBuckets'),
          [
            evidence(
              `The policy of ${called(resource)} lets everybody ${DOES[each.surface] ?? each.surface}, unless Block Public Access is on.`,
              resource,
            ),
          ],
          { surface: each.surface, audience: each.audience, auth: authOf(each.audience), gates: each.gates },
        ),
      ),
    ];
  return [...records, ...open.map((each) => readOrBlocked(estate, resource, facts, each, 'The policy'))];
}

const NO_KEYS: ReadonlySet<string> = new Set();

function restricted(resource: EstateResource): ExposureRecord {
  return closedWay(
    [evidence(`RestrictPublicBuckets is on for ${called(resource)}, so no policy opens it.`, resource)],
    { gates: ['RestrictPublicBuckets'] },
  );
}

/** An unsigned request cannot decrypt, so reading fails where listing does not. */
function readOrBlocked(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  given: Given,
  by: string,
): ExposureRecord {
  if (given.surface !== 'read' || facts.DefaultEncryption?.startsWith('aws:kms') !== true)
    return openPolicyWay(resource, given, by);
  const blocked = (why: string): ExposureRecord =>
    closedWay([evidence(`${by} of ${called(resource)} lets strangers read, but ${why}.`, resource)], {
      surface: 'read',
      audience: given.audience,
      gates: ['SSE-KMS'],
    });
  if (given.audience !== 'any-aws-account')
    return blocked('its objects are encrypted with KMS, which asks for an AWS account');
  const id = facts.EncryptionKey;
  if (id === undefined || id.includes('alias/aws/s3'))
    return blocked('its objects are encrypted with a key of AWS that no other account may use');
  const key = estate.find('kms-key', id.replace(/^.*key\//, '')) ?? estate.find('kms-key', id);
  const policy = key === undefined ? undefined : estate.facts(POLICY_HOLDER, key).Policy;
  if (policy === undefined)
    return unsettledWay([`the policy of the key ${id}: ${keyPolicyCall(id.replace(/^.*key\//, ''))}`], [], {
      surface: 'read',
      audience: given.audience,
      auth: 'iam',
    });
  const decrypting = openingsOf(policy, ['kms:Decrypt'], false, policyQuestion(estate, resource)).openings;
  return decrypting.some(({ audience }) => isPublic(audience))
    ? openPolicyWay(resource, given, by)
    : blocked('the key that encrypts its objects admits no stranger');
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

const PARTITION = /^arn:aws[a-z-]*:/;

function withoutPartition(statement: Statement): Statement {
  const { resources } = statement;
  if (resources === null) return statement;
  return {
    ...statement,
    resources: {
      ...resources,
      patterns: resources.patterns.map((pattern) => pattern.replace(PARTITION, 'arn:aws:')),
    },
  };
}

const pointsByBucket = (estate: AwsEstate) =>
  Map.groupBy(estate.ofType('s3-access-point'), (point) => estate.facts(ACCESS_POINT, point).Bucket);

function accessPointsOf(estate: AwsEstate, bucket: string): readonly EstateResource[] {
  return estate.derived(pointsByBucket).get(bucket) ?? [];
}

/** How an access point opens its bucket. */
export function exposeAccessPoint(estate: AwsEstate, point: EstateResource): readonly ExposureRecord[] {
  const bucket = estate.find('s3-bucket', estate.facts(ACCESS_POINT, point).Bucket);
  if (bucket === undefined)
    return overAccessPoint(estate, point, { ...point, type: 's3-bucket', name: `behind ${point.name}` }, {});
  return overAccessPoint(estate, point, bucket, estate.facts(BUCKET, bucket));
}

/** Both policies must allow; the bucket's may leave it to its access points. */
function overAccessPoint(
  estate: AwsEstate,
  point: EstateResource,
  bucket: EstateResource,
  bucketFacts: BucketFacts,
): readonly ExposureRecord[] {
  const facts = estate.facts(ACCESS_POINT, point);
  const via = [point.name];
  if (facts.NetworkOrigin === 'VPC')
    return [
      closedWay([evidence(`${calledFirst(point)} answers one VPC only.`, point)], {
        via,
        gates: ['NetworkOrigin VPC'],
      }),
    ];
  const flags = [
    facts.PublicAccessBlock?.RestrictPublicBuckets,
    bucketFacts.PublicAccessBlock?.RestrictPublicBuckets,
    accountBlock(estate).RestrictPublicBuckets,
    ...organisationBlock(estate, bucket),
  ];
  const isRestricted = strictest(flags);
  if (isRestricted === true) return [{ ...restricted(point), via }];
  const missing = [
    ...(facts.Policy === undefined
      ? [`the policy of the access point ${point.name}: ${accessPointCall('get-access-point-policy', point)}`]
      : []),
    ...(bucketFacts.Policy === undefined
      ? [`the policy of ${called(bucket)}: ${bucketCall('get-bucket-policy', bucket.name)}`]
      : []),
    ...(isRestricted === undefined
      ? [`Block Public Access of ${point.name}: ${accessPointCall('get-access-point', point)}`]
      : []),
  ];
  if (facts.Policy === undefined || bucketFacts.Policy === undefined)
    return [unsettledWay(missing, [], { via })];
  const arn = (facts.AccessPointArn ?? point.key.replace(/^aws:/, '')).replace(PARTITION, 'arn:aws:');
  const own = givenBy(estate, bucket, facts.Policy, `${arn}/object`, ACCESS_POINT_KEYS).given;
  const listing = givenBy(estate, bucket, facts.Policy, arn, ACCESS_POINT_KEYS).given;
  const theirs = givenBy(
    estate,
    bucket,
    bucketFacts.Policy,
    `arn:aws:s3:::${bucketFacts.Name ?? bucket.name}`,
    ACCESS_POINT_KEYS,
  ).given;
  const open = merge(
    [...own, ...listing]
      .filter(
        ({ surface, audience }) =>
          isPublic(audience) && theirs.some((each) => each.surface === surface && isPublic(each.audience)),
      )
      .map((each) => ({ ...each, action: each.surface })),
  );
  if (open.length === 0)
    return [closedWay([evidence(`${calledFirst(point)} gives nothing to everybody.`, point)], { via })];
  return open.map((each) => {
    const record = readOrBlocked(estate, bucket, bucketFacts, each, calledFirst(point));
    return missing.length > 0 && record.verdict === 'yes'
      ? { ...unsettledWay(missing, record.evidence, record), via }
      : { ...record, via };
  });
}

/** What an API does with objects for whoever calls a method of it (attack-paths §2.6). */
function doneThrough({ resource, method = '' }: Front): string {
  const [verb = ''] = method.split(' ');
  const does = /^(?:GET|HEAD)$/i.test(verb)
    ? 'read'
    : /^(?:PUT|POST|PATCH|DELETE)$/i.test(verb)
      ? 'write'
      : 'read, write';
  return `${does} through ${resource.name}`;
}

function namesCloudFront({ Policy }: BucketFacts): boolean {
  return (Policy === undefined ? [] : statementsOf(Policy)).some(
    ({ allows, principal }) =>
      allows &&
      (asTexts(asObject(principal)?.['Service']).includes('cloudfront.amazonaws.com') ||
        asTexts(asObject(principal)?.['AWS']).some((text) => text.includes(':iam::cloudfront:user/'))),
  );
}

/** Content that CloudFront shows although the bucket shows it to nobody else. */
function throughDistributions(
  estate: AwsEstate,
  resource: EstateResource,
  name: string,
  facts: BucketFacts,
): readonly ExposureRecord[] {
  const fronts = frontsOf(estate, [`${name}.s3.amazonaws.com`]);
  if (!namesCloudFront(facts)) return [];
  if (fronts.length === 0)
    return [
      openWay(
        { surface: 'read', audience: 'cdn-only', auth: 'app', via: ['CloudFront'] },
        evidence(`The policy of ${called(resource)} lets a distribution of CloudFront read it.`, resource),
      ),
    ];
  return fronts
    .filter((front) => publicWays(front.records()).length > 0)
    .map((front) =>
      openWay(
        { surface: 'read', audience: 'cdn-only', auth: front.login ?? 'app', via: [front.resource.name] },
        evidence(
          `Content of ${called(resource)} is served publicly via ${called(front.resource)}.`,
          front.resource,
        ),
      ),
    );
}
