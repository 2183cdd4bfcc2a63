import { awsCall } from '../resource/aws-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { type BucketFacts, OBJECT_LIST } from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isPublic, widerAudience } from './audience.ts';
import {
  blockMissing,
  bucketCall,
  DOES,
  type Flag,
  type Given,
  merge,
  openPolicyWay,
} from './aws-bucket-opening.ts';
import type { AwsEstate } from './aws-estate.ts';
import { openingsOf, type PolicyOpening } from './aws-policy-exposure.ts';
import { policyQuestion } from './aws-policy-question.ts';
import { closedWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const EVERY_ACCOUNT = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';

const PERMISSION_SURFACES: Readonly<Record<string, readonly string[]>> = {
  READ: ['list'],
  WRITE: ['write'],
  READ_ACP: [],
  WRITE_ACP: ['admin'],
  FULL_CONTROL: ['list', 'write', 'admin'],
};

/**
 * How the access control list of a bucket opens it, and the lists of its objects may (attack-paths §2.4, step 2). What
 * is given to read is as open as `reading` says, as its key may close it.
 */
export function exposeByList(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  isIgnored: Flag,
  reading: (given: Given, by: string) => ExposureRecord,
): readonly ExposureRecord[] {
  if (isIgnored === true)
    return [
      closedWay(
        [
          evidence(
            `IgnorePublicAcls is on for ${called(resource)}, so no access control list opens it.`,
            resource,
          ),
        ],
        { gates: ['IgnorePublicAcls'] },
      ),
    ];
  if (facts.ObjectOwnership === 'BucketOwnerEnforced')
    return [
      closedWay([evidence(`${calledFirst(resource)} has access control lists disabled.`, resource)], {
        gates: ['BucketOwnerEnforced'],
      }),
    ];
  const missing = blockMissing(estate, resource, facts, 'IgnorePublicAcls');
  if (facts.ObjectOwnership === undefined)
    missing.push(
      `the ownership controls of ${resource.name}: ${bucketCall('get-bucket-ownership-controls', resource.name)}`,
    );
  if (facts.Grants === undefined)
    return [
      unsettledWay([
        `the access control list of ${resource.name}: ${bucketCall('get-bucket-acl', resource.name)}`,
        ...missing,
      ]),
    ];
  const given = merge(
    facts.Grants.flatMap(({ Grantee, Permission = '' }): PolicyOpening[] => {
      const audience = audienceOfGroup(Grantee?.URI);
      return audience === null
        ? []
        : (PERMISSION_SURFACES[Permission] ?? []).map((action) => ({
            action,
            audience,
            gates: [`ACL ${Permission} to ${audience === 'internet' ? 'AllUsers' : 'AuthenticatedUsers'}`],
          }));
    }),
  );
  const isCertain = isIgnored === false && facts.ObjectOwnership !== undefined;
  const granted = given.map((each) => {
    const { surface, gates } = each;
    const { audience, undecided } = leftAbove(estate, resource, each);
    if (audience === 'none') return closedAbove(resource, each);
    if (isCertain && undecided.length === 0)
      return openPolicyWay(resource, { surface, audience, gates }, 'The access control list');
    const unless = isCertain ? 'its organisation denies it' : 'it is ignored';
    return unsettledWay(
      isCertain ? undecided : [...missing, ...undecided],
      [
        evidence(
          `The access control list of ${called(resource)} lets everybody ${DOES[surface] ?? surface}, unless ${unless}.`,
          resource,
        ),
      ],
      { surface, audience, gates },
    );
  });
  return [...granted, ...ofObjects(estate, resource, facts, isCertain ? reading : null, missing)];
}

const listsByBucket = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('s3-object-acl').map((each) => ({ each, facts: estate.facts(OBJECT_LIST, each) })),
    ({ facts }) => facts.Bucket,
  );

/** Where lists are in force, single objects can be open although the bucket is not: some of them that were looked at stand for all. */
function ofObjects(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  reading: ((given: Given, by: string) => ExposureRecord) | null,
  missing: readonly string[],
): readonly ExposureRecord[] {
  const { name } = resource;
  const samples = estate.derived(listsByBucket).get(facts.Name ?? name) ?? [];
  const open = samples.flatMap(({ each, facts: { Key = '', Grants = [] } }) =>
    Grants.flatMap(({ Grantee, Permission = '' }) => {
      const audience = audienceOfGroup(Grantee?.URI);
      return audience === null || !READS.has(Permission) ? [] : [{ each, key: Key, audience }];
    }),
  );
  const [first] = open.toSorted((a, b) =>
    a.audience === b.audience ? 0 : widerAudience(a.audience, b.audience) === a.audience ? -1 : 1,
  );
  if (first === undefined && samples.length > 0)
    return [
      closedWay(
        [
          evidence(
            `Of the objects of ${called(resource)} ${samples.length} were looked at, and their access control lists give nothing to everybody; taken for all.`,
            resource,
          ),
        ],
        { surface: 'read' },
      ),
    ];
  if (first === undefined)
    return [
      unsettledWay(
        [
          `the access control list of an object in ${name}: ${awsCall(
            's3api get-object-acl',
            [
              ['--bucket', name],
              ['--key', 'KEY'],
            ],
            name,
          )}`,
          ...missing,
        ],
        [],
        { surface: 'read' },
      ),
    ];
  const given = {
    surface: 'read',
    audience: first.audience,
    gates: [`ACL of object ${first.key || '(not told)'}`],
  };
  const said = evidence(
    `An object of ${called(resource)}${first.key === '' ? '' : ` (${first.key})`} has a list of its own that names ${first.audience === 'internet' ? 'everybody' : 'every AWS account'}.`,
    first.each,
  );
  if (reading === null) return [unsettledWay(missing, [said], given)];
  const way = reading(given, 'The access control list of an object');
  return [{ ...way, evidence: [said, ...way.evidence] }];
}

/** Permissions that show what an object holds. */
const READS: ReadonlySet<string> = new Set(['READ', 'FULL_CONTROL']);

function audienceOfGroup(uri: string | undefined): Audience | null {
  return uri === EVERYBODY ? 'internet' : uri === EVERY_ACCOUNT ? 'any-aws-account' : null;
}

/**
 * To whom resource control policies of the organisation leave what a list gives: `none` where they deny it to all
 * strangers. Undecided: what of them nobody told that could deny it.
 */
function leftAbove(
  estate: AwsEstate,
  resource: EstateResource,
  { surface, audience }: Given,
): { readonly audience: Audience; readonly undecided: readonly string[] } {
  const actions = ACTIONS[surface];
  if (actions === undefined) return { audience, undecided: [] };
  const { openings, undecided } = openingsOf(
    { Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }] },
    actions,
    audience === 'internet',
    policyQuestion(estate, resource),
  );
  const left = openings.map((each) => each.audience).reduce(widerAudience, 'none');
  if (isPublic(left)) return { audience: left, undecided: [] };
  return undecided.length > 0 ? { audience, undecided } : { audience: 'none', undecided: [] };
}

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  list: ['s3:ListBucket'],
  write: ['s3:PutObject', 's3:DeleteObject'],
  admin: ['s3:PutBucketAcl'],
};

function closedAbove(resource: EstateResource, { surface, audience, gates }: Given): ExposureRecord {
  return closedWay(
    [
      evidence(
        `The access control list of ${called(resource)} lets everybody ${DOES[surface] ?? surface}, but resource control policies of the organisation deny it.`,
        resource,
      ),
    ],
    { surface, audience, gates: [...gates, 'resource control policies'] },
  );
}
