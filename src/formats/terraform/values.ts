import {
  asBoolean,
  asNumber,
  asObjects,
  asTexts,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';

/** Terraform writes an empty text where nothing is set: that is no name. */
export function text(values: JsonObject, key: string): string | undefined {
  const value = values[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; undefined where the list is not known. */
export function texts(values: JsonObject, key: string): string[] | undefined {
  return Array.isArray(values[key]) ? [...asTexts(values[key])] : undefined;
}

/** Nested blocks. */
export function blocks(values: JsonObject, key: string): readonly JsonObject[] {
  return asObjects(values[key]);
}

/** The one block of its name; empty where there is none. */
export function block(values: JsonObject, key: string): JsonObject {
  return blocks(values, key)[0] ?? {};
}

/** Only what is known: members that are undefined are left out. */
export function known(facts: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** Members under other names, as they are: `{ VpcId: 'vpc_id' }`. */
export function renamed(values: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  return known(
    Object.fromEntries(
      Object.entries(names).map(([to, from]) => {
        const value = values[from];
        return [to, value === null || value === '' ? undefined : value];
      }),
    ),
  );
}

export function number(values: JsonObject, key: string): number | undefined {
  return asNumber(values[key]);
}

export function isTrue(values: JsonObject, key: string): boolean | undefined {
  return asBoolean(values[key]);
}

/** A policy document; an empty one is known to be absent, none at all is not known. */
export function policy(values: JsonObject, key: string): JsonObject {
  const value = values[key];
  if (value === '') return { Policy: { Statement: [] } };
  return value === undefined || value === null ? {} : { Policy: value };
}

/** What AWS wraps in a list of objects: `[{ GroupId: 'sg-1' }]`. */
export function wrapped(values: readonly string[] | undefined, member: string): JsonValue | undefined {
  return values?.map((value) => ({ [member]: value }));
}
