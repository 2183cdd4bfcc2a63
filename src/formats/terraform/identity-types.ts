import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { added, type Piece, type PiecePlace, type ReadValues, resource } from './piece.ts';
import { blocks, known, renamed, text, texts, wrapped } from './values.ts';

/**
 * Types of the AWS provider about who may do what. Policies of users and groups, and whose groups somebody is in, may
 * stand in other states too; a role tells all that is attached to it.
 */
export const IDENTITY_TYPES: Readonly<Record<string, ReadValues>> = {
  aws_iam_role: (values) =>
    resource(
      'iam-role',
      known({
        ...renamed(values, {
          Arn: 'arn',
          RoleName: 'name',
          RoleId: 'unique_id',
          Path: 'path',
          CreateDate: 'create_date',
          MaxSessionDuration: 'max_session_duration',
          AssumeRolePolicyDocument: 'assume_role_policy',
        }),
        PermissionsBoundary: boundary(values),
        RolePolicyList: inlineBlocks(values),
        AttachedManagedPolicies: wrapped(texts(values, 'managed_policy_arns'), 'PolicyArn'),
        ArePart: tellsAllPolicies(values) ? undefined : true,
      }),
    ),
  aws_iam_role_policy: inlineOf('iam-role', 'role', 'RolePolicyList'),
  aws_iam_role_policy_attachment: attachedTo('iam-role', 'role'),
  aws_iam_user: (values) =>
    resource(
      'iam-user',
      known({
        ...renamed(values, { Arn: 'arn', UserName: 'name', UserId: 'unique_id', Path: 'path' }),
        PermissionsBoundary: boundary(values),
        ArePart: true,
      }),
    ),
  aws_iam_user_policy: inlineOf('iam-user', 'user', 'UserPolicyList'),
  aws_iam_user_policy_attachment: attachedTo('iam-user', 'user'),
  aws_iam_user_group_membership: (values) =>
    added('iam-user', text(values, 'user'), { GroupList: texts(values, 'groups') ?? [] }),
  aws_iam_group: (values) =>
    resource(
      'iam-group',
      known({
        ...renamed(values, { Arn: 'arn', GroupName: 'name', GroupId: 'unique_id', Path: 'path' }),
        ArePart: true,
      }),
    ),
  aws_iam_group_policy: inlineOf('iam-group', 'group', 'GroupPolicyList'),
  aws_iam_group_policy_attachment: attachedTo('iam-group', 'group'),
  aws_iam_group_membership: (values) => {
    const group = text(values, 'group');
    return group === undefined
      ? []
      : (texts(values, 'users') ?? []).flatMap((user) => added('iam-user', user, { GroupList: [group] }));
  },
  aws_iam_policy: (values) =>
    resource(
      'iam-policy',
      renamed(values, { Arn: 'arn', PolicyName: 'name', PolicyId: 'policy_id', Document: 'policy' }),
    ),
  aws_iam_policy_attachment: (values) => {
    const facts = { AttachedManagedPolicies: [renamed(values, { PolicyArn: 'policy_arn' })] };
    const each = (type: AwsKindName, key: string): readonly Piece[] =>
      (texts(values, key) ?? []).flatMap((name) => added(type, name, facts));
    return [...each('iam-role', 'roles'), ...each('iam-user', 'users'), ...each('iam-group', 'groups')];
  },
  aws_iam_instance_profile: (values, { account, partition }) => {
    const role = text(values, 'role');
    return resource(
      'instance-profile',
      known({
        ...renamed(values, { Arn: 'arn', InstanceProfileName: 'name' }),
        Roles: role === undefined ? undefined : [roleNamed(role, account, partition)],
      }),
    );
  },
  aws_iam_openid_connect_provider: (values) => resource('oidc-provider', renamed(values, { Arn: 'arn' })),
  aws_iam_saml_provider: (values) => resource('saml-provider', renamed(values, { Arn: 'arn' })),
};

/** A role's path is not told beside its name; without one it is right for nearly all. */
function roleNamed(role: string, account: PiecePlace['account'], partition: string): JsonObject {
  return known({
    RoleName: role,
    Arn: account === undefined ? undefined : `arn:${partition}:iam::${account}:role/${role}`,
  });
}

function boundary(values: JsonObject): JsonObject | undefined {
  const arn = text(values, 'permissions_boundary');
  return arn === undefined ? undefined : { PermissionsBoundaryArn: arn };
}

/** The provider reads both lists of a role from AWS; what left them out tells what its own state attaches. */
function tellsAllPolicies(values: JsonObject): boolean {
  return Array.isArray(values['managed_policy_arns']) && Array.isArray(values['inline_policy']);
}

/** The provider writes one empty block where there is none. */
function inlineBlocks(values: JsonObject): JsonValue | undefined {
  if (!Array.isArray(values['inline_policy'])) return undefined;
  return blocks(values, 'inline_policy')
    .filter((each) => text(each, 'policy') !== undefined)
    .map((each) => renamed(each, { PolicyName: 'name', PolicyDocument: 'policy' }));
}

function inlineOf(type: AwsKindName, owner: string, list: string): ReadValues {
  return (values) =>
    added(type, text(values, owner), {
      [list]: [renamed(values, { PolicyName: 'name', PolicyDocument: 'policy' })],
    });
}

function attachedTo(type: AwsKindName, owner: string): ReadValues {
  return (values) =>
    added(type, text(values, owner), {
      AttachedManagedPolicies: [renamed(values, { PolicyArn: 'policy_arn' })],
    });
}
