import { showResources } from '../../src/app/show-resources.ts';
import type { JsonObject } from '../../src/base/json-value.ts';
import type { TestInbox } from './test-inbox.ts';

/** Two accounts of AWS with roles, for tests of who is privileged. */
export const FIRST = '111111111111';
export const SECOND = '222222222222';

export function roleArn(name: string, account = FIRST): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

export function documentOf(...statements: readonly JsonObject[]): JsonObject {
  return { Version: '2012-10-17', Statement: [...statements] };
}

export function trusting(principal: JsonObject): JsonObject {
  return documentOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal });
}

export const LAMBDA = trusting({ Service: 'lambda.amazonaws.com' });

export function role(
  name: string,
  trust: JsonObject,
  statements: readonly JsonObject[],
  account = FIRST,
): JsonObject {
  return {
    RoleName: name,
    RoleId: `AROA${name.toUpperCase()}`,
    Arn: roleArn(name, account),
    Path: '/',
    AssumeRolePolicyDocument: trust,
    AttachedManagedPolicies: [],
    InstanceProfileList: [],
    RolePolicyList: statements.map((each, index) => ({
      PolicyName: `inline-${index}`,
      PolicyDocument: documentOf(each),
    })),
  };
}

/** Imports the dump of an account, complete. */
export async function importDump(
  inbox: TestInbox,
  account: string,
  ...roles: readonly JsonObject[]
): Promise<void> {
  const answer = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [...roles], Policies: [] };
  await inbox.importReport(
    answer,
    { account, complete: true },
    `iam-get-account-authorization-details-${account}.json`,
  );
}

/** How privileged a role is, as the inbox shows it. */
export async function levelOfRole(
  inbox: TestInbox,
  name: string,
  account = FIRST,
): Promise<string | undefined> {
  const [view] = await showResources(inbox.ctx, { ids: [`aws:${roleArn(name, account)}`] });
  return view?.privilege.level;
}
