import { asNumber, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import {
  asLabels,
  type NetworkPolicyFacts,
  type PolicyPeer,
  type PolicyPort,
  type ServiceFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import {
  identityFacts,
  type KubernetesObject,
  loadBalancerAddresses,
  observe,
  picked,
} from './kubernetes-object.ts';
import { namedBy } from './named-by.ts';
import { portText } from './port-text.ts';
import { readSelector } from './read-selector.ts';

/** Annotations of load balancers and controllers that decide who may connect (design: attack-paths, Kubernetes). */
export const DECIDING_ANNOTATIONS = [
  'service.beta.kubernetes.io/aws-load-balancer-internal',
  'service.beta.kubernetes.io/aws-load-balancer-scheme',
  'service.beta.kubernetes.io/aws-load-balancer-type',
  'service.beta.kubernetes.io/azure-load-balancer-internal',
  'service.beta.kubernetes.io/load-balancer-source-ranges',
  'service.beta.kubernetes.io/do-loadbalancer-network',
  'service.beta.kubernetes.io/oci-load-balancer-internal',
  'networking.gke.io/load-balancer-type',
  'cloud.google.com/load-balancer-type',
  'cloud.google.com/backend-config',
  'cloud.google.com/neg',
  'cloud.google.com/neg-status',
  'beta.cloud.google.com/backend-config',
  'kubernetes.io/ingress.class',
  'kubernetes.io/ingress.regional-static-ip-name',
  'alb.ingress.kubernetes.io/scheme',
  'alb.ingress.kubernetes.io/inbound-cidrs',
  'alb.ingress.kubernetes.io/auth-type',
  'alb.ingress.kubernetes.io/auth-on-unauthenticated-request',
  'alb.ingress.kubernetes.io/mutual-authentication',
  'appgw.ingress.kubernetes.io/use-private-ip',
  'nginx.ingress.kubernetes.io/whitelist-source-range',
  'nginx.ingress.kubernetes.io/allowlist-source-range',
  'nginx.ingress.kubernetes.io/auth-url',
  'nginx.ingress.kubernetes.io/auth-type',
  'nginx.ingress.kubernetes.io/auth-tls-secret',
  'nginx.ingress.kubernetes.io/auth-tls-verify-client',
  'nginx.org/basic-auth-secret',
  'haproxy.org/auth-type',
  'haproxy-ingress.github.io/auth-url',
  'haproxy.router.openshift.io/ip_allowlist',
  'haproxy.router.openshift.io/ip_whitelist',
];

export function mapService(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body } = object;
  const facts: ServiceFacts = {
    ...identityFacts(object),
    serviceType: asText(at(body, 'spec', 'type')) ?? 'ClusterIP',
    selector: asLabels(at(body, 'spec', 'selector')),
    ports: asObjects(at(body, 'spec', 'ports')).map((port) => ({
      name: asText(port.name) ?? '',
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
    externalName: asText(at(body, 'spec', 'externalName')) ?? null,
    annotations: picked(object.annotations, DECIDING_ANNOTATIONS),
  };
  return {
    ...observe(object, cluster, 'service', facts),
    aliases: namedBy([...facts.addresses, ...facts.externalIps]),
  };
}

export function mapNetworkPolicy(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const spec = at(object.body, 'spec');
  const types = asTexts(at(spec, 'policyTypes'));
  const facts: NetworkPolicyFacts = {
    ...identityFacts(object),
    podSelector: readSelector(at(spec, 'podSelector')),
    isolatesIngress: types.length === 0 || types.includes('Ingress'),
    ingress: asObjects(at(spec, 'ingress')).map((rule) => ({
      from: asObjects(rule.from).map(peer),
      ports: asObjects(rule.ports).map(policyPort),
    })),
  };
  return observe(object, cluster, 'network-policy', facts);
}

function peer(value: JsonObject): PolicyPeer {
  const block = asObject(value.ipBlock);
  if (block !== undefined)
    return { is: 'block', cidr: asText(block.cidr) ?? '', except: asTexts(block.except) };
  return {
    is: 'pods',
    namespaces:
      asObject(value.namespaceSelector) === undefined ? null : readSelector(value.namespaceSelector),
    pods: readSelector(value.podSelector),
  };
}

function policyPort(value: JsonObject): PolicyPort {
  return {
    port: portText(value.port) ?? '',
    endPort: asNumber(value.endPort) ?? null,
    protocol: asText(value.protocol) ?? 'TCP',
  };
}
