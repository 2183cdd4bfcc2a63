import { asText, at, type JsonObject } from '#base/json-value.ts';
import { toolName } from '#domain/control/tool-check.ts';

/** The tool that made an event, under its one name: `prowler`, `securityhub`, `guardduty`, `inspector`, `falco`. `ocsf` where none is named. */
export function productOf(event: JsonObject): string {
  const name = toolName(asText(at(event, 'metadata', 'product', 'name')) ?? '');
  return name === '' ? 'ocsf' : name;
}

/** Prowler's events are the records of one scan; all others come as a stream. */
export function isOfProwler(event: JsonObject): boolean {
  return productOf(event) === 'prowler';
}

/** The provider that an event is about, in lower case: `aws`, `azure`, `gcp`, `kubernetes`, `github`. */
export function providerOf(event: JsonObject): string | undefined {
  const named = asText(at(event, 'cloud', 'provider')) ?? asText(at(event, 'unmapped', 'provider'));
  if (named !== undefined) return named.toLowerCase();
  // Prowler describes a cluster by the profile `container` and no cloud.
  const profiles = at(event, 'metadata', 'profiles');
  return Array.isArray(profiles) && profiles.includes('container') ? 'kubernetes' : undefined;
}
