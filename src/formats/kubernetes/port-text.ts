import { asText, type JsonValue } from '#base/json-value.ts';

/** A port, which Kubernetes writes as a number or as a name. */
export function portText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : asText(value);
}
