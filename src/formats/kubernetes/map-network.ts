import {
  asArray,
  asNumber,
  asObject,
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
  type NetworkPolicyFacts,
  type ObjectFacts,
  type PolicyPeer,
  type PolicyPort,
  type RouteFacts,
  type Selector,
  type ServiceFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import {
  identityFacts,
  type KubernetesObject,
  loadBalancerAddresses,
  observe,
  picked,
} from './kubernetes-object.ts';

/** Annotations of load balancers and controllers that decide who may connect (design: attack-paths, Kubernetes). */
const DECIDING_ANNOTATIONS = [
  'service.beta.kubernetes.io/aws-load-balancer-internal',
  'service.beta.kubernetes.io/aws-load-balancer-scheme',
  'service.beta.kubernetes.io/aws-load-balancer-type',
  'service.beta.kubernetes.io/azure-load-balancer-internal',
  'service.beta.kubernetes.io/load-balancer-source-ranges',
  'service.beta.kubernetes.io/do-loadbalancer-network',
  'service.beta.kubernetes.io/oci-load-balancer-internal',
  'networking.gke.io/load-balancer-type',
  'cloud.google.com/load-balancer-type',
  'kubernetes.io/ingress.class',
  'kubernetes.io/ingress.regional-static-ip-name',
  'alb.ingress.kubernetes.io/scheme',
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'alb.ingress.kubernetes.io/auth-type',
  'appgw.ingress.kubernetes.io/use-private-ip',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'nginx.ingress.kubernetes.io/auth-url',
  'nginx.ingress.kubernetes.io/auth-type',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/auth-tls-verify-client',
];

export function mapService(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body } = object;
  const facts: ServiceFacts = {
    ...identityFacts(object),
    serviceType: asText(at(body, 'spec', 'type')) ?? 'ClusterIP',
    selector: asLabels(at(body, 'spec', 'selector')),
    ports: asObjects(at(body, 'spec', 'ports')).map((port) => ({
      port: asNumber(port.port) ?? 0,
      protocol: asText(port.protocol) ?? 'TCP',
      targetPort: portText(port.targetPort) ?? portText(port.port) ?? '',
      nodePort: asNumber(port.nodePort) ?? null,
    })),
    loadBalancerClass: asText(at(body, 'spec', 'loadBalancerClass')) ?? null,
    sourceRanges: asTexts(at(body, 'spec', 'loadBalancerSourceRanges')),
    externalIps: asTexts(at(body, 'spec', 'externalIPs')),
    addresses: loadBalancerAddresses(body),
    keepsClientAddress: at(body, 'spec', 'externalTrafficPolicy') === 'Local',
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  return observe(object, cluster, 'service', facts);
}

export function mapIngress(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body } = object;
  const rules = asObjects(at(body, 'spec', 'rules'));
  const paths = rules.flatMap((rule) => asObjects(at(rule, 'http', 'paths')));
  const backends = [
    at(body, 'spec', 'defaultBackend'),
    at(body, 'spec', 'backend'),
    ...paths.map((path) => path.backend),
  ];
  const facts: IngressFacts = {
    ...identityFacts(object),
    className:
      asText(at(body, 'spec', 'ingressClassName')) ??
      object.annotations['kubernetes.io/ingress.class'] ??
      null,
    addresses: loadBalancerAddresses(body),
    // Before networking.k8s.io/v1 the name stood in the backend itself.
    backends: distinct(
      backends.map((backend) => asText(at(backend, 'service', 'name')) ?? asText(at(backend, 'serviceName'))),
    ),
    hosts: distinct(rules.map((rule) => asText(rule.host))),
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  return observe(object, cluster, 'ingress', facts);
}

export function mapGateway(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: GatewayFacts = {
    ...identityFacts(object),
    className: asText(at(object.body, 'spec', 'gatewayClassName')) ?? null,
    addresses: asObjects(at(object.body, 'status', 'addresses')).flatMap((each) => asTexts(each.value)),
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  return observe(object, cluster, 'gateway', facts);
}

export function mapRoute(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const rules = asObjects(at(spec, 'rules'));
  const facts: RouteFacts = {
    ...identityFacts(object),
    parents: asObjects(at(spec, 'parentRefs')).map((each) => objectName(each, 'Gateway', object.namespace)),
    backends: rules
      .flatMap((rule) => asObjects(rule.backendRefs))
      .map((each) => objectName(each, 'Service', object.namespace)),
    hosts: asTexts(at(spec, 'hostnames')),
  };
  return observe(object, cluster, 'http-route', facts);
}

export function mapNetworkPolicy(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const types = asTexts(at(spec, 'policyTypes'));
  const facts: NetworkPolicyFacts = {
    ...identityFacts(object),
    podSelector: selector(at(spec, 'podSelector')),
    isolatesIngress: types.length === 0 || types.includes('Ingress'),
    ingress: asObjects(at(spec, 'ingress')).map((rule) => ({
      from: asObjects(rule.from).map(peer),
      ports: asObjects(rule.ports).map(policyPort),
    })),
  };
  return observe(object, cluster, 'network-policy', facts);
}

function objectName(reference: JsonObject, defaultKind: string, namespace: string): ObjectFacts {
  return {
    objectKind: asText(reference.kind) ?? defaultKind,
    namespace: asText(reference.namespace) ?? namespace,
    name: asText(reference.name) ?? '',
  };
}

function peer(value: JsonObject): PolicyPeer {
  const block = asObject(value.ipBlock);
  if (block !== undefined)
    return { is: 'block', cidr: asText(block.cidr) ?? '', except: asTexts(block.except) };
  return {
    is: 'pods',
    namespaces: asObject(value.namespaceSelector) === undefined ? null : selector(value.namespaceSelector),
    pods: selector(value.podSelector),
  };
}

function policyPort(value: JsonObject): PolicyPort {
  return {
    port: portText(value.port) ?? '',
    endPort: asNumber(value.endPort) ?? null,
    protocol: asText(value.protocol) ?? 'TCP',
  };
}

function selector(value: JsonValue | undefined): Selector {
  return {
    labels: asLabels(at(value, 'matchLabels')),
    expressions: asObjects(at(value, 'matchExpressions')).map((each) => ({
      key: asText(each.key) ?? '',
      operator: asText(each.operator) ?? '',
      values: asArray(each.values).filter((text): text is string => typeof text === 'string'),
    })),
  };
}

function portText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'number' ? String(value) : asText(value);
}

function distinct(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name): name is string => name !== undefined))];
}
