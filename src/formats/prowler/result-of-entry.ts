import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { type CheckResult, verdictOf } from './map-result.ts';
import { bracketed } from './result-of-row.ts';

const TAGS_MAX = 100;

/** An entry of version 3, or of version 2 with its names in words; or what it lacks. */
export function resultOfEntry(entry: JsonObject): CheckResult | string {
  const control = asText(entry.Control);
  if (control !== undefined) return resultOfVersion2(entry, control);
  const check = asText(entry.CheckID);
  if (check === undefined) return 'a text in CheckID was expected';
  return {
    provider: (asText(entry.Provider) ?? 'aws').toLowerCase(),
    account: asText(entry.AccountId) ?? asText(entry.ProjectId) ?? asText(entry.Subscription),
    region: asText(entry.Region) ?? asText(entry.Location),
    check,
    verdict: verdictOf(asText(entry.Status)),
    isMuted: entry.Muted === true,
    title: asText(entry.CheckTitle),
    detail: asText(entry.StatusExtended),
    severity: asText(entry.Severity),
    risk: asText(entry.Risk),
    fix: asText(at(entry, 'Remediation', 'Recommendation', 'Text')),
    references: [asText(at(entry, 'Remediation', 'Recommendation', 'Url')), asText(entry.RelatedUrl)],
    resourceId: asText(entry.ResourceArn) ?? asText(entry.ResourceId),
    resourceType: asText(entry.ResourceType),
    resourceName: asText(entry.ResourceName),
    tags: tagsOf(entry.ResourceTags),
  };
}

function resultOfVersion2(entry: JsonObject, control: string): CheckResult | string {
  const check = bracketed(control);
  if (check === undefined) return 'a check in brackets in Control was expected';
  return {
    provider: 'aws',
    account: asText(entry['Account Number']),
    region: asText(entry.Region),
    check,
    verdict: verdictOf(asText(entry.Status)),
    isMuted: false,
    title: control.replace(/^\[\w+\] /, ''),
    detail: asText(entry.Message),
    severity: asText(entry.Severity),
    risk: asText(entry.Risk),
    fix: asText(entry.Remediation),
    references: [asText(entry['Doc link'])],
    resourceId: asText(entry['Resource ID']),
    resourceType: undefined,
    resourceName: undefined,
    tags: new Map(),
  };
}

/** An object, or a list of one with members `Key` and `Value`. */
function tagsOf(value: unknown): ReadonlyMap<string, string> {
  const pairs = Array.isArray(value)
    ? asObjects(value).map((tag) => [
        asText(tag.Key) ?? asText(tag.key),
        asText(tag.Value) ?? asText(tag.value),
      ])
    : Object.entries(asObject(value) ?? {}).map(([key, each]) => [key, asText(each)]);
  return new Map(
    pairs.slice(0, TAGS_MAX).flatMap(([key, each]): [string, string][] => (key ? [[key, each ?? '']] : [])),
  );
}
