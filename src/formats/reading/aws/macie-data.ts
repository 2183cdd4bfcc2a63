import {
  asNumber,
  asObject,
  asObjects,
  asText,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';

/** The words for what Macie found in an object: its categories, the types of its detections, the names of own identifiers. */
export function macieWords(result: JsonValue | undefined): readonly string[] {
  const found = asObjects(member(result, 'sensitiveData')).flatMap((each) => [
    asText(member(each, 'category')) ?? '',
    ...asObjects(member(each, 'detections')).map((detection) => asText(member(detection, 'type')) ?? ''),
  ]);
  const own = asObjects(member(member(result, 'customDataIdentifiers'), 'detections')).map(
    (detection) => asText(member(detection, 'name')) ?? '',
  );
  return [...new Set([...found, ...own])].filter((word) => word !== '').slice(0, 200);
}

/** How many occurrences it counted. */
export function macieCount(result: JsonValue | undefined): number {
  return [
    ...asObjects(member(result, 'sensitiveData')),
    asObject(member(result, 'customDataIdentifiers')),
  ].reduce((sum, each) => sum + (asNumber(member(each, 'totalCount')) ?? 0), 0);
}

/** Macie writes camelCase, Security Hub PascalCase. */
function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  const object: JsonObject | undefined = asObject(value);
  return at(object, name) ?? at(object, `${(name[0] as string).toUpperCase()}${name.slice(1)}`);
}

/** The sentence of a clue. */
export function macieReason(words: readonly string[], count: number): string {
  const what = words.slice(0, 6).join(', ');
  return `Macie found ${what === '' ? 'sensitive data' : what}${count > 0 ? ` (${count} times)` : ''}`;
}
