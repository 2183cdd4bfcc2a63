import {
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { Observation, RelationObservation } from '#domain/finding/observation.ts';
import {
  asLabels,
  type ContainerFacts,
  type HostPath,
  type Labels,
  type WorkloadFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import { withoutGeneratedLabels } from '#domain/resource/facts/kubernetes-selector.ts';
import type { ImageDescription } from '#domain/resource/resource-description.ts';
import { addressText, controllerOf, type ObjectAddress } from './controller.ts';
import type { FirstLook } from './first-look.ts';
import { describe, identityFacts, type KubernetesObject, observe } from './kubernetes-object.ts';
import { describerText, isRunningPod, replicasOf } from './workload-object.ts';

/**
 * A workload: described once, by the object that `first-look.ts` chose among the controller, its pods and
 * ReplicaSets, and related to the images that run. Pods know the digests; only without them the template's names count.
 */
export function mapWorkload(object: KubernetesObject, look: FirstLook): readonly Observation[] {
  const controller = controllerOf(object);
  const key = addressText(controller);
  const observations: Observation[] = [];
  if (look.describer(key) === describerText(object)) {
    const named = { ...object, ...controller, labels: tagsOf(object) };
    const type = controller.objectKind === 'Pod' ? 'pod' : 'workload';
    observations.push(observe(named, look.cluster, type, workloadFacts(object, controller)));
  }
  const isPod = isRunningPod(object);
  if (
    isPod ||
    (!look.hasPods(key) && look.describer(key) === describerText(object) && replicasOf(object) !== 0)
  ) {
    observations.push(...relations(object, controller, look.cluster, isPod));
  }
  return observations;
}

function workloadFacts(object: KubernetesObject, controller: ObjectAddress): WorkloadFacts {
  const spec = podSpec(object);
  const containers = runningContainers(spec);
  return {
    ...identityFacts(controller),
    replicas: object.objectKind === 'Pod' && controller.objectKind !== 'Pod' ? null : replicasOf(object),
    podLabels: podLabels(object),
    serviceAccount: asText(at(spec, 'serviceAccountName')) ?? asText(at(spec, 'serviceAccount')) ?? 'default',
    mountsToken: mountsToken(spec),
    hostNetwork: at(spec, 'hostNetwork') === true,
    hostPid: at(spec, 'hostPID') === true,
    hostIpc: at(spec, 'hostIPC') === true,
    ...(at(spec, 'shareProcessNamespace') === true ? { sharesProcesses: true as const } : {}),
    hostPaths: hostPaths(spec, containers),
    containers: containers.map((each) => containerFacts(each, at(spec, 'securityContext'))),
    ...(containers.some(refusesStrangers) ? { refusesStrangers: true as const } : {}),
  };
}

/** The one flag of an API server that is kept: other arguments may hold secrets. */
function refusesStrangers(container: JsonObject): boolean {
  const [program = '', ...args] = [...asTexts(container.command), ...asTexts(container.args)];
  return /(?:^|\/)kube-apiserver$/.test(program) && args.includes('--anonymous-auth=false');
}

function podSpec(object: KubernetesObject): JsonObject {
  return asObject(at(podTemplate(object), 'spec')) ?? {};
}

function podTemplate(object: KubernetesObject): JsonValue | undefined {
  if (object.objectKind === 'Pod') return object.body as JsonValue;
  if (object.objectKind === 'CronJob') return at(object.body, 'spec', 'jobTemplate', 'spec', 'template');
  return at(object.body, 'spec', 'template');
}

function podLabels(object: KubernetesObject): Labels {
  return withoutGeneratedLabels(asLabels(at(podTemplate(object), 'metadata', 'labels')));
}

function tagsOf(object: KubernetesObject): Labels {
  return { ...podLabels(object), ...withoutGeneratedLabels(object.labels) };
}

/** Init containers that are told to stay (sidecars) and the containers; the others are gone before anybody can reach the pod. */
function runningContainers(spec: JsonObject): readonly JsonObject[] {
  const sidecars = asObjects(spec.initContainers).filter((each) => each.restartPolicy === 'Always');
  return [...asObjects(spec.containers), ...sidecars];
}

/** The pod's own word, or a volume that holds the token of the API server; one with an audience is for somebody else. */
function mountsToken(spec: JsonObject): boolean | null {
  const sources = asObjects(spec.volumes).flatMap((volume) => asObjects(at(volume, 'projected', 'sources')));
  const holdsToken = sources.some(
    (source) =>
      asObject(source.serviceAccountToken) !== undefined &&
      at(source, 'serviceAccountToken', 'audience') === undefined,
  );
  return holdsToken ? true : (asBoolean(spec.automountServiceAccountToken) ?? null);
}

function hostPaths(spec: JsonObject, containers: readonly JsonObject[]): readonly HostPath[] {
  const mounts = containers.flatMap((each) => asObjects(each.volumeMounts));
  return asObjects(spec.volumes).flatMap((volume) => {
    const path = asText(at(volume, 'hostPath', 'path'));
    if (path === undefined) return [];
    const own = mounts.filter((mount) => mount.name === volume.name);
    return own.length === 0 ? [] : [{ path, writable: own.some((mount) => mount.readOnly !== true) }];
  });
}

function containerFacts(container: JsonObject, podSecurity: JsonValue | undefined): ContainerFacts {
  const security = at(container, 'securityContext');
  return {
    name: asText(container.name) ?? '',
    image: asText(container.image) ?? '',
    privileged: at(security, 'privileged') === true,
    runsAsRoot: runsAsRoot(security) ?? runsAsRoot(podSecurity) ?? null,
    addedCapabilities: asTexts(at(security, 'capabilities', 'add')),
    ports: asObjects(container.ports).map((port) => ({
      name: asText(port.name) ?? '',
      port: asNumber(port.containerPort) ?? 0,
      protocol: asText(port.protocol) ?? 'TCP',
      hostPort: asNumber(port.hostPort) ?? null,
    })),
  };
}

function runsAsRoot(security: JsonValue | undefined): boolean | undefined {
  const user = asNumber(at(security, 'runAsUser'));
  if (user !== undefined) return user === 0;
  return at(security, 'runAsNonRoot') === true ? false : undefined;
}

function relations(
  object: KubernetesObject,
  controller: ObjectAddress,
  cluster: string | null,
  isPod: boolean,
): readonly RelationObservation[] {
  const spec = podSpec(object);
  const from = describe(controller, cluster);
  const found: RelationObservation[] = [];
  const statuses = isPod ? statusesByName(object.body) : new Map<string, JsonObject>();
  for (const container of [
    ...asObjects(spec.containers),
    ...asObjects(spec.initContainers),
    ...asObjects(spec.ephemeralContainers),
  ]) {
    const image = describeImage(container, statuses.get(asText(container.name) ?? ''));
    if (image !== undefined) found.push({ kind: 'relation', relation: 'runs-image', from, to: image });
  }
  const { serviceAccount } = workloadFacts(object, controller);
  const identity = {
    group: '',
    objectKind: 'ServiceAccount',
    namespace: object.namespace,
    name: serviceAccount,
  };
  found.push({ kind: 'relation', relation: 'runs-as', from, to: describe(identity, cluster) });
  const node = isPod ? asText(at(spec, 'nodeName')) : undefined;
  if (node !== undefined) {
    found.push({
      kind: 'relation',
      relation: 'runs-on',
      from,
      to: describe({ group: '', objectKind: 'Node', namespace: '', name: node }, cluster),
    });
  }
  return found;
}

function statusesByName(body: JsonObject): Map<string, JsonObject> {
  const statuses = new Map<string, JsonObject>();
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    for (const status of asObjects(at(body, 'status', list))) statuses.set(asText(status.name) ?? '', status);
  }
  return statuses;
}

/**
 * An image as the node pulled it. `imageID` is `registry/name@sha256:…` (a registry digest) or a bare
 * `sha256:…` (the config digest); either may begin with `docker-pullable://` or `docker://`.
 */
function describeImage(container: JsonObject, status: JsonObject | undefined): ImageDescription | undefined {
  const named = asText(container.image);
  const reference =
    named === undefined || named.startsWith('sha256:') ? (asText(status?.image) ?? named) : named;
  if (reference === undefined) return undefined;
  const imageId = (asText(status?.imageID) ?? '').replace(/^docker(?:-pullable)?:\/\//, '');
  const digestAt = imageId.lastIndexOf('@sha256:');
  return {
    kind: 'image',
    reference,
    // A cluster pulls a name without registry from Docker Hub.
    inRegistry: true,
    ...(digestAt >= 0 ? { digest: imageId.slice(digestAt + 1) } : {}),
    ...(imageId.startsWith('sha256:') ? { imageId } : {}),
  };
}
