import type { Membership, Question } from './caller.ts';

/**
 * What is known of a condition key: its values, that it is absent (null), that it is absent or false, that the attacker
 * chooses it, that it depends on the surroundings of the request (§3.1: residue that weakens), or nothing.
 */
export type KeyState = readonly string[] | null | 'untrue' | 'chosen' | 'environment' | 'undecided';

/** Keys whose value is part of the request, which the caller writes. */
const CHOSEN = new Set([
  'aws:tagkeys',
  'aws:securetransport',
  'aws:useragent',
  'aws:referer',
  'ec2:instancetype',
  'ec2:metadatahttptokens',
  'iam:awsservicename',
  'iam:associatedresourcearn',
  'iam:passedtoservice',
  'iam:policyarn',
  'lambda:functionurlauthtype',
  'lambda:principal',
  's3:prefix',
  's3:delimiter',
  's3:max-keys',
  's3:x-amz-acl',
  'sts:rolesessionname',
  'sts:sourceidentity',
]);

/** Keys that say whether, and how long ago, whoever holds a session gave a second factor. */
const SECOND_FACTOR = ['aws:multifactorauthpresent', 'aws:multifactorauthage'];

/** Keys whose value depends on whether a user or a role asks. */
export const OF_CALLERS_KIND: ReadonlySet<string> = new Set([
  'aws:principaltype',
  'aws:tokenissuetime',
  ...SECOND_FACTOR,
]);

/** Keys that say from where, how and through what the caller comes. */
const ENVIRONMENT = new Set([
  ...SECOND_FACTOR,
  'aws:sourceip',
  'aws:vpcsourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:sourcevpcarn',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
  'aws:viaawsservice',
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'kms:viaservice',
  'sts:externalid',
]);

/** Keys of requests that a service of AWS makes for itself; a principal's own request has none of them. */
const OF_SERVICES = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:principalservicename',
  'aws:principalservicenameslist',
]);

/** Keys whose value the clock alone changes. */
export const TIMES: ReadonlySet<string> = new Set(['aws:currenttime', 'aws:epochtime', 'aws:tokenissuetime']);

/** Keys of requests that come over an access point of S3. */
const OF_ACCESS_POINTS = /^s3:(?:dataaccesspoint(?:arn|account)|accesspointnetworkorigin)$/;

const RESOURCE_TAG = /^(?:aws|iam|ec2|ssm|secretsmanager|rds|ecs|lambda):resourcetag\/(.+)$/;
const GLOBAL_SERVICES = new Set(['iam', 'organizations', 'sso', 'cloudfront', 'route53']);

/** A key in lower case, as the question answers it (attack-paths §3.1, conditions). */
export function keyState(key: string, question: Question): KeyState {
  const { caller, target, request, resource, action } = question;
  const fixed = request.get(key);
  if (fixed !== undefined) return fixed;
  if (CHOSEN.has(key) || key.startsWith('aws:requesttag/')) return 'chosen';
  if (caller.kind === 'role' && SECOND_FACTOR.includes(key)) return ofRoleSession(key);
  if (ENVIRONMENT.has(key)) return 'environment';
  if (OF_SERVICES.has(key) || OF_ACCESS_POINTS.test(key)) return null;
  if (key.startsWith('aws:principaltag/')) return tagState(caller.tags, key.slice(17), caller.choosesItsTags);
  const ofResource = RESOURCE_TAG.exec(key)?.[1];
  if (ofResource !== undefined)
    return target === null ? 'undecided' : tagState(target.tags, ofResource, target.isTaggable);
  switch (key) {
    case 'aws:principalarn':
      return [caller.arn];
    case 'aws:principalaccount':
      return [caller.account];
    case 'aws:principalorgid':
      return told(caller.organisation);
    case 'aws:principalorgpaths':
      return told(caller.organisationPath);
    case 'aws:resourceorgid':
      return told(membershipOf(question).organisation);
    case 'aws:resourceorgpaths':
      return told(membershipOf(question).organisationPath);
    case 'aws:principaltype':
      return caller.kind === 'group' ? 'undecided' : [caller.kind === 'user' ? 'User' : 'AssumedRole'];
    case 'aws:principalisawsservice':
      return ['false'];
    case 'aws:username':
      return caller.kind === 'user' ? [caller.name] : caller.kind === 'role' ? null : 'undecided';
    case 'aws:userid':
      if (caller.uniqueId === null || caller.kind === 'group') return 'undecided';
      return [caller.kind === 'user' ? caller.uniqueId : `${caller.uniqueId}:session`];
    case 'iam:permissionsboundary':
      return target === null ? 'undecided' : target.boundary === null ? null : [target.boundary];
    case 'aws:resourceaccount':
      return target === null ? accountOf(resource) : [target.account];
    case 'aws:currenttime':
      return [new Date(question.now).toISOString()];
    case 'aws:epochtime':
      return [String(Math.floor(question.now / 1_000))];
    case 'aws:requestedregion':
      return regionOf(resource, action);
    default:
      return 'undecided';
  }
}

/**
 * What gets the session of a role is asked for a second factor by the role's trust policy; the session itself carries none,
 * whoever it is of: a user, a service, a machine, an identity provider (IAM User Guide, "Secure API access with MFA").
 * AWS documents the age as absent then, and the other key both as false and as absent.
 */
function ofRoleSession(key: string): KeyState {
  return key === 'aws:multifactorauthage' ? null : 'untrue';
}

function told(value: string | null | undefined): KeyState {
  return value === undefined ? 'undecided' : value === null ? null : [value];
}

/** Of the account of the resource; what is in the caller's own account is where the caller is. */
function membershipOf({ caller, target, resource }: Question): Membership {
  const account = target === null ? resource.split(':')[4] : target.account;
  return account === caller.account ? caller : (target ?? {});
}

function tagState(tags: Readonly<Record<string, string>> | null, key: string, isChosen: boolean): KeyState {
  if (isChosen) return 'chosen';
  if (tags === null) return 'undecided';
  for (const [name, value] of Object.entries(tags)) if (name.toLowerCase() === key) return [value];
  return null;
}

function accountOf(resource: string): KeyState {
  const account = resource.split(':')[4] ?? '';
  return /^\d{12}$/.test(account) ? [account] : 'undecided';
}

/** Where the resource lies; what is not there yet is made wherever the caller likes. */
function regionOf(resource: string, action: string): KeyState {
  const [service = ''] = action.split(':', 1);
  if (GLOBAL_SERVICES.has(service)) return ['us-east-1'];
  const region = resource.split(':')[3] ?? '';
  return /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region) ? [region] : 'chosen';
}
