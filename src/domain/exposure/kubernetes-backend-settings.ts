import { NO_ADDRESSES } from '#base/address-set.ts';
import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { BackendSettingsFacts, ServiceFacts, ServicePort } from '../resource/facts/kubernetes-facts.ts';
import { ingressFacts } from '../resource/facts/kubernetes-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import type { Entry } from './kubernetes-ingress-front.ts';
import type { Login } from './kubernetes-login.ts';
import { admitting } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

/** By default nobody passes; whom IAM lets pass no cluster tells. */
const PROXY: Login = {
  auth: 'oidc',
  words: 'a login (Identity-Aware Proxy)',
  assumes: `Assumes that Identity-Aware Proxy lets in only whom the owner named, which no cluster tells: ${assetCall(projectPlace(null), 'iam-policy')}.`,
};

/**
 * A front of Google as it is before one service: as its cloud tells, else with Identity-Aware Proxy it asks everybody for a login and with
 * Cloud Armor lets in whom its rules say, as the `BackendConfig` says that the service names, or the policy of a gateway that names the
 * service. Other fronts read neither.
 */
export function askingBackend(
  entry: Entry,
  by: EstateResource,
  service: Placed<ServiceFacts>,
  port: ServicePort | null,
  estate: KubernetesEstate,
): Entry {
  const told = entry.towards?.(service.facts, port) ?? null;
  if (told !== null) return { ...entry, ...told };
  if (entry.login !== null) return entry;
  const { namespace, name, annotations } = service.facts;
  const settings = estate.within(estate.backendSettings, namespace);
  if (by.type === 'http-route')
    return settings
      .filter(({ facts }) => facts.service === name)
      .reduce((asked, { facts }) => withSettings(asked, facts, service.facts), entry);
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
  if (found !== undefined) return withSettings(entry, found.facts, service.facts);
  return doubted(
    entry,
    config === UNREAD
      ? `a readable annotation of Service ${namespace}/${name} that names its BackendConfig: kubectl get services -A -o json`
      : `what BackendConfig ${namespace}/${config} asks for: kubectl get backendconfigs -A -o json`,
  );
}

function withSettings(
  entry: Entry,
  { asksForLogin, securityPolicy }: BackendSettingsFacts,
  { namespace, name }: ServiceFacts,
): Entry {
  const guarded =
    securityPolicy === null
      ? entry
      : doubted(
          entry,
          `whom Cloud Armor lets through to Service ${namespace}/${name} by its policy ${securityPolicy}: ${assetCall(projectPlace(null), 'resource')}`,
        );
  return asksForLogin ? { ...guarded, login: PROXY } : guarded;
}

/** Anybody may get through, and nobody for certain. */
function doubted(entry: Entry, missing: string): Entry {
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
