import {
  asBoolean,
  asNumber,
  asObject,
  asText,
  asTexts,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';

/**
 * What is kept of a description, member by member: a text, a number, a boolean, a list of texts, an
 * IAM policy, a list of one shape, or an object of named members. Everything else is left out, so
 * that no user data, environment or password of an inventory is ever stored.
 */
export type FactShape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'texts'
  | 'policy'
  | readonly [FactShape]
  | FactFields;

export interface FactFields {
  readonly [member: string]: FactShape;
}

/** The facts that a shape lets through. Every member may be absent: then the inventory did not say. */
export type Facts<S> = S extends 'text'
  ? string
  : S extends 'number'
    ? number
    : S extends 'boolean'
      ? boolean
      : S extends 'texts'
        ? readonly string[]
        : S extends 'policy'
          ? PolicyFacts
          : S extends readonly [infer Element]
            ? readonly Facts<Element>[]
            : { readonly [Member in keyof S]?: Facts<S[Member]> | undefined };

/** An IAM policy with its statements as a list. One without statements allows nothing: it is known to be absent. */
export interface PolicyFacts {
  readonly Version?: string;
  /** Only some of its statements are known: what they do not allow may be allowed. */
  readonly IsPart?: true;
  readonly Statement: readonly StatementFacts[];
}

/** A statement as AWS spells it; lists of one may be bare texts. */
export interface StatementFacts {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: JsonValue;
  readonly NotPrincipal?: JsonValue;
  readonly Action?: JsonValue;
  readonly NotAction?: JsonValue;
  readonly Resource?: JsonValue;
  readonly NotResource?: JsonValue;
  readonly Condition?: JsonObject;
}

/** The facts of a description, typed. Members of another type than the shape says are left out; it never throws. */
export function readFacts<S extends FactFields>(shape: S, value: unknown): Facts<S> {
  return trimFacts(shape, value) as unknown as Facts<S>;
}

/** The same as JSON, for a `ResourceObservation`. */
export function trimFacts(shape: FactFields, value: unknown): JsonObject {
  const facts: Record<string, JsonValue> = {};
  const object = asObject(value);
  if (object === undefined) return facts;
  for (const member of Object.keys(shape)) {
    if (!Object.hasOwn(object, member)) continue;
    const fact = trimFact(shape[member] as FactShape, object[member]);
    if (fact !== undefined) facts[member] = fact;
  }
  return facts;
}

function trimFact(shape: FactShape, value: JsonValue | undefined): JsonValue | undefined {
  switch (shape) {
    case 'text':
      return asText(value)?.slice(0, TEXT_MAX);
    case 'number':
      return asNumber(value);
    case 'boolean':
      return asBoolean(value);
    case 'texts':
      return Array.isArray(value) || typeof value === 'string' ? [...asTexts(value)] : undefined;
    case 'policy':
      return policyFacts(value);
    default:
  }
  if (!Array.isArray(shape))
    return asObject(value) === undefined ? undefined : trimFacts(shape as FactFields, value);
  if (!Array.isArray(value)) return undefined;
  const [element] = shape as readonly [FactShape];
  return value.map((each) => trimFact(element, each)).filter((each) => each !== undefined);
}

const TEXT_MAX = 2_048;
const POLICY_MAX = 256 * 1024;
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
] as const;

/** Beside its statements. */
const POLICY_MEMBERS: readonly string[] = ['Version', 'Id', 'IsPart'];

/**
 * A policy as AWS answers it: an object, its JSON text, percent-encoded JSON (the API's answer), or
 * JSON within JSON (AWS Config). Undefined when it is none of these. The values of external ids are
 * shared secrets and are blanked; that one is asked for stays.
 */
export function policyFacts(value: unknown): JsonObject | undefined {
  const document = asObject(decodePolicy(value));
  if (document === undefined) return undefined;
  const raw = document['Statement'];
  // What has other members and no statement is no policy, and not one that allows nothing.
  if (raw === undefined && Object.keys(document).some((member) => !POLICY_MEMBERS.includes(member)))
    return undefined;
  const statements = Array.isArray(raw) ? raw : raw === undefined ? [] : [raw];
  const kept: JsonObject[] = [];
  for (const each of statements) {
    const statement = asObject(each);
    // A statement that cannot be read could be a Deny or an Allow: the policy is not known then.
    if (statement === undefined) return undefined;
    const facts: Record<string, JsonValue> = {};
    for (const member of STATEMENT_MEMBERS) {
      const part = statement[member];
      if (part !== undefined && part !== null) facts[member] = part;
    }
    const condition = asObject(statement['Condition']);
    if (condition !== undefined) facts['Condition'] = withoutExternalIds(condition);
    kept.push(facts);
  }
  const version = asText(document['Version']);
  return {
    ...(version === undefined ? {} : { Version: version }),
    ...(document['IsPart'] === true ? { IsPart: true } : {}),
    Statement: kept,
  };
}

/** A policy document as it is given: text, percent-encoded, or parsed already; undefined where it cannot be read. */
export function decodePolicy(value: unknown): unknown {
  let current = value;
  for (let layer = 0; layer < 3 && typeof current === 'string'; layer++) {
    if (current.length > POLICY_MAX) return undefined;
    try {
      current = parseJson(current.trimStart().startsWith('%') ? decodeURIComponent(current) : current);
    } catch {
      return undefined;
    }
  }
  return current;
}

function withoutExternalIds(condition: JsonObject): JsonObject {
  const operators: Record<string, JsonValue> = {};
  for (const [operator, keys] of Object.entries(condition)) {
    const named = asObject(keys);
    if (named === undefined) continue;
    operators[operator] = Object.fromEntries(
      Object.entries(named).flatMap(([key, values]) =>
        values === undefined ? [] : [[key, key.toLowerCase() === 'sts:externalid' ? '(asked for)' : values]],
      ),
    );
  }
  return operators;
}
