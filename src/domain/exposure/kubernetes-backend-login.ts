import { NO_ADDRESSES } from '#base/address-set.ts';
import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { ServiceFacts, ServicePort } from '../resource/facts/kubernetes-facts.ts';
import { ingressFacts } from '../resource/facts/kubernetes-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import type { Entry } from './kubernetes-ingress-front.ts';
import type { Login } from './kubernetes-login.ts';
import { admitting } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

const PROXY: Login = { auth: 'oidc', words: 'a login (Identity-Aware Proxy)' };

/**
 * A front of Google as it is before one service: with Identity-Aware Proxy it asks everybody for a login, as the
 * `BackendConfig` says that the service names, or the policy of a gateway that names the service. Other fronts read neither.
 */
export function askingBackend(
  entry: Entry,
  by: EstateResource,
  service: Placed<ServiceFacts>,
  port: ServicePort | null,
  estate: KubernetesEstate,
): Entry {
  if (entry.login !== null) return entry;
  const { namespace, name, annotations } = service.facts;
  const settings = estate.within(estate.backendLogins, namespace);
  if (by.type === 'http-route')
    return settings.some(({ facts }) => facts.asksForLogin && facts.service === name)
      ? { ...entry, login: PROXY }
      : entry;
  if (by.type !== 'ingress' || !isOfGoogle(ingressFacts(by.facts).className)) return entry;
  const config = configOf(
    annotations['cloud.google.com/backend-config'] ?? annotations['beta.cloud.google.com/backend-config'],
    port,
  );
  if (config === null) return entry;
  const found =
    config === UNREAD
      ? undefined
      : settings.find(({ facts }) => facts.service === null && facts.name === config);
  if (found !== undefined) return found.facts.asksForLogin ? { ...entry, login: PROXY } : entry;
  const missing =
    config === UNREAD
      ? `a readable annotation of Service ${namespace}/${name} that names its BackendConfig: kubectl get services -A -o json`
      : `whether BackendConfig ${namespace}/${config} asks for a login: kubectl get backendconfigs -A -o json`;
  return {
    ...entry,
    reach: admitting(entry.reach, { certain: NO_ADDRESSES, possible: EVERYWHERE, missing: [missing] }),
  };
}

/** Clusters of Google make ingresses without a class their own. */
function isOfGoogle(className: string | null): boolean {
  return className === null || className === 'gce' || className === 'gce-internal';
}

/** What no object is called: which settings a service names cannot be read. */
const UNREAD = Symbol('unread');

/** `{"default": "a", "ports": {"80": "b", "http": "c"}}`: the settings of one port; null where none are named. */
function configOf(annotation: string | undefined, port: ServicePort | null): string | typeof UNREAD | null {
  if (annotation === undefined) return null;
  if (annotation.length > 4_000) return UNREAD;
  let value: JsonObject | undefined;
  try {
    value = asObject(parseJson(annotation));
  } catch {
    return UNREAD;
  }
  if (value === undefined) return UNREAD;
  const ports = asObject(value.ports) ?? {};
  const own = port === null ? undefined : (asText(ports[String(port.port)]) ?? asText(ports[port.name]));
  return own ?? asText(value.default) ?? null;
}
