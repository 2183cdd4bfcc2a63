import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { BackendSettingsFacts, EndpointsFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import { identityFacts, type KubernetesObject, observe, typeOfKind } from './kubernetes-object.ts';

const POD_MAX = 200;
const ADDRESS_MAX = 50;

/** Who keeps endpoints of what a service selects. */
const OF_SELECTORS = new Set(['endpointslice-controller.k8s.io', 'endpoint-controller']);

/**
 * What a service leads to: the slices of it, by whoever they are kept, and older endpoints that somebody wrote. Older ones that
 * the cluster makes repeat the slices; locks of leaders lead nowhere. In slices of a selector the pods have their
 * names without what is another one with every pod.
 */
export function mapEndpoints(
  object: KubernetesObject,
  cluster: string | null,
): readonly ResourceObservation[] {
  const { body, labels, annotations } = object;
  const keeper =
    labels['endpointslice.kubernetes.io/managed-by'] ?? labels['endpoints.kubernetes.io/managed-by'];
  const isSlice = object.objectKind === 'EndpointSlice';
  const isSelected = keeper !== undefined && OF_SELECTORS.has(keeper);
  if (isSelected && !isSlice) return [];
  if ('endpoints.kubernetes.io/last-change-trigger-time' in annotations) return [];
  if ('control-plane.alpha.kubernetes.io/leader' in annotations) return [];
  const service = isSlice ? labels['kubernetes.io/service-name'] : object.name;
  if (service === undefined) return [];
  const targets = isSlice ? asObjects(body.endpoints) : asObjects(body.subsets).flatMap(addressesOfSubset);
  const facts: EndpointsFacts = {
    ...identityFacts(object),
    service,
    pods: distinct(
      targets.flatMap((each) => podOf(each) ?? []).map((pod) => (isSelected ? lastingName(pod) : pod)),
      POD_MAX,
    ),
    addresses: distinct(
      targets.flatMap((each) =>
        podOf(each) === undefined && !isSelected ? [...asTexts(each.addresses), ...asTexts(each.ip)] : [],
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

/** What Kubernetes draws the random part of a name from, and the hashes of templates. */
const DRAWN = /^[bcdfghjklmnpqrstvwxz2456789]+$/;

/** A pod's name with the same letters for what its controller draws anew: `web-7d5f9c4b6-x2x4z` is `web-xxxxxxxxx-xxxxx`. */
function lastingName(pod: string): string {
  const parts = pod.split('-');
  const drawn = parts.at(-1) ?? '';
  if (parts.length < 2 || drawn.length !== 5 || !DRAWN.test(drawn)) return pod;
  const owner = parts.at(-2) ?? '';
  const isHash = parts.length > 2 && owner.length >= 8 && owner.length <= 10 && DRAWN.test(owner);
  const isTime = parts.length > 2 && /^\d{8,10}$/.test(owner);
  const kept = isHash || isTime ? parts.slice(0, -2) : parts.slice(0, -1);
  return [...kept, ...(isTime ? ['0'] : isHash ? ['xxxxxxxxx'] : []), 'xxxxx'].join('-');
}

function distinct(texts: readonly string[], max: number): readonly string[] {
  return [...new Set(texts)].sort().slice(0, max);
}

/** Settings of Google's load balancers for a service: of an ingress, and of a gateway. */
export function mapBackendSettings(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const { body } = object;
  const isPolicy = object.objectKind === 'GCPBackendPolicy';
  const target = at(body, 'spec', 'targetRef');
  const facts: BackendSettingsFacts = {
    ...identityFacts(object),
    asksForLogin:
      at(body, 'spec', 'iap', 'enabled') === true || at(body, 'spec', 'default', 'iap', 'enabled') === true,
    securityPolicy:
      asText(at(body, 'spec', 'securityPolicy', 'name')) ??
      asText(at(body, 'spec', 'default', 'securityPolicy')) ??
      null,
    service: isPolicy && at(target, 'kind') === 'Service' ? (asText(at(target, 'name')) ?? null) : null,
  };
  return observe(object, cluster, isPolicy ? 'gcp-backend-policy' : 'backend-config', facts);
}
