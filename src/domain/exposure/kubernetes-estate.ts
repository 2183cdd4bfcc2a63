import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import { asText, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { aliasText } from '../resource/alias-text.ts';
import {
  type BackendSettingsFacts,
  type BindingFacts,
  backendSettingsFacts,
  bindingFacts,
  type EndpointsFacts,
  endpointsFacts,
  type GatewayFacts,
  gatewayFacts,
  type IngressFacts,
  ingressFacts,
  kubernetesCover,
  type Labels,
  type NetworkPolicyFacts,
  type NodeFacts,
  networkPolicyFacts,
  nodeFacts,
  objectFacts,
  type ReferenceGrantFacts,
  type RoleFacts,
  type RouteFacts,
  referenceGrantFacts,
  roleFacts,
  routeFacts,
  type ServiceAccountFacts,
  type ServiceFacts,
  serviceAccountFacts,
  serviceFacts,
  type WorkloadFacts,
  workloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { type Audience, audienceOfSources } from './audience.ts';
import { type ApiServer, type CloudDoor, type CloudDoors, NO_CLOUD_DOORS } from './cloud-door.ts';
import { addressesOfNetworks } from './corporate-network.ts';

/** A resource with its facts read. */
export interface Placed<Facts> {
  readonly resource: EstateResource;
  readonly facts: Facts;
}

/** Kinds that lead traffic to services in ways that are not read; types as the format spells them. */
const UNREAD_FRONTS = new Set([
  'knative-service',
  'knative-route',
  'ingress-route',
  'ingress-route-tcp',
  'http-proxy',
  'api-rule',
  'mapping',
  'virtual-server',
]);

/** Kinds that may close what is open otherwise, and that are not read. */
const UNREAD_POLICIES = new Set([
  'calico-network-policy',
  'global-network-policy',
  'cilium-network-policy',
  'cilium-clusterwide-network-policy',
  'admin-network-policy',
  'authorization-policy',
]);

/**
 * The resources of one cluster, by what they are. Resources of the type `inventory-coverage` are no resources: their `facts.cover`
 * names a unit that a scan listed completely (`kubernetesCover`), so that a kind of which there is none is told
 * from one that nobody asked for. Without such a unit, objects of a kind in a namespace show that it was
 * asked for there, and objects in two namespaces that it was asked for everywhere.
 */
export class KubernetesEstate {
  readonly workloads: readonly Placed<WorkloadFacts>[];
  readonly services: readonly Placed<ServiceFacts>[];
  /** What services lead to, where it was listed. */
  readonly endpoints: readonly Placed<EndpointsFacts>[];
  readonly backendSettings: readonly Placed<BackendSettingsFacts>[];
  readonly ingresses: readonly Placed<IngressFacts>[];
  readonly gateways: readonly Placed<GatewayFacts>[];
  /** Of the Gateway API, and virtual services of Istio. */
  readonly routes: readonly Placed<RouteFacts>[];
  readonly grants: readonly Placed<ReferenceGrantFacts>[];
  readonly policies: readonly Placed<NetworkPolicyFacts>[];
  readonly nodes: readonly Placed<NodeFacts>[];
  readonly serviceAccounts: readonly Placed<ServiceAccountFacts>[];
  readonly roles: readonly Placed<RoleFacts>[];
  readonly bindings: readonly Placed<BindingFacts>[];
  /** The nodes' addresses inside the cluster's network, each as a set of one. */
  readonly nodeAddresses: readonly AddressSet[];
  /** Objects that lead traffic to services in ways that are not read: `VirtualService shop/web`. */
  readonly unreadFronts: readonly string[];
  readonly #doors: CloudDoors;
  readonly #unreadPolicies = new Map<string, string[]>();
  readonly #names = new Map<string, Set<string>>();
  readonly #namespaces = new Map<string, Labels>();
  readonly #covers = new Set<string>();
  readonly #seen = new Map<string, Set<string>>();
  readonly #servicesAt = new Map<string, Placed<ServiceFacts>[]>();
  readonly #addressesOfNodes = new Set<string>();
  readonly #byNamespace = new Map<
    readonly Placed<{ readonly namespace: string }>[],
    Map<string, Placed<{ readonly namespace: string }>[]>
  >();

  readonly audienceOf: (senders: AddressSet) => Audience;

  constructor(
    resources: readonly EstateResource[],
    { networks = [], doors = NO_CLOUD_DOORS }: Surroundings = {},
  ) {
    this.#doors = doors;
    const corporate = addressesOfNetworks(networks);
    this.audienceOf = (senders) => audienceOfSources(senders, corporate);
    const of = <Facts>(
      types: readonly string[],
      read: (facts: JsonObject) => Facts,
    ): readonly Placed<Facts>[] =>
      resources
        .filter((each) => types.includes(each.type))
        .map((resource) => ({ resource, facts: read(resource.facts) }));
    this.workloads = of(['workload', 'pod'], workloadFacts);
    this.services = of(['service'], serviceFacts);
    this.endpoints = of(['endpoint-slice', 'endpoints'], endpointsFacts);
    this.backendSettings = of(['backend-config', 'gcp-backend-policy'], backendSettingsFacts);
    this.ingresses = of(['ingress', 'route'], ingressFacts);
    this.gateways = of(['gateway', 'istio-gateway'], gatewayFacts);
    this.routes = of(['http-route', 'virtual-service'], routeFacts);
    this.grants = of(['reference-grant'], referenceGrantFacts);
    this.policies = of(['network-policy'], networkPolicyFacts);
    this.nodes = of(['node'], nodeFacts);
    this.serviceAccounts = of(['service-account'], serviceAccountFacts);
    this.roles = of(['role', 'cluster-role'], roleFacts);
    this.bindings = of(['role-binding', 'cluster-role-binding'], bindingFacts);
    this.nodeAddresses = this.nodes
      .flatMap(({ facts }) => facts.internalAddresses)
      .flatMap((text) => parseAddresses(text) ?? []);
    for (const service of this.services)
      for (const address of [...service.facts.addresses, ...service.facts.externalIps])
        addToList(this.#servicesAt, address, service);
    for (const { facts } of this.nodes)
      for (const address of [...facts.externalAddresses, ...facts.internalAddresses])
        this.#addressesOfNodes.add(address);
    this.unreadFronts = resources.filter((each) => UNREAD_FRONTS.has(each.type)).map(nameOf);
    for (const resource of resources) {
      if (resource.type === 'inventory-coverage') {
        this.#covers.add(asText(resource.facts.cover) ?? '');
        continue;
      }
      const { objectKind, namespace, name } = objectFacts(resource.facts);
      if (objectKind === 'Namespace')
        this.#namespaces.set(name, { 'kubernetes.io/metadata.name': name, ...resource.tags });
      if (UNREAD_POLICIES.has(resource.type)) addToList(this.#unreadPolicies, namespace, nameOf(resource));
      const names = this.#names.get(objectKind) ?? new Set();
      this.#names.set(objectKind, names.add(name));
      const namespaces = this.#seen.get(objectKind) ?? new Set();
      this.#seen.set(objectKind, namespaces.add(namespace));
    }
  }

  /** Whether all objects of a kind in a namespace are here; `null` asks for the whole cluster. */
  looked(objectKind: string, namespace: string | null): boolean {
    if (this.#covers.has(objectKind)) return true;
    const seen = this.#seen.get(objectKind);
    // A kind without namespaces is listed as a whole or not at all.
    if (seen !== undefined && (seen.size > 1 || seen.has(''))) return true;
    if (namespace === null) return false;
    return this.#covers.has(kubernetesCover(objectKind, namespace)) || seen?.has(namespace) === true;
  }

  /** Whether there is an object of a kind without namespaces; null when nobody listed the kind. */
  has(objectKind: string, name: string): boolean | null {
    if (!this.looked(objectKind, null)) return null;
    return this.#names.get(objectKind)?.has(name) === true;
  }

  /** A policy that may keep traffic from the pods of a namespace and is not read: `CiliumNetworkPolicy shop/web`. */
  unreadPolicy(namespace: string): string | null {
    return this.#unreadPolicies.get(namespace)?.[0] ?? this.#unreadPolicies.get('')?.[0] ?? null;
  }

  /** Labels of a namespace; null when it was not described. */
  namespaceLabels(namespace: string): Labels | null {
    return this.#namespaces.get(namespace) ?? null;
  }

  /** Services whose load balancer or external address is one of these: an ingress that shows it is served by that service. */
  servicesAt(addresses: readonly string[]): readonly Placed<ServiceFacts>[] {
    return [...new Set(addresses.flatMap((address) => this.#servicesAt.get(address) ?? []))];
  }

  /** Whether one of the addresses is a node's own. */
  hasNodeAt(addresses: readonly string[]): boolean {
    return addresses.some((address) => this.#addressesOfNodes.has(address));
  }

  /** What a cloud says of the load balancer that answers at an address; undefined where none is known there. */
  balancerAt(address: string): CloudDoor | undefined {
    return this.#doors.balancers.get(aliasText(address) ?? '');
  }

  /** What a cloud says of what leads to a group of endpoints of a service; undefined where the group was not described. */
  groupNamed(service: string, group: string): CloudDoor | undefined {
    return this.#doors.groups?.get(`${service} ${group}`);
  }

  /** What a cloud says of the cluster's API server; undefined where no cloud was described that runs it. */
  get apiServer(): ApiServer | undefined {
    return this.#doors.apiServer;
  }

  /** What a cloud says of the machine of a node; undefined where it was not described. */
  machineOf({ providerId }: NodeFacts): CloudDoor | undefined {
    return this.#doors.machines.get(providerId ?? '');
  }

  /** The members of one of the lists above that are in a namespace. */
  within<Facts extends { readonly namespace: string }>(
    list: readonly Placed<Facts>[],
    namespace: string,
  ): readonly Placed<Facts>[] {
    let index = this.#byNamespace.get(list);
    if (index === undefined) {
      index = new Map();
      for (const each of list) addToList(index, each.facts.namespace, each);
      this.#byNamespace.set(list, index);
    }
    return (index.get(namespace) ?? []) as unknown as readonly Placed<Facts>[];
  }
}

/** `Deployment shop/web`, `Node n1`: an object in a sentence. */
export function nameOf(resource: EstateResource): string {
  const { objectKind, namespace, name } = objectFacts(resource.facts);
  return `${objectKind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
