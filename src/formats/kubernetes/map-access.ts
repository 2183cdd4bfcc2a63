import { asArray, asBoolean, asObjects, asText, asTexts, at } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type {
  BindingFacts,
  RoleFacts,
  ServiceAccountFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import { identityFacts, type KubernetesObject, observe, picked } from './kubernetes-object.ts';
import { readSelector } from './read-selector.ts';

/** Annotations by which the clouds give a service account an identity of their own. */
const CLOUD_IDENTITIES = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
];

export function mapServiceAccount(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: ServiceAccountFacts = {
    ...identityFacts(object),
    mountsToken: asBoolean(object.body.automountServiceAccountToken) ?? null,
    hasTokenSecret: asObjects(object.body.secrets).some(
      (secret) => asText(secret.name)?.includes('-token-') === true,
    ),
    cloudIdentities: Object.values(picked(object.annotations, CLOUD_IDENTITIES)),
  };
  return observe(object, cluster, 'service-account', facts);
}

export function mapRole(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: RoleFacts = {
    ...identityFacts(object),
    rules: asObjects(object.body.rules).map((rule) => ({
      verbs: asTexts(rule.verbs),
      // The core group is the empty text.
      groups: asArray(rule.apiGroups).filter((group): group is string => typeof group === 'string'),
      resources: asTexts(rule.resources),
      names: asTexts(rule.resourceNames),
      paths: asTexts(rule.nonResourceURLs),
    })),
    aggregates: asObjects(at(object.body, 'aggregationRule', 'clusterRoleSelectors')).map(readSelector),
  };
  return observe(object, cluster, object.objectKind === 'Role' ? 'role' : 'cluster-role', facts);
}

export function mapBinding(object: KubernetesObject, cluster: string | null): ResourceObservation {
  const facts: BindingFacts = {
    ...identityFacts(object),
    role: {
      objectKind: asText(at(object.body, 'roleRef', 'kind')) ?? '',
      name: asText(at(object.body, 'roleRef', 'name')) ?? '',
    },
    subjects: asObjects(object.body.subjects).map((subject) => ({
      objectKind: asText(subject.kind) ?? '',
      namespace: asText(subject.namespace) ?? '',
      name: asText(subject.name) ?? '',
    })),
  };
  return observe(
    object,
    cluster,
    object.objectKind === 'RoleBinding' ? 'role-binding' : 'cluster-role-binding',
    facts,
  );
}
