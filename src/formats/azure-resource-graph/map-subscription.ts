import { asText, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { mapAzureObject } from './map-azure-object.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An element of `az account list`: its id is the bare subscription. */
export function isSubscriptionEntry(object: JsonObject): boolean {
  return (
    UUID.test(asText(object['id']) ?? '') &&
    asText(object['tenantId']) !== undefined &&
    (object['cloudName'] !== undefined || object['environmentName'] !== undefined) &&
    asText(object['name']) !== undefined
  );
}

export function mapSubscriptionEntry(object: JsonObject): readonly Observation[] | null {
  if (!isSubscriptionEntry(object)) return null;
  const id = asText(object['id']) as string;
  return mapAzureObject({ id: `/subscriptions/${id}`, subscriptionId: id, displayName: object['name'] });
}
