import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { controllerOfPodName } from '#domain/resource/generated-name.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { type AuditRequest, TECHNIQUES } from './techniques.ts';

/** What a request gives away: signals by the table, or nothing; a sentence where it lacks what it needs. */
export function mapEvent(event: JsonObject, cluster: string | null): EntryReading {
  const verb = asText(event.verb);
  if (verb === undefined) return 'a text in verb was expected';
  const time = parseInstant(event.stageTimestamp) ?? parseInstant(event.requestReceivedTimestamp);
  if (time === null) return 'a time in stageTimestamp or requestReceivedTimestamp was expected';
  // Each request is logged once for every stage.
  const stage = asText(event.stage);
  if (stage !== undefined && stage !== 'ResponseComplete' && stage !== 'ResponseStarted') return [];
  const id = asText(event.auditID);
  const request = requestOf(event, verb);
  const code = asNumber(at(event, 'responseStatus', 'code')) ?? 0;
  if (code >= 400 || isOfTheSystem(request)) return [];
  return TECHNIQUES.filter((technique) => technique.matches(request)).map(
    (technique): SignalObservation => ({
      kind: 'signal',
      externalId: id === undefined ? undefined : `${id} ${technique.rule}`,
      tool: 'k8s-audit',
      rule: technique.rule,
      title: technique.title,
      severity: technique.severity,
      firstAt: time,
      lastAt: time,
      count: 1,
      resources: targetOf(event, request, cluster),
      watches: 'resources',
      techniques: [technique.attack],
      sourceAddress: asTexts(event.sourceIPs)[0],
      isAttack: true,
    }),
  );
}

function requestOf(event: JsonObject, verb: string): AuditRequest {
  const object = asObject(event.objectRef) ?? {};
  const actor = asObject(event.impersonatedUser) ?? asObject(event.user);
  return {
    verb,
    resource: asText(object.resource) ?? '',
    subresource: asText(object.subresource) ?? '',
    namespace: asText(object.namespace) ?? '',
    name: asText(object.name) ?? '',
    user: asText(actor?.username) ?? '',
    groups: asTexts(actor?.groups),
    uri: (asText(event.requestURI) ?? '').slice(0, 4_000),
    body: asObject(event.requestObject) ?? {},
  };
}

/** Parts of Kubernetes itself do such things all day. */
function isOfTheSystem({ user }: AuditRequest): boolean {
  return (
    /^system:(?:node:|kube-|apiserver$)/.test(user) || user.startsWith('system:serviceaccount:kube-system:')
  );
}

const KINDS: ReadonlyMap<string, Pick<KubernetesObjectDescription, 'group' | 'objectKind'>> = new Map([
  ['pods', { group: '', objectKind: 'Pod' }],
  ['nodes', { group: '', objectKind: 'Node' }],
  ['secrets', { group: '', objectKind: 'Secret' }],
  ['serviceaccounts', { group: '', objectKind: 'ServiceAccount' }],
  ['clusterroles', { group: 'rbac.authorization.k8s.io', objectKind: 'ClusterRole' }],
  ['clusterrolebindings', { group: 'rbac.authorization.k8s.io', objectKind: 'ClusterRoleBinding' }],
]);

/** The object of the request; of a pod what made it. A request to no one object is about the cluster. */
function targetOf(
  event: JsonObject,
  request: AuditRequest,
  cluster: string | null,
): SignalObservation['resources'] {
  const kind = KINDS.get(request.resource);
  const name = request.name || asText(at(event, 'requestObject', 'metadata', 'name')) || '';
  if (kind === undefined || name === '') return [{ kind: 'cluster', cluster }];
  const object = kind.objectKind === 'Pod' ? controllerOfPodName(name) : { ...kind, name };
  return [{ kind: 'kubernetes', cluster, namespace: request.namespace, ...object }];
}
