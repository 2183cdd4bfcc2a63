import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { Behind } from './exposure-record.ts';

const DESCRIPTION_MAX = 4_000;

/**
 * The service of a cluster of GKE whose pods a group of endpoints holds, as its controllers write it into the group's
 * description: `{"cluster-uid": …, "namespace": "shop", "service-name": "web", "port": "80"}`. Null for any other group.
 */
export function clusterService({
  description = '',
}: {
  readonly description?: string | undefined;
}): Pick<Behind, 'service' | 'port'> | null {
  if (!description.includes('cluster-uid') || description.length > DESCRIPTION_MAX) return null;
  let told: JsonObject | undefined;
  try {
    told = asObject(parseJson(description));
  } catch {
    return null;
  }
  const [namespace, name, port] = ['namespace', 'service-name', 'port'].map((key) => asText(told?.[key]));
  if (namespace === undefined || name === undefined) return null;
  return { service: `${namespace}/${name}`, ...(port === undefined ? {} : { port }) };
}
