import {
  asObject,
  asObjects,
  asText,
  at,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';
import type { CloudObjectDescription } from '#domain/resource/resource-description.ts';
import { parseArn } from '../reading/aws/aws-names.ts';

/** A call of an API of AWS, as CloudTrail recorded it. */
export interface ApiCall {
  readonly event: JsonObject;
  /** Without the version that Lambda adds. */
  readonly name: string;
  /** `iam`, `ec2`, `secretsmanager`. */
  readonly service: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly partition: string;
  readonly parameters: JsonValue;
}

export function parameter(call: ApiCall, ...path: readonly string[]): string | undefined {
  return asText(at(call.parameters, ...path));
}

/** EC2 wraps its lists: `{"items": [{"userId": "…"}]}`. */
export function items(call: ApiCall, ...path: readonly string[]): readonly JsonObject[] {
  const value = at(call.parameters, ...path);
  return [...asObjects(at(value, 'items')), ...asObjects(value)];
}

/** A resource of the account that the call changes; none where the account or its name is not told. */
export function target(
  call: ApiCall,
  type: string,
  service: string,
  id: string | undefined,
  prefix: string,
  isGlobal = false,
): readonly CloudObjectDescription[] {
  const { account, region, partition } = call;
  if (id === undefined) return [];
  const where = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined || isGlobal ? {} : { region }),
  };
  if (parseArn(id) !== null) return [{ kind: 'cloud', provider: 'aws', id, type, ...where }];
  if (account === undefined || (region === undefined && !isGlobal)) return [];
  const arn = `arn:${partition}:${service}:${isGlobal ? '' : region}:${account}:${prefix}${id}`;
  return [{ kind: 'cloud', provider: 'aws', id: arn, type, name: id, ...where }];
}

/** A long-lived key of a user, without a second factor: what leaks, and what people should no longer work with. */
export function hasLongLivedKey({ event }: ApiCall): boolean {
  const identity = event.userIdentity;
  return (
    asText(at(identity, 'type')) === 'IAMUser' &&
    asText(at(identity, 'sessionContext', 'attributes', 'mfaAuthenticated')) !== 'true'
  );
}

/** The user that the call changes is another one than who makes it. */
export function concernsAnotherUser(call: ApiCall): boolean {
  const user = parameter(call, 'userName');
  return user !== undefined && user !== asText(at(call.event.userIdentity, 'userName'));
}

/** A policy text lets in everyone, or an account that is not the one it belongs to. */
export function admitsForeigners(call: ApiCall, ...path: readonly string[]): boolean {
  const raw = at(call.parameters, ...path);
  let policy: JsonObject | undefined;
  try {
    policy = asObject(typeof raw === 'string' ? parseJson(raw) : raw);
  } catch {
    return false;
  }
  const statements =
    asObject(policy?.Statement) === undefined ? asObjects(policy?.Statement) : [policy?.Statement];
  return statements.some((statement) => {
    if (asText(at(statement, 'Effect')) !== 'Allow') return false;
    const principal = at(statement, 'Principal');
    const named = typeof principal === 'string' ? [principal] : textsOf(at(principal, 'AWS'));
    return named.some((each) => isForeign(call, each));
  });
}

/** Everyone, or a principal of another account. */
export function isForeign({ account }: ApiCall, principal: string): boolean {
  if (principal === '*' || principal === 'all') return true;
  const owner = /^\d{12}$/.test(principal) ? principal : parseArn(principal)?.account;
  return owner !== undefined && owner !== '' && owner !== account;
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');
}
