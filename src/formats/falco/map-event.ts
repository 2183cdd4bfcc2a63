import { parseInstant } from '#base/instant.ts';
import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { controllerOfPodName } from '#domain/resource/generated-name.ts';
import type {
  ImageDescription,
  KubernetesObjectDescription,
  ResourceDescription,
} from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';

/** Falco's own scale, which is that of syslog. */
const SEVERITIES: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['emergency', 'critical'],
  ['alert', 'critical'],
  ['critical', 'critical'],
  ['error', 'high'],
  ['warning', 'medium'],
  ['notice', 'low'],
  ['informational', 'info'],
  ['info', 'info'],
  ['debug', 'info'],
]);

const TECHNIQUE = /^T\d{4}(?:\.\d{3})?$/;

/** One event, or the member that it lacks. `cluster` is what a person said that the events are from. */
export function mapEvent(
  event: JsonObject,
  cluster: string | null,
): SignalObservation | { readonly lacks: 'rule' | 'time' } {
  const rule = asText(event.rule);
  if (rule === undefined) return { lacks: 'rule' };
  const fields = asObject(event.output_fields) ?? {};
  const time = parseInstant(event.time) ?? parseInstant(fields['evt.time']);
  if (time === null) return { lacks: 'time' };
  const severity = SEVERITIES.get((asText(event.priority) ?? '').slice(0, 20).toLowerCase()) ?? null;
  return {
    kind: 'signal',
    externalId: asText(event.uuid),
    tool: 'falco',
    rule,
    title: rule,
    severity,
    firstAt: time,
    lastAt: time,
    count: 1,
    resources: resourcesOf(event, fields, cluster),
    techniques: asTexts(event.tags).filter((tag) => TECHNIQUE.test(tag)),
    // Rules for information watch ordinary work, and Falco reports dropped events of its own as a rule.
    isAttack: severity !== 'info' && asText(event.source) !== 'internal',
  };
}

/** The workload; without one the image and the host of the container; for what is no container the host. */
function resourcesOf(
  event: JsonObject,
  fields: JsonObject,
  cluster: string | null,
): readonly ResourceDescription[] {
  const where = cluster ?? field(fields, 'k8s.cluster.name') ?? null;
  const workload = podWorkload(fields, where) ?? auditTarget(fields, where);
  if (workload !== undefined) return [workload];
  // Plugins read logs of other machines: Falco's own host was not attacked there.
  if (!(asText(event.source) ?? 'syscall').startsWith('syscall')) return [];
  const image = imageOf(fields);
  const host = known('hostname', event.hostname) ?? field(fields, 'evt.hostname');
  return [
    ...(image === undefined ? [] : [image]),
    ...(host === undefined ? [] : [{ kind: 'host', name: host } as const]),
  ];
}

function podWorkload(fields: JsonObject, cluster: string | null): KubernetesObjectDescription | undefined {
  const namespace = field(fields, 'k8s.ns.name') ?? field(fields, 'k8smeta.ns.name');
  const pod = field(fields, 'k8s.pod.name') ?? field(fields, 'k8smeta.pod.name');
  if (namespace === undefined || pod === undefined) return undefined;
  const deployment = field(fields, 'k8s.deployment.name') ?? field(fields, 'k8smeta.deployment.name');
  const controller =
    deployment === undefined
      ? controllerOfPodName(pod)
      : { group: 'apps', objectKind: 'Deployment', name: deployment };
  return { kind: 'kubernetes', cluster, namespace, ...controller };
}

/** Kinds that the API server's audit log names in the plural. */
const KINDS: Readonly<Record<string, { readonly group: string; readonly objectKind: string }>> = {
  pods: { group: '', objectKind: 'Pod' },
  deployments: { group: 'apps', objectKind: 'Deployment' },
  daemonsets: { group: 'apps', objectKind: 'DaemonSet' },
  statefulsets: { group: 'apps', objectKind: 'StatefulSet' },
  cronjobs: { group: 'batch', objectKind: 'CronJob' },
  services: { group: '', objectKind: 'Service' },
  serviceaccounts: { group: '', objectKind: 'ServiceAccount' },
  namespaces: { group: '', objectKind: 'Namespace' },
  roles: { group: 'rbac.authorization.k8s.io', objectKind: 'Role' },
  rolebindings: { group: 'rbac.authorization.k8s.io', objectKind: 'RoleBinding' },
  clusterroles: { group: 'rbac.authorization.k8s.io', objectKind: 'ClusterRole' },
  clusterrolebindings: { group: 'rbac.authorization.k8s.io', objectKind: 'ClusterRoleBinding' },
};

function auditTarget(fields: JsonObject, cluster: string | null): KubernetesObjectDescription | undefined {
  const plural = field(fields, 'ka.target.resource') ?? '';
  const name = field(fields, 'ka.target.name');
  const kind = Object.hasOwn(KINDS, plural) ? KINDS[plural] : undefined;
  if (kind === undefined || name === undefined) return undefined;
  const object = kind.objectKind === 'Pod' ? controllerOfPodName(name) : { ...kind, name };
  return { kind: 'kubernetes', cluster, namespace: field(fields, 'ka.target.namespace') ?? '', ...object };
}

function imageOf(fields: JsonObject): ImageDescription | undefined {
  const repository = field(fields, 'container.image.repository');
  const tag = field(fields, 'container.image.tag');
  const digest = field(fields, 'container.image.digest');
  const reference =
    repository === undefined
      ? field(fields, 'container.image')
      : tag === undefined
        ? repository
        : `${repository}:${tag}`;
  if (reference === undefined) return undefined;
  return { kind: 'image', reference, ...(digest?.startsWith('sha256:') === true ? { digest } : {}) };
}

function field(fields: JsonObject, name: string): string | undefined {
  return Object.hasOwn(fields, name) ? known(name, fields[name]) : undefined;
}

/** Falco prints `<NA>` for what it does not know, and a field that it could not fill in as its own name. */
function known(name: string, value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined || text === name || text === '<NA>' || text === 'null' || text === 'incomplete'
    ? undefined
    : text;
}
