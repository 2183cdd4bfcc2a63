import { asArray, asObjects, asText, at, type JsonValue } from '#base/json-value.ts';
import { asLabels, type Selector } from '#domain/resource/facts/kubernetes-facts.ts';

/** A label selector of an object; one that is absent selects everything. */
export function readSelector(value: JsonValue | undefined): Selector {
  return {
    labels: asLabels(at(value, 'matchLabels')),
    expressions: asObjects(at(value, 'matchExpressions')).map((each) => ({
      key: asText(each.key) ?? '',
      operator: asText(each.operator) ?? '',
      values: asArray(each.values).filter((text): text is string => typeof text === 'string'),
    })),
  };
}
