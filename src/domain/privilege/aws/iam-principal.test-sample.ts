import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';

/** Small accounts for tests, in the shape of their dumps. */
export const SEEN = Date.UTC(2026, 9, 1);
export const ACCOUNT = '111111111111';

export function resource(
  type: string,
  arn: string,
  facts: JsonObject,
  more: Partial<EstateResource> = {},
): EstateResource {
  return {
    key: `aws:${arn}`,
    type,
    name: arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1),
    account: ACCOUNT,
    region: null,
    tags: {},
    facts,
    seenAt: SEEN,
    provenance: 'aws-cli',
    ...more,
  };
}

export function allow(action: string | readonly string[], more: JsonObject = {}): JsonObject {
  return { Effect: 'Allow', Action: [...[action].flat()], Resource: '*', ...more };
}

export function deny(action: string | readonly string[], more: JsonObject = {}): JsonObject {
  return { ...allow(action, more), Effect: 'Deny' };
}

export function document(...statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: [...statements] };
}

function inline(statements: readonly JsonObject[]): JsonObject[] {
  return statements.length === 0 ? [] : [{ PolicyName: 'inline', PolicyDocument: document(...statements) }];
}

export function iam(kind: string, name: string, account = ACCOUNT): string {
  return `arn:aws:iam::${account}:${kind}/${name}`;
}

export function user(
  name: string,
  statements: readonly JsonObject[],
  more: JsonObject = {},
  account = ACCOUNT,
): EstateResource {
  const arn = iam('user', name, account);
  const facts = {
    Arn: arn,
    UserName: name,
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: inline(statements),
  };
  return resource('iam-user', arn, { ...facts, ...more }, { account });
}

export function role(
  name: string,
  trust: JsonObject,
  statements: readonly JsonObject[],
  more: JsonObject = {},
  account = ACCOUNT,
): EstateResource {
  const arn = iam('role', name, account);
  return resource(
    'iam-role',
    arn,
    {
      Arn: arn,
      RoleName: name,
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: trust }),
      AttachedManagedPolicies: [],
      RolePolicyList: inline(statements),
      ...more,
    },
    { account },
  );
}

export function group(
  name: string,
  statements: readonly JsonObject[],
  more: JsonObject = {},
): EstateResource {
  const arn = iam('group', name);
  const facts = {
    Arn: arn,
    GroupName: name,
    AttachedManagedPolicies: [],
    GroupPolicyList: inline(statements),
  };
  return resource('iam-group', arn, { ...facts, ...more });
}

export function policy(
  name: string,
  statements: readonly JsonObject[],
  more: JsonObject = {},
): EstateResource {
  const arn = iam('policy', name);
  return resource('iam-policy', arn, { Arn: arn, Document: document(...statements), ...more });
}

export function attached(...names: readonly string[]): JsonObject {
  return {
    AttachedManagedPolicies: names.map((name) => ({ PolicyName: name, PolicyArn: iam('policy', name) })),
  };
}

export function bounded(name: string): JsonObject {
  return { PermissionsBoundary: { PermissionsBoundaryArn: iam('policy', name) } };
}

/** That an inventory listed all of a type. */
export function listing(of: string, account = ACCOUNT): EstateResource {
  return resource('inventory-listing', `list/${of}/${account}`, { Of: of }, { account });
}
