import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { Behind } from './exposure-record.ts';

const DESCRIPTION_MAX = 4_000;

/**
 * The service of a cluster of GKE whose pods a backend of a load balancer leads to, as the cluster's controllers write it into the
 * description of the group of endpoints, `{"namespace": "shop", "service-name": "web", "port": "80", …}`, and of the backend
 * service, `{"kubernetes.io/service-name": "shop/web", "kubernetes.io/service-port": "80"}`. Null for any other.
 */
export function clusterService({
  description = '',
}: {
  readonly description?: string | undefined;
}): Pick<Behind, 'service' | 'port'> | null {
  if (!description.includes('service-name') || description.length > DESCRIPTION_MAX) return null;
  let told: JsonObject | undefined;
  try {
    told = asObject(parseJson(description));
  } catch {
    return null;
  }
  const namespace = asText(told?.['namespace']);
  const name = asText(told?.['service-name']);
  const service = namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
  const found = service ?? asText(told?.['kubernetes.io/service-name']);
  const port = asText(told?.['port']) ?? asText(told?.['kubernetes.io/service-port']);
  if (found === undefined) return null;
  return { service: found, ...(port === undefined ? {} : { port }) };
}
