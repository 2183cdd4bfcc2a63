import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
} from '#base/json-value.ts';

/**
 * What the inventory keeps of Kubernetes objects: the fields that decide exposure, privilege, environment and
 * ownership, and nothing that changes with every restart. Each shape is the `facts` of a resource `type`:
 *
 * | type | shape |
 * |---|---|
 * | `workload`, `pod` (one without a controller) | `WorkloadFacts` |
 * | `service` | `ServiceFacts` |
 * | `ingress`, `route` (of OpenShift) | `IngressFacts` |
 * | `gateway`, `istio-gateway` | `GatewayFacts` |
 * | `http-route` (also GRPC, TCP, TLS and UDP routes), `virtual-service` | `RouteFacts` |
 * | `reference-grant` | `ReferenceGrantFacts` |
 * | `network-policy` | `NetworkPolicyFacts` |
 * | `node` | `NodeFacts` |
 * | `endpoint-slice`, `endpoints` (older endpoints only where no selector makes them) | `EndpointsFacts` |
 * | `backend-config`, `gcp-backend-policy` (of GKE) | `BackendSettingsFacts` |
 * | `namespace` and every kind without a shape of its own | `ObjectFacts` |
 * | `service-account` | `ServiceAccountFacts` |
 * | `role`, `cluster-role` | `RoleFacts` |
 * | `role-binding`, `cluster-role-binding` | `BindingFacts` |
 * | `config-map` (only `aws-auth` of `kube-system`) | `AwsLoginFacts` |
 * | `inventory-coverage` | `cover`: a unit that a scan listed completely (`kubernetesCover`) |
 *
 * Every reader below takes any JSON: a member that is absent or of another type reads as absent.
 */
export type KubernetesFacts =
  | WorkloadFacts
  | ServiceFacts
  | IngressFacts
  | GatewayFacts
  | RouteFacts
  | ReferenceGrantFacts
  | NetworkPolicyFacts
  | NodeFacts
  | EndpointsFacts
  | BackendSettingsFacts
  | ObjectFacts
  | ServiceAccountFacts
  | RoleFacts
  | BindingFacts
  | AwsLoginFacts;

export type Labels = Readonly<Record<string, string>>;

export interface ObjectFacts {
  readonly objectKind: string;
  /** Empty for cluster-scoped kinds. */
  readonly namespace: string;
  /** The object's own name, by which others refer to it. */
  readonly name: string;
}

export interface WorkloadFacts extends ObjectFacts {
  /** Pods that are wanted; 0 is dormant (scaled down, suspended, finished), null when the object does not say. */
  readonly replicas: number | null;
  /** Labels of the pods, which selectors match, without those that a controller generates. */
  readonly podLabels: Labels;
  /** `default` where the pod names none. */
  readonly serviceAccount: string;
  /** The pod's own setting; null leaves it to the service account. */
  readonly mountsToken: boolean | null;
  readonly hostNetwork: boolean;
  readonly hostPid: boolean;
  readonly hostIpc: boolean;
  /** Whether its containers see each other's processes, and their files through them (`shareProcessNamespace`). */
  readonly sharesProcesses?: true;
  /** Files of the node that are mounted; `writable` unless every mount of the volume is read-only. */
  readonly hostPaths: readonly HostPath[];
  readonly containers: readonly ContainerFacts[];
  /** Of an API server that runs as a pod: told to take no request without a login. */
  readonly refusesStrangers?: true;
}

export interface HostPath {
  readonly path: string;
  readonly writable: boolean;
}

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly privileged: boolean;
  /** Whether it runs as user 0; null when only the image knows. */
  readonly runsAsRoot: boolean | null;
  readonly addedCapabilities: readonly string[];
  readonly ports: readonly ContainerPort[];
}

export interface ContainerPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostPort: number | null;
}

export interface ServiceFacts extends ObjectFacts {
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`. */
  readonly serviceType: string;
  /** Empty: the service selects no pods by itself. */
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  readonly loadBalancerClass: string | null;
  readonly sourceRanges: readonly string[];
  readonly externalIps: readonly string[];
  /** Addresses and host names that the load balancer got; empty while it waits for one. */
  readonly addresses: readonly string[];
  /** Client addresses reach the pods unchanged (`externalTrafficPolicy: Local`). */
  readonly keepsClientAddress: boolean;
  /** The name that an `ExternalName` stands for: `web.shop.svc.cluster.local`, `db.example.com`. */
  readonly externalName: string | null;
  /** Only those that decide how far it reaches. */
  readonly annotations: Labels;
}

/** What a service leads to. */
export interface EndpointsFacts extends ObjectFacts {
  /** The service of the same namespace. */
  readonly service: string;
  /** Names; of pods behind a selector without what is another one with every pod (`web-xxxxxxxxx-xxxxx`). */
  readonly pods: readonly string[];
  /** Of what is no pod. */
  readonly addresses: readonly string[];
}

/** What a load balancer of Google asks of requests before they get to a service. */
export interface BackendSettingsFacts extends ObjectFacts {
  /** Identity-Aware Proxy. */
  readonly asksForLogin: boolean;
  /** The policy of Cloud Armor that they have to pass, whose rules no cluster tells. */
  readonly securityPolicy: string | null;
  /** The service that it is about; null for a `BackendConfig`, which services name by an annotation. */
  readonly service: string | null;
}

export interface ServicePort {
  /** Empty where it has none. */
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Number or name of the container's port. */
  readonly targetPort: string;
  readonly nodePort: number | null;
}

export interface IngressFacts extends ObjectFacts {
  readonly className: string | null;
  readonly addresses: readonly string[];
  readonly rules: readonly TrafficRule[];
  readonly annotations: Labels;
}

/** What is led where: requests for a host and path to a port of a service. */
export interface TrafficRule {
  /** Empty: every host. Several are told as one text. */
  readonly host: string;
  /** Empty: every path. */
  readonly path: string;
  readonly backend: ObjectFacts;
  /** Number or name of the service's port; empty where the rule does not say. */
  readonly port: string;
}

export interface GatewayFacts extends ObjectFacts {
  readonly className: string | null;
  readonly addresses: readonly string[];
  readonly listeners: readonly Listener[];
  /** Labels of the pods that answer for a gateway of Istio; null for one of the Gateway API, which has addresses. */
  readonly podSelector: Labels | null;
  readonly annotations: Labels;
}

export interface Listener {
  readonly port: number;
  readonly protocol: string;
  /** Empty: every host. */
  readonly hosts: readonly string[];
  /** Nobody gets through without a client certificate. */
  readonly asksForCertificate: boolean;
  /** Whose routes may be attached: `Same` namespace, `All`, or those of a `Selector`. */
  readonly routesFrom: string;
  /** The namespaces that a `Selector` means. */
  readonly routeNamespaces?: Selector;
}

export interface RouteFacts extends ObjectFacts {
  /** Gateways (and services of a mesh) that it is attached to; those of Istio have the kind `IstioGateway`. */
  readonly parents: readonly ObjectFacts[];
  readonly hosts: readonly string[];
  readonly rules: readonly TrafficRule[];
}

/** By which a namespace lets routes of other namespaces lead to its services. */
export interface ReferenceGrantFacts extends ObjectFacts {
  readonly from: readonly Pick<ObjectFacts, 'objectKind' | 'namespace'>[];
  /** Names of services; null for all of them. */
  readonly services: readonly string[] | null;
}

export interface NetworkPolicyFacts extends ObjectFacts {
  readonly podSelector: Selector;
  /** Whether it isolates incoming traffic; a policy for egress alone does not. */
  readonly isolatesIngress: boolean;
  readonly ingress: readonly PolicyRule[];
}

export interface PolicyRule {
  /** Empty: every source. */
  readonly from: readonly PolicyPeer[];
  /** Empty: every port. */
  readonly ports: readonly PolicyPort[];
}

/** Either a block of addresses or pods; of pods, `namespaces` null means the policy's own namespace. */
export type PolicyPeer =
  | { readonly is: 'block'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly is: 'pods'; readonly namespaces: Selector | null; readonly pods: Selector };

export interface PolicyPort {
  /** Number or name; empty for every port of the protocol. */
  readonly port: string;
  readonly endPort: number | null;
  readonly protocol: string;
}

/** A label selector; without labels and expressions it selects everything. */
export interface Selector {
  readonly labels: Labels;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface NodeFacts extends ObjectFacts {
  readonly externalAddresses: readonly string[];
  readonly internalAddresses: readonly string[];
  /** `aws:///eu-west-1a/i-0abc`. */
  readonly providerId: string | null;
}

export interface ServiceAccountFacts extends ObjectFacts {
  /** Null leaves the default, which is that pods get its token. */
  readonly mountsToken: boolean | null;
  /** A secret holds a token of it that does not expire, as clusters before 1.24 made for each. */
  readonly hasTokenSecret: boolean;
  /** Cloud identities that its pods may use: role ARN, e-mail of a Google service account, Azure client id. */
  readonly cloudIdentities: readonly string[];
}

export interface RoleFacts extends ObjectFacts {
  readonly rules: readonly AccessRule[];
  /** Selectors of the cluster roles whose rules are added to its own. */
  readonly aggregates: readonly Selector[];
}

/** One rule of a role: every verb on every resource of every group, or on paths of the API server. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Empty: objects of every name. */
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

export interface BindingFacts extends ObjectFacts {
  readonly role: { readonly objectKind: string; readonly name: string };
  readonly subjects: readonly ObjectFacts[];
}

/** Whom of AWS a cluster of EKS lets in by its map `aws-auth`, and as whom. */
export interface AwsLoginFacts extends ObjectFacts {
  readonly logins: readonly AwsLogin[];
}

/** One line of it. */
export interface AwsLogin {
  readonly arn: string;
  /** Empty where the line names none. */
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * The unit of coverage of an inventory: all objects of a kind in one namespace (`Ingress/shop`), or in the
 * whole cluster (`Ingress`) when `namespace` is null. Formats list these units; the estate hands them to the
 * evaluation as resources of the type `inventory-coverage`.
 */
export function kubernetesCover(objectKind: string, namespace: string | null): string {
  return namespace === null ? objectKind : `${objectKind}/${namespace}`;
}

/** Facts as the store keeps them: every shape above is plain JSON. */
export function asFacts(facts: KubernetesFacts): JsonObject {
  return facts as unknown as JsonObject;
}

export function objectFacts(facts: JsonObject): ObjectFacts {
  return {
    objectKind: asText(facts.objectKind) ?? '',
    namespace: asText(facts.namespace) ?? '',
    name: asText(facts.name) ?? '',
  };
}

export function workloadFacts(facts: JsonObject): WorkloadFacts {
  return {
    ...objectFacts(facts),
    replicas: asNumber(facts.replicas) ?? null,
    podLabels: asLabels(facts.podLabels),
    serviceAccount: asText(facts.serviceAccount) ?? 'default',
    mountsToken: asBoolean(facts.mountsToken) ?? null,
    hostNetwork: facts.hostNetwork === true,
    hostPid: facts.hostPid === true,
    hostIpc: facts.hostIpc === true,
    ...(facts.sharesProcesses === true ? { sharesProcesses: true as const } : {}),
    hostPaths: asObjects(facts.hostPaths).map((each) => ({
      path: asText(each.path) ?? '',
      writable: each.writable !== false,
    })),
    containers: asObjects(facts.containers).map((each) => ({
      name: asText(each.name) ?? '',
      image: asText(each.image) ?? '',
      privileged: each.privileged === true,
      runsAsRoot: asBoolean(each.runsAsRoot) ?? null,
      addedCapabilities: asTexts(each.addedCapabilities),
      ports: asObjects(each.ports).map((port) => ({
        name: asText(port.name) ?? '',
        port: asNumber(port.port) ?? 0,
        protocol: asText(port.protocol) ?? 'TCP',
        hostPort: asNumber(port.hostPort) ?? null,
      })),
    })),
    ...(facts.refusesStrangers === true ? { refusesStrangers: true as const } : {}),
  };
}

export function serviceFacts(facts: JsonObject): ServiceFacts {
  return {
    ...objectFacts(facts),
    serviceType: asText(facts.serviceType) ?? 'ClusterIP',
    selector: asLabels(facts.selector),
    ports: asObjects(facts.ports).map((each) => ({
      name: asText(each.name) ?? '',
      port: asNumber(each.port) ?? 0,
      protocol: asText(each.protocol) ?? 'TCP',
      targetPort: asText(each.targetPort) ?? '',
      nodePort: asNumber(each.nodePort) ?? null,
    })),
    loadBalancerClass: asText(facts.loadBalancerClass) ?? null,
    sourceRanges: asTexts(facts.sourceRanges),
    externalIps: asTexts(facts.externalIps),
    addresses: asTexts(facts.addresses),
    keepsClientAddress: facts.keepsClientAddress === true,
    externalName: asText(facts.externalName) ?? null,
    annotations: asLabels(facts.annotations),
  };
}

export function endpointsFacts(facts: JsonObject): EndpointsFacts {
  return {
    ...objectFacts(facts),
    service: asText(facts.service) ?? '',
    pods: asTexts(facts.pods),
    addresses: asTexts(facts.addresses),
  };
}

export function backendSettingsFacts(facts: JsonObject): BackendSettingsFacts {
  return {
    ...objectFacts(facts),
    asksForLogin: facts.asksForLogin === true,
    securityPolicy: asText(facts.securityPolicy) ?? null,
    service: asText(facts.service) ?? null,
  };
}

export function ingressFacts(facts: JsonObject): IngressFacts {
  return {
    ...objectFacts(facts),
    className: asText(facts.className) ?? null,
    addresses: asTexts(facts.addresses),
    rules: asObjects(facts.rules).map(asTrafficRule),
    annotations: asLabels(facts.annotations),
  };
}

export function gatewayFacts(facts: JsonObject): GatewayFacts {
  return {
    ...objectFacts(facts),
    className: asText(facts.className) ?? null,
    addresses: asTexts(facts.addresses),
    listeners: asObjects(facts.listeners).map((each) => ({
      port: asNumber(each.port) ?? 0,
      protocol: asText(each.protocol) ?? 'TCP',
      hosts: asTexts(each.hosts),
      asksForCertificate: each.asksForCertificate === true,
      routesFrom: asText(each.routesFrom) ?? 'Same',
      ...(asObject(each.routeNamespaces) === undefined
        ? {}
        : { routeNamespaces: asSelector(each.routeNamespaces) }),
    })),
    podSelector: asObject(facts.podSelector) === undefined ? null : asLabels(facts.podSelector),
    annotations: asLabels(facts.annotations),
  };
}

export function routeFacts(facts: JsonObject): RouteFacts {
  return {
    ...objectFacts(facts),
    parents: asObjects(facts.parents).map(objectFacts),
    hosts: asTexts(facts.hosts),
    rules: asObjects(facts.rules).map(asTrafficRule),
  };
}

export function referenceGrantFacts(facts: JsonObject): ReferenceGrantFacts {
  return {
    ...objectFacts(facts),
    from: asObjects(facts.from).map(objectFacts),
    services: facts.services === null ? null : asTexts(facts.services),
  };
}

function asTrafficRule(value: JsonObject): TrafficRule {
  return {
    host: asText(value.host) ?? '',
    path: asText(value.path) ?? '',
    backend: objectFacts(asObject(value.backend) ?? {}),
    port: asText(value.port) ?? '',
  };
}

export function networkPolicyFacts(facts: JsonObject): NetworkPolicyFacts {
  return {
    ...objectFacts(facts),
    podSelector: asSelector(facts.podSelector),
    isolatesIngress: facts.isolatesIngress !== false,
    ingress: asObjects(facts.ingress).map((rule) => ({
      from: asObjects(rule.from).map(asPeer),
      ports: asObjects(rule.ports).map((port) => ({
        port: asText(port.port) ?? '',
        endPort: asNumber(port.endPort) ?? null,
        protocol: asText(port.protocol) ?? 'TCP',
      })),
    })),
  };
}

export function nodeFacts(facts: JsonObject): NodeFacts {
  return {
    ...objectFacts(facts),
    externalAddresses: asTexts(facts.externalAddresses),
    internalAddresses: asTexts(facts.internalAddresses),
    providerId: asText(facts.providerId) ?? null,
  };
}

export function serviceAccountFacts(facts: JsonObject): ServiceAccountFacts {
  return {
    ...objectFacts(facts),
    mountsToken: asBoolean(facts.mountsToken) ?? null,
    hasTokenSecret: facts.hasTokenSecret === true,
    cloudIdentities: asTexts(facts.cloudIdentities),
  };
}

export function roleFacts(facts: JsonObject): RoleFacts {
  return {
    ...objectFacts(facts),
    rules: asObjects(facts.rules).map((rule) => ({
      verbs: asTexts(rule.verbs),
      // The core group is the empty text, which asTexts leaves out.
      groups: asArray(rule.groups).filter((group): group is string => typeof group === 'string'),
      resources: asTexts(rule.resources),
      names: asTexts(rule.names),
      paths: asTexts(rule.paths),
    })),
    aggregates: asObjects(facts.aggregates).map(asSelector),
  };
}

export function bindingFacts(facts: JsonObject): BindingFacts {
  return {
    ...objectFacts(facts),
    role: {
      objectKind: asText(at(facts.role, 'objectKind')) ?? '',
      name: asText(at(facts.role, 'name')) ?? '',
    },
    subjects: asObjects(facts.subjects).map(objectFacts),
  };
}

/** The members of an object that are texts. */
export function asLabels(value: unknown): Labels {
  const labels: Record<string, string> = {};
  for (const [key, text] of Object.entries(asObject(value) ?? {}))
    if (typeof text === 'string') labels[key] = text;
  return labels;
}

function asSelector(value: unknown): Selector {
  return {
    labels: asLabels(at(value, 'labels')),
    expressions: asObjects(at(value, 'expressions')).map((each) => ({
      key: asText(each.key) ?? '',
      operator: asText(each.operator) ?? '',
      values: asArray(each.values).filter((text): text is string => typeof text === 'string'),
    })),
  };
}

function asPeer(value: JsonObject): PolicyPeer {
  if (value.is === 'block')
    return { is: 'block', cidr: asText(value.cidr) ?? '', except: asTexts(value.except) };
  return {
    is: 'pods',
    namespaces: asObject(value.namespaces) === undefined ? null : asSelector(value.namespaces),
    pods: asSelector(value.pods),
  };
}

export function awsLoginFacts(facts: JsonObject): AwsLoginFacts {
  return {
    ...objectFacts(facts),
    logins: asObjects(facts.logins).map((each) => ({
      arn: asText(each.arn) ?? '',
      username: asText(each.username) ?? '',
      groups: asTexts(each.groups),
    })),
  };
}
