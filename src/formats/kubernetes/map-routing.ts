import {
  asNumber,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import {
  asLabels,
  type GatewayFacts,
  type IngressFacts,
  type ObjectFacts,
  type ReferenceGrantFacts,
  type RouteFacts,
  type TrafficRule,
} from '#domain/resource/facts/kubernetes-facts.ts';
import {
  identityFacts,
  type KubernetesObject,
  loadBalancerAddresses,
  observe,
  picked,
} from './kubernetes-object.ts';
import { DECIDING_ANNOTATIONS } from './map-network.ts';
import { namedBy } from './named-by.ts';
import { portText } from './port-text.ts';
import { readSelector } from './read-selector.ts';

export function mapIngress(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body, namespace } = object;
  const rules: TrafficRule[] = [];
  for (const rule of asObjects(at(body, 'spec', 'rules')))
    for (const path of asObjects(at(rule, 'http', 'paths')))
      rules.push(...ingressRule(asText(rule.host), asText(path.path), path.backend, namespace));
  for (const backend of [at(body, 'spec', 'defaultBackend'), at(body, 'spec', 'backend')])
    rules.push(...ingressRule(undefined, undefined, backend, namespace));
  const facts: IngressFacts = {
    ...identityFacts(object),
    className:
      asText(at(body, 'spec', 'ingressClassName')) ??
      object.annotations['kubernetes.io/ingress.class'] ??
      null,
    addresses: loadBalancerAddresses(body),
    rules,
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  const hosts = asObjects(at(body, 'spec', 'rules')).flatMap((rule) => asText(rule.host) ?? []);
  return { ...observe(object, cluster, 'ingress', facts), aliases: namedBy(hosts) };
}

/** Before networking.k8s.io/v1 name and port of the service stood in the backend itself. */
function ingressRule(
  host: string | undefined,
  path: string | undefined,
  backend: JsonValue | undefined,
  namespace: string,
): readonly TrafficRule[] {
  const name = asText(at(backend, 'service', 'name')) ?? asText(at(backend, 'serviceName'));
  if (name === undefined) return [];
  const port = at(backend, 'service', 'port');
  return [
    {
      host: host ?? '',
      path: path ?? '',
      backend: { objectKind: 'Service', namespace, name },
      port:
        portText(at(port, 'number')) ??
        portText(at(port, 'name')) ??
        portText(at(backend, 'servicePort')) ??
        '',
    },
  ];
}

/** A route of OpenShift: an ingress whose controller is a router of the platform. */
export function mapOpenShiftRoute(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body, namespace } = object;
  const admitted = asObjects(at(body, 'status', 'ingress')).filter((each) =>
    asObjects(each.conditions).some(
      (condition) => condition.type === 'Admitted' && condition.status === 'True',
    ),
  );
  const spec = at(body, 'spec');
  const backends = [at(spec, 'to'), ...asObjects(at(spec, 'alternateBackends'))];
  const facts: IngressFacts = {
    ...identityFacts(object),
    className: asText(admitted[0]?.routerName) ?? null,
    addresses: admitted.flatMap((each) => asText(each.routerCanonicalHostname) ?? asText(each.host) ?? []),
    rules: backends.flatMap((backend): TrafficRule[] => {
      const name = asText(at(backend, 'name'));
      if (name === undefined) return [];
      return [
        {
          host: asText(at(spec, 'host')) ?? '',
          path: asText(at(spec, 'path')) ?? '',
          backend: { objectKind: 'Service', namespace, name },
          port: portText(at(spec, 'port', 'targetPort')) ?? '',
        },
      ];
    }),
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  const host = asText(at(spec, 'host'));
  return { ...observe(object, cluster, 'route', facts), aliases: namedBy(host === undefined ? [] : [host]) };
}

export function mapGateway(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: GatewayFacts = {
    ...identityFacts(object),
    className: asText(at(object.body, 'spec', 'gatewayClassName')) ?? null,
    addresses: asObjects(at(object.body, 'status', 'addresses')).flatMap((each) => asTexts(each.value)),
    listeners: asObjects(at(object.body, 'spec', 'listeners')).map((each) => ({
      port: asNumber(each.port) ?? 0,
      protocol: asText(each.protocol) ?? 'TCP',
      hosts: asTexts(each.hostname),
      asksForCertificate: false,
      routesFrom: asText(at(each, 'allowedRoutes', 'namespaces', 'from')) ?? 'Same',
      ...(at(each, 'allowedRoutes', 'namespaces', 'from') === 'Selector'
        ? { routeNamespaces: readSelector(at(each, 'allowedRoutes', 'namespaces', 'selector')) }
        : {}),
    })),
    podSelector: null,
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  return { ...observe(object, cluster, 'gateway', facts), aliases: namedBy(facts.addresses) };
}

/** Of Istio, which writes the namespaces whose routes it takes before the host: `shop/*.example.com`. */
export function mapIstioGateway(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: GatewayFacts = {
    ...identityFacts(object),
    className: null,
    addresses: [],
    listeners: asObjects(at(object.body, 'spec', 'servers')).map((each) => ({
      port: asNumber(at(each, 'port', 'number')) ?? 0,
      protocol: asText(at(each, 'port', 'protocol')) ?? 'TCP',
      hosts: asTexts(each.hosts).map((host) => host.slice(host.indexOf('/') + 1)),
      asksForCertificate: at(each, 'tls', 'mode') === 'MUTUAL' || at(each, 'tls', 'mode') === 'ISTIO_MUTUAL',
      routesFrom: 'All',
    })),
    podSelector: asLabels(at(object.body, 'spec', 'selector')),
    annotations: {},
  };
  return observe(object, cluster, 'istio-gateway', facts);
}

export function mapRoute(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const hosts = asTexts(at(spec, 'hostnames'));
  const facts: RouteFacts = {
    ...identityFacts(object),
    parents: asObjects(at(spec, 'parentRefs')).map((each) => objectName(each, 'Gateway', object.namespace)),
    hosts,
    rules: asObjects(at(spec, 'rules')).flatMap((rule) => {
      const path = pathsText(asObjects(rule.matches).map((match) => at(match, 'path', 'value')));
      return asObjects(rule.backendRefs).map((each) => ({
        host: hostsText(hosts),
        path,
        backend: objectName(each, 'Service', object.namespace),
        port: portText(each.port) ?? '',
      }));
    }),
  };
  return { ...observe(object, cluster, 'http-route', facts), aliases: namedBy(hosts) };
}

/** What lets routes of other namespaces lead to services of its own; of what else it lets others name nothing is read. */
export function mapReferenceGrant(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const services = asObjects(at(spec, 'to')).filter(
    (each) => each.kind === 'Service' && (asText(each.group) ?? '') === '',
  );
  const facts: ReferenceGrantFacts = {
    ...identityFacts(object),
    from: asObjects(at(spec, 'from'))
      .filter((each) => each.group === 'gateway.networking.k8s.io')
      .map((each) => ({ objectKind: asText(each.kind) ?? '', namespace: asText(each.namespace) ?? '' })),
    services: services.some((each) => asText(each.name) === undefined)
      ? null
      : services.flatMap((each) => asText(each.name) ?? []),
  };
  return observe(object, cluster, 'reference-grant', facts);
}

/** A virtual service of Istio: routes of gateways, or of the mesh alone where it names none. */
export function mapVirtualService(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const hosts = asTexts(at(spec, 'hosts'));
  const rules = ['http', 'tls', 'tcp'].flatMap((kind) => asObjects(at(spec, kind)));
  const facts: RouteFacts = {
    ...identityFacts(object),
    parents: asTexts(at(spec, 'gateways'))
      .filter((name) => name !== 'mesh')
      .map((name) => {
        const slash = name.indexOf('/');
        return {
          objectKind: 'IstioGateway',
          namespace: slash < 0 ? object.namespace : name.slice(0, slash),
          name: name.slice(slash + 1),
        };
      }),
    hosts,
    rules: rules.flatMap((rule) => {
      const path = pathsText(
        asObjects(rule.match).map((match) => at(match, 'uri', 'prefix') ?? at(match, 'uri', 'exact')),
      );
      return asObjects(rule.route).flatMap((each): TrafficRule[] => {
        const host = asText(at(each, 'destination', 'host'));
        if (host === undefined) return [];
        return [
          {
            host: hostsText(hosts),
            path,
            backend: serviceOfHost(host, object.namespace),
            port: portText(at(each, 'destination', 'port', 'number')) ?? '',
          },
        ];
      });
    }),
  };
  return { ...observe(object, cluster, 'virtual-service', facts), aliases: namedBy(hosts) };
}

/** `web`, `web.shop`, `web.shop.svc.cluster.local`; any other name is of something outside the cluster. */
function serviceOfHost(host: string, namespace: string): ObjectFacts {
  const [name = '', ofNamespace = namespace, ...rest] = host.split('.');
  return rest.length === 0 || rest[0] === 'svc'
    ? { objectKind: 'Service', namespace: ofNamespace, name }
    : { objectKind: 'Host', namespace: '', name: host };
}

function objectName(reference: JsonObject, defaultKind: string, namespace: string): ObjectFacts {
  return {
    objectKind: asText(reference.kind) ?? defaultKind,
    namespace: asText(reference.namespace) ?? namespace,
    name: asText(reference.name) ?? '',
  };
}

const TOLD = 3;

function hostsText(hosts: readonly string[]): string {
  return hosts.length > TOLD
    ? `${hosts.slice(0, TOLD).join(', ')} and ${hosts.length - TOLD} more`
    : hosts.join(', ');
}

function pathsText(paths: readonly (JsonValue | undefined)[]): string {
  const texts = paths.flatMap((path) => asText(path) ?? []);
  return texts.length < paths.length ? '' : hostsText(texts);
}
