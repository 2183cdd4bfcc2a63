import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';

/** One resource of a state or plan, without what Terraform marks as sensitive. */
export interface StateResource {
  readonly address: string;
  /** `aws_instance`. */
  readonly type: string;
  readonly values: JsonObject;
}

/** An entry of `resources` in the values of a state or plan; undefined for what is none, and for data sources. */
export function stateResource(entry: JsonValue): StateResource | 'data' | undefined {
  const object = asObject(entry);
  const address = asText(object?.['address']);
  const type = asText(object?.['type']);
  if (object === undefined || address === undefined || type === undefined) return undefined;
  if (object['mode'] === 'data') return 'data';
  return { address, type, values: withoutSensitive(object['values'], object['sensitive_values']) };
}

/** What an entry of `resource_changes` says to be there today; undefined where nothing is yet. */
export function resourceToday(entry: JsonValue): StateResource | undefined {
  const object = asObject(entry);
  const address = asText(object?.['address']);
  const type = asText(object?.['type']);
  const change = asObject(object?.['change']);
  const before = asObject(change?.['before']);
  if (address === undefined || type === undefined || before === undefined || object?.['mode'] === 'data')
    return undefined;
  return { address, type, values: withoutSensitive(before, change?.['before_sensitive']) };
}

/** Marks have the shape of the values, with `true` where a value is sensitive. */
function withoutSensitive(values: JsonValue | undefined, marks: JsonValue | undefined): JsonObject {
  return marks === true ? {} : (asObject(stripped(values ?? null, marks)) ?? {});
}

function stripped(value: JsonValue, marks: JsonValue | undefined): JsonValue {
  if (Array.isArray(value)) {
    if (!Array.isArray(marks)) return value;
    return value.flatMap((each, index) => (marks[index] === true ? [] : [stripped(each, marks[index])]));
  }
  const object = asObject(value);
  const marked = asObject(marks);
  if (object === undefined || marked === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, each]) =>
      each === undefined || marked[key] === true ? [] : [[key, stripped(each, marked[key])]],
    ),
  );
}
