import { asObject, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { FactFields, FactShape } from '#domain/resource/facts/fact-shape.ts';

/**
 * Renames the members of a description to the spelling of its shape. AWS spells one thing in several
 * ways (`DBClusterIdentifier`, `dBClusterIdentifier`, `dbclusterIdentifier`), which differ in case
 * only. Members that the shape does not know are left out.
 */
export function respell(shape: FactFields, value: unknown): JsonObject {
  const object = asObject(value);
  if (object === undefined) return {};
  const spelled: Record<string, JsonValue> = {};
  const byLowerCase = new Map(Object.keys(object).map((key) => [key.toLowerCase(), key]));
  for (const member of Object.keys(shape)) {
    const key = Object.hasOwn(object, member) ? member : byLowerCase.get(member.toLowerCase());
    const found = key === undefined ? undefined : object[key];
    if (found !== undefined && found !== null)
      spelled[member] = respellPart(shape[member] as FactShape, found);
  }
  return spelled;
}

function respellPart(shape: FactShape, value: JsonValue): JsonValue {
  if (typeof shape === 'string') return value;
  if (!Array.isArray(shape)) return respell(shape as FactFields, value);
  const [element] = shape as readonly [FactShape];
  // What is no list is not an empty one.
  return Array.isArray(value) ? value.map((each) => respellPart(element, each)) : value;
}
