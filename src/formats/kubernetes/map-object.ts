import { asObjects, asText, at } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import type { NodeFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import { addressText, controllerOf } from './controller.ts';
import type { FirstLook } from './first-look.ts';
import { identityFacts, type KubernetesObject, observe, typeOfKind } from './kubernetes-object.ts';
import { mapBinding, mapRole, mapServiceAccount } from './map-access.ts';
import { mapDelivery } from './map-delivery.ts';
import { mapBackendSettings, mapEndpoints } from './map-endpoints.ts';
import { mapNetworkPolicy, mapService } from './map-network.ts';
import {
  mapGateway,
  mapIngress,
  mapIstioGateway,
  mapOpenShiftRoute,
  mapReferenceGrant,
  mapRoute,
  mapVirtualService,
} from './map-routing.ts';
import { mapWorkload } from './map-workload.ts';
import { isWorkload } from './workload-object.ts';

/** Records of what happens or of how the cluster keeps its books: no resources, and different every minute. */
const NO_RESOURCES = new Set([
  'Event',
  'Lease',
  'ControllerRevision',
  'PodMetrics',
  'NodeMetrics',
  'CiliumEndpoint',
  'CiliumIdentity',
]);

const GROUPS_OF_POLICIES = new Set(['networking.k8s.io', 'extensions']);

/** What one object says. Kinds that nobody evaluates are a resource with its labels; the values of secrets and settings are never read. */
export function mapObject(object: KubernetesObject, look: FirstLook): readonly Observation[] {
  if (NO_RESOURCES.has(object.objectKind)) return [];
  if (isWorkload(object)) return mapWorkload(object, look);
  const { cluster } = look;
  const delivery = mapDelivery(object, cluster);
  if (delivery !== undefined) return [delivery];
  switch (object.objectKind) {
    case 'Service':
      // Knative's services are called so too.
      return [object.group === '' ? mapService(object, cluster) : mapPlain(object, look, 'knative-service')];
    case 'Endpoints':
    case 'EndpointSlice':
      return mapEndpoints(object, cluster);
    case 'BackendConfig':
    case 'GCPBackendPolicy':
      return [mapBackendSettings(object, cluster)];
    case 'Ingress':
      return [mapIngress(object, cluster)];
    case 'Gateway':
      // Istio's gateways are called so too.
      return [
        object.group === 'gateway.networking.k8s.io'
          ? mapGateway(object, cluster)
          : mapIstioGateway(object, cluster),
      ];
    case 'VirtualService':
      return [mapVirtualService(object, cluster)];
    case 'Route':
      // Knative's routes are called so too.
      return [
        object.group === 'route.openshift.io'
          ? mapOpenShiftRoute(object, cluster)
          : mapPlain(object, look, 'knative-route'),
      ];
    case 'HTTPRoute':
    case 'GRPCRoute':
    case 'TCPRoute':
    case 'TLSRoute':
    case 'UDPRoute':
      return [mapRoute(object, cluster)];
    case 'ReferenceGrant':
      return [mapReferenceGrant(object, cluster)];
    case 'NetworkPolicy':
      // Calico's policies are called so too, and mean something else.
      return [
        GROUPS_OF_POLICIES.has(object.group)
          ? mapNetworkPolicy(object, cluster)
          : mapPlain(object, look, 'calico-network-policy'),
      ];
    case 'Node':
      return [mapNode(object, cluster)];
    case 'ServiceAccount':
      return [mapServiceAccount(object, cluster)];
    case 'Role':
    case 'ClusterRole':
      return [mapRole(object, cluster)];
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return [mapBinding(object, cluster)];
    default:
      // The pods of an operator's object have described it already, better than its own specification can.
      return look.describer(addressText(controllerOf(object))) === undefined ? [mapPlain(object, look)] : [];
  }
}

function mapPlain(
  object: KubernetesObject,
  look: FirstLook,
  type = typeOfKind(object.objectKind),
): ResourceObservation {
  return observe(object, look.cluster, type, identityFacts(object));
}

function mapNode(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const addresses = asObjects(at(object.body, 'status', 'addresses'));
  const providerId = asText(at(object.body, 'spec', 'providerID')) ?? null;
  const facts: NodeFacts = {
    ...identityFacts(object),
    externalAddresses: addressesOf(addresses, 'ExternalIP'),
    internalAddresses: addressesOf(addresses, 'InternalIP'),
    providerId,
  };
  const instance = providerId?.split('/').at(-1) ?? '';
  return {
    ...observe(object, cluster, 'node', facts),
    region: object.labels['topology.kubernetes.io/region'],
    aliases: [
      // The cloud's own instance id; other providers number their machines, which says nothing by itself.
      ...(instance.startsWith('i-') ? [{ text: instance, confidence: 1 }] : []),
      ...[...addressesOf(addresses, 'InternalDNS'), ...addressesOf(addresses, 'Hostname')].map((text) => ({
        text,
        confidence: 0.9,
      })),
      ...[...facts.externalAddresses, ...facts.internalAddresses].map((text) => ({ text, confidence: 0.6 })),
    ],
  };
}

function addressesOf(addresses: ReturnType<typeof asObjects>, type: string): readonly string[] {
  return addresses.filter((each) => each.type === type).flatMap((each) => asText(each.address) ?? []);
}
