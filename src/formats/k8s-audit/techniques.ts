import { asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { Severity } from '#domain/severity/severity.ts';

/** A request to the API server, as far as it is looked at. */
export interface AuditRequest {
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly uri: string;
  /** The object that was sent; empty where the policy of the log leaves it out. */
  readonly body: JsonObject;
}

interface Technique {
  readonly rule: string;
  readonly title: string;
  /** Of MITRE ATT&CK. */
  readonly attack: string;
  readonly severity: Severity;
  matches(request: AuditRequest): boolean;
}

/** What attackers do in clusters; the names are those of Stratus Red Team where it has the technique. */
export const TECHNIQUES: readonly Technique[] = [
  {
    rule: 'anonymous-access',
    title: 'The API server let somebody in who gave no name',
    attack: 'T1190',
    severity: 'high',
    matches: ({ user, uri }) =>
      user === 'system:anonymous' && !/^\/(?:healthz|livez|readyz|version|\.well-known|openid)/.test(uri),
  },
  {
    rule: 'k8s.credential-access.dump-secrets',
    title: 'All secrets of the cluster were listed',
    attack: 'T1552.007',
    severity: 'high',
    matches: ({ verb, resource, namespace, name }) =>
      verb === 'list' && resource === 'secrets' && namespace === '' && name === '',
  },
  {
    rule: 'k8s.credential-access.steal-serviceaccount-token',
    title: "The token of a pod's service account was read with a command in it",
    attack: 'T1552.007',
    severity: 'high',
    matches: (request) => isExec(request) && /serviceaccount(?:%2F|\/)token/i.test(request.uri),
  },
  {
    rule: 'k8s.execution.exec-into-pod',
    title: 'A command was run in a pod',
    attack: 'T1609',
    severity: 'medium',
    matches: isExec,
  },
  {
    rule: 'k8s.persistence.create-admin-clusterrole',
    title: 'A role that may do everything was made',
    attack: 'T1098',
    severity: 'high',
    matches: ({ verb, resource, body }) =>
      verb === 'create' &&
      resource === 'clusterroles' &&
      asObjects(body.rules).some(
        (rule) => asTexts(rule.verbs).includes('*') && asTexts(rule.resources).includes('*'),
      ),
  },
  {
    rule: 'k8s.persistence.bind-cluster-admin',
    title: 'Somebody was made administrator of the cluster',
    attack: 'T1098',
    severity: 'high',
    matches: ({ verb, resource, body }) =>
      verb === 'create' &&
      resource === 'clusterrolebindings' &&
      asText(at(body, 'roleRef', 'name')) === 'cluster-admin',
  },
  {
    rule: 'k8s.privilege-escalation.hostpath-volume',
    title: "A pod that mounts its node's whole file system was started",
    attack: 'T1611',
    severity: 'high',
    matches: (request) =>
      isNewPod(request) &&
      asObjects(at(request.body, 'spec', 'volumes')).some((volume) => at(volume, 'hostPath', 'path') === '/'),
  },
  {
    rule: 'k8s.privilege-escalation.nodes-proxy',
    title: 'A node was reached through the proxy of the API server',
    attack: 'T1552.007',
    severity: 'high',
    matches: ({ resource, subresource }) => resource === 'nodes' && subresource === 'proxy',
  },
  {
    rule: 'k8s.privilege-escalation.privileged-pod',
    title: 'A privileged pod was started by hand',
    attack: 'T1611',
    severity: 'high',
    matches: (request) =>
      isNewPod(request) &&
      [
        ...asObjects(at(request.body, 'spec', 'containers')),
        ...asObjects(at(request.body, 'spec', 'initContainers')),
      ].some((container) => at(container, 'securityContext', 'privileged') === true),
  },
];

function isExec({ resource, subresource }: AuditRequest): boolean {
  return resource === 'pods' && (subresource === 'exec' || subresource === 'attach');
}

function isNewPod({ verb, resource, subresource }: AuditRequest): boolean {
  return verb === 'create' && resource === 'pods' && subresource === '';
}
