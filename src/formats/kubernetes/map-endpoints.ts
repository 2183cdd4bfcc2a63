import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { BackendLoginFacts, EndpointsFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import { identityFacts, type KubernetesObject, observe, typeOfKind } from './kubernetes-object.ts';

const POD_MAX = 200;
const ADDRESS_MAX = 50;

/** Who keeps endpoints that only repeat what a service selects. */
const OF_SELECTORS = new Set(['endpointslice-controller.k8s.io', 'endpoint-controller']);

/**
 * Endpoints that somebody wrote for a service without a selector. Those that the cluster makes by a selector say
 * nothing that the selector does not, and are other ones with every pod; locks of leaders lead nowhere.
 */
export function mapEndpoints(
  object: KubernetesObject,
  cluster: string | null,
): readonly ResourceObservation[] {
  const { body, labels, annotations } = object;
  const keeper =
    labels['endpointslice.kubernetes.io/managed-by'] ?? labels['endpoints.kubernetes.io/managed-by'];
  if (keeper !== undefined && OF_SELECTORS.has(keeper)) return [];
  if ('endpoints.kubernetes.io/last-change-trigger-time' in annotations) return [];
  if ('control-plane.alpha.kubernetes.io/leader' in annotations) return [];
  const isSlice = object.objectKind === 'EndpointSlice';
  const service = isSlice ? labels['kubernetes.io/service-name'] : object.name;
  if (service === undefined) return [];
  const targets = isSlice ? asObjects(body.endpoints) : asObjects(body.subsets).flatMap(addressesOfSubset);
  const facts: EndpointsFacts = {
    ...identityFacts(object),
    service,
    pods: distinct(
      targets.flatMap((each) => podOf(each) ?? []),
      POD_MAX,
    ),
    addresses: distinct(
      targets.flatMap((each) =>
        podOf(each) === undefined ? [...asTexts(each.addresses), ...asTexts(each.ip)] : [],
      ),
      ADDRESS_MAX,
    ),
  };
  return [observe(object, cluster, typeOfKind(object.objectKind), facts)];
}

function addressesOfSubset(subset: JsonObject): readonly JsonObject[] {
  return [...asObjects(subset.addresses), ...asObjects(subset.notReadyAddresses)];
}

function podOf(target: JsonObject): string | undefined {
  return at(target, 'targetRef', 'kind') === 'Pod' ? asText(at(target, 'targetRef', 'name')) : undefined;
}

function distinct(texts: readonly string[], max: number): readonly string[] {
  return [...new Set(texts)].sort().slice(0, max);
}

/** Settings of Google's load balancers for a service: of an ingress, and of a gateway. */
export function mapBackendLogin(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body } = object;
  const isPolicy = object.objectKind === 'GCPBackendPolicy';
  const target = at(body, 'spec', 'targetRef');
  const facts: BackendLoginFacts = {
    ...identityFacts(object),
    asksForLogin:
      at(body, 'spec', 'iap', 'enabled') === true || at(body, 'spec', 'default', 'iap', 'enabled') === true,
    service: isPolicy && at(target, 'kind') === 'Service' ? (asText(at(target, 'name')) ?? null) : null,
  };
  return observe(object, cluster, isPolicy ? 'gcp-backend-policy' : 'backend-config', facts);
}
