import { called, calledFirst } from '../resource/called.ts';
import type { BucketFacts } from '../resource/facts/aws-facts.ts';
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

/** How the access control list of a bucket opens it, and the lists of its objects may (attack-paths §2.4, step 2). */
export function exposeByList(
  estate: AwsEstate,
  resource: EstateResource,
  facts: BucketFacts,
  isIgnored: Flag,
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
  const missing = blockMissing(resource, facts);
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
      const audience: Audience | null =
        Grantee?.URI === EVERYBODY ? 'internet' : Grantee?.URI === EVERY_ACCOUNT ? 'any-aws-account' : null;
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
  // Where lists are in force, single objects can be open although the bucket is not.
  const objects = unsettledWay(
    [`the access control lists of the objects in ${resource.name}, or Block Public Access on`, ...missing],
    [],
    { surface: 'read' },
  );
  return [...granted, objects];
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
