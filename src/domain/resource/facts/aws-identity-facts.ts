import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of identities and of the organisation that bounds them in AWS, by resource type: what evaluation needs, under the names of the AWS API (`describe` shape),
 * read as those of `aws-facts.ts`.
 */

/** `iam-root`; `PasswordLastUsed` is a time, `no_information` where nobody ever signed in. */
export const IAM_ROOT = {
  Arn: 'text',
  MfaActive: 'boolean',
  AccessKeyCount: 'number',
  PasswordLastUsed: 'text',
} as const satisfies FactFields;
export type RootFacts = Facts<typeof IAM_ROOT>;

/** `instance-profile`. */
export const INSTANCE_PROFILE = {
  Arn: 'text',
  InstanceProfileName: 'text',
  Roles: [{ Arn: 'text', RoleName: 'text' }],
} as const satisfies FactFields;

const ATTACHED = [{ PolicyArn: 'text', PolicyName: 'text' }] as const;
const INLINE = [{ PolicyName: 'text', PolicyDocument: 'policy' }] as const;
const BOUNDARY = { PermissionsBoundaryArn: 'text' } as const satisfies FactFields;

/**
 * `iam-user`. The lists of policies are absent where only names were listed: then its rights are not known. `ArePart`:
 * there may be more policies, and groups, than the lists tell. Password, last sign-in, second factor and active keys come
 * from the credential report.
 */
export const IAM_USER = {
  Arn: 'text',
  UserName: 'text',
  UserId: 'text',
  Path: 'text',
  CreateDate: 'text',
  GroupList: 'texts',
  UserPolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
  ArePart: 'boolean',
  PermissionsBoundary: BOUNDARY,
  PasswordEnabled: 'boolean',
  PasswordLastUsed: 'text',
  MfaActive: 'boolean',
  AccessKeyCount: 'number',
} as const satisfies FactFields;

/** `iam-access-key`: whose it is, and whether it works (`Active`, `Inactive`). */
export const ACCESS_KEY = {
  AccessKeyId: 'text',
  UserName: 'text',
  Status: 'text',
} as const satisfies FactFields;

/** `iam-group`; `ArePart` as of a user. */
export const IAM_GROUP = {
  Arn: 'text',
  GroupName: 'text',
  GroupId: 'text',
  Path: 'text',
  GroupPolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
  ArePart: 'boolean',
} as const satisfies FactFields;

/** `iam-role`; `ArePart` as of a user. */
export const IAM_ROLE = {
  Arn: 'text',
  RoleName: 'text',
  RoleId: 'text',
  Path: 'text',
  CreateDate: 'text',
  MaxSessionDuration: 'number',
  AssumeRolePolicyDocument: 'policy',
  RolePolicyList: INLINE,
  AttachedManagedPolicies: ATTACHED,
  ArePart: 'boolean',
  PermissionsBoundary: BOUNDARY,
  InstanceProfileList: [{ Arn: 'text' }],
  RoleLastUsed: { LastUsedDate: 'text' },
} as const satisfies FactFields;

/** `iam-policy`; `Document` is the version in force, `OtherVersions` the rest of them. */
export const IAM_POLICY = {
  Arn: 'text',
  PolicyName: 'text',
  PolicyId: 'text',
  DefaultVersionId: 'text',
  AttachmentCount: 'number',
  Document: 'policy',
  VersionCount: 'number',
  OtherVersions: ['policy'],
} as const satisfies FactFields;

/** `organization-delegated-administrator`: an account that administers a service for the organisation. */
export const DELEGATED_ADMINISTRATOR = { Id: 'text' } as const satisfies FactFields;

/** `organization`. */
export const ORGANIZATION = { Id: 'text', MasterAccountId: 'text' } as const satisfies FactFields;

/**
 * `organization-policy`: a service or resource control policy, or one of S3, whose `PublicAccessBlock` is `all` (each
 * flag of Block Public Access is on) or `none`.
 */
export const ORGANIZATION_POLICY = {
  Id: 'text',
  Arn: 'text',
  Name: 'text',
  Type: 'text',
  Document: 'policy',
  PublicAccessBlock: 'text',
} as const satisfies FactFields;

/** `organization-policy-target`: the account, unit or root that a policy is attached to. */
export const ORGANIZATION_POLICY_TARGET = {
  PolicyId: 'text',
  TargetId: 'text',
} as const satisfies FactFields;

/** `organization-parent`: the unit or root in which an account or unit stands. */
export const ORGANIZATION_PARENT = { Child: 'text', Parent: 'text' } as const satisfies FactFields;

/** `organization-name`, `account-alias`: how people call an account or unit. */
export const ORGANIZATION_NAME = { Id: 'text', Name: 'text' } as const satisfies FactFields;
